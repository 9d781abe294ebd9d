/** Gathers what risk needs to value the account's exposure: positions, working orders, prices. */
import { notionalUsdtOf } from "../domain/instrument.ts";
import type { SymbolId } from "../domain/units.ts";
import type { OrderRow } from "../orders/table.ts";
import { entryTicksOf } from "../portfolio/position.ts";
import { exposureUsdtOf, type Holding } from "../risk/exposure.ts";
import type { AccountPart, MarketPart, PositionsPart } from "./state-parts.ts";

/**
 * Exposure of one symbol in USDT at its newest price, orders of others included; the larger size
 * while it is in doubt.
 */
export function exposureOf(state: MarketPart & AccountPart, id: SymbolId): number {
  return exposureUsdtOf(holdingOf(state, id)) + strangersUsdtOf(state, id);
}

/** What orders of others would add to a symbol, in USDT. */
function strangersUsdtOf({ strangers }: AccountPart, id: SymbolId): number {
  let sumUsdt = 0;
  for (const { symbolId, usdt } of strangers.values()) if (symbolId === id) sumUsdt += usdt;
  return sumUsdt;
}

function holdingOf(state: MarketPart & AccountPart, id: SymbolId): Holding {
  const steps = state.ledger.stepsOf(id);
  return {
    instrument: state.market.instrument(id),
    steps,
    venueSteps: state.mismatches.get(id)?.venueSteps ?? steps,
    awaitedSteps: state.orders.awaitedEntrySteps(id),
    orders: state.orders.live(id),
    priceTicks: priceNow(state, id),
  };
}

/** Exposure of every symbol with a position, a size in doubt or orders, in USDT. */
export function totalExposureOf(state: MarketPart & AccountPart): number {
  let exposureUsdt = 0;
  for (const id of exposedSymbols(state)) exposureUsdt += exposureOf(state, id);
  return exposureUsdt;
}

/** Where something is held, worked by whomever, reported as filled, or in doubt; each once. */
export function exposedSymbols(state: AccountPart): ReadonlySet<SymbolId> {
  const ids = new Set<SymbolId>([
    ...state.orders.liveSymbols(),
    ...state.orders.awaitingBefore(Number.POSITIVE_INFINITY),
    ...state.mismatches.keys(),
  ]);
  for (const { symbolId } of state.strangers.values()) ids.add(symbolId);
  for (const { symbolId, steps } of state.ledger.positions.values()) {
    if (steps !== 0) ids.add(symbolId);
  }
  return ids;
}

/** Value of what is held of a symbol, or may be while news is outstanding, in USDT. */
export function heldUsdtOf(state: MarketPart & AccountPart, id: SymbolId): number {
  return exposureUsdtOf({ ...holdingOf(state, id), orders: [] });
}

/** Value of what an order may still fill, at its price or the newest, in USDT. */
export function notionalOfOrder(state: MarketPart & AccountPart, row: OrderRow): number {
  const { symbolId, priceTicks, qtySteps } = row.intent;
  const own = priceTicks ?? Math.round(priceNow(state, symbolId));
  const ticks = Math.max(own, row.amendment?.priceTicks ?? 0);
  const leftSteps = Math.max(0, qtySteps - row.filledSteps);
  return notionalUsdtOf(state.market.instrument(symbolId), ticks, leftSteps);
}

/** The newest price of a symbol in ticks: the mid, else the last trade, else the entry price. */
export function priceNow(state: MarketPart & PositionsPart, id: SymbolId): number {
  const midTicks = state.features.at("midTicks", id);
  if (midTicks > 0) return midTicks;
  const { lastTicks } = state.market.ticker(id);
  if (lastTicks > 0) return lastTicks;
  const position = state.ledger.positions.get(id);
  return position === undefined || position.steps === 0
    ? 0
    : entryTicksOf(position, state.market.instrument(id));
}
