import { describe, expect, test } from "bun:test";
import { prngOf } from "../../../src/kernel/prng.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { repeat } from "../../../src/venue/common/repeat.ts";
import { Waits } from "../../../src/venue/common/waits.ts";

/** Tries that answer 1, 2, 3 …, on a clock that the test moves. */
function trying(goodAt: number, retriesMax: number) {
  const clock = virtualClock(0);
  const waits = new Waits(clock);
  const atMs: number[] = [];
  const retried: (readonly [number, number])[] = [];
  const result = repeat({
    waits,
    prng: prngOf("repeat"),
    backOff: { firstMs: 100, capMs: 300 },
    retriesMax,
    attempt: async () => atMs.push(clock.nowMs()),
    isGood: (count) => count === goodAt,
    onRetry: (count, delayMs) => retried.push([count, delayMs]),
  });
  const pass = async (forMs: number) => {
    for (let stepMs = 0; stepMs < forMs; stepMs += 10) {
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
      clock.advanceTo(clock.nowMs() + 10);
    }
    await Promise.resolve();
  };
  return { result, pass, waits, atMs, retried };
}

describe("what is tried again", () => {
  test("ends with the first good result, and waits longer each time up to the cap", async () => {
    const { result, pass, atMs, retried } = trying(5, 10);
    await pass(3_000);
    expect(await result).toBe(5);
    expect(retried.map(([count]) => count)).toEqual([1, 2, 3, 4]);
    const plainMs = [100, 200, 300, 300];
    for (const [at, [, delayMs]] of retried.entries()) {
      expect(delayMs / (plainMs[at] ?? 0)).toBeWithin(0.74, 1.26);
      const waitedMs = (atMs[at + 1] ?? 0) - (atMs[at] ?? 0);
      expect(waitedMs - delayMs).toBeWithin(0, 21);
    }
  });

  test("ends with the last bad one when the tries are used up", async () => {
    const { result, pass, retried } = trying(99, 2);
    await pass(3_000);
    expect(await result).toBe(3);
    expect(retried).toHaveLength(2);
  });

  test("is not tried again where no retry is allowed", async () => {
    const { result, retried } = trying(99, 0);
    expect(await result).toBe(1);
    expect(retried).toEqual([]);
  });

  test("ends at once when the adapter is stopped, without another try", async () => {
    const { result, pass, waits, atMs } = trying(99, Number.POSITIVE_INFINITY);
    await pass(150);
    const tries = atMs.length;
    waits.stop();
    expect(await result).toBe(tries);
    expect(atMs).toHaveLength(tries);
  });
});
