/**
 * The frames a decoder lends out. Each decoder owns one of each kind and refills it for every
 * message, so that the market path allocates nothing but trades and changed ticker texts.
 */
import type {
  BarFrame,
  BookFrame,
  PublicTrade,
  TickerFrame,
  TradesFrame,
} from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import type { ExecId, PriceTicks, QtySteps, Side, SymbolId } from "../../../domain/units.ts";
import { unsaidTicker } from "../../common/codec/unsaid-ticker.ts";
/**
 * The deepest book topic holds 1000 levels a side; a delta may name each level of two such books.
 */
export const FRAME_LEVELS_MAX = 2_000;

/** A book message with the number that says whether it follows: for `BookContinuity` alone. */
export interface NumberedBook extends BookFrame {
  /** The venue's `u`: rises by exactly one a message of a topic; 1 is a restart. */
  updateId: number;
}

export interface FrameSet {
  readonly book: NumberedBook;
  readonly trades: TradesFrame;
  readonly ticker: TickerFrame;
}

const NO_SYMBOL = -1 as SymbolId;

export function frameSet(): FrameSet {
  return {
    book: {
      kind: "book",
      symbolId: NO_SYMBOL,
      depth: 0,
      isSnapshot: false,
      updateId: 0,
      sequence: 0,
      venueAtMs: 0,
      bidCount: 0,
      askCount: 0,
      bids: new Float64Array(FRAME_LEVELS_MAX * 2),
      asks: new Float64Array(FRAME_LEVELS_MAX * 2),
    },
    trades: { kind: "trades", symbolId: NO_SYMBOL, trades: [] },
    ticker: unsaidTicker(NO_SYMBOL, false),
  };
}

/** A trade owns its data: the tape keeps it. */
export function tradeOf(
  execId: ExecId,
  side: Side,
  numbers: { readonly ticks: number; readonly steps: number; readonly venueAtMs: number },
): PublicTrade {
  return {
    execId,
    side,
    priceTicks: numbers.ticks as PriceTicks,
    qtySteps: numbers.steps as QtySteps,
    venueAtMs: numbers.venueAtMs,
  };
}

interface BarNumbers {
  readonly startAtMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeSteps: number;
  readonly turnoverUsdt: number;
  readonly isClosed: boolean;
}

export function barOf(instrument: Instrument, intervalMin: number, numbers: BarNumbers): BarFrame {
  return {
    kind: "bar",
    symbolId: instrument.id,
    intervalMin,
    ...numbers,
    openTicks: numbers.openTicks as PriceTicks,
    highTicks: numbers.highTicks as PriceTicks,
    lowTicks: numbers.lowTicks as PriceTicks,
    closeTicks: numbers.closeTicks as PriceTicks,
    volumeSteps: numbers.volumeSteps as QtySteps,
  };
}
