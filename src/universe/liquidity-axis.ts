/**
 * How much is traded in a contract: its turnover of 24 hours in USDT, as the venue tells it. What
 * an exit finds in a hurry grows with it; below the first border it may find nobody.
 */
import { type Bands, bandOf } from "./hysteresis.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

export const LIQUIDITIES = ["thin", "mid", "liquid", "major"] as const;
export type Liquidity = (typeof LIQUIDITIES)[number];

/** Turnover moves by some percent within minutes: a tenth keeps a symbol from changing sides. */
const SLACK_SHARE = 0.1;

function liquidityBands(parameters: UniverseParameters): Bands<Liquidity> {
  const { turnoverUsdtThin, turnoverUsdtLiquid, turnoverUsdtMajor } = parameters;
  const from = [turnoverUsdtThin, turnoverUsdtLiquid, turnoverUsdtMajor];
  return { values: LIQUIDITIES, from, slackShare: SLACK_SHARE };
}

export function liquidityOf(
  turnover24hUsdt: number,
  before: Liquidity | null,
  parameters: UniverseParameters,
): Liquidity {
  return bandOf(liquidityBands(parameters), turnover24hUsdt, before);
}
