/** Each axis by its rule, with the memory that keeps it from trembling. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AXES, AXIS_NAMES, axesOf } from "../../../src/universe/axes.ts";
import { goodShareAfter } from "../../../src/universe/data-axis.ts";
import { fundingBps8h } from "../../../src/universe/funding-axis.ts";
import { type Bands, bandOf } from "../../../src/universe/hysteresis.ts";
import { NO_AVERAGES, trendAfter, trendDeviations } from "../../../src/universe/trend-axis.ts";
import { DEFAULT_UNIVERSE } from "../../../src/universe/universe-parameters.ts";
import { instrumentOf, START_MS } from "../engine/tape.ts";

const BANDS: Bands<"low" | "mid" | "high"> = {
  values: ["low", "mid", "high"],
  from: [10, 20],
  slackShare: 0.2,
};

describe("a band", () => {
  test.each([
    [9.9, null, "low"],
    [10, null, "mid"],
    [20, "low", "high"],
    [9, "mid", "mid"],
    [7.9, "mid", "low"],
    [17, "high", "high"],
    [15.9, "high", "mid"],
    [8.5, "high", "mid"],
    [1, "high", "low"],
  ] as const)("%d after %s is %s", (number, before, band) =>
    expect(bandOf(BANDS, number, before)).toBe(band),
  );

  test("a number that trembles by less than the slack changes it once at most", () => {
    const around = fc.array(fc.double({ min: 8.1, max: 11.9, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(around, (numbers) => {
        let before: "low" | "mid" | "high" | null = null;
        const seen = numbers.map((number) => {
          before = bandOf(BANDS, number, before);
          return before;
        });
        const changes = seen.filter((band, index) => index > 0 && band !== seen[index - 1]);
        expect(changes.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

type AxisFacts = Parameters<typeof axesOf>[1];

const FACTS: AxisFacts = {
  turnover24hUsdt: 50e6,
  volatilityBps: 2,
  trendDeviations: 0,
  tickOfSpread: 0.2,
  fundingRate: 0.0001,
  goodShare: 1,
  atMs: START_MS,
};

describe("the axes of a symbol", () => {
  const cases: readonly [keyof typeof AXES, Partial<AxisFacts>, string][] = [
    ["liquidity", { turnover24hUsdt: 600e6 }, "major"],
    ["liquidity", { turnover24hUsdt: 1 }, "thin"],
    ["volatility", { volatilityBps: 0.4 }, "calm"],
    ["volatility", { volatilityBps: 16 }, "wild"],
    ["trend", { trendDeviations: -1.6 }, "falling"],
    ["trend", { trendDeviations: 1.6 }, "rising"],
    ["tick", { tickOfSpread: 1 }, "coarse"],
    ["fundingPressure", { fundingRate: -0.002 }, "heavy"],
    ["data", { goodShare: 0.7 }, "patchy"],
    ["life", {}, "established"],
  ];
  test.each(cases)("%s of %p is %s", (name, terms, value) => {
    const axes = axesOf(instrumentOf(0), { ...FACTS, ...terms }, null, DEFAULT_UNIVERSE);
    expect<string>(axes[name].value).toBe(value);
    expect(AXES[name].values).toContain(value);
  });

  test("they are independent: one fact moves one axis", () => {
    const before = axesOf(instrumentOf(0), FACTS, null, DEFAULT_UNIVERSE);
    for (const [name, terms] of cases) {
      const after = axesOf(instrumentOf(0), { ...FACTS, ...terms }, null, DEFAULT_UNIVERSE);
      const moved = AXIS_NAMES.filter((axis) => after[axis].value !== before[axis].value);
      expect(moved).toEqual(name === "life" ? [] : [name]);
    }
  });

  test.each([
    ["prelaunch", { status: "prelaunch" }],
    ["new", { launchAtMs: START_MS - 3_600_000 }],
    ["ending", { deliveryAtMs: START_MS + 3_600_000 }],
    ["ending", { status: "delivering" }],
    ["closed", { status: "closed" }],
  ] as const)("%s is a place in life", (value, terms) => {
    const axes = axesOf(instrumentOf(0, terms), FACTS, null, DEFAULT_UNIVERSE);
    expect(axes.life.value).toBe(value);
  });
});

test("a price that walks straight is a trend, one that stands or trembles is none", () => {
  const deviationsAfter = (priceAt: (look: number) => number): number => {
    let averages = NO_AVERAGES;
    for (let look = 0; look < 200; look++) averages = trendAfter(averages, priceAt(look), 5);
    return trendDeviations(averages, 1);
  };
  expect(deviationsAfter((look) => 100 * (1 + look * 0.0001))).toBeGreaterThan(3);
  expect(deviationsAfter((look) => 100 * (1 - look * 0.0001))).toBeLessThan(-3);
  expect(Math.abs(deviationsAfter((look) => 100 + (look % 2) * 0.01))).toBeLessThan(0.2);
  expect(trendDeviations(NO_AVERAGES, 1)).toBe(0);
});

test("funding counts for eight hours, a fault is forgotten after two minutes", () => {
  expect(fundingBps8h(-0.0001, 480)).toBeCloseTo(1, 12);
  expect(fundingBps8h(0.0001, 60)).toBeCloseTo(8, 12);
  let share = goodShareAfter(Number.NaN, true);
  expect(share).toBe(1);
  for (let look = 0; look < 5; look++) share = goodShareAfter(share, false);
  expect(share).toBeLessThan(0.9);
  for (let look = 0; look < 24; look++) share = goodShareAfter(share, true);
  expect(share).toBeGreaterThan(0.9);
});
