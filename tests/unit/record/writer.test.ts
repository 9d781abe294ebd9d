import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { asc } from "drizzle-orm";
import { asVenueOrderId, type QtySteps } from "../../../src/domain/units.ts";
import type { Intervention, OrderAudit } from "../../../src/engine/audit.ts";
import { NO_SUMS } from "../../../src/portfolio/stored-book.ts";
import { FLUSH_EVERY_MS, PENDING_MAX, RETRY_AFTER_MS } from "../../../src/record/batch.ts";
import { loadBook } from "../../../src/record/book-rows.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import { createTradeReader, haltBefore, loadProfiles } from "../../../src/record/readers.ts";
import { beginRun, endRun } from "../../../src/record/runs.ts";
import { DENIALS_PER_SEC_MAX, ORDERS_KEPT_MAX } from "../../../src/record/writer.ts";
import type { JournalDatabase } from "../../../src/store/database.ts";
import { runs } from "../../../src/store/schema.ts";
import type { SymbolProfile } from "../../../src/universe/profile.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../../support/known-account.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import {
  handClock,
  memoryLog,
  money,
  openTemp,
  START_MS,
  sampleDenial,
  sampleFill,
  sampleIntervention,
  sampleOrder,
  tell,
  tellFill,
  tempDir,
} from "./support.ts";

/** Net result of what an account booked since then, as its next run finds it. */
const netSince = (database: JournalDatabase, accountKey: string, sinceMs: number) =>
  loadBook(database, accountKey, sinceMs)?.bookedToday.net ?? 0n;
const WHOLE = { kind: "book", wholeUntilVenueAtMs: 1, sums: NO_SUMS } as const;

setDefaultTimeout(PROPERTY_MS_MAX);

function setup(database: JournalDatabase = openTemp()) {
  const clock = handClock();
  const tradeLog = memoryLog();
  const journal = openRecord({
    database,
    clock,
    runId: "run1",
    tradeLog,
  });
  journal.openAccount(ACCOUNT_KEYS);
  const reader = createTradeReader(database, () => ACCOUNT_KEY);
  return { database, clock, tradeLog, journal, reader };
}

describe("fills", () => {
  test("come back exactly as they were booked", () => {
    const { journal, reader } = setup();
    const fill = sampleFill("e1");
    tellFill(journal, fill);
    expect(reader.trades({ limit: 10 })).toEqual([]);
    expect(journal.stats().pending).toBe(1);
    expect(journal.flush()).toBe(true);
    expect(reader.trades({ limit: 10 })).toEqual([{ ...fill, id: 1 }]);
    expect(journal.stats()).toEqual({
      pending: 0,
      lost: 0,
      deniedUnrecorded: 0,
      lastOkAtMs: START_MS,
      lastError: "",
    });
  });

  test("are committed by the timer, one execution once", () => {
    const { journal, reader, clock } = setup();
    tellFill(journal, sampleFill("e1"));
    tellFill(journal, sampleFill("e1"));
    clock.advance(FLUSH_EVERY_MS);
    tellFill(journal, sampleFill("e1", { symbol: "ETHUSDT" }));
    clock.advance(FLUSH_EVERY_MS);
    expect(reader.trades({ limit: 10 }).map((fill) => fill.symbol)).toEqual(["BTCUSDT"]);
    expect(journal.stats().pending).toBe(0);
  });

  test("are written at once at the limit instead of being dropped", () => {
    const { journal, database } = setup();
    for (let n = 0; n < PENDING_MAX; n++) tellFill(journal, sampleFill(`e${n}`));
    expect(journal.stats().pending).toBe(0);
    expect(execIdsIn(database)).toHaveLength(PENDING_MAX);
  });

  test("wait while another process holds the file, and are then written", () => {
    const dir = tempDir();
    const { journal, clock, reader, database } = setup(openTemp(dir));
    database.sqlite.run("PRAGMA busy_timeout = 1");
    const other = new Database(join(dir, "scalper.db"));
    other.run("BEGIN IMMEDIATE");
    tellFill(journal, sampleFill("e1"));
    clock.advance(FLUSH_EVERY_MS);
    expect(journal.stats()).toMatchObject({ pending: 1, lost: 0, lastOkAtMs: null });
    expect(journal.stats().lastError).toContain("locked");
    other.run("COMMIT");
    clock.advance(RETRY_AFTER_MS);
    expect(reader.trades({ limit: 1 })).toHaveLength(1);
    expect(journal.stats()).toMatchObject({ pending: 0, lost: 0, lastError: "" });
  });

  test("a row that the database refuses is counted and does not hold up the others", () => {
    const { journal, reader } = setup();
    tellFill(journal, sampleFill("e1"));
    tellFill(journal, sampleFill("bad", { symbol: null as never }));
    tellFill(journal, sampleFill("e2"));
    expect(journal.flush()).toBe(true);
    expect(reader.trades({ limit: 9 }).map((fill) => fill.execId)).toEqual<string[]>(["e2", "e1"]);
    expect(journal.stats()).toMatchObject({ pending: 0, lost: 1 });
    expect(journal.stats().lastError).not.toBe("");
  });

  test("an entry that cannot even be read is counted, never thrown", () => {
    const { journal } = setup();
    tellFill(journal, { execId: "e1" } as never);
    expect(journal.stats()).toMatchObject({ pending: 0, lost: 1 });
  });

  test("closing writes what is pending", () => {
    const { journal, reader } = setup();
    tellFill(journal, sampleFill("e1"));
    journal.close();
    journal.close();
    expect(reader.trades({ limit: 1 })).toHaveLength(1);
  });

  test("every acknowledged one survives kill -9 in the middle of writing", async () => {
    const dir = tempDir();
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "write-fills.ts"), dir], {
      stdout: "pipe",
    });
    let acknowledged = 0;
    let text = "";
    for await (const chunk of child.stdout) {
      text += new TextDecoder().decode(chunk);
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      acknowledged = Number(lines.at(-1) ?? acknowledged);
      if (acknowledged >= 5_000) child.kill("SIGKILL");
    }
    expect(acknowledged).toBeGreaterThanOrEqual(5_000);
    const database = openTemp(dir);
    expect(database.sqlite.query("PRAGMA integrity_check").get()).toEqual({
      integrity_check: "ok",
    });
    const stored = new Set(execIdsIn(database));
    const missing = Array.from({ length: acknowledged }, (_, n) => `e${n}`).filter(
      (execId) => !stored.has(execId),
    );
    expect(missing).toEqual([]);
    database.close();
  });
});

describe("reading trades", () => {
  function seeded() {
    const world = setup();
    for (let n = 1; n <= 10; n++) {
      const symbol = n % 2 === 0 ? "ETHUSDT" : "BTCUSDT";
      tellFill(world.journal, sampleFill(`e${n}`, { symbol, atMs: n }));
    }
    world.journal.flush();
    return world;
  }

  test("pages from the newest back", () => {
    const { reader } = seeded();
    const first = reader.trades({ limit: 4 });
    expect(first.map((fill) => fill.execId)).toEqual<string[]>(["e10", "e9", "e8", "e7"]);
    const next = reader.trades({ limit: 4, before: first.at(-1)?.id });
    expect(next.map((fill) => fill.execId)).toEqual<string[]>(["e6", "e5", "e4", "e3"]);
  });

  test("keeps to one symbol, through the index", () => {
    const { reader, database } = seeded();
    const page = reader.trades({ symbol: "ETHUSDT", limit: 2, before: 9 });
    expect(page.map((fill) => fill.execId)).toEqual<string[]>(["e8", "e6"]);
    const plan = database.sqlite
      .query<{ detail: string }, []>(
        "EXPLAIN QUERY PLAN SELECT * FROM trades WHERE account_key = 'a' AND symbol = 'X' AND id < 9 ORDER BY id DESC LIMIT 2",
      )
      .all();
    expect(plan.map((row) => row.detail).join()).toContain("INDEX trades_symbol");
    expect(plan.map((row) => row.detail).join()).not.toContain("TEMP B-TREE");
  });

  test.each([
    [0, 0],
    [-3, 0],
    [2.9, 2],
  ])("a limit of %p gives %p rows", (limit, rows) => {
    expect(seeded().reader.trades({ limit })).toHaveLength(rows);
  });

  test("an unknown symbol has none", () => {
    expect(seeded().reader.trades({ symbol: "' OR 1=1 --", limit: 5 })).toEqual([]);
  });

  test("sums are exact to the last of eighteen decimals", () => {
    const { journal, database } = setup();
    for (let n = 0; n < 10; n++) {
      tellFill(
        journal,
        sampleFill(`e${n}`, {
          realisedPnl: money("0.1"),
          fee: money("0.000000000000000001"),
          funding: money("-12345678901234.2"),
        }),
      );
    }
    tell(journal, WHOLE);
    journal.flush();
    expect(netSince(database, ACCOUNT_KEY, 0)).toBe(money("123456789012342.99999999999999999"));
  });
});

describe("orders, denials, commands, profiles", () => {
  test("an order is copied when written and only its latest state is kept", () => {
    const { journal, database, tradeLog } = setup();
    const order: { -readonly [Name in keyof OrderAudit]: OrderAudit[Name] } = sampleOrder("c1");
    tell(journal, { kind: "order", order });
    order.state = "open";
    order.venueOrderId = asVenueOrderId("v1");
    tell(journal, { kind: "order", order });
    order.state = "closed"; // Not written: what happened to it later is not in the record yet.
    journal.flush();
    const row = () => database.sqlite.query("SELECT * FROM orders").all() as { state: string }[];
    expect(row()).toMatchObject([
      {
        client_id: "c1",
        state: "open",
        venue_order_id: "v1",
        symbol: "SYMBOL3USDT",
        run_id: "run1",
      },
    ]);
    order.filledSteps = 7 as QtySteps;
    tell(journal, { kind: "order", order });
    journal.flush();
    expect(row()).toMatchObject([{ id: 1, state: "closed", filled_steps: 7 }]);
    expect(tradeLog.lines.map((line) => line.data.state)).toEqual(["submitting", "open", "closed"]);
  });

  test("a denial is recorded once a second for each symbol, side and reason", () => {
    const { journal, database, tradeLog } = setup();
    const deny = (atMs: number, symbolId: number) => {
      const reason = { code: "BOOK_STALE", ageMs: atMs, ageMsMax: 1 } as const;
      const denial = sampleDenial({ symbol: `SYMBOL${symbolId}USDT`, reason, atMs });
      tell(journal, { kind: "denial", denial });
    };
    for (let atMs = 0; atMs < 2_000; atMs++) deny(atMs, 3);
    deny(1_999, 4);
    journal.flush();
    const rows = database.sqlite.query("SELECT at_ms, symbol, code, reason FROM denials").all();
    const row = (atMs: number, symbol: string) => ({
      at_ms: atMs,
      symbol,
      code: "BOOK_STALE",
      reason: `{"code":"BOOK_STALE","ageMs":${atMs},"ageMsMax":1}`,
    });
    expect(rows).toEqual([
      row(0, "SYMBOL3USDT"),
      row(1_000, "SYMBOL3USDT"),
      row(1_999, "SYMBOL4USDT"),
    ]);
    expect(tradeLog.lines).toHaveLength(3);
    expect(journal.stats()).toMatchObject({ deniedUnrecorded: 1_998, lost: 0 });
  });

  test("a storm of denials over all symbols is bounded", () => {
    const { journal, tradeLog } = setup();
    const reason = { code: "BOOK_MISSING" } as const;
    for (let id = 0; id < DENIALS_PER_SEC_MAX + 5; id++) {
      const denial = sampleDenial({ symbol: `SYMBOL${id}USDT`, reason, atMs: 7 });
      tell(journal, { kind: "denial", denial });
    }
    expect(tradeLog.lines).toHaveLength(DENIALS_PER_SEC_MAX);
    expect(journal.stats().deniedUnrecorded).toBe(5);
  });

  test("old finished orders are pruned, live ones of this run are kept", () => {
    const { journal, database, clock } = setup();
    const insert = database.sqlite.query(
      "INSERT INTO orders (id, client_id, run_id, symbol, side, type, time_in_force, qty_steps, " +
        "filled_steps, reduce_only, purpose, strategy, state, detail, reason, created_at_ms, " +
        "updated_at_ms) VALUES (?, ?, ?, 'X', 'buy', 'limit', 'gtc', 1, 0, 0, 'entry', 's', ?, '', '', 1, 1)",
    );
    insert.run(1, "finished", "run0", "closed");
    insert.run(2, "left open by a killed run", "run0", "open");
    insert.run(3, "live", "run1", "open");
    insert.run(ORDERS_KEPT_MAX + 3, "young", "run1", "closed");
    clock.advance(120_000);
    tellFill(journal, sampleFill("e1"));
    clock.advance(FLUSH_EVERY_MS);
    const left = database.sqlite
      .query<{ c: string }, []>("SELECT client_id AS c FROM orders")
      .all();
    expect(left.map((row) => row.c)).toEqual(["live", "young"]);
  });

  test("what an operator did is kept with name, reason and what came of it", () => {
    const { journal, database } = setup();
    const told = sampleIntervention({ action: "flatten", outcome: "1 order left", isDone: false });
    tell(journal, { kind: "intervention", intervention: told });
    journal.flush();
    const done = { ...told, outcome: "proved flat after 9 ms", isDone: true, outcomeAtMs: 9 };
    tell(journal, { kind: "intervention", intervention: done });
    journal.flush();
    const rows = database.sqlite.query("SELECT * FROM interventions").all();
    expect(rows).toEqual([
      {
        id: 1,
        intervention_id: "run1-1",
        at_ms: START_MS,
        run_id: "run1",
        account_key: ACCOUNT_KEY,
        action: "flatten",
        cause: "operator",
        is_automatic: 0,
        by: "ann",
        reason: "news",
        outcome: "proved flat after 9 ms",
        is_done: 1,
        outcome_at_ms: 9,
        command_id: "",
        symbol: "",
        verdict: "executed",
      },
    ]);
  });

  test("profiles come back at the next start; a number that is none becomes zero", () => {
    const { journal, database } = setup();
    const profile: SymbolProfile = {
      symbol: "BTCUSDT",
      samples: 10,
      spreadBps: 0.1,
      volatilityBps1m: Number.NaN,
      tradesPerMin: 3.5,
      turnover24hUsdt: 1e9,
      topDepthUsdt: Number.POSITIVE_INFINITY,
      fills: 2,
      makerFills: 1,
      netPnlUsdt: -4.2,
      category: "major",
      score: 0.9,
      updatedAtMs: 5,
    };
    tell(journal, { kind: "profiles", profiles: [{ ...profile, samples: 1 }], isSampled: true });
    journal.flush();
    tell(journal, { kind: "profiles", profiles: [profile], isSampled: true });
    journal.flush();
    expect(loadProfiles(database, ACCOUNT_KEY)).toEqual([
      { ...profile, volatilityBps1m: 0, topDepthUsdt: 0 },
    ]);
  });
});

describe("the net result since a time", () => {
  test("leaves out what was booked before", () => {
    const { journal, database } = setup();
    for (let n = 1; n <= 4; n++) {
      const fill = sampleFill(`e${n}`, {
        atMs: n,
        realisedPnl: money(`${n}`),
        fee: 0n,
        funding: 0n,
      });
      tellFill(journal, fill);
    }
    tell(journal, WHOLE);
    journal.flush();
    expect(netSince(database, ACCOUNT_KEY, 3)).toBe(money("7"));
    expect(netSince(database, ACCOUNT_KEY, 5)).toBe(0n);
  });
});

describe("the last word on trading", () => {
  const say = (...words: Partial<Intervention>[]) => {
    const { journal, database } = setup();
    for (const [atMs, word] of words.entries()) {
      const told = sampleIntervention({ by: "ada", reason: "lunch", atMs, id: `${atMs}`, ...word });
      tell(journal, { kind: "intervention", intervention: told });
    }
    journal.flush();
    return haltBefore(database, ACCOUNT_KEY);
  };
  const [halt, resume, flatten] = [
    { action: "halt" } as const,
    { action: "resume" } as const,
    { action: "flatten" } as const,
  ];
  const cancelAll = { action: "cancel_all" } as const;

  test("a halt or a flatten outlives the process, a resume ends it", () => {
    expect(say()).toBeNull();
    expect(say(halt)).toBe("halted by ada before the restart: lunch");
    expect(say(halt, cancelAll)).toContain("halted by ada");
    expect(say(resume, flatten)).toContain("flattened by ada");
    expect(say(halt, resume, cancelAll)).toBeNull();
  });

  test("a halt for want of a record outlives it too; one by the engine's own rules does not", () => {
    const record = { ...halt, by: "scalper", cause: "record", isAutomatic: true } as const;
    expect(say(resume, record)).toContain("halted by scalper before the restart");
    expect(say(resume, { ...record, cause: "daily_loss" })).toBeNull();
    expect(say(halt, { ...record, cause: "difference" })).toContain("halted by ada");
  });
});

function execIdsIn(database: JournalDatabase): string[] {
  const rows = database.sqlite.query<{ id: string }, []>("SELECT exec_id AS id FROM trades").all();
  return rows.map(({ id }) => id);
}

describe("runs", () => {
  test("have unique ids even when started in the same millisecond", () => {
    const database = openTemp();
    const start = { venue: "sim", version: "0.1.0", seed: "s" };
    const first = beginRun(database, START_MS, start);
    const second = beginRun(database, START_MS, start);
    expect(first).toBe(START_MS.toString(36));
    expect(second).toBe((START_MS + 1).toString(36));
    endRun(database, { id: first, nowMs: START_MS + 9, exitReason: "SIGTERM" });
    const rows = database.orm
      .select()
      .from(runs)
      .orderBy(asc(runs.startedAtMs), asc(runs.id))
      .all();
    expect(rows).toMatchObject([
      { id: first, endedAtMs: START_MS + 9, exitReason: "SIGTERM" },
      { id: second, endedAtMs: null, exitReason: null },
    ]);
  });
});

describe("a database that is taken away", () => {
  test("is reported, since nothing written to it will be found again", () => {
    const dir = tempDir();
    const { journal } = setup(openTemp(dir));
    expect(journal.stats().lastError).toBe("");
    rmSync(join(dir, "scalper.db"));
    expect(journal.stats().lastError).toContain("deleted or replaced");
  });
});
