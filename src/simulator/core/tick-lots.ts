/**
 * A contract's tick or step changes while it trades, as the venue announces it: orders placed
 * before keep their original price and quantity and are shown on the new tick; new ones lie on it.
 * The agents' orders are placed anew.
 */
import { assert } from "../../kernel/assert.ts";
import type { SimLevels, SimSide } from "./api.ts";
import type { ExchangeState, SymbolState } from "./exchange-state.ts";
import { HOUSE } from "./pool.ts";

/** Both lots in units of the contract's own grids. */
export function changeGrid(
  state: ExchangeState,
  symbol: SymbolState,
  lots: { readonly tickLot: number; readonly stepLot: number },
): void {
  assert(Number.isSafeInteger(lots.tickLot) && lots.tickLot >= 1, "a tick is whole units");
  assert(Number.isSafeInteger(lots.stepLot) && lots.stepLot >= 1, "a step is whole units");
  symbol.instrument.tickLot = lots.tickLot;
  symbol.instrument.stepLot = lots.stepLot;
  for (const slot of [...symbol.book.slots("Buy"), ...symbol.book.slots("Sell")]) {
    if (state.pool.owner[slot] === HOUSE) symbol.book.remove(slot);
  }
}

/** A price of the agents on the tick, no better for the other side. */
export function ticksOnLot(side: SimSide, priceTicks: number, lot: number): number {
  return (side === "Buy" ? Math.floor(priceTicks / lot) : Math.ceil(priceTicks / lot)) * lot;
}

/** Levels as they are shown: at the tick that is no better than their own, added up. */
export function levelsOnLot(side: SimSide, levels: SimLevels, lot: number): SimLevels {
  if (lot === 1) return levels;
  const shown: SimLevels = [];
  for (let at = 0; at < levels.length; at += 2) {
    const price = ticksOnLot(side, levels[at] ?? 0, lot);
    const steps = levels[at + 1] ?? 0;
    if (shown.at(-2) === price) shown[shown.length - 1] = (shown.at(-1) ?? 0) + steps;
    else shown.push(price, steps);
  }
  return shown;
}
