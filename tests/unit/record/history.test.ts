/** The equity curve, interventions and incidents in SQLite, over time and over runs. */
import { describe, expect, test } from "bun:test";
import type { EquityPoint, Incident } from "../../../src/engine/audit.ts";
import { createHistoryReader } from "../../../src/record/history.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import { beginRun, endRun } from "../../../src/record/runs.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../../support/known-account.ts";
import { memoryLog, openTemp, sampleIntervention, tell } from "./support.ts";

const SEC_MS = 1_000;
const MIN_MS = 60 * SEC_MS;
const HOUR_MS = 60 * MIN_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 0, 1);

function world(startMs = START_MS) {
  const clock = virtualClock(startMs);
  const database = openTemp();
  const record = openRecord({ database, clock, runId: "run1", tradeLog: memoryLog() });
  record.openAccount(ACCOUNT_KEYS);
  const history = createHistoryReader(database, { runId: "run1", accountKey: () => ACCOUNT_KEY });
  return { clock, database, record, history };
}

const pointAt = (atMs: number, equityText = "1000.5"): EquityPoint => ({
  atMs,
  equityText,
  unrealisedText: "-0.25",
  feesText: "1.5",
  exposureUsdt: 12.5,
});

describe("the equity curve", () => {
  /** Lives through `forMs` with a point every ten seconds. */
  function live({ clock, record }: ReturnType<typeof world>, forMs: number): void {
    const untilMs = clock.nowMs() + forMs;
    while (clock.nowMs() < untilMs) {
      clock.advanceTo(clock.nowMs() + 10 * SEC_MS);
      tell(record, { kind: "equity", point: pointAt(clock.nowMs()) });
    }
    clock.advanceTo(untilMs + SEC_MS);
  }

  const timesOf = ({ database }: ReturnType<typeof world>): number[] =>
    database.sqlite
      .query<{ atMs: number }, []>("SELECT at_ms AS atMs FROM equity_points ORDER BY at_ms")
      .all()
      .map(({ atMs }) => atMs);

  test("comes back as it was told, exact", () => {
    const { record, history } = world();
    const point = pointAt(START_MS + 7, "123456789.000000000000000001");
    tell(record, { kind: "equity", point });
    record.flush();
    expect(history.equity({ fromMs: START_MS, toMs: START_MS + 10, points: 5 })).toEqual([
      { runId: "run1", point },
    ]);
  });

  test("keeps ten seconds for a day and the last of each minute before", () => {
    const there = world();
    live(there, 2 * DAY_MS);
    const nowMs = there.clock.nowMs();
    const times = timesOf(there);
    // What upkeep has not come to yet is at most a few minutes.
    const young = times.filter((atMs) => atMs > nowMs - DAY_MS + 5 * MIN_MS);
    expect(young.length).toBeWithin(8_600, 8_641);
    const old = times.filter((atMs) => atMs <= nowMs - DAY_MS - 5 * MIN_MS);
    expect(old.length).toBeWithin(1_430, 1_442);
    expect(old.every((atMs) => atMs % MIN_MS === 50 * SEC_MS)).toBe(true);
  }, 30_000);

  test("keeps the last of each hour beyond a month, and no more", () => {
    const there = world(START_MS);
    const { database, clock } = there;
    const insert = database.sqlite.query(
      "INSERT INTO equity_points VALUES (?, 'old', '1', '0', 0, 'test:1', '0')",
    );
    // A program that was away for two months, with its points as they were left.
    const fromMs = START_MS - 90 * DAY_MS;
    for (let atMs = fromMs; atMs < fromMs + 10 * HOUR_MS; atMs += 10 * SEC_MS) insert.run(atMs);
    live(there, HOUR_MS);
    const old = timesOf(there).filter((atMs) => atMs < START_MS - 30 * DAY_MS);
    expect(old).toEqual(
      Array.from({ length: 10 }, (_, hour) => fromMs + (hour + 1) * HOUR_MS - 10 * SEC_MS),
    );
    expect(clock.nowMs()).toBeGreaterThan(START_MS);
  });

  test("a question gets at most as many points as it asked for, evenly spread", () => {
    const there = world();
    live(there, HOUR_MS);
    const fromMs = START_MS;
    const toMs = START_MS + HOUR_MS;
    const ask = (points: number) => there.history.equity({ fromMs, toMs, points });
    expect(ask(1_000)).toHaveLength(360);
    const ten = ask(10).map(({ point }) => point.atMs);
    expect(ten).toHaveLength(10);
    const gaps = ten.slice(1).map((atMs, index) => atMs - (ten[index] ?? 0));
    expect(gaps.every((gapMs) => Math.abs(gapMs - HOUR_MS / 10) <= 10 * SEC_MS)).toBe(true);
    expect(ten.at(-1)).toBe(toMs);
    expect(there.history.equity({ fromMs: toMs + 1, toMs: toMs + HOUR_MS, points: 9 })).toEqual([]);
  });
});

describe("interventions", () => {
  test("page from the newest back, over runs", () => {
    const { record, history } = world();
    for (let n = 1; n <= 5; n++) {
      const intervention = sampleIntervention({ id: `run1-${n}`, atMs: n });
      tell(record, { kind: "intervention", intervention });
    }
    record.flush();
    const first = history.interventions({ limit: 2 });
    expect(first.map(({ intervention }) => intervention.id)).toEqual(["run1-5", "run1-4"]);
    expect(first[0]?.intervention).toEqual(sampleIntervention({ id: "run1-5", atMs: 5 }));
    const next = history.interventions({ limit: 9, before: first.at(-1)?.row });
    expect(next.map(({ intervention }) => intervention.atMs)).toEqual([3, 2, 1]);
  });
});

describe("incidents", () => {
  const incident = (change: Partial<Incident> = {}): Incident => ({
    id: "run1-1",
    service: "storage",
    severity: "degraded",
    cause: "slow",
    fromMs: START_MS,
    untilMs: null,
    ...change,
  });

  test("keep their worst and their end", () => {
    const { record, history } = world();
    tell(record, { kind: "incident", incident: incident() });
    record.flush();
    const worse = incident({ severity: "down", cause: "disk full" });
    tell(record, { kind: "incident", incident: worse });
    tell(record, { kind: "incident", incident: { ...worse, untilMs: START_MS + 9 } });
    record.flush();
    expect(history.incidents({ limit: 9 })).toEqual([
      { row: 1, runId: "run1", isCut: false, incident: { ...worse, untilMs: START_MS + 9 } },
    ]);
  });

  test("that outlived their run end with it, or with the next start when it was killed", () => {
    const database = openTemp();
    const clock = virtualClock(START_MS);
    const start = { venue: "sim", version: "1", seed: "s" };
    const runs = [0, 1, 2].map((n) => beginRun(database, START_MS + n * HOUR_MS, start));
    endRun(database, { id: runs[1] ?? "", nowMs: START_MS + 90 * MIN_MS, exitReason: "SIGTERM" });
    for (const runId of runs) {
      const record = openRecord({ database, clock, runId, tradeLog: memoryLog() });
      tell(record, { kind: "incident", incident: incident({ id: `${runId}-1` }) });
      record.close();
    }
    const of = { runId: runs[2] ?? "", accountKey: () => "" };
    const found = createHistoryReader(database, of).incidents({ limit: 9 });
    expect(found.map(({ isCut, incident: one }) => [isCut, one.untilMs])).toEqual([
      [false, null],
      [true, START_MS + 90 * MIN_MS],
      [true, START_MS + HOUR_MS],
    ]);
  });
});
