/**
 * The composition root: the only file that wires edges together.
 *
 * Order of a start: directories and lease, database and migrations, log files, web (so that pages
 * and health answer at once and show what is still missing), then the simulator and the venue.
 * Nothing waits for the venue: it connects, and reconnects, for as long as the process lives.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createPasswords } from "../accounts/passwords.ts";
import { createAuthStore } from "../accounts/sqlite-auth.ts";
import { createLoginThrottle } from "../accounts/throttle.ts";
import type { Config } from "../config/settings.ts";
import { MIGRATIONS_DIR, STATIC_DIR } from "../embedded.ts";
import { type LogFiles, openLogFiles } from "../logs/log-files.ts";
import { createLogReader } from "../logs/log-reader.ts";
import { healthReport } from "../monitor/health.ts";
import type { HealthReport, RunInfo } from "../monitor/view.ts";
import {
  beginRun,
  createTradeReader,
  endRun,
  haltBefore,
  loadProfiles,
  netSince,
} from "../record/readers.ts";
import { createStorageReporter } from "../record/storage.ts";
import { createJournal, type Journal } from "../record/writer.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import { type Notifier, notifierOf } from "../runtime/systemd.ts";
import { type JournalDatabase, openDatabase } from "../store/database.ts";
import { VERSION } from "../version.ts";
import { type RunningWeb, startWeb } from "../web/web-servers.ts";
import { endpointsOf } from "./endpoints.ts";
import { healthInputs } from "./health-inputs.ts";
import { type HealthLoop, startHealthLoop } from "./health-loop.ts";
import { type AppVenue, startVenue } from "./start-venue.ts";
import { buildEngine, type RunningEngine } from "./trading.ts";

interface AppOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly notifySocket: string | undefined;
  readonly watchdogUsec: string | undefined;
  /** Called once when the engine lost an invariant: the app has already tried one cancel-all. */
  readonly onFatal: (text: string) => void;
}

export interface App {
  readonly run: RunInfo;
  readonly dashboardUrl: string;
  readonly monitorUrl: string;
  /** Null when the exchange runs elsewhere. */
  readonly exchange: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
  } | null;
  /** The venue is asked for market data only, since it got no key; paper trading needs none. */
  readonly isPublicOnly: boolean;
  /** The login made for the first start, null later. */
  readonly firstLogin: {
    readonly name: string;
    readonly password: string;
    readonly given: boolean;
  } | null;
  stop(reason: string): Promise<void>;
}

/** After a lost invariant: as long as one cancel-all may take before the process ends. */
const FATAL_CANCEL_MS = 1_000;

/** Starts everything. Throws LeaseHeldError, MigrationError or the web's port error. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, clock } = options;
  const nowMs = () => clock.nowMs();
  const dataDir = resolve(config.dataDir);
  const logDir = resolve(config.logDir === "" ? join(dataDir, "logs") : config.logDir);
  mkdirSync(logDir, { recursive: true, mode: 0o700 });

  const path = join(dataDir, "scalper.db");
  const database = openDatabase({ path, migrationsDir: MIGRATIONS_DIR, nowMs });
  const logs = openLogFiles({
    dir: logDir,
    clock,
    level: config.logLevel,
    fileBytesMax: config.logFileMb * 1024 * 1024,
    dirBytesMax: config.logTotalMb * 1024 * 1024,
  });
  hideSecrets(logs, config);
  const log = logs.logger("app");
  const { venue: venueName, simSeed } = config;
  const runId = beginRun(database, nowMs(), { venue: venueName, version: VERSION, seed: simSeed });
  const run: RunInfo = {
    runId,
    version: VERSION,
    venue: config.venue,
    trading: config.trading,
    startedAtMs: nowMs(),
    dataDir,
    logDir,
  };
  log.info("starting", { ...run, bun: Bun.version, pid: process.pid });

  const parts: Parts = { options, run, database, logs };
  const trading = startTrading(parts);
  const notifier = notifierOf(options, (text) => log.warn(text));
  const health = superviseHealth(parts, trading, notifier);
  const passwords = createPasswords();
  const auth = createAuthStore({ database, nowMs, passwords });
  const logReader = createLogReader({ dir: logDir, clock });
  let web: RunningWeb;
  try {
    web = startWeb({
      deps: {
        run,
        view: trading.engine.view,
        health: health.report,
        ready: () => readiness(trading.engine),
        auth,
        throttle: createLoginThrottle({ database, passwords, nowMs }),
        trades: createTradeReader(database),
        tickers: trading.engine.tickers,
        storage: createStorageReporter({
          database,
          logs: { dir: logDir, capBytes: logs.capBytes, files: logReader.files },
          journal: trading.journal,
          nowMs,
        }),
        logs: logReader,
        command: trading.engine.command,
        log: logs.logger("web"),
        access: logs.access,
        nowMs,
      },
      host: config.host,
      httpPort: config.httpPort,
      monitorPort: config.monitorPort,
      staticDir: STATIC_DIR,
    });
  } catch (error) {
    await shutDown(parts, { trading, health, web: null }, "could not listen");
    throw error;
  }
  notifier.send(`READY=1\nSTATUS=connecting to ${config.venue}`);

  const [firstLogin, venue] = await Promise.all([
    auth.ensureAdmin({ password: config.adminPassword || undefined }),
    startVenue({ config, clock, logs, run, engine: trading.engine }),
  ]);
  trading.setVenue(venue);
  log.info("listening", { dashboard: web.dashboardUrl, monitor: web.monitorUrl });
  let stopped: Promise<void> | null = null;
  return {
    run,
    dashboardUrl: web.dashboardUrl,
    monitorUrl: web.monitorUrl,
    exchange: venue.exchange,
    isPublicOnly: venue.isPublicOnly,
    firstLogin,
    stop(reason) {
      notifier.send("STOPPING=1");
      stopped ??= shutDown(parts, { trading, health, web }, reason);
      return stopped;
    },
  };
}

interface Parts {
  readonly options: AppOptions;
  readonly run: RunInfo;
  readonly database: JournalDatabase;
  readonly logs: LogFiles;
}

interface Trading {
  readonly engine: RunningEngine;
  readonly journal: Journal;
  readonly venue: () => AppVenue | null;
  setVenue(venue: AppVenue): void;
}

/** Engine and journal; the venue is set once it exists. */
function startTrading(parts: Parts): Trading {
  const { config, clock } = parts.options;
  let venue: AppVenue | null = null;
  const journal = createJournal({
    database: parts.database,
    clock,
    runId: parts.run.runId,
    tradeLog: parts.logs.trade,
  });
  const engine: RunningEngine = buildEngine({
    config,
    runId: parts.run.runId,
    clock,
    readers: [journal],
    log: parts.logs.logger("engine"),
    profiles: loadProfiles(parts.database),
    dayNetBefore: dayNetOf(parts),
    haltedBefore: haltBefore(parts.database),
    venue: () => venue?.venue ?? null,
    onFatal: (error, doing) => endAfterFatal(parts, { journal, venue, doing, error }),
  });
  return {
    engine,
    journal,
    venue: () => venue,
    setVenue(next) {
      venue = next;
      next.begin();
    },
  };
}

const DAY_MS = 86_400_000;

/** What earlier runs of this UTC day made. The embedded exchange begins anew with every start. */
function dayNetOf({ options, database }: Parts): bigint {
  if (endpointsOf(options.config) === null) return 0n;
  const nowMs = options.clock.nowMs();
  return netSince(database, nowMs - (nowMs % DAY_MS));
}

interface Fatal {
  readonly journal: Journal;
  readonly venue: AppVenue | null;
  readonly doing: string;
  readonly error: unknown;
}

/** An invariant is gone: record it, try one cancel-all, let the owner end the process. */
function endAfterFatal({ options, logs }: Parts, fatal: Fatal): void {
  const text =
    fatal.error instanceof Error ? (fatal.error.stack ?? String(fatal.error)) : String(fatal.error);
  logs
    .logger("engine")
    .error("the engine stopped: an invariant broke", { doing: fatal.doing, text });
  fatal.venue?.venue.cancelAll();
  fatal.journal.flush();
  logs.flushSync();
  options.clock.after(FATAL_CANCEL_MS, () =>
    options.onFatal(`the engine lost an invariant while ${fatal.doing}: ${fatal.error}`),
  );
}

function readiness(engine: RunningEngine): { ok: boolean; waitingFor: readonly string[] } {
  const view = engine.view();
  const waitingFor = [
    ...(view.instruments.size === 0 ? ["instruments"] : []),
    ...(["market", "private"] as const).filter((feed) => view.feeds[feed]?.up !== true),
    ...(view.trading.state === "starting" ? ["account snapshot"] : []),
    ...(view.symbols.size < view.instruments.size ? ["symbols"] : []),
  ];
  return { ok: waitingFor.length === 0, waitingFor };
}

/** Every service's state from plain inputs, every five seconds; also what the watchdog hangs on. */
function superviseHealth(parts: Parts, trading: Trading, notifier: Notifier): HealthLoop {
  const { clock } = parts.options;
  const startedAtMs = clock.nowMs();
  return startHealthLoop({
    clock,
    notifier,
    log: parts.logs.logger("health"),
    check(loopLagMs) {
      const report = healthReport(
        healthInputs({
          atMs: clock.nowMs(),
          startedAtMs,
          loopLagMs,
          view: trading.engine.view(),
          lastStepAtMs: trading.engine.lastStepAtMs(),
          venue: trading.venue()?.venue.health() ?? null,
          journal: trading.journal.stats(),
          logs: parts.logs.stats(),
        }),
      );
      haltWithoutRecord(trading.engine, report);
      return report;
    },
    isAlive: () => isAlive(clock, trading, startedAtMs),
  });
}

/** What cannot be recorded must not be traded: an operator resumes when the disk is right again. */
function haltWithoutRecord(engine: RunningEngine, report: HealthReport): void {
  const storage = report.services.find(({ name }) => name === "storage");
  if (storage?.status !== "down" || engine.view().trading.state !== "on") return;
  engine.command("halt", "scalper", `the record cannot be kept: ${storage.detail}`);
}

/** A start may take this long, and a pulse may be this old, before systemd restarts the process. */
const PULSE_AGE_MS_MAX = 20_000;

function isAlive(clock: Clock, trading: Trading, startedAtMs: number): boolean {
  const pulseAtMs = Math.max(startedAtMs, trading.engine.lastStepAtMs());
  return clock.nowMs() - pulseAtMs < PULSE_AGE_MS_MAX;
}

function hideSecrets(logs: LogFiles, config: Config): void {
  const secrets = [
    config.bybitApiKey,
    config.bybitApiSecret,
    config.simApiSecret,
    config.adminPassword,
  ];
  for (const secret of secrets) if (secret !== "") logs.addSecret(secret);
}

interface Running {
  readonly trading: Trading;
  readonly health: HealthLoop;
  readonly web: RunningWeb | null;
}

/** Cancels cross the ocean and back in less; what is still open then is swept at the next start. */
const LEAVE_MS_MAX = 1_000;
const LEAVE_LOOK_MS = 20;

/** Nothing of ours rests at the venue while nobody watches it; positions keep their stops there. */
async function leaveVenue(engine: RunningEngine, clock: Clock, reason: string): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  if (engine.view().openOrders.size === 0) return;
  engine.leave(`stopping: ${reason}`);
  while (engine.view().openOrders.size > 0) {
    if (clock.monotonicMs() - startedAtMs > LEAVE_MS_MAX) return;
    await new Promise<void>((resolve) => {
      clock.after(LEAVE_LOOK_MS, resolve);
    });
  }
}

/** Orders first, then readers, then the record. Every step is bounded by its own part. */
async function shutDown(parts: Parts, running: Running, reason: string): Promise<void> {
  const { database, logs, run, options } = parts;
  const { trading, health, web } = running;
  const venue = trading.venue();
  if (venue !== null) await leaveVenue(trading.engine, options.clock, reason);
  trading.engine.stop();
  health.stop();
  await Promise.all([venue?.stop(), web?.stop()]);
  trading.journal.close();
  endRun(database, { id: run.runId, nowMs: options.clock.nowMs(), exitReason: reason });
  logs.logger("app").info("stopped", { reason });
  await logs.close();
  database.close();
}
