/**
 * How much the funding presses: the predicted rate in bps, brought to eight hours whatever the
 * contract's own interval. The venue's base rate is 1 bps; three times that is one-sided, ten times
 * moves prices before each settlement.
 */
import { type Bands, bandOf } from "./hysteresis.ts";

export const FUNDING_PRESSURES = ["light", "elevated", "heavy"] as const;
export type FundingPressure = (typeof FUNDING_PRESSURES)[number];

const BASE_MIN = 480;

export const FUNDING_BANDS: Bands<FundingPressure> = {
  values: FUNDING_PRESSURES,
  from: [3, 10],
  slackShare: 0.2,
};

/** Absolute bps per eight hours of a rate that is paid each `intervalMin` minutes. */
export const fundingBps8h = (rate: number, intervalMin: number): number =>
  intervalMin > 0 ? (Math.abs(rate) * 10_000 * BASE_MIN) / intervalMin : 0;

export const fundingPressureOf = (bps8h: number, before: FundingPressure | null): FundingPressure =>
  bandOf(FUNDING_BANDS, bps8h, before);
