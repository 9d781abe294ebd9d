/** What charts are drawn from: bars of trades, gaps, histories of the venue, bounded room. */
import { describe, expect, test } from "bun:test";
import { CHARTS_MAX, ChartTape } from "../../../src/charts/chart-tape.ts";
import { coarser } from "../../../src/charts/coarser.ts";
import { MINUTES_KEPT, MinuteStore } from "../../../src/charts/minute-store.ts";
import type { Bar } from "../../../src/domain/bar.ts";
import { asExecId, asSteps, asSymbolId, asTicks } from "../../../src/domain/units.ts";
import { fixtureInstruments } from "../../support/web-rows.ts";

const START_MS = 1_800_000_000_000;
const A = asSymbolId(0);
const B = asSymbolId(1);
const yes = () => true;

function tapeOf(count = 2): ChartTape {
  const tape = new ChartTape();
  tape.absorb({ kind: "instruments", instruments: fixtureInstruments(count) }, START_MS);
  tape.tick(START_MS, yes);
  return tape;
}

function trade(tape: ChartTape, atMs: number, ticks: number, id = A): void {
  const one = { execId: asExecId("x"), side: "buy", venueAtMs: atMs } as const;
  const trades = [{ ...one, priceTicks: asTicks(ticks), qtySteps: asSteps(5) }];
  tape.absorb({ kind: "trades", symbolId: id, trades }, atMs);
}

/** A trade each second, and the tick that follows it. */
function seconds(tape: ChartTape, fromMs: number, count: number, ticks = (at: number) => at + 100) {
  for (let at = 0; at < count; at++) {
    trade(tape, fromMs + at * 1_000 + 10, ticks(at));
    tape.tick(fromMs + at * 1_000 + 900, yes);
  }
  return fromMs + count * 1_000;
}

function minutes(count: number, endMs: number): Bar[] {
  return Array.from({ length: count }, (_, at) => ({
    startAtMs: endMs - (count - at) * 60_000,
    openTicks: 50,
    highTicks: 60,
    lowTicks: 40,
    closeTicks: 55,
    volumeSteps: 7,
    turnover: 350,
    isComplete: true,
  }));
}

describe("bars", () => {
  test("seconds are kept from the first look on, and the running one is the last", () => {
    const tape = tapeOf();
    const nowMs = seconds(tape, START_MS, 3);
    expect(tape.barsOf(A, "1s")).toHaveLength(1);
    tape.look(A, nowMs);
    seconds(tape, nowMs, 5, (at) => 200 + at);
    const bars = tape.barsOf(A, "1s");
    expect(bars.slice(-3).map(({ closeTicks }) => closeTicks)).toEqual([202, 203, 204]);
    expect(bars.at(-1)?.startAtMs).toBe(nowMs + 4_000);
    expect(bars.at(-2)).toMatchObject({ openTicks: 202, volumeSteps: 5, isComplete: true });
  });

  test("of every symbol some hours of minutes are there before anybody looks", () => {
    const tape = tapeOf();
    seconds(tape, START_MS, 200);
    const before = tape.barsOf(A, "1m");
    expect(before.length).toBeGreaterThanOrEqual(3);
    tape.look(A, START_MS + 200_000);
    expect(tape.barsOf(A, "1m")).toEqual(
      before.map((bar) => ({ ...bar, turnover: expect.anything() })),
    );
    expect(tape.barsOf(B, "1m")).toEqual([]);
  });

  test("what nothing was seen of is a gap, and silence is none", () => {
    const tape = tapeOf();
    tape.look(A, START_MS);
    let nowMs = seconds(tape, START_MS, 10);
    // Silent but whole: flat bars.
    for (let at = 0; at < 5; at++) tape.tick(nowMs + at * 1_000 + 900, yes);
    expect(tape.barsOf(A, "1s").length).toBeGreaterThanOrEqual(13);
    nowMs += 5_000;
    tape.absorb({ kind: "feed_status", feed: "market", up: false, detail: "gone" }, nowMs);
    for (let at = 0; at < 5; at++) tape.tick(nowMs + at * 1_000 + 900, () => false);
    nowMs = seconds(tape, nowMs + 5_000, 5);
    const starts = tape.barsOf(A, "1s").map(({ startAtMs }) => startAtMs);
    const gaps = starts.slice(1).map((atMs, at) => atMs - (starts[at] ?? 0));
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(4_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(9_000);
  });

  test("a contract in other units begins anew", () => {
    const tape = tapeOf();
    tape.look(A, START_MS);
    seconds(tape, START_MS, 130);
    const [first, ...others] = fixtureInstruments(2);
    if (first === undefined) throw new Error("there is one");
    const price = { ...first.price, decimals: first.price.decimals + 1 };
    const finer = { ...first, price: { ...price, unitMantissa: 1, unitText: "0.01" } };
    tape.absorb({ kind: "instruments", instruments: [finer, ...others] }, START_MS + 130_000);
    expect(tape.barsOf(A, "1m")).toEqual([]);
    expect(tape.tradesOf(A)).toEqual([]);
  });
});

describe("histories", () => {
  const nowMs = START_MS + 3_600_000;

  test("are asked for one a second, of looked-at symbols only, and not again when they came", () => {
    const tape = tapeOf();
    expect(tape.question(nowMs)).toBeNull();
    tape.look(A, nowMs);
    expect(tape.question(nowMs)).toEqual({ symbolId: A, span: "1m", count: 990 });
    expect(tape.question(nowMs + 500)).toBeNull();
    expect(tape.question(nowMs + 1_000)?.span).toBe("5m");
    expect(tape.question(nowMs + 2_000)?.span).toBe("1h");
    expect(tape.question(nowMs + 3_000)).toBeNull();
    const answer = { kind: "bars_loaded", symbolId: A, span: "1m", fault: "" } as const;
    tape.absorb({ ...answer, bars: minutes(990, nowMs) }, nowMs + 4_000);
    // The running one follows the last that was loaded.
    expect(tape.barsOf(A, "1m")).toHaveLength(991);
    tape.absorb({ ...answer, span: "5m", bars: [], fault: "refused" }, nowMs + 4_000);
    expect(tape.question(nowMs + 29_000)).toBeNull();
    expect(tape.question(nowMs + 31_500)?.span).toBe("5m");
  });

  test("are kept of a named number of symbols: who is not looked at makes room", () => {
    const tape = tapeOf(CHARTS_MAX + 2);
    for (let id = 0; id < CHARTS_MAX; id++) tape.look(asSymbolId(id), nowMs + id);
    const late = asSymbolId(CHARTS_MAX);
    trade(tape, nowMs, 100, late);
    tape.look(late, nowMs + 1_000);
    trade(tape, nowMs, 100, late);
    expect(tape.tradesOf(late)).toEqual([]);
    trade(tape, nowMs, 100, A);
    expect(tape.tradesOf(A)).toHaveLength(1);
    tape.look(late, nowMs + 62_000);
    trade(tape, nowMs, 100, late);
    expect(tape.tradesOf(late)).toHaveLength(1);
    expect(tape.tradesOf(A)).toEqual([]);
  });
});

describe("a store of minutes", () => {
  test("forgets the oldest, and starts anew after a hole", () => {
    const store = new MinuteStore();
    const bars = minutes(MINUTES_KEPT + 5, START_MS);
    for (const bar of bars) store.push(A, bar);
    expect(store.read(A)).toHaveLength(MINUTES_KEPT);
    expect(store.read(A).at(-1)?.startAtMs).toBe(START_MS - 60_000);
    expect(store.read(A)[0]).toMatchObject({ openTicks: 50, highTicks: 60, isComplete: true });
    const [one] = minutes(1, START_MS + 600_000);
    if (one !== undefined) store.push(A, one);
    expect(store.read(A)).toHaveLength(1);
    expect(store.read(B)).toEqual([]);
  });
});

test("minutes are joined into longer bars, complete only when every part is", () => {
  const fiveMs = 300_000;
  const endMs = Math.ceil(START_MS / fiveMs) * fiveMs;
  const parts = minutes(11, endMs + 60_000).map((bar, at) => ({
    ...bar,
    openTicks: 100 + at,
    highTicks: 200 + at,
    lowTicks: 90 - at,
    closeTicks: 150 + at,
    isComplete: at !== 7,
  }));
  const joined = coarser(parts, "1m", "5m");
  expect(joined.map(({ startAtMs }) => startAtMs - endMs)).toEqual([-2 * fiveMs, -fiveMs, 0]);
  expect(joined[0]).toMatchObject({
    openTicks: 100,
    highTicks: 204,
    lowTicks: 86,
    closeTicks: 154,
  });
  expect(joined[0]).toMatchObject({ volumeSteps: 35, isComplete: true });
  expect(joined.map(({ isComplete }) => isComplete)).toEqual([true, false, false]);
});
