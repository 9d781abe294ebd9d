/** Every kind of border, by the name that `--borders` takes. Midnight comes in every long life. */
import { keysOf } from "../../../../src/kernel/keys.ts";
import { ban } from "./ban.ts";
import type { Border } from "./border.ts";
import { clock } from "./clock.ts";
import { grid } from "./grid.ts";
import { kill } from "./kill.ts";
import { paper } from "./paper.ts";
import { row } from "./row.ts";
import { second } from "./second.ts";
import { stranger } from "./stranger.ts";
import { wire } from "./wire.ts";

export const BORDERS = {
  kill,
  wire,
  row,
  grid,
  clock,
  ban,
  stranger,
  second,
  paper,
} as const satisfies Readonly<Record<string, Border>>;

export type BorderName = keyof typeof BORDERS;

/** All of them are crossed when none are named. */
export const BORDERS_DEFAULT = keysOf(BORDERS);
