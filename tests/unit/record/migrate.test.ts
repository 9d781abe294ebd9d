import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { asClientOrderId } from "../../../src/domain/units.ts";
import { createHistoryReader } from "../../../src/record/history.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import { createTradeReader, haltBefore } from "../../../src/record/readers.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { migrate, readMigrations, SNAPSHOTS_KEPT } from "../../../src/store/migrate.ts";
import { given } from "../../support/given.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../../support/known-account.ts";
import {
  handClock,
  MIGRATIONS,
  memoryLog,
  openTemp,
  START_MS,
  sampleIntervention,
  sampleOrder,
  tell,
  tempDir,
} from "./support.ts";

/** A copy of the first real migrations, which a case may spoil or extend. */
function copyOfMigrations(count = 1): string {
  const dir = join(tempDir(), "migrations");
  cpSync(MIGRATIONS, dir, { recursive: true });
  editJournal(dir, (entries) => {
    for (const { tag } of entries.slice(count)) rmSync(join(dir, `${tag}.sql`));
    return entries.slice(0, count);
  });
  return dir;
}

interface Entry {
  idx: number;
  tag: string;
}

function editJournal(dir: string, edit: (entries: Entry[]) => Entry[]): void {
  const path = join(dir, "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...journal, entries: edit(journal.entries) }));
}

function addMigration(dir: string, tag: string, sql: string): void {
  editJournal(dir, (entries) => [...entries, { idx: entries.length, tag }]);
  writeFileSync(join(dir, `${tag}.sql`), sql);
}

const open = (dir: string, migrationsDir: string, nowMs = START_MS) =>
  openDatabase({ path: join(dir, "scalper.db"), migrationsDir, nowMs: () => nowMs });

const ALL = readMigrations(MIGRATIONS).map(({ tag }) => tag);

describe("a database of the first version", () => {
  test("keeps its rows: actions become interventions, orders have no texts yet", () => {
    const dir = tempDir();
    const before = new Database(join(dir, "scalper.db"), { create: true });
    before.run(readFileSync(join(import.meta.dir, "first-schema.sql"), "utf8"));
    before.close();
    const database = openTemp(dir);
    expect(database.migrated.applied).toEqual(ALL.slice(1));
    expect(database.migrated.snapshotPath).not.toBeNull();
    // Nobody knows of which account old rows are: no account counts them, and none is lost.
    const nobody = { runId: "new", accountKey: () => "" };
    expect(createHistoryReader(database, nobody).interventions({ limit: 9 })).toEqual([]);
    expect(haltBefore(database, ACCOUNT_KEY)).toBeNull();
    expect(createTradeReader(database, () => "").trades({ limit: 9 })).toEqual([]);
    expect(database.sqlite.query("SELECT is_ours FROM trades").all()).toEqual([{ is_ours: 1 }]);
    for (const table of ["interventions", "trades"]) {
      database.sqlite.run(`UPDATE ${table} SET account_key = ?`, [ACCOUNT_KEY]);
    }
    const history = createHistoryReader(database, { runId: "new", accountKey: () => ACCOUNT_KEY });
    const rows = history.interventions({ limit: 9 }).map(({ intervention }) => intervention);
    expect(rows.map(({ action, by, cause }) => `${by} ${action} ${cause}`)).toEqual([
      "scalper cancel_all stopping",
      "bob flatten operator",
      "scalper halt record",
      "ann resume operator",
      "ann halt operator",
    ]);
    expect(rows.map(({ isAutomatic }) => isAutomatic)).toEqual([true, false, true, false, false]);
    expect(haltBefore(database, ACCOUNT_KEY)).toBe("flattened by bob before the restart: weekend");
    const orders = database.sqlite.query("SELECT price_ticks, price_text FROM orders").all();
    expect(orders).toEqual([{ price_ticks: 1_000_010, price_text: "" }]);
    expect(createTradeReader(database, () => ACCOUNT_KEY).trades({ limit: 9 })).toHaveLength(1);
    const tables = database.sqlite
      .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all();
    const names = tables.map(({ name }) => name);
    expect(names).not.toContain("settings");
    expect(names).not.toContain("operator_actions");
    database.close();
  });

  test("goes on with what the new version writes", () => {
    const dir = tempDir();
    const before = new Database(join(dir, "scalper.db"), { create: true });
    before.run(readFileSync(join(import.meta.dir, "first-schema.sql"), "utf8"));
    before.close();
    const database = openTemp(dir);
    const clock = handClock();
    const record = openRecord({ database, clock, runId: "run2", tradeLog: memoryLog() });
    record.openAccount(ACCOUNT_KEYS);
    const filled = {
      clientId: asClientOrderId("c1"),
      state: "closed",
      filledText: "0.007",
    } as const;
    tell(record, { kind: "order", order: sampleOrder("c1", filled) });
    tell(record, { kind: "intervention", intervention: sampleIntervention({ id: "run2-1" }) });
    record.close();
    expect(record.stats()).toMatchObject({ lost: 0, lastError: "" });
    expect(database.sqlite.query("SELECT client_id, filled_text FROM orders").all()).toEqual([
      { client_id: "c1", filled_text: "0.007" },
    ]);
    const of = { runId: "run2", accountKey: () => ACCOUNT_KEY };
    expect(createHistoryReader(database, of).interventions({ limit: 9 })).toHaveLength(1);
  });
});

describe("migrating", () => {
  test("a new database gets every table, strict, and no snapshot", () => {
    const database = openTemp();
    expect(database.migrated).toEqual({ applied: ALL, snapshotPath: null });
    const lax = database.sqlite
      .query(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(lax).toEqual([]);
    const setting = (name: string) =>
      Object.values(given(database.sqlite.query<object, []>(`PRAGMA ${name}`).get()));
    expect(setting("journal_mode")).toEqual(["wal"]);
    expect(setting("synchronous")).toEqual([1]);
    expect(setting("foreign_keys")).toEqual([1]);
    database.close();
  });

  test("only its owner may read the file", () => {
    const dir = tempDir();
    openTemp(dir).close();
    expect(statSync(join(dir, "scalper.db")).mode & 0o777).toBe(0o600);
  });

  test("a second start applies nothing", () => {
    const dir = tempDir();
    openTemp(dir).close();
    const again = openTemp(dir);
    expect(again.migrated.applied).toEqual([]);
    again.close();
  });

  test("an upgrade keeps rows, takes a snapshot first and keeps the last three", () => {
    const dir = tempDir();
    const migrations = copyOfMigrations();
    open(dir, migrations).sqlite.run("INSERT INTO settings VALUES ('kept', 'yes', 1)");
    for (let version = 1; version <= SNAPSHOTS_KEPT + 1; version++) {
      addMigration(migrations, `000${version}_more`, `CREATE TABLE more_${version} (id INTEGER)`);
      // The handle of the last round still holds the lease: a collected handle would free it.
      migrateFile(dir, migrations, START_MS + version);
    }
    const snapshots = readdirSync(dir).filter((name) => name.endsWith(".snapshot"));
    const stamps = [2, 3, 4].map((version) => `scalper.db.before-${START_MS + version}.snapshot`);
    expect(snapshots.sort()).toEqual(stamps);
    const snapshot = new Database(join(dir, given(stamps[0])), { readonly: true });
    expect(snapshot.query("SELECT value FROM settings").get()).toEqual({ value: "yes" });
    expect(snapshot.query("SELECT name FROM sqlite_schema WHERE name = 'more_2'").get()).toBeNull();
  });

  test("a table rebuild keeps the rows that refer to it", () => {
    const dir = tempDir();
    const migrations = copyOfMigrations();
    const first = open(dir, migrations);
    first.sqlite.run("INSERT INTO users VALUES (1, 'ann', 'hash', 'viewer', 1, 1, 0, NULL, NULL)");
    first.sqlite.run("INSERT INTO user_profiles VALUES (1, 'dark', 1)");
    first.close();
    addMigration(
      migrations,
      "0001_rebuild",
      [
        "PRAGMA foreign_keys=OFF;",
        "CREATE TABLE new_users (id integer PRIMARY KEY, name text NOT NULL) STRICT;",
        "INSERT INTO new_users SELECT id, name FROM users;",
        "DROP TABLE users;",
        "ALTER TABLE new_users RENAME TO users;",
        "PRAGMA foreign_keys=ON;",
      ].join("--> statement-breakpoint\n"),
    );
    const second = open(dir, migrations);
    expect(second.sqlite.query("SELECT theme FROM user_profiles").all()).toEqual([
      { theme: "dark" },
    ]);
    expect(second.sqlite.query("PRAGMA foreign_keys").get()).toEqual({ foreign_keys: 1 });
    second.close();
  });

  test("a migration that orphans rows is rolled back and names the snapshot", () => {
    const dir = tempDir();
    const migrations = copyOfMigrations();
    const first = open(dir, migrations);
    first.sqlite.run("INSERT INTO users VALUES (1, 'ann', 'hash', 'viewer', 1, 1, 0, NULL, NULL)");
    first.sqlite.run("INSERT INTO user_profiles VALUES (1, 'dark', 1)");
    first.close();
    addMigration(migrations, "0001_orphans", "DELETE FROM users");
    expect(() => open(dir, migrations)).toThrow(/1 rows would point at rows.*snapshot/s);
    const back = open(dir, MIGRATIONS);
    expect(back.sqlite.query("SELECT name FROM users").all()).toEqual([{ name: "ann" }]);
    back.close();
  });

  test("a broken statement changes nothing", () => {
    const dir = tempDir();
    const migrations = copyOfMigrations();
    open(dir, migrations).close();
    addMigration(
      migrations,
      "0001_half",
      "CREATE TABLE half (id INTEGER);--> statement-breakpoint\nCREATE TABEL typo",
    );
    expect(() => open(dir, migrations)).toThrow(/cannot migrate .*Nothing was changed/s);
    const back = open(dir, MIGRATIONS);
    expect(back.sqlite.query("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeNull();
    back.close();
  });
});

describe("refusing", () => {
  function refusal(spoil: (database: Database, migrations: string) => void): () => void {
    const dir = tempDir();
    const migrations = copyOfMigrations();
    addMigration(migrations, "0001_second", "CREATE TABLE second (id INTEGER)");
    const first = open(dir, migrations);
    spoil(first.sqlite, migrations);
    first.close();
    return () => void open(dir, migrations);
  }

  test("an applied file that was edited", () => {
    const spoil = (_: Database, dir: string) =>
      writeFileSync(join(dir, "0001_second.sql"), "CREATE TABLE second (id TEXT)");
    expect(refusal(spoil)).toThrow(/it applied 0001_second .*An applied file was changed/s);
  });

  test("a schema newer than the program", () => {
    const spoil = (database: Database) =>
      database.run("INSERT INTO migrations VALUES (2, '0002_future', 'abc', 1)");
    expect(refusal(spoil)).toThrow(/0002_future.*A newer version wrote it/s);
  });

  test("a gap in what was applied", () => {
    const spoil = (database: Database) => database.run("DELETE FROM migrations WHERE number = 0");
    expect(refusal(spoil)).toThrow(/its migration 0 is missing, found 1/);
  });

  test("a gap in the folder", () => {
    const spoil = (_: Database, dir: string) =>
      editJournal(dir, (entries) => entries.map((entry) => ({ ...entry, idx: entry.idx * 2 })));
    expect(refusal(spoil)).toThrow(/wanted migration number 1, found 2/);
  });

  test("a file that the journal does not list", () => {
    const spoil = (_: Database, dir: string) => writeFileSync(join(dir, "0009_stray.sql"), "");
    expect(refusal(spoil)).toThrow(/0009_stray.sql is not listed/);
  });

  test("a database of another program, which it leaves alone", () => {
    const dir = tempDir();
    const path = join(dir, "scalper.db");
    const foreign = new Database(path, { create: true });
    foreign.run("CREATE TABLE photos (id INTEGER)");
    foreign.close();
    expect(() => open(dir, MIGRATIONS)).toThrow(/\(photos\) but no record of migrations/);
    const after = new Database(path);
    const tables = after.query("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    expect(tables).toEqual([{ name: "photos" }]);
  });

  test("a file that is not a database", () => {
    const dir = tempDir();
    writeFileSync(join(dir, "scalper.db"), "this is a diary, not a database. ".repeat(100));
    expect(() => open(dir, MIGRATIONS)).toThrow(/cannot open .*scalper.db as a database/);
  });

  test("a folder without a journal", () => {
    expect(() => readMigrations(tempDir())).toThrow(/_journal.json, found no such file/);
  });
});

describe("the lease", () => {
  test("a second engine is told the process id of the first", () => {
    const dir = tempDir();
    const first = openTemp(dir);
    expect(() => openTemp(dir)).toThrow(new RegExp(`process ${process.pid} .*is working in it`));
    first.close();
    openTemp(dir).close();
  });

  test("a tool joins a running engine and leaves its lease alone", () => {
    const dir = tempDir();
    const engine = openTemp(dir);
    const path = join(dir, "scalper.db");
    const tool = openDatabase({
      path,
      migrationsDir: MIGRATIONS,
      nowMs: () => START_MS,
      as: "tool",
    });
    expect(createTradeReader(tool, () => ACCOUNT_KEY).trades({ limit: 5 })).toEqual([]);
    tool.close();
    expect(() => openTemp(dir)).toThrow(/is working in it/);
    engine.close();
  });

  test("a tool refuses to join an engine of an older version", () => {
    const dir = tempDir();
    const engine = openTemp(dir);
    const newer = copyOfMigrations(ALL.length);
    addMigration(newer, "9999_newer", "CREATE TABLE newer (id INTEGER)");
    const path = join(dir, "scalper.db");
    const join_ = () =>
      openDatabase({ path, migrationsDir: newer, nowMs: () => START_MS, as: "tool" });
    expect(join_).toThrow(/its database lacks 9999_newer/);
    engine.close();
  });

  test("the lease of a killed process is free at once", async () => {
    const dir = tempDir();
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "hold-lease.ts"), dir], {
      stdout: "pipe",
    });
    try {
      await child.stdout.getReader().read();
      expect(() => openTemp(dir)).toThrow(new RegExp(`process ${child.pid} `));
    } finally {
      child.kill("SIGKILL");
      await child.exited;
    }
    expect(existsSync(join(dir, "scalper.pid"))).toBe(true);
    openTemp(dir).close();
  });
});

function migrateFile(dir: string, migrationsDir: string, nowMs: number): void {
  const path = join(dir, "scalper.db");
  const database = new Database(path);
  migrate(database, { path, migrationsDir, nowMs });
  database.close();
}
