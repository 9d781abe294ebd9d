/**
 * The best levels of the last usable book and what follows from them alone: the foundation that
 * other parts build on, so it is always computed. The
 * order flow between two books is counted here too, as it needs both.
 */
import type { SymbolId } from "../domain/units.ts";
import type { OrderBook } from "../market/book.ts";
import { type PartColumns, partOf } from "./feature.ts";

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
  private readonly bidTicks: Float64Array;
  private readonly askTicks: Float64Array;
  private readonly bidSteps: Float64Array;
  private readonly askSteps: Float64Array;
  private readonly midTicks: Float64Array;
  private readonly spreadBps: Float64Array;
  private readonly imbalance: Float64Array;
  private readonly micropriceTicks: Float64Array;
  private readonly flowSteps: Float64Array;

  constructor(columns: PartColumns) {
    this.bidTicks = columns.give("bidTicks");
    this.askTicks = columns.give("askTicks");
    this.bidSteps = columns.give("bidSteps");
    this.askSteps = columns.give("askSteps");
    this.midTicks = columns.give("midTicks");
    this.spreadBps = columns.give("spreadBps");
    this.imbalance = columns.give("imbalance");
    this.micropriceTicks = columns.give("micropriceTicks");
    this.flowSteps = columns.totals.flowSteps;
  }

  /** Takes a live book's best levels. False, and nothing changed, when a side is empty. */
  take(id: SymbolId, book: OrderBook): boolean {
    const bid = book.bestBidTicks;
    const ask = book.bestAskTicks;
    if (bid <= 0 || ask <= 0) return false;
    const bidQty = book.bestBidSteps;
    const askQty = book.bestAskSteps;
    const mid = (bid + ask) / 2;
    const queues = bidQty + askQty;
    this.countFlow(id, book);
    this.bidTicks[id] = bid;
    this.askTicks[id] = ask;
    this.bidSteps[id] = bidQty;
    this.askSteps[id] = askQty;
    this.midTicks[id] = mid;
    this.spreadBps[id] = ((ask - bid) / mid) * 10_000;
    this.imbalance[id] = bidQty / queues;
    this.micropriceTicks[id] = (ask * bidQty + bid * askQty) / queues;
    return true;
  }

  /**
   * e = q_b·[P_b ≥ P_b'] − q_b'·[P_b ≤ P_b'] − q_a·[P_a ≤ P_a'] + q_a'·[P_a ≥ P_a'], primes before
   * (Cont, Kukanov, Stoikov, J. Fin. Econometrics 2014).
   */
  private countFlow(id: SymbolId, book: OrderBook): void {
    const bidBefore = this.bidTicks[id] ?? 0;
    // NaN before the first book.
    if (!(bidBefore > 0)) return;
    const askBefore = this.askTicks[id] ?? 0;
    let flow = 0;
    if (book.bestBidTicks >= bidBefore) flow += book.bestBidSteps;
    if (book.bestBidTicks <= bidBefore) flow -= this.bidSteps[id] ?? 0;
    if (book.bestAskTicks <= askBefore) flow -= book.bestAskSteps;
    if (book.bestAskTicks >= askBefore) flow += this.askSteps[id] ?? 0;
    this.flowSteps[id] = (this.flowSteps[id] ?? 0) + flow;
  }
}
