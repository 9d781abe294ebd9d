/**
 * How coarse the price grid is: one tick as a share of the spread. Where the spread is one or two
 * ticks, queues are long and place in them is everything; where it is many, one competes by price
 * (Gould and Bonart, arXiv 1512.03492, find the two behave differently).
 */
import { type Bands, bandOf } from "./hysteresis.ts";

export const TICK_SIZES = ["fine", "medium", "coarse"] as const;
export type TickSize = (typeof TICK_SIZES)[number];

export const TICK_BANDS: Bands<TickSize> = {
  values: TICK_SIZES,
  from: [0.1, 0.5],
  slackShare: 0.2,
};

export const tickSizeOf = (tickOfSpread: number, before: TickSize | null): TickSize =>
  bandOf(TICK_BANDS, tickOfSpread, before);
