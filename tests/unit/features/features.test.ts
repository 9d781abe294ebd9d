import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { FEATURE_NAMES } from "../../../src/features/registry.ts";
import { instrumentOf } from "../engine/tape.ts";
import { bookOf, ID } from "../strategy/support.ts";
import { tradesOf } from "./support.ts";

type Level = readonly [number, number];

function fresh(): FeatureTable {
  const features = new FeatureTable(FEATURE_NAMES);
  features.load([instrumentOf(0)]);
  return features;
}

/** One best-levels update a line of the table. */
function seen(
  ...frames: readonly (readonly [atMs: number, bid: Level, ask: Level])[]
): FeatureTable {
  const features = fresh();
  for (const [atMs, bid, ask] of frames) features.onBook(ID, bookOf(bid, ask), atMs);
  return features;
}

describe("features of the best levels", () => {
  test("spread, imbalance and microprice", () => {
    const features = seen([0, [999, 300], [1001, 100]]);
    expect(features.at("midTicks", ID)).toBe(1000);
    expect(features.at("spreadBps", ID)).toBe(20);
    expect(features.at("imbalance", ID)).toBe(0.75);
    // The heavy bid pushes the price towards the ask.
    expect(features.at("micropriceTicks", ID)).toBe(1000.5);
  });

  test("a book with an empty side changes nothing", () => {
    const features = seen([0, [999, 300], [1001, 100]]);
    const book = bookOf([999, 1], [1001, 1]);
    book.askCount = 0;
    features.onBook(ID, book, 500);
    expect(features.at("askTicks", ID)).toBe(1001);
    expect(features.at("imbalance", ID)).toBe(0.75);
  });

  test("what was known stays when more instruments are loaded", () => {
    const features = seen([0, [999, 300], [1001, 100]]);
    features.load([instrumentOf(0), instrumentOf(5)]);
    expect(features.at("midTicks", ID)).toBe(1000);
    expect(features.isWarm(["midTicks"], 5 as SymbolId)).toBe(false);
  });
});

describe("features over time", () => {
  test("volatility is the deviation of one-second returns, and fades without news", () => {
    const swing = Array.from({ length: 600 }, (_, second) => {
      const mid = second % 2 === 0 ? 100_000 : 100_020;
      return [second * 1_000 + 1_000, [mid, 1] as const, [mid + 2, 1] as const] as const;
    });
    const features = seen(...swing);
    expect(features.at("volatilityBps", ID)).toBeCloseTo(2, 1);
    features.sample(ID, 630_000);
    expect(features.at("volatilityBps", ID)).toBeLessThan(1.4);
  });

  test("a jump over a long silence is a gap, not volatility", () => {
    const features = seen(
      [1_000, [1000, 1], [1001, 1]],
      [2_000, [1000, 1], [1001, 1]],
      [70_000, [2000, 1], [2001, 1]],
    );
    expect(features.orZero("volatilityBps", ID)).toBe(0);
  });

  test("order flow follows Cont, Kukanov and Stoikov at each kind of change", () => {
    const start = [0, [1000, 50], [1002, 60]] as const;
    const flowAfter = (bid: Level, ask: Level): number => {
      const features = seen([1_000, start[1], start[2]], [1_500, bid, ask]);
      features.sample(ID, 2_000);
      return features.at("orderFlow", ID) / 0.1;
    };
    expect(flowAfter([1000, 70], [1002, 60])).toBeCloseTo(20, 9); // bids joined
    expect(flowAfter([1001, 30], [1002, 60])).toBeCloseTo(30, 9); // bid raised
    expect(flowAfter([999, 40], [1002, 60])).toBeCloseTo(-50, 9); // bid gone
    expect(flowAfter([1000, 50], [1001, 10])).toBeCloseTo(-10, 9); // ask lowered
    expect(flowAfter([1000, 50], [1003, 10])).toBeCloseTo(60, 9); // ask lifted
  });

  test("trade flow leans to the takers of the last seconds", () => {
    const features = fresh();
    features.onTrades(ID, tradesOf(["buy", 30], ["sell", 10]), 1_000);
    features.sample(ID, 2_000);
    expect(features.at("tradeFlow", ID)).toBeCloseTo(0.5, 9);
    features.onTrades(ID, tradesOf(["sell", 500]), 12_000);
    expect(features.at("tradeFlow", ID)).toBeLessThan(-0.9);
  });

  test("the trade rate settles at trades a minute", () => {
    const features = fresh();
    for (let second = 1; second <= 600; second++) {
      features.onTrades(ID, tradesOf(["buy", 1], ["sell", 1]), second * 1_000);
    }
    expect(features.at("tradesPerMin", ID)).toBeGreaterThan(115);
    expect(features.at("tradesPerMin", ID)).toBeLessThanOrEqual(121);
  });
});
