/**
 * Every measure of the realism table with its band, the rule that made the band, and its source.
 *
 * No band is drawn around what the simulator does. There are four rules:
 * - `blocks`: least and most of the recordings' own parts: whole bar recordings and their weeks;
 *   whole trade recordings and their halves where those hold forty trades. Rounded outward to two
 *   digits. The bench computes them again and says where a band here is another.
 * - `redrawn`: what drawing the contracts of one recorded list anew gives in 95 of 100 draws,
 *   rounded outward; the text says where other days are known to differ.
 * - `known`: a figure told of a longer capture or of such markets in general, half to one and a
 *   half of it unless the text says otherwise.
 * - `theory`: what has to be so, give or take two errors.
 *
 * Sources: [FTX] 45,031 minutes of a BTC perpetual, January 2022; [FT] five-minute bars of XRP
 * futures 2021 and of ETH, ADA, LTC, ETC against BTC 2018; [BN] two minutes of another venue's BTC
 * perpetual, 2024-08-08; [BY] 43 seconds of Bybit's socket, BTC, SOL, DOGE, a quiet Sunday of 2026;
 * [TK] 237 tickers of Bybit, August 2023; [MK] 57 hours of XRP mark and last bars. BTC stands
 * beside recordings of BTC alone where there are any; the others beside all of them.
 */
export interface Measure {
  readonly name: string;
  readonly rule: "blocks" | "redrawn" | "known" | "theory";
  /** Least and most. A contract without a band of its own has `all`. */
  readonly band: Readonly<Partial<Record<Coin | "all", Range>>>;
  readonly source: string;
  /** Why a value may lie outside, where that is known. */
  readonly unless?: string;
}

type Range = readonly [least: number, most: number];
export type Coin = "BTC" | "ETH" | "mid" | "thin";
export const COINS: readonly Coin[] = ["BTC", "ETH", "mid", "thin"];
/** Contracts of the simulator that stand for them: by place in the order of activity. */
export const RANKS: Readonly<Record<Coin, number>> = { BTC: 0, ETH: 1, mid: 60, thin: 200 };

const SHORT = "a quarter of an hour holds few of them: one wild minute decides";
const RARE = "it trades every few seconds: no recording here is so thin";

export const MEASURES: readonly Measure[] = [
  {
    name: "kurtosis, 1 min",
    rule: "blocks",
    band: { all: [11, 62] },
    source: "[FTX] whole 26, weeks 11 to 61",
  },
  {
    name: "kurtosis, 5 min",
    rule: "blocks",
    band: { BTC: [7.7, 36], all: [5.2, 36] },
    source: "[FTX] whole 17, weeks 7.8 to 35; [FT] 5.3 to 28",
  },
  {
    name: "kurtosis, 60 min",
    rule: "blocks",
    band: { BTC: [4.3, 15], all: [4.3, 39] },
    source: "[FTX] whole 8, weeks 4.3 to 14.5; [FT] 4.8 to 38.6",
  },
  {
    name: "|return| autocorrelation, 1 min",
    rule: "blocks",
    band: { all: [0.23, 0.36] },
    source: "[FTX] whole 0.33, weeks 0.23 to 0.36",
  },
  {
    name: "|return| autocorrelation, 5 min",
    rule: "blocks",
    band: { BTC: [0.16, 0.34], all: [0.16, 0.42] },
    source: "[FTX] whole 0.27, weeks 0.16 to 0.34; [FT] 0.19 to 0.41",
  },
  {
    name: "|return| autocorrelation, 60 min",
    rule: "blocks",
    band: { BTC: [-0.03, 0.15], all: [-0.03, 0.37] },
    source: "[FTX] whole 0.11, weeks -0.02 to 0.14; [FT] 0.08 to 0.36",
    unless: "one law for all contracts: the others' recordings remember up to 0.36",
  },
  {
    name: "|return| with volume, 1 min",
    rule: "blocks",
    band: { all: [0.57, 0.65] },
    source: "[FTX] whole 0.61, weeks 0.57 to 0.64",
  },
  {
    name: "|return| with volume, 5 min",
    rule: "blocks",
    band: { BTC: [0.54, 0.71], all: [0.28, 0.71] },
    source: "[FTX] whole 0.62, weeks 0.55 to 0.71; [FT] 0.28 to 0.64",
  },
  {
    name: "|return| with volume, 60 min",
    rule: "blocks",
    band: { BTC: [0.47, 0.71], all: [0.44, 0.71] },
    source: "[FTX] whole 0.60, weeks 0.48 to 0.70; [FT] 0.45 to 0.67",
  },
  {
    name: "trades per taker order",
    rule: "blocks",
    band: { BTC: [2.8, 5], all: [2.8, 6.1] },
    source: "[BN] 3.0, halves 2.9 and 3.3; [BY] BTC 3.5, SOL 4.3, DOGE 4.9, halves 2.8 to 6.1",
    unless: SHORT,
  },
  {
    name: "share of trades in one ms",
    rule: "blocks",
    band: { BTC: [0.73, 0.82], all: [0.73, 0.93] },
    source: "[BN] 0.78; [BY] BTC 0.73, SOL 0.89, DOGE 0.84, halves 0.77 to 0.93",
    unless: SHORT,
  },
  {
    name: "Fano factor of trades a second",
    rule: "known",
    band: { BTC: [31, 390], all: [3.9, 390] },
    source: "[BN] 39; [BY] BTC 32, SOL 51, DOGE 29; halves 4 to 68; 80 to 390 in a longer part",
    unless: SHORT,
  },
  {
    name: "inter-arrival cv",
    rule: "known",
    band: { BTC: [1.2, 1.5], all: [1.1, 1.5] },
    source: "[BN] 1.3 between instants; [BY] 1.3 to 1.4, halves 1.15 to 1.42; 1.5 in a longer part",
    unless: RARE,
  },
  {
    name: "ticker deltas a second",
    rule: "blocks",
    band: { BTC: [3.8, 4.6], ETH: [3.3, 5.3] },
    source: "[BY] BTC 4.2, SOL 4.6, DOGE 3.9, halves 3.3 to 5.2; ETH stands beside these",
    unless: "trades come four times as often here as on that Sunday, and each moves a ticker",
  },
  {
    name: "24 h sums, share of deltas",
    rule: "blocks",
    band: { BTC: [0.07, 0.11], ETH: [0.02, 0.2] },
    source: "[BY] BTC 0.09, SOL 0.16, DOGE 0.10, halves 0.03 to 0.20; ETH stands beside these",
    unless: "a delta has them when there was a trade: 0.4 times a second on that Sunday, 2 here",
  },
  {
    name: "spread p50, ticks",
    rule: "known",
    band: { BTC: [1, 1], ETH: [1, 1] },
    source: "[BN], [BY] one tick, always",
  },
  {
    name: "spread p99, ticks",
    rule: "known",
    band: { BTC: [6, 43], ETH: [6, 43] },
    source: "29 in a longer part of [BN], 6 of all touches in its head",
    unless: "a touch that changes as seldom as recorded stays open a little longer after a sweep",
  },
  {
    name: "spread p99 / p50",
    rule: "known",
    band: { mid: [1.3, 8], thin: [1.3, 8] },
    source: "no recording of such a contract: a spread that moves at all, within an order of size",
  },
  {
    name: "depth within 5 bps, M USDT",
    rule: "known",
    band: { BTC: [5.9, 14.5], ETH: [1.8, 5.4] },
    source: "[BN] 5.9 to 7.6, [BY] BTC 14.5; ETH 3.6 in a longer part",
  },
  {
    name: "|return| autocorrelation, 10 s",
    rule: "theory",
    band: { all: [-0.15, 0.45] },
    source: "[BN] -0.07 over 12 returns: any value within its error; bars say positive",
  },
  {
    name: "return autocorrelation, 10 s",
    rule: "theory",
    band: { all: [-0.21, 0.21] },
    source: "a price cannot be foretold: two errors of 90 returns around zero; [BN] -0.16 over 12",
  },
  {
    name: "volatility, bps in 1 s",
    rule: "known",
    band: { BTC: [0.45, 3.2], all: [0.45, 6.4] },
    source: "[FTX] 95 of 100 hours 0.46 to 3.2, [BN] 0.9; others to twice BTC's",
  },
  {
    name: "live / path volatility, 1 min",
    rule: "theory",
    band: { all: [0.74, 1.26] },
    source: "one law for past and live: two errors of 15 returns; the bounce of quotes adds to it",
  },
];

export const MARKET_MEASURES: readonly Measure[] = [
  {
    name: "spread p10, bps",
    rule: "redrawn",
    band: { all: [0.87, 1.4] },
    source: "[TK] 1.16",
  },
  { name: "spread p50, bps", rule: "redrawn", band: { all: [4, 5.7] }, source: "[TK] 4.6" },
  { name: "spread p90, bps", rule: "redrawn", band: { all: [18, 30] }, source: "[TK] 22" },
  {
    name: "spread p99, bps",
    rule: "redrawn",
    band: { all: [39, 63] },
    source: "[TK] 52",
    unless: "the six widest of 611 decide: they are wider here than the two or three recorded",
  },
  {
    name: "turnover of rank 200, M USDT",
    rule: "redrawn",
    band: { all: [0.74, 1.4] },
    source: "[TK] 1.1 on one day, of 237 contracts",
    unless: "one day of 2023: days differ by half",
  },
  {
    name: "24 h change p1, %",
    rule: "redrawn",
    band: { all: [-17, -6.4] },
    source: "[TK] -12.7, drawn anew to -16, on a day whose median was -5.2: least that much nearer",
  },
  {
    name: "funding off its baseline, share",
    rule: "redrawn",
    band: { all: [0.18, 0.3] },
    source: "[TK] 0.24",
  },
  {
    name: "funding p1, %",
    rule: "redrawn",
    band: { all: [-1.5, -0.04] },
    source: "[TK] -0.21: two of 237 contracts",
  },
  { name: "basis p10, bps", rule: "redrawn", band: { all: [-18, -11] }, source: "[TK] -13.5" },
  {
    name: "basis p90, bps",
    rule: "redrawn",
    band: { all: [0, 8] },
    source: "[TK] 0.3, drawn anew to 3.3, of marks; 8 of last prices",
  },
  {
    name: "ETH with BTC, 60 min",
    rule: "known",
    band: { all: [0.41, 1] },
    source: "no recording of both in USDT: 0.82 is known of such pairs",
  },
  {
    name: "mid-cap with BTC, 60 min",
    rule: "known",
    band: { all: [0.3, 0.9] },
    source: "no recording of both in USDT: 0.6 is known of such pairs",
  },
  {
    name: "ETH/BTC with mid/BTC, 60 min",
    rule: "known",
    band: { all: [0.14, 0.57] },
    source: "[FT] six pairs of coins against BTC 0.28 to 0.38, half to one and a half",
  },
  {
    name: "ETH/BTC with thin/BTC, 60 min",
    rule: "known",
    band: { all: [0.14, 0.57] },
    source: "[FT] as above",
  },
  {
    name: "mark bars off last bars, bps",
    rule: "known",
    band: { all: [1.2, 6.2] },
    source: "[MK] deviation 4.1, without its two largest 2.5: half to one and a half",
  },
];
