/** How old a book is. Ages are differences of our own clock; the venue's never takes part. */
import type { OrderBook } from "./book.ts";

/** The book condition that pages and gates see: `stale` is a live book that has fallen silent. */
export type BookView = "none" | "live" | "quarantined" | "stale";

/** Milliseconds since the last applied frame; infinite when there was none. */
export function bookAgeMs(book: OrderBook, atMs: number): number {
  return book.updatedAtMs === 0 ? Number.POSITIVE_INFINITY : atMs - book.updatedAtMs;
}

export function bookViewOf(book: OrderBook, atMs: number, ageMsMax: number): BookView {
  if (book.state !== "live") return book.state;
  return bookAgeMs(book, atMs) > ageMsMax ? "stale" : "live";
}
