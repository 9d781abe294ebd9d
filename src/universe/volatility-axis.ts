/**
 * How fast the price moves: standard deviation of one-second returns in bps, averaged over minutes.
 * Under 1 bps a round trip waits long for its profit; from 15 bps on a resting quote is run over
 * before it can be moved.
 */
import { type Bands, bandOf } from "./hysteresis.ts";

export const VOLATILITIES = ["calm", "normal", "lively", "wild"] as const;
export type Volatility = (typeof VOLATILITIES)[number];

export const VOLATILITY_BANDS: Bands<Volatility> = {
  values: VOLATILITIES,
  from: [1, 5, 15],
  slackShare: 0.2,
};

export const volatilityOf = (bps: number, before: Volatility | null): Volatility =>
  bandOf(VOLATILITY_BANDS, bps, before);
