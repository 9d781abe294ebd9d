import { describe, expect, test } from "bun:test";
import { limitsIn } from "../../../src/config/limit-settings.ts";
import { entriesAbove } from "../../../src/risk/limit-change.ts";
import {
  contradictionIn,
  differencesOf,
  isLimitName,
  isLimitValue,
  LIMIT_NAMES,
  LIMIT_TERMS,
  limitAccepts,
  withChanges,
} from "../../../src/risk/limit-terms.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";

const entry = (id: string, symbol: string, valueUsdt: number, createdAtMs: number) => ({
  id,
  symbol,
  valueUsdt,
  createdAtMs,
});

describe("entries above new limits", () => {
  const LIMITS = {
    orderNotionalUsdtMax: 100,
    symbolExposureUsdtMax: 150,
    totalExposureUsdtMax: 250,
    openOrdersMax: 9,
  };

  test("the youngest go first, by order, by symbol and over all", () => {
    const entries = [
      entry("young", "B", 80, 4),
      entry("big", "A", 101, 0),
      entry("old", "A", 90, 1),
      entry("second", "A", 70, 2),
      entry("other", "B", 90, 3),
    ];
    expect(entriesAbove(entries, new Map(), LIMITS)).toEqual(["big", "second", "young"]);
  });

  test("what is held counts before what rests", () => {
    const held = new Map([["A", 100]]);
    const entries = [entry("a", "A", 60, 1), entry("b", "B", 100, 2), entry("c", "C", 60, 3)];
    expect(entriesAbove(entries, held, LIMITS)).toEqual(["a", "c"]);
  });

  test("the number of orders is a limit too", () => {
    const entries = [entry("a", "A", 1, 1), entry("b", "B", 1, 2)];
    expect(entriesAbove(entries, new Map(), { ...LIMITS, openOrdersMax: 1 })).toEqual(["b"]);
  });
});

describe("the table of limits", () => {
  test("has every limit, and each default is within its bounds", () => {
    expect([...LIMIT_NAMES].sort()).toEqual(Object.keys(DEFAULT_LIMITS).filter(isLimitName).sort());
    for (const name of LIMIT_NAMES) expect(isLimitValue(name, DEFAULT_LIMITS[name])).toBe(true);
    expect(contradictionIn(DEFAULT_LIMITS)).toBeNull();
  });

  test("says which way a change goes", () => {
    const after = { ...DEFAULT_LIMITS, leverageMax: 5, stopCooldownMs: 1, markBandBps: 300 };
    expect(differencesOf(DEFAULT_LIMITS, after)).toEqual([
      { name: "leverageMax", loosens: false },
      { name: "stopCooldownMs", loosens: true },
      { name: "markBandBps", loosens: true },
    ]);
  });

  test("takes no value beyond the bounds, none that is half, and none that is fixed", () => {
    expect(isLimitValue("leverageMax", 0.5)).toBe(false);
    expect(isLimitValue("stopOutsMax", 2.5)).toBe(false);
    expect(isLimitValue("dailyLossUsdtMax", Number.NaN)).toBe(false);
    expect(() => withChanges(DEFAULT_LIMITS, { exitRateMax: 4 })).toThrow("built on");
    expect(withChanges(DEFAULT_LIMITS, { leverageMax: 3 }).leverageMax).toBe(3);
    expect(LIMIT_NAMES.filter((name) => LIMIT_TERMS[name].isFixed === true)).toHaveLength(3);
  });
});

describe("SCALPER_LIMITS", () => {
  test("names limits with numbers", () => {
    expect(limitsIn(" leverageMax=5, stopOutsMax=3,")).toEqual({
      ok: true,
      value: { leverageMax: 5, stopOutsMax: 3 },
    });
    expect(limitsIn("")).toEqual({ ok: true, value: {} });
  });

  test("reports every problem with what would be right", () => {
    const read = limitsIn("leverage=5, leverageMax=1000, stopOutsMax=, drawdownUsdtMax=1=2");
    if (read.ok) throw new Error("it was taken");
    expect(read.problem.map(({ found }) => found)).toEqual([
      "leverage=5",
      "leverageMax=1000",
      "stopOutsMax=",
      "drawdownUsdtMax=1=2",
    ]);
    expect(read.problem[1]?.accepts).toBe(`leverageMax=${limitAccepts("leverageMax")}`);
  });
});
