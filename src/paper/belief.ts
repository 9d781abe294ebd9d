/**
 * Is a book still what the venue has? Nothing is matched on one that is not.
 *
 * A frame vouches for its book for as long as the engine's own gate believes one. After that a
 * ticker that came later does, by naming the same best prices: quiet contracts are quiet. A later
 * ticker that names others has proved the book wrong once the two streams had time to meet.
 */
import type { OrderBook } from "../market/book.ts";
import { DISAGREE_MS } from "../market/market-state.ts";
import type { Ticker } from "../market/ticker.ts";

/** As the gate on entries: a book of an active contract changes many times in it. */
export const BOOK_AGE_MS_MAX = 5_000;

export function isBelieved(book: OrderBook, ticker: Ticker, atMs: number): boolean {
  if (book.state !== "live") return false;
  const { bidTicks, askTicks } = ticker;
  const laterMs = ticker.updatedAtMs - book.updatedAtMs;
  if (laterMs > 0 && bidTicks > 0 && askTicks > 0) {
    const agrees = bidTicks === book.bestBidTicks && askTicks === book.bestAskTicks;
    if (agrees) return atMs - ticker.updatedAtMs <= BOOK_AGE_MS_MAX;
    if (laterMs >= DISAGREE_MS) return false;
  }
  return atMs - book.updatedAtMs <= BOOK_AGE_MS_MAX;
}
