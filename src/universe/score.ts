/**
 * How much a symbol is worth quoting, 0 … 100: the move that a round trip can catch within the
 * holding horizon, over what the round trip costs in full, weighed by how deep the book is and how
 * often anybody trades. Every part is kept, so that a page can say why.
 *
 * **What can be caught**, in bps of the price:
 * - *bounce*: the spread, as far as our legs rest. Roll (1984) finds trades to bounce between bid
 *   and ask around the same value: whoever rests on both sides earns the distance.
 * - *drift*: a part of the expected move E|ΔP| = σ·√H·√(2/π) of a price with one-second deviation σ
 *   over H seconds (Bachelier). The part is the correlation of forecast and move (Grinold 1989:
 *   expected return = IC × volatility × score). Simple models explain 10 to 37 % of 500 ms returns
 *   (arXiv 2108.09750), far less a minute later: the default is 0.15.
 *
 * **What it costs**, in bps: the account's own fees of both legs; the spread, as far as legs take;
 * *impact* Y·σ_day·√(Q/V) with Y = 1 (the square-root law, Almgren et al. 2005, Tóth et al. 2011);
 * *adverse selection*, by our own fills where there are enough, else half the expected move in the
 * five seconds after one, as far as legs rest (Albers et al., arXiv 2502.18625, find fill and
 * return after it negatively related); *queue*: half a tick for two resting legs, between giving a
 * tick up to stand in front and joining behind; *funding* for the time held.
 *
 * The ratio r of the two becomes r²/(1 + r²): half the points where a round trip just pays for
 * itself, 80 % where it pays twice. Depth and trade rate saturate: d/(d + d½) and, as a symbol that
 * was not seen to trade may yet, (n + n½/2)/(n + n½).
 */
import { assert } from "../kernel/assert.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

export interface ScoreInput {
  readonly spreadBps: number;
  /** Standard deviation of one-second returns. */
  readonly volatilityBps: number;
  readonly tradesPerMin: number;
  readonly turnover24hUsdt: number;
  readonly topDepthUsdt: number;
  /** One tick as a share of the price. */
  readonly tickBps: number;
  /** Share of our legs that rest; as the parameters say when left out. */
  readonly makerShare?: number;
  /** How far the price goes against a resting fill within 5 s; estimated when left out. */
  readonly adverseBps?: number;
  /** Absolute, for as long as we hold; none when left out. */
  readonly fundingBps?: number;
}

/** What a round trip costs, part by part. */
interface RoundTripCosts {
  readonly feesBps: number;
  readonly spreadBps: number;
  readonly impactBps: number;
  readonly adverseBps: number;
  readonly queueBps: number;
  readonly fundingBps: number;
}

export interface Score {
  /** 0 … 100, with one decimal. */
  readonly points: number;
  /** Why there is no market to quote, with numbers; empty when there is one. */
  readonly veto: string;
  readonly bounceBps: number;
  readonly driftBps: number;
  /** Bounce and drift. */
  readonly catchBps: number;
  readonly costs: RoundTripCosts;
  readonly costBps: number;
  /** Catch over cost. */
  readonly ratio: number;
  /** What the points are the product of, 0 … 1 each. */
  readonly ratioShare: number;
  readonly depthShare: number;
  readonly rateShare: number;
}

const NO_COSTS: RoundTripCosts = {
  feesBps: 0,
  spreadBps: 0,
  impactBps: 0,
  adverseBps: 0,
  queueBps: 0,
  fundingBps: 0,
};

/** The score of a symbol that nobody can quote. */
export function noScore(veto: string): Score {
  assert(veto !== "", "a symbol that cannot be quoted has its reason");
  return {
    points: 0,
    veto,
    bounceBps: 0,
    driftBps: 0,
    catchBps: 0,
    costs: NO_COSTS,
    costBps: 0,
    ratio: 0,
    ratioShare: 0,
    depthShare: 0,
    rateShare: 0,
  };
}

/** E|N(0, 1)|. */
const MEAN_ABS_NORMAL = Math.sqrt(2 / Math.PI);
const ADVERSE_SEC = 5;
const DAY_SEC = 86_400;

/** Expected absolute move within `seconds`, in bps. */
const expectedMoveBps = (volatilityBps: number, seconds: number): number =>
  volatilityBps * Math.sqrt(seconds) * MEAN_ABS_NORMAL;

/** How far the price goes against a resting fill within 5 s, before our own fills tell. */
export const assumedAdverseBps = (volatilityBps: number): number =>
  expectedMoveBps(volatilityBps, ADVERSE_SEC) / 2;

/** The score; 0 with its reason where there is no market to quote. */
export function scoreOf(input: ScoreInput, parameters: UniverseParameters): Score {
  const veto = vetoOf(input, parameters);
  if (veto !== "") return noScore(veto);
  const { spreadBps, volatilityBps } = input;
  const makerShare = input.makerShare ?? parameters.makerShare;
  const bounceBps = makerShare * spreadBps;
  const moveBps = expectedMoveBps(volatilityBps, parameters.horizonSec);
  const driftBps = parameters.catchShare * moveBps;
  const costs = costsOf(input, makerShare, parameters);
  const { topDepthUsdt: depthUsdt, tradesPerMin } = input;
  const catchBps = bounceBps + driftBps;
  const costBps = totalOf(costs);
  const shares = sharesOf({ catchBps, costBps, depthUsdt, tradesPerMin }, parameters);
  return { veto, bounceBps, driftBps, catchBps, costs, costBps, ...shares };
}

/** What the points depend on, and nothing else. */
interface Weighed {
  readonly catchBps: number;
  readonly costBps: number;
  readonly depthUsdt: number;
  readonly tradesPerMin: number;
}

/** Points rise with what can be caught, depth and trade rate, and fall with every cost. */
function sharesOf(
  { catchBps, costBps, depthUsdt, tradesPerMin }: Weighed,
  { topDepthUsdtMin, tradesPerMinHalf }: UniverseParameters,
) {
  // A venue that pays its makers may make a round trip free: then what is caught is all gain.
  const ratio = catchBps / Math.max(COST_BPS_MIN, costBps);
  const ratioShare = ratio ** 2 / (1 + ratio ** 2);
  const depthShare = depthUsdt / (depthUsdt + topDepthUsdtMin / 2);
  const rateShare = (tradesPerMin + tradesPerMinHalf / 2) / (tradesPerMin + tradesPerMinHalf);
  const points = Math.round(1_000 * ratioShare * depthShare * rateShare) / 10;
  assert(points >= 0 && points <= 100, "a score lies between 0 and 100");
  return { points, ratio, ratioShare, depthShare, rateShare };
}

/** A hundredth of a basis point: what costs less is free. */
const COST_BPS_MIN = 0.01;

function costsOf(
  input: ScoreInput,
  makerShare: number,
  parameters: UniverseParameters,
): RoundTripCosts {
  const { spreadBps, volatilityBps, turnover24hUsdt, tickBps } = input;
  const { makerFeeBps, takerFeeBps, quoteUsdt } = parameters;
  const takerShare = 1 - makerShare;
  const dayBps = volatilityBps * Math.sqrt(DAY_SEC);
  return {
    feesBps: 2 * (makerShare * makerFeeBps + takerShare * takerFeeBps),
    spreadBps: takerShare * spreadBps,
    impactBps: dayBps * Math.sqrt(quoteUsdt / Math.max(quoteUsdt, turnover24hUsdt)),
    adverseBps: makerShare * (input.adverseBps ?? assumedAdverseBps(volatilityBps)),
    queueBps: (makerShare * Math.min(tickBps, spreadBps)) / 2,
    fundingBps: input.fundingBps ?? 0,
  };
}

const totalOf = (costs: RoundTripCosts): number =>
  costs.feesBps +
  costs.spreadBps +
  costs.impactBps +
  costs.adverseBps +
  costs.queueBps +
  costs.fundingBps;

function vetoOf(
  { spreadBps, topDepthUsdt }: ScoreInput,
  { spreadBpsMax, topDepthUsdtMin }: UniverseParameters,
): string {
  if (!(spreadBps > 0)) return "no spread is known";
  if (spreadBps > spreadBpsMax) return `spread ${spreadBps.toFixed(1)} > ${spreadBpsMax} bps`;
  if (topDepthUsdt >= topDepthUsdtMin) return "";
  return `best queues of ${topDepthUsdt.toFixed(0)} < ${topDepthUsdtMin} USDT`;
}
