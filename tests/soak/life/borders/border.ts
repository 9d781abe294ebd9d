/** What crosses a border in a life: it may let time pass, and kill and start processes. */
import type { Prng } from "../../../../src/kernel/prng.ts";
import type { LifeDesk } from "../life-desk.ts";

export type Border = (desk: LifeDesk, prng: Prng) => Promise<void> | void;
