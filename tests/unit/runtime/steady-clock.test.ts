/** A clock that is never set: durations are right whatever is done to the wall clock. */
import { describe, expect, test } from "bun:test";
import { EngineLoop } from "../../../src/runtime/loop.ts";
import type { Clock } from "../../../src/runtime/ports/clock.ts";
import { type ClockStep, steadyClock } from "../../../src/runtime/steady-clock.ts";
import { Tape } from "../engine/tape.ts";

const START_MS = Date.UTC(2026, 0, 5, 12);

/** A machine whose three clocks are moved by hand. */
function machine() {
  const at = { wallMs: START_MS, monotonicMs: 5_000, sinceBootMs: 9_000 };
  const raw: Clock = {
    nowMs: () => at.wallMs,
    monotonicMs: () => at.monotonicMs,
    after: () => () => {},
  };
  const steps: ClockStep[] = [];
  const clock = steadyClock({
    raw,
    sinceBootMs: () => at.sinceBootMs,
    onStep: (step) => steps.push(step),
  });
  return {
    clock,
    raw,
    steps,
    /** Time passes. */
    pass(ms: number) {
      at.wallMs += ms;
      at.monotonicMs += ms;
      at.sinceBootMs += ms;
    },
    set: (byMs: number) => {
      at.wallMs += byMs;
    },
    sleep(ms: number) {
      at.wallMs += ms;
      at.sinceBootMs += ms;
    },
  };
}

describe("a steady clock", () => {
  test("is the wall clock while that is left alone", () => {
    const { clock, pass, steps } = machine();
    for (let look = 0; look < 100; look++) {
      pass(137);
      expect(clock.nowMs()).toBe(START_MS + (look + 1) * 137);
    }
    expect([clock.aheadMs, steps.length]).toEqual([0, 0]);
  });

  test.each([-300_000, 300_000])("goes on when the wall clock is set by %d ms", (byMs) => {
    const { clock, pass, set, steps } = machine();
    clock.nowMs();
    set(byMs);
    let before = clock.nowMs();
    expect(before).toBe(START_MS);
    for (let second = 0; second < 60; second++) {
      pass(1_000);
      const nowMs = clock.nowMs();
      expect(nowMs - before).toBeGreaterThanOrEqual(949);
      expect(nowMs - before).toBeLessThanOrEqual(1_051);
      before = nowMs;
    }
    expect(steps).toEqual([{ kind: "set", byMs }]);
    expect(Math.abs(clock.aheadMs - byMs)).toBeLessThanOrEqual(3_001);
    // It is caught up in the end, and stays so.
    for (let hour = 0; hour < 3 * 3_600; hour++) {
      pass(1_000);
      clock.nowMs();
    }
    expect(clock.aheadMs).toBe(0);
    expect(steps).toHaveLength(1);
  });

  test("moves on by what the machine slept, which passed for everybody", () => {
    const { clock, pass, sleep, steps } = machine();
    pass(1_000);
    clock.nowMs();
    sleep(600_000);
    expect(clock.nowMs()).toBe(START_MS + 601_000);
    expect(steps).toEqual([{ kind: "slept", byMs: 600_000 }]);
    expect(clock.aheadMs).toBe(0);
  });
});

describe("the engine under a clock that is set", () => {
  test("five minutes back delay no flatten after a burst of orders", () => {
    const { clock, pass, set } = machine();
    const tape = Tape.halted();
    tape.atMs = clock.nowMs();
    tape.ready();
    pass(tape.atMs - clock.nowMs());
    clock.nowMs();
    tape.play("exec - 100 1000 buy A\nposition A 100 992\nreport #1 new");
    for (let sent = 0; sent < 8; sent++) tape.state.rate.record(tape.atMs);
    set(-300_000);
    pass(1_100);
    tape.atMs = clock.nowMs();
    const lines = tape.play("operator flatten\nreport #1 cancelled");
    expect(lines).toContain("submit o#2 A sell 100 market flatten ioc");
  });

  test("a loop stamps no event before the last, whatever clock it was given", () => {
    const { raw, set } = machine();
    const stamps: number[] = [];
    const loop = new EngineLoop({
      clock: raw,
      step: (_event, { atMs }) => {
        stamps.push(atMs);
        return [];
      },
      tell: () => [],
      perform: () => {},
      onFatal: () => {},
    });
    loop.accept({ kind: "timer", name: "a" });
    set(-5_000);
    loop.accept({ kind: "timer", name: "b" });
    expect(stamps).toEqual([START_MS, START_MS]);
  });
});
