/** Every kind of border, by the name that `--borders` takes. */
import type { Border } from "./border.ts";
import { kill } from "./kill.ts";
import { wire } from "./wire.ts";

export const BORDERS = { kill, wire } as const satisfies Readonly<Record<string, Border>>;

export type BorderName = keyof typeof BORDERS;
