/**
 * What is at risk, in USDT: the value of a position, plus what working entries would still add.
 * Orders that reduce take risk away and count for nothing.
 */
import { type Instrument, notionalUsdtOf } from "../domain/instrument.ts";
import type { Order } from "../domain/order.ts";
import { assert } from "../kernel/assert.ts";

/** What is held and worked in one symbol, and the price in (fractional) ticks to value it at. */
interface Holding {
  readonly instrument: Instrument;
  readonly steps: number;
  readonly orders: readonly Pick<Order, "intent" | "filledSteps">[];
  readonly priceTicks: number;
}

/** Exposure of one symbol in USDT: never negative, whichever way the position faces. */
export function exposureUsdtOf({ instrument, steps, orders, priceTicks }: Holding): number {
  assert(priceTicks >= 0, "a price to value at is known or 0");
  const ticks = Math.round(priceTicks);
  let exposureUsdt = notionalUsdtOf(instrument, ticks, Math.abs(steps));
  for (const { intent, filledSteps } of orders) {
    if (intent.purpose !== "entry") continue;
    const leftSteps = Math.max(0, intent.qtySteps - filledSteps);
    exposureUsdt += notionalUsdtOf(instrument, intent.priceTicks ?? ticks, leftSteps);
  }
  assert(exposureUsdt >= 0, "exposure is not negative");
  return exposureUsdt;
}
