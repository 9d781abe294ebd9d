/** The market agents' way in: a slot of the pool is all that an order of the house ever is. */
import type { HouseOrder } from "./api.ts";
import { type ExchangeState, opposite, type SymbolState } from "./exchange-state.ts";
import { runSweep } from "./match.ts";
import { HOUSE } from "./pool.ts";
import { ticksOnLot } from "./tick-lots.ts";

/** Matches and rests a house order; returns the resting handle, 0 when nothing rests. */
export function placeHouse(state: ExchangeState, symbol: SymbolState, order: HouseOrder): number {
  const { side, timeInForce } = order;
  const { status, minPriceTicks, maxPriceTicks, tickLot, stepLot } = symbol.instrument;
  const priceTicks = ticksOnLot(side, order.priceTicks, tickLot);
  const qtySteps = Math.ceil(order.qtySteps / stepLot) * stepLot;
  const trades = status === "Trading" || status === "Delivering";
  if (!trades || !(qtySteps > 0) || priceTicks < minPriceTicks || priceTicks > maxPriceTicks) {
    return 0;
  }
  const book = symbol.book;
  if (timeInForce === "PostOnly") {
    const best = book.bestTicks(opposite(side));
    const crosses = best !== 0 && (side === "Buy" ? best <= priceTicks : best >= priceTicks);
    return crosses ? 0 : restHouse(state, symbol, { side, priceTicks }, qtySteps);
  }
  if (timeInForce === "FOK" && book.reachable(opposite(side), priceTicks, qtySteps) < qtySteps) {
    return 0;
  }
  const sweep = { side, limitTicks: priceTicks, leftSteps: qtySteps, taker: null, stoppedBy: "" };
  runSweep(state, symbol, sweep);
  if (sweep.leftSteps === 0 || timeInForce !== "GTC") return 0;
  return restHouse(state, symbol, { side, priceTicks }, sweep.leftSteps);
}

function restHouse(
  state: ExchangeState,
  symbol: SymbolState,
  order: Pick<HouseOrder, "side" | "priceTicks">,
  leftSteps: number,
): number {
  return state.pool.handleOf(symbol.book.add(order.side, order.priceTicks, leftSteps, HOUSE));
}

export function cancelHouse(state: ExchangeState, symbol: SymbolState, handle: number): boolean {
  const slot = state.pool.houseSlotOf(handle);
  if (slot === 0) return false;
  symbol.book.remove(slot);
  return true;
}
