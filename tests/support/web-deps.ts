/**
 * A believable running product for the web edge, from literals and one seed: 611 symbols, open
 * positions and orders, fills, logs, users of every role. Tests change what they need through the
 * returned handles; nothing here opens a port, a file or a database.
 */

import { createLimitsDesk } from "../../src/app/limits-desk.ts";
import type { OperatorAction } from "../../src/domain/event.ts";
import type { LimitsChange } from "../../src/domain/limits-event.ts";
import { SERVICE_NAMES } from "../../src/domain/service.ts";
import type { SymbolAudit, Verdict } from "../../src/engine/audit.ts";
import { toNumber, toText } from "../../src/kernel/decimal.ts";
import { type Prng, prngOf } from "../../src/kernel/prng.ts";
import type { HealthReport, MonitorView, RunInfo } from "../../src/monitor/view.ts";
import type { ScenarioState } from "../../src/monitor/weather.ts";
import { DEFAULT_LIMITS, limitsAt } from "../../src/risk/limits.ts";
import type { AuthStore, LoginThrottle, Role } from "../../src/runtime/ports/accounts.ts";
import type { CommandWish } from "../../src/runtime/ports/commands.ts";
import type { LimitChange } from "../../src/runtime/ports/limit-changes.ts";
import type { LogReader } from "../../src/runtime/ports/log.ts";
import type { StorageReport } from "../../src/runtime/ports/record.ts";
import type { SymbolProfile } from "../../src/universe/profile.ts";
import type { WebDeps } from "../../src/web/deps.ts";
import { blotterOf } from "./web-blotter.ts";
import { fixtureCharts } from "./web-charts.ts";
import { fixtureDenials } from "./web-denials.ts";
import { fixtureFaults } from "./web-faults.ts";
import { fixtureHealthPast } from "./web-health.ts";
import { fixtureLogs } from "./web-logs.ts";
import { FIXTURE_PAST } from "./web-money.ts";
import {
  FIXTURE_NOW_MS,
  fixtureChanges,
  fixtureFillRows,
  fixtureFills,
  fixtureHours,
  fixtureInstruments,
  fixtureOrders,
  fixturePositions,
  fixtureRecentOrders,
  fixtureUniverse,
  symbolAudit,
} from "./web-rows.ts";
import { fixtureSlots } from "./web-slots.ts";
import { FixtureUsers, fixturePeople, fixtureTrail } from "./web-users.ts";

export { FIXTURE_NOW_MS } from "./web-rows.ts";
export { FIXTURE_PASSWORD } from "./web-users.ts";

/** Planted in places a page must never show. */
export const CANARY = "CANARY-5ecr3t";

export interface WebFixture {
  readonly deps: WebDeps;
  /** Every command that reached the engine. */
  readonly limits: { told: LimitsChange[]; written: LimitChange[]; diskIsFull: boolean };
  readonly commands: { action: OperatorAction; symbol: string; by: string; reason: string }[];
  /** The same as the web edge handed them over. */
  readonly wishes: CommandWish[];
  /** What was asked of the embedded exchange; without one `state` is null. */
  readonly scenario: WebDeps["scenario"] & { called: unknown[]; state: ScenarioState | null };
  readonly faults: ReturnType<typeof fixtureFaults>;
  /** What becomes of the next ones. */
  verdict: Verdict;
  readonly accessLines: Readonly<Record<string, unknown>>[];
  readonly logLines: { level: string; text: string; data?: unknown }[];
  /** Calls of `login` that reached the store. */
  readonly loginCalls: string[];
  readonly people: ReturnType<typeof fixturePeople>;
  readonly trail: ReturnType<typeof fixtureTrail>;
  readonly users: FixtureUsers;
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
  const auth = new FixtureUsers();
  const logs = fixtureLogs();
  const fixture = {
    commands: [],
    limits: { told: [], written: [], diskIsFull: false },
    wishes: [],
    scenario: fixtureScenario(),
    faults: fixtureFaults(),
    verdict: "executed",
    accessLines: [],
    logLines: [],
    loginCalls: auth.calls,
    people: fixturePeople(auth),
    trail: fixtureTrail(),
    users: auth,
    view: fixtureView(prng, options.symbols ?? 611),
    health: fixtureHealth(FIXTURE_NOW_MS),
    ready: { ok: true, waitingFor: [] },
    nowMs: FIXTURE_NOW_MS,
  } as unknown as { -readonly [Key in keyof WebFixture]: WebFixture[Key] };
  auth.nowMs = () => fixture.nowMs;
  fixture.tick = () => {
    fixture.nowMs += 1000;
    fixture.view = nextView(fixture.view, fixture.nowMs, prng);
    fixture.health = fixtureHealth(fixture.nowMs);
  };
  fixture.appendLog = logs.append;
  fixture.cookieOf = (role) => `scalper_session=token-${role}`;
  fixture.csrfOf = (role) => `csrf-${role}`;
  fixture.deps = fixtureDeps(fixture, auth, logs.reader, options);
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
      before: null,
      dataDir: "/var/lib/scalper",
      logDir: "/var/lib/scalper/logs",
      timeZone: "UTC",
    },
    view: () => fixture.view,
    health: () => fixture.health,
    healthPast: fixtureHealthPast,
    ready: () => fixture.ready,
    auth,
    people: fixture.people,
    trail: fixture.trail,
    throttle: options.throttle,
    trades: {
      trades: ({ symbol, limit, before }) =>
        fills
          .filter((fill) => symbol === undefined || fill.symbol === symbol)
          .filter((fill) => before === undefined || fill.id < before)
          .slice(0, limit),
    },
    ...FIXTURE_PAST,
    blotter: blotterOf(fixture.view, fills),
    tickers: {
      tickers: () => tickersOf(fixture.view),
      version: () => fixture.view.symbolsVersion,
    },
    charts: chartsOf(fixture),
    storage: () => Promise.resolve(fixtureStorage(fixture.nowMs)),
    ...{ scenario: fixture.scenario, faults: fixture.faults },
    logs,
    limits: limitsOf(fixture),
    hours: fixtureHours,
    commands: fixtureDesk(fixture),
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    access: (line) => void fixture.accessLines.push(line),
    nowMs: () => fixture.nowMs,
  };
}

const chartsOf = (fixture: WebFixture) =>
  fixtureCharts(
    () => fixture.view,
    () => fixture.nowMs,
  );

/** An embedded exchange that does what it is told. */
function fixtureScenario(): WebFixture["scenario"] {
  return {
    called: [],
    state: { regimes: [], edge: null },
    now() {
      return Promise.resolve(this.state);
    },
    call(wish) {
      this.called.push(wish);
      const { kind, symbols, forS, strength } = wish;
      if (symbols.includes("NOPEUSDT")) return Promise.resolve("no such contract is listed");
      const untilMs = FIXTURE_NOW_MS + forS * 1_000;
      const regime = { kind, symbols, strength, fromMs: FIXTURE_NOW_MS, untilMs };
      this.state = { regimes: [regime], edge: null };
      return Promise.resolve(null);
    },
    clear() {
      this.called.push("clear");
      this.state = { regimes: [], edge: null };
      return Promise.resolve(null);
    },
  };
}

/** Carries every command out at once, or refuses it, as the fixture says. */
function fixtureDesk(fixture: WebFixture): WebDeps["commands"] {
  return {
    stamp: () => "k3f9a2@1000",
    find: (id) =>
      fixture.view.interventions.find((row) => row.commandId === id) ??
      fixture.deps.history.command(id),
    give(wish) {
      const { action, symbol, by, reason } = wish;
      fixture.commands.push({ action, symbol, by, reason });
      fixture.wishes.push(wish);
      fixture.view = afterCommand(fixture, wish);
      return fixture.view.interventions[0] ?? null;
    },
  };
}

/** The engine tells of a command in its audit, and the pages show it from there. */
function afterCommand(
  { view, nowMs: atMs, verdict }: WebFixture,
  { action, symbol, by, reason, id }: CommandWish,
): MonitorView {
  const told = {
    action,
    symbol,
    by,
    reason,
    commandId: id,
    verdict,
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

// -------------------------------------------------------------------------------- limits

/** The real desk over a disk that may be full. */
function limitsOf(fixture: WebFixture): WebDeps["limits"] {
  const { limits } = fixture;
  return createLimitsDesk({
    settings: DEFAULT_LIMITS,
    held: new Map(),
    view: () => fixture.view,
    write: (changes) => {
      if (limits.diskIsFull) throw new Error("database or disk is full");
      limits.written.push(...changes);
    },
    tell: (event) => void limits.told.push(event),
    nowMs: () => FIXTURE_NOW_MS,
    log: { info() {}, warn() {}, error() {} },
  });
}

const RISK = {
  set: DEFAULT_LIMITS,
  holds: limitsAt(DEFAULT_LIMITS, 400),
  drawdownUsdt: 12.5,
  symbolLossUsdt: 4.25,
  strategyLossUsdt: 8,
  symbolExposureUsdt: 180,
  marginUsedUsdt: 61,
  openOrders: 6,
};

const UNHURT = { missing: [], risk: RISK };

// ---------------------------------------------------------------------------------- view

function fixtureView(prng: Prng, symbolCount: number): MonitorView {
  const instruments = fixtureInstruments(symbolCount);
  const symbols = instruments.map((instrument, rank) => symbolAudit(instrument, rank, prng));
  const bySymbol = new Map(symbols.map((row) => [row.symbol, row]));
  return {
    seq: 5120,
    atMs: FIXTURE_NOW_MS - 400,
    symbolsVersion: 9,
    trading: { state: "on", reason: "" },
    ...UNHURT,
    instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
    symbols: bySymbol,
    openOrders: new Map(fixtureOrders(symbols).map((order) => [order.clientId, order])),
    recentOrders: fixtureRecentOrders(symbols),
    positions: new Map(fixturePositions(symbols).map((row) => [row.symbol, row])),
    recentFills: fixtureFillRows(symbols, instruments, 60),
    recentDenials: fixtureDenials(),
    account: {
      accountKey: "sim:1",
      equityText: "10042.718344125",
      availableText: "8911.02",
      realisedText: "61.482210004",
      feesText: "24.9917731",
      fundingText: "-1.203311",
      unrealisedText: "5.0249123",
      exposureUsdt: 980.44,
      fillCount: 1_284,
      dayLossUsdt: 16.504,
      todayText: "0",
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
    universeChanges: fixtureChanges(symbols),
    profiles: new Map(symbols.slice(0, 40).map((row) => [row.symbol, fixtureProfile(row)])),
    counters: fixtureCounters(symbols),
    symbolHalts: [],
    feeds: {
      market: { up: true, detail: "7 connections, 1833 topics", atMs: FIXTURE_NOW_MS - 90_000 },
      private: { up: true, detail: "authenticated", atMs: FIXTURE_NOW_MS - 91_000 },
      rest: { up: true, detail: "clock offset 3 ms", atMs: FIXTURE_NOW_MS - 12_000 },
    },
    interventions: [],
    incidents: [],
    equity: [],
    slots: fixtureSlots(symbols, FIXTURE_NOW_MS),
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
