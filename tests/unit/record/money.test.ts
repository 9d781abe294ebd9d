/**
 * What trading came to, kept and read back: the sums of the record against the same executions
 * folded in memory, wherever the border between kept and not kept lies, and after a kill.
 */
import { describe, expect, test } from "bun:test";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import type { ExecutionRow } from "../../../src/pnl/execution-row.ts";
import { netOfBridge } from "../../../src/pnl/money-lines.ts";
import type { MoneyQuery, MoneyReader } from "../../../src/pnl/reading.ts";
import { exactOf, nanoOf, restOf } from "../../../src/record/exact-sums.ts";
import { createMoneyReader } from "../../../src/record/money-reader.ts";
import { MoneyRollup } from "../../../src/record/money-rollup.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import type { JournalDatabase } from "../../../src/store/database.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../../support/known-account.ts";
import { moneyRows, netOfRows } from "../../support/money-rows.ts";
import { moneyOf } from "../../support/web-money.ts";
import { handClock, memoryLog, openTemp, tell } from "./support.ts";

const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2026, 0, 5, 3);
const TO_MS = FROM_MS + 5 * DAY_MS;
const ALL: MoneyQuery = { fromMs: 0, toMs: 4e12 };

/** The executions and what the market did around them, as the engine tells of them. */
function recorded(rows: readonly ExecutionRow[], database: JournalDatabase = openTemp()) {
  const clock = handClock(FROM_MS);
  const record = openRecord({ database, clock, runId: "run1", tradeLog: memoryLog() });
  record.openAccount(ACCOUNT_KEYS);
  for (const { fill, mids, isOurs } of rows) {
    tell(record, { kind: "fill", fill, isEarlier: !isOurs });
    const known = [
      [0, mids?.atFill],
      [1_000, mids?.after1s],
      [5_000, mids?.after5s],
      [30_000, mids?.after30s],
    ] as const;
    for (const [horizonMs, mid] of known) {
      if (mid === null || mid === undefined) continue;
      tell(record, { kind: "mark_out", markOut: { execId: fill.execId, horizonMs, mid } });
    }
  }
  record.close();
  return database;
}

const readerOf = (database: JournalDatabase, timeZone = "UTC"): MoneyReader =>
  createMoneyReader({ database, accountKey: () => ACCOUNT_KEY, timeZone, nowMs: () => TO_MS });

/** Keeps all that has settled by then. */
function rolledUp(database: JournalDatabase, nowMs: number, timeZone = "UTC"): void {
  const clock = handClock(nowMs);
  const rollup = new MoneyRollup({ database, clock, timeZone });
  rollup.openAccount(ACCOUNT_KEY);
  rollup.catchUp();
  clock.advance(60_000);
  rollup.close();
}

/** All that a reader answers, as text that two can be compared by; statistics rounded. */
function answers(reader: MoneyReader, trips: { readonly withReasons: boolean }): unknown {
  const hours = new Map<string, bigint>();
  for (const { dayStartsAtMs, hour, net } of reader.hours(ALL)) {
    const key = `${dayStartsAtMs} ${hour}`;
    hours.set(key, (hours.get(key) ?? 0n) + net);
  }
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, one) => {
        if (typeof one === "bigint") return one.toString();
        return typeof one === "number" ? Number(one.toPrecision(12)) : one;
      }),
    );
  const list = reader.roundTrips({ limit: 1_000 }).map(({ entryReason, exitReason, ...trip }) => ({
    ...trip,
    ...(trips.withReasons && { entryReason, exitReason }),
  }));
  return plain({
    bridge: reader.bridge(ALL),
    maker: reader.bridge({ ...ALL, strategy: "maker" }),
    days: reader.days({ ...ALL, symbol: "ENAUSDT" }),
    symbols: reader.symbols({ fromMs: FROM_MS - 1, toMs: FROM_MS + 3 * DAY_MS }),
    hours: [...hours].sort(([left], [right]) => (left < right ? -1 : 1)),
    bins: reader.distribution(ALL, 5, 50),
    hour: reader.closedSince(TO_MS - 30 * 3_600_000),
    list,
  });
}

describe("exact sums", () => {
  test.each(["0", "1", "-1", "0.000000000000000001", "-0.000000000000000001", "-7.3000000014"])(
    "%s goes into two integers and back",
    (text) => {
      const amount = parseFixed(text) ?? 0n;
      const [nano, rest] = [nanoOf(amount), restOf(amount)];
      expect(rest >= 0n && rest < 1_000_000_000n).toBe(true);
      expect(fixedToText(exactOf(String(nano), Number(rest)))).toBe(text);
    },
  );
});

describe("what trading came to, in the record", () => {
  const rows = moneyRows({ seed: "record", count: 700, fromMs: FROM_MS, toMs: TO_MS });
  const wanted = answers(moneyOf(rows), { withReasons: false });

  test.each([
    ["nothing kept yet", FROM_MS],
    ["half of it kept", (FROM_MS + TO_MS) / 2],
    ["all but the last minute", TO_MS],
    ["all of it", TO_MS + DAY_MS],
  ])("%s: the same answers as from the executions alone", (_, nowMs) => {
    const database = recorded(rows);
    rolledUp(database, nowMs);
    expect(answers(readerOf(database), { withReasons: false })).toEqual(wanted);
    expect(netOfBridge(readerOf(database).bridge(ALL))).toBe(netOfRows(rows));
  });

  test("kept in several steps, the process killed between them", () => {
    const database = recorded(rows);
    for (let hour = 0; hour <= 6 * 24; hour += 7) rolledUp(database, FROM_MS + hour * 3_600_000);
    expect(answers(readerOf(database), { withReasons: false })).toEqual(wanted);
  });

  test("a step that fails half way leaves neither sums nor cursor", () => {
    const database = recorded(rows);
    database.sqlite.run(
      "CREATE TRIGGER no_cursor BEFORE INSERT ON money_cursors BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    expect(() => rolledUp(database, TO_MS + DAY_MS)).toThrow("full");
    const kept = database.sqlite.query("SELECT count(*) AS n FROM money_days").get();
    expect(kept).toEqual({ n: 0 });
    database.sqlite.run("DROP TRIGGER no_cursor");
    rolledUp(database, TO_MS + DAY_MS);
    expect(answers(readerOf(database), { withReasons: false })).toEqual(wanted);
  });

  test("days of another place are made anew", () => {
    const database = recorded(rows);
    const zone = "Asia/Kolkata";
    rolledUp(database, TO_MS + DAY_MS);
    rolledUp(database, TO_MS + DAY_MS, zone);
    const reader = readerOf(database, zone);
    expect(answers(reader, { withReasons: false })).toEqual(
      answers(moneyOf(rows, zone), { withReasons: false }),
    );
    const starts = reader.days(ALL).map(({ key }) => new Date(key).toISOString().slice(11, 16));
    expect(new Set(starts)).toEqual(new Set(["18:30"]));
  });

  test("trips by pages, each once, with kept ones after the young", () => {
    const database = recorded(rows);
    rolledUp(database, (FROM_MS + TO_MS) / 2);
    const reader = readerOf(database);
    const whole = reader.roundTrips({ limit: 1_000 }).map(({ id }) => id);
    const paged: number[] = [];
    for (let before = Number.MAX_SAFE_INTEGER; ; before = paged.at(-1) ?? 0) {
      const page = reader.roundTrips({ limit: 17, before });
      if (page.length === 0) break;
      paged.push(...page.map(({ id }) => id));
    }
    expect(paged).toEqual(whole);
    expect(whole.length).toBeGreaterThan(100);
  });

  test("what strangers did is none of our money", () => {
    const strange = rows.map((row) => ({ ...row, isOurs: row.fill.strategy !== "momentum" }));
    const database = recorded(strange);
    rolledUp(database, TO_MS + DAY_MS);
    expect(netOfBridge(readerOf(database).bridge(ALL))).toBe(netOfRows(strange));
  });
});
