/** The times that money is shown for: whole trading days, so that every sum has its borders. */
import type { MoneyDay } from "./reading.ts";

const DAYS = { today: 1, "7d": 7, "30d": 30, "90d": 90, "12m": 365 } as const;
export const RANGES = ["today", "7d", "30d", "90d", "12m", "all"] as const;
type Range = (typeof RANGES)[number];

/** From a day's start, before another's. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

const HALF_DAY_MS = 43_200_000;
type DayOf = (atMs: number) => MoneyDay;

/** The range that ends with the day of now. */
export function periodOf(range: Range, nowMs: number, dayOf: DayOf): Period {
  const { startsAtMs, endsAtMs } = dayOf(nowMs);
  if (range === "all") return { fromMs: 0, toMs: endsAtMs };
  // Noon of the first day lies in it, however long the days between are.
  const noonMs = startsAtMs + HALF_DAY_MS - (DAYS[range] - 1) * 2 * HALF_DAY_MS;
  return { fromMs: dayOf(noonMs).startsAtMs, toMs: endsAtMs };
}

/** The day of a date such as "2026-11-21"; null when the calendar has no such date. */
export function periodOfDate(date: string, dayOf: DayOf): Period | null {
  const noonMs = Date.parse(`${date}T12:00:00Z`);
  if (!Number.isFinite(noonMs)) return null;
  // Noon in Greenwich is that date in most places, and the day before or after in the others.
  const near = [noonMs, noonMs - 2 * HALF_DAY_MS, noonMs + 2 * HALF_DAY_MS].map(dayOf);
  const found = near.find((day) => day.date === date);
  return found === undefined ? null : { fromMs: found.startsAtMs, toMs: found.endsAtMs };
}
