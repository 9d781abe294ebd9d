/**
 * Brings a database to the schema of this program, or refuses and says why.
 *
 * Reads the numbered files that drizzle-kit writes, but applies them itself: drizzle's own migrator
 * skips a file that was merged late, does not notice an edited one, and rebuilds tables with
 * foreign keys on, which deletes child rows. Here the order is: compare what was applied with what
 * this program knows; snapshot; foreign keys off; apply all in one transaction; check integrity and
 * references; foreign keys on. Forward only: to go back, put a snapshot back.
 */
import type { Database } from "bun:sqlite";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { errorText } from "../kernel/wording.ts";

/** A snapshot is as large as the database: three reach back over three upgrades. */
export const SNAPSHOTS_KEPT = 3;

/** The database cannot be used as it is; nothing was changed. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

interface Migration {
  /** 0, 1, 2 … without a gap. */
  readonly number: number;
  readonly tag: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

interface MigrateOptions {
  readonly path: string;
  readonly migrationsDir: string;
  readonly nowMs: number;
}

export interface MigrationResult {
  readonly applied: readonly string[];
  /** Null when there was nothing to apply or nothing to lose. */
  readonly snapshotPath: string | null;
}

const JournalFile = z.object({ entries: z.array(z.object({ idx: z.int(), tag: z.string() })) });

/**
 * Applies what is missing. Throws {@link MigrationError} when the database is not ours to move on.
 */
export function migrate(database: Database, options: MigrateOptions): MigrationResult {
  const known = readMigrations(options.migrationsDir);
  const missing = missingMigrations(database, known);
  if (missing.length === 0) return { applied: [], snapshotPath: null };
  const hasData = missing.length < known.length;
  const snapshotPath = hasData ? takeSnapshot(database, options) : null;
  database.run("PRAGMA foreign_keys = OFF");
  try {
    apply(database, missing, options.nowMs);
  } catch (cause) {
    throw new MigrationError(
      `cannot migrate ${options.path}: ${errorText(cause)}. Nothing was changed` +
        `${snapshotPath === null ? "" : `; a snapshot is at ${snapshotPath}`}.`,
      { cause },
    );
  } finally {
    database.run("PRAGMA foreign_keys = ON");
  }
  if (snapshotPath !== null) dropOldSnapshots(options.path);
  return { applied: missing.map((migration) => migration.tag), snapshotPath };
}

/** The tags that {@link migrate} would apply; throws like it when the database does not fit. */
export function pendingMigrations(database: Database, migrationsDir: string): readonly string[] {
  return missingMigrations(database, readMigrations(migrationsDir)).map(({ tag }) => tag);
}

/** Reads a drizzle folder, embedded ones included. Throws when it is incomplete. */
export function readMigrations(dir: string): Migration[] {
  const journalPath = join(dir, "meta", "_journal.json");
  if (!existsSync(journalPath)) {
    throw new MigrationError(`cannot read migrations: wanted ${journalPath}, found no such file`);
  }
  const journal = JournalFile.safeParse(JSON.parse(readFileSync(journalPath, "utf8")));
  if (!journal.success) {
    throw new MigrationError(`cannot read ${journalPath}: ${z.prettifyError(journal.error)}`);
  }
  const { entries } = journal.data;
  const files = new Set(readdirSync(dir).filter((name) => name.endsWith(".sql")));
  const migrations = entries.map((entry, position) => readOne(dir, entry, position));
  for (const { tag } of migrations) files.delete(`${tag}.sql`);
  const [stray] = files;
  if (stray !== undefined) {
    throw new MigrationError(`cannot use ${dir}: ${stray} is not listed in meta/_journal.json`);
  }
  return migrations;
}

function readOne(dir: string, entry: { idx: number; tag: string }, position: number): Migration {
  if (entry.idx !== position) {
    throw new MigrationError(
      `cannot use ${dir}: wanted migration number ${position}, found ${entry.idx} (${entry.tag})`,
    );
  }
  const path = join(dir, `${entry.tag}.sql`);
  if (!existsSync(path)) {
    throw new MigrationError(`cannot use ${dir}: the journal lists ${entry.tag}, no such file`);
  }
  const sql = readFileSync(path, "utf8");
  return {
    number: position,
    tag: entry.tag,
    sha256: new Bun.CryptoHasher("sha256").update(sql).digest("hex"),
    statements: sql
      .split("--> statement-breakpoint")
      .map((statement) => statement.trim())
      .filter((statement) => statement !== ""),
  };
}

interface AppliedRow {
  readonly number: number;
  readonly tag: string;
  readonly sha256: string;
}

function missingMigrations(database: Database, known: readonly Migration[]): Migration[] {
  const applied = appliedRows(database);
  for (const [position, row] of applied.entries()) {
    const migration = known[position];
    if (row.number !== position) {
      throw new MigrationError(
        `cannot use the database: its migration ${position} is missing, found ${row.number} ` +
          `(${row.tag}). Put a snapshot back.`,
      );
    }
    if (migration === undefined) {
      throw new MigrationError(
        `cannot use the database: it has migration ${row.number} (${row.tag}), this program ` +
          `knows ${known.length}. A newer version wrote it: start ` +
          "that version, or put a snapshot back.",
      );
    }
    if (migration.tag !== row.tag || migration.sha256 !== row.sha256) {
      throw new MigrationError(
        `cannot use the database: it applied ${row.tag} (${row.sha256.slice(0, 12)}), this ` +
          `program has ${migration.tag} (${migration.sha256.slice(0, 12)}). ` +
          "An applied file was changed.",
      );
    }
  }
  return known.slice(applied.length);
}

function appliedRows(database: Database): AppliedRow[] {
  const tables = database
    .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("sqlite_"));
  if (tables.length === 0) return [];
  if (!tables.includes("migrations")) {
    throw new MigrationError(
      `cannot use the database: it has tables (${tables.slice(0, 3).join(", ")}) but no record ` +
        "of migrations. It was not made by this program; move it away or name another directory.",
    );
  }
  return database
    .query<AppliedRow, []>("SELECT number, tag, sha256 FROM migrations ORDER BY number")
    .all();
}

function apply(database: Database, missing: readonly Migration[], nowMs: number): void {
  database.transaction(() => {
    database.run(
      "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, tag TEXT NOT NULL, " +
        "sha256 TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT",
    );
    for (const { number, tag, sha256, statements } of missing) {
      for (const statement of statements) database.run(statement);
      database.run("INSERT INTO migrations VALUES (?, ?, ?, ?)", [number, tag, sha256, nowMs]);
    }
    check(database);
  })();
}

/** Runs inside the transaction: a failed check rolls everything back. */
function check(database: Database): void {
  const integrity = database
    .query<{ integrity_check: string }, []>("PRAGMA integrity_check")
    .all()
    .map((row) => row.integrity_check);
  if (integrity.length !== 1 || integrity[0] !== "ok") {
    throw new Error(`the integrity check found: ${integrity.slice(0, 3).join("; ")}`);
  }
  const orphans = database.query("PRAGMA foreign_key_check").all();
  if (orphans.length > 0) {
    throw new Error(`${orphans.length} rows would point at rows that do not exist`);
  }
}

function takeSnapshot(database: Database, options: MigrateOptions): string {
  const path = `${options.path}.before-${options.nowMs}.snapshot`;
  rmSync(path, { force: true });
  try {
    database.run("VACUUM INTO ?", [path]);
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new MigrationError(
      `cannot take a snapshot of ${options.path} before migrating it: ${errorText(cause)}. Nothing ` +
        "was changed; free some disk and start again.",
      { cause },
    );
  }
  return path;
}

function dropOldSnapshots(databasePath: string): void {
  const dir = dirname(databasePath);
  const prefix = `${basename(databasePath)}.before-`;
  const names = readdirSync(dir).filter(
    (name) => name.startsWith(prefix) && name.endsWith(".snapshot"),
  );
  const oldestFirst = names.sort((a, b) => stampOf(a, prefix) - stampOf(b, prefix));
  for (const name of oldestFirst.slice(0, -SNAPSHOTS_KEPT)) rmSync(join(dir, name));
}

const stampOf = (name: string, prefix: string): number =>
  Number.parseInt(name.slice(prefix.length), 10);
