/**
 * The last hour at a glance: what it made by the hour, and how its round trips went. A trip is what
 * happens to a symbol between flat and flat, with all its fees. Display only: numbers, not money.
 */

import type { AccountAudit } from "../engine/audit.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { type LedgerFill, netOfFill } from "../portfolio/fill.ts";

interface NetSample {
  readonly atMs: number;
  readonly netUsdt: number;
}

interface Trip {
  readonly atMs: number;
  readonly netUsdt: number;
  /** Both ways together. */
  readonly turnoverUsdt: number;
}

export interface HourBook {
  /** Oldest first, as far apart as the points of the equity curve. */
  readonly samples: readonly NetSample[];
  /** Finished ones, oldest first. */
  readonly trips: readonly Trip[];
  /** Of symbols that are held: what the trip made and moved so far. */
  readonly open: ReadonlyMap<string, Omit<Trip, "atMs">>;
}

export const EMPTY_HOUR: HourBook = { samples: [], trips: [], open: new Map() };

const HOUR_MS = 3_600_000;
/** A trip every two seconds for an hour: bounds what is kept, the oldest go. */
const TRIPS_MAX = 1_800;
/** An hour of points ten seconds apart, and the one that it began with. */
const SAMPLES_MAX = 361;
/** A rate from less than a minute says nothing. */
const RATE_FROM_MS = 60_000;

/** After one execution of this run. */
export function hourAfterFill(book: HourBook, fill: LedgerFill): HourBook {
  const { symbol, atMs, positionSteps } = fill;
  const before = book.open.get(symbol) ?? { netUsdt: 0, turnoverUsdt: 0 };
  const isTrade = fill.execKind !== "funding";
  const trip = {
    netUsdt: before.netUsdt + fixedToNumber(netOfFill(fill)),
    turnoverUsdt: before.turnoverUsdt + (isTrade ? fixedToNumber(fill.value) : 0),
  };
  const open = new Map(book.open);
  if (positionSteps !== 0) return { ...book, open: open.set(symbol, trip) };
  open.delete(symbol);
  const young = book.trips.filter((row) => atMs - row.atMs <= HOUR_MS);
  return { ...book, open, trips: [...young, { atMs, ...trip }].slice(-TRIPS_MAX) };
}

/** After a point of the equity curve: what all of the run has made until then. */
export function hourAfterPoint(book: HourBook, atMs: number, account: AccountAudit): HourBook {
  const { realisedText, feesText, fundingText, unrealisedText } = account;
  const netUsdt =
    Number(realisedText) - Number(feesText) - Number(fundingText) + Number(unrealisedText);
  const young = book.samples.filter((row) => atMs - row.atMs <= HOUR_MS);
  return { ...book, samples: [...young, { atMs, netUsdt }].slice(-SAMPLES_MAX) };
}

interface LastHour {
  /** USDT an hour; null until there is a minute to judge by. */
  readonly rateUsdt: number | null;
  /** How much of the hour was seen. */
  readonly spanMs: number;
  readonly trips: number;
  /** Share of trips that won, in percent; NaN without trips. */
  readonly winPct: number;
  /** Net of all trips by what was bought or sold to open them; NaN without trips. */
  readonly netBps: number;
}

export function lastHour({ samples, trips }: HourBook, nowMs: number): LastHour {
  const seen = samples.filter(({ atMs }) => nowMs - atMs <= HOUR_MS);
  const [first] = seen;
  const last = seen.at(-1);
  const spanMs = first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
  const made = (last?.netUsdt ?? 0) - (first?.netUsdt ?? 0);
  const done = trips.filter(({ atMs }) => nowMs - atMs <= HOUR_MS);
  const netUsdt = done.reduce((sum, trip) => sum + trip.netUsdt, 0);
  const openedUsdt = done.reduce((sum, trip) => sum + trip.turnoverUsdt / 2, 0);
  return {
    rateUsdt: spanMs < RATE_FROM_MS ? null : (made * HOUR_MS) / spanMs,
    spanMs,
    trips: done.length,
    winPct: (100 * done.filter((trip) => trip.netUsdt > 0).length) / done.length,
    netBps: (10_000 * netUsdt) / openedUsdt,
  };
}
