/** Features on bars against the textbook over whole lists, and what a gap does to them. */
import { describe, expect, test } from "bun:test";
import type { Bar } from "../../../src/domain/bar.ts";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import type { FeatureName } from "../../../src/features/registry.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { instrumentOf } from "../engine/tape.ts";
import { ID } from "../strategy/support.ts";

const NAMES = [
  "emaTicks20@5m",
  "atrBps14@5m",
  "rsi14@5m",
  "vwapTicks20@5m",
] as const satisfies readonly FeatureName[];

function barsOf(seed: string, count: number): Bar[] {
  const prng = prngOf(seed);
  const bars: Bar[] = [];
  let close = 10_000;
  for (let index = 0; index < count; index++) {
    const open = close;
    close = Math.max(100, close + (prng.int(9) === 0 ? 0 : prng.int(41) - 20));
    const high = Math.max(open, close) + prng.int(10);
    const low = Math.min(open, close) - prng.int(10);
    const volumeSteps = prng.int(7) === 0 ? 0 : prng.int(5_000);
    bars.push({
      startAtMs: index * 300_000,
      openTicks: open,
      highTicks: high,
      lowTicks: low,
      closeTicks: close,
      volumeSteps,
      turnover: volumeSteps * (low + prng.int(high - low + 1)),
      isComplete: true,
    });
  }
  return bars;
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** Wilder: the mean of the first fourteen, then thirteen parts old and one part new. */
function wilder(values: readonly number[]): number {
  const first = sum(values.slice(0, 14)) / 14;
  return values.slice(14).reduce((before, value) => (before * 13 + value) / 14, first);
}

function plain(name: string, bars: readonly Bar[]): number {
  const moves = bars.map(({ openTicks, closeTicks }) => closeTicks - openTicks);
  const last = bars.at(-1)?.closeTicks ?? Number.NaN;
  switch (name) {
    case "emaTicks20@5m": {
      if (bars.length < 20) return Number.NaN;
      const closes = bars.map(({ closeTicks }) => closeTicks);
      const first = sum(closes.slice(0, 20)) / 20;
      return closes.slice(20).reduce((ema, close) => ema + (2 / 21) * (close - ema), first);
    }
    case "atrBps14@5m": {
      if (bars.length < 14) return Number.NaN;
      return (wilder(bars.map(({ highTicks, lowTicks }) => highTicks - lowTicks)) / last) * 10_000;
    }
    case "rsi14@5m": {
      if (bars.length < 14) return Number.NaN;
      const gain = wilder(moves.map((move) => Math.max(0, move)));
      const loss = wilder(moves.map((move) => Math.max(0, -move)));
      return 100 - 100 / (1 + gain / loss);
    }
    default: {
      if (bars.length < 20) return Number.NaN;
      const window = bars.slice(-20);
      const volume = sum(window.map(({ volumeSteps }) => volumeSteps));
      return sum(window.map(({ turnover }) => turnover)) / volume;
    }
  }
}

function fresh(): FeatureTable {
  const table = new FeatureTable(NAMES);
  table.load([instrumentOf(0)]);
  return table;
}

describe("features on 5 m bars", () => {
  test.each(["a", "b", "c"])("are the textbook's: %s", (seed) => {
    const table = fresh();
    const bars = barsOf(seed, 120);
    for (const [index, bar] of bars.entries()) {
      table.onBar(ID, "5m", bar);
      table.onBar(ID, "1m", { ...bar, closeTicks: 1 });
      for (const name of NAMES) {
        const wanted = plain(name, bars.slice(0, index + 1));
        if (Number.isNaN(wanted)) expect(table.at(name, ID)).toBeNaN();
        else expect(table.at(name, ID)).toBeCloseTo(wanted, 6);
      }
    }
  });

  test("a bar with a gap makes them cold, and they begin again behind it", () => {
    const table = fresh();
    const bars = barsOf("gap", 60);
    for (const bar of bars.slice(0, 30)) table.onBar(ID, "5m", bar);
    expect(table.isWarm(NAMES, ID)).toBe(true);
    table.onBar(ID, "5m", { ...(bars[30] as Bar), isComplete: false });
    expect(NAMES.map((name) => table.at(name, ID))).toEqual(NAMES.map(() => Number.NaN));
    for (const bar of bars.slice(31)) table.onBar(ID, "5m", bar);
    for (const name of NAMES) {
      expect(table.at(name, ID)).toBeCloseTo(plain(name, bars.slice(31)), 6);
    }
  });

  test("history makes them what they would have been", () => {
    const [live, joined] = [fresh(), fresh()];
    const bars = barsOf("history", 80);
    for (const bar of bars) live.onBar(ID, "5m", bar);
    for (const bar of bars.slice(60)) joined.onBar(ID, "5m", bar);
    joined.replayBars(ID, "5m", bars);
    for (const name of NAMES) expect(joined.at(name, ID)).toBe(live.at(name, ID));
  });

  test("ask for as many bars of history as they need to forget their start", () => {
    expect([...fresh().barWants()]).toEqual([["5m", 100]]);
    expect([...new FeatureTable(["midTicks"]).barWants()]).toEqual([]);
  });
});
