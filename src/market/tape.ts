/**
 * The recent public trades of one symbol and running totals of who was the taker.
 *
 * Totals only rise, so a reader takes differences over its own window. The trades kept are for
 * display and short windows; the totals never forget.
 */
import type { PublicTrade, TradesFrame } from "../domain/event.ts";
import { Ring } from "../kernel/ring.ts";

/** A busy minute of a middling symbol; 611 symbols together stay below 10 MB. */
export const TAPE_TRADES_MAX = 64;

export class Tape {
  private readonly ring = new Ring<PublicTrade>(TAPE_TRADES_MAX);
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
      this.ring.push(trade);
      this.last = trade;
    }
    this.updatedAtMs = atMs;
  }

  /** Newest first, at most `count` of the {@link TAPE_TRADES_MAX} kept. */
  newest(count: number): PublicTrade[] {
    return this.ring.newest(count);
  }
}
