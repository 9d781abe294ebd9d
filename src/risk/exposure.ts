/**
 * What is at risk, in USDT: the value of a position, plus what working entries would still add.
 * Orders that reduce take risk away and count for nothing.
 */
import { type Instrument, notionalOf } from "../domain/instrument.ts";
import type { Order } from "../domain/order.ts";
import { wholeSteps, wholeTicks } from "../domain/units.ts";
import { fixedToNumber } from "../kernel/fixed.ts";

/** What is held and worked in one symbol, and the price in (fractional) ticks to value it at. */
interface Holding {
  readonly instrument: Instrument;
  readonly steps: number;
  readonly orders: readonly Pick<Order, "intent" | "filledSteps">[];
  readonly priceTicks: number;
}

/** Exposure of one symbol in USDT: never negative, whichever way the position faces. */
export function exposureUsdtOf({ instrument, steps, orders, priceTicks }: Holding): number {
  let exposureUsdt = valueUsdtOf(instrument, priceTicks, Math.abs(steps));
  for (const { intent, filledSteps } of orders) {
    if (intent.purpose !== "entry") continue;
    const leftSteps = Math.max(0, intent.qtySteps - filledSteps);
    exposureUsdt += valueUsdtOf(instrument, intent.priceTicks ?? priceTicks, leftSteps);
  }
  return exposureUsdt;
}

function valueUsdtOf(instrument: Instrument, priceTicks: number, steps: number): number {
  const ticks = wholeTicks(Math.round(priceTicks));
  return fixedToNumber(notionalOf(instrument, ticks, wholeSteps(steps)));
}
