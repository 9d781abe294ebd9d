/** Bars against the plainest recomputation: sort, group, fold. */
import { describe, expect, test } from "bun:test";
import { BAR_SPANS, type Bar, type BarSpan, barStartOf, SPAN_MS } from "../../../src/domain/bar.ts";
import type { PublicTrade } from "../../../src/domain/event.ts";
import {
  asExecId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { Bars } from "../../../src/market/bar-builder.ts";

const A = 0 as SymbolId;
const B = 1 as SymbolId;
const START_MS = Date.UTC(2026, 0, 5, 12);
const SEEDS = Array.from({ length: 6 }, (_, index) => `bars-${index}`);

function tradeOf(venueAtMs: number, priceTicks: number, qtySteps: number): PublicTrade {
  return {
    execId: asExecId("x"),
    side: "buy",
    priceTicks: priceTicks as PriceTicks,
    qtySteps: qtySteps as QtySteps,
    venueAtMs,
  };
}

/** Twenty minutes of trades in bursts and silences. */
function tradesOf(seed: string, fromMs = START_MS): PublicTrade[] {
  const prng = prngOf(seed);
  const trades: PublicTrade[] = [];
  let price = 10_000;
  for (let atMs = fromMs; atMs < fromMs + 20 * 60_000; ) {
    price = Math.max(1, price + prng.int(11) - 5);
    trades.push(tradeOf(atMs, price, 1 + prng.int(500)));
    atMs += prng.int(40) === 0 ? prng.int(90_000) : prng.int(2_000);
  }
  return trades;
}

/** Bars of a list of trades until a time, by grouping: the first opens at its first trade. */
function plainBars(span: BarSpan, trades: readonly PublicTrade[], untilMs: number): Bar[] {
  const groups = Map.groupBy(trades, ({ venueAtMs }) => barStartOf(span, venueAtMs));
  const bars: Bar[] = [];
  const firstAtMs = Math.min(...groups.keys());
  let close = groups.get(firstAtMs)?.[0]?.priceTicks ?? 0;
  for (let at = firstAtMs; at + SPAN_MS[span] <= untilMs; at += SPAN_MS[span]) {
    const group = groups.get(at) ?? [];
    const prices = [close, ...group.map(({ priceTicks }) => priceTicks as number)];
    const bar = {
      startAtMs: at,
      openTicks: close,
      highTicks: Math.max(...prices),
      lowTicks: Math.min(...prices),
      closeTicks: prices.at(-1) ?? 0,
      volumeSteps: group.reduce((sum, { qtySteps }) => sum + qtySteps, 0),
      turnover: group.reduce((sum, { priceTicks, qtySteps }) => sum + priceTicks * qtySteps, 0),
      isComplete: at > firstAtMs,
    };
    close = bar.closeTicks as PriceTicks;
    bars.push(bar);
  }
  return bars;
}

class Builder {
  readonly told: Record<string, Bar[]> = {};
  readonly bars: Bars;

  constructor(spans: readonly BarSpan[] = BAR_SPANS, kept = 1_000) {
    this.bars = new Bars(new Map(spans.map((span) => [span, kept])), (id, span, bar) => {
      this.list(span, id).push({ ...bar });
    });
    this.bars.load([A, B]);
    this.bars.works(A, START_MS - 60_000);
    this.bars.works(B, START_MS - 60_000);
  }

  list(span: BarSpan, id: SymbolId = A): Bar[] {
    const key = `${span} ${id}`;
    this.told[key] ??= [];
    return this.told[key];
  }

  trade(trade: PublicTrade, symbolId: SymbolId = A): void {
    this.bars.onTrades({ kind: "trades", symbolId, trades: [trade] });
  }

  /** Trades as they come, the clock ticking four times a second between them. */
  play(trades: readonly PublicTrade[], untilMs: number): void {
    let clockMs = START_MS;
    for (const trade of [...trades, null]) {
      const nextMs = trade?.venueAtMs ?? untilMs;
      for (; clockMs <= nextMs; clockMs += 250) this.bars.closeByTime(clockMs);
      if (trade !== null) this.trade(trade);
    }
  }
}

describe.each(SEEDS)("bars of %s", (seed) => {
  const trades = tradesOf(seed);
  const untilMs = START_MS + 25 * 60_000;

  test.each(BAR_SPANS)("of %s are the grouped trades, silence included", (span) => {
    const builder = new Builder([span]);
    builder.bars.keep(A);
    builder.play(trades, untilMs + 1_000);
    const plain = plainBars(span, trades, untilMs);
    expect(builder.list(span)).toEqual(plain);
    expect(builder.bars.closed(span, A)?.toArray() ?? []).toEqual(plain.slice(-1_002));
    expect(builder.bars.lateTrades).toBe(0);
  });

  test("a 5 m bar is the fold of its 1 m bars, all spans at once", () => {
    const builder = new Builder();
    builder.play(trades, untilMs + 1_000);
    const minutes = builder.list("1m");
    for (const bar of builder.list("5m")) {
      const parts = minutes.filter(
        (minute) => barStartOf("5m", minute.startAtMs) === bar.startAtMs,
      );
      expect(bar).toEqual({
        startAtMs: bar.startAtMs,
        openTicks: parts[0]?.openTicks ?? 0,
        highTicks: Math.max(...parts.map(({ highTicks }) => highTicks)),
        lowTicks: Math.min(...parts.map(({ lowTicks }) => lowTicks)),
        closeTicks: parts.at(-1)?.closeTicks ?? 0,
        volumeSteps: parts.reduce((sum, { volumeSteps }) => sum + volumeSteps, 0),
        turnover: parts.reduce((sum, { turnover }) => sum + turnover, 0),
        isComplete: parts.every(({ isComplete }) => isComplete),
      });
    }
  });
});

describe("what is complete", () => {
  test("not the first bar of a symbol: its open is the close of a bar never seen", () => {
    const builder = new Builder(["1m"]);
    builder.play([tradeOf(START_MS + 5_000, 100, 1)], START_MS + 181_000);
    expect(builder.list("1m").map(({ isComplete }) => isComplete)).toEqual([false, true, true]);
  });

  test("not a bar during which the feed was lost, nor the one in which it came back", () => {
    const builder = new Builder(["1m"]);
    const minute = (count: number) => START_MS + count * 60_000;
    for (const count of [0, 1, 2]) builder.trade(tradeOf(minute(count) + 1_000, 100, 1));
    builder.bars.broke(A);
    builder.trade(tradeOf(minute(3) + 1_000, 100, 1));
    builder.bars.works(A, minute(4) + 30_000);
    for (const count of [4, 5, 6]) builder.trade(tradeOf(minute(count) + 59_000, 100, 1));
    const complete = builder.list("1m").map(({ isComplete }) => isComplete);
    expect(complete).toEqual([false, true, false, false, false, true]);
  });

  test("not the bar after a gap while nobody knows where it opened", () => {
    const builder = new Builder(["1m"]);
    builder.trade(tradeOf(START_MS + 1_000, 100, 1));
    builder.trade(tradeOf(START_MS + 61_000, 100, 1));
    builder.bars.broke(A);
    builder.bars.works(A, START_MS + 90_000);
    // Until the next trade the close of the broken bar may be another one.
    builder.trade(tradeOf(START_MS + 185_000, 100, 1));
    builder.bars.closeByTime(START_MS + 301_000);
    const complete = builder.list("1m").map(({ isComplete }) => isComplete);
    expect(complete).toEqual([false, false, false, false, true]);
  });

  test("a trade that comes after its bar closed is counted, and spoils the bar", () => {
    const builder = new Builder(["1m"]);
    builder.bars.keep(A);
    for (const count of [0, 1, 2]) builder.trade(tradeOf(START_MS + count * 60_000, 100, 1));
    builder.trade(tradeOf(START_MS + 119_999, 100, 1));
    expect(builder.bars.lateTrades).toBe(1);
    const kept = builder.bars.closed("1m", A)?.toArray() ?? [];
    expect(kept.map(({ isComplete, volumeSteps }) => [isComplete, volumeSteps])).toEqual([
      [false, 1],
      [false, 1],
    ]);
  });

  test("a hole longer than any silence starts the series anew", () => {
    const builder = new Builder(["1s"]);
    builder.trade(tradeOf(START_MS, 100, 1));
    builder.trade(tradeOf(START_MS + 2 * 3_600_000, 200, 1));
    expect(builder.list("1s")).toEqual([]);
    expect(builder.bars.running("1s", A)).toMatchObject({ openTicks: 200, isComplete: false });
  });
});

describe("the seam to the venue's bars", () => {
  const venueBars = (trades: readonly PublicTrade[], untilMs: number): Bar[] =>
    plainBars("1m", trades, untilMs).map((bar) => ({ ...bar, isComplete: true }));

  test.each(SEEDS)("joins history and live trades without counting a trade twice: %s", (seed) => {
    const trades = tradesOf(seed);
    const joinedAtMs = START_MS + 7 * 60_000 + 20_000;
    const builder = new Builder(["1m"], 15);
    builder.bars.brokeAll();
    builder.bars.works(A, joinedAtMs);
    builder.bars.keep(A);
    const live = trades.filter(({ venueAtMs }) => venueAtMs >= joinedAtMs);
    builder.play(
      live.filter(({ venueAtMs }) => venueAtMs < joinedAtMs + 90_000),
      joinedAtMs + 90_000,
    );
    // The answer comes late, with the bars closed by then.
    const answeredAtMs = joinedAtMs + 90_000;
    expect(builder.bars.missing("1m", A, answeredAtMs)).toBe(15);
    expect(builder.bars.take("1m", A, venueBars(trades, answeredAtMs))).toBe(true);
    builder.play(
      live.filter(({ venueAtMs }) => venueAtMs >= answeredAtMs),
      START_MS + 24 * 60_000 + 1_000,
    );
    const plain = venueBars(trades, START_MS + 24 * 60_000);
    expect(builder.bars.closed("1m", A)?.toArray().slice(-15)).toEqual(plain.slice(-15));
    expect(builder.bars.missing("1m", A, START_MS + 24 * 60_000 + 3_000)).toBe(0);
    expect(builder.bars.mismatches).toBe(0);
  });

  test("asks only for what is missing or was spoiled", () => {
    const builder = new Builder(["1m"], 5);
    builder.bars.keep(A);
    const trades = Array.from({ length: 8 }, (_, count) =>
      tradeOf(START_MS + count * 60_000, 100, 1),
    );
    for (const trade of trades) builder.trade(trade);
    const atMs = START_MS + 7 * 60_000 + 3_000;
    expect(builder.bars.missing("1m", A, atMs)).toBe(0);
    builder.trade(tradeOf(START_MS + 5 * 60_000 + 1, 100, 1));
    expect(builder.bars.missing("1m", A, atMs)).toBe(2);
    // Nobody keeps the history of B.
    expect(builder.bars.missing("1m", B, atMs)).toBe(0);
  });

  test("a bar of ours that was complete and differs is counted, and the venue's stays", () => {
    const builder = new Builder(["1m"], 3);
    builder.bars.keep(A);
    for (const count of [0, 1, 2, 3]) builder.trade(tradeOf(START_MS + count * 60_000, 100, 1));
    const ours = builder.bars.closed("1m", A)?.at(0);
    if (ours === null || ours === undefined) return expect.unreachable();
    expect(builder.bars.take("1m", A, [ours])).toBe(false);
    expect(builder.bars.take("1m", A, [{ ...ours, highTicks: 110 }])).toBe(true);
    expect(builder.bars.mismatches).toBe(1);
    expect(builder.bars.closed("1m", A)?.at(0)?.highTicks).toBe(110);
  });

  test("goes on from history where no trade was seen yet", () => {
    const builder = new Builder(["1m"], 3);
    builder.bars.keep(A);
    const history = venueBars([tradeOf(START_MS, 100, 7)], START_MS + 120_000);
    expect(builder.bars.take("1m", A, history)).toBe(true);
    builder.trade(tradeOf(START_MS + 130_000, 104, 2));
    expect(builder.bars.running("1m", A)).toMatchObject({ openTicks: 100, isComplete: true });
  });
});

test("keeps the history of so many symbols, and only of spans that were asked for", () => {
  const builder = new Builder(["5m"]);
  const ids = Array.from({ length: 40 }, (_, id) => id as SymbolId);
  builder.bars.load(ids);
  expect(ids.filter((id) => builder.bars.keep(id))).toHaveLength(32);
  expect(builder.bars.keep(A)).toBe(true);
  builder.bars.release(A);
  expect(builder.bars.keep(39 as SymbolId)).toBe(true);
  expect(builder.bars.closed("1m", B)).toBeNull();
});
