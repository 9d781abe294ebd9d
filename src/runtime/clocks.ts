/**
 * The one file that reads time. Everything else gets a `Clock`, and the pure part gets stamps.
 */
import { uptime } from "node:os";
import type { Clock } from "./ports/clock.ts";

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Time since the machine was started, its sleep included. */
export const systemSinceBootMs = (): number => uptime() * 1_000;

export interface VirtualClock extends Clock {
  /** Moves time forward and runs what falls due on the way, in order of due time. */
  advanceTo(atMs: number): void;
}

/** A clock that only moves when told to: recordings, back-tests, tests. */
export function virtualClock(startAtMs: number): VirtualClock {
  let nowMs = startAtMs;
  let order = 0;
  let waiting: { dueAtMs: number; order: number; callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startAtMs,
    after(delayMs, callback) {
      const entry = { dueAtMs: nowMs + Math.max(0, delayMs), order: order++, callback };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advanceTo(atMs) {
      for (;;) {
        const due = waiting
          .filter((entry) => entry.dueAtMs <= atMs)
          .sort((left, right) => left.dueAtMs - right.dueAtMs || left.order - right.order)[0];
        if (due === undefined) break;
        waiting = waiting.filter((entry) => entry !== due);
        nowMs = Math.max(nowMs, due.dueAtMs);
        due.callback();
      }
      nowMs = Math.max(nowMs, atMs);
    },
  };
}
