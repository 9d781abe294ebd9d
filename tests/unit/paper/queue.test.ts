import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { joinQueue, seeLevel, seeTrade } from "../../../src/paper/models/queue.ts";

describe("a place in the queue", () => {
  test("starts behind everything that is displayed", () => {
    expect(joinQueue(10, 1).aheadSteps).toBe(10);
    expect(joinQueue(0, 1).aheadSteps).toBe(0);
  });

  test("is unknown while the price is out of sight, and last when it comes into sight", () => {
    const place = joinQueue(null, 1);
    expect(seeTrade(place, 5, 2)).toBe(0);
    seeLevel(place, null, 3);
    expect(place.aheadSteps).toBe(Number.POSITIVE_INFINITY);
    seeLevel(place, 7, 4);
    expect(place.aheadSteps).toBe(7);
  });

  test("moves up by what trades, and only the rest of a trade reaches us", () => {
    const place = joinQueue(10, 1);
    expect(seeTrade(place, 4, 2)).toBe(0);
    expect(place.aheadSteps).toBe(6);
    expect(seeTrade(place, 9, 3)).toBe(3);
    expect(place.aheadSteps).toBe(0);
    expect(seeTrade(place, 2, 4)).toBe(2);
  });

  test("does not move when others join behind", () => {
    const place = joinQueue(10, 1);
    seeLevel(place, 25, 2);
    expect(place.aheadSteps).toBe(10);
  });

  test("does not move twice for a trade that the next frame shows", () => {
    const place = joinQueue(10, 1);
    seeTrade(place, 4, 2);
    seeLevel(place, 6, 3);
    expect(place.aheadSteps).toBe(6);
  });

  test("does not move twice for a trade that the frame showed before", () => {
    const place = joinQueue(10, 1);
    seeLevel(place, 6, 5); // Trade of 4 at time 4, not heard of yet: taken for a cancel of 4.
    expect(place.aheadSteps).toBe(6);
    expect(seeTrade(place, 4, 4)).toBe(0);
    expect(place.aheadSteps).toBe(6);
  });

  test("takes its share of cancels, rounded against us", () => {
    const place = joinQueue(10, 1);
    seeLevel(place, 30, 2); // Ten ahead, twenty behind.
    seeLevel(place, 14, 3); // Sixteen cancelled: five and a third of them ahead.
    expect(place.aheadSteps).toBe(5);
    seeLevel(place, 14, 4);
    expect(place.aheadSteps).toBe(5);
  });

  test("is never behind more than is displayed", () => {
    const place = joinQueue(10, 1);
    seeLevel(place, 0, 2);
    expect(place.aheadSteps).toBe(0);
  });

  test("only ever moves up, and what reaches us is never more than was traded", () => {
    const step = fc.oneof(
      fc.record({ level: fc.nat(50) }),
      fc.record({ trade: fc.integer({ min: 1, max: 20 }), late: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.nat(50), fc.array(step, { maxLength: 40 }), (start, steps) => {
        const place = joinQueue(start, 0);
        let atMs = 10;
        for (const now of steps) {
          const before = place.aheadSteps;
          atMs += 10;
          if ("level" in now) seeLevel(place, now.level, atMs);
          else {
            const reached = seeTrade(place, now.trade, now.late ? place.bookVenueAtMs : atMs);
            expect(reached).toBeLessThanOrEqual(now.trade);
            expect(reached === 0 || place.aheadSteps === 0).toBe(true);
          }
          expect(place.aheadSteps).toBeLessThanOrEqual(before);
          expect(place.aheadSteps).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(place.aheadSteps)).toBe(true);
        }
      }),
    );
  });
});
