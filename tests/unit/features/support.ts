import type { PublicTrade } from "../../../src/domain/event.ts";
import { asExecId, type PriceTicks, type QtySteps, type Side } from "../../../src/domain/units.ts";

/** One frame of trades as [side, steps]. */
export function tradesOf(...list: readonly (readonly [Side, number])[]): PublicTrade[] {
  return list.map(([side, qty], index) => ({
    execId: asExecId(String(index)),
    side,
    priceTicks: 1000 as PriceTicks,
    qtySteps: qty as QtySteps,
    venueAtMs: 0,
  }));
}
