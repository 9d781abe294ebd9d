import { describe, expect, test } from "bun:test";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { stopBehind } from "../../../src/risk/protection.ts";
import { maker } from "../../../src/strategy/maker.ts";
import type { SymbolView } from "../../../src/strategy/strategy.ts";
import { instrumentOf } from "../engine/tape.ts";
import { DEFAULT_MAKER, ID, MAKER, STRATEGY_FEATURES, textOf, viewOf } from "./support.ts";

// One step at 10,000 ticks is 1000 × 0.01 = 10 USDT, so a quote of 100 USDT is 10 steps.

function targetsOf(view: SymbolView, values = MAKER): string[] {
  return maker.create(values).targets(view).map(textOf);
}

describe("entries", () => {
  test("quotes both sides at the touch while the queues are balanced", () => {
    expect(targetsOf(viewOf())).toEqual([
      "buy 10 @ 10000 entry post_only",
      "sell 9 @ 10001 entry post_only",
    ]);
  });

  test("steps one tick inside a wide spread, but never races its own quote", () => {
    const wide = [10_005, 500] as const;
    expect(targetsOf(viewOf({}, undefined, wide))).toEqual([
      "buy 9 @ 10001 entry post_only",
      "sell 9 @ 10004 entry post_only",
    ]);
    expect(
      targetsOf(viewOf({ ownBidTicks: 10_000, ownAskTicks: 10_005 }, undefined, wide)),
    ).toEqual(["buy 10 @ 10000 entry post_only", "sell 9 @ 10005 entry post_only"]);
  });

  test("leans against a lopsided queue", () => {
    expect(targetsOf(viewOf({}, [10_000, 950], [10_001, 50]))).toEqual([
      "sell 9 @ 10001 entry post_only",
    ]);
    expect(targetsOf(viewOf({}, [10_000, 50], [10_001, 950]))).toEqual([
      "buy 10 @ 10000 entry post_only",
    ]);
  });

  test("is content with no trade where the spread does not pay two fees", () => {
    expect(targetsOf(viewOf(), DEFAULT_MAKER)).toEqual([]);
    const sixBpsWide = viewOf({}, [10_000, 500], [10_006, 500]);
    expect(targetsOf(sixBpsWide, DEFAULT_MAKER)).toHaveLength(2);
  });

  test.each([
    ["entries are not allowed", { mayEnter: false }],
    ["the book is not usable", { bookUsable: false }],
  ] as const)("wants nothing when %s", (_name, terms) => {
    expect(targetsOf(viewOf(terms))).toEqual([]);
  });

  test("wants nothing while the price runs", () => {
    const view = viewOf();
    const features = new FeatureTable(STRATEGY_FEATURES);
    features.load([instrumentOf(0)]);
    for (const [index, mid] of [10_000, 10_050, 9_990, 10_080].entries()) {
      const { book } = viewOf({}, [mid, 500], [mid + 1, 500]);
      features.onBook(ID, book, (index + 1) * 1_000);
    }
    expect(features.at("volatilityBps", ID)).toBeGreaterThan(MAKER.volatilityBpsMax);
    expect(targetsOf({ ...view, features })).toEqual([]);
  });

  test("carries a stop behind the price, at least two ticks away", () => {
    const [buy, sell] = maker.create(MAKER).targets(viewOf());
    expect([buy?.stopLossTicks, sell?.stopLossTicks] as unknown[]).toEqual([9_920, 10_081]);
    expect(stopBehind("buy", 10, 80) as number).toBe(8);
    expect(stopBehind("buy", 2, 80) as number).toBe(1);
  });

  test("raises a quote to the venue's smallest value", () => {
    expect(targetsOf(viewOf(), { ...MAKER, quoteNotionalUsdt: 1 })[0]).toBe(
      "buy 1 @ 10000 entry post_only",
    );
  });
});

describe("inventory", () => {
  const long = { positionSteps: 5, entryTicks: 10_000, openedAtMs: 95_000 };

  test("adds further from the touch, and leaves the other side to the exit", () => {
    expect(targetsOf(viewOf(long))).toEqual([
      "sell 5 @ 10005 exit post_only",
      "buy 10 @ 9999 entry post_only",
    ]);
  });

  test.each([
    ["the inventory is full", { ...long, positionSteps: 15 }],
    ["the position is aged", { ...long, openedAtMs: 0 }],
    ["the position loses", { ...long, entryTicks: 10_025 }],
  ] as const)("adds nothing when %s", (_name, terms) => {
    expect(targetsOf(viewOf(terms)).filter((line) => line.includes("entry"))).toEqual([]);
  });
});
