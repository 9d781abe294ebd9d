import { describe, expect, test } from "bun:test";
import { DeadMan, LOOK_EVERY_MS } from "../../../src/runtime/dead-man.ts";

const SILENCE_MS = 5_000;

/** Looks at the usual pace for so long; the moments at which it said "act". */
function lookFor(deadMan: DeadMan, fromMs: number, forMs: number): number[] {
  const acts: number[] = [];
  for (let atMs = fromMs + LOOK_EVERY_MS; atMs <= fromMs + forMs; atMs += LOOK_EVERY_MS) {
    if (deadMan.look(atMs)) acts.push(atMs);
  }
  return acts;
}

describe("a dead man", () => {
  test("acts once after the silence, and again after the next one", () => {
    const deadMan = new DeadMan(SILENCE_MS, 0);
    expect(lookFor(deadMan, 0, 20_000)).toEqual([SILENCE_MS]);
    deadMan.beat();
    expect(lookFor(deadMan, 20_000, 20_000)).toEqual([20_000 + SILENCE_MS]);
  });

  test("never acts while it is heard", () => {
    const deadMan = new DeadMan(SILENCE_MS, 0);
    for (let atMs = 0; atMs < 60_000; atMs += 4_000) {
      expect(lookFor(deadMan, atMs, 4_000)).toEqual([]);
      deadMan.beat();
    }
  });

  test("gives the whole time again when it was frozen itself", () => {
    const deadMan = new DeadMan(SILENCE_MS, 0);
    expect(lookFor(deadMan, 0, 4_000)).toEqual([]);
    // The machine slept for an hour: nobody was heard, nobody could be.
    expect(deadMan.look(3_600_000)).toBe(false);
    expect(lookFor(deadMan, 3_600_000, SILENCE_MS - LOOK_EVERY_MS)).toEqual([]);
    expect(lookFor(deadMan, 3_604_750, LOOK_EVERY_MS)).toEqual([3_605_000]);
  });
});
