/**
 * One symbol's order book, and the judge of whether it may be believed.
 *
 * A wrong book is worse than none. Whether frames follow each other is the adapter's to judge,
 * since every venue numbers them in its own way; here is looked at what holds on all of them: a
 * snapshot replaces everything at any time, levels have a price and a size and lie in order, the
 * sides do not cross, and a side never holds more levels than were subscribed. The first broken
 * promise, or a fault that the adapter reports, clears the book and quarantines it in the same
 * frame. It comes back after a clean snapshot followed by a quiet period; the first snapshot after
 * a start needs no quiet period.
 *
 * Levels lie best first in typed arrays, price ticks and quantity steps interleaved. A delta's
 * deletions of levels that we do not hold are counted and tolerated: venues name the level that
 * falls off the far end and may name it twice.
 */

import type { BookFrame } from "../domain/event.ts";
import type { PriceTicks, QtySteps, SymbolId } from "../domain/units.ts";
import { asSteps, asTicks } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

type BookCondition = "none" | "live" | "quarantined";

/** How long a book must stay clean after its snapshot before a quarantine ends. */
export const QUIET_PERIOD_MS = 500;

/** Levels a side may hold beyond the subscription: recorded books hold exactly that number. */
export const levelSlackOf = (depth: number): number => Math.max(4, Math.floor(depth / 10));

/** Inside one delta the inserts may precede the deletes, so the arrays hold twice the depth. */
const CAPACITY_FACTOR = 2;

const NO_LEVELS = new Float64Array(0);
const BIDS_FALL = -1;
const ASKS_RISE = 1;
const OVERFLOW = -1;

export class OrderBook {
  readonly symbolId: SymbolId;
  /** Levels a side of the subscription; 0 before the first frame. */
  depth = 0;
  state: BookCondition = "none";
  /** Why the book is or last was in quarantine; empty when it never was. */
  fault = "";
  /** Quarantines since the start. */
  faults = 0;
  /** The venue's name for this picture: 0 when it has none. */
  sequence = 0;
  /** Matching-engine time of the last applied frame. */
  venueAtMs = 0;
  /** Our clock at the last applied frame. */
  updatedAtMs = 0;
  bidCount = 0;
  askCount = 0;
  /**
   * Interleaved price ticks and quantity steps, best first; the first `2 × bidCount` numbers count.
   */
  bids: Float64Array = NO_LEVELS;
  asks: Float64Array = NO_LEVELS;
  /** Deletions of levels that were not there. */
  strayDeletes = 0;
  /** Our clock at the snapshot a quarantine waits on, null while it waits for one. */
  private snapshotAtMs: number | null = null;

  constructor(symbolId: SymbolId) {
    this.symbolId = symbolId;
  }

  /** Best bid in ticks, 0 when the side is empty. */
  get bestBidTicks(): PriceTicks {
    return asTicks(this.bidCount > 0 ? (this.bids[0] ?? 0) : 0);
  }

  get bestBidSteps(): QtySteps {
    return asSteps(this.bidCount > 0 ? (this.bids[1] ?? 0) : 0);
  }

  /** Best ask in ticks, 0 when the side is empty. */
  get bestAskTicks(): PriceTicks {
    return asTicks(this.askCount > 0 ? (this.asks[0] ?? 0) : 0);
  }

  get bestAskSteps(): QtySteps {
    return asSteps(this.askCount > 0 ? (this.asks[1] ?? 0) : 0);
  }

  /** True between the clean snapshot and the end of a quarantine. */
  get isRecovering(): boolean {
    return this.state === "quarantined" && this.snapshotAtMs !== null;
  }

  /**
   * Folds one frame in. Returns the fault when this frame broke a promise and put the book into
   * quarantine, else null. Frames of a shallower subscription than the one held are ignored.
   */
  apply(frame: BookFrame, atMs: number): string | null {
    if (frame.depth < this.depth) return null;
    if (frame.isSnapshot) return this.replace(frame, atMs);
    if (!this.takesDeltas() || frame.depth > this.depth) return null;
    return this.finish(frame, atMs, this.merge(frame) ?? this.shapeFault());
  }

  /** Puts the book into quarantine for something its own frames cannot show. */
  quarantine(fault: string): string {
    assert(fault !== "", "a quarantine says why");
    this.state = "quarantined";
    this.fault = fault;
    this.faults++;
    this.snapshotAtMs = null;
    this.bidCount = 0;
    this.askCount = 0;
    return fault;
  }

  /** Ends the quarantine when a clean snapshot is old enough. Returns whether it ended now. */
  settle(atMs: number): boolean {
    if (this.state !== "quarantined" || this.snapshotAtMs === null) return false;
    if (atMs - this.snapshotAtMs < QUIET_PERIOD_MS) return false;
    assert(this.shapeFault() === null, "a book that is believed again is in shape");
    this.state = "live";
    this.snapshotAtMs = null;
    return true;
  }

  private takesDeltas(): boolean {
    return this.state === "live" || this.snapshotAtMs !== null;
  }

  private replace(frame: BookFrame, atMs: number): string | null {
    if (frame.bidCount > frame.depth || frame.askCount > frame.depth) {
      const levels = Math.max(frame.bidCount, frame.askCount);
      return this.quarantine(
        `snapshot holds ${levels} levels a side, the topic has ${frame.depth}`,
      );
    }
    assert(frame.depth > 0, "a subscription has a depth");
    this.reserve(frame.depth);
    this.bids.set(frame.bids.subarray(0, frame.bidCount * 2));
    this.asks.set(frame.asks.subarray(0, frame.askCount * 2));
    this.bidCount = frame.bidCount;
    this.askCount = frame.askCount;
    if (this.state === "quarantined") this.snapshotAtMs ??= atMs;
    const fault =
      snapshotFault("bid", this.bids, this.bidCount, BIDS_FALL) ??
      snapshotFault("ask", this.asks, this.askCount, ASKS_RISE);
    const failed = this.finish(frame, atMs, fault ?? this.shapeFault());
    if (failed === null && this.state === "none") this.state = "live";
    return failed;
  }

  private reserve(depth: number): void {
    if (this.depth === depth) return;
    this.depth = depth;
    this.bids = new Float64Array(depth * CAPACITY_FACTOR * 2);
    this.asks = new Float64Array(depth * CAPACITY_FACTOR * 2);
  }

  private merge(frame: BookFrame): string | null {
    const bidCount = this.mergeSide(frame.bids, frame.bidCount, BIDS_FALL);
    if (typeof bidCount === "string") return bidCount;
    this.bidCount = bidCount;
    const askCount = this.mergeSide(frame.asks, frame.askCount, ASKS_RISE);
    if (typeof askCount === "string") return askCount;
    this.askCount = askCount;
    return null;
  }

  private mergeSide(changes: Float64Array, changeCount: number, order: number): number | string {
    const levels = order === BIDS_FALL ? this.bids : this.asks;
    let count = order === BIDS_FALL ? this.bidCount : this.askCount;
    for (let change = 0; change < changeCount * 2; change += 2) {
      const price = changes[change] ?? Number.NaN;
      const qty = changes[change + 1] ?? Number.NaN;
      if (!(price > 0 && qty >= 0)) return `level ${price} × ${qty} is malformed`;
      const at = placeOf(levels, count, price * order, order);
      const found = at < count && levels[at * 2] === price;
      if (qty !== 0) {
        if (!found) count = openGap(levels, count, at);
        if (count === OVERFLOW) return `delta fills more than ${levels.length / 2} levels a side`;
        levels[at * 2] = price;
        levels[at * 2 + 1] = qty;
      } else if (found) {
        levels.copyWithin(at * 2, at * 2 + 2, count * 2);
        count--;
      } else this.strayDeletes++;
    }
    return count;
  }

  private shapeFault(): string | null {
    const countMax = this.depth + levelSlackOf(this.depth);
    if (this.bidCount > countMax || this.askCount > countMax) {
      const levels = Math.max(this.bidCount, this.askCount);
      return `book holds ${levels} levels a side, the topic has ${this.depth}`;
    }
    const bid = this.bidCount > 0 ? this.bids[0] : undefined;
    const ask = this.askCount > 0 ? this.asks[0] : undefined;
    if (bid !== undefined && ask !== undefined && bid >= ask) {
      return `book is crossed: bid ${bid} ticks, ask ${ask} ticks`;
    }
    return null;
  }

  private finish(frame: BookFrame, atMs: number, fault: string | null): string | null {
    if (fault !== null) return this.quarantine(fault);
    assert(this.bidCount * 2 <= this.bids.length, "the bids have room for their levels");
    assert(this.askCount * 2 <= this.asks.length, "the asks have room for their levels");
    this.sequence = frame.sequence;
    this.venueAtMs = frame.venueAtMs;
    this.updatedAtMs = atMs;
    this.settle(atMs);
    return null;
  }
}

/** First index whose level is not better than `key`; both are prices times their side's order. */
function placeOf(levels: Float64Array, count: number, key: number, order: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((levels[middle * 2] ?? 0) * order < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Shifts the tail one level down and returns the new count. */
function openGap(levels: Float64Array, count: number, at: number): number {
  assert(at <= count, "a level is put in among the others or behind them");
  if ((count + 1) * 2 > levels.length) return OVERFLOW;
  levels.copyWithin(at * 2 + 2, at * 2, count * 2);
  return count + 1;
}

function snapshotFault(
  side: string,
  levels: Float64Array,
  count: number,
  order: number,
): string | null {
  let before = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count * 2; index += 2) {
    const price = levels[index] ?? Number.NaN;
    const qty = levels[index + 1] ?? Number.NaN;
    if (!(price > 0 && qty > 0)) return `snapshot ${side} ${price} × ${qty} is malformed`;
    if (price * order <= before) return `snapshot ${side}s are not in order at ${price} ticks`;
    before = price * order;
  }
  return null;
}
