/** The taker of short moves: what it expects, what that must pay, and how it goes in and out. */
import { describe, expect, test } from "bun:test";
import type { FeatureReader } from "../../../src/features/feature-table.ts";
import { momentum } from "../../../src/strategy/momentum.ts";
import type { SymbolView } from "../../../src/strategy/strategy.ts";
import { defaultsOf } from "../../../src/strategy/strategy-parameters.ts";
import { textOf, viewOf } from "./support.ts";

const VALUES = defaultsOf(momentum.parameters, "real");
// One tick at 10,000 is a basis point: a round trip costs 2 × 5.5 + 1 = 12 bps, and must leave 2.
const LEANS_UP = { imbalance: 0.9, tradeFlow: 0.8, volatilityBps: 4, spreadBps: 1 };
const LEANS_DOWN = { ...LEANS_UP, imbalance: 0.1, tradeFlow: -0.8 };

function featuresOf(values: Readonly<Record<string, number>>): FeatureReader {
  const at = (name: string) => values[name] ?? Number.NaN;
  return {
    at,
    orZero: (name: string) => values[name] ?? 0,
    isWarm: (names: readonly string[]) => names.every((name) => !Number.isNaN(at(name))),
  } as unknown as FeatureReader;
}

function seen(features: Readonly<Record<string, number>>, terms: Partial<SymbolView> = {}) {
  return viewOf({ features: featuresOf(features), ...terms });
}

const targetsOf = (view: SymbolView, values = VALUES) =>
  momentum.create(values).targets(view).map(textOf);

describe("entries", () => {
  test("takes at the touch where queues and takers lean the same way and it pays", () => {
    // |lean| 0.8 × 4 bps × √30 s = 17.5 bps expected.
    expect(targetsOf(seen(LEANS_UP))).toEqual(["buy 9 @ 10001 entry ioc"]);
    expect(targetsOf(seen(LEANS_DOWN))).toEqual(["sell 10 @ 10000 entry ioc"]);
  });

  test("says what decided, and carries a stop behind the price", () => {
    const [entry] = momentum.create(VALUES).targets(seen(LEANS_UP));
    expect(entry?.reason).toBe("queues 0.80, takers 0.80, expected 17.5 bps, cost 12.0 bps");
    expect(entry?.stopLossTicks as number).toBe(9_921);
    expect(entry?.reduceOnly).toBe(false);
  });

  test.each([
    ["the expected move does not pay two fees, the spread and the edge", { volatilityBps: 3.1 }],
    ["the spread is wide", { spreadBps: 6 }],
    ["queues and takers disagree", { tradeFlow: -0.8 }],
    ["one of them hardly leans", { tradeFlow: 0.3 }],
    ["a feature is cold", { tradeFlow: Number.NaN }],
  ] as const)("wants no trade when %s", (_why, change) => {
    expect(targetsOf(seen({ ...LEANS_UP, ...change }))).toEqual([]);
  });

  test.each([
    ["entries are not allowed", { mayEnter: false }],
    ["the book is not usable", { bookUsable: false }],
  ] as const)("wants no trade when %s", (_why, terms) => {
    expect(targetsOf(seen(LEANS_UP, terms))).toEqual([]);
  });

  test("the expected move must reach the edge, exactly", () => {
    const [entry] = momentum.create({ ...VALUES, edgeBpsMin: 5.5 }).targets(seen(LEANS_UP));
    expect(entry).toBeDefined();
    expect(targetsOf(seen(LEANS_UP), { ...VALUES, edgeBpsMin: 5.6 })).toEqual([]);
  });
});

describe("positions", () => {
  const long = { positionSteps: 9, entryTicks: 10_001, openedAtMs: 99_000 };

  test("it enters once, and leaves by the ladder", () => {
    expect(targetsOf(seen(LEANS_UP, long))).toEqual(["sell 9 @ 10014 exit post_only"]);
    const aged = { ...long, openedAtMs: 100_000 - VALUES.holdingMsMax - 1 };
    expect(targetsOf(seen(LEANS_UP, aged))).toEqual(["sell 9 @ 9990 exit ioc"]);
  });

  test("without a book it waits for its time", () => {
    expect(targetsOf(seen(LEANS_UP, { ...long, bookUsable: false }))).toEqual([]);
  });
});

describe("which symbols it wants", () => {
  const interest = (features: Readonly<Record<string, number>>) =>
    momentum.create(VALUES).interest(seen(features));

  test("those whose usual move over the horizon is worth the cost, the livelier the sooner", () => {
    expect(interest(LEANS_UP)).toBeCloseTo((4 * Math.sqrt(30)) / 12, 9);
    expect(interest({ ...LEANS_UP, volatilityBps: 8 })).toBeGreaterThan(interest(LEANS_UP));
    expect(interest({ ...LEANS_UP, volatilityBps: 2 })).toBe(0);
    expect(interest({})).toBe(0);
  });
});
