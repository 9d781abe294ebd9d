/** The score rises with what can be caught and falls with what it costs, whatever the market. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type ScoreInput, scoreOf } from "../../../src/universe/score.ts";
import { DEFAULT_UNIVERSE } from "../../../src/universe/universe-parameters.ts";

const input: fc.Arbitrary<ScoreInput> = fc.record({
  spreadBps: fc.double({ min: 0.05, max: 39, noNaN: true }),
  volatilityBps: fc.double({ min: 0, max: 40, noNaN: true }),
  tradesPerMin: fc.double({ min: 0, max: 5_000, noNaN: true }),
  turnover24hUsdt: fc.double({ min: 0, max: 1e10, noNaN: true }),
  topDepthUsdt: fc.double({ min: 200, max: 1e7, noNaN: true }),
  tickBps: fc.double({ min: 0.001, max: 40, noNaN: true }),
  makerShare: fc.double({ min: 0, max: 1, noNaN: true }),
  adverseBps: fc.double({ min: 0, max: 50, noNaN: true }),
  fundingBps: fc.double({ min: 0, max: 20, noNaN: true }),
});
const more = fc.double({ min: 0, max: 30, noNaN: true });

function holds(check: (market: ScoreInput, by: number) => void): void {
  fc.assert(fc.property(input, more, check), { numRuns: 300 });
}
const points = (market: ScoreInput, rule = DEFAULT_UNIVERSE) => scoreOf(market, rule).points;

describe("a higher cost never scores more", () => {
  test.each(["adverseBps", "fundingBps", "tickBps"] as const)("%s", (name) =>
    holds((market, by) =>
      expect(points({ ...market, [name]: (market[name] ?? 0) + by })).toBeLessThanOrEqual(
        points(market),
      ),
    ),
  );

  test("either fee", () =>
    holds((market, by) => {
      const { makerFeeBps, takerFeeBps } = DEFAULT_UNIVERSE;
      const dearer = [
        { ...DEFAULT_UNIVERSE, makerFeeBps: makerFeeBps + by },
        { ...DEFAULT_UNIVERSE, takerFeeBps: takerFeeBps + by },
      ];
      for (const rule of dearer) expect(points(market, rule)).toBeLessThanOrEqual(points(market));
    }));

  test("impact: less turnover, or a larger quote", () =>
    holds((market, by) => {
      const thinner = { ...market, turnover24hUsdt: market.turnover24hUsdt / (1 + by) };
      expect(points(thinner)).toBeLessThanOrEqual(points(market));
      const larger = { ...DEFAULT_UNIVERSE, quoteUsdt: DEFAULT_UNIVERSE.quoteUsdt * (1 + by) };
      expect(points(market, larger)).toBeLessThanOrEqual(points(market));
    }));

  test("a spread that every leg pays", () =>
    holds((market, by) => {
      const taking = { ...market, makerShare: 0, spreadBps: Math.min(market.spreadBps, 20) };
      const wider = { ...taking, spreadBps: Math.min(39, taking.spreadBps + by) };
      expect(points(wider)).toBeLessThanOrEqual(points(taking));
    }));
});

describe("more to catch never scores less", () => {
  test("a larger part of the move, or a longer horizon", () =>
    holds((market, by) => {
      const { catchShare, horizonSec } = DEFAULT_UNIVERSE;
      const better = [
        { ...DEFAULT_UNIVERSE, catchShare: catchShare + by },
        { ...DEFAULT_UNIVERSE, horizonSec: horizonSec + by },
      ];
      for (const rule of better) {
        expect(points(market, rule)).toBeGreaterThanOrEqual(points(market));
      }
    }));

  test.each(["topDepthUsdt", "tradesPerMin"] as const)("%s", (name) =>
    holds((market, by) =>
      expect(points({ ...market, [name]: market[name] + by })).toBeGreaterThanOrEqual(
        points(market),
      ),
    ),
  );

  test("a spread that our resting legs earn", () =>
    holds((market, by) => {
      const resting = { ...market, makerShare: 1, spreadBps: Math.min(market.spreadBps, 20) };
      const tickBps = Math.min(resting.tickBps, resting.spreadBps);
      const narrow = { ...resting, tickBps };
      const wide = { ...narrow, spreadBps: Math.min(39, narrow.spreadBps + by) };
      expect(points(wide)).toBeGreaterThanOrEqual(points(narrow));
    }));
});

test("the parts are what the points are made of", () => {
  holds((market) => {
    const { costs, costBps, bounceBps, driftBps, catchBps, ...score } = scoreOf(
      market,
      DEFAULT_UNIVERSE,
    );
    const sum = Object.values(costs).reduce((total, cost) => total + cost, 0);
    expect(costBps).toBeCloseTo(sum, 9);
    expect(catchBps).toBeCloseTo(bounceBps + driftBps, 9);
    const product = score.ratioShare * score.depthShare * score.rateShare * 100;
    expect(score.points).toBeCloseTo(product, 0);
  });
});

test("what can be caught of a move grows with the root of time", () => {
  const market = { spreadBps: 5, tradesPerMin: 9, turnover24hUsdt: 1e8, topDepthUsdt: 900 };
  const drift = (horizonSec: number) =>
    scoreOf({ ...market, volatilityBps: 1, tickBps: 1 }, { ...DEFAULT_UNIVERSE, horizonSec })
      .driftBps;
  expect(drift(4)).toBeCloseTo(2 * drift(1), 12);
  expect(drift(1)).toBeCloseTo(0.797885 * DEFAULT_UNIVERSE.catchShare, 6);
});
