/** What stands behind every position. */
import { describe, expect, test } from "bun:test";
import type { QtySteps } from "../../../src/domain/units.ts";
import {
  closeAtMarket,
  DEFAULT_PROTECTION,
  overdueReason,
  stopBehind,
  stopOf,
} from "../../../src/risk/protection.ts";
import { instrumentOf } from "../engine/tape.ts";

const LONG = { steps: 5, entryTicks: 10_000, marketTicks: 10_100 };
const SHORT = { steps: -5, entryTicks: 10_000, marketTicks: 9_900 };
const stop = (held: typeof LONG) => stopOf(held, DEFAULT_PROTECTION) as number | null;

describe("the stop", () => {
  test("stands behind the entry, or behind the market where that is already worse", () => {
    expect([stop(LONG), stop(SHORT)]).toEqual([9_920, 10_080]);
    expect(stop({ ...LONG, marketTicks: 9_000 })).toBe(8_928);
    expect(stop({ ...SHORT, marketTicks: 11_000 })).toBe(11_088);
  });

  test("needs one of the two prices", () => {
    expect(stop({ ...LONG, marketTicks: 0 })).toBe(9_920);
    expect(stop({ ...LONG, entryTicks: Number.NaN })).toBe(10_019);
    expect(stop({ steps: 5, entryTicks: Number.NaN, marketTicks: 0 })).toBeNull();
  });

  test("is at least two ticks away, and of nothing a bug", () => {
    expect(stopBehind("buy", 10, 80) as number).toBe(8);
    expect(() => stopOf({ ...LONG, steps: 0 }, DEFAULT_PROTECTION)).toThrow("only a position");
    expect(() => stopBehind("buy", 0, 80)).toThrow("behind a price");
  });
});

describe("the market exit", () => {
  const { ownerlessHoldMsMax, holdMsMax } = DEFAULT_PROTECTION;
  const reason = (ageMs: number, isOwned: boolean) =>
    overdueReason({ ageMs, isOwned }, DEFAULT_PROTECTION);

  test("comes for what nobody owns, and much later for what somebody does", () => {
    expect(reason(ownerlessHoldMsMax - 1, false)).toBeNull();
    expect(reason(ownerlessHoldMsMax, false)).toContain("owned by no strategy");
    expect(reason(ownerlessHoldMsMax, true)).toBeNull();
    expect(reason(holdMsMax, true)).toContain("longer than any position may be");
  });

  test("closes what one order may carry, and only reduces", () => {
    const instrument = instrumentOf(0, { marketQtyStepsMax: 20 as QtySteps });
    const why = { purpose: "exit", reason: "test" } as const;
    expect(closeAtMarket({ instrument, positionSteps: -70 }, why)).toMatchObject({
      side: "buy",
      qtySteps: 20,
      reduceOnly: true,
      priceTicks: null,
    });
    expect(() => closeAtMarket({ instrument, positionSteps: 0 }, why)).toThrow("only a position");
  });
});
