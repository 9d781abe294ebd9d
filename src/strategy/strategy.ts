/**
 * What a strategy is: one file that exports one spec.
 *
 * The spec says what it is called, which numbers steer it and what it must be told; made with its
 * values it is a pure function from what is known of one symbol to the orders that it would like to
 * have resting there now. It does not place, cancel or remember: the engine compares its targets
 * with the live orders by its execution style, and the risk gate has the last word.
 */
import type { BarSpan } from "../domain/bar.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { OrderTarget } from "../domain/order.ts";
import type { FeatureReader } from "../features/feature-table.ts";
import type { FeatureName } from "../features/registry.ts";
import type { Bars } from "../market/bar-builder.ts";
import type { OrderBook } from "../market/book.ts";
import type { ParameterSpecs, ParameterValues } from "./strategy-parameters.ts";

/** One symbol at one moment, as a strategy may see it. */
export interface SymbolView {
  readonly atMs: number;
  readonly instrument: Instrument;
  readonly book: OrderBook;
  /** The book is live, two-sided and fresh: its prices may be used. */
  readonly bookUsable: boolean;
  /** Has the features that the strategy asked for; cold ones are NaN. */
  readonly features: FeatureReader;
  /** Has the bars that the strategy asked for, once the symbol is watched. */
  readonly bars: Pick<Bars, "closed" | "running">;
  /** It owns the symbol, in the active set, with entries allowed: else only exits make sense. */
  readonly mayEnter: boolean;
  readonly positionSteps: number;
  /** Average entry in fractional ticks, NaN when flat. */
  readonly entryTicks: number;
  /** Our clock when the position left flat. */
  readonly openedAtMs: number;
  /** What the account pays on this symbol, as the venue says; else what it publishes. */
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  /** Prices of its own working entries, 0 when none: the touch may be ours. */
  readonly ownBidTicks: number;
  readonly ownAskTicks: number;
}

/** How its orders are worked. */
export interface ExecutionStyle {
  /** A resting order stays while its price is this close to the wanted one. */
  readonly requoteBps: number;
  /** An entry rests at least this long, and no other is placed on its side before. */
  readonly placePauseMs: number;
  /** After the venue refused an entry, that side waits this long. */
  readonly rejectPauseMs: number;
  /** Least time between two exit orders of a symbol. */
  readonly exitRetryMs: number;
  /** Entries a side at the same time. */
  readonly entriesPerSide: number;
  /** A resting entry is moved by amending it and not by a cancel and a new order. */
  readonly amends?: boolean;
  /** Distance of the exchange-held stop that it attaches to its entries. */
  readonly stopDistanceBps: number;
}

/** A timer: every so often the strategy is asked about all symbols that it owns. */
interface StrategyTimer {
  readonly name: string;
  readonly everyMs: number;
}

/** Closed bars of one span to keep of every symbol that it may own. */
export interface BarNeed {
  readonly span: BarSpan;
  readonly count: number;
}

/** What the engine must compute or do for it. */
interface StrategyNeeds {
  readonly features: readonly FeatureName[];
  readonly bars: readonly BarNeed[];
  readonly timers: readonly StrategyTimer[];
}

/** What a strategy says of a symbol to people who look. */
export interface Saying {
  /** What keeps it from entering, in two or three words; empty when nothing does or it holds. */
  readonly cause: string;
  /** The numbers that decided: "volatility 3.4 > 3 bps", "aged 41/90 s, +1.2 bps". */
  readonly text: string;
}

/** Where a feature that it reads is not known yet. */
export const WARMING_UP: Saying = { cause: "warming up", text: "warming up" };

/** A strategy with its values. All are pure; the first two so cheap that frames may call them. */
export interface Strategy {
  readonly execution: ExecutionStyle;
  /**
   * How much it wants to own the symbol: 0 not at all, else the higher the sooner. Compared only
   * with its own interest in other symbols.
   */
  interest(view: SymbolView): number;
  /** The orders it wants now, entries and exits; none means that none should rest. */
  targets(view: SymbolView): readonly OrderTarget[];
  /** Why it wants what it wants there; asked a few times a second at most, never on a frame. */
  says?(view: SymbolView): Saying;
}

export interface StrategySpec<Name extends string = string> {
  /** Two to eight lower-case letters, never used for another strategy: part of its client ids. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Where it trades unless the configuration says otherwise. */
  readonly runsByDefault: "everywhere" | "simulator" | "never";
  readonly parameters: ParameterSpecs<Name>;
  readonly needs: StrategyNeeds;
  create(values: ParameterValues<Name>): Strategy;
}

/** A registered strategy, and what a run makes of it. */
export interface StrategySetup {
  readonly spec: StrategySpec;
  /** Off: it trades nothing, but its orders of earlier runs are recognised and cancelled. */
  readonly isEnabled: boolean;
  readonly values: ParameterValues;
}
