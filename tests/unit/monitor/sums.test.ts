/** The desk's sums: the day in parts, the last hour, what is exposed, what stops would cost. */
import { describe, expect, test } from "bun:test";
import { exposedOf, stopsHitOf } from "../../../src/monitor/danger.ts";
import { dayStartAfter, todayParts } from "../../../src/monitor/day-sums.ts";
import { doingNow } from "../../../src/monitor/doing-now.ts";
import {
  EMPTY_HOUR,
  hourAfterFill,
  hourAfterPoint,
  lastHour,
} from "../../../src/monitor/last-hour.ts";
import type { LedgerFill } from "../../../src/portfolio/fill.ts";
import { given } from "../../support/given.ts";
import { webFixture } from "../../support/web-deps.ts";

const { view } = webFixture({ symbols: 12 });
const UNIT = 10n ** 18n;

describe("the day in parts", () => {
  const sums = { realisedText: "5", feesText: "2", fundingText: "-0.5", unrealisedText: "0.25" };
  const account = { ...view.account, ...sums, todayText: "3.75" };
  test("from nothing in the day of the start", () => {
    const start = dayStartAfter(null, 1, { realisedText: "9", feesText: "9", fundingText: "9" });
    expect(todayParts(account, start)).toEqual({
      net: "3.75",
      gross: "5",
      fees: "-2",
      funding: "0.5",
      open: "0.25",
      earlier: "0",
    });
  });
  test("from where a later day found the sums, told of once or twice", () => {
    const first = dayStartAfter(null, 1, sums);
    const second = dayStartAfter(first, 2, {
      realisedText: "4",
      feesText: "1.5",
      fundingText: "0",
    });
    expect(dayStartAfter(second, 2, sums)).toBe(second);
    const parts = given(todayParts({ ...account, todayText: "1.000000000000000001" }, second));
    expect(parts).toMatchObject({ gross: "1", fees: "-0.5", funding: "0.5", open: "0.25" });
    // What the parts do not explain is a part of its own, to the last of 18 decimals.
    expect(parts.earlier).toBe("-0.249999999999999999");
  });
  test("unknown before the day is", () => {
    expect(todayParts(account, null)).toBeNull();
  });
});

describe("the last hour", () => {
  const [anyFill] = view.recentFills;
  const fill = (change: Partial<LedgerFill>): LedgerFill => ({
    ...given(anyFill),
    execKind: "trade",
    symbol: "AUSDT",
    atMs: 0,
    fee: UNIT / 100n,
    funding: 0n,
    realisedPnl: 0n,
    value: 50n * UNIT,
    ...change,
  });
  test("a trip is what happens between flat and flat, with all its fees", () => {
    const steps = [
      fill({ positionSteps: 5 }),
      fill({ positionSteps: 10 }),
      fill({ positionSteps: 10, execKind: "funding", funding: UNIT / 10n, fee: 0n }),
      fill({ positionSteps: 0, realisedPnl: UNIT, value: 100n * UNIT, atMs: 5_000 }),
      fill({ positionSteps: -5, symbol: "BUSDT" }),
    ];
    const book = steps.reduce(hourAfterFill, EMPTY_HOUR);
    expect(book.trips).toHaveLength(1);
    expect([...book.open.keys()]).toEqual(["BUSDT"]);
    const hour = lastHour(book, 10_000);
    expect(hour).toMatchObject({ trips: 1, winPct: 100, rateUsdt: null });
    // 1 - 0.1 - 3 * 0.01 on 100 USDT bought.
    expect(hour.netBps).toBeCloseTo(87, 9);
    expect(lastHour(book, 3_605_001).trips).toBe(0);
  });
  test("a rate by the hour once there is a minute of it, of the last hour only", () => {
    const at = (minute: number, realisedText: string) => ({ minute, realisedText });
    let book = EMPTY_HOUR;
    for (const { minute, realisedText } of [at(0, "100"), at(10, "0"), at(70, "6")]) {
      const account = { ...view.account, realisedText };
      const rest = { feesText: "0", fundingText: "0", unrealisedText: "0" };
      book = hourAfterPoint(book, minute * 60_000, { ...account, ...rest });
    }
    expect(lastHour(book, 70 * 60_000)).toMatchObject({ rateUsdt: 6, spanMs: 3_600_000 });
    expect(lastHour(EMPTY_HOUR, 0)).toMatchObject({ rateUsdt: null, trips: 0 });
  });
});

describe("what can hurt", () => {
  test("long, short, the difference and the largest", () => {
    const rows = [...view.positions.values()].slice(0, 2);
    const [long, short] = rows.map((row, at) => ({
      ...row,
      notionalText: at === 0 ? "300" : "120",
    }));
    const positions = new Map([
      ["L", { ...given(long), side: "long" as const, symbol: "L" }],
      ["S", { ...given(short), side: "short" as const, symbol: "S" }],
    ]);
    expect(exposedOf({ ...view, positions })).toEqual({
      longUsdt: 300,
      shortUsdt: 120,
      netUsdt: 180,
      largest: { symbol: "L", usdt: 300 },
    });
    expect(exposedOf({ ...view, positions: new Map() }).largest).toBeNull();
  });
  test("nothing is said of stops while a mark is not known", () => {
    const [row] = view.positions.values();
    const blind = { ...given(row), side: "long" as const, markText: "", stopLossText: "9" };
    expect(stopsHitOf({ ...view, positions: new Map([["A", blind]]) })).toBeNull();
  });
});

test("a symbol that has left is not counted as doing anything", () => {
  const all = doingNow(view);
  expect(all.quoting + all.holding + all.waiting).toBe(view.slots.length - 1);
  expect(doingNow({ slots: [] }).causes).toEqual([]);
});
