/** What pages and routes may ask of the charts. Every question counts as a look at the symbol. */
import type { Bar } from "../domain/bar.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { ClientOrderId } from "../domain/units.ts";
import type { ChartSpan, TapeTrade } from "./chart-tape.ts";
import type { Ladder } from "./ladder.ts";

/** A feature of one symbol as it is now. */
export interface FeatureNow {
  readonly name: string;
  readonly unit: string;
  /** NaN while too little was seen. */
  readonly value: number;
}

export interface ChartReader {
  /** Null for a symbol that nobody knows. */
  instrument(symbol: string): Instrument | null;
  /** The newest bar and those before it, at most `count`, newest first. */
  newest(symbol: string, span: ChartSpan, count: number): readonly Bar[];
  /** Oldest first, the running one last; empty for a symbol that nobody knows. */
  bars(symbol: string, span: ChartSpan): readonly Bar[];
  features(symbol: string): readonly FeatureNow[];
  /** Newest first. */
  trades(symbol: string): readonly TapeTrade[];
  /** Null for a symbol that nobody knows. */
  ladder(symbol: string, levels: number): Ladder | null;
  /** Steps that an order of ours has to wait for, as estimated; null when it is not known. */
  ahead(clientId: ClientOrderId): number | null;
}
