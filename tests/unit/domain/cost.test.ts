/** The shared arithmetic of an open part: exact, and refusing what cannot be. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  assertSound,
  averagePriceOf,
  moveOpenPart,
  type OpenPart,
  valueAt,
} from "../../../src/domain/cost.ts";
import { notionalOf } from "../../../src/domain/instrument.ts";
import { asSteps, asTicks, signOf } from "../../../src/domain/units.ts";
import { AssertionFailure } from "../../../src/kernel/assert.ts";
import { gridOf } from "../../../src/kernel/decimal.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import { INSTRUMENT } from "../portfolio/support.ts";

const trade = fc.record({
  side: fc.constantFrom("buy" as const, "sell" as const),
  priceTicks: fc.integer({ min: 1, max: 1_000_000 }).map(asTicks),
  qtySteps: fc.integer({ min: 1, max: 100_000 }).map(asSteps),
});
const RUNS = { numRuns: 500, seed: 20_260_111 };

describe("the open part", () => {
  test("profit minus remaining cost is the cash that moved, and steps are the sum of sides", () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 60 }), (trades) => {
        const part: OpenPart = { steps: 0, cost: 0n };
        let [cash, realised, steps] = [0n, 0n, 0];
        for (const one of trades) {
          const moved = moveOpenPart(part, INSTRUMENT, one);
          realised += moved.realised;
          steps += signOf(one.side) * one.qtySteps;
          const value = notionalOf(INSTRUMENT, one.priceTicks, one.qtySteps);
          cash -= BigInt(signOf(one.side)) * value;
          expect(moved.closedSteps + moved.openedSteps).toBe(one.qtySteps);
        }
        expect(part.steps).toBe(steps);
        expect(realised - part.cost).toBe(cash);
        const average = averagePriceOf(part, INSTRUMENT);
        const short = valueAt(INSTRUMENT, part.steps, average) - part.cost;
        // Truncated once in the price: off by less than one unit of the last decimal a step.
        expect(short < 0n ? -short : short).toBeLessThanOrEqual(BigInt(Math.abs(steps)));
      }),
      RUNS,
    );
  });

  test.each([
    ["no quantity", { qtySteps: 0, priceTicks: 10 }],
    ["half a step", { qtySteps: 0.5, priceTicks: 10 }],
    ["half a tick", { qtySteps: 1, priceTicks: 10.5 }],
    ["no price at all", { qtySteps: 1, priceTicks: Number.NaN }],
  ])("refuses a trade of %s", (_what, { qtySteps, priceTicks }) => {
    const one = {
      side: "buy",
      qtySteps: asSteps(qtySteps),
      priceTicks: asTicks(priceTicks),
    } as const;
    const part: OpenPart = { steps: 0, cost: 0n };
    expect(() => moveOpenPart(part, INSTRUMENT, one)).toThrow(AssertionFailure);
  });

  test.each([
    ["flat with a cost", { steps: 0, cost: 1n }],
    ["long for a negative cost", { steps: 1, cost: -1n }],
    ["short for a positive cost", { steps: -1, cost: 1n }],
    ["a broken number of steps", { steps: Number.NaN, cost: 0n }],
  ])("cannot be %s", (_what, part) => {
    expect(() => assertSound(part)).toThrow(AssertionFailure);
  });
});

test.each([
  ["0.01", "99.95"],
  ["0.05", "499.75"],
  ["5", "49975"],
  ["1", "9995"],
])("a hundred steps of %s at 99.95 are worth %s", (step, worth) => {
  const instrument = { ...INSTRUMENT, qty: gridOf(step) };
  const price = parseFixed("99.95") ?? 0n;
  expect(fixedToText(valueAt(instrument, 100, price))).toBe(worth);
  expect(fixedToText(valueAt(instrument, -100, price))).toBe(`-${worth}`);
});
