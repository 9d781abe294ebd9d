/**
 * Conditional orders meet a price: last price by what traded, mark and index by
 * what was set. An order fires when the price reached it anywhere in the range that traded, so a
 * spike inside one sweep is not missed.
 */
import type { TriggerBy } from "./api.ts";
import { CLEARED } from "./brackets.ts";
import { finish, leavePosition } from "./close.ts";
import { emitPosition } from "./emit.ts";
import type { ExchangeState, LiveOrder, SymbolState } from "./exchange-state.ts";
import { activateTriggered } from "./orders.ts";

interface PriceRange {
  readonly by: TriggerBy;
  readonly lowTicks: number;
  readonly highTicks: number;
}

/** Fires what the range reached, oldest order first. */
export function fireTriggers(state: ExchangeState, symbol: SymbolState, range: PriceRange): void {
  for (const live of [...symbol.conditionals]) {
    if (!symbol.conditionals.has(live)) continue; // it went with an order that fired before it
    if (live.order.triggerBy === range.by && isHit(live, range)) fire(state, live);
  }
}

function isHit(live: LiveOrder, range: PriceRange): boolean {
  const { order } = live;
  if (live.bracket === "trailing") followPrice(live, range);
  if (order.triggerTicks === 0) return false;
  const isTrailing = live.bracket === "trailing";
  const low = isTrailing ? live.symbol.lastTicks : range.lowTicks;
  const high = isTrailing ? live.symbol.lastTicks : range.highTicks;
  return order.triggerDirection === 1 ? high >= order.triggerTicks : low <= order.triggerTicks;
}

/** Moves a trailing stop behind the best price since it became active. */
function followPrice(live: LiveOrder, range: PriceRange): void {
  const { order, activeTicks } = live;
  const isLong = order.side === "Sell";
  const reached = isLong ? range.highTicks : range.lowTicks;
  if (live.peakTicks === 0) {
    const waits = activeTicks !== 0 && (isLong ? reached < activeTicks : reached > activeTicks);
    if (waits) return;
    live.peakTicks = reached;
  }
  live.peakTicks = isLong ? Math.max(live.peakTicks, reached) : Math.min(live.peakTicks, reached);
  order.triggerTicks = live.peakTicks + (isLong ? -live.trailingTicks : live.trailingTicks);
}

/** A bracket leaves its position first, and a partial one takes its other leg with it. */
function fire(state: ExchangeState, live: LiveOrder): void {
  const { pair } = live;
  if (live.bracket !== "") leavePosition(live);
  if (pair !== null) finish(state, pair, CLEARED);
  activateTriggered(state, live);
  if (live.bracket !== "" && !state.dirty.has(live.cell)) emitPosition(state, live.cell);
}
