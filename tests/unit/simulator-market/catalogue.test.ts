import { describe, expect, test } from "bun:test";
import { toNumber, toText } from "../../../src/kernel/decimal.ts";
import {
  makeCatalogue,
  SYMBOLS_MAX,
  UPCOMING_COUNT,
} from "../../../src/simulator/market/catalogue.ts";
import { given } from "../../support/given.ts";

const NOW = Date.UTC(2026, 10, 21);
const list = (seed = "a", symbols = 611) => makeCatalogue({ seed, symbols, nowMs: NOW });

describe("the list of contracts", () => {
  test("holds the asked number of trading contracts and a few upcoming ones, all different", () => {
    const listings = list();
    expect(listings).toHaveLength(611 + UPCOMING_COUNT);
    expect(new Set(listings.map(({ instrument }) => instrument.symbol)).size).toBe(listings.length);
    expect(listings.filter(({ instrument }) => instrument.status === "Trading")).toHaveLength(611);
    for (const [index, { instrument }] of listings.entries()) expect(instrument.index).toBe(index);
  });

  test("starts with the contracts everybody knows", () => {
    const symbols = list()
      .slice(0, 5)
      .map(({ instrument }) => instrument.symbol);
    expect(symbols).toEqual(["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT"]);
  });

  test("is a function of the seed", () => {
    expect(list("a")).toEqual(list("a"));
    expect(list("a")).not.toEqual(list("b"));
  });

  test("a shorter list is the beginning of a longer one", () => {
    const [short, long] = [list("a", 20), list("a", 300)];
    for (const [index, { activity }] of short.slice(0, 20).entries()) {
      expect(activity).toEqual(given(long[index]).activity);
    }
  });

  test("every contract can be traded: limits on the step, values above the minimum", () => {
    for (const { instrument, activity } of list()) {
      const { qty, price } = instrument;
      const step = toNumber(qty, 1) * activity.startPrice;
      const tick = toNumber(price, 1) / activity.startPrice;
      expect(step).toBeGreaterThan(0.005);
      expect(step).toBeLessThan(100);
      expect(tick).toBeLessThan(0.002);
      expect(instrument.maxLimitQtySteps * step).toBeGreaterThan(100_000);
      expect(instrument.maxMarketQtySteps).toBeLessThanOrEqual(instrument.maxLimitQtySteps);
      expect(Number.isInteger(instrument.maxLimitQtySteps)).toBe(true);
      expect(Number.isInteger(instrument.maxMarketQtySteps)).toBe(true);
      expect(instrument.maxPriceTicks * toNumber(price, 1)).toBeGreaterThan(
        activity.startPrice * 2,
      );
      expect(toText(price, instrument.maxPriceTicks)).not.toContain("e");
      expect([60, 240, 480]).toContain(instrument.fundingIntervalMin);
    }
  });

  test("some ticks carry a trailing zero, as on the real list", () => {
    const ticks = list().map(({ instrument }) => instrument.price.unitText);
    expect(ticks.filter((text) => text.endsWith("10")).length).toBeGreaterThan(50);
    expect(ticks.filter((text) => text.endsWith("01")).length).toBeGreaterThan(50);
  });

  test("risk tiers are continuous: the maintenance margin does not jump at a border", () => {
    for (const { instrument } of list("a", 50)) {
      instrument.riskTiers.forEach((tier, at) => {
        const next = instrument.riskTiers[at + 1];
        if (next === undefined) return;
        const margin = (rate: number, deduction: number) => tier.limitUsdt * rate - deduction;
        const here = margin(tier.maintenanceRate, tier.mmDeductionUsdt);
        expect(margin(next.maintenanceRate, next.mmDeductionUsdt)).toBeCloseTo(here, 2);
        expect(next.maxLeverage).toBeLessThan(tier.maxLeverage);
      });
    }
  });

  test("launches lie between 2020 and now, upcoming ones after now", () => {
    for (const { instrument } of list()) {
      if (instrument.status === "PreLaunch") expect(instrument.launchAtMs).toBeGreaterThan(NOW);
      else {
        expect(instrument.launchAtMs).toBeLessThan(NOW);
        expect(instrument.launchAtMs).toBeGreaterThan(Date.UTC(2020, 0));
      }
    }
  });

  test("activity is very uneven: the busiest 25 make most of the events", () => {
    const rates = list().map(({ activity }) => activity.quotesPerSecond);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(rates.slice(0, 25)) / sum(rates)).toBeGreaterThan(0.3);
    expect(given(rates.at(-1))).toBeLessThan(0.5);
    expect(given(rates[0])).toBeGreaterThan(20);
  });

  test("refuses a number of contracts that it cannot name", () => {
    for (const symbols of [0, -1, 1.5, SYMBOLS_MAX + 1]) {
      expect(() => list("a", symbols)).toThrow(RangeError);
    }
    expect(list("a", SYMBOLS_MAX)).toHaveLength(SYMBOLS_MAX + UPCOMING_COUNT);
  });
});
