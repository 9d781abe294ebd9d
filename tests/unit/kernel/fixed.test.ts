import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  FIXED_ONE,
  fixedOf,
  fixedToText,
  mulFixed,
  parseFixed,
} from "../../../src/kernel/fixed.ts";

describe("fixed-point money", () => {
  test.each([
    ["1", FIXED_ONE],
    ["-0.5", -FIXED_ONE / 2n],
    ["0.000000000000000001", 1n],
    ["", 0n],
    ["3.", 3n * FIXED_ONE],
    ["0.10000000000000000000000", FIXED_ONE / 10n],
  ])("%p", (text, value) => {
    expect(parseFixed(text)).toBe(value);
  });

  test.each(["1e3", "abc", "--1", "1.0000000000000000001", ".5", "1,5"])(
    "%p is refused",
    (text) => {
      expect(parseFixed(text)).toBeNull();
    },
  );

  test("text and value are each other's inverse", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
        expect(parseFixed(fixedToText(value))).toBe(value);
      }),
    );
  });

  test("shows at least the decimals asked for", () => {
    expect(fixedToText(FIXED_ONE, 2)).toBe("1.00");
    expect(fixedToText(-FIXED_ONE / 8n, 2)).toBe("-0.125");
  });

  test("a product with a rate truncates toward zero", () => {
    expect(mulFixed(10n, FIXED_ONE / 3n)).toBe(3n);
    expect(mulFixed(-10n, FIXED_ONE / 3n)).toBe(-3n);
    expect(fixedOf(12345n, 2)).toBe((12345n * FIXED_ONE) / 100n);
  });
});
