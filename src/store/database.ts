/**
 * Opens the one database: directory, lease, connection settings, migrations.
 *
 * A write-ahead log with synchronous=NORMAL keeps every committed row when the process is killed;
 * a power cut may take the last moments, which the venue still has and start-up fetches again.
 */
import { Database } from "bun:sqlite";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite";
import { errorText } from "../kernel/wording.ts";
import { type Lease, LeaseHeldError, takeLease } from "./lease.ts";
import { MigrationError, type MigrationResult, migrate, pendingMigrations } from "./migrate.ts";
import * as schema from "./schema.ts";

/** The engine waits in its own loop, so briefly: its writers keep what failed and try again. */
const ENGINE_BUSY_MS_MAX = 250;
/** A sub-command has nothing else to do. */
const TOOL_BUSY_MS_MAX = 5_000;
/** What a read may keep mapped or cached: the whole database stays far below the memory budget. */
const CACHE_KIB = 4_096;
/**
 * Pages in the log that start a checkpoint, which happens inside a commit and so inside the trading
 * loop: a quarter of the default makes it four times as frequent and its longest pause 4.5 instead
 * of 6.6 ms on a virtual disk.
 */
const CHECKPOINT_PAGES = 250;
/** A log that a long reader has let grow is cut back to this after the next checkpoint. */
const WAL_BYTES_MAX = 16 * 1024 * 1024;

interface OpenOptions {
  readonly path: string;
  readonly migrationsDir: string;
  readonly nowMs: () => number;
  /**
   * "engine" must be alone in the directory. "tool" (a sub-command such as `user add`) may join a
   * running engine, and then does not migrate.
   */
  readonly as?: "engine" | "tool";
}

export interface JournalDatabase {
  readonly path: string;
  readonly sqlite: Database;
  readonly orm: BunSQLiteDatabase<typeof schema>;
  readonly migrated: MigrationResult;
  /** False once the file was deleted or replaced: what is written then is lost with the process. */
  isInPlace(): boolean;
  close(): void;
}

/**
 * Throws {@link LeaseHeldError} when another engine runs on the directory and {@link
 * MigrationError} when the file is not one that this program can use.
 */
export function openDatabase(options: OpenOptions): JournalDatabase {
  const dataDir = dirname(options.path);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lease = leaseFor(dataDir, options);
  let sqlite: Database | null = null;
  try {
    sqlite = connect(options.path, options.as === "tool" ? TOOL_BUSY_MS_MAX : ENGINE_BUSY_MS_MAX);
    const migrated = lease === null ? joinRunning(sqlite, options) : migrateNow(sqlite, options);
    const connection = sqlite;
    const { ino } = statSync(options.path);
    return {
      path: options.path,
      sqlite,
      orm: drizzle(sqlite, { schema }),
      migrated,
      isInPlace: () => statSync(options.path, { throwIfNoEntry: false })?.ino === ino,
      close: () => {
        connection.close();
        lease?.release();
      },
    };
  } catch (error) {
    sqlite?.close();
    lease?.release();
    throw error;
  }
}

function leaseFor(dataDir: string, options: OpenOptions): Lease | null {
  try {
    return takeLease(dataDir, options.nowMs());
  } catch (error) {
    if (options.as === "tool" && error instanceof LeaseHeldError) return null;
    throw error;
  }
}

function connect(path: string, busyMsMax: number): Database {
  const sqlite = new Database(path, { create: true, readwrite: true });
  try {
    sqlite.run(`PRAGMA busy_timeout = ${busyMsMax}`);
    sqlite.run("PRAGMA journal_mode = WAL");
    sqlite.run("PRAGMA synchronous = NORMAL");
    sqlite.run("PRAGMA foreign_keys = ON");
    sqlite.run(`PRAGMA cache_size = -${CACHE_KIB}`);
    sqlite.run(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    sqlite.run(`PRAGMA journal_size_limit = ${WAL_BYTES_MAX}`);
    chmodSync(path, 0o600);
    return sqlite;
  } catch (cause) {
    sqlite.close();
    throw new MigrationError(
      `cannot open ${path} as a database: ${errorText(cause)}. Put a snapshot back, or move the file away.`,
      { cause },
    );
  }
}

function migrateNow(sqlite: Database, options: OpenOptions): MigrationResult {
  const { path, migrationsDir } = options;
  return migrate(sqlite, { path, migrationsDir, nowMs: options.nowMs() });
}

function joinRunning(sqlite: Database, options: OpenOptions): MigrationResult {
  const pending = pendingMigrations(sqlite, options.migrationsDir);
  if (pending.length > 0) {
    throw new MigrationError(
      `cannot join the running engine on ${options.path}: its database lacks ` +
        `${pending.join(", ")}. An older version is running: stop it first.`,
    );
  }
  return { applied: [], snapshotPath: null };
}
