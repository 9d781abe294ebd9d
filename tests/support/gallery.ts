/**
 * The five states of the gallery, from literals: just started and empty, live, stale, in error, and
 * with far more rows and longer texts than any page is made for. Typed against the product's own
 * unions, so that a new member of one of them is missing here until somebody shows it.
 */

import type { DenyCode, DenyReason } from "../../src/domain/deny.ts";
import { healthPast } from "../../src/domain/health-past.ts";
import type { OrderState } from "../../src/domain/order.ts";
import { SERVICE_NAMES } from "../../src/domain/service.ts";
import { asClientOrderId, asExecId } from "../../src/domain/units.ts";
import type { EquityPoint, Intervention } from "../../src/engine/audit.ts";
import { emptyView } from "../../src/monitor/project.ts";
import {
  type HealthReport,
  type MonitorView,
  RECENT_MAX,
  type ServiceHealth,
} from "../../src/monitor/view.ts";
import type { GalleryState } from "../../views/gallery.tsx";
import type { Model, Sources } from "../../views/page-model.ts";
import { fixtureBlotter } from "./web-blotter.ts";
import { webFixture } from "./web-deps.ts";
import { moneyOf } from "./web-money.ts";

const fixture = webFixture({ symbols: 80 });
const crowded = webFixture({ symbols: 611 });
const { deps } = fixture;
const NOW_MS = deps.nowMs();
const LONG =
  "the venue answers 10006 “Too many visits!” to every request of this key since 13:05:41; " +
  'next try in 30 s <b onclick="x">not markup</b> and a_word_without_any_place_to_break_'.repeat(2);

/** One of each, so that no code is without a text. */
const REASONS: { readonly [Code in DenyCode]: Extract<DenyReason, { code: Code }> } = {
  HALTED: { code: "HALTED", reason: LONG },
  POSITION_UNREADABLE: { code: "POSITION_UNREADABLE", fault: "its size is missing" },
  NOT_READY: { code: "NOT_READY", missing: "account snapshot" },
  SYMBOL_NOT_TRADING: { code: "SYMBOL_NOT_TRADING", status: "delivering" },
  GRID_CHANGED: { code: "GRID_CHANGED", change: "0.001 × 0.1 became 0.01 × 1" },
  BOOK_MISSING: { code: "BOOK_MISSING" },
  BOOK_QUARANTINED: { code: "BOOK_QUARANTINED", fault: "update 812 followed 809" },
  BOOK_STALE: { code: "BOOK_STALE", ageMs: 3_412, ageMsMax: 3_000 },
  QTY_BELOW_MIN: { code: "QTY_BELOW_MIN", qtySteps: 0, qtyStepsMin: 1 },
  QTY_ABOVE_MAX: { code: "QTY_ABOVE_MAX", qtySteps: 1_190_001, qtyStepsMax: 1_190_000 },
  NOTIONAL_BELOW_MIN: { code: "NOTIONAL_BELOW_MIN", notionalUsdt: 4.9981, minUsdt: 5 },
  ORDER_NOTIONAL_ABOVE_MAX: { code: "ORDER_NOTIONAL_ABOVE_MAX", notionalUsdt: 251, maxUsdt: 250 },
  SYMBOL_EXPOSURE_ABOVE_MAX: { code: "SYMBOL_EXPOSURE_ABOVE_MAX", exposureUsdt: 501, maxUsdt: 500 },
  TOTAL_EXPOSURE_ABOVE_MAX: {
    code: "TOTAL_EXPOSURE_ABOVE_MAX",
    exposureUsdt: 2_000.004,
    maxUsdt: 2_000,
  },
  OPEN_ORDERS_ABOVE_MAX: { code: "OPEN_ORDERS_ABOVE_MAX", count: 101, countMax: 100 },
  SYMBOL_ORDERS_ABOVE_MAX: { code: "SYMBOL_ORDERS_ABOVE_MAX", count: 7, countMax: 6 },
  ORDER_RATE_ABOVE_MAX: { code: "ORDER_RATE_ABOVE_MAX", count: 11, countMax: 10, windowMs: 1_000 },
  PRICE_OUTSIDE_BAND: { code: "PRICE_OUTSIDE_BAND", distanceBps: 61.2, bandBps: 50 },
  MARK_OUTSIDE_BAND: { code: "MARK_OUTSIDE_BAND", distanceBps: 212.4, bandBps: 200 },
  POST_ONLY_WOULD_CROSS: { code: "POST_ONLY_WOULD_CROSS" },
  REDUCE_ONLY_WOULD_ADD: { code: "REDUCE_ONLY_WOULD_ADD", positionSteps: -12 },
  STOP_MISSING: { code: "STOP_MISSING" },
  DRAWDOWN_LIMIT: { code: "DRAWDOWN_LIMIT", drawdownUsdt: 75.5, maxUsdt: 75 },
  SYMBOL_LOSS_LIMIT: { code: "SYMBOL_LOSS_LIMIT", lossUsdt: 20.01, maxUsdt: 20 },
  STRATEGY_LOSS_LIMIT: {
    code: "STRATEGY_LOSS_LIMIT",
    strategy: "maker",
    lossUsdt: 40.5,
    maxUsdt: 40,
  },
  PAUSED: { code: "PAUSED", cause: "4 losses in a row", leftMs: 899_000 },
  VENUE_PRICE_LIMIT: { code: "VENUE_PRICE_LIMIT", priceTicks: 900, lowTicks: 950, highTicks: 1050 },
  OWN_ORDER_WOULD_CROSS: { code: "OWN_ORDER_WOULD_CROSS", priceTicks: 1001, ownTicks: 1000 },
  LIQUIDATION_TOO_NEAR: { code: "LIQUIDATION_TOO_NEAR", distanceBps: 312.5, minBps: 500 },
  STOP_BEHIND_LIQUIDATION: {
    code: "STOP_BEHIND_LIQUIDATION",
    stopTicks: 900,
    liquidationTicks: 920,
  },
  CORRELATED_EXPOSURE_ABOVE_MAX: {
    code: "CORRELATED_EXPOSURE_ABOVE_MAX",
    exposureUsdt: 1_580,
    maxUsdt: 1_500,
    symbols: 7,
  },
  FUNDING_TOO_DEAR: { code: "FUNDING_TOO_DEAR", costBps: 3, allowedBps: 1.2, leftMs: 42_000 },
  DELISTING: { code: "DELISTING", leftMs: 90_000_000, minMs: 172_800_000 },
  DAILY_LOSS_LIMIT: { code: "DAILY_LOSS_LIMIT", lossUsdt: 50.0001, maxUsdt: 50 },
  TERMS_UNKNOWN: { code: "TERMS_UNKNOWN", missing: "wallet" },
  ACCOUNT_MODE: { code: "ACCOUNT_MODE", found: "hedge mode", wanted: "one-way mode" },
  LEVERAGE_ABOVE_MAX: { code: "LEVERAGE_ABOVE_MAX", leverage: 25, leverageMax: 10 },
  MARGIN_UNAVAILABLE: { code: "MARGIN_UNAVAILABLE", needUsdt: 10.11, availableUsdt: 5.89 },
  UNKNOWN_OUTCOME_PENDING: { code: "UNKNOWN_OUTCOME_PENDING", count: 1 },
};

const ORDER_STATES: readonly OrderState[] = [
  "submitting",
  "open",
  "cancelling",
  "unknown",
  "closed",
  "rejected",
  "failed",
];

function model(change: Partial<Model> = {}): Model {
  return {
    run: deps.run,
    view: lived(fixture.view),
    health: fixture.health,
    nowMs: NOW_MS,
    stamp: "k3f9a2@1000",
    ...change,
  };
}

function equityOf(points: number): readonly EquityPoint[] {
  return Array.from({ length: points }, (_, at) => ({
    atMs: NOW_MS - (points - at) * 10_000,
    equityText: (10_000 + 12 * Math.sin(at / 7) + at / 3).toFixed(6),
    unrealisedText: "0",
    feesText: (at / 40).toFixed(6),
    exposureUsdt: 0,
  }));
}

/** The view of a process that has a past: a curve, and people and rules that stepped in. */
function lived(view: MonitorView): MonitorView {
  return {
    ...view,
    equity: equityOf(40),
    interventions: [
      action(0, { action: "halt", reason: "spread looks wrong" }),
      action(1, { action: "flatten", outcome: "1 order and 2 positions left", isDone: false }),
      action(2, { by: "scalper", cause: "daily_loss", isAutomatic: true }),
      action(3, { action: "resume", reason: "it was the feed", outcome: "trading is on" }),
    ],
  };
}

function action(ago: number, change: Partial<Intervention>): Intervention {
  const atMs = NOW_MS - 60_000 * (ago + 1);
  return {
    id: `k3f9a2-${ago}`,
    atMs,
    action: "halt",
    commandId: "",
    symbol: "",
    verdict: "executed",
    cause: "operator",
    by: "anna",
    reason: "no reason given",
    isAutomatic: false,
    outcome: "entries stopped",
    isDone: true,
    outcomeAtMs: atMs,
    ...change,
  };
}

function healthOf(status: ServiceHealth["status"], detail: string): HealthReport {
  return {
    ...fixture.health,
    status,
    services: SERVICE_NAMES.map((name) => ({
      name,
      status,
      detail,
      lastOkAtMs: status === "down" ? null : NOW_MS - 61_000,
    })),
  };
}

const NO_SOURCES: Sources = {
  money: moneyOf([]),
  blotter: fixtureBlotter({ fills: [], orders: [], denials: [] }),
  storage: () =>
    Promise.resolve({
      database: { path: "data/scalper.db", bytes: 4_096, walBytes: 0, rows: {}, lostWrites: 0 },
      logs: { dir: "data/logs", bytes: 0, capBytes: 536_870_912, files: [] },
      disk: { freeBytes: 71_442_333_696, totalBytes: 107_374_182_400 },
      checkedAtMs: NOW_MS,
    }),
  logs: {
    files: () => [],
    tail: () => Promise.resolve(null),
    find: () => Promise.resolve(null),
    around: () => Promise.resolve(null),
  },
  charts: {
    instrument: () => null,
    newest: () => [],
    bars: () => [],
    trades: () => [],
    features: () => [],
    ladder: () => null,
    ahead: () => null,
  },
  scenario: { now: () => Promise.resolve(null) },
  people: { list: () => [], sessions: () => [] },
  faults: { now: () => Promise.resolve(null) },
  healthPast: () => healthPast([], { fromMs: NOW_MS - 86_400_000, toMs: NOW_MS, cells: 48 }),
  trail: { rows: () => [] },
};

function brokenView(): MonitorView {
  const { view } = fixture;
  const [order] = [...view.openOrders.values()];
  if (order === undefined) throw new Error("the fixture has orders");
  const orders = ORDER_STATES.map((state) => ({
    ...order,
    clientId: asClientOrderId(`k3f9a2-maker-${state}`),
    state,
    detail: LONG,
  }));
  return {
    ...view,
    trading: { state: "halted", reason: LONG },
    interventions: [action(0, { action: "flatten", by: LONG, reason: LONG, outcome: LONG })],
    openOrders: new Map(orders.map((row) => [row.clientId, row])),
    positions: new Map(
      [...view.positions].map(([symbol, row]) => [symbol, { ...row, stopLossText: "" }]),
    ),
    symbols: new Map(
      [...view.symbols].map(([symbol, row]) => [
        symbol,
        {
          ...row,
          bookState: "quarantined",
          bookFault: LONG,
          lastText: "",
          bidText: "",
          spreadBps: Number.NaN,
          change24hPct: Number.NaN,
          fundingRateText: "",
          bookAudit: { matched: false, atMs: NOW_MS - 3_000, detail: LONG },
        },
      ]),
    ),
    account: { ...view.account, dayLossUsdt: 61.5, exposureUsdt: 2_400 },
    counters: { ...view.counters, booksLive: 0, booksQuarantined: 12, marketAgeMs: 61_000 },
    feeds: {
      market: { up: false, detail: LONG, atMs: NOW_MS - 61_000 },
      private: { up: false, detail: "no frame for 20 s", atMs: NOW_MS - 62_000 },
      rest: { up: false, detail: LONG, atMs: NOW_MS - 63_000 },
    },
    recentDenials: Object.values(REASONS).map((reason, at) => ({
      atMs: NOW_MS - 1_000 * at,
      symbol: "PEPEUSDT",
      side: at % 2 === 0 ? "buy" : "sell",
      purpose: "entry",
      strategy: "maker",
      reason,
    })),
  };
}

/** 611 symbols that are all traded, with orders and positions in every one of them. */
function crowdedView(): MonitorView {
  const { view } = crowded;
  const [order] = [...view.openOrders.values()];
  const [position] = [...view.positions.values()];
  const [fill] = view.recentFills;
  const [denial] = view.recentDenials;
  if (!order || !position || !fill || !denial) throw new Error("the fixture has rows");
  const names = [...view.symbols.keys()];
  const huge = "123456789012.123456789";
  return {
    ...view,
    equity: equityOf(360),
    interventions: Array.from({ length: RECENT_MAX }, (_, at) =>
      action(at, { action: "cancel_all", reason: LONG, outcome: LONG }),
    ),
    symbols: new Map([...view.symbols].map(([name, row]) => [name, { ...row, active: true }])),
    positions: new Map(
      names.map((symbol, at) => [
        symbol,
        { ...position, symbol, side: at % 2 === 0 ? "long" : "short", realisedText: huge },
      ]),
    ),
    openOrders: new Map(
      names.map((symbol, at) => {
        const clientId = asClientOrderId(`k3f9a2-maker-${at}`);
        const strategy = `strategy${at % 30}`;
        const much = { qtyText: huge, priceText: huge, reason: LONG };
        return [clientId, { ...order, symbol, clientId, strategy, ...much }];
      }),
    ),
    recentFills: names
      .slice(0, RECENT_MAX)
      .map((symbol, at) => ({ ...fill, symbol, execId: asExecId(`e${at}`), qtyText: huge })),
    recentDenials: names.slice(0, RECENT_MAX).map((symbol) => ({ ...denial, symbol })),
    account: { ...view.account, equityText: huge, realisedText: huge, unrealisedText: `-${huge}` },
    feeds: Object.fromEntries(
      Object.entries(view.feeds).map(([name, feed]) => [name, { ...feed, detail: LONG }]),
    ),
  };
}

const QUERY = { symbol: "BTCUSDT" };

export const GALLERY: readonly GalleryState[] = [
  {
    name: "empty",
    about: "The process has just started: the engine has not reported, nothing is recorded.",
    query: QUERY,
    sources: NO_SOURCES,
    model: model({
      view: emptyView(NOW_MS),
      health: { ...healthOf("down", "not connected yet"), venueCounters: {} },
    }),
  },
  {
    name: "live",
    about: "As it is most of the time.",
    query: QUERY,
    sources: deps,
    model: model(),
  },
  {
    name: "stale",
    about: "The engine has been silent for three minutes: everything shown is old.",
    query: QUERY,
    sources: deps,
    model: model({
      nowMs: NOW_MS + 180_000,
      health: healthOf("degraded", "no step for 180000 ms"),
      view: {
        ...lived(fixture.view),
        symbols: new Map(
          [...fixture.view.symbols].map(([name, row]) => [name, { ...row, bookState: "stale" }]),
        ),
      },
    }),
  },
  {
    name: "error",
    about: "Everything that can be wrong is wrong, with texts longer than anybody planned.",
    query: QUERY,
    sources: {
      ...NO_SOURCES,
      // Borders that nobody saw, and a record that is not counted yet.
      money: { ...deps.money, netAt: () => null, isBehind: () => true },
      storage: () =>
        deps.storage().then((report) => ({
          ...report,
          database: { ...report.database, lostWrites: 1_284 },
          logs: { ...report.logs, bytes: 2 * report.logs.capBytes },
          disk: { ...report.disk, freeBytes: 0 },
        })),
    },
    model: model({
      view: brokenView(),
      health: {
        ...healthOf("down", LONG),
        venueCounters: { public_unknown_topic: 1_204_112, unusable_orderbook: 3 },
      },
    }),
  },
  {
    name: "many",
    about: "611 symbols traded at once, with every list full and the largest numbers.",
    query: QUERY,
    sources: crowded.deps,
    model: model({
      view: crowdedView(),
      health: {
        ...healthOf("ok", LONG),
        venueCounters: Object.fromEntries(
          Array.from({ length: 60 }, (_, at) => [
            `private_unknown_topic_${at}`,
            9_007_199_254 * at,
          ]),
        ),
      },
    }),
  },
];
