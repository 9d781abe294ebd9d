/** What stands behind every position. */
import { describe, expect, test } from "bun:test";
import type { QtySteps } from "../../../src/domain/units.ts";
import {
  closeAtMarket,
  DEFAULT_PROTECTION,
  overdueReason,
  stopBehind,
  stopFaultOf,
  stopOf,
} from "../../../src/risk/protection.ts";
import { instrumentOf } from "../engine/tape.ts";

const LONG = { steps: 5, entryTicks: 10_000, marketTicks: 10_100 };
const SHORT = { steps: -5, entryTicks: 10_000, marketTicks: 9_900 };
const { stopDistanceBps: DISTANCE_BPS } = DEFAULT_PROTECTION;
const stop = (held: typeof LONG) => stopOf(held, DISTANCE_BPS) as number | null;

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
    expect(() => stopOf({ ...LONG, steps: 0 }, DISTANCE_BPS)).toThrow("only a position");
    expect(() => stopBehind("buy", 0, 80)).toThrow("behind a price");
  });
});

describe("a stop that the venue holds", () => {
  const fault = (held: typeof LONG, stopLossTicks: number | null) =>
    stopFaultOf({ ...held, stopLossTicks }, DISTANCE_BPS);

  test("protects on the losing side, up to twice the wanted distance behind the worse price", () => {
    for (const ticks of [9_920, 9_999, 9_840]) expect(fault(LONG, ticks)).toBeNull();
    for (const ticks of [10_080, 10_001, 10_160]) expect(fault(SHORT, ticks)).toBeNull();
    // It follows a price that went well, and stays where it is while the price runs through it.
    expect(fault(LONG, 10_050)).toBeNull();
    expect(fault({ ...LONG, marketTicks: 9_900 }, 9_920)).toBeNull();
  });

  test("is of no use where there is none, on the other side, or far away", () => {
    expect(fault(LONG, null)).toBe("no exchange-held stop");
    expect(fault(SHORT, 9_800)).toContain("wrong side");
    expect(fault(LONG, 10_100)).toContain("wrong side");
    expect(fault(LONG, 1)).toContain("too far");
    expect(fault(SHORT, 10_161)).toContain("too far");
  });

  test("cannot be judged further than that where no price is known", () => {
    expect(fault({ steps: 5, entryTicks: Number.NaN, marketTicks: 0 }, 1)).toBeNull();
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
