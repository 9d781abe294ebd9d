/**
 * Folds audit ticks into the view that pages and API read.
 *
 * The view object is new with every tick. Maps are copied only when a tick touches them; the symbol
 * map, which every tick touches, is updated in place: readers use it synchronously and tell changes
 * by `symbolsVersion`, so copying 611 entries four times a second would buy nothing.
 */

import type { Instrument } from "../domain/instrument.ts";
import { isLive } from "../domain/order.ts";
import type { AuditTick, OrderAudit } from "../engine/audit.ts";
import { assert } from "../kernel/assert.ts";
import { type MonitorView, RECENT_MAX } from "./view.ts";

/** What a reader sees before the engine's first tick. */
export function emptyView(atMs: number): MonitorView {
  return {
    seq: 0,
    atMs,
    symbolsVersion: 0,
    trading: { state: "starting", reason: "the engine has not reported yet" },
    instruments: new Map(),
    symbols: new Map(),
    openOrders: new Map(),
    recentOrders: [],
    positions: new Map(),
    recentFills: [],
    recentDenials: [],
    account: {
      equityText: "",
      availableText: "",
      realisedText: "0",
      feesText: "0",
      fundingText: "0",
      unrealisedText: "0",
      exposureUsdt: 0,
      fillCount: 0,
      dayLossUsdt: 0,
      limits: null,
    },
    universe: { counts: {}, active: [], parameters: {}, updatedAtMs: 0 },
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
  };
}

/** The view after one tick. Throws when a tick was skipped or repeated. */
export function project(view: MonitorView, tick: AuditTick): MonitorView {
  assert(tick.seq === view.seq + 1, "no audit tick is skipped");
  const symbols = tick.symbols ?? [];
  return {
    seq: tick.seq,
    atMs: tick.atMs,
    symbolsVersion: view.symbolsVersion + (symbols.length > 0 ? 1 : 0),
    trading: tick.trading,
    instruments: instrumentsAfter(view.instruments, tick.instruments),
    symbols: updated(view.symbols, symbols, (row) => row.symbol),
    openOrders: openOrdersAfter(view.openOrders, tick.orders),
    recentOrders: recent(
      view.recentOrders,
      (tick.orders ?? []).filter((order) => !isLive(order.state)),
      (order) => order.clientId,
    ),
    positions: merged(view.positions, tick.positions, (row) => row.symbol),
    recentFills: recent(view.recentFills, tick.fills ?? [], (fill) => fill.execId),
    recentDenials: recent(view.recentDenials, tick.denials ?? [], null),
    account: tick.account ?? view.account,
    universe: tick.universe ?? view.universe,
    profiles: merged(view.profiles, tick.profiles, (profile) => profile.symbol),
    counters: tick.counters ?? view.counters,
    feeds: tick.feeds ?? view.feeds,
  };
}

function instrumentsAfter(
  before: ReadonlyMap<string, Instrument>,
  list: readonly Instrument[] | undefined,
): ReadonlyMap<string, Instrument> {
  return list === undefined ? before : new Map(list.map((item) => [item.symbol, item]));
}

/** In place: see the head of this file. */
function updated<Row>(
  before: ReadonlyMap<string, Row>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, Row> {
  if (rows.length === 0) return before;
  // The first rows get a map of their own, so that two views never start from one shared map.
  const after = before.size === 0 || !(before instanceof Map) ? new Map(before) : before;
  for (const row of rows) after.set(keyOf(row), row);
  return after;
}

function merged<Row>(
  before: ReadonlyMap<string, Row>,
  rows: readonly Row[] | undefined,
  keyOf: (row: Row) => string,
): ReadonlyMap<string, Row> {
  if (rows === undefined || rows.length === 0) return before;
  const after = new Map(before);
  for (const row of rows) after.set(keyOf(row), row);
  return after;
}

function openOrdersAfter(
  before: ReadonlyMap<string, OrderAudit>,
  changed: readonly OrderAudit[] | undefined,
): ReadonlyMap<string, OrderAudit> {
  if (changed === undefined || changed.length === 0) return before;
  const after = new Map(before);
  for (const order of changed) {
    if (isLive(order.state)) after.set(order.clientId, order);
    else after.delete(order.clientId);
  }
  return after;
}

/** Newest first, at most {@link RECENT_MAX}; a row reported again replaces its earlier one. */
function recent<Row>(
  before: readonly Row[],
  added: readonly Row[],
  keyOf: ((row: Row) => string) | null,
): readonly Row[] {
  if (added.length === 0) return before;
  const fresh = [...added].reverse();
  const keys = new Set(keyOf === null ? [] : fresh.map(keyOf));
  const kept = keyOf === null ? before : before.filter((row) => !keys.has(keyOf(row)));
  return [...fresh, ...kept].slice(0, RECENT_MAX);
}
