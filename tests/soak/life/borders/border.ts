/** What crosses a border in a life: it may let time pass, and kill and start processes. */
import type { Prng } from "../../../../src/kernel/prng.ts";
import type { Life } from "../account-life.ts";

export type Border = (life: Life, prng: Prng) => Promise<void> | void;
