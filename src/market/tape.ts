/**
 * Who took in the public trades of one symbol: running totals and the last trade.
 *
 * Totals only rise, so a reader takes differences over its own window, and nothing has to be kept.
 */
import type { PublicTrade, TradesFrame } from "../domain/event.ts";

export class Tape {
  /** Quantity taken by buyers and by sellers since the start. */
  buySteps = 0;
  sellSteps = 0;
  buyCount = 0;
  sellCount = 0;
  last: PublicTrade | null = null;
  /** Our clock at the last frame; 0 before the first. */
  updatedAtMs = 0;

  /** Net taker quantity since the start: positive when buyers took more. */
  get flowSteps(): number {
    return this.buySteps - this.sellSteps;
  }

  get count(): number {
    return this.buyCount + this.sellCount;
  }

  apply(frame: TradesFrame, atMs: number): void {
    for (const trade of frame.trades) {
      if (trade.side === "buy") {
        this.buySteps += trade.qtySteps;
        this.buyCount++;
      } else {
        this.sellSteps += trade.qtySteps;
        this.sellCount++;
      }
      this.last = trade;
    }
    this.updatedAtMs = atMs;
  }
}
