/**
 * What leaves the engine about itself: audit ticks, cut at three points of a step.
 *
 * Facts leave as soon as the event is absorbed, before any order that it causes is sent, so that a
 * reader which dies on the way has the reason before the result. What else of the account changed
 * leaves at the end of the step. Market rows wait, conflated, for the audit timer, which takes the
 * longest waiting first and at most a named number.
 */

import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { AuditEntry, AuditTick, FeedsAudit, SymbolAudit } from "./audit.ts";
import {
  accountRow,
  countersRow,
  orderRow,
  positionRow,
  symbolRow,
  universeRow,
} from "./audit-rows.ts";
import { sumsNow } from "./book-after.ts";
import { missingOf, tradingOf, unmanagedOf } from "./control.ts";
import { doingRows } from "./doing.ts";
import { riskRow } from "./risk-rows.ts";
import { AUDIT_ROWS_MAX, EQUITY_EVERY_MS } from "./schedule.ts";
import type {
  CorePart,
  EffectsPart,
  KnowledgePart,
  MarketPart,
  OrdersPart,
  PositionsPart,
  ReportPart,
  SettingsPart,
  TickPart,
  TradingPart,
  UniversePart,
  WatchPart,
} from "./state-parts.ts";
import { strategyRows } from "./strategy-rows.ts";
import { symbolHaltRows } from "./symbol-halts.ts";
import { unreadableText } from "./unreadable.ts";

/**
 * Sends the facts of the absorbed event, if there are any, before all that it has asked for. No
 * tick stands before it: the audit timer takes waiting facts along.
 */
export function flushFacts(
  state: MarketPart & PositionsPart & TradingPart & EffectsPart & ReportPart & TickPart,
  atMs: number,
): void {
  const { facts } = state.pending;
  if (facts.length === 0) return;
  assert(!state.outbox.holds("audit"), "the first tick of a step takes its facts");
  state.pending.facts = [];
  state.outbox.pushFirst({ kind: "audit", tick: nextTick(state, facts, atMs) });
}

/** Sends everything of the account that changed, and on request every market row that waits. */
export function flushAccount(state: CorePart & TickPart, atMs: number): void {
  const entries = accountPart(state);
  if (state.pending.rows) entries.push(rowsPart(state, state.columns.size, atMs));
  state.pending.rows = false;
  emit(state, entries, atMs);
}

/** The periodic tick: market rows, open positions at their marks, counters. */
export function flushAudit(state: CorePart & TickPart, atMs: number): void {
  const rows = rowsPart(state, AUDIT_ROWS_MAX, atMs);
  for (const { symbolId, steps } of state.ledger.positions.values()) {
    if (steps !== 0) state.pending.positions.add(symbolId);
  }
  const entries = accountPart(state);
  if (rows.symbols.length > 0) entries.push(rows);
  takeEquity(state, entries, atMs);
  entries.push({ kind: "doings", doings: doingRows(state, atMs) });
  entries.push({ kind: "risk", risk: riskRow(state) });
  entries.push({ kind: "counters", counters: countersRow(state, atMs) });
  emit(state, entries, atMs);
}

function rowsPart(
  state: SettingsPart & MarketPart & UniversePart & WatchPart,
  rowsMax: number,
  atMs: number,
) {
  const ids = state.columns.takeDirty(rowsMax);
  const symbols: SymbolAudit[] = ids.map((id) => symbolRow(state, id, atMs));
  return { kind: "symbols", symbols } as const;
}

/** A point of the equity curve, when one is due and the account is known. */
function takeEquity(state: KnowledgePart & TickPart, entries: AuditEntry[], atMs: number): void {
  if (state.wallet === null || atMs < state.equityDueAtMs) return;
  state.equityDueAtMs = atMs - (atMs % EQUITY_EVERY_MS) + EQUITY_EVERY_MS;
  const { equityText, unrealisedText, exposureUsdt } = accountRow(state);
  const feesText = fixedToText(sumsNow(state).fees);
  const point = { atMs, equityText, unrealisedText, feesText, exposureUsdt };
  entries.push({ kind: "equity", point });
}

function nextTick(
  state: MarketPart & PositionsPart & TradingPart & TickPart,
  entries: readonly AuditEntry[],
  atMs: number,
): AuditTick {
  state.auditSeq++;
  const { auditSeq: seq } = state;
  const unmanaged = unmanagedOf(state);
  const now = tradingOf(state);
  const { walletFault, isOtherAccount, leaving } = state.control;
  const trading = {
    ...now,
    ...(unmanaged.length > 0 && { unmanaged }),
    ...(walletFault !== "" && { walletFault }),
    ...(isOtherAccount && { otherAccount: leaving ?? "" }),
  };
  return { seq, atMs, trading, missing: missingOf(state), entries };
}

function emit(
  state: MarketPart & PositionsPart & TradingPart & EffectsPart & TickPart,
  entries: readonly AuditEntry[],
  atMs: number,
): void {
  state.outbox.push({ kind: "audit", tick: nextTick(state, entries, atMs) });
}

/** Takes what is pending; parts that did not change are left out. */
function accountPart(state: KnowledgePart & ReportPart): AuditEntry[] {
  const { pending } = state;
  const entries = pending.facts;
  pending.facts = [];
  takeCatalogue(state, entries);
  takeOrders(state, entries);
  takePositions(state, entries);
  entries.push({ kind: "account", account: accountRow(state) });
  entries.push({ kind: "strategies", strategies: strategyRows(state) });
  if (pending.feeds) entries.push({ kind: "feeds", feeds: feedsRow(state) });
  pending.feeds = false;
  takeSymbolHalts(state, entries);
  pending.due = false;
  return entries;
}

function takeSymbolHalts(
  { control, pending }: TradingPart & ReportPart,
  entries: AuditEntry[],
): void {
  const { symbolHalts } = control;
  if (pending.toldHalts === symbolHalts) return;
  pending.toldHalts = symbolHalts;
  entries.push({ kind: "symbol_halts", symbolHalts: symbolHaltRows(symbolHalts) });
}

function feedsRow({ control }: TradingPart): FeedsAudit {
  const { feeds } = control;
  const unreadable = unreadableText(control);
  if (unreadable === "" || feeds.private === undefined) return { ...feeds };
  return { ...feeds, private: { ...feeds.private, unreadable } };
}

function takeCatalogue(
  { pending, universe, market }: MarketPart & UniversePart & ReportPart,
  entries: AuditEntry[],
): void {
  const { instruments, profiles } = pending;
  if (instruments !== null) entries.push({ kind: "instruments", instruments });
  if (pending.universe) entries.push({ kind: "universe", universe: universeRow(universe, market) });
  if (profiles !== "none") {
    const isSampled = profiles === "sampled";
    entries.push({ kind: "profiles", profiles: universe.profiles(), isSampled });
  }
  if (pending.hours.length > 0) entries.push({ kind: "symbol_hours", rows: pending.hours });
  pending.hours = [];
  pending.instruments = null;
  pending.universe = false;
  pending.profiles = "none";
}

function takeOrders({ orders, market }: MarketPart & OrdersPart, entries: AuditEntry[]): void {
  for (const row of orders.changed) {
    const instrument = market.instrument(row.intent.symbolId);
    entries.push({ kind: "order", order: orderRow(row, instrument) });
  }
  orders.changed.clear();
}

function takePositions(
  state: MarketPart & PositionsPart & ReportPart,
  entries: AuditEntry[],
): void {
  for (const id of [...state.pending.positions].sort(byId)) {
    const position = state.ledger.positions.get(id);
    if (position === undefined) continue;
    entries.push({ kind: "position", position: positionRow(state, position) });
  }
  state.pending.positions.clear();
}

function byId(left: SymbolId, right: SymbolId): number {
  return left - right;
}
