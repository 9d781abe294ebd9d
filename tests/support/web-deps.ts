/**
 * A believable running product for the web edge, from literals and one seed: 611 symbols, open
 * positions and orders, fills, logs, users of every role. Tests change what they need through the
 * returned handles; nothing here opens a port, a file or a database.
 */

import type { OperatorAction } from "../../src/domain/event.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { SERVICE_NAMES } from "../../src/domain/service.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../src/domain/units.ts";
import type { OrderAudit, PositionAudit, SymbolAudit } from "../../src/engine/audit.ts";
import { gridOf, toNumber, toText } from "../../src/kernel/decimal.ts";
import { parseFixed } from "../../src/kernel/fixed.ts";
import { type Prng, prngOf } from "../../src/kernel/prng.ts";
import { failure, success } from "../../src/kernel/result.ts";
import type { HealthReport, MonitorView, RunInfo } from "../../src/monitor/view.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import type {
  AuthStore,
  LoginThrottle,
  Role,
  Session,
  User,
} from "../../src/runtime/ports/accounts.ts";
import type { LogReader } from "../../src/runtime/ports/log.ts";
import type { StorageReport } from "../../src/runtime/ports/record.ts";
import type { Category } from "../../src/universe/category.ts";
import type { SymbolProfile } from "../../src/universe/profile.ts";
import { DEFAULT_UNIVERSE } from "../../src/universe/universe-parameters.ts";
import type { WebDeps } from "../../src/web/deps.ts";
import { given } from "./given.ts";
import { fixtureHistory } from "./web-history.ts";

/** 2026-11-21 05:40:00 UTC */
export const FIXTURE_NOW_MS = Date.UTC(2026, 10, 21, 5, 40, 0);
export const FIXTURE_PASSWORD = "correct horse battery";
/** Planted in places a page must never show. */
export const CANARY = "CANARY-5ecr3t";

const COINS = (
  "BTC ETH SOL XRP DOGE ADA LINK AVAX SUI LTC BCH DOT NEAR UNI APT ARB OP FIL ATOM INJ TIA SEI " +
  "ONDO WLD PEPE BONK WIF FLOKI SHIB JUP PYTH ENA TON TRX ETC XLM HBAR ICP VET ALGO AAVE MKR CRV " +
  "LDO RUNE GRT SNX DYDX GMX IMX SAND MANA AXS GALA CHZ APE ENJ ROSE KAVA ZIL"
).split(" ");
const PRICES: Readonly<Record<string, number>> = {
  BTC: 96_412.3,
  ETH: 3_318.42,
  SOL: 214.63,
  XRP: 1.4312,
  DOGE: 0.38654,
};

export interface WebFixture {
  readonly deps: WebDeps;
  /** Every command that reached the engine. */
  readonly commands: { action: OperatorAction; by: string; reason: string }[];
  readonly accessLines: Readonly<Record<string, unknown>>[];
  readonly logLines: { level: string; text: string; data?: unknown }[];
  /** Calls of `login` that reached the store. */
  readonly loginCalls: string[];
  view: MonitorView;
  health: HealthReport;
  ready: { ok: boolean; waitingFor: readonly string[] };
  nowMs: number;
  /** Moves prices, marks, P&L and versions a step, as the engine's next audit would. */
  tick(): void;
  /** Appends lines to a followed log file. */
  appendLog(file: string, lines: readonly string[]): void;
  /** A session cookie header value for a user of this role. */
  cookieOf(role: Role): string;
  csrfOf(role: Role): string;
}

export interface FixtureOptions {
  readonly symbols?: number;
  readonly mode?: RunInfo["mode"];
  readonly throttle?: LoginThrottle;
}

export function webFixture(options: FixtureOptions = {}): WebFixture {
  const prng = prngOf("web fixture");
  const auth = fixtureAuth();
  const logs = fixtureLogs();
  const fixture = {
    commands: [],
    accessLines: [],
    logLines: [],
    loginCalls: auth.calls,
    view: fixtureView(prng, options.symbols ?? 611),
    health: fixtureHealth(FIXTURE_NOW_MS),
    ready: { ok: true, waitingFor: [] },
    nowMs: FIXTURE_NOW_MS,
  } as unknown as { -readonly [Key in keyof WebFixture]: WebFixture[Key] };
  auth.clock.nowMs = () => fixture.nowMs;
  fixture.tick = () => {
    fixture.nowMs += 1000;
    fixture.view = nextView(fixture.view, fixture.nowMs, prng);
    fixture.health = fixtureHealth(fixture.nowMs);
  };
  fixture.appendLog = logs.append;
  fixture.cookieOf = (role) => `scalper_session=token-${role}`;
  fixture.csrfOf = (role) => `csrf-${role}`;
  fixture.deps = fixtureDeps(fixture, auth.store, logs.reader, options);
  return fixture;
}

function fixtureDeps(
  fixture: WebFixture,
  auth: AuthStore,
  logs: LogReader,
  options: FixtureOptions,
): WebDeps {
  const fills = fixtureFills(fixture.view);
  const log =
    (level: string) =>
    (text: string, data?: Readonly<Record<string, unknown>>): void => {
      fixture.logLines.push({ level, text, data });
    };
  return {
    run: {
      runId: "k3f9a2",
      version: "0.1.0",
      mode: options.mode ?? "SIM",
      venue: "sim",
      trading: "paper",
      startedAtMs: FIXTURE_NOW_MS - 7_384_000,
      dataDir: "/var/lib/scalper",
      logDir: "/var/lib/scalper/logs",
    },
    view: () => fixture.view,
    health: () => fixture.health,
    ready: () => fixture.ready,
    auth,
    throttle: options.throttle,
    trades: {
      trades: ({ symbol, limit, before }) =>
        fills
          .filter((fill) => symbol === undefined || fill.symbol === symbol)
          .filter((fill) => before === undefined || fill.id < before)
          .slice(0, limit),
    },
    history: fixtureHistory(FIXTURE_NOW_MS),
    tickers: {
      tickers: () => tickersOf(fixture.view),
      version: () => fixture.view.symbolsVersion,
    },
    storage: () => Promise.resolve(fixtureStorage(fixture.nowMs)),
    logs,
    command: (action, by, reason) => {
      fixture.commands.push({ action, by, reason });
      fixture.view = afterCommand(fixture.view, fixture.nowMs, { action, by, reason });
    },
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    access: (line) => {
      fixture.accessLines.push(line);
    },
    nowMs: () => fixture.nowMs,
  };
}

/** The engine tells of a command in its audit, and the pages show it from there. */
function afterCommand(
  view: MonitorView,
  atMs: number,
  command: { readonly action: OperatorAction; readonly by: string; readonly reason: string },
): MonitorView {
  const told = {
    ...command,
    id: `k3f9a2-${view.interventions.length + 1}`,
    atMs,
    cause: "operator",
    isAutomatic: false,
    outcome: "asked for",
    isDone: false,
    outcomeAtMs: atMs,
  } as const;
  return { ...view, interventions: [told, ...view.interventions] };
}

// ---------------------------------------------------------------------------------- view

function fixtureView(prng: Prng, symbolCount: number): MonitorView {
  const instruments = fixtureInstruments(symbolCount);
  const symbols = instruments.map((instrument, rank) => symbolAudit(instrument, rank, prng));
  const bySymbol = new Map(symbols.map((row) => [row.symbol, row]));
  return {
    seq: 5120,
    atMs: FIXTURE_NOW_MS - 400,
    symbolsVersion: 9,
    trading: { state: "on", reason: "started" },
    missing: [],
    instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
    symbols: bySymbol,
    openOrders: new Map(fixtureOrders(symbols).map((order) => [order.clientId, order])),
    recentOrders: fixtureRecentOrders(symbols),
    positions: new Map(fixturePositions(symbols).map((row) => [row.symbol, row])),
    recentFills: fixtureFillRows(symbols, instruments, 60),
    recentDenials: [
      denial(1_200, "PEPEUSDT", { code: "BOOK_STALE", ageMs: 3_412, ageMsMax: 3_000 }),
      denial(8_450, "ETHUSDT", { code: "PRICE_OUTSIDE_BAND", distanceBps: 61.2, bandBps: 50 }),
      denial(61_000, "BTCUSDT", {
        code: "ORDER_NOTIONAL_ABOVE_MAX",
        notionalUsdt: 1_542.6,
        maxUsdt: 1_000,
      }),
    ],
    account: {
      equityText: "10042.718344125",
      availableText: "8911.02",
      realisedText: "61.482210004",
      feesText: "24.9917731",
      fundingText: "-1.203311",
      unrealisedText: "5.0249123",
      exposureUsdt: 980.44,
      fillCount: 1_284,
      dayLossUsdt: 16.504,
      limits: {
        orderNotionalUsdtMax: 250,
        symbolExposureUsdtMax: 500,
        totalExposureUsdtMax: 2_000,
        dailyLossUsdtMax: 50,
      },
    },
    strategies: [
      fixtureStrategy("maker", "Maker at the touch", ["BTCUSDT", "ETHUSDT"], "60.482210004"),
      fixtureStrategy("momentum", "Taker of short moves", ["SOLUSDT"], "1"),
    ],
    universe: fixtureUniverse(symbols),
    profiles: new Map(symbols.slice(0, 40).map((row) => [row.symbol, fixtureProfile(row)])),
    counters: fixtureCounters(symbols),
    feeds: {
      market: { up: true, detail: "7 connections, 1833 topics", atMs: FIXTURE_NOW_MS - 90_000 },
      private: { up: true, detail: "authenticated", atMs: FIXTURE_NOW_MS - 91_000 },
      rest: { up: true, detail: "clock offset 3 ms", atMs: FIXTURE_NOW_MS - 12_000 },
    },
    interventions: [],
    incidents: [],
    equity: [],
  };
}

function fixtureStrategy(
  name: string,
  title: string,
  symbols: readonly string[],
  realisedText: string,
): MonitorView["strategies"][number] {
  const money = { realisedText, feesText: "0.5", fundingText: "0", unrealisedText: "0.25" };
  return { name, title, symbols, openPositions: 1, fillCount: 12, ...money };
}

function fixtureInstruments(count: number): Instrument[] {
  return Array.from({ length: count }, (_, index) => {
    const coin = given(COINS[index % COINS.length]);
    const round = Math.floor(index / COINS.length);
    const base =
      round === 0
        ? coin
        : `${["1000", "10000", "K", "X", "NEO"][round % 5]}${coin}${round > 5 ? round : ""}`;
    const price = basePrice(coin, round);
    const tick =
      price > 1_000 ? "0.10" : price > 10 ? "0.010" : price > 0.1 ? "0.0001" : "0.0000001";
    return {
      id: index as SymbolId,
      venue: "bybit",
      symbol: `${base}USDT`,
      baseCoin: base,
      quoteCoin: "USDT",
      status: index % 97 === 96 ? "prelaunch" : "trading",
      launchAtMs: Date.UTC(2020, 2, 15) + index * 86_400_000 * 3,
      price: gridOf(tick),
      qty: gridOf(price > 1_000 ? "0.001" : price > 1 ? "0.1" : "1"),
      qtyStepsMin: 1 as QtySteps,
      limitQtyStepsMax: 1_190_000 as QtySteps,
      marketQtyStepsMax: 119_000 as QtySteps,
      notionalMin: given(parseFixed("5")),
      leverageMax: index < 3 ? 100 : 50,
      fundingIntervalMin: index % 3 === 0 ? 480 : 240,
    };
  });
}

function basePrice(coin: string, round: number): number {
  let hash = 7;
  for (const letter of coin) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
  return (PRICES[coin] ?? 0.00002 + (hash % 4000) / 170) / (round + 1);
}

function symbolAudit(instrument: Instrument, rank: number, prng: Prng): SymbolAudit {
  const price = basePrice(instrument.baseCoin, 0) * (1 + prng.normal() * 0.001);
  const ticks = Math.max(2, Math.round(price / toNumber(instrument.price, 1)));
  const text = (offset: number): string => toText(instrument.price, ticks + offset);
  const category = categoryOf(instrument, rank);
  const active = rank < 12;
  const bookState = rank === 4 ? "quarantined" : rank === 9 ? "stale" : active ? "live" : "none";
  return {
    symbol: instrument.symbol,
    status: instrument.status,
    category,
    score: Math.max(0, 94 - rank * 0.31 + prng.normal()),
    active,
    bookState,
    bookFault: bookState === "quarantined" ? "update 812 followed 809" : "",
    bidText: text(-1),
    askText: text(0),
    lastText: text(0),
    markText: text(0),
    change24hPct: prng.normal() * 4,
    turnover24hUsdt: 4_100_000_000 / (rank + 1) ** 1.4,
    spreadBps: 0.1 + rank * 0.06 + prng.next(),
    imbalance: Math.tanh(prng.normal()),
    micropriceText: text(0),
    volatilityBps: 4 + prng.next() * 20,
    fundingRateText: (prng.normal() * 0.0001).toFixed(8),
    nextFundingAtMs: FIXTURE_NOW_MS + 8_400_000,
    updatedAtMs: FIXTURE_NOW_MS - 350 - (rank === 9 ? 9_000 : 0),
    bookAudit:
      rank < 12
        ? {
            matched: rank !== 4,
            atMs: FIXTURE_NOW_MS - 42_000 - rank * 1_000,
            detail: rank === 4 ? "bid 3 differs" : "50 levels a side",
          }
        : null,
  };
}

function categoryOf(instrument: Instrument, rank: number): Category {
  if (instrument.status !== "trading") return "halted";
  const BY_TURNOVER = ["major", "liquid", "mid", "thin"] as const;
  return BY_TURNOVER[Math.floor(Math.log2(rank / 6 + 1))] ?? (rank % 5 === 0 ? "new" : "thin");
}

function fixturePositions(symbols: readonly SymbolAudit[]): PositionAudit[] {
  const row = (index: number, side: PositionAudit["side"], unrealised: number) => {
    const symbol = given(symbols[index]);
    return {
      symbol: symbol.symbol,
      side,
      qtyText: side === "flat" ? "0" : index === 0 ? "0.012" : "38.4",
      entryPriceText: side === "flat" ? "" : symbol.markText,
      markText: symbol.markText,
      stopLossText: side === "flat" || index === 2 ? "" : symbol.bidText,
      notionalText: side === "flat" ? "0" : "1156.94",
      unrealisedText: unrealised.toFixed(6),
      realisedText: (12.4171 - index).toFixed(4),
      feesText: "3.1812",
      fundingText: "0.1204",
      updatedAtMs: FIXTURE_NOW_MS - 2_000,
    };
  };
  return [row(0, "long", 6.1823), row(1, "short", -1.1574), row(2, "long", 0), row(3, "flat", 0)];
}

function fixtureOrders(symbols: readonly SymbolAudit[]): OrderAudit[] {
  const states = ["open", "open", "cancelling", "unknown", "submitting", "open"] as const;
  return states.map((state, index) => {
    const symbol = given(symbols[index % 4]);
    return {
      clientId: asClientOrderId(`k3f9a2-maker-${(index + 400).toString(36)}`),
      venueOrderId: asVenueOrderId(
        state === "submitting" ? "" : `9f2c7d10-55aa-4f0e-8d0a-00000000000${index}`,
      ),
      symbol: symbol.symbol,
      side: index % 2 === 0 ? "buy" : "sell",
      type: "limit",
      timeInForce: "post_only",
      priceText: index % 2 === 0 ? symbol.bidText : symbol.askText,
      qtyText: "0.012",
      filledText: index === 1 ? "0.004" : "0",
      stopLossText: "",
      priceTicks: 1_000 as PriceTicks,
      qtySteps: 12 as QtySteps,
      filledSteps: (index === 1 ? 4 : 0) as QtySteps,
      stopLossTicks: null,
      reason: "imbalance 0.41, edge 1.2 bps",
      state,
      purpose: index === 5 ? "exit" : "entry",
      strategy: "maker",
      reduceOnly: index === 5,
      detail: state === "unknown" ? "no answer in 2000 ms, asking by client id" : "",
      createdAtMs: FIXTURE_NOW_MS - 5_000 * (index + 1),
      updatedAtMs: FIXTURE_NOW_MS - 2_000 * (index + 1),
    };
  });
}

function fixtureRecentOrders(symbols: readonly SymbolAudit[]): OrderAudit[] {
  return fixtureOrders(symbols).map((order, index) => ({
    ...order,
    clientId: asClientOrderId(`${order.clientId}-done`),
    state: index === 0 ? "rejected" : "closed",
    detail: index === 0 ? "110007 insufficient balance" : "EC_PostOnlyWillTakeLiquidity",
  }));
}

function fixtureFillRows(
  symbols: readonly SymbolAudit[],
  instruments: readonly Instrument[],
  count: number,
): LedgerFill[] {
  return Array.from({ length: count }, (_, index) => {
    const rank = index % 4;
    const symbol = given(symbols[rank]);
    const instrument = given(instruments[rank]);
    const priceTicks = Math.round(Number(symbol.markText) / toNumber(instrument.price, 1));
    const closes = index % 3 !== 0;
    return {
      execId: asExecId(`e${(90_000 - index).toString(16)}`),
      execKind: index === 7 ? "funding" : "trade",
      symbolId: instrument.id,
      symbol: symbol.symbol,
      venueOrderId: asVenueOrderId(`9f2c7d10-55aa-4f0e-8d0a-${String(index).padStart(12, "0")}`),
      clientId: asClientOrderId(`k3f9a2-maker-${(900 - index).toString(36)}`),
      strategy: "maker",
      side: index % 2 === 0 ? "buy" : "sell",
      priceTicks: priceTicks as PriceTicks,
      qtySteps: 12 as QtySteps,
      priceText: symbol.markText,
      qtyText: toText(instrument.qty, 12),
      value: given(parseFixed("1156.9476")),
      fee: index === 7 ? 0n : given(parseFixed("0.23138952")),
      funding: index === 7 ? given(parseFixed("-0.0412")) : 0n,
      realisedPnl: closes ? given(parseFixed(index % 2 === 0 ? "0.41200031" : "-0.17733")) : 0n,
      positionSteps: closes ? 0 : 12,
      isMaker: index % 5 !== 4,
      venueAtMs: FIXTURE_NOW_MS - 31_000 * index - 4_012,
      atMs: FIXTURE_NOW_MS - 31_000 * index - 4_000,
    };
  });
}

/** The whole table of executions: what the view still has, and older rows. Newest first. */
function fixtureFills(view: MonitorView): (LedgerFill & { id: number })[] {
  const symbols = [...view.symbols.values()];
  const instruments = [...view.instruments.values()];
  return fixtureFillRows(symbols, instruments, 260).map((fill, index) => ({
    ...fill,
    id: 1_284 - index,
  }));
}

function fixtureUniverse(symbols: readonly SymbolAudit[]): MonitorView["universe"] {
  const counts: Partial<Record<SymbolAudit["category"], number>> = {};
  for (const row of symbols) counts[row.category] = (counts[row.category] ?? 0) + 1;
  return {
    counts,
    active: symbols.filter((row) => row.active).map((row) => row.symbol),
    parameters: { ...DEFAULT_UNIVERSE, activeMax: 12 },
    updatedAtMs: FIXTURE_NOW_MS - 21_000,
  };
}

function fixtureProfile(row: SymbolAudit): SymbolProfile {
  return {
    symbol: row.symbol,
    samples: 1_440,
    spreadBps: row.spreadBps,
    volatilityBps1m: row.volatilityBps,
    tradesPerMin: 412.25,
    turnover24hUsdt: row.turnover24hUsdt,
    topDepthUsdt: 184_220.5,
    fills: 96,
    makerFills: 88,
    netPnlUsdt: 4.1182,
    category: row.category,
    score: row.score,
    updatedAtMs: FIXTURE_NOW_MS - 21_000,
  };
}

function fixtureCounters(symbols: readonly SymbolAudit[]): MonitorView["counters"] {
  return {
    events: 18_224_113,
    bookFrames: 9_120_331,
    tickerFrames: 6_411_902,
    tradeFrames: 2_690_114,
    booksLive: symbols.filter((row) => row.bookState === "live").length,
    booksQuarantined: symbols.filter((row) => row.bookState === "quarantined").length,
    ordersSubmitted: 8_412,
    ordersDenied: 311,
    ordersRejected: 4,
    ordersUnknown: 1,
    fills: 1_284,
    marketAgeMs: 38,
  };
}

function denial(
  agoMs: number,
  symbol: string,
  reason: MonitorView["recentDenials"][number]["reason"],
): MonitorView["recentDenials"][number] {
  return {
    atMs: FIXTURE_NOW_MS - agoMs,
    symbol,
    side: "buy",
    purpose: "entry",
    strategy: "maker",
    reason,
  };
}

/** The view one second later: every active price moves, so do P&L and the versions. */
function nextView(view: MonitorView, nowMs: number, prng: Prng): MonitorView {
  const symbols = new Map(view.symbols);
  for (const row of view.symbols.values()) {
    const grid = view.instruments.get(row.symbol)?.price;
    if (grid === undefined || prng.next() < 0.5) continue;
    const ticks =
      Math.round(Number(row.lastText) / toNumber(grid, 1)) + (prng.next() < 0.5 ? -1 : 1);
    const lastText = toText(grid, Math.max(2, ticks));
    symbols.set(row.symbol, { ...row, lastText, markText: lastText, updatedAtMs: nowMs });
  }
  const positions = new Map(view.positions);
  for (const row of view.positions.values()) {
    if (row.side === "flat") continue;
    const unrealisedText = (Number(row.unrealisedText) + prng.normal()).toFixed(6);
    positions.set(row.symbol, { ...row, unrealisedText, updatedAtMs: nowMs });
  }
  const unrealised = [...positions.values()].reduce(
    (sum, row) => sum + Number(row.unrealisedText),
    0,
  );
  return {
    ...view,
    seq: view.seq + 1,
    atMs: nowMs - 120,
    symbolsVersion: view.symbolsVersion + 1,
    symbols,
    positions,
    account: {
      ...view.account,
      unrealisedText: unrealised.toFixed(6),
      equityText: (10_037.69 + unrealised).toFixed(6),
    },
    counters: { ...view.counters, events: view.counters.events + 2_711 },
  };
}

function tickersOf(view: MonitorView): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...view.symbols.values()].map((row) => [
      row.symbol,
      { symbol: row.symbol, lastPrice: row.lastText, markPrice: row.markText },
    ]),
  );
}

// -------------------------------------------------------------------------------- service

function fixtureHealth(nowMs: number): HealthReport {
  const details: Record<string, string> = {
    engine: "2 711 events/s, step p99 41 µs",
    "market-feed": "7 connections, newest frame 38 ms old",
    "private-feed": "authenticated, last frame 2 s ago",
    rest: "clock offset 3 ms",
    universe: "12 active of 611",
    storage: "0 writes lost",
    logs: "3 files, 41 MB of 512 MB",
    web: "1 dashboard open",
  };
  return {
    status: "ok",
    version: "0.1.0",
    uptimeSec: Math.floor((nowMs - FIXTURE_NOW_MS) / 1000) + 7_384,
    services: SERVICE_NAMES.map((name) => ({
      name,
      status: "ok",
      detail: details[name] ?? "",
      lastOkAtMs: nowMs - 1_000,
    })),
    venueCounters: { public_unknown_topic: 3, repeated_executions: 1, clock_offset_ms: -2.5 },
    checkedAtMs: nowMs - 1_000,
  };
}

function fixtureStorage(nowMs: number): StorageReport {
  return {
    database: {
      path: "/var/lib/scalper/scalper.db",
      bytes: 41_943_040,
      walBytes: 1_048_576,
      rows: { executions: 1_284, orders: 8_412, profiles: 611, users: 3 },
      lostWrites: 0,
    },
    logs: {
      dir: "/var/lib/scalper/logs",
      bytes: 42_991_616,
      capBytes: 536_870_912,
      files: [
        { name: "engine.log", bytes: 31_000_000, modifiedAtMs: nowMs - 400 },
        { name: "access.log", bytes: 9_000_000, modifiedAtMs: nowMs - 1_400 },
        { name: "trades.log", bytes: 2_991_616, modifiedAtMs: nowMs - 31_400 },
      ],
    },
    disk: { freeBytes: 71_442_333_696, totalBytes: 107_374_182_400 },
    checkedAtMs: nowMs,
  };
}

function fixtureAuth(): {
  store: AuthStore;
  calls: string[];
  clock: { nowMs: () => number };
} {
  const clock = { nowMs: () => FIXTURE_NOW_MS };
  const calls: string[] = [];
  const users = new Map<string, User>(
    (["viewer", "operator", "admin"] as const).map((role, index) => [
      role,
      { id: index + 1, name: role, role, theme: "system" },
    ]),
  );
  const passwords = new Map([...users.keys()].map((name) => [name, FIXTURE_PASSWORD]));
  const sessions = new Map<string, { name: string; csrfToken: string; expiresAtMs: number }>();
  for (const name of users.keys()) {
    sessions.set(`token-${name}`, {
      name,
      csrfToken: `csrf-${name}`,
      expiresAtMs: FIXTURE_NOW_MS + 1_800_000,
    });
  }
  const peek = (token: string): Session | null => {
    const row = sessions.get(token);
    const user = users.get(row?.name ?? "");
    if (row === undefined || user === undefined || row.expiresAtMs <= clock.nowMs()) return null;
    return { user, csrfToken: row.csrfToken, expiresAtMs: row.expiresAtMs };
  };
  let made = 0;
  const store: AuthStore = {
    login(name, password) {
      calls.push(name);
      if (passwords.get(name) !== password) return Promise.resolve(null);
      const token = `token-new-${++made}`;
      const expiresAtMs = clock.nowMs() + 1_800_000;
      sessions.set(token, { name, csrfToken: `csrf-new-${made}`, expiresAtMs });
      const session = peek(token);
      return Promise.resolve(session === null ? null : { token, session });
    },
    session(token) {
      const row = sessions.get(token);
      if (peek(token) !== null && row !== undefined) row.expiresAtMs = clock.nowMs() + 1_800_000;
      return peek(token);
    },
    logout: (token) => {
      sessions.delete(token);
    },
    changePassword(userId, current, next) {
      const refused = (problem: string) => Promise.resolve(failure(problem));
      const name = [...users.values()].find(({ id }) => id === userId)?.name ?? "";
      if (passwords.get(name) !== current) return refused("The current password is wrong.");
      if (next.length < 12) return refused("The new password needs at least 12 characters.");
      passwords.set(name, next);
      for (const [token, row] of sessions) if (row.name === name) sessions.delete(token);
      return Promise.resolve(success(null));
    },
    setTheme(userId, theme) {
      for (const user of users.values()) {
        if (user.id === userId) users.set(user.name, { ...user, theme });
      }
    },
    peek,
  };
  return { store, calls, clock };
}

function fixtureLogs(): {
  reader: LogReader;
  append: (file: string, lines: readonly string[]) => void;
} {
  const texts = [
    "order placed",
    "order filled",
    "book quarantined",
    "profile saved",
    "quote moved <b>3</b> ticks",
  ];
  const content = new Map<string, string[]>([
    [
      "engine.log",
      Array.from({ length: 400 }, (_, index) =>
        JSON.stringify({
          time: new Date(FIXTURE_NOW_MS - (400 - index) * 1_500).toISOString(),
          level: index % 23 === 0 ? "warn" : index % 91 === 0 ? "error" : "info",
          msg: texts[index % texts.length],
          symbol: `${COINS[index % 6]}USDT`,
          seq: index,
        }),
      ),
    ],
    ["access.log", ['{"level":"info","msg":"GET / 200"}']],
    ["trades.log", []],
  ]);
  const followers = new Map<string, Set<(lines: readonly string[]) => void>>();
  return {
    append(file, lines) {
      content.set(file, [...(content.get(file) ?? []), ...lines]);
      for (const follower of followers.get(file) ?? []) follower(lines);
    },
    reader: {
      files: () =>
        [...content].map(([name, lines]) => ({
          name,
          bytes: lines.join("\n").length,
          modifiedAtMs: FIXTURE_NOW_MS - 400,
        })),
      tail({ file, lines, q }) {
        const all = content.get(file);
        if (all === undefined) return Promise.resolve(null);
        return Promise.resolve(
          all.filter((line) => q === undefined || line.includes(q)).slice(-lines),
        );
      },
      follow(file, onLines) {
        const set = followers.get(file) ?? new Set();
        set.add(onLines);
        followers.set(file, set);
        return () => {
          set.delete(onLines);
        };
      },
    },
  };
}
