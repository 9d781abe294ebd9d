/**
 * Whether a book message follows the one before it (Bybit v5, "Orderbook" websocket page): a
 * snapshot may come at any time, each delta raises `u` by exactly one, `u` of 1 is the venue's
 * restart and overwrites, `seq` never falls. After a broken promise nothing follows before the next
 * snapshot.
 *
 * When several depths of one symbol are subscribed, the deepest that has sent a snapshot is
 * followed and the others are left out.
 */
import type { SymbolId } from "../../../domain/units.ts";
import type { NumberedBook } from "./frames.ts";

/** The venue's first `u` after its own restart. */
const RESTART_UPDATE_ID = 1;

type Judgement =
  | { readonly kind: "follows" }
  /** Of a shallower depth, or after a fault: nobody may apply it, and it is no new fault. */
  | { readonly kind: "left_out" }
  | { readonly kind: "fault"; readonly fault: string };

interface Followed {
  /** 0 before the first snapshot. */
  depth: number;
  updateId: number;
  sequence: number;
  /** Nothing follows before the next snapshot. */
  isBroken: boolean;
}

const FOLLOWS: Judgement = { kind: "follows" };
const LEFT_OUT: Judgement = { kind: "left_out" };

export class BookContinuity {
  /** By symbol id. */
  private readonly books: (Followed | undefined)[] = [];

  /** Judges the newest message of a symbol. A restart is marked as the snapshot that it is. */
  judge(frame: NumberedBook): Judgement {
    const book = this.bookOf(frame.symbolId);
    if (frame.depth < book.depth) return LEFT_OUT;
    if (frame.updateId === RESTART_UPDATE_ID) frame.isSnapshot = true;
    if (!frame.isSnapshot) {
      if (book.isBroken || frame.depth > book.depth) return LEFT_OUT;
      const fault = faultOf(book, frame);
      if (fault !== null) {
        book.isBroken = true;
        return { kind: "fault", fault };
      }
    }
    book.depth = frame.depth;
    book.updateId = frame.updateId;
    book.sequence = frame.sequence;
    book.isBroken = false;
    return FOLLOWS;
  }

  /** Nothing follows before the next snapshot: a message was unusable, or another is asked for. */
  awaitSnapshot(symbolId: SymbolId): void {
    this.bookOf(symbolId).isBroken = true;
  }

  /** `u` of the last message that followed; 0 before the first. */
  updateIdOf(symbolId: SymbolId): number {
    return this.books[symbolId]?.updateId ?? 0;
  }

  private bookOf(symbolId: SymbolId): Followed {
    let book = this.books[symbolId];
    if (book === undefined) {
      book = { depth: 0, updateId: 0, sequence: 0, isBroken: true };
      this.books[symbolId] = book;
    }
    return book;
  }
}

function faultOf(book: Followed, { updateId, sequence }: NumberedBook): string | null {
  if (updateId !== book.updateId + 1) {
    return `update id is ${updateId}, wanted ${book.updateId + 1}`;
  }
  if (sequence < book.sequence) {
    return `cross sequence fell from ${book.sequence} to ${sequence}`;
  }
  return null;
}
