/**
 * What a feature is: a named column of numbers, one a symbol, and the small part that writes it.
 *
 * A part says what it gives, what it needs and how long it takes to warm up; the table calls its
 * handlers. All that a part remembers lies in typed columns that the table holds for it, so that
 * the table can make room for more symbols by binding every part again to wider columns.
 *
 * Cold is NaN, for every feature and nowhere else: a column starts as NaN and its part writes the
 * first number when the warm-up is over. A comparison with NaN is false, so a condition is written
 * such that false means no trade.
 */
import type { Bar, BarSpan } from "../domain/bar.ts";
import type { PublicTrade } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SymbolId } from "../domain/units.ts";
import type { Ticker } from "../market/ticker.ts";

type FeatureUnit =
  | "ticks"
  | "steps"
  | "steps/s"
  | "bps"
  /** A share of a whole, 0 … 1, or a balance of two sides, -1 … 1. */
  | "ratio"
  | "usdt"
  | "trades/min"
  | "ms"
  | "min"
  /** 0.0001 is one hundredth of a percent. */
  | "fraction"
  /** 0 … 100. */
  | "points";

/** What has to be seen, and how often, before a feature is warm. */
interface WarmUp {
  /**
   * Usable books, frames of trades, tickers, ends of the running second, ends of seconds of the
   * clock with a book known, complete bars in a row.
   */
  readonly of: "book" | "trades" | "ticker" | "sample" | "second" | "bar";
  readonly count: number;
}

/** One column of the table. */
export interface FeatureTerms<Name extends string = string> {
  readonly name: Name;
  readonly unit: FeatureUnit;
  /** Rises when the same market would give other numbers: models trained before do not fit. */
  readonly version: number;
  readonly warmUp: WarmUp;
}

/**
 * What happened since the start, one column each. Whole numbers that a reader takes differences of
 * over its own window, exactly, so that a frame is counted once however many features want it.
 */
export interface Totals {
  /** Order flow at the touch (touch.ts says how): queues that push the price up less those down. */
  readonly flowSteps: Float64Array;
  readonly boughtSteps: Float64Array;
  readonly soldSteps: Float64Array;
  readonly trades: Float64Array;
}

/** The running second that is over. Borrowed. */
export interface RunningSecond {
  /** Its length, at least one and at most 60. */
  seconds: number;
  /** The same without the upper bound. */
  elapsedMs: number;
  /** What is left of an average of flows after it: their half-life is about 7 s. */
  flowKeep: number;
}

/** What a part does with what happens. Handlers write columns and call nothing. */
export interface FeatureHandlers {
  /** The instrument's terms, when it is loaded and whenever they change. */
  onInstrument?(instrument: Instrument): void;
  /** A usable book, after the columns of the touch were written. */
  onBook?(id: SymbolId, atMs: number): void;
  onTrades?(id: SymbolId, trades: readonly PublicTrade[], atMs: number): void;
  /** The symbol's ticker after one more frame of it. */
  onTicker?(id: SymbolId, ticker: Ticker, atMs: number): void;
  /**
   * A second of the clock is over, `second` of them since the epoch; columns still hold its end.
   * Seconds come one by one; after more than a minute of silence only the last minute's do.
   */
  onSecond?(id: SymbolId, second: number): void;
  /** A complete bar of the part's span closed, right after the one before it. Borrowed. */
  onBar?(id: SymbolId, bar: Bar): void;
  /** The running second is over. */
  sample?(id: SymbolId, past: RunningSecond): void;
}

/** The columns a part may touch, each indexed by symbol id. */
export interface PartColumns {
  /** A column that it gives. */
  give(name: string): Float64Array;
  /** A column of another part, named in `needs`: to read only. */
  read(name: string): Float64Array;
  readonly totals: Totals;
  /**
   * A private column, all 0 at first, that stays through every binding. With a width it holds so
   * many numbers a symbol, side by side: those of `id` start at `id × width`.
   */
  keep(name: string, width?: number): Float64Array;
}

/** One feature, or a few that share what they remember. */
export interface FeaturePart<Name extends string = string> {
  readonly gives: readonly FeatureTerms<Name>[];
  /** Features of earlier parts of the registry. */
  readonly needs: readonly string[];
  /**
   * The bars that `onBar` gets. After a bar that is not complete the part's columns of the symbol
   * are as at the start, cold, and it begins again.
   */
  readonly span?: BarSpan;
  bind(columns: PartColumns): FeatureHandlers;
}

/** Keeps the literal names of a part, from which the registry's type of known names is made. */
export function partOf<const Name extends string>(part: FeaturePart<Name>): FeaturePart<Name> {
  return part;
}
