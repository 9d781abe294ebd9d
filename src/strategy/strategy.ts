/**
 * What a strategy is: a pure function from what is known of one symbol to the orders it would like
 * to have resting there now. It does not place, cancel or remember; the engine compares its targets
 * with the live orders, and the risk gate has the last word.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { OrderIntent } from "../domain/order.ts";
import type { FeatureReader } from "../features/feature-table.ts";
import type { FeatureName } from "../features/registry.ts";
import type { OrderBook } from "../market/book.ts";

/** One symbol at one moment, as a strategy may see it. */
export interface SymbolView {
  readonly atMs: number;
  readonly instrument: Instrument;
  readonly book: OrderBook;
  /** The book is live, two-sided and fresh: its prices may be used. */
  readonly bookUsable: boolean;
  /** Has the features that the strategy asked for; cold ones are NaN. */
  readonly features: FeatureReader;
  /** In the active set, with entries allowed: else only exits make sense. */
  readonly mayEnter: boolean;
  readonly positionSteps: number;
  /** Average entry in fractional ticks, NaN when flat. */
  readonly entryTicks: number;
  /** Our clock when the position left flat. */
  readonly openedAtMs: number;
  /** Prices of its own working entries, 0 when none: the touch may be ours. */
  readonly ownBidTicks: number;
  readonly ownAskTicks: number;
}

export interface Strategy {
  /** Part of the client ids of its orders. */
  readonly name: string;
  /** Its parameters as plain numbers, for the record. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The features it reads. */
  readonly features: readonly FeatureName[];
  /** The orders it wants now; none means none should rest. */
  targets(view: SymbolView): readonly OrderIntent[];
}
