/**
 * Reads the two hot messages straight from their text: books and trades. (Tickers are small: for
 * them JSON.parse measured no slower.)
 *
 * The scanner walks the text once, member by member, in whatever order the members come, and knows
 * only what the venue sends today: a topic first, plain texts without escapes, whole numbers, no
 * blanks. Anything else, a duplicate or unknown member, an off-grid number, a byte after the end,
 * makes it give up (null) and the caller's JSON reader decides. So it never has to judge: it may
 * only be right or decline.
 */
import type { PublicTrade, TradesFrame } from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import { asExecId } from "../../../domain/units.ts";
import { type Grid, scaleToGrid } from "../../../kernel/decimal.ts";
import { FRAME_LEVELS_MAX, type FrameSet, type NumberedBook, tradeOf } from "./frames.ts";
import type { KnownTopic, Routes } from "./routes.ts";

const PREFIX = '{"topic":"';
/** First letters of the topics. */
const ORDERBOOK = 111;
const PUBLIC_TRADE = 112;
const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
/** Below this a character may not stand in a JSON text unescaped. */
const BLANK = 32;
/** Fifteen digits are always exact in a double; longer numbers go to the JSON reader. */
const DIGITS_MAX = 15;
/** Where the cursor stands after something unexpected. */
const LOST = -1;

/** Members seen, as bits: a duplicate or a missing one is not for this reader. */
const SEEN = { type: 1, ts: 2, cs: 4, cts: 8, data: 16 } as const;
const SEEN_BOOK = { s: 1, b: 2, a: 4, u: 8, seq: 16 } as const;
const SEEN_TRADE = {
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
const ALL_BOOK = 31;
const TRADE_NEEDS = 63;

type HotTopic = Extract<KnownTopic, { kind: "book" | "trades" }>;
type HotFrame = NumberedBook | TradesFrame;

export class FastScanner {
  private readonly routes: Routes;
  private readonly frames: FrameSet;
  private text = "";
  /** The cursor; {@link LOST} after anything unexpected, and then it stays lost. */
  private at = 0;

  constructor(routes: Routes, frames: FrameSet) {
    this.routes = routes;
    this.frames = frames;
  }

  /** The refilled frame, or null when this reader declines the text. */
  scan(text: string): HotFrame | null {
    const kind = text.charCodeAt(PREFIX.length);
    if ((kind !== ORDERBOOK && kind !== PUBLIC_TRADE) || !text.startsWith(PREFIX)) return null;
    const topicEnd = text.indexOf('"', PREFIX.length);
    const topic = this.routes.topicOf(text.slice(PREFIX.length, topicEnd));
    if (topic.kind !== "book" && topic.kind !== "trades") return null;
    const instrument = this.routes.instrumentOf(topic);
    if (instrument === undefined) return null;
    this.text = text;
    this.at = topicEnd + 1;
    return this.message(topic, instrument);
  }

  private message(topic: HotTopic, instrument: Instrument): HotFrame | null {
    let seen = 0;
    let isSnapshot = false;
    let tsMs = 0;
    let ctsMs = 0;
    while (this.code() === COMMA) {
      this.at++;
      const member = this.topMember();
      if (member === 0 || (seen & member) !== 0) return null;
      seen |= member;
      if (member === SEEN.data) this.data(topic, instrument);
      else if (member === SEEN.type) isSnapshot = this.typeIsSnapshot();
      else {
        const value = this.whole();
        if (member === SEEN.ts) tsMs = value;
        else if (member === SEEN.cts) ctsMs = value;
      }
      if (this.at === LOST) return null;
    }
    if (this.code() !== CLOSE || this.at + 1 !== this.text.length) return null;
    const needed = SEEN.type | SEEN.ts | SEEN.data;
    if ((seen & needed) !== needed) return null;
    const { book, trades } = this.frames;
    if (topic.kind === "trades") {
      trades.symbolId = instrument.id;
      return trades;
    }
    book.symbolId = instrument.id;
    book.depth = topic.depth;
    book.isSnapshot = isSnapshot;
    book.venueAtMs = (seen & SEEN.cts) === 0 ? tsMs : ctsMs;
    return book;
  }

  private data(topic: HotTopic, instrument: Instrument): boolean {
    if (topic.kind === "book") return this.bookData(instrument);
    return this.tradesData(instrument);
  }

  // ------------------------------------------------------------------------------- book

  private bookData(instrument: Instrument): boolean {
    const { book } = this.frames;
    if (this.code() !== OPEN) return this.fail();
    let seen = 0;
    do {
      this.at++;
      const member = this.bookMember();
      if (member === 0 || (seen & member) !== 0) return this.fail();
      seen |= member;
      if (member === SEEN_BOOK.b) book.bidCount = this.levels(book.bids, instrument);
      else if (member === SEEN_BOOK.a) book.askCount = this.levels(book.asks, instrument);
      else if (member === SEEN_BOOK.u) book.updateId = this.whole();
      else if (member === SEEN_BOOK.seq) book.sequence = this.whole();
      else this.symbol(instrument.symbol);
    } while (this.code() === COMMA);
    if (this.code() !== CLOSE || seen !== ALL_BOOK) return this.fail();
    this.at++;
    return true;
  }

  /** `[["price","size"],…]` into interleaved ticks and steps; returns the number of levels. */
  private levels(into: Float64Array, { price, qty }: Instrument): number {
    const { text } = this;
    let at = this.at;
    if (text.charCodeAt(at) !== OPEN_LIST) return this.lost();
    if (text.charCodeAt(at + 1) === CLOSE_LIST) {
      this.at = at + 2;
      return 0;
    }
    let filled = 0;
    do {
      this.at = at + 1;
      if (text.charCodeAt(this.at) !== OPEN_LIST || filled >= FRAME_LEVELS_MAX * 2)
        return this.lost();
      this.at++;
      const ticks = this.decimal(price);
      if (this.at === LOST || text.charCodeAt(this.at) !== COMMA) return this.lost();
      this.at++;
      const steps = this.decimal(qty);
      at = this.at;
      if (at === LOST || !(ticks > 0) || text.charCodeAt(at) !== CLOSE_LIST) return this.lost();
      into[filled++] = ticks;
      into[filled++] = steps;
      at++;
    } while (text.charCodeAt(at) === COMMA);
    if (text.charCodeAt(at) !== CLOSE_LIST) return this.lost();
    this.at = at + 1;
    return filled / 2;
  }

  // ------------------------------------------------------------------------------- trades

  private tradesData(instrument: Instrument): boolean {
    const trades: PublicTrade[] = [];
    this.frames.trades.trades = trades;
    if (this.code() !== OPEN_LIST) return this.fail();
    do {
      this.at++;
      const trade = this.trade(instrument);
      if (trade === null) return this.fail();
      trades.push(trade);
    } while (this.code() === COMMA);
    if (this.code() !== CLOSE_LIST) return this.fail();
    this.at++;
    return true;
  }

  private trade(instrument: Instrument): PublicTrade | null {
    if (this.code() !== OPEN) return null;
    let seen = 0;
    let execId = "";
    let isBuy = false;
    let ticks = 0;
    let steps = 0;
    let venueAtMs = 0;
    do {
      this.at++;
      const member = this.tradeMember();
      if (member === 0 || (seen & member) !== 0) return null;
      seen |= member;
      if (member === SEEN_TRADE.T) venueAtMs = this.whole();
      else if (member === SEEN_TRADE.s) this.symbol(instrument.symbol);
      else if (member === SEEN_TRADE.S) isBuy = this.sideIsBuy();
      else if (member === SEEN_TRADE.v) steps = this.decimal(instrument.qty);
      else if (member === SEEN_TRADE.p) ticks = this.decimal(instrument.price);
      else if (member === SEEN_TRADE.i) execId = this.plainText();
      else if (member === SEEN_TRADE.L) this.plainText();
      else if (member === SEEN_TRADE.seq) this.whole();
      else this.flag();
      if (this.at === LOST) return null;
    } while (this.code() === COMMA);
    if (this.code() !== CLOSE || (seen & TRADE_NEEDS) !== TRADE_NEEDS || !(ticks > 0)) return null;
    this.at++;
    return tradeOf(asExecId(execId), isBuy ? "buy" : "sell", { ticks, steps, venueAtMs });
  }

  // ------------------------------------------------------------------------------- pieces

  private code(): number {
    return this.text.charCodeAt(this.at);
  }

  private lose(): void {
    this.at = LOST;
  }

  private fail(): false {
    this.at = LOST;
    return false;
  }

  private lost(): number {
    this.at = LOST;
    return 0;
  }

  /** Steps over `literal` when it stands here. */
  private take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  private topMember(): number {
    const third = this.text.charCodeAt(this.at + 2);
    switch (this.text.charCodeAt(this.at + 1)) {
      case 100:
        return this.take('"data":') ? SEEN.data : 0;
      case 116:
        if (third === 115) return this.take('"ts":') ? SEEN.ts : 0;
        return this.take('"type":') ? SEEN.type : 0;
      case 99:
        if (third === 115) return this.take('"cs":') ? SEEN.cs : 0;
        return this.take('"cts":') ? SEEN.cts : 0;
      default:
        return 0;
    }
  }

  private bookMember(): number {
    switch (this.text.charCodeAt(this.at + 1)) {
      case 115:
        if (this.text.charCodeAt(this.at + 2) === QUOTE) return this.take('"s":') ? SEEN_BOOK.s : 0;
        return this.take('"seq":') ? SEEN_BOOK.seq : 0;
      case 98:
        return this.take('"b":') ? SEEN_BOOK.b : 0;
      case 97:
        return this.take('"a":') ? SEEN_BOOK.a : 0;
      case 117:
        return this.take('"u":') ? SEEN_BOOK.u : 0;
      default:
        return 0;
    }
  }

  private tradeMember(): number {
    switch (this.text.charCodeAt(this.at + 1)) {
      case 84:
        return this.take('"T":') ? SEEN_TRADE.T : 0;
      case 115:
        if (this.take('"s":')) return SEEN_TRADE.s;
        return this.take('"seq":') ? SEEN_TRADE.seq : 0;
      case 83:
        return this.take('"S":') ? SEEN_TRADE.S : 0;
      case 118:
        return this.take('"v":') ? SEEN_TRADE.v : 0;
      case 112:
        return this.take('"p":') ? SEEN_TRADE.p : 0;
      case 105:
        return this.take('"i":') ? SEEN_TRADE.i : 0;
      case 76:
        return this.take('"L":') ? SEEN_TRADE.L : 0;
      case 66:
        return this.take('"BT":') ? SEEN_TRADE.BT : 0;
      case 82:
        return this.take('"RPI":') ? SEEN_TRADE.RPI : 0;
      default:
        return 0;
    }
  }

  private typeIsSnapshot(): boolean {
    if (this.take('"delta"')) return false;
    if (this.take('"snapshot"')) return true;
    this.lose();
    return false;
  }

  private sideIsBuy(): boolean {
    if (this.take('"Buy"')) return true;
    if (!this.take('"Sell"')) this.lose();
    return false;
  }

  private flag(): void {
    if (!this.take("false") && !this.take("true")) this.lose();
  }

  private symbol(symbol: string): void {
    const end = this.at + symbol.length + 1;
    const { text } = this;
    const fits =
      text.charCodeAt(this.at) === QUOTE &&
      text.charCodeAt(end) === QUOTE &&
      text.startsWith(symbol, this.at + 1);
    if (fits) this.at = end + 1;
    else this.lose();
  }

  /** A text without escapes. */
  private plainText(): string {
    const { text } = this;
    const start = this.at + 1;
    if (this.at === LOST || text.charCodeAt(this.at) !== QUOTE) {
      this.lose();
      return "";
    }
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return text.slice(start, at);
      }
      if (code === BACKSLASH || code < BLANK) break;
    }
    this.lose();
    return "";
  }

  /** A whole number of at most {@link DIGITS_MAX} digits, not negative. */
  private whole(): number {
    const { text } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; ) {
      value = value * 10 + (code - ZERO);
      code = text.charCodeAt(++at);
    }
    const digits = at - start;
    const hasLeadingZero = digits > 1 && text.charCodeAt(start) === ZERO;
    if (digits === 0 || digits > DIGITS_MAX || hasLeadingZero) return this.lost();
    this.at = at;
    return value;
  }

  /** A quoted decimal on the grid, as whole units; lost when it is anything else. */
  private decimal(grid: Grid): number {
    const { text } = this;
    let at = this.at;
    if (text.charCodeAt(at) !== QUOTE) return this.lost();
    let mantissa = 0;
    let point = 0;
    for (;;) {
      const code = text.charCodeAt(++at);
      if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
      else if (code === DOT && point === 0) point = at;
      else if (code === QUOTE) break;
      else return this.lost();
    }
    if (at === this.at + 1) return this.lost();
    const units = scaleToGrid(grid, mantissa, point === 0 ? 0 : at - point - 1);
    if (Number.isNaN(units)) return this.lost();
    this.at = at + 1;
    return units;
  }
}
