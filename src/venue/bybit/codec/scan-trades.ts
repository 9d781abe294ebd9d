/** Public trades straight from their text (see decode-fast.ts for what that may and may not do). */
import type { PublicTrade, TradesFrame } from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import { asExecId } from "../../../domain/units.ts";
import { tradeOf } from "./frames.ts";
import { CLOSE, CLOSE_LIST, COMMA, OPEN, OPEN_LIST, type TextCursor } from "./text-cursor.ts";

/** Members seen, as bits: a duplicate or a missing one is not for this reader. */
const SEEN = {
  T: 1,
  s: 2,
  S: 4,
  v: 8,
  p: 16,
  i: 32,
  L: 64,
  BT: 128,
  RPI: 256,
  seq: 512,
} as const;
const NEEDED = SEEN.T | SEEN.s | SEEN.S | SEEN.v | SEEN.p | SEEN.i;

/** Fills the trades from the list at the cursor; false, and lost, when it declines. */
export function scanTrades(
  cursor: TextCursor,
  frame: TradesFrame,
  instrument: Instrument,
): boolean {
  const trades: PublicTrade[] = [];
  frame.trades = trades;
  if (cursor.code() !== OPEN_LIST) return cursor.fail();
  do {
    cursor.at++;
    const trade = tradeAt(cursor, instrument);
    if (trade === null) return cursor.fail();
    trades.push(trade);
  } while (cursor.code() === COMMA);
  if (cursor.code() !== CLOSE_LIST) return cursor.fail();
  cursor.at++;
  return true;
}

function tradeAt(cursor: TextCursor, instrument: Instrument): PublicTrade | null {
  if (cursor.code() !== OPEN) return null;
  let seen = 0;
  let execId = "";
  let isBuy = false;
  let ticks = 0;
  let steps = 0;
  let venueAtMs = 0;
  do {
    cursor.at++;
    const member = memberAt(cursor);
    if (member === 0 || (seen & member) !== 0) return null;
    seen |= member;
    if (member === SEEN.T) venueAtMs = cursor.whole();
    else if (member === SEEN.s) cursor.expectText(instrument.symbol);
    else if (member === SEEN.S) isBuy = sideIsBuy(cursor);
    else if (member === SEEN.v) steps = cursor.units(instrument.qty);
    else if (member === SEEN.p) ticks = cursor.units(instrument.price);
    else if (member === SEEN.i) execId = cursor.plainText();
    else if (member === SEEN.L) cursor.skipText();
    else if (member === SEEN.seq) cursor.whole();
    else cursor.flag();
    if (cursor.isLost) return null;
  } while (cursor.code() === COMMA);
  if (cursor.code() !== CLOSE || (seen & NEEDED) !== NEEDED || !(ticks > 0)) return null;
  cursor.at++;
  return tradeOf(asExecId(execId), isBuy ? "buy" : "sell", { ticks, steps, venueAtMs });
}

function memberAt(cursor: TextCursor): number {
  switch (cursor.codeAhead(1)) {
    case 84:
      return cursor.takeName("T") ? SEEN.T : 0;
    case 115:
      if (cursor.takeName("s")) return SEEN.s;
      return cursor.takeName("seq") ? SEEN.seq : 0;
    case 83:
      return cursor.takeName("S") ? SEEN.S : 0;
    case 118:
      return cursor.takeName("v") ? SEEN.v : 0;
    case 112:
      return cursor.takeName("p") ? SEEN.p : 0;
    case 105:
      return cursor.takeName("i") ? SEEN.i : 0;
    case 76:
      return cursor.takeName("L") ? SEEN.L : 0;
    case 66:
      return cursor.takeName("BT") ? SEEN.BT : 0;
    case 82:
      return cursor.takeName("RPI") ? SEEN.RPI : 0;
    default:
      return 0;
  }
}

function sideIsBuy(cursor: TextCursor): boolean {
  if (cursor.take('"Buy"')) return true;
  if (!cursor.take('"Sell"')) cursor.lose();
  return false;
}
