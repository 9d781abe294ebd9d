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
  /** First points of each run. */
  readonly starts: readonly number[];
  readonly halts: readonly HaltBand[];
}

/** `points` are of any length and order as recorded, oldest first. */
export function equityPictureOf(
  view: MonitorView,
  { range, points, atMs }: { range: EquityRange; points: readonly RunPoint[]; atMs: number },
): EquityPicture {
  const fromAtMs = atMs - EQUITY_RANGES[range];
  const within = points.filter((point) => point.atMs >= fromAtMs && point.equityText !== "");
  return {
    range,
    fromAtMs,
    atMs,
    t: within.map((point) => point.atMs),
    equity: within.map(({ equityText }) => Number(equityText)),
    starts: within
      .filter((point, at) => point.runId !== within[at - 1]?.runId)
      .map((point) => point.atMs),
    halts: haltBandsOf(view, "").filter(
      ({ untilAtMs }) => untilAtMs === null || untilAtMs >= fromAtMs,
    ),
  };
}
