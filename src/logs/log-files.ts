/**
 * The log files of the product: engine.log, access.log and trade.log, one JSON object a line with
 * `time`, `level`, `component` and `msg`. pino shapes the lines; a rotating writer of our own puts
 * them on disk behind the caller's back. Nothing here blocks or throws into the caller.
 */
import { appendFileSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import { cleanedFields, SecretTexts } from "./redact.ts";
import { capRotated, RotatingFile, type WriterStats } from "./rotating-file.ts";

/** Half a million lines: opens in an editor, and sixteen of them fill the default cap. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** What all logs together may take of the disk. */
const DIR_BYTES_MAX = 1024 * 1024 * 1024;

const LOG_NAMES = ["engine", "access", "trade"] as const;
type LogName = (typeof LOG_NAMES)[number];

/**
 * Each log's part of what rotated files may take: nobody's noise deletes what another log has kept.
 * Executions are what cannot be had again, requests what strangers can make at will.
 */
const SHARES: Readonly<Record<LogName, number>> = { trade: 0.5, engine: 0.3, access: 0.2 };
/**
 * With less than this free, rotated files go before their share is used up: the record needs the
 * disk more. Those of the trade log stay.
 */
export const FREE_BYTES_MIN = 256 * 1024 * 1024;
const FIRST_TO_GO = ["access", "engine"] as const satisfies readonly LogName[];

export interface LogFilesOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly fileBytesMax?: number;
  /** Cap over our files in the directory; files of others there are neither counted nor deleted. */
  readonly dirBytesMax?: number;
  readonly level?: "debug" | "info" | "warn" | "error";
  /** What is free on the disk; the system's word when absent. */
  readonly freeBytes?: () => Promise<number>;
}

export interface LogFiles {
  readonly dir: string;
  readonly capBytes: number;
  /** The engine log, each line marked with the component. */
  logger(component: string): LogPort;
  /** The trade log, for the journal writer. */
  readonly trade: LogPort;
  /** One line of the access log. */
  access(line: Readonly<Record<string, unknown>>): void;
  /**
   * Replaces this text by a mark in every line from now on; false when it is too short for that.
   */
  addSecret(secret: string): boolean;
  stats(): Readonly<Record<LogName, WriterStats>>;
  flush(): Promise<void>;
  /** With blocking calls, for a process that is about to die. */
  flushSync(): void;
  /** Writes what is queued and closes; later lines are dropped. */
  close(): Promise<void>;
}

export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { dir, clock, fileBytesMax = FILE_BYTES_MAX, dirBytesMax = DIR_BYTES_MAX } = options;
  const rotatedBytesMax = Math.max(0, dirBytesMax - LOG_NAMES.length * fileBytesMax);
  const freeBytes = options.freeBytes ?? (() => freeOn(dir));
  const capRotatedFiles = async () => {
    for (const name of LOG_NAMES) await capRotated(dir, [name], rotatedBytesMax * SHARES[name]);
    const missing = FREE_BYTES_MIN - (await freeBytes());
    if (missing > 0) await makeRoom(dir, missing);
  };
  const inTurn = turnTaker();
  const fileOf = (name: LogName) =>
    new RotatingFile({ dir, name, fileBytesMax, clock, onRotated: capRotatedFiles, inTurn });
  const files = { engine: fileOf("engine"), access: fileOf("access"), trade: fileOf("trade") };
  const all = Object.values(files);
  const secrets = new SecretTexts();
  const loggerOf = (name: LogName) => pinoInto(files[name], secrets, options);
  const engine = loggerOf("engine");
  const access = loggerOf("access");
  makeFiles(dir);
  inTurn(capRotatedFiles).catch(() => {}); // The next rotation tries again.
  return {
    dir,
    capBytes: dirBytesMax,
    logger: (component) => portOf(engine.child({ component })),
    trade: portOf(loggerOf("trade")),
    access: (line) => access.info(line, "request"),
    addSecret: (secret) => secrets.add(secret),
    stats: () => ({
      engine: files.engine.stats(),
      access: files.access.stats(),
      trade: files.trade.stats(),
    }),
    flush: async () => void (await Promise.all(all.map((file) => file.flush()))),
    flushSync: () => {
      for (const file of all) file.flushSync();
    },
    close: async () => void (await Promise.all(all.map((file) => file.close()))),
  };
}

/** Empty files from the start, so that a page can follow a log before its first line. */
function makeFiles(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o750 });
    for (const name of LOG_NAMES) appendFileSync(join(dir, `${name}.log`), "", { mode: 0o640 });
  } catch {
    // The writers meet the same error, keep their lines and report it.
  }
}

async function freeOn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Deletes rotated files until so much more is free, or none is left that may go. */
async function makeRoom(dir: string, bytes: number): Promise<void> {
  let missing = bytes;
  for (const name of FIRST_TO_GO) {
    const before = await capRotated(dir, [name], Number.POSITIVE_INFINITY);
    const after = await capRotated(dir, [name], Math.max(0, before - missing));
    missing -= before - after;
    if (missing <= 0) return;
  }
}

/** Runs pieces of work one after the other; one that fails does not hold up the next. */
function turnTaker(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}

function pinoInto(file: RotatingFile, secrets: SecretTexts, options: LogFilesOptions) {
  const isoTime = () => new Date(options.clock.nowMs()).toISOString();
  return pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: () => `,"time":"${isoTime()}"`,
      formatters: { level: (label) => ({ level: label }), log: dataFields },
    },
    { write: (line: string) => file.write(secrets.hide(line)) },
  );
}

/** Names that the line itself uses: the caller's field of that name gets an underscore. */
const RESERVED = new Set(["level", "time", "component", "msg"]);

function dataFields(data: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(cleanedFields(data));
  return Object.fromEntries(
    fields.map(([name, value]) => [RESERVED.has(name) ? `${name}_` : name, value]),
  );
}

function portOf(logger: pino.Logger): LogPort {
  return {
    info: (text, data = {}) => logger.info(data, text),
    warn: (text, data = {}) => logger.warn(data, text),
    error: (text, data = {}) => logger.error(data, text),
  };
}
