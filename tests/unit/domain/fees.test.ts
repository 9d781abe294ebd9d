import { describe, expect, test } from "bun:test";
import { bpsOfRate, DEFAULT_FEES, feeOf, feeScheduleOf } from "../../../src/domain/fees.ts";
import { fixedOf } from "../../../src/kernel/fixed.ts";

describe("fees", () => {
  test("the defaults are the published rates, and exact in basis points", () => {
    expect([bpsOfRate(DEFAULT_FEES.maker), bpsOfRate(DEFAULT_FEES.taker)]).toEqual([2, 5.5]);
  });

  test("a rebate is a negative fee", () => {
    const fees = feeScheduleOf({ maker: "-0.00005", taker: "0.0004" });
    if (fees === null) throw new Error("both are decimals");
    expect(bpsOfRate(fees.maker)).toBe(-0.5);
    expect(feeOf(fees, fixedOf(1_000n, 0), true)).toBe(fixedOf(-5n, 2));
    expect(feeOf(fees, fixedOf(1_000n, 0), false)).toBe(fixedOf(4n, 1));
  });

  test.each([
    ["two", "0.0004"],
    ["", "0.0004"],
    ["0.0002", "1,0"],
  ])("maker %p and taker %p are no schedule", (maker, taker) => {
    expect(feeScheduleOf({ maker, taker })).toBeNull();
  });
});
