/**
 * Matches our orders of one symbol against the recorded or live market.
 *
 * Our orders are not in the public book, so how others react to them is a model of the queue; what
 * is not answered by it is not given away either:
 * a resting order fills only when a trade reaches its place in the queue, trades through its price,
 * or the other side is displayed at or beyond it, and never for more than was traded or displayed.
 * What we take ourselves is missing from the book until the next frame shows the level afresh.
 */
import type { BookFrame, PublicTrade } from "../domain/event.ts";
import { type GridChange, ticksAfter } from "../domain/recount.ts";
import {
  addSteps,
  asSteps,
  minSteps,
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
  subSteps,
} from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { OrderBook } from "../market/book.ts";
import { displayedAt, type Fill, oppositeWithin, walk } from "./levels.ts";
import { pastRivals, type QueueModel, type QueuePlace } from "./models/queue.ts";

/** What the model must know of an order; the caller keeps the rest under the same object. */
export interface MatchOrder {
  readonly side: Side;
  readonly qtySteps: QtySteps;
  /** Raised by the matcher with every fill. */
  filledSteps: QtySteps;
}

/** An order that rests has a price and a place. */
interface Resting<Order extends MatchOrder> {
  readonly order: Order;
  priceTicks: PriceTicks;
  readonly place: QueuePlace;
}

export interface MakerFill<Order extends MatchOrder> extends Fill {
  readonly order: Order;
}

export class SymbolMatcher<Order extends MatchOrder> {
  readonly book: OrderBook;
  /**
   * Told of each fill of a resting order before the next is looked for: it may take other orders
   * out, as a venue does with reduce-only orders whose position has gone.
   */
  private readonly onFill: (fill: MakerFill<Order>, atMs: number) => void;
  private readonly queue: QueueModel;
  /** Best price first, then oldest first: the order in which a taker meets them. */
  private readonly resting: Record<Side, Resting<Order>[]> = { buy: [], sell: [] };
  /** Taken by us from the opposite side since the last frame. */
  private readonly taken: Record<Side, Map<number, number>> = { buy: new Map(), sell: new Map() };
  /** Filled because the other side stood at or beyond our price, since it began to. */
  private readonly crossedSteps: Record<Side, number> = { buy: 0, sell: 0 };

  constructor(
    symbolId: SymbolId,
    queue: QueueModel,
    onFill: (fill: MakerFill<Order>, atMs: number) => void,
  ) {
    this.book = new OrderBook(symbolId);
    this.queue = queue;
    this.onFill = onFill;
  }

  get restingCount(): number {
    return this.resting.buy.length + this.resting.sell.length;
  }

  /** What an order would get now by taking, without taking it. */
  takeable(wish: { side: Side; limitTicks: PriceTicks | null; qtySteps: QtySteps }): Fill[] {
    return walk(this.book, wish, this.taken[wish.side]);
  }

  /** Goes over to the new units of the contract. The book begins anew. */
  recount(change: GridChange): void {
    const { stepRatio } = change;
    assert(stepRatio >= 1, "units never grow");
    this.book.quarantine("the grid changed");
    for (const side of ["buy", "sell"] as const) {
      this.taken[side].clear();
      this.crossedSteps[side] = 0;
      for (const resting of this.resting[side]) {
        resting.priceTicks = ticksAfter(change, resting.priceTicks);
        resting.place.aheadSteps *= stepRatio;
        resting.place.levelSteps *= stepRatio;
        resting.place.tradedSteps *= stepRatio;
        resting.place.creditedSteps *= stepRatio;
        resting.place.rivalSteps *= stepRatio;
      }
    }
  }

  /** Takes what {@link takeable} gave: it is gone until the next frame. */
  take(order: Order, fills: readonly Fill[]): void {
    const taken = this.taken[order.side];
    for (const { priceTicks, qtySteps } of fills) {
      assert(qtySteps > 0, "what is taken is something");
      taken.set(priceTicks, (taken.get(priceTicks) ?? 0) + qtySteps);
      addFill(order, qtySteps);
    }
  }

  /** Puts what is left of an order behind the displayed size of its price. */
  rest(order: Order, priceTicks: PriceTicks, atMs: number): void {
    assert(order.filledSteps < order.qtySteps, "only an unfinished order rests");
    assert(priceTicks > 0, "an order rests at a price");
    const displayed = displayedAt(this.book, order.side, priceTicks);
    const place = this.queue.join(displayed, this.book.venueAtMs);
    if (displayed === 0 && isBetter(this.book, order.side, priceTicks)) {
      const { bestBidSteps, bestAskSteps } = this.book;
      const touchSteps = order.side === "buy" ? bestBidSteps : bestAskSteps;
      this.queue.improve(place, { touchSteps, atMs });
    }
    const side = this.resting[order.side];
    const direction = order.side === "buy" ? -1 : 1;
    const after = side.findIndex((other) => (other.priceTicks - priceTicks) * direction > 0);
    side.splice(after === -1 ? side.length : after, 0, { order, priceTicks, place });
  }

  /** Takes a resting order out; false when it does not rest here. */
  remove(order: Order): boolean {
    const side = this.resting[order.side];
    const index = side.findIndex((resting) => resting.order === order);
    if (index === -1) return false;
    side.splice(index, 1);
    return true;
  }

  /** Steps before an order in its queue, null when it does not rest here. */
  aheadOf(order: Order): number | null {
    const found = this.resting[order.side].find((resting) => resting.order === order);
    return found?.place.aheadSteps ?? null;
  }

  /** Folds a frame in: places in the queues move, and what it overran is filled. */
  onBook(frame: BookFrame, atMs: number): void {
    this.book.apply(frame, atMs);
    this.taken.buy.clear();
    this.taken.sell.clear();
    if (this.restingCount === 0 || this.book.state !== "live") return;
    this.overrun("buy", atMs);
    this.overrun("sell", atMs);
  }

  /** Folds public trades in, in order. */
  onTrades(trades: readonly PublicTrade[], atMs: number): void {
    for (const trade of trades) {
      if (this.restingCount === 0) return;
      this.onTrade(trade, atMs);
    }
  }

  private overrun(side: Side, atMs: number): void {
    let crossing = false;
    for (const resting of [...this.resting[side]]) {
      const { priceTicks, place } = resting;
      const met = oppositeWithin(this.book, side, priceTicks);
      if (met > 0) {
        crossing = true;
        this.crossedSteps[side] += this.fill(resting, met - this.crossedSteps[side], atMs);
      }
      this.queue.seeLevel(place, displayedAt(this.book, side, priceTicks), this.book.venueAtMs);
    }
    if (!crossing) this.crossedSteps[side] = 0;
  }

  /** A selling taker meets our bids, best first, and the other way round. */
  private onTrade(trade: PublicTrade, atMs: number): void {
    const side: Side = trade.side === "sell" ? "buy" : "sell";
    const direction = side === "buy" ? 1 : -1;
    let leftSteps: number = trade.qtySteps;
    for (const resting of [...this.resting[side]]) {
      const beyond = (resting.priceTicks - trade.priceTicks) * direction;
      if (beyond < 0) break; // Best first: the trade reached none of the others.
      const met =
        beyond > 0
          ? leftSteps
          : this.queue.seeTrade(resting.place, trade.qtySteps, trade.venueAtMs);
      const reached = pastRivals(resting.place, met, atMs);
      if (beyond > 0) resting.place.aheadSteps = 0; // Traded through: all before us are gone.
      leftSteps -= this.fill(resting, Math.min(reached, leftSteps), atMs);
      assert(leftSteps >= 0, "no more is filled than was traded");
    }
  }

  /** Fills at most `stepsMax` of a resting order at its own price. Returns the steps filled. */
  private fill(resting: Resting<Order>, stepsMax: number, atMs: number): number {
    assert(!Number.isNaN(stepsMax), "the model says how much it fills");
    const { order, priceTicks } = resting;
    const qtySteps = minSteps(asSteps(stepsMax), subSteps(order.qtySteps, order.filledSteps));
    if (qtySteps <= 0 || !this.resting[order.side].includes(resting)) return 0;
    addFill(order, qtySteps);
    if (order.filledSteps === order.qtySteps) this.remove(order);
    this.onFill({ order, priceTicks, qtySteps }, atMs);
    return qtySteps;
  }
}

/** Whether the price is better than the best that is displayed on its own side. */
function isBetter(book: OrderBook, side: Side, priceTicks: PriceTicks): boolean {
  if (side === "buy") return book.bidCount > 0 && priceTicks > book.bestBidTicks;
  return book.askCount > 0 && priceTicks < book.bestAskTicks;
}

function addFill(order: MatchOrder, qtySteps: QtySteps): void {
  order.filledSteps = addSteps(order.filledSteps, qtySteps);
  assert(order.filledSteps <= order.qtySteps, "an order is never filled beyond its quantity");
}
