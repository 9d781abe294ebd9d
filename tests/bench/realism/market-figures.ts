/**
 * Figures of one contract's bars, trades and quotes: the same code for recordings and simulator.
 */
import {
  autocorrelation,
  correlation,
  deviation,
  fanoOfSeconds,
  kurtosis,
  mean,
  quantile,
  returns,
  sums,
} from "./statistics.ts";

/** Named as the rows of the table. */
export type Figures = Record<string, number>;

interface Bars {
  readonly spanMin: number;
  readonly closes: readonly number[];
  readonly volumes: readonly number[];
}

/** Below so many returns a figure is chance. */
const RETURNS_LEAST = 60;

export function barFigures(bars: Bars): Figures {
  const figures: Figures = {};
  for (const minutes of [1, 5, 60]) {
    const lag = minutes / bars.spanMin;
    if (lag < 1) continue;
    const moves = returns(bars.closes, lag);
    if (moves.length < RETURNS_LEAST) continue;
    const sizes = moves.map(Math.abs);
    const volumes = sums(bars.volumes.slice(1), lag).slice(0, sizes.length);
    figures[`kurtosis, ${minutes} min`] = kurtosis(moves);
    figures[`|return| autocorrelation, ${minutes} min`] = autocorrelation(sizes);
    figures[`|return| with volume, ${minutes} min`] = correlation(sizes, volumes);
  }
  return figures;
}

export interface Print {
  readonly atMs: number;
  readonly isBuy: boolean;
  readonly usdt: number;
}

export function tradeFigures(trades: readonly Print[]): Figures {
  const orders = new Map<string, number>();
  for (const { atMs, isBuy } of trades) {
    const key = `${atMs} ${isBuy}`;
    orders.set(key, (orders.get(key) ?? 0) + 1);
  }
  const together = [...orders.values()].filter((count) => count > 1);
  const times = [...new Set(trades.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const gaps = times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
  return {
    "trades per taker order": trades.length / orders.size,
    "share of trades in one ms": together.reduce((sum, count) => sum + count, 0) / trades.length,
    "Fano factor of trades a second": fanoOfSeconds(trades.map(({ atMs }) => atMs)),
    "inter-arrival cv": deviation(gaps) / mean(gaps),
  };
}

/** Ticker deltas of one contract over so many seconds; which of them carry the 24 h sums. */
export function tickerFigures(hasSums: readonly boolean[], seconds: number): Figures {
  return {
    "ticker deltas a second": hasSums.length / seconds,
    "24 h sums, share of deltas": hasSums.filter(Boolean).length / hasSums.length,
  };
}

/** A book sampled ten times a second. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  /** USDT within 5 bps of the middle, both sides. */
  readonly depthUsdt: number;
}

export function quoteFigures(quotes: readonly Quote[], tick: number): Figures {
  const spreads = quotes.map(({ bid, ask }) => ask - bid);
  const middles = quotes.map(({ bid, ask }) => (bid + ask) / 2);
  const bps = quotes.map(({ bid, ask }) => ((ask - bid) / bid) * 10_000);
  return {
    "spread p50, ticks": Math.round(quantile(spreads, 0.5) / tick),
    "spread p99, ticks": Math.round(quantile(spreads, 0.99) / tick),
    "spread p99 / p50": quantile(bps, 0.99) / quantile(bps, 0.5),
    "depth within 5 bps, M USDT": quantile(
      quotes.map(({ depthUsdt }) => depthUsdt / 1e6),
      0.5,
    ),
    "|return| autocorrelation, 10 s": autocorrelation(returns(middles, 100).map(Math.abs)),
    "return autocorrelation, 10 s": autocorrelation(returns(middles, 100)),
    "volatility, bps in 1 s": deviation(returns(middles, 10)) * 1e4,
    "kurtosis, 1 s": kurtosis(returns(middles, 10)),
  };
}

export interface CrossSection {
  readonly spreadBps: readonly number[];
  readonly turnoverUsdt: readonly number[];
  readonly change24h: readonly number[];
  readonly fundingRate: readonly number[];
  /** Mark over index minus one. */
  readonly basis: readonly number[];
}

/** A rate is at its baseline when the interest alone made it. */
const BASELINES = [0.0001, 0.00005, 0.0000125];

export function crossFigures(all: CrossSection): Figures {
  const bps = all.basis.map((value) => value * 1e4);
  const isOff = (rate: number): boolean =>
    BASELINES.every((baseline) => Math.abs(rate - baseline) > 1e-9);
  const turnover = [...all.turnoverUsdt].sort((a, b) => b - a);
  return {
    "spread p10, bps": quantile(all.spreadBps, 0.1),
    "spread p50, bps": quantile(all.spreadBps, 0.5),
    "spread p90, bps": quantile(all.spreadBps, 0.9),
    "spread p99, bps": quantile(all.spreadBps, 0.99),
    "turnover of rank 200, M USDT": (turnover[199] ?? 0) / 1e6,
    "24 h change p1, %": quantile(all.change24h, 0.01) * 100,
    "funding off its baseline, share":
      all.fundingRate.filter(isOff).length / all.fundingRate.length,
    "funding p1, %": quantile(all.fundingRate, 0.01) * 100,
    "basis p10, bps": quantile(bps, 0.1),
    "basis p90, bps": quantile(bps, 0.9),
  };
}
