/** How many steps an entry has: its value in USDT, but what the venue takes. */
import type { Instrument } from "../domain/instrument.ts";
import { type QtySteps, wholeSteps } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import { fixedToNumber } from "../kernel/fixed.ts";

/** Room above the venue's smallest order value, so that a price move does not make it too small. */
const NOTIONAL_MARGIN = 1.05;

/** Value in USDT of one step at that price. */
export function stepUsdtOf({ price, qty }: Instrument, priceTicks: number): number {
  return toNumber(price, priceTicks) * toNumber(qty, 1);
}

/** Steps worth `notionalUsdt` at `stepUsdt` a step: not below the venue's least, nor its most. */
export function stepsWorth(
  notionalUsdt: number,
  stepUsdt: number,
  instrument: Instrument,
): QtySteps {
  assert(stepUsdt > 0, "a step is worth something");
  assert(notionalUsdt > 0, "an entry is worth something");
  const least = (fixedToNumber(instrument.notionalMin) * NOTIONAL_MARGIN) / stepUsdt;
  const wanted = Math.floor(notionalUsdt / stepUsdt);
  const steps = Math.max(wanted, Math.ceil(least), instrument.qtyStepsMin);
  return wholeSteps(Math.min(steps, instrument.limitQtyStepsMax));
}
