/**
 * The best levels of the last usable book and what follows from them alone: the foundation that
 * other parts build on, so it is always computed and hands them the touch now and before.
 */
import type { SymbolId } from "../domain/units.ts";
import type { OrderBook } from "../market/book.ts";
import { type PartColumns, partOf, type Touch } from "./feature.ts";

const warmUp = { of: "book", count: 1 } as const;

export const touch = partOf({
  gives: [
    { name: "bidTicks", unit: "ticks", version: 1, warmUp },
    { name: "askTicks", unit: "ticks", version: 1, warmUp },
    { name: "bidSteps", unit: "steps", version: 1, warmUp },
    { name: "askSteps", unit: "steps", version: 1, warmUp },
    /** (bid + ask) ÷ 2. */
    { name: "midTicks", unit: "ticks", version: 1, warmUp },
    /** (ask − bid) ÷ mid. */
    { name: "spreadBps", unit: "bps", version: 1, warmUp },
    /** Queue imbalance Qb ÷ (Qb + Qa), 0 … 1 (Gould & Bonart, arXiv 1512.03492). */
    { name: "imbalance", unit: "ratio", version: 1, warmUp },
    /** Mid weighted by the opposite queues. */
    { name: "micropriceTicks", unit: "ticks", version: 1, warmUp },
  ],
  needs: [],
  // The table itself feeds this part, through TouchColumns.
  bind: () => ({}),
});

export class TouchColumns {
  readonly now: Touch = emptyTouch();
  readonly before: Touch = emptyTouch();
  private readonly bidTicks: Float64Array;
  private readonly askTicks: Float64Array;
  private readonly bidSteps: Float64Array;
  private readonly askSteps: Float64Array;
  private readonly midTicks: Float64Array;
  private readonly spreadBps: Float64Array;
  private readonly imbalance: Float64Array;
  private readonly micropriceTicks: Float64Array;

  constructor(columns: PartColumns) {
    this.bidTicks = columns.give("bidTicks");
    this.askTicks = columns.give("askTicks");
    this.bidSteps = columns.give("bidSteps");
    this.askSteps = columns.give("askSteps");
    this.midTicks = columns.give("midTicks");
    this.spreadBps = columns.give("spreadBps");
    this.imbalance = columns.give("imbalance");
    this.micropriceTicks = columns.give("micropriceTicks");
  }

  /** Takes a live book's best levels. False, and nothing changed, when a side is empty. */
  take(id: SymbolId, book: OrderBook): boolean {
    const bid = book.bestBidTicks;
    const ask = book.bestAskTicks;
    if (bid <= 0 || ask <= 0) return false;
    const bidQty = book.bestBidSteps;
    const askQty = book.bestAskSteps;
    this.remember(id);
    const mid = (bid + ask) / 2;
    const queues = bidQty + askQty;
    const { now } = this;
    now.bidTicks = this.bidTicks[id] = bid;
    now.askTicks = this.askTicks[id] = ask;
    now.bidSteps = this.bidSteps[id] = bidQty;
    now.askSteps = this.askSteps[id] = askQty;
    now.midTicks = this.midTicks[id] = mid;
    this.spreadBps[id] = ((ask - bid) / mid) * 10_000;
    this.imbalance[id] = bidQty / queues;
    this.micropriceTicks[id] = (ask * bidQty + bid * askQty) / queues;
    return true;
  }

  private remember(id: SymbolId): void {
    const { before } = this;
    before.bidTicks = this.bidTicks[id] ?? Number.NaN;
    before.askTicks = this.askTicks[id] ?? Number.NaN;
    before.bidSteps = this.bidSteps[id] ?? Number.NaN;
    before.askSteps = this.askSteps[id] ?? Number.NaN;
    before.midTicks = this.midTicks[id] ?? Number.NaN;
  }
}

function emptyTouch(): Touch {
  return {
    bidTicks: Number.NaN,
    askTicks: Number.NaN,
    bidSteps: Number.NaN,
    askSteps: Number.NaN,
    midTicks: Number.NaN,
  };
}
