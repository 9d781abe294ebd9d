/** What trading came to, as pages and routes read it. Derived from the executions in the record. */
import type { Side, Usdt } from "../domain/units.ts";
import type { Bridge } from "./money-lines.ts";

/** A closed round trip with why it was entered and left. Prices and quantity in decimal text. */
export interface RoundTripRow {
  /** Row number of the execution that closed it. */
  readonly id: number;
  readonly symbol: string;
  /** "buy" for a long. */
  readonly side: Side;
  readonly strategy: string;
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly qtyText: string;
  /** Averages over all its entries and exits. */
  readonly entryPriceText: string;
  readonly exitPriceText: string;
  readonly enteredValue: Usdt;
  readonly gross: Usdt;
  readonly fees: Usdt;
  /** Positive when paid. */
  readonly funding: Usdt;
  readonly net: Usdt;
  /** Of the value entered; null when a size was taken over, so that what was paid is not known. */
  readonly netBps: number | null;
  readonly fills: number;
  /** Share of the value traded that was ours as maker, 0 to 1. */
  readonly makerShare: number;
  readonly entryClientId: string;
  readonly exitClientId: string;
  /** In the strategy's words; empty when no order of ours did it. */
  readonly entryReason: string;
  readonly exitReason: string;
  /** What kind of execution ended it: "trade", "liquidation", "other" for a size taken over. */
  readonly exitKind: string;
  readonly isWhole: boolean;
}

export interface RoundTripQuery {
  readonly limit: number;
  /** Only rows below this number, for paging. */
  readonly before?: number | undefined;
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  /** Closed from here on, and before there; our clock. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** A time between two borders of trading days: from the first, before the second. */
export interface MoneyQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
}

/** One group of a breakdown: a day by its start, a symbol by its name. */
export interface MoneyGroup<Key> {
  readonly key: Key;
  readonly bridge: Bridge;
}

interface HourCell {
  readonly dayStartsAtMs: number;
  /** Whole hours since the day began. */
  readonly hour: number;
  readonly net: Usdt;
  readonly fills: number;
}

/** Round trips by their net in basis points: from `fromBps`, below the next one's. */
export interface BpsBin {
  readonly fromBps: number;
  readonly trips: number;
}

/** What the last stretch of time closed. */
interface TripSummary {
  readonly trips: number;
  readonly won: number;
  readonly net: Usdt;
  /** Value entered by trips whose basis points are known, and their net: bps of all together. */
  readonly wholeNet: Usdt;
  readonly wholeValue: Usdt;
}

/** One trading day of the place that was set. */
export interface MoneyDay {
  readonly startsAtMs: number;
  /** The next day's start. */
  readonly endsAtMs: number;
  /** "2026-11-21", as the calendar there says. */
  readonly date: string;
}

export interface MoneyReader {
  /** The day of a moment. */
  day(atMs: number): MoneyDay;
  /** Newest first. */
  roundTrips(query: RoundTripQuery): readonly RoundTripRow[];
  bridge(query: MoneyQuery): Bridge;
  /** Oldest first; days without an execution are left out. */
  days(query: MoneyQuery): readonly MoneyGroup<number>[];
  symbols(query: MoneyQuery): readonly MoneyGroup<string>[];
  hours(query: MoneyQuery): readonly HourCell[];
  /** Oldest edge first; `widthBps` a bin, the outermost take what lies beyond ± `reachBps`. */
  distribution(query: MoneyQuery, widthBps: number, reachBps: number): readonly BpsBin[];
  /** Round trips closed from there on. */
  closedSince(fromMs: number): TripSummary;
  /**
   * Net result of the account at a border, open positions at their marks; null where the program
   * was not there to see it.
   */
  netAt(borderMs: number): Usdt | null;
  /** Executions that are not counted yet: old records are counted step by step after a start. */
  isBehind(): boolean;
}
