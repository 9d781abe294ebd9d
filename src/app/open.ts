/**
 * First part of a start: everything on disk. Directories and lease, database and migrations, log
 * files, the row of this run. Synchronous, and nothing of it is left behind when it throws.
 */
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../config/settings.ts";
import { MIGRATIONS_DIR } from "../embedded.ts";
import { type LogFiles, openLogFiles } from "../logs/log-files.ts";
import type { RunInfo } from "../monitor/view.ts";
import { beginRun, endRun, lastRun } from "../record/runs.ts";
import { systemSinceBootMs } from "../runtime/clocks.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import { type ClockStep, steadyClock } from "../runtime/steady-clock.ts";
import { type JournalDatabase, openDatabase } from "../store/database.ts";
import { VERSION } from "../version.ts";
import { installationOf } from "./installation.ts";
import { type Mode, modeOf } from "./mode.ts";
import { attempt } from "./start-error.ts";

export interface OpenOptions {
  readonly config: Config;
  readonly clock: Clock;
}

/** What lies on disk, open, and what this run is called. */
export interface Opened {
  readonly config: Config;
  /** The only clock of everything that runs: it is never set. */
  readonly clock: Clock;
  /** The wall clock minus it: not 0 for a while after that was set. */
  readonly clockAheadMs: () => number;
  readonly mode: Mode;
  readonly run: RunInfo;
  /** What client ids of this data directory begin with. */
  readonly installation: string;
  readonly database: JournalDatabase;
  readonly logs: LogFiles;
}

/**
 * Opens the disk side. Throws LeaseHeldError when another engine works there, MigrationError when
 * the database is not one that this program can use, and StartError when the disk refuses.
 */
export function open({ config, clock: raw }: OpenOptions): Opened {
  const steps: ClockStep[] = [];
  let tell = (step: ClockStep): void => void steps.push(step);
  const clock = steadyClock({ raw, sinceBootMs: systemSinceBootMs, onStep: (step) => tell(step) });
  const dataDir = resolve(config.dataDir);
  const logDir = resolve(config.logDir === "" ? join(dataDir, "logs") : config.logDir);
  const mode = modeOf(config);
  attempt({ doing: `use the data directory ${dataDir}`, setting: "SCALPER_DATA_DIR" }, () =>
    makeWritable(dataDir),
  );
  attempt({ doing: `use the log directory ${logDir}`, setting: "SCALPER_LOG_DIR" }, () =>
    makeWritable(logDir),
  );
  const installation = attempt(
    { doing: `read the name of the installation in ${dataDir}`, setting: "SCALPER_DATA_DIR" },
    () => installationOf(dataDir),
  );
  const what = { doing: `open the record in ${dataDir}`, setting: "SCALPER_DATA_DIR" };
  const { database, run } = attempt(what, () =>
    openRecord({ config, clock, mode, dataDir, logDir }),
  );
  const logs = openLogs(config, clock, logDir);
  tell = (step) => logs.logger("app").warn(stepText(step), { ...step });
  for (const step of steps) tell(step);
  logs.logger("app").info("starting", { ...run, bun: Bun.version, pid: process.pid });
  const clockAheadMs = () => clock.aheadMs;
  return { config, clock, clockAheadMs, mode, run, installation, database, logs };
}

/** Ends the run in the record and closes what {@link open} opened. */
export async function close(opened: Opened, reason: string): Promise<void> {
  const { clock, database, logs, run } = opened;
  try {
    endRun(database, { id: run.runId, nowMs: clock.nowMs(), exitReason: reason });
  } catch (error) {
    logs.logger("app").warn("the end of this run could not be recorded", { text: String(error) });
  }
  logs.logger("app").info("stopped", { reason });
  await logs.close();
  database.close();
}

/** For the log: time goes on steadily here, whatever was done to the wall clock. */
function stepText({ kind, byMs }: ClockStep): string {
  const sec = Math.abs(byMs / 1_000).toFixed(1);
  if (kind === "slept") return `the machine slept for ${sec} s: what was known is of before`;
  const way = byMs > 0 ? "forward" : "back";
  return `the system clock was set ${way} by ${sec} s; times here follow it slowly`;
}

function makeWritable(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  accessSync(dir, constants.W_OK);
}

interface Place extends OpenOptions {
  readonly mode: Mode;
  readonly dataDir: string;
  readonly logDir: string;
}

/** The database of a data directory, migrated and leased, with a row for the run that begins. */
export function openRecord(place: Place): { database: JournalDatabase; run: RunInfo } {
  const { config, clock, mode, dataDir, logDir } = place;
  const nowMs = () => clock.nowMs();
  const path = join(dataDir, "scalper.db");
  const database = openDatabase({ path, migrationsDir: MIGRATIONS_DIR, nowMs });
  try {
    const { venue, trading, simSeed: seed } = config;
    const startedAtMs = clock.nowMs();
    const before = lastRun(database);
    const runId = beginRun(database, startedAtMs, { venue, version: VERSION, seed });
    const facts = { runId, version: VERSION, mode: mode.label, venue, trading, startedAtMs };
    const { dayTimeZone: timeZone } = config;
    return { database, run: { ...facts, before, dataDir, logDir, timeZone } };
  } catch (error) {
    database.close();
    throw error;
  }
}

function openLogs(config: Config, clock: Clock, dir: string): LogFiles {
  const logs = openLogFiles({
    dir,
    clock,
    level: config.logLevel,
    fileBytesMax: config.logFileMb * 1024 * 1024,
    dirBytesMax: config.logTotalMb * 1024 * 1024,
  });
  const { bybitApiKey, bybitApiSecret, simApiSecret, adminPassword } = config;
  for (const secret of [bybitApiKey, bybitApiSecret, simApiSecret, adminPassword]) {
    if (secret !== "") logs.addSecret(secret);
  }
  return logs;
}
