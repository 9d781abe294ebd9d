/** Targets on the grid that the venue takes: see `domain/recount.ts` for when that is not ours. */
import type { Instrument } from "../domain/instrument.ts";
import type { OrderTarget } from "../domain/order.ts";
import { ticksOnLot } from "../domain/recount.ts";
import { wholeSteps } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

/**
 * The target at a price no better for the other side and with a stop no nearer, in whole lots: an
 * entry of no more than was wanted, an exit of all, as the venue trims it to the position. Nothing
 * is left (0 steps) of an entry below one lot.
 */
export function onLots(target: OrderTarget, instrument: Instrument): OrderTarget {
  const { priceLotTicks, qtyLotSteps } = instrument;
  if (priceLotTicks === 1 && qtyLotSteps === 1) return target;
  const { side, priceTicks, stopLossTicks, qtySteps, reduceOnly } = target;
  assert(qtySteps > 0, "a target wants some quantity");
  const lots = (reduceOnly ? Math.ceil : Math.floor)(qtySteps / qtyLotSteps);
  return {
    ...target,
    priceTicks: priceTicks === null ? null : ticksOnLot(instrument, side, priceTicks),
    stopLossTicks: stopLossTicks === null ? null : ticksOnLot(instrument, side, stopLossTicks),
    qtySteps: wholeSteps(lots * qtyLotSteps),
  };
}
