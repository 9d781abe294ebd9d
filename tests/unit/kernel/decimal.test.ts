import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { gridOf, toNumber, toText, toUnits, trimZeros } from "../../../src/kernel/decimal.ts";

describe("grids", () => {
  test.each([
    ["0.10", "65114.20", 651142],
    ["0.10", "65114.2", 651142],
    ["0.10", "65114", 651140],
    ["0.00001", "0.07123", 7123],
    ["0.00000001", "0.00000512", 512],
    ["0.5", "101.5", 203],
    ["1", "17", 17],
    ["0.005", "1.235", 247],
    ["0.10", "-3.20", -32],
    ["0.10", "0", 0],
  ])("tick %s: %s is %d units", (unit, text, units) => {
    expect(toUnits(gridOf(unit), text)).toBe(units);
  });

  test.each([
    ["0.10", "65114.25", "off the grid"],
    ["0.5", "1.25", "off the grid"],
    ["0.10", "", "empty"],
    ["0.10", "-", "a sign alone"],
    ["0.10", "1e5", "an exponent"],
    ["0.10", "1.2.3", "two dots"],
    ["0.10", " 1.2", "a blank"],
    ["0.10", "NaN", "letters"],
    ["0.00000001", "900719925474.09930000", "beyond 2^53"],
  ])("tick %s refuses %p (%s)", (unit, text, _why) => {
    expect(toUnits(gridOf(unit), text)).toBeNaN();
  });

  test("text and units are each other's inverse on every grid", () => {
    const unit = fc.constantFrom("0.10", "0.00001", "0.5", "1", "0.005", "0.00000001", "100");
    const units = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    fc.assert(
      fc.property(
        unit,
        units,
        fc.constantFrom("fixed" as const, "trimmed" as const),
        (u, n, style) => {
          const grid = gridOf(u, style);
          expect(toUnits(grid, toText(grid, n))).toBe(n);
        },
      ),
    );
  });

  test("linear text keeps tick decimals, spot text drops trailing zeros", () => {
    expect(toText(gridOf("0.10"), 651140)).toBe("65114.00");
    expect(toText(gridOf("0.10", "trimmed"), 651140)).toBe("65114");
    expect(toText(gridOf("0.001"), 5)).toBe("0.005");
    expect(trimZeros("100")).toBe("100");
  });

  test("a float is near, for display", () => {
    expect(toNumber(gridOf("0.10"), 651142)).toBeCloseTo(65114.2, 9);
  });

  test.each(["0", "", "-1", "abc", "0.0", "1e-3"])("%p is no unit", (text) => {
    expect(() => gridOf(text)).toThrow("wanted a positive decimal");
  });
});
