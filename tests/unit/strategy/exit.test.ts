import { describe, expect, test } from "bun:test";
import type { QtySteps } from "../../../src/domain/units.ts";
import { exitOf } from "../../../src/strategy/exit.ts";
import type { SymbolView } from "../../../src/strategy/strategy.ts";
import { instrumentOf } from "../engine/tape.ts";
import { MAKER, textOf, viewOf } from "./support.ts";

function check(terms: Partial<SymbolView>, expected: string | null): void {
  const exit = exitOf(viewOf(terms), MAKER);
  expect(exit === null ? null : textOf(exit)).toBe(expected);
  if (exit !== null) expect(exit.reduceOnly).toBe(true);
}

/** A position `ageMs` old with its entry `lossTicks` worse than the mid of 10,000.5. */
function held(positionSteps: number, ageMs: number, lossTicks = 0): Partial<SymbolView> {
  const entryTicks = 10_000.5 + Math.sign(positionSteps) * lossTicks;
  return { positionSteps, entryTicks, openedAtMs: 100_000 - ageMs };
}

describe("the ladder out of a position", () => {
  test("flat needs no exit", () => check({}, null));

  test("first rests at a profit", () => {
    check(held(5, 1_000), "sell 5 @ 10006 exit post_only");
    check(held(-5, 1_000), "buy 5 @ 9995 exit post_only");
  });

  test("never rests on the far side of a touch that is already better", () => {
    check(held(5, 1_000, -30), "sell 5 @ 10001 exit post_only");
    check(held(-5, 1_000, -30), "buy 5 @ 10000 exit post_only");
  });

  test("aged, rests at the touch", () => {
    check(held(5, 30_000, 10), "sell 5 @ 10001 exit post_only");
    check(held(-5, 30_000, 10), "buy 5 @ 10000 exit post_only");
  });

  test("a profit far away is cut to the band around the mid", () => {
    check({ ...held(5, 1_000), entryTicks: 10_035 }, "sell 5 @ 10041 exit post_only");
    check({ ...held(5, 1_000), entryTicks: Number.NaN }, "sell 5 @ 10006 exit post_only");
  });

  test("past its holding time, takes what is there within a limit", () => {
    check(held(5, 91_000), "sell 5 @ 9990 exit ioc");
    check(held(-5, 91_000), "buy 5 @ 10012 exit ioc");
  });

  test("past the soft stop, takes at once whatever its age", () => {
    check(held(5, 1_000, 41), "sell 5 @ 9990 exit ioc");
  });

  test("still there after that, or past the stop's distance, goes at market", () => {
    check(held(5, 101_000), "sell 5 market exit ioc");
    check(held(-5, 1_000, 85), "buy 5 market exit ioc");
  });

  test("without a usable book it waits for the holding time, then goes at market", () => {
    check({ ...held(5, 1_000), bookUsable: false }, null);
    check({ ...held(5, 91_000), bookUsable: false }, "sell 5 market exit ioc");
  });

  test("one order never exceeds what the venue takes", () => {
    const instrument = instrumentOf(0, {
      limitQtyStepsMax: 50 as QtySteps,
      marketQtyStepsMax: 20 as QtySteps,
    });
    check({ ...held(70, 1_000), instrument }, "sell 50 @ 10006 exit post_only");
    check({ ...held(70, 101_000), instrument }, "sell 20 market exit ioc");
  });
});
