/**
 * Reads books, trades and tickers straight from their text.
 *
 * The scanner walks the text once, member by member, in whatever order the members come, and knows
 * only what the venue sends today: a topic first, plain texts without escapes, whole numbers, no
 * blanks. Anything else, a duplicate or (outside of tickers) unknown member, an off-grid number, a
 * byte after the end, makes it give up (null) and the caller's JSON reader decides. So it never has
 * to judge: it may only be right or decline.
 */
import type { TickerFrame, TradesFrame } from "../../../domain/event.ts";
import type { FrameSet, NumberedBook } from "./frames.ts";
import type { Route, Routes } from "./routes.ts";
import { scanBook } from "./scan-book.ts";
import { TickerScanner } from "./scan-ticker.ts";
import { scanTrades } from "./scan-trades.ts";
import { CLOSE, COMMA, TextCursor } from "./text-cursor.ts";

const PREFIX = '{"topic":"';
/** Members seen, as bits: a duplicate or a missing one is not for this reader. */
const SEEN = { type: 1, ts: 2, cs: 4, cts: 8, data: 16 } as const;
const NEEDED = SEEN.type | SEEN.ts | SEEN.data;

type HotFrame = NumberedBook | TradesFrame | TickerFrame;

export class FastScanner {
  private readonly routes: Routes;
  private readonly frames: FrameSet;
  private readonly cursor = new TextCursor();
  private readonly tickers: TickerScanner;
  private isSnapshot = false;
  private tsMs = 0;
  private ctsMs = 0;

  constructor(routes: Routes, frames: FrameSet) {
    this.routes = routes;
    this.frames = frames;
    this.tickers = new TickerScanner(this.cursor);
  }

  /** The refilled frame, or null when this reader declines the text. */
  scan(text: string): HotFrame | null {
    const { cursor } = this;
    cursor.text = text;
    cursor.at = 0;
    if (!cursor.take(PREFIX)) return null;
    const route = this.routes.take(cursor);
    if (route === null || route.topic.kind === "bar") return null;
    const seen = this.members(route);
    const isWhole = cursor.code() === CLOSE && cursor.at + 1 === text.length;
    if (!isWhole || (seen & NEEDED) !== NEEDED) return null;
    return this.frameOf(route, (seen & SEEN.cts) !== 0);
  }

  /** Reads the members after the topic; answers which were there, 0 when it declines. */
  private members(route: Route): number {
    const { cursor } = this;
    let seen = 0;
    while (cursor.code() === COMMA) {
      cursor.at++;
      const member = this.member();
      if (member === 0 || (seen & member) !== 0) return 0;
      seen |= member;
      if (member === SEEN.data) this.data(route);
      else if (member === SEEN.type) this.type();
      else if (member === SEEN.ts) this.tsMs = cursor.whole();
      else if (member === SEEN.cts) this.ctsMs = cursor.whole();
      else cursor.whole();
      if (cursor.isLost) return 0;
    }
    return seen;
  }

  private data({ topic, instrument }: Route): boolean {
    const { cursor, frames } = this;
    if (topic.kind === "book") return scanBook(cursor, frames.book, instrument);
    if (topic.kind === "trades") return scanTrades(cursor, frames.trades, instrument);
    return this.tickers.data(frames.ticker, instrument);
  }

  private frameOf({ topic, instrument }: Route, hasCts: boolean): HotFrame {
    const { book, trades, ticker } = this.frames;
    if (topic.kind === "trades") {
      trades.symbolId = instrument.id;
      return trades;
    }
    if (topic.kind === "book") {
      book.symbolId = instrument.id;
      book.depth = topic.depth;
      book.isSnapshot = this.isSnapshot;
      book.venueAtMs = hasCts ? this.ctsMs : this.tsMs;
      return book;
    }
    ticker.symbolId = instrument.id;
    ticker.isSnapshot = this.isSnapshot;
    ticker.venueAtMs = this.tsMs;
    return ticker;
  }

  private type(): void {
    const { cursor } = this;
    this.isSnapshot = cursor.take('"snapshot"');
    if (!this.isSnapshot && !cursor.take('"delta"')) cursor.lose();
  }

  private member(): number {
    const { cursor } = this;
    switch (cursor.codeAhead(1)) {
      case 100:
        return cursor.takeName("data") ? SEEN.data : 0;
      case 116:
        if (cursor.takeName("ts")) return SEEN.ts;
        return cursor.takeName("type") ? SEEN.type : 0;
      case 99:
        if (cursor.takeName("cs")) return SEEN.cs;
        return cursor.takeName("cts") ? SEEN.cts : 0;
      default:
        return 0;
    }
  }
}
