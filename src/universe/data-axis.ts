/**
 * Whether what is seen of a symbol can be believed: the share of the last looks, over about two
 * minutes, at which its book was live and agreed with the venue's other answer.
 */
import { type Bands, bandOf } from "./hysteresis.ts";

export const DATA_QUALITIES = ["poor", "patchy", "good"] as const;
export type DataQuality = (typeof DATA_QUALITIES)[number];

export const DATA_BANDS: Bands<DataQuality> = {
  values: DATA_QUALITIES,
  from: [0.5, 0.9],
  slackShare: 0.05,
};

/** A look counts for a twentieth: a fault is forgotten after some two minutes of good looks. */
const LOOK_WEIGHT = 0.05;

/** The share after another look; NaN before the first. */
export function goodShareAfter(before: number, isGood: boolean): number {
  const now = isGood ? 1 : 0;
  return Number.isNaN(before) ? now : before + LOOK_WEIGHT * (now - before);
}

export const dataQualityOf = (goodShare: number, before: DataQuality | null): DataQuality =>
  bandOf(DATA_BANDS, goodShare, before);
