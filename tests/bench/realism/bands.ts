/**
 * Every measure of the realism table with its band and where the band comes from.
 *
 * A band is the spread of the recordings themselves: blocks of one recording (weeks of bars, halves
 * of a session) and recordings of comparable contracts. Where there is one list of the market, the
 * band is what drawing its contracts anew gives (95 %), widened by what days differ. Sources: [FTX]
 * 45,031 minutes of a BTC perpetual, January 2022, in weeks; [FT] five-minute bars of XRP futures
 * 2021 and of ETH, ADA, LTC, ETC against BTC 2018; [BN] two minutes of another venue's BTC
 * perpetual, 2024-08-08; [BY] 43 seconds of Bybit's socket, BTC, SOL, DOGE, a quiet Sunday of 2026;
 * [TK] 237 tickers of Bybit, August 2023; [MK] 57 hours of XRP mark and last bars. Where a longer
 * part of the [BN] capture is known to show more than its stored head, the text says so.
 */
export interface Measure {
  readonly name: string;
  /** Least and most. A contract without a band of its own has `all`. */
  readonly band: Readonly<Partial<Record<Coin | "all", readonly [least: number, most: number]>>>;
  readonly source: string;
  /** Why a value may lie outside, where that is known. */
  readonly unless?: string;
}

export type Coin = "BTC" | "ETH" | "mid" | "thin";
export const COINS: readonly Coin[] = ["BTC", "ETH", "mid", "thin"];
/** Contracts of the simulator that stand for them: by place in the order of activity. */
export const RANKS: Readonly<Record<Coin, number>> = { BTC: 0, ETH: 1, mid: 60, thin: 200 };

const SHORT = "a quarter of an hour holds few of them: one wild minute decides";

export const MEASURES: readonly Measure[] = [
  { name: "kurtosis, 1 min", band: { all: [11, 61] }, source: "[FTX] weeks 11 to 61, whole 26" },
  {
    name: "kurtosis, 5 min",
    band: { all: [7.5, 35] },
    source: "[FTX] weeks 7.8 to 35, whole 17; [FT] 7.7 to 28",
  },
  {
    name: "kurtosis, 60 min",
    band: { all: [4.3, 31] },
    source: "[FTX] weeks 4.3 to 14.5, whole 8; [FT] 4.9 to 31",
  },
  {
    name: "|return| autocorrelation, 1 min",
    band: { all: [0.23, 0.36] },
    source: "[FTX] weeks 0.23 to 0.36, whole 0.33",
  },
  {
    name: "|return| autocorrelation, 5 min",
    band: { all: [0.14, 0.42] },
    source: "[FTX] weeks 0.14 to 0.34, whole 0.27; [FT] 0.29 to 0.41",
  },
  {
    name: "|return| autocorrelation, 60 min",
    band: { all: [-0.03, 0.37] },
    source: "[FTX] weeks −0.02 to 0.14, whole 0.11; [FT] 0.08 to 0.36",
  },
  {
    name: "|return| with volume, 1 min",
    band: { all: [0.55, 0.66] },
    source: "[FTX] weeks 0.57 to 0.64, whole 0.61",
  },
  {
    name: "|return| with volume, 5 min",
    band: { all: [0.32, 0.7] },
    source: "[FTX] weeks 0.55 to 0.70, whole 0.62; [FT] 0.32 to 0.64",
  },
  {
    name: "|return| with volume, 60 min",
    band: { all: [0.39, 0.7] },
    source: "[FTX] weeks 0.48 to 0.70, whole 0.60; [FT] 0.39 to 0.61",
  },
  {
    name: "trades per taker order",
    band: { all: [2.7, 5] },
    source: "[BN] 3.0; [BY] BTC 3.5, SOL 4.3, DOGE 4.9; 3.9 in a longer part",
  },
  {
    name: "share of trades in one ms",
    band: { all: [0.7, 0.95] },
    source: "[BN] 0.78; [BY] BTC 0.73, SOL 0.89, DOGE 0.84",
  },
  {
    name: "Fano factor of trades a second",
    band: { BTC: [25, 390], ETH: [25, 390], mid: [10, 390], thin: [4, 390] },
    source: "[BN] 39; [BY] 28 to 51; 80 to 390 in a longer part; less where trades are rare",
    unless: SHORT,
  },
  {
    name: "inter-arrival cv",
    band: { all: [1.2, 2.6] },
    source: "[BN] 1.3 between instants, 2.7 between trades; 1.4 to 1.5 in a longer part",
    unless: SHORT,
  },
  { name: "spread p50, ticks", band: { BTC: [1, 1], ETH: [1, 1] }, source: "[BN], [BY] one tick" },
  {
    name: "spread p99, ticks",
    band: { BTC: [6, 40], ETH: [6, 40] },
    source: "[BN] 6 of all touches in the head, 29 in a longer part",
  },
  {
    name: "spread p99 / p50",
    band: { mid: [1.3, 8], thin: [1.3, 8] },
    source: "no recording of such a contract: a spread that moves at all, within an order of size",
  },
  {
    name: "depth within 5 bps, M USDT",
    band: { BTC: [5.5, 14.6], ETH: [2.4, 5.4] },
    source: "[BN] 5.9 to 7.6; [BY] 14.5; ETH 3.6 in a longer part, half to one and a half of it",
  },
  {
    name: "|return| autocorrelation, 10 s",
    band: { all: [-0.15, 0.45] },
    source: "[BN] −0.07 over 12 returns: any value within its error; bars say positive",
  },
  {
    name: "return autocorrelation, 10 s",
    band: { all: [-0.26, 0.26] },
    source: "a price cannot be foretold: two errors of 90 returns around zero; [BN] −0.16 over 12",
  },
  {
    name: "volatility, bps in 1 s",
    band: { BTC: [0.15, 3], ETH: [0.2, 4], mid: [0.2, 5], thin: [0.2, 6] },
    source: "[BN] 0.8; [FTX] weeks 0.9 to 1.7 as of a minute; quiet hours a fifth of it",
  },
  {
    name: "live / path volatility, 1 min",
    band: { all: [0.85, 1.25] },
    source: "the live market is the same law as the past bars; the bounce of quotes adds to it",
  },
];

export const MARKET_MEASURES: readonly Measure[] = [
  { name: "spread p10, bps", band: { all: [0.8, 1.4] }, source: "[TK] 1.16 by drawing anew" },
  { name: "spread p50, bps", band: { all: [3.3, 5.6] }, source: "[TK] 4.6 by drawing anew" },
  { name: "spread p90, bps", band: { all: [14, 28] }, source: "[TK] 22 by drawing anew" },
  { name: "spread p99, bps", band: { all: [38, 75] }, source: "[TK] 52 by drawing anew" },
  {
    name: "turnover of rank 200, M USDT",
    band: { all: [0.6, 2] },
    source: "[TK] 1.1 on one day; days differ by half",
  },
  {
    name: "24 h change p1, %",
    band: { all: [-17, -7] },
    source: "[TK] −12.7 on a falling day whose median was −5.2; −7.5 around the median",
  },
  {
    name: "funding off its baseline, share",
    band: { all: [0.17, 0.3] },
    source: "[TK] 0.24 by drawing anew",
  },
  {
    name: "funding p1, %",
    band: { all: [-0.37, -0.06] },
    source: "[TK] −0.21 by drawing anew: two of 237 contracts",
  },
  { name: "basis p10, bps", band: { all: [-18, -9] }, source: "[TK] −13.5 by drawing anew" },
  { name: "basis p90, bps", band: { all: [0, 9] }, source: "[TK] 0.3, and 8 of last prices" },
  {
    name: "ETH with BTC, 60 min",
    band: { all: [0.6, 0.9] },
    source: "no recording of both in USDT: 0.82 is known of such pairs",
  },
  {
    name: "mid-cap with BTC, 60 min",
    band: { all: [0.4, 0.8] },
    source: "no recording of both in USDT",
  },
  {
    name: "ETH/BTC with mid/BTC, 60 min",
    band: { all: [0.15, 0.48] },
    source: "[FT] six pairs of coins against BTC 0.28 to 0.38, 0.05 to 0.18 at 5 min",
  },
  {
    name: "ETH/BTC with thin/BTC, 60 min",
    band: { all: [0.05, 0.48] },
    source: "[FT] as above",
  },
  {
    name: "mark bars off last bars, bps",
    band: { all: [1.2, 4.5] },
    source: "[MK] deviation 4.1, without its two largest 2.5",
  },
];
