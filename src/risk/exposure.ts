/**
 * What is at risk, in USDT: the value of a position, plus what working entries would still add.
 * Orders that reduce take risk away and count for nothing.
 *
 * A position is in doubt twice: while the venue reports another size than our executions made, and
 * while an order is reported as filled whose execution has not come. Then the larger size counts,
 * ours with all that is reported as filled or the venue's, so that no other order uses a gap that
 * is only one of news.
 */
import type { Amendment } from "../domain/amendment.ts";
import { type Instrument, notionalUsdtOf } from "../domain/instrument.ts";
import type { Order } from "../domain/order.ts";
import { assert } from "../kernel/assert.ts";

/** An order, and the terms that may hold instead of its own. */
type WorkedOrder = Pick<Order, "intent" | "filledSteps"> & {
  readonly amendment: Pick<Amendment, "priceTicks"> | null;
};

/** What is held and worked in one symbol, and the price in (fractional) ticks to value it at. */
export interface Holding {
  readonly instrument: Instrument;
  /** Ours, signed. */
  readonly steps: number;
  /** The venue's, signed, where it differs from ours; else ours. */
  readonly venueSteps: number;
  /** Steps of entries that are reported as filled and whose executions have not come. */
  readonly awaitedSteps: number;
  readonly orders: readonly WorkedOrder[];
  readonly priceTicks: number;
}

/** Exposure of one symbol in USDT: never negative, whichever way the position faces. */
export function exposureUsdtOf(holding: Holding): number {
  const { instrument, steps, venueSteps, awaitedSteps, orders, priceTicks } = holding;
  assert(priceTicks >= 0, "a price to value at is known or 0");
  assert(awaitedSteps >= 0, "what is awaited adds");
  const ticks = Math.round(priceTicks);
  const heldSteps = Math.max(Math.abs(steps) + awaitedSteps, Math.abs(venueSteps));
  let exposureUsdt = notionalUsdtOf(instrument, ticks, heldSteps);
  for (const { intent, filledSteps, amendment } of orders) {
    if (intent.purpose !== "entry") continue;
    const leftSteps = Math.max(0, intent.qtySteps - filledSteps);
    const dearerTicks = Math.max(intent.priceTicks ?? ticks, amendment?.priceTicks ?? 0);
    exposureUsdt += notionalUsdtOf(instrument, dearerTicks, leftSteps);
  }
  assert(exposureUsdt >= 0, "exposure is not negative");
  return exposureUsdt;
}
