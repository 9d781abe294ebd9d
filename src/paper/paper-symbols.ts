/**
 * What a simulated venue keeps of each symbol: its terms, its ticker, and the matcher of our
 * orders.
 */
import { type Instrument, notionalOf } from "../domain/instrument.ts";
import { type GridChange, gridChangeOf } from "../domain/recount.ts";
import { type Price, type SymbolId, subSteps, type Usdt } from "../domain/units.ts";
import { must } from "../kernel/assert.ts";
import { parseFixed } from "../kernel/fixed.ts";
import { Ticker } from "../market/ticker.ts";
import { isBelieved } from "./belief.ts";
import { type MakerFill, SymbolMatcher } from "./matcher.ts";
import type { QueueModel } from "./models/queue.ts";
import type { PaperOrder } from "./paper-order.ts";

export interface SymbolRow {
  instrument: Instrument;
  readonly ticker: Ticker;
  readonly matcher: SymbolMatcher<PaperOrder>;
  /** The settlement time already paid, so that none is paid twice. */
  fundedAtMs: number;
}

type OnMakerFill = (row: SymbolRow, fill: MakerFill<PaperOrder>, atMs: number) => void;

export class PaperSymbols {
  private readonly rows: SymbolRow[] = [];
  private readonly queue: QueueModel;
  private readonly onFill: OnMakerFill;

  constructor(queue: QueueModel, onFill: OnMakerFill) {
    this.queue = queue;
    this.onFill = onFill;
  }

  /**
   * Takes the list: known symbols get their new terms and keep everything else. Returns the changed
   * grids: orders and positions of those contracts are still in their old units.
   */
  load(instruments: readonly Instrument[]): readonly GridChange[] {
    const changes: GridChange[] = [];
    for (const instrument of instruments) {
      const known = this.rows[instrument.id];
      if (known === undefined) {
        this.rows[instrument.id] = this.rowOf(instrument);
        continue;
      }
      const change = gridChangeOf(known.instrument, instrument);
      known.instrument = instrument;
      if (change === null) continue;
      known.ticker.recount(change);
      known.matcher.recount(change);
      changes.push(change);
    }
    return changes;
  }

  /** Whether the book of a symbol may be matched on now. */
  isBelieved({ matcher, ticker }: SymbolRow, atMs: number): boolean {
    return isBelieved(matcher.book, ticker, atMs);
  }

  row(id: SymbolId): SymbolRow {
    return must(this.rows[id], "every symbol id was loaded before it is used");
  }

  /** Mark price, or the last one where there is no mark; 0 when neither is known. */
  markOf(id: SymbolId): Price {
    const { ticker } = this.row(id);
    return parseFixed(ticker.markText) || parseFixed(ticker.lastText) || 0n;
  }

  /** Value of what is left of the orders that would add to a position. */
  restingValue(orders: readonly PaperOrder[]): Usdt {
    let value = 0n;
    for (const { symbolId, priceTicks, qtySteps, filledSteps, reduceOnly } of orders) {
      if (reduceOnly || priceTicks === null) continue;
      const left = subSteps(qtySteps, filledSteps);
      value += notionalOf(this.row(symbolId).instrument, priceTicks, left);
    }
    return value;
  }

  private rowOf(instrument: Instrument): SymbolRow {
    const matcher = new SymbolMatcher<PaperOrder>(instrument.id, this.queue, (fill, atMs) => {
      this.onFill(this.row(instrument.id), fill, atMs);
    });
    return { instrument, ticker: new Ticker(), matcher, fundedAtMs: 0 };
  }
}
