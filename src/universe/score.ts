/**
 * How much a symbol is worth quoting, 0 … 100.
 *
 * A maker earns the spread when both sides fill and pays two maker fees: what is left over that
 * cost wall comes first (FIELD: fees decide who profits), then whether anybody trades there,
 * whether the queues are deep enough to hide a small quote, whether the tick is fine enough to
 * compete by price, and against it all, how far the price runs in the seconds a position is held.
 */
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
}

/** Points a full mark in each part is worth: they add up to 100. */
const WEIGHTS = { edge: 30, activity: 30, turnover: 20, depth: 10, tick: 10 } as const;
/** Edge over the cost wall at which the part counts in full. */
const EDGE_BPS_FULL = 8;
/** Points of edge at the wall itself: below it falls to 0 within one wall. */
const EDGE_AT_WALL = 0.4;
/** Share of all points that is left where the spread pays nothing: activity alone loses money. */
const WITHOUT_EDGE = 0.4;
/** Points taken per bps of one-second volatility beyond the spread's half. */
const VOLATILITY_PENALTY = 6;
const VOLATILITY_PENALTY_MAX = 40;

/** The score, or 0 where there is no market to quote. */
export function scoreOf(input: ScoreInput, parameters: UniverseParameters): number {
  if (!(input.spreadBps > 0) || input.spreadBps > parameters.spreadBpsMax) return 0;
  if (input.topDepthUsdt < parameters.topDepthUsdtMin) return 0;
  const edge = edgePart(input.spreadBps, 2 * parameters.makerFeeBps);
  const points =
    WEIGHTS.edge * edge +
    WEIGHTS.activity * share(Math.sqrt(input.tradesPerMin / parameters.tradesPerMinFull)) +
    WEIGHTS.turnover * turnoverPart(input.turnover24hUsdt, parameters) +
    WEIGHTS.depth * share(input.topDepthUsdt / (50 * parameters.topDepthUsdtMin)) +
    WEIGHTS.tick * share(1 - input.tickBps / (2 * input.spreadBps));
  const runBps = Math.max(0, input.volatilityBps - input.spreadBps / 2);
  const penalty = Math.min(VOLATILITY_PENALTY_MAX, runBps * VOLATILITY_PENALTY);
  const afterCost = points * (WITHOUT_EDGE + (1 - WITHOUT_EDGE) * edge);
  return Math.max(0, Math.min(100, afterCost - penalty));
}

function edgePart(spreadBps: number, wallBps: number): number {
  const edgeBps = spreadBps - wallBps;
  if (edgeBps < 0) return EDGE_AT_WALL * share(1 + edgeBps / wallBps);
  return EDGE_AT_WALL + (1 - EDGE_AT_WALL) * share(edgeBps / EDGE_BPS_FULL);
}

function turnoverPart(turnoverUsdt: number, parameters: UniverseParameters): number {
  const low = Math.log10(parameters.turnoverUsdtThin);
  const high = Math.log10(parameters.turnoverUsdtMajor);
  return share((Math.log10(Math.max(1, turnoverUsdt)) - low) / (high - low));
}

function share(value: number): number {
  return Math.max(0, Math.min(1, value));
}
