/**
 * Everything the engine knows about the market, per symbol: book, ticker, last audit.
 *
 * Rows exist from the moment the instruments are loaded but stay empty until their first frame, so
 * that a quiet symbol costs a few hundred bytes.
 */
import type {
  BookFault,
  BookFrame,
  BookPicture,
  MarketEvent,
  TickerFrame,
} from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import { type GridChange, gridChangeOf } from "../domain/recount.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert, must, unreachable } from "../kernel/assert.ts";
import { toText } from "../kernel/decimal.ts";
import { OrderBook } from "./book.ts";
import { BookCheck, type Finding } from "./book-check.ts";
import { Ticker } from "./ticker.ts";

/** The last comparison of a book with the venue's own answer. */
interface BookAuditRecord {
  readonly matched: boolean;
  readonly atMs: number;
  readonly detail: string;
}

interface Row {
  instrument: Instrument;
  readonly book: OrderBook;
  readonly ticker: Ticker;
  audit: BookAuditRecord | null;
  /** Our clock since when the ticker, newer than the book, names other best prices; 0 when not. */
  disagreesSinceMs: number;
}

/**
 * A moved touch shows in a book within tens of milliseconds and in a ticker within about 100; ten
 * times the slower one is no longer the order in which the two arrive.
 */
export const DISAGREE_MS = 1_000;

export class MarketState {
  private readonly rows: Row[] = [];
  private readonly ids = new Map<string, SymbolId>();
  /** Books between a clean snapshot and the end of their quarantine. */
  private readonly recovering = new Set<OrderBook>();
  private readonly check = new BookCheck();

  /** Number of instruments; ids are 0 … size-1. */
  get size(): number {
    return this.rows.length;
  }

  /**
   * Takes the whole list: known ids get their new terms, new ids are appended. Returns the changed
   * grids: what is held of those contracts is still in their old units, see {@link recount}.
   */
  load(instruments: readonly Instrument[]): readonly GridChange[] {
    const changes: GridChange[] = [];
    for (const instrument of instruments) {
      const row = this.rows[instrument.id];
      if (row !== undefined) {
        assert(row.instrument.symbol === instrument.symbol, "an id keeps its symbol");
        const change = gridChangeOf(row.instrument, instrument);
        if (change !== null) changes.push(change);
        row.instrument = instrument;
        continue;
      }
      assert(instrument.id === this.rows.length, "instrument ids are dense and in order");
      this.rows.push(emptyRow(instrument));
      this.ids.set(instrument.symbol, instrument.id);
    }
    return changes;
  }

  /**
   * Goes over to the new units of a contract. Its book is no longer believed: it needs a new
   * subscription, and the returned fault says why.
   */
  recount(change: GridChange, atMs: number): string {
    const row = this.row(change.after.id);
    row.ticker.recount(change);
    row.disagreesSinceMs = 0;
    const { price, priceLotTicks, qty, qtyLotSteps } = change.after;
    const tick = toText(price, priceLotTicks);
    const step = toText(qty, qtyLotSteps);
    const fault = `the grid changed: tick ${tick}, step ${step}`;
    const found = must(
      this.absorb({ kind: "book_fault", symbolId: change.after.id, fault }, atMs),
      "a book fault is one",
    );
    this.check.forget(change.after.id);
    return found;
  }

  instrument(id: SymbolId): Instrument {
    return this.row(id).instrument;
  }

  /** All instruments, by id. */
  instruments(): Instrument[] {
    return this.rows.map((row) => row.instrument);
  }

  idOf(symbol: string): SymbolId | undefined {
    return this.ids.get(symbol);
  }

  book(id: SymbolId): OrderBook {
    return this.row(id).book;
  }

  /** The book at a place in the list of instruments; undefined beyond its end. */
  bookAt(index: number): OrderBook | undefined {
    return this.rows[index]?.book;
  }

  ticker(id: SymbolId): Ticker {
    return this.row(id).ticker;
  }

  bookAudit(id: SymbolId): BookAuditRecord | null {
    return this.row(id).audit;
  }

  /**
   * Folds one event in. Returns the text of a new book fault: that book needs a new subscription.
   */
  absorb(event: MarketEvent | BookFault | BookPicture, atMs: number): string | null {
    if (this.recovering.size > 0) this.settle(atMs);
    const row = this.row(event.symbolId);
    switch (event.kind) {
      case "book":
        row.disagreesSinceMs = 0;
        return this.absorbBook(row, event, atMs);
      case "trades":
      case "bar":
        // Trades are folded into features and bars, not kept here.
        return null;
      case "ticker":
        return this.absorbTicker(row, event, atMs);
      case "book_fault":
        return this.quarantine(row.book, event.fault);
      case "book_picture":
        return this.note(row, this.check.onPicture(event, row.book, row.instrument), atMs);
      default:
        return unreachable(event);
    }
  }

  /** The symbol whose book the venue shall be asked for now, null when none is to be checked. */
  nextToCheck(atMs: number): SymbolId | null {
    return this.check.begin(this, atMs);
  }

  /** Ends the quarantines whose quiet period is over. `absorb` does it by itself. */
  settle(atMs: number): void {
    for (const book of this.recovering) {
      if (book.settle(atMs) || !book.isRecovering) this.recovering.delete(book);
    }
  }

  private absorbBook(row: Row, frame: BookFrame, atMs: number): string | null {
    const { book } = row;
    const fault = book.apply(frame, atMs);
    if (book.state === "quarantined" && book.isRecovering) this.recovering.add(book);
    if (!this.check.watches(frame.symbolId)) return fault;
    return this.note(row, this.check.afterFrame(book, row.instrument), atMs) ?? fault;
  }

  /** Keeps what a finished check found. Returns the fault when the book was not the venue's. */
  private note(row: Row, finding: Finding, atMs: number): string | null {
    if (finding === null) return null;
    row.audit = { ...finding, atMs };
    return finding.matched ? null : this.quarantine(row.book, `audit: ${finding.detail}`);
  }

  /**
   * A book whose topic fell silent looks like a quiet one, but the ticker goes on. When its best
   * prices move away from the book's and stay away for longer than the two streams ever differ,
   * with no frame of the book between, the book is not what the venue has.
   */
  private absorbTicker(row: Row, frame: TickerFrame, atMs: number): string | null {
    const { book, ticker } = row;
    const { bidTicks, askTicks } = ticker;
    ticker.apply(frame, row.instrument, atMs);
    if (book.state !== "live" || !contradicts(ticker, book)) {
      row.disagreesSinceMs = 0;
      return null;
    }
    const moved = ticker.bidTicks !== bidTicks || ticker.askTicks !== askTicks;
    if (row.disagreesSinceMs === 0) {
      if (moved) row.disagreesSinceMs = atMs;
      return null;
    }
    const forMs = atMs - row.disagreesSinceMs;
    if (forMs < DISAGREE_MS) return null;
    row.disagreesSinceMs = 0;
    const ours = `${book.bestBidTicks}/${book.bestAskTicks}`;
    const theirs = `${ticker.bidTicks}/${ticker.askTicks}`;
    return this.quarantine(book, `ticker says ${theirs} ticks for ${forMs} ms, book ${ours}`);
  }

  private quarantine(book: OrderBook, fault: string): string {
    this.recovering.delete(book);
    return book.quarantine(fault);
  }

  private row(id: SymbolId): Row {
    return must(this.rows[id], "every symbol id in an event was loaded before");
  }
}

function emptyRow(instrument: Instrument): Row {
  return {
    instrument,
    book: new OrderBook(instrument.id),
    ticker: new Ticker(),
    audit: null,
    disagreesSinceMs: 0,
  };
}

/** Whether a ticker newer than the book's last frame names other best prices. */
function contradicts(ticker: Ticker, book: OrderBook): boolean {
  const { bidTicks, askTicks } = ticker;
  if (bidTicks === 0 || askTicks === 0 || ticker.venueAtMs <= book.venueAtMs) return false;
  return bidTicks !== book.bestBidTicks || askTicks !== book.bestAskTicks;
}
