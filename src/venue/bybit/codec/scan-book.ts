/** A book's data straight from its text (see decode-fast.ts for what that may and may not do). */
import type { Instrument } from "../../../domain/instrument.ts";
import { FRAME_LEVELS_MAX, type NumberedBook } from "./frames.ts";
import { CLOSE, CLOSE_LIST, COMMA, OPEN, OPEN_LIST, type TextCursor } from "./text-cursor.ts";

/** Members seen, as bits: a duplicate or a missing one is not for this reader. */
const SEEN = { s: 1, b: 2, a: 4, u: 8, seq: 16 } as const;
const ALL = SEEN.s | SEEN.b | SEEN.a | SEEN.u | SEEN.seq;

/** Fills levels and numbers from the data at the cursor; false, and lost, when it declines. */
export function scanBook(cursor: TextCursor, book: NumberedBook, instrument: Instrument): boolean {
  if (cursor.code() !== OPEN) return cursor.fail();
  let seen = 0;
  do {
    cursor.at++;
    const member = memberAt(cursor);
    if (member === 0 || (seen & member) !== 0) return cursor.fail();
    seen |= member;
    if (member === SEEN.b) book.bidCount = levels(cursor, book.bids, instrument);
    else if (member === SEEN.a) book.askCount = levels(cursor, book.asks, instrument);
    else if (member === SEEN.u) book.updateId = cursor.whole();
    else if (member === SEEN.seq) book.sequence = cursor.whole();
    else cursor.expectText(instrument.symbol);
  } while (cursor.code() === COMMA);
  if (cursor.code() !== CLOSE || seen !== ALL) return cursor.fail();
  cursor.at++;
  return true;
}

function memberAt(cursor: TextCursor): number {
  switch (cursor.codeAhead(1)) {
    case 115:
      if (cursor.takeName("s")) return SEEN.s;
      return cursor.takeName("seq") ? SEEN.seq : 0;
    case 98:
      return cursor.takeName("b") ? SEEN.b : 0;
    case 97:
      return cursor.takeName("a") ? SEEN.a : 0;
    case 117:
      return cursor.takeName("u") ? SEEN.u : 0;
    default:
      return 0;
  }
}

/** `[["price","size"],…]` into interleaved ticks and steps; returns the number of levels. */
function levels(cursor: TextCursor, into: Float64Array, { price, qty }: Instrument): number {
  if (cursor.code() !== OPEN_LIST) return cursor.lost();
  if (cursor.codeAhead(1) === CLOSE_LIST) {
    cursor.at += 2;
    return 0;
  }
  let filled = 0;
  do {
    cursor.at++;
    if (cursor.code() !== OPEN_LIST || filled >= FRAME_LEVELS_MAX * 2) return cursor.lost();
    cursor.at++;
    const ticks = cursor.units(price);
    if (cursor.code() !== COMMA || !(ticks > 0)) return cursor.lost();
    cursor.at++;
    const steps = cursor.units(qty);
    if (cursor.code() !== CLOSE_LIST) return cursor.lost();
    cursor.at++;
    into[filled++] = ticks;
    into[filled++] = steps;
  } while (cursor.code() === COMMA);
  if (cursor.code() !== CLOSE_LIST) return cursor.lost();
  cursor.at++;
  return filled / 2;
}
