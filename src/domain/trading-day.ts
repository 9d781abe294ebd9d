/**
 * The trading day: from midnight to midnight on the clock of a place. A day there may have 23 or 25
 * hours and need not begin at a whole hour of UTC, nor at 00:00 where clocks jump at midnight; the
 * calendar of the runtime knows. A day begins with the first instant that carries its date.
 */
import { assert } from "../kernel/assert.ts";

export interface TradingDay {
  readonly startsAtMs: number;
  /** The next day's start. */
  readonly endsAtMs: number;
}

const HOUR_MS = 3_600_000;
/** Longer than any day has been: 24 hours and the widest jump of a clock. */
const DAY_MS_MAX = 28 * HOUR_MS;

/** The day of `atMs` in a zone by its IANA name. Throws RangeError for a name that is none. */
export function dayOf(atMs: number, timeZone: string): TradingDay {
  const dateOf = dateIn(timeZone);
  const date = dateOf(atMs);
  const startsAtMs = firstAt(atMs - DAY_MS_MAX, atMs, (at) => dateOf(at) === date);
  const endsAtMs = firstAt(atMs, atMs + DAY_MS_MAX, (at) => dateOf(at) !== date);
  assert(startsAtMs <= atMs && atMs < endsAtMs, "a moment lies within its day");
  return { startsAtMs, endsAtMs };
}

function dateIn(timeZone: string): (atMs: number) => string {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en-CA", { ...parts, timeZone });
  return (atMs) => format.format(atMs);
}

/** The first millisecond after `fromMs` where `holds` is true; it is at `untilMs` and stays so. */
function firstAt(fromMs: number, untilMs: number, holds: (atMs: number) => boolean): number {
  let before = Math.floor(fromMs);
  let after = Math.floor(untilMs);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
