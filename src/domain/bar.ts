/**
 * Bars: what happened to the price of one symbol within a span of time.
 *
 * A bar opens at the close of the one before, as the venue's own do, and a bar without trades is
 * flat with no volume: silence is a fact. A bar during which trades may have been missed is not
 * complete: a gap is the absence of a fact.
 */

import { toNumber } from "../kernel/decimal.ts";
import type { Instrument } from "./instrument.ts";
import type { SymbolId } from "./units.ts";

/** Spans start on whole multiples since the epoch. */
export const SPAN_MS = {
  "1s": 1_000,
  "5s": 5_000,
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
  "1h": 3_600_000,
} as const;

export type BarSpan = keyof typeof SPAN_MS;

export const BAR_SPANS: readonly BarSpan[] = ["1s", "5s", "1m", "5m", "15m", "1h"];

export interface Bar {
  /** Venue time of the start; the bar holds the trades from here to the next start. */
  readonly startAtMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeSteps: number;
  /** Sum of price × quantity in ticks × steps: divided by the volume it is the average price. */
  readonly turnover: number;
  /** False when trades of it may be missing. */
  readonly isComplete: boolean;
}

/** Turnover in ticks × steps of a turnover in the quote coin. */
export function turnoverOf({ price, qty }: Instrument, turnoverUsdt: number): number {
  return turnoverUsdt / (toNumber(price, 1) * toNumber(qty, 1));
}

/** Start of the bar that holds `atMs`. */
export function barStartOf(span: BarSpan, atMs: number): number {
  const spanMs = SPAN_MS[span];
  return Math.floor(atMs / spanMs) * spanMs;
}

/** Closed bars that the venue was asked for; a failure has none and says why. */
export interface BarsLoaded {
  readonly kind: "bars_loaded";
  readonly symbolId: SymbolId;
  readonly span: BarSpan;
  /** Consecutive, oldest first; the last had ended when the venue answered. */
  readonly bars: readonly Bar[];
  /** Empty when the venue answered. */
  readonly fault: string;
  /** Asked for by charts: the engine does not get it. */
  readonly isForCharts?: boolean;
}
