/** The best levels of a book as a picture that does not change any more. */
import type { Side } from "../domain/units.ts";
import type { OrderBook } from "../market/book.ts";
import type { LevelNow } from "./queue-watch.ts";

export interface LadderLevel {
  readonly priceTicks: number;
  readonly qtySteps: number;
}

export interface Ladder {
  /** Best first. */
  readonly bids: readonly LadderLevel[];
  readonly asks: readonly LadderLevel[];
  /** Our clock at the frame behind it; 0 before the first. */
  readonly updatedAtMs: number;
}

/** At most `levels` a side; a book in quarantine has none. */
export function ladderOf(book: OrderBook, levels: number): Ladder {
  return {
    bids: side(book.bids, Math.min(book.bidCount, levels)),
    asks: side(book.asks, Math.min(book.askCount, levels)),
    updatedAtMs: book.updatedAtMs,
  };
}

/** What stands at a price: 0 steps where nothing does, null where the book does not reach. */
export function levelIn(book: OrderBook, at: Side, priceTicks: number): LevelNow {
  const { venueAtMs } = book;
  if (book.state !== "live") return { qtySteps: null, venueAtMs };
  const isBid = at === "buy";
  const [levels, count] = isBid ? [book.bids, book.bidCount] : [book.asks, book.askCount];
  for (let index = 0; index < count; index++) {
    const ticks = levels[index * 2] ?? 0;
    if (ticks === priceTicks) return { qtySteps: levels[index * 2 + 1] ?? 0, venueAtMs };
    if (isBid ? ticks < priceTicks : ticks > priceTicks) return { qtySteps: 0, venueAtMs };
  }
  return { qtySteps: null, venueAtMs };
}

function side(levels: Float64Array, count: number): LadderLevel[] {
  return Array.from({ length: count }, (_, at) => ({
    priceTicks: levels[at * 2] ?? 0,
    qtySteps: levels[at * 2 + 1] ?? 0,
  }));
}
