/** Questions to the visible book: what is displayed at a price, and what a taker would get. */
import {
  asSteps,
  asTicks,
  minSteps,
  type PriceTicks,
  type QtySteps,
  type Side,
  subSteps,
} from "../domain/units.ts";
import type { OrderBook } from "../market/book.ts";

export interface Fill {
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
}

/** Steps already taken by us since the last frame, by price: the feed does not know of them. */
type TakenSteps = ReadonlyMap<number, number>;

/** Steps displayed at a price of one side: 0 inside the visible range, null beyond its far end. */
export function displayedAt(book: OrderBook, side: Side, priceTicks: PriceTicks): number | null {
  const levels = side === "buy" ? book.bids : book.asks;
  const count = side === "buy" ? book.bidCount : book.askCount;
  const direction = side === "buy" ? -1 : 1;
  for (let index = 0; index < count * 2; index += 2) {
    const price = levels[index] ?? 0;
    if (price === priceTicks) return levels[index + 1] ?? 0;
    if ((price - priceTicks) * direction > 0) return 0;
  }
  // A side with room for more levels shows all there is.
  return count < book.depth ? 0 : null;
}

interface Wish {
  readonly side: Side;
  /** Null takes at any price. */
  readonly limitTicks: PriceTicks | null;
  readonly qtySteps: QtySteps;
}

/**
 * What a taker gets by walking the opposite side from its best, less what we have already taken.
 */
export function walk(book: OrderBook, wish: Wish, taken: TakenSteps): Fill[] {
  const levels = wish.side === "buy" ? book.asks : book.bids;
  const count = wish.side === "buy" ? book.askCount : book.bidCount;
  const fills: Fill[] = [];
  let leftSteps = wish.qtySteps;
  for (let index = 0; index < count * 2 && leftSteps > 0; index += 2) {
    const priceTicks = asTicks(levels[index] ?? 0);
    if (!reaches(wish, priceTicks)) break;
    const there = (levels[index + 1] ?? 0) - (taken.get(priceTicks) ?? 0);
    if (there <= 0) continue;
    const qtySteps = minSteps(leftSteps, asSteps(there));
    fills.push({ priceTicks, qtySteps });
    leftSteps = subSteps(leftSteps, qtySteps);
  }
  return fills;
}

/** Whether a limit order would trade at once. */
export function wouldCross(book: OrderBook, side: Side, priceTicks: PriceTicks): boolean {
  const count = side === "buy" ? book.askCount : book.bidCount;
  const best = side === "buy" ? book.bestAskTicks : book.bestBidTicks;
  return count > 0 && (side === "buy" ? best <= priceTicks : best >= priceTicks);
}

/** Steps of the opposite side that a resting order at `priceTicks` would have met. */
export function oppositeWithin(book: OrderBook, side: Side, priceTicks: PriceTicks): number {
  const wish = { side, limitTicks: priceTicks, qtySteps: asSteps(Number.POSITIVE_INFINITY) };
  return walk(book, wish, NOTHING_TAKEN).reduce((sum, fill) => sum + fill.qtySteps, 0);
}

const NOTHING_TAKEN: TakenSteps = new Map();

function reaches({ side, limitTicks }: Wish, priceTicks: PriceTicks): boolean {
  if (limitTicks === null) return true;
  return side === "buy" ? priceTicks <= limitTicks : priceTicks >= limitTicks;
}
