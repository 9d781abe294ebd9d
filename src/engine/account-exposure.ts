/** Gathers what risk needs to value the account's exposure: positions, working orders, prices. */
import type { SymbolId } from "../domain/units.ts";
import { entryTicksOf } from "../portfolio/position.ts";
import { exposureUsdtOf } from "../risk/exposure.ts";
import type { AccountPart, MarketPart, PositionsPart } from "./state-parts.ts";

/** Exposure of one symbol in USDT at its newest price. */
export function exposureOf(state: MarketPart & AccountPart, id: SymbolId): number {
  return exposureUsdtOf({
    instrument: state.market.instrument(id),
    steps: state.ledger.stepsOf(id),
    orders: state.orders.live(id),
    priceTicks: priceNow(state, id),
  });
}

/** Exposure of every symbol with a position or live orders, in USDT. */
export function totalExposureOf(state: MarketPart & AccountPart): number {
  let exposureUsdt = 0;
  for (const id of state.orders.liveSymbols()) exposureUsdt += exposureOf(state, id);
  for (const { symbolId, steps } of state.ledger.positions.values()) {
    if (steps === 0 || state.orders.live(symbolId).length > 0) continue;
    exposureUsdt += exposureOf(state, symbolId);
  }
  return exposureUsdt;
}

/** The newest price of a symbol in ticks: the mid, else the last trade, else the entry price. */
function priceNow(state: MarketPart & PositionsPart, id: SymbolId): number {
  const midTicks = state.features.at("midTicks", id);
  if (midTicks > 0) return midTicks;
  const { lastTicks } = state.market.ticker(id);
  if (lastTicks > 0) return lastTicks;
  const position = state.ledger.positions.get(id);
  return position === undefined || position.steps === 0
    ? 0
    : entryTicksOf(position, state.market.instrument(id));
}
