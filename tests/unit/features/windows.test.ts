/** Features with sharp windows against recomputations from whole lists. */
import { describe, expect, test } from "bun:test";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { type FeatureName, featureNameOf } from "../../../src/features/registry.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { instrumentOf } from "../engine/tape.ts";
import { bookOf, ID } from "../strategy/support.ts";
import { tradesOf } from "./support.ts";

const SEEDS = Array.from({ length: 5 }, (_, index) => `windows-${index}`);
const START_MS = 1_700_000_000_000;
const HORIZONS = [1, 10, 60] as const;

interface Quote {
  readonly atMs: number;
  readonly bid: number;
  readonly bidQty: number;
  readonly ask: number;
  readonly askQty: number;
}

const midOf = ({ bid, ask }: Quote): number => (bid + ask) / 2;

/** Everything that happened, and what it comes to. */
class PlainWindows {
  readonly quotes: Quote[] = [];
  readonly trades: { readonly atMs: number; readonly signed: number }[] = [];

  /** Mid at the end of a second, undefined before the first book. */
  midAt(second: number): number | undefined {
    const last = this.quotes.findLast(({ atMs }) => atMs < (second + 1) * 1_000);
    return last === undefined ? undefined : midOf(last);
  }

  /** The feature over the whole seconds up to and with `second`; NaN when one is missing. */
  value(name: string, second: number): number {
    const [, kind = "", text = ""] = /^([A-Za-z]+?)(\d+)s$/.exec(name) ?? [];
    const seconds = Number(text);
    const from = second - seconds + 1;
    const first = this.quotes[0]?.atMs ?? Number.POSITIVE_INFINITY;
    if (Math.floor(first / 1_000) > from - 1) return Number.NaN;
    const inside = ({ atMs }: { readonly atMs: number }) =>
      Math.floor(atMs / 1_000) >= from && Math.floor(atMs / 1_000) <= second;
    if (kind === "returnBps") {
      const [now, then] = [this.midAt(second), this.midAt(second - seconds)];
      return ((now ?? Number.NaN) / (then ?? Number.NaN) - 1) * 10_000;
    }
    if (kind === "tradeFlow") {
      const signed = this.trades.filter(inside).map((trade) => trade.signed);
      const all = signed.reduce((sum, each) => sum + Math.abs(each), 0);
      return all === 0 ? 0 : signed.reduce((sum, each) => sum + each, 0) / all;
    }
    const moves = this.quotes.flatMap((now, index) => {
      const before = this.quotes[index - 1];
      return before === undefined || !inside(now) ? [] : [{ now, before }];
    });
    if (kind === "realisedBps") {
      const squares = moves.map(
        ({ now, before }) => ((midOf(now) / midOf(before) - 1) * 10_000) ** 2,
      );
      return Math.sqrt(squares.reduce((sum, each) => sum + each, 0));
    }
    return moves.reduce((sum, { now, before }) => sum + flowOf(now, before), 0);
  }
}

function flowOf(now: Quote, before: Quote): number {
  const bid =
    (now.bid >= before.bid ? now.bidQty : 0) - (now.bid <= before.bid ? before.bidQty : 0);
  const ask =
    (now.ask <= before.ask ? now.askQty : 0) - (now.ask >= before.ask ? before.askQty : 0);
  return bid - ask;
}

const NAMES = ["returnBps", "realisedBps", "orderFlowSteps", "tradeFlow"].flatMap((kind) =>
  HORIZONS.map((seconds) => featureNameOf(`${kind}${seconds}s`)),
);

describe.each(SEEDS)("windows of %s", (seed) => {
  test("are the plain ones at the end of every second", () => {
    const prng = prngOf(seed);
    const table = new FeatureTable(NAMES);
    table.load([instrumentOf(0)]);
    const plain = new PlainWindows();
    let mid = 10_000;
    let compared = 0;
    for (let atMs = START_MS; atMs < START_MS + 240_000; ) {
      atMs += prng.int(60) === 0 ? prng.int(prng.int(6) === 0 ? 90_000 : 4_000) : prng.int(300);
      if (prng.int(3) > 0) {
        mid += prng.int(7) - 3;
        const quote = { bid: mid, bidQty: 1 + prng.int(900), ask: mid + 1 + prng.int(3) };
        const whole = { ...quote, askQty: 1 + prng.int(900), atMs };
        plain.quotes.push(whole);
        const { bid, bidQty, ask, askQty } = whole;
        table.onBook(ID, bookOf([bid, bidQty], [ask, askQty]), atMs);
      } else {
        const steps = 1 + prng.int(90);
        const side = prng.int(2) === 0 ? "buy" : "sell";
        plain.trades.push({ atMs, signed: side === "buy" ? steps : -steps });
        table.onTrades(ID, tradesOf([side, steps]), atMs);
      }
      if (prng.int(20) === 0) table.tick(atMs);
      const second = Math.floor(atMs / 1_000) - 1;
      for (const name of NAMES) {
        const value = table.at(name, ID);
        const wanted = plain.value(name, second);
        if (Number.isNaN(wanted)) expect([name, value]).toEqual([name, Number.NaN]);
        else {
          const slack = 1e-9 * Math.max(1, Math.abs(wanted));
          if (!(Math.abs(value - wanted) <= slack))
            expect({ name, atMs, value }).toEqual({
              name,
              atMs,
              value: wanted,
            });
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(2_000);
  });
});

test("silence moves the clock's features on", () => {
  const names: FeatureName[] = ["returnBps1s", "sinceTradeMs", "minutesToFunding"];
  const table = new FeatureTable(names);
  table.load([instrumentOf(0)]);
  expect(table.needsClock).toBe(true);
  expect(new FeatureTable(["orderFlow"]).needsClock).toBe(false);
  table.onTrades(ID, tradesOf(["buy", 1]), START_MS);
  table.onBook(ID, bookOf([10_000, 5], [10_002, 5]), START_MS + 100);
  table.onBook(ID, bookOf([10_010, 5], [10_012, 5]), START_MS + 1_100);
  table.tick(START_MS + 2_000);
  expect(table.at("returnBps1s", ID)).toBeCloseTo((10_011 / 10_001 - 1) * 10_000, 9);
  expect(table.at("sinceTradeMs", ID)).toBe(2_000);
  table.tick(START_MS + 300_000);
  expect(table.at("returnBps1s", ID)).toBe(0);
  expect(table.at("sinceTradeMs", ID)).toBe(300_000);
});
