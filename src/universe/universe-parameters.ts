/** What decides which symbols are worth quoting: every number with its reason. */
import { bpsOfRate, DEFAULT_FEES } from "../domain/fees.ts";

export interface UniverseParameters {
  /** Symbols quoted at the same time: two quotes each stay below the venue's 10 orders a second. */
  readonly activeMax: number;
  /** Score at which a symbol may enter the active set, 0 … 100. */
  readonly enterScore: number;
  /** Score below which an active symbol leaves: the gap to `enterScore` stops flapping. */
  readonly leaveScore: number;
  /** A newcomer must beat the weakest active symbol by this much to replace it. */
  readonly replaceScore: number;
  /** An active symbol stays at least this long: a quote needs time to earn its place. */
  readonly dwellMsMin: number;
  /** Samples of the profile, 5 s apart, before a symbol may enter. */
  readonly samplesMin: number;
  /** Less 24 h turnover than this is thin: an exit may not find a buyer. */
  readonly turnoverUsdtThin: number;
  readonly turnoverUsdtLiquid: number;
  readonly turnoverUsdtMajor: number;
  /** Listed more recently than this is new: prices have not settled. */
  readonly newForMs: number;
  /** Maker fee of one side; a round trip pays it twice. */
  readonly makerFeeBps: number;
  /** Wider spreads than this are a missing market, not an opportunity. */
  readonly spreadBpsMax: number;
  /** Public trades a minute at which activity counts in full. */
  readonly tradesPerMinFull: number;
  /** Both best queues' average value below which a quote of ours would be the market. */
  readonly topDepthUsdtMin: number;
}

export const DEFAULT_UNIVERSE: UniverseParameters = {
  activeMax: 8,
  enterScore: 35,
  leaveScore: 25,
  replaceScore: 5,
  dwellMsMin: 60_000,
  samplesMin: 2,
  turnoverUsdtThin: 5_000_000,
  turnoverUsdtLiquid: 20_000_000,
  turnoverUsdtMajor: 500_000_000,
  newForMs: 3 * 24 * 3_600_000,
  makerFeeBps: bpsOfRate(DEFAULT_FEES.maker),
  spreadBpsMax: 40,
  tradesPerMinFull: 60,
  topDepthUsdtMin: 200,
};
