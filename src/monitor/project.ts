/**
 * Folds audit ticks into the view that pages and API read.
 *
 * The view object is new with every tick. Maps are copied only when a tick touches them; the symbol
 * map, which every tick touches, is updated in place: readers use it synchronously and tell changes
 * by `symbolsVersion`, so copying 611 entries four times a second would buy nothing.
 */

import { isLive } from "../domain/order.ts";
import type { AuditEntry, AuditTick, EquityPoint, OrderAudit } from "../engine/audit.ts";
import { assert, unreachable } from "../kernel/assert.ts";
import { slotsAfter } from "./desk-slots.ts";
import {
  EQUITY_POINTS_MAX,
  EQUITY_SPAN_MS,
  type MonitorView,
  type Past,
  RECENT_MAX,
} from "./view.ts";

/** What a reader sees before the engine's first tick. */
export function emptyView(atMs: number): MonitorView {
  return {
    seq: 0,
    atMs,
    symbolsVersion: 0,
    trading: { state: "starting", reason: "the engine has not reported yet" },
    missing: ["the engine's first report"],
    instruments: new Map(),
    symbols: new Map(),
    openOrders: new Map(),
    recentOrders: [],
    positions: new Map(),
    recentFills: [],
    recentDenials: [],
    account: {
      accountKey: "",
      equityText: "",
      availableText: "",
      realisedText: "0",
      feesText: "0",
      fundingText: "0",
      unrealisedText: "0",
      exposureUsdt: 0,
      fillCount: 0,
      dayLossUsdt: 0,
      todayText: "0",
      limits: null,
    },
    risk: null,
    strategies: [],
    universe: { counts: {}, active: [], next: [], parameters: null, updatedAtMs: 0 },
    universeChanges: [],
    profiles: new Map(),
    counters: {
      events: 0,
      bookFrames: 0,
      tickerFrames: 0,
      tradeFrames: 0,
      booksLive: 0,
      booksQuarantined: 0,
      ordersSubmitted: 0,
      ordersDenied: 0,
      ordersRejected: 0,
      ordersUnknown: 0,
      fills: 0,
      marketAgeMs: 0,
    },
    feeds: {},
    symbolHalts: [],
    interventions: [],
    incidents: [],
    equity: [],
    slots: [],
  };
}

/** The view with what earlier runs told before it; a row of both is as the view has it. */
export function withPast(view: MonitorView, past: Past): MonitorView {
  return {
    ...view,
    interventions: newest(view.interventions, past.interventions),
    incidents: newest(view.incidents, past.incidents),
    equity: [...past.equity, ...view.equity].slice(-EQUITY_POINTS_MAX),
  };
}

function newest<Row extends { readonly id: string }>(
  rows: readonly Row[],
  older: readonly Row[],
): readonly Row[] {
  const known = new Set(rows.map(({ id }) => id));
  return [...rows, ...older.filter(({ id }) => !known.has(id))].slice(0, RECENT_MAX);
}

/** The view after one tick. Throws when a tick was skipped or repeated. */
export function project(view: MonitorView, tick: AuditTick): MonitorView {
  assert(tick.seq === view.seq + 1, "no audit tick is skipped");
  const { trading, missing } = tick;
  const next: Draft = { ...view, seq: tick.seq, atMs: tick.atMs, trading, missing };
  for (const entry of tick.entries) {
    // The book and what the market did after a fill are for the record alone.
    if (isShown(entry)) fold(next, entry);
  }
  return trading.otherAccount === undefined ? next : withoutAccount(next);
}

/** What is open at an account that the venue no longer answers for is not known, and not shown. */
function withoutAccount(view: MonitorView): MonitorView {
  if (view.positions.size === 0 && view.openOrders.size === 0) return view;
  return { ...view, positions: new Map(), openOrders: new Map() };
}

/** The next view while it is made. Maps and lists in it are still those of the view before. */
type Draft = { -readonly [Name in keyof MonitorView]: MonitorView[Name] };

type ForRecord = "book" | "day" | "agreement" | "mark_out" | "symbol_hours";
type ShownEntry = Exclude<AuditEntry, { readonly kind: ForRecord }>;

const FOR_RECORD: ReadonlySet<string> = new Set<ForRecord>([
  "book",
  "day",
  "agreement",
  "mark_out",
  "symbol_hours",
]);

function isShown(entry: AuditEntry): entry is ShownEntry {
  return !FOR_RECORD.has(entry.kind);
}

function fold(next: Draft, entry: ShownEntry): void {
  switch (entry.kind) {
    case "order":
      foldOrder(next, entry.order);
      break;
    case "position":
      next.positions = withRow(next.positions, entry.position.symbol, entry.position);
      break;
    case "fill":
      // Fills of an earlier run are inside the sizes that start-up adopted.
      if (!entry.isEarlier) next.recentFills = recent(next.recentFills, entry.fill, "execId");
      break;
    case "denial":
      next.recentDenials = [entry.denial, ...next.recentDenials].slice(0, RECENT_MAX);
      break;
    case "universe_change":
      next.universeChanges = [entry.change, ...next.universeChanges].slice(0, RECENT_MAX);
      break;
    case "intervention":
      next.interventions = retold(next.interventions, entry.intervention);
      break;
    case "incident":
      next.incidents = retold(next.incidents, entry.incident);
      break;
    case "account":
      next.account = entry.account;
      break;
    case "risk":
      next.risk = entry.risk;
      break;
    case "strategies":
      next.strategies = entry.strategies;
      break;
    case "feeds":
      next.feeds = entry.feeds;
      break;
    case "symbol_halts":
      next.symbolHalts = entry.symbolHalts;
      break;
    case "instruments":
      next.instruments = new Map(entry.instruments.map((item) => [item.symbol, item]));
      break;
    case "universe":
      next.universe = entry.universe;
      break;
    case "profiles":
      next.profiles = new Map(entry.profiles.map((profile) => [profile.symbol, profile]));
      break;
    case "symbols":
    case "equity":
    case "doings":
    case "counters":
      foldTimed(next, entry);
      break;
    default:
      unreachable(entry);
  }
}

type TimedEntry = Extract<ShownEntry, { kind: "symbols" | "equity" | "doings" | "counters" }>;

/** What the engine's timer tells, whether anything happened or not. */
function foldTimed(next: Draft, entry: TimedEntry): void {
  switch (entry.kind) {
    case "symbols":
      if (entry.symbols.length === 0) break;
      next.symbols = updated(next.symbols, entry.symbols, (row) => row.symbol);
      next.symbolsVersion++;
      break;
    case "equity":
      next.equity = lastHour(next.equity, entry.point);
      break;
    case "doings":
      next.slots = slotsAfter(next.slots, entry.doings, next);
      break;
    case "counters":
      next.counters = entry.counters;
      break;
    default:
      unreachable(entry);
  }
}

/** In place: see the head of this file. */
function updated<Row>(
  before: ReadonlyMap<string, Row>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, Row> {
  // The first rows get a map of their own, so that two views never start from one shared map.
  const after = before.size === 0 || !(before instanceof Map) ? new Map(before) : before;
  for (const row of rows) after.set(keyOf(row), row);
  return after;
}

function withRow<Row>(
  before: ReadonlyMap<string, Row>,
  key: string,
  row: Row,
): ReadonlyMap<string, Row> {
  return new Map(before).set(key, row);
}

function foldOrder(next: Draft, order: OrderAudit): void {
  const openOrders = new Map(next.openOrders);
  if (isLive(order.state)) openOrders.set(order.clientId, order);
  else {
    openOrders.delete(order.clientId);
    next.recentOrders = recent(next.recentOrders, order, "clientId");
  }
  next.openOrders = openOrders;
}

/** Newest first, at most {@link RECENT_MAX}; a row told again stays in its place. */
function retold<Row extends { readonly id: string }>(
  before: readonly Row[],
  row: Row,
): readonly Row[] {
  const at = before.findIndex(({ id }) => id === row.id);
  return at < 0 ? [row, ...before].slice(0, RECENT_MAX) : before.with(at, row);
}

function lastHour(before: readonly EquityPoint[], point: EquityPoint): readonly EquityPoint[] {
  const sinceMs = point.atMs - EQUITY_SPAN_MS;
  const young = before.filter(({ atMs }) => atMs > sinceMs);
  return [...young, point].slice(-EQUITY_POINTS_MAX);
}

/** Newest first, at most {@link RECENT_MAX}; a row told again replaces its earlier one. */
function recent<Row, Key extends keyof Row>(
  before: readonly Row[],
  row: Row,
  key: Key,
): readonly Row[] {
  const others = before.filter((other) => other[key] !== row[key]);
  return [row, ...others].slice(0, RECENT_MAX);
}
