/**
 * Decides the symbols that are due: asks the strategy for its targets, compares them with the live
 * orders, and takes each new order to the risk gate. While flattening, the operator's target
 * replaces the strategy's.
 */

import type { DenyReason } from "../domain/deny.ts";
import { clientOrderIdOf, type OrderIntent } from "../domain/order.ts";
import type { SymbolId } from "../domain/units.ts";
import { bookAgeMs } from "../market/staleness.ts";
import { planOf } from "../orders/plan.ts";
import type { OrderRow } from "../orders/table.ts";
import { entryTicksOf, flatPosition } from "../portfolio/position.ts";
import { judge, type RiskContext } from "../risk/gates.ts";
import { marketExit } from "../strategy/exit.ts";
import type { SymbolView } from "../strategy/strategy.ts";
import { exposureOf, totalExposureOf } from "./account-exposure.ts";
import { keepBars } from "./bar-keeping.ts";
import { finishFlatten, missingFor, tradingOf } from "./control.ts";
import {
  AWAIT_FILL_MS,
  DECIDE_EVERY_MS,
  DENY_PAUSE_MS,
  DENY_REPEAT_MS,
  FLATTEN_RETRY_MS,
} from "./schedule.ts";
import type { EngineState } from "./state.ts";

/**
 * Decides all due symbols in order of their ids. Nothing is decided before the account is known, or
 * before trading was armed for the first time: positions found then are not ours to close. Nor is
 * anything once the program leaves, as nobody would watch it.
 */
export function decideDue(state: EngineState, atMs: number): void {
  const ids = [...state.due].sort((left, right) => left - right);
  state.due.clear();
  const { recovered, wasArmed, flattenBy, leaving } = state.control;
  const mayAct = recovered && (wasArmed || flattenBy !== null) && leaving === null;
  for (const id of ids) {
    if (mayAct) decideSymbol(state, id, atMs);
    refreshWatch(state, id);
  }
  if (state.control.flattenBy !== null) finishFlatten(state, atMs);
}

/** Frames of a watched symbol decide it: it is active, or something of ours is there. */
export function refreshWatch(state: EngineState, id: SymbolId): void {
  const isWatched =
    state.universe.isActive(id) ||
    state.ledger.stepsOf(id) !== 0 ||
    state.orders.live(id).length > 0;
  state.columns.watched[id] = isWatched ? 1 : 0;
  if (isWatched) keepBars(state, id);
}

function decideSymbol(state: EngineState, id: SymbolId, atMs: number): void {
  const { columns, options } = state;
  columns.decideAfterMs[id] = atMs + DECIDE_EVERY_MS;
  if (isBehind(state, id, atMs)) return;
  const view = viewOf(state, id, atMs);
  const targets = targetsOf(state, view);
  const { requoteBps, requoteCooldownMs } = options.maker;
  const keepsExits = !view.bookUsable && view.positionSteps !== 0;
  const rules = { atMs, requoteBps, restMs: requoteCooldownMs, entriesPerSide: 1, keepsExits };
  const plan = planOf(targets, state.orders.live(id), rules);
  for (const row of plan.cancel) sendCancel(state, row, atMs);
  for (const intent of plan.place) {
    if (isRested(state, intent, atMs)) place(state, intent, atMs);
  }
}

/**
 * The order report of a fill comes before its execution: for a moment the position is behind, and
 * an exit would be placed again. After a lost message exits go on regardless, as they only reduce.
 */
function isBehind(state: EngineState, id: SymbolId, atMs: number): boolean {
  const sinceMs = state.orders.awaitingSinceMs(id);
  return sinceMs > 0 && atMs - sinceMs < AWAIT_FILL_MS;
}

function viewOf(state: EngineState, id: SymbolId, atMs: number): SymbolView {
  const instrument = state.market.instrument(id);
  const book = state.market.book(id);
  const position = state.ledger.positions.get(id) ?? flatPosition(id);
  const bookUsable =
    book.state === "live" &&
    book.bidCount > 0 &&
    book.askCount > 0 &&
    bookAgeMs(book, atMs) <= state.options.limits.bookAgeMsMax;
  return {
    atMs,
    instrument,
    book,
    bookUsable,
    features: state.features,
    mayEnter:
      atMs >= state.control.entriesPausedUntilMs &&
      state.universe.isActive(id) &&
      tradingOf(state).state === "on" &&
      missingFor(state, id) === "",
    positionSteps: position.steps,
    entryTicks: entryTicksOf(position, instrument),
    openedAtMs: position.openedAtMs,
    ownBidTicks: ownTicks(state, id, "buy"),
    ownAskTicks: ownTicks(state, id, "sell"),
  };
}

function ownTicks(state: EngineState, id: SymbolId, side: "buy" | "sell"): number {
  for (const { intent, state: orderState } of state.orders.live(id)) {
    const isOwn = intent.purpose === "entry" && intent.side === side && orderState === "open";
    if (isOwn) return intent.priceTicks ?? 0;
  }
  return 0;
}

function targetsOf(state: EngineState, view: SymbolView): readonly OrderIntent[] {
  const { flattenBy } = state.control;
  if (flattenBy === null) return state.strategy.targets(view);
  if (view.positionSteps === 0) return [];
  const reason = `flatten by ${flattenBy}`;
  return [marketExit(view, { strategy: "operator", purpose: "flatten", reason })];
}

/** A cancel that cannot move the order any more is not sent twice. */
function sendCancel(state: EngineState, row: OrderRow, atMs: number): void {
  if (!state.orders.cancelSent(row, atMs)) return;
  const { clientId, venueOrderId, intent } = row;
  state.outbox.push({ kind: "cancel", clientId, symbolId: intent.symbolId, venueOrderId });
}

/** Whether it is this order's turn: the rate has room, and its class was left alone long enough. */
function isRested(state: EngineState, intent: OrderIntent, atMs: number): boolean {
  const { maker, limits } = state.options;
  const { requoteCooldownMs, exitRetryMs } = maker;
  // Waiting for one's turn is not a denial: the gate behind this is for what ought not to happen.
  const rateMax = intent.purpose === "entry" ? limits.orderRateMax : limits.exitRateMax;
  if (state.rate.count(atMs) >= rateMax) return false;
  const exitMs = intent.purpose === "flatten" ? FLATTEN_RETRY_MS : exitRetryMs;
  const pauseMs = intent.purpose === "entry" ? requoteCooldownMs : exitMs;
  const last = placedColumn(state, intent)[intent.symbolId] ?? 0;
  return last === 0 || atMs - last >= pauseMs;
}

function placedColumn({ columns }: EngineState, { purpose, side }: OrderIntent): Float64Array {
  if (purpose !== "entry") return columns.exitPlacedAtMs;
  return side === "buy" ? columns.buyPlacedAtMs : columns.sellPlacedAtMs;
}

function place(state: EngineState, intent: OrderIntent, atMs: number): void {
  const clientId = clientOrderIdOf(state.options.runId, intent.strategy, state.orderSeq + 1);
  const verdict = judge(intent, clientId, contextOf(state, intent.symbolId, atMs));
  if (verdict.approved === null) {
    deny(state, { intent, reason: verdict.reason, atMs });
    return;
  }
  state.orderSeq++;
  state.rate.record(atMs);
  state.counters.ordersSubmitted++;
  placedColumn(state, intent)[intent.symbolId] = atMs;
  state.orders.add(verdict.approved, atMs);
  state.outbox.push({ kind: "submit", order: verdict.approved });
}

function deny(
  state: EngineState,
  denial: { readonly intent: OrderIntent; readonly reason: DenyReason; readonly atMs: number },
): void {
  const { intent, reason, atMs } = denial;
  const id = intent.symbolId;
  state.counters.ordersDenied++;
  state.columns.decideAfterMs[id] = atMs + DENY_PAUSE_MS;
  const last = state.denied.get(id);
  if (last?.code === reason.code && atMs - last.atMs < DENY_REPEAT_MS) return;
  state.denied.set(id, { code: reason.code, atMs });
  const { symbol } = state.market.instrument(id);
  const { side, purpose, strategy } = intent;
  const denied = { atMs, symbol, side, purpose, strategy, reason };
  state.pending.facts.push({ kind: "denial", denial: denied });
  state.pending.due = true;
}

function contextOf(state: EngineState, id: SymbolId, atMs: number): RiskContext {
  const { market, orders, options } = state;
  const trading = tradingOf(state);
  const live = orders.live(id);
  return {
    atMs,
    limits: options.limits,
    halted: trading.state === "halted" ? trading.reason : null,
    missing: missingFor(state, id),
    instrument: market.instrument(id),
    book: market.book(id),
    positionSteps: state.ledger.stepsOf(id),
    symbolExposureUsdt: exposureOf(state, id),
    totalExposureUsdt: totalExposureOf(state),
    openOrders: orders.liveCount,
    symbolOrders: live.length,
    symbolUnknown: live.filter((row) => row.state === "unknown").length,
    ordersInWindow: state.rate.count(atMs),
    dayLossUsdt: state.dayLossUsdt,
  };
}
