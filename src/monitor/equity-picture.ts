/** The account's worth over a range of time as columns, for the chart of it and its table. */

import { type HaltBand, haltBandsOf } from "./chart-picture.ts";
import type { MonitorView } from "./view.ts";

/** What the chart offers, with its length. */
export const EQUITY_RANGES = {
  "5m": 300_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
  "30d": 2_592_000_000,
} as const;
export type EquityRange = keyof typeof EQUITY_RANGES;

/** About a point for each pixel. */
export const EQUITY_CHART_POINTS = 600;

/** A point with the run that recorded it. */
interface RunPoint {
  readonly runId: string;
  readonly atMs: number;
  readonly equityText: string;
}

interface EquityPicture {
  readonly range: EquityRange;
  readonly fromAtMs: number;
  readonly atMs: number;
  /** Times in ms, oldest first, and the worth at each in USDT. */
  readonly t: readonly number[];
  readonly equity: readonly number[];
  /** Fees paid up to each since the first execution that is known; null before it. */
  readonly fees: readonly (number | null)[];
  /** First points of each run. */
  readonly starts: readonly number[];
  readonly halts: readonly HaltBand[];
}

/** What an execution cost, by our clock. */
interface PaidFee {
  readonly atMs: number;
  readonly feeUsdt: number;
}

interface EquityQuestion {
  readonly range: EquityRange;
  readonly points: readonly RunPoint[];
  /** Newest first, as far back as they are known; `isWhole` when none of the range is missing. */
  readonly fees: { readonly paid: readonly PaidFee[]; readonly isWhole: boolean };
  readonly atMs: number;
}

/** The sum at each time. A line that begins in the middle begins where the first is known. */
function feesAt(times: readonly number[], { paid, isWhole }: EquityQuestion["fees"]) {
  const oldestFirst = paid.toReversed();
  const knownFromMs = isWhole ? Number.NEGATIVE_INFINITY : (oldestFirst[0]?.atMs ?? Infinity);
  let next = 0;
  let sum = 0;
  return times.map((atMs) => {
    for (; next < oldestFirst.length; next++) {
      const fee = oldestFirst[next];
      if (fee === undefined || fee.atMs > atMs) break;
      sum += fee.feeUsdt;
    }
    return atMs < knownFromMs ? null : sum;
  });
}

/** `points` are of any length and order as recorded, oldest first. */
export function equityPictureOf(
  view: MonitorView,
  { range, points, fees, atMs }: EquityQuestion,
): EquityPicture {
  const fromAtMs = atMs - EQUITY_RANGES[range];
  const within = points.filter((point) => point.atMs >= fromAtMs && point.equityText !== "");
  return {
    range,
    fromAtMs,
    atMs,
    t: within.map((point) => point.atMs),
    equity: within.map(({ equityText }) => Number(equityText)),
    fees: feesAt(
      within.map((point) => point.atMs),
      fees,
    ),
    starts: within
      .filter((point, at) => point.runId !== within[at - 1]?.runId)
      .map((point) => point.atMs),
    halts: haltBandsOf(view, "").filter(
      ({ untilAtMs }) => untilAtMs === null || untilAtMs >= fromAtMs,
    ),
  };
}
