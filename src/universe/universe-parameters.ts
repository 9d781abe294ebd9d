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
  /** An active symbol stays, and one that left stays away, at least this long. */
  readonly dwellMsMin: number;
  /** Samples of the profile, 5 s apart, before a symbol may enter. */
  readonly samplesMin: number;
  /** Less 24 h turnover than this is thin: an exit may not find a buyer. */
  readonly turnoverUsdtThin: number;
  readonly turnoverUsdtLiquid: number;
  readonly turnoverUsdtMajor: number;
  /** Listed more recently than this is new: prices have not settled. */
  readonly newForMs: number;
  /** A contract that ends within this is left. */
  readonly endingForMs: number;
  /** Fees of one side where the account's own are not known. */
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  /** Share of our legs that rest, until our own fills tell. */
  readonly makerShare: number;
  /** How long a round trip is held: what it may catch grows with its root. */
  readonly horizonSec: number;
  /** Part of the expected move that is caught. */
  readonly catchShare: number;
  /** Value of one quote, for its impact. */
  readonly quoteUsdt: number;
  /** Wider spreads than this are a missing market, not an opportunity. */
  readonly spreadBpsMax: number;
  /** Public trades a minute at which three quarters of a busy market's points are given. */
  readonly tradesPerMinHalf: number;
  /** Both best queues' average value below which a quote of ours would be the market. */
  readonly topDepthUsdtMin: number;
  /** Seats that one class of an axis may take, as a share of `activeMax`; at least one. */
  readonly classShareMax: Readonly<Record<string, number>>;
  /** Active symbols that a newcomer may move together with, as a share of `activeMax`. */
  readonly togetherShareMax: number;
  /** Correlation of one-minute returns over the last hour from which two move together. */
  readonly togetherMin: number;
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
  endingForMs: 24 * 3_600_000,
  makerFeeBps: bpsOfRate(DEFAULT_FEES.maker),
  takerFeeBps: bpsOfRate(DEFAULT_FEES.taker),
  makerShare: 1,
  horizonSec: 60,
  catchShare: 0.15,
  quoteUsdt: 100,
  spreadBpsMax: 40,
  tradesPerMinHalf: 6,
  topDepthUsdtMin: 200,
  // One shock hits all of a class at once: none of the risky ones may be the whole set.
  classShareMax: {
    "volatility wild": 0.25,
    "funding heavy": 0.25,
    "tick coarse": 0.5,
    "data patchy": 0.25,
  },
  togetherShareMax: 0.5,
  togetherMin: 0.9,
};
