/**
 * Compares one book after the other with the venue's own answer by another way than the stream.
 *
 * Two pictures can only be compared when they are of the same instant. The sequence names the
 * instant, so while the answer is under way every state that the book goes through is copied, and
 * the copy with the sequence of the answer is compared level by level. An answer that is ahead of
 * the stream waits for it. When the stream jumped over that sequence nothing is known and the
 * symbol is asked about again. A difference must show twice in a row before it is called one.
 */
import type { BookPicture } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toText } from "../kernel/decimal.ts";
import type { OrderBook } from "./book.ts";

/** Five seconds of the fastest deep streams: one message each 20 ms. */
const COPIES_MAX = 256;
/** An answer that has not come by then is given up; the next symbol follows. */
export const ANSWER_WAIT_MS = 5_000;
const TRIES_MAX = 5;

export interface Copy {
  readonly sequence: number;
  /** Price ticks and quantity steps, interleaved, best first. */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

type Picture = NonNullable<BookPicture["picture"]>;

type Verdict =
  | { readonly kind: "match" }
  | { readonly kind: "differs"; readonly detail: string }
  | { readonly kind: "inconclusive" };

/** What a finished check says; null while nothing is known. */
export type Finding = { readonly matched: boolean; readonly detail: string } | null;

/** All books, by their place in the list of instruments. */
interface Books {
  readonly size: number;
  bookAt(index: number): OrderBook | undefined;
}

export class BookCheck {
  /** The symbol whose answer is awaited. */
  private watched: SymbolId | null = null;
  /** The symbol that the last answer left open. */
  private again: SymbolId | null = null;
  private copies: Copy[] = [];
  /** An answer that is ahead of the stream. */
  private early: Picture | null = null;
  private askedAtMs = 0;
  private tries = 0;
  private differences = 0;
  private cursor = -1;

  watches(id: SymbolId): boolean {
    return id === this.watched;
  }

  /** The symbol to ask about now: its states are copied from here on. Null while one is awaited. */
  begin(books: Books, atMs: number): SymbolId | null {
    if (this.watched !== null && this.early === null) {
      if (atMs - this.askedAtMs < ANSWER_WAIT_MS) return null;
      this.close();
    }
    if (this.early !== null) this.leaveOpen();
    const book = this.nextOf(books);
    if (book === undefined) return null;
    this.watched = book.symbolId;
    this.askedAtMs = atMs;
    this.copies = [copyOf(book)];
    return book.symbolId;
  }

  /** The book of a symbol began anew in other units: what was copied of it says nothing now. */
  forget(id: SymbolId): void {
    if (id === this.watched || id === this.again) this.close();
  }

  /** The watched book took a frame. */
  afterFrame(book: OrderBook, instrument: Instrument): Finding {
    assert(book.symbolId === this.watched, "only the watched book is copied");
    if (book.state !== "live") {
      this.close();
      return null;
    }
    if (this.copies.length < COPIES_MAX) this.copies.push(copyOf(book));
    const { early } = this;
    return early !== null && book.sequence >= early.sequence ? this.judge(early, instrument) : null;
  }

  /** The venue answered. */
  onPicture({ symbolId, picture }: BookPicture, book: OrderBook, instrument: Instrument): Finding {
    if (symbolId !== this.watched) return null;
    if (picture === null || book.state !== "live") {
      this.close();
      return null;
    }
    if (book.sequence >= picture.sequence) return this.judge(picture, instrument);
    this.early = picture;
    return null;
  }

  private judge(picture: Picture, instrument: Instrument): Finding {
    const verdict = verdictOf(this.copies, picture, instrument);
    this.differences = verdict.kind === "differs" ? this.differences + 1 : 0;
    if (verdict.kind === "inconclusive" || this.differences === 1) {
      this.leaveOpen();
      return null;
    }
    this.close();
    if (verdict.kind === "differs") return { matched: false, detail: verdict.detail };
    return { matched: true, detail: "equal to the REST book" };
  }

  /** Nothing is known yet: the same symbol is next, unless it was tried often enough. */
  private leaveOpen(): void {
    const { watched, tries, differences } = this;
    assert(watched !== null, "only a check that is under way is left open");
    this.close();
    if (tries + 1 >= TRIES_MAX) return;
    this.again = watched;
    this.tries = tries + 1;
    this.differences = differences;
  }

  private close(): void {
    this.watched = null;
    this.again = null;
    this.early = null;
    this.copies = [];
    this.tries = 0;
    this.differences = 0;
  }

  /** The symbol left open, else the next whose book is live, round and round. */
  private nextOf(books: Books): OrderBook | undefined {
    if (this.again !== null) {
      const book = books.bookAt(this.again);
      if (book?.state === "live") return book;
      this.close();
    }
    for (let step = 0; step < books.size; step++) {
      this.cursor = (this.cursor + 1) % books.size;
      const book = books.bookAt(this.cursor);
      if (book !== undefined && book.state === "live" && book.sequence > 0) return book;
    }
    return undefined;
  }
}

function copyOf(book: OrderBook): Copy {
  return {
    sequence: book.sequence,
    bids: Array.from(book.bids.subarray(0, book.bidCount * 2)),
    asks: Array.from(book.asks.subarray(0, book.askCount * 2)),
  };
}

/** What the copies say about the venue's picture. */
export function verdictOf(
  copies: readonly Copy[],
  theirs: Picture,
  instrument: Instrument,
): Verdict {
  const ours = copies.findLast((copy) => copy.sequence === theirs.sequence);
  if (ours === undefined) return { kind: "inconclusive" };
  const { depth } = theirs;
  const detail =
    differenceOf("bid", { ours: ours.bids, theirs: theirs.bids, depth }, instrument) ??
    differenceOf("ask", { ours: ours.asks, theirs: theirs.asks, depth }, instrument);
  return detail === null ? { kind: "match" } : { kind: "differs", detail };
}

interface Sides {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly depth: number;
}

function differenceOf(
  side: string,
  { ours, theirs, depth }: Sides,
  { price, qty }: Instrument,
): string | null {
  const text = (levels: readonly number[], level: number): string => {
    const ticks = levels[level * 2];
    const steps = levels[level * 2 + 1];
    return ticks === undefined || steps === undefined
      ? "nothing"
      : `${toText(price, ticks)} × ${toText(qty, steps)}`;
  };
  const levels = Math.min(depth, Math.max(ours.length, theirs.length) / 2);
  for (let level = 0; level < levels; level++) {
    const isEqual =
      ours[level * 2] === theirs[level * 2] && ours[level * 2 + 1] === theirs[level * 2 + 1];
    if (isEqual) continue;
    return `${side} ${level + 1}: ours ${text(ours, level)}, venue ${text(theirs, level)}`;
  }
  return null;
}
