/**
 * Second part of a start: what was opened is handed to those who need it. Engine, record writer,
 * venue, health and the web's dependencies exist afterwards; nothing listens or connects yet.
 */

import { createPasswords } from "../accounts/passwords.ts";
import { createPeople } from "../accounts/people.ts";
import { createAuthStore, type UserAdmin } from "../accounts/sqlite-auth.ts";
import { createAuditTrail } from "../accounts/sqlite-trail.ts";
import { createLoginThrottle } from "../accounts/throttle.ts";
import { CommandFiles } from "../control/command-files.ts";
import type { EngineEvent } from "../domain/event.ts";
import { dayOf } from "../domain/trading-day.ts";
import { BLOTTER_WORKER_URL, LOG_SEARCH_WORKER_URL } from "../embedded.ts";
import type { KeptTrading } from "../engine/kept-trading.ts";
import { errorStack } from "../kernel/wording.ts";
import { createLogReader } from "../logs/log-reader.ts";
import { healthReport } from "../monitor/health.ts";
import {
  EQUITY_POINTS_MAX,
  EQUITY_SPAN_MS,
  type HealthReport,
  type MonitorView,
  type Past,
  RECENT_MAX,
} from "../monitor/view.ts";
import { BlotterThread } from "../record/blotter-client.ts";
import { loadBook } from "../record/book-rows.ts";
import { heldLimits, writeLimitChanges } from "../record/held-limits.ts";
import { createHistoryReader } from "../record/history.ts";
import { loadWords, wordsKeeper } from "../record/kept-words.ts";
import { createMoneyReader } from "../record/money-reader.ts";
import { openRecord, type TradingRecord } from "../record/open-record.ts";
import { ordersLeft } from "../record/orders-left.ts";
import { createTradeReader, haltBefore, loadProfiles } from "../record/readers.ts";
import { runsBefore } from "../record/runs.ts";
import { createStorageReporter } from "../record/storage.ts";
import { keptTrading, restartOf, tradingKeeper } from "../record/trading-state.ts";
import { loadHours } from "../record/universe-history.ts";
import { venueMemory } from "../record/venue-rows.ts";
import { createCommandDesk } from "../runtime/command-desk.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { AuditTrail } from "../runtime/ports/audit-trail.ts";
import type { CommandDesk } from "../runtime/ports/commands.ts";
import { NO_MEMORY, type VenueMemory } from "../runtime/ports/venue-memory.ts";
import { StallWatch } from "../runtime/stall-watch.ts";
import { type Notifier, type NotifyEnvironment, notifierOf } from "../runtime/systemd.ts";
import type { SymbolWords } from "../universe/operator-words.ts";
import type { WebDeps } from "../web/deps.ts";
import { accountKeyOf, profileKeyOf } from "./account-key.ts";
import { type AppVenue, createAppVenue } from "./app-venue.ts";
import { auditReaders } from "./audit-wiring.ts";
import { ChartDesk } from "./chart-desk.ts";
import { faultDesk } from "./fault-desk.ts";
import { healthInputs } from "./health-inputs.ts";
import { type HealthLoop, startHealthLoop } from "./health-loop.ts";
import { HealthPastDesk } from "./health-past-desk.ts";
import { createLimitsDesk } from "./limits-desk.ts";
import type { Mode } from "./mode.ts";
import { notedDesk } from "./noted-desk.ts";
import type { Opened } from "./open.ts";
import { AckTimes } from "./process-figures.ts";
import { createPulse } from "./pulse.ts";
import { scenarioDesk } from "./scenario-desk.ts";
import { type AccountRecord, buildEngine, limitsOf, type RunningEngine } from "./trading.ts";

export interface WireOptions extends NotifyEnvironment {
  /** Called once when the engine lost an invariant: one cancel-all has been tried by then. */
  readonly onFatal: (text: string) => void;
}

/** What the trading half is wired from. */
interface TradingNeeds
  extends Pick<Opened, "config" | "mode" | "clock" | "database" | "run" | "installation"> {
  readonly logs: Pick<Opened["logs"], "logger" | "trade" | "flushSync">;
  readonly venue: AppVenue;
  readonly onFatal: WireOptions["onFatal"];
  /** Who reads the engine's audit besides those that are always there. */
  readonly readers?: readonly AuditReader[];
}

export interface Trading {
  readonly venue: AppVenue;
  readonly record: TradingRecord;
  readonly engine: RunningEngine;
}

export interface Wired extends Trading {
  readonly notifier: Notifier;
  readonly health: HealthLoop;
  readonly commands: Commands;
  readonly users: UserAdmin;
  readonly web: WebDeps;
  readonly charts: ChartDesk;
}

export function wire(opened: Opened, options: WireOptions): Wired {
  const { config, mode, clock, logs, run } = opened;
  const memory = memoryOf(opened);
  const venue = createAppVenue({ config, mode, clock, logs, runId: run.runId, memory });
  const areOursShown = mode.orders === "venue";
  const charts = new ChartDesk({ clock, log: logs.logger("charts"), areOursShown });
  const acks = new AckTimes();
  const readers = [charts.reader, acks];
  const trading = wireTrading({ ...opened, venue, onFatal: options.onFatal, readers });
  charts.start({ ...trading.engine, venue: venue.venue });
  const notifier = notifierOf(options, (text) => logs.logger("app").warn(text));
  const past = new HealthPastDesk({ ...opened, runId: run.runId, acks });
  const health = wireHealth(opened, trading, { notifier, past });
  const trail = createAuditTrail({ database: opened.database, nowMs: () => clock.nowMs() });
  const commands = wireCommands(opened, trading, trail);
  const { users, deps } = wireWeb(opened, { ...trading, commands, charts, trail, past }, health);
  past.measures(deps.storage);
  return { ...trading, notifier, health, commands, users, web: deps, charts };
}

/** What this place is known by from earlier runs; nothing of an exchange that begins anew. */
export function memoryOf({
  mode: { endpoints, place, account },
  database,
  clock,
  logs,
}: Pick<TradingNeeds, "mode" | "database" | "clock"> & {
  readonly logs: Pick<TradingNeeds["logs"], "logger">;
}): VenueMemory {
  if (endpoints === null || account === "embedded exchange") return NO_MEMORY;
  const log = logs.logger("record");
  return venueMemory({ database, clock, log, place: `${place} ${endpoints.restUrl}` });
}

/** Engine, record and venue. Nothing but disk and clock is needed, so a test can wire it alone. */
export function wireTrading(needs: TradingNeeds): Trading {
  const { config, mode, clock, database, logs, run, venue } = needs;
  const { runId } = run;
  const recordLog = logs.logger("record");
  let keep: (kept: KeptTrading) => void = () => {};
  let keepWords: (words: SymbolWords) => void = () => {};
  const { dayTimeZone } = config;
  const record = openRecord({ database, clock, runId, tradeLog: logs.trade, dayTimeZone });
  const engine: RunningEngine = buildEngine({
    config,
    mode,
    runId,
    installation: needs.installation,
    earlierRuns: runsBefore(database, runId),
    clock,
    readers: [...auditReaders({ record }), ...(needs.readers ?? [])],
    log: logs.logger("engine"),
    heldLimits: heldLimits(database, accountOf(run)),
    openAccount: (accountId) => {
      const account = openAccount(needs, record, accountId);
      const { accountKey } = account.opened;
      keep = tradingKeeper({ database, clock, runId, account: accountKey, log: recordLog });
      const profileKey = profileKeyOf(mode, accountId);
      keepWords = wordsKeeper({ database, clock, profileKey, log: recordLog });
      return account;
    },
    keepTrading: (kept) => keep(kept),
    keepWords: (words) => keepWords(words),
    venue: venue.venue,
    onFatal: (error, doing) =>
      endAfterFatal(needs, record, { error, doing, isShared: engine.isShared() }),
  });
  return { venue, record, engine };
}

/** Where limits were set: venue and kind of trading. */
const accountOf = ({ venue, trading }: Opened["run"]): string => `${venue} ${trading}`;

/** Where profiles of the account are kept that rows of this key are of. */
const profileKeyNow = (mode: Mode, accountKey: string): string =>
  mode.account === "venue" ? accountKey : profileKeyOf(mode, "");

/** Begins to write for this account and reads what earlier runs left of it. May throw. */
function openAccount(needs: TradingNeeds, record: TradingRecord, accountId: string): AccountRecord {
  const { config, mode, clock, database } = needs;
  const accountKey = accountKeyOf(mode, accountId);
  const profileKey = profileKeyOf(mode, accountId);
  record.openAccount({ accountKey, profileKey });
  const day = dayOf(clock.nowMs(), config.dayTimeZone);
  const past = {
    book: loadBook(database, accountKey, day.startsAtMs),
    profiles: loadProfiles(database, profileKey),
    words: loadWords(database, profileKey),
    hours: loadHours(database, profileKey),
    kept: keptTrading(database, accountKey) ?? null,
    restart: restartOf(database, accountKey),
    haltedBefore: haltBefore(database, accountKey),
    ordersLeft: ordersLeft(database, { accountKey, runId: needs.run.runId }),
  };
  return {
    opened: { kind: "account_opened", accountId, accountKey, past },
    past: pastOf(needs, accountKey),
  };
}

/** What pages show of earlier runs. */
function pastOf({ database, run, clock }: TradingNeeds, accountKey: string): Past {
  const history = createHistoryReader(database, { runId: run.runId, accountKey: () => accountKey });
  const nowMs = clock.nowMs();
  const hour = { fromMs: nowMs - EQUITY_SPAN_MS, toMs: nowMs, points: EQUITY_POINTS_MAX };
  const newest = { limit: RECENT_MAX };
  return {
    interventions: history.interventions(newest).map(({ intervention }) => intervention),
    incidents: history.incidents(newest).map(({ incident }) => incident),
    equity: history.equity(hour).map(({ point }) => point),
  };
}

/** After a lost invariant: as long as one cancel-all may take before the process ends. */
const FATAL_CANCEL_MS = 1_000;

interface Fatal {
  /** Another engine trades on the account. */
  readonly isShared: boolean;
  readonly error: unknown;
  readonly doing: string;
}

/** An invariant is gone: record it, try one cancel-all, let the owner end the process. */
function endAfterFatal(
  { clock, logs, venue, onFatal }: TradingNeeds,
  record: TradingRecord,
  { error, doing, isShared }: Fatal,
): void {
  logs
    .logger("engine")
    .error("the engine stopped: an invariant broke", { doing, text: errorStack(error) });
  // One request for all would take another engine's orders too; ours are left to the guard then.
  if (!isShared) venue.venue()?.cancelAll();
  record.flush();
  logs.flushSync();
  clock.after(FATAL_CANCEL_MS, () =>
    onFatal(`the engine lost an invariant while ${doing}: ${error}`),
  );
}

/** Every service's state from plain inputs, every five seconds; also what the watchdog hangs on. */
function wireHealth(
  opened: Opened,
  trading: Trading,
  { notifier, past }: { readonly notifier: Notifier; readonly past: HealthPastDesk },
): HealthLoop {
  const { clock, logs, run } = opened;
  const { engine, record, venue } = trading;
  const pulse = createPulse(run.startedAtMs);
  const loop = startHealthLoop({
    clock,
    notifier,
    log: logs.logger("health"),
    check(loopLagMs) {
      const report = healthReport(
        healthInputs({
          atMs: clock.nowMs(),
          startedAtMs: run.startedAtMs,
          loopLagMs,
          view: engine.view(),
          lastStepAtMs: engine.lastStepAtMs(),
          clockAheadMs: opened.clockAheadMs(),
          venue: venue.venue()?.health() ?? null,
          record: record.stats(),
          readers: engine.readers(),
          logs: logs.stats(),
        }),
      );
      engine.accept(recordStatusOf(report));
      past.take(report, loopLagMs);
      return report;
    },
    onChange: ({ before, name: service, status, detail }) =>
      engine.accept({ kind: "service_status", service, before, status, detail }),
    stuck: () =>
      pulse.stuck({
        atMs: clock.nowMs(),
        lastStepAtMs: Math.max(run.startedAtMs, engine.lastStepAtMs()),
        record: record.stats(),
        isTrading: engine.view().trading.state === "on",
        market: venue.venue()?.health().market ?? null,
      }),
  });
  const stop = (): void => {
    loop.stop();
    past.flush();
  };
  return { ...loop, stop };
}

interface Commands {
  /** For the ways in that need no web. */
  readonly desk: CommandDesk;
  /** For the web, which knows more of who asks. */
  readonly webDesk: CommandDesk;
  readonly stalls: StallWatch;
  readonly files: CommandFiles;
}

/** The one way in for people's commands, whichever way they come. */
function wireCommands(
  { clock, clockAheadMs, database, logs, run }: Opened,
  { engine, record }: Trading,
  trail: AuditTrail,
): Commands {
  const stalls = new StallWatch(clock);
  const accountKey = () => engine.view().account.accountKey;
  const history = createHistoryReader(database, { runId: run.runId, accountKey });
  const files = new CommandFiles({
    dataDir: run.dataDir,
    runId: run.runId,
    desk: () => noted,
    isTrading: () => engine.view().trading.state === "on",
    clock,
    wallMs: () => clock.nowMs() + clockAheadMs(),
    log: logs.logger("control"),
  });
  const desk: CommandDesk = createCommandDesk({
    clock,
    runId: run.runId,
    accept: engine.accept,
    told: () => engine.view().interventions,
    recorded: history.command,
    commit: () => (record.flush() ? "" : `writing fails: ${record.stats().lastError}`),
    waitedMs: () => stalls.waitedMs(),
    whyHalted: () => files.whyHalted(),
  });
  const noted = notedDesk(desk, trail);
  return { desk: noted, webDesk: desk, stalls, files };
}

/** The one way in for other risk limits. */
function wireLimits({ config, mode, clock, database, logs, run }: Opened, engine: RunningEngine) {
  const account = accountOf(run);
  return createLimitsDesk({
    settings: limitsOf(config, mode),
    held: heldLimits(database, account),
    view: engine.view,
    write: (changes) => writeLimitChanges(database, { account, runId: run.runId }, changes),
    tell: engine.accept,
    nowMs: () => clock.nowMs(),
    log: logs.logger("limits"),
  });
}

function wireWeb(
  opened: Opened,
  parts: Trading &
    Pick<Wired, "commands" | "charts"> & {
      readonly trail: AuditTrail;
      readonly past: HealthPastDesk;
    },
  health: HealthLoop,
): { users: UserAdmin; deps: WebDeps } {
  const { engine, record, commands, venue, charts, trail, past } = parts;
  const { config, clock, database, logs, run } = opened;
  const nowMs = () => clock.nowMs();
  const accountKey = () => engine.view().account.accountKey;
  const passwords = createPasswords();
  const auth = createAuthStore({ database, nowMs, passwords });
  const onEnded = auth.remember.bind(auth);
  const logReader = createLogReader({ dir: run.logDir, clock, searchUrl: LOG_SEARCH_WORKER_URL });
  const storage = createStorageReporter({
    database,
    logs: { dir: run.logDir, capBytes: logs.capBytes, files: logReader.files },
    journal: record,
    nowMs,
  });
  const money = createMoneyReader({ database, accountKey, timeZone: config.dayTimeZone, nowMs });
  const deps: WebDeps = {
    run,
    view: engine.view,
    limits: wireLimits(opened, engine),
    hours: (symbol) => loadHours(database, profileKeyNow(opened.mode, accountKey()), symbol),
    health: health.report,
    healthPast: (hours) => past.past(hours),
    ready: () => readyOf(engine.view()),
    auth,
    people: createPeople({ database, nowMs, passwords, onEnded }),
    trail,
    throttle: createLoginThrottle({ database, passwords, nowMs }),
    trades: createTradeReader(database, accountKey),
    history: createHistoryReader(database, { runId: run.runId, accountKey }),
    money,
    blotter: new BlotterThread({
      ...{ database, accountKey, money, clock, workerUrl: BLOTTER_WORKER_URL },
      timeZone: config.dayTimeZone,
    }),
    tickers: engine.tickers,
    storage,
    scenario: scenarioDesk(venue.exchange),
    faults: faultDesk(venue.exchange),
    logs: logReader,
    commands: commands.webDesk,
    charts,
    log: logs.logger("web"),
    access: logs.access,
    nowMs,
  };
  return { users: auth, deps };
}

/** What the storage check found, for the engine, which has its rule about it. */
function recordStatusOf({ services }: HealthReport): EngineEvent {
  const storage = services.find(({ name }) => name === "storage");
  const up = storage?.status !== "down";
  return { kind: "record_status", up, detail: storage?.detail ?? "" };
}

/** The engine's own word on what it waits for. */
function readyOf({ missing }: MonitorView): { ok: boolean; waitingFor: readonly string[] } {
  return { ok: missing.length === 0, waitingFor: missing };
}
