/**
 * Whether the price goes somewhere: the distance of a fast from a slow average of the mid price,
 * counted in what a price without any trend would show.
 *
 * For a Brownian motion of σ a second the difference of two exponential averages with time
 * constants f and s has variance σ²·(s/2 + f/2 − 2·s·f/(s + f)): both lags are Ornstein-Uhlenbeck
 * processes with variance σ²·τ/2 and covariance σ²·s·f/(s + f). Beyond 1.5 of its deviations it is
 * called a trend, until it is back within 70 % of that.
 */
import { type Bands, bandOf } from "./hysteresis.ts";

export const TRENDS = ["falling", "flat", "rising"] as const;
export type Trend = (typeof TRENDS)[number];

const FAST_SEC = 60;
const SLOW_SEC = 600;
const DEVIATION_SEC = Math.sqrt(
  SLOW_SEC / 2 + FAST_SEC / 2 - (2 * SLOW_SEC * FAST_SEC) / (SLOW_SEC + FAST_SEC),
);
/** Calmer than this the deviation says nothing: half a tick would be a trend. */
const VOLATILITY_BPS_MIN = 0.05;

export const TREND_BANDS: Bands<"flat" | "going"> = {
  values: ["flat", "going"],
  from: [1.5],
  slackShare: 0.3,
};

/** Both averages of the logarithm of the mid price; NaN before the first look. */
export interface TrendAverages {
  readonly fast: number;
  readonly slow: number;
}

export const NO_AVERAGES: TrendAverages = { fast: Number.NaN, slow: Number.NaN };

/** The averages after another look, `seconds` after the last. */
export function trendAfter(before: TrendAverages, mid: number, seconds: number): TrendAverages {
  const now = Math.log(mid);
  if (!Number.isFinite(now)) return before;
  if (Number.isNaN(before.fast)) return { fast: now, slow: now };
  const mix = (average: number, overSec: number): number =>
    now + (average - now) * Math.exp(-seconds / overSec);
  return { fast: mix(before.fast, FAST_SEC), slow: mix(before.slow, SLOW_SEC) };
}

/** Signed number of deviations; 0 where there is nothing to measure by. */
export function trendDeviations({ fast, slow }: TrendAverages, volatilityBps: number): number {
  if (!(volatilityBps > VOLATILITY_BPS_MIN) || Number.isNaN(fast)) return 0;
  return ((fast - slow) * 10_000) / (volatilityBps * DEVIATION_SEC);
}

export function trendOf(deviations: number, before: Trend | null): Trend {
  const sign = deviations < 0 ? "falling" : "rising";
  const was = before === null ? null : before === sign ? "going" : "flat";
  return bandOf(TREND_BANDS, Math.abs(deviations), was) === "flat" ? "flat" : sign;
}
