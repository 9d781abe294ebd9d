/** What is learned by hour of the week, and what our own fills teach. */
import { describe, expect, test } from "bun:test";
import type { ExecId, SymbolId } from "../../../src/domain/units.ts";
import { FillMarks } from "../../../src/universe/fill-marks.ts";
import { HoursOfWeek } from "../../../src/universe/hours-of-week.ts";

const A = 0 as SymbolId;
const HOUR_MS = 3_600_000;
/** Monday 2026-11-23 00:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 23);
const LOOK = { spreadBps: 4, depthUsdt: 1_000, volatilityBps: 2, tradesPerMin: 30, score: 50 };

const of = (atMs: number) => ({ id: A, symbol: "A", atMs });

describe("an hour of the week", () => {
  test("is counted from Monday 00:00 UTC, and has the mean of its looks", () => {
    const hours = new HoursOfWeek();
    hours.look(of(MONDAY), LOOK);
    hours.look(of(MONDAY + 5_000), { ...LOOK, spreadBps: 8 });
    expect(hours.at(A, MONDAY)).toMatchObject({ hour: 0, samples: 2, spreadBps: 6, score: 50 });
    expect(hours.at(A, MONDAY + HOUR_MS)).toBeNull();
    hours.look(of(MONDAY - 1), LOOK);
    expect(hours.at(A, MONDAY - 1)?.hour).toBe(167);
  });

  test("of the next week goes on with the means and begins the score anew", () => {
    const hours = new HoursOfWeek();
    const later = MONDAY + 168 * HOUR_MS;
    hours.look(of(MONDAY), LOOK);
    hours.look(of(later), { ...LOOK, spreadBps: 6, score: 10 });
    const row = hours.at(A, later);
    expect(row).toMatchObject({ hour: 0, samples: 2, spreadBps: 5, score: 10, updatedAtMs: later });
  });

  test("comes back as it was kept, and nothing else", () => {
    const before = new HoursOfWeek();
    before.look(of(MONDAY), LOOK);
    before.count(of(MONDAY), "entries", 3);
    before.count(of(MONDAY), "entriesFilled", 1);
    const kept = Array.from({ length: 5 }, () => before.take(MONDAY)).flat();
    expect(kept).toHaveLength(1);
    const after = new HoursOfWeek();
    after.restore(A, kept);
    expect(after.at(A, MONDAY)).toEqual(before.at(A, MONDAY));
    after.restore(A, [{ ...kept[0], hour: 168 } as (typeof kept)[number]]);
    expect(after.at(A, MONDAY)).toEqual(before.at(A, MONDAY));
  });
});

describe("our fills", () => {
  const fill = { execId: "e" as ExecId, symbolId: A, side: "buy", price: 100 } as const;
  test("a taker's slippage is what it paid beyond the mid", () => {
    const marks = new FillMarks();
    marks.note({ ...fill, isMaker: false });
    const lesson = marks.mid(fill.execId, 0, 99.95);
    expect(lesson).toMatchObject({ symbolId: A, kind: "slippage" });
    expect(lesson?.bps).toBeCloseTo(5, 9);
  });

  test("a fill is adverse when the price goes on through it, once, after five seconds", () => {
    const marks = new FillMarks();
    marks.note({ ...fill, isMaker: true });
    expect(marks.mid(fill.execId, 0, 100.02)).toBeNull();
    expect(marks.mid(fill.execId, 1_000, 99)).toBeNull();
    expect(marks.mid(fill.execId, 5_000, 99.9)?.bps).toBeCloseTo(10, 9);
    expect(marks.mid(fill.execId, 5_000, 99)).toBeNull();
    marks.note({ ...fill, side: "sell", isMaker: true });
    expect(marks.mid(fill.execId, 5_000, 99.9)?.bps).toBeCloseTo(-10, 9);
  });
});
