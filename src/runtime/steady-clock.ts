/**
 * A clock that never runs backwards and is never set.
 *
 * The wall clock may be stepped by hand or by a time service, and every pause, age and rate window
 * that was measured with it would then be wrong: a step back of five minutes held a flatten up for
 * as long. So time here runs with the monotonic clock, from where the wall clock stood at the
 * start, and is drawn towards the wall clock slowly enough that no duration suffers.
 *
 * A machine that slept is another matter: that time has passed for the venue too. Where the time
 * since boot says that it slept, the clock moves on by as much, and the engine sees the gap.
 */
import type { Clock } from "./ports/clock.ts";

/** Smaller differences are the grain of the two clocks, and the work of a time service. */
const STEP_MS = 250;
/** Of the time that passes: a pause of a second is 50 ms off at most, a minute is made up in 20. */
const DRAW_SHARE = 0.05;
/** Grain of the wall clock, which is not worth following. */
const GRAIN_MS = 2;
/** Least sleep that is told from the grain of the time since boot (a second on some systems). */
const SLEEP_MS_MIN = 2_000;

/** The wall clock was set, or the machine slept. */
export interface ClockStep {
  readonly kind: "set" | "slept";
  /** Positive: forward. */
  readonly byMs: number;
}

interface SteadyClock extends Clock {
  /** The wall clock minus this one: 0 but for a while after it was set. */
  readonly aheadMs: number;
}

interface SteadyOptions {
  readonly raw: Clock;
  /** Time since the machine was started, sleep included; null where nobody knows. */
  readonly sinceBootMs: () => number | null;
  readonly onStep: (step: ClockStep) => void;
}

/** Wraps a clock whose wall time may be set. */
export function steadyClock({ raw, sinceBootMs, onStep }: SteadyOptions): SteadyClock {
  let monotonicMs = raw.monotonicMs();
  let nowMs = raw.nowMs();
  let aheadMs = 0;
  let bootLeadMs = leadOf(sinceBootMs(), monotonicMs);

  function advance(): void {
    const elapsedMs = Math.max(0, raw.monotonicMs() - monotonicMs);
    monotonicMs += elapsedMs;
    nowMs += elapsedMs;
    const differenceMs = raw.nowMs() - nowMs;
    if (Math.abs(differenceMs - aheadMs) > STEP_MS) stepped(differenceMs - aheadMs);
    const drawnMs = elapsedMs * DRAW_SHARE;
    aheadMs = raw.nowMs() - nowMs;
    if (Math.abs(aheadMs) <= GRAIN_MS) return;
    nowMs += Math.min(drawnMs, Math.max(-drawnMs, aheadMs));
    aheadMs = raw.nowMs() - nowMs;
  }

  function stepped(byMs: number): void {
    const leadMs = leadOf(sinceBootMs(), monotonicMs);
    const sleptMs = leadMs === null || bootLeadMs === null ? 0 : leadMs - bootLeadMs;
    bootLeadMs = leadMs;
    if (sleptMs >= SLEEP_MS_MIN) {
      nowMs += sleptMs;
      onStep({ kind: "slept", byMs: Math.round(sleptMs) });
    }
    const setByMs = sleptMs >= SLEEP_MS_MIN ? byMs - sleptMs : byMs;
    if (Math.abs(setByMs) > SLEEP_MS_MIN) onStep({ kind: "set", byMs: Math.round(setByMs) });
  }

  return {
    nowMs() {
      advance();
      return Math.floor(nowMs);
    },
    monotonicMs: () => raw.monotonicMs(),
    after: (delayMs, callback) => raw.after(delayMs, callback),
    get aheadMs() {
      advance();
      return Math.abs(aheadMs) <= GRAIN_MS ? 0 : Math.round(aheadMs);
    },
  };
}

/** Time since boot beyond the monotonic clock: it grows while the machine sleeps. */
const leadOf = (sinceBootMs: number | null, monotonicMs: number): number | null =>
  sinceBootMs === null ? null : sinceBootMs - monotonicMs;
