/**
 * Times of the filter language, in the desk's zone: lengths back from now (`-1h`), clock times of
 * today (`13:05`), days and moments (`2026-11-21T13:05:41`, with a `Z` for UTC), `today`,
 * `yesterday` and `now`.
 */

/** Which moment is meant: the first of what was named, or what follows it. */
export interface TimeBase {
  readonly nowMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** What was named: a moment, or a whole day. */
interface NamedTime {
  readonly startsAtMs: number;
  /** The same for a moment; the next day's begin for a day. */
  readonly endsAtMs: number;
}

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};
/** Further back than any record. */
const LENGTH_MS_MAX = 100 * 366 * DAY_MS;

const BACK = /^-(\d{1,9})(s|m|h|d|w)$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z)?)?$/i;

/** Null when the text is no time. */
export function timeOf(text: string, base: TimeBase): NamedTime | null {
  const back = BACK.exec(text);
  if (back !== null) return backFrom(base, Number(back[1]) * (UNIT_MS[back[2] ?? ""] ?? 0));
  if (text === "now") return moment(base.nowMs);
  if (text === "today") return dayAt(dateAt(base.nowMs, base.timeZone), base);
  if (text === "yesterday") {
    const { year, month, day } = dateAt(base.nowMs, base.timeZone);
    return dayAt(dateAfter({ year, month, day }, -1), base);
  }
  return clockOf(text, base) ?? momentOf(text, base);
}

function backFrom({ nowMs }: TimeBase, lengthMs: number): NamedTime | null {
  return lengthMs > LENGTH_MS_MAX ? null : moment(Math.max(0, nowMs - lengthMs));
}

function moment(atMs: number): NamedTime {
  return { startsAtMs: atMs, endsAtMs: atMs };
}

interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

interface LocalTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

const MIDNIGHT: LocalTime = { hour: 0, minute: 0, second: 0, ms: 0 };

function clockOf(text: string, base: TimeBase): NamedTime | null {
  const found = CLOCK.exec(text);
  if (found === null) return null;
  const time = timeFrom(found.slice(1));
  if (time === null) return null;
  return moment(instantOf(dateAt(base.nowMs, base.timeZone), time, base.timeZone));
}

function momentOf(text: string, base: TimeBase): NamedTime | null {
  const found = MOMENT.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  const date = { year, month, day };
  if (!isDate(date)) return null;
  if (found[4] === undefined) return dayAt(date, base);
  const time = timeFrom(found.slice(4, 8));
  if (time === null) return null;
  return moment(instantOf(date, time, found[8] === undefined ? base.timeZone : "UTC"));
}

function timeFrom(parts: readonly (string | undefined)[]): LocalTime | null {
  const [hour = 0, minute = 0, second = 0] = parts.slice(0, 3).map((part) => Number(part ?? 0));
  const ms = Number((parts[3] ?? "").padEnd(3, "0"));
  return hour > 23 || minute > 59 || second > 59 ? null : { hour, minute, second, ms };
}

function isDate({ year, month, day }: LocalDate): boolean {
  const found = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
}

function dateAfter({ year, month, day }: LocalDate, days: number): LocalDate {
  const at = new Date(Date.UTC(year, month - 1, day + days));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

function dayAt(date: LocalDate, { timeZone }: TimeBase): NamedTime {
  return {
    startsAtMs: instantOf(date, MIDNIGHT, timeZone),
    endsAtMs: instantOf(dateAfter(date, 1), MIDNIGHT, timeZone),
  };
}

/** The date on the clock of a place. */
function dateAt(atMs: number, timeZone: string): LocalDate {
  const at = new Date(atMs + offsetMs(atMs, timeZone));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** The instant of a local time; one that a clock skips is as far after the jump. */
function instantOf(date: LocalDate, time: LocalTime, timeZone: string): number {
  const { hour, minute, second, ms } = time;
  const wall = Date.UTC(date.year, date.month - 1, date.day, hour, minute, second, ms);
  const guess = wall - offsetMs(wall, timeZone);
  const atMs = wall - offsetMs(guess, timeZone);
  return Math.max(0, atMs);
}

/** How far the clock of a place is ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(atMs);
  const of = (name: string): number => Number(parts.find(({ type }) => type === name)?.value);
  const wall = Date.UTC(
    of("year"),
    of("month") - 1,
    of("day"),
    of("hour"),
    of("minute"),
    of("second"),
  );
  return wall - Math.floor(atMs / 1_000) * 1_000;
}
