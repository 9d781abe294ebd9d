/** The final state of a replay in the exchange's own decimal text. */

import type { Instrument } from "../../domain/instrument.ts";
import type { ExecId, SymbolId } from "../../domain/units.ts";
import type { OrderBook } from "../../market/book.ts";
import type { MarketState } from "../../market/market-state.ts";
import type { Printers } from "./infer.ts";

interface PrintedBook {
  readonly u: number;
  /** Best first; each level is price and size. */
  readonly bids: readonly (readonly [price: string, size: string])[];
  readonly asks: readonly (readonly [price: string, size: string])[];
}

export interface PrintedTrade {
  readonly symbol: string;
  readonly execId: ExecId;
  /** The taker's side as the exchange writes it. */
  readonly side: "Buy" | "Sell";
  readonly price: string;
  readonly size: string;
  readonly venueAtMs: number;
}

interface PrintedBooks {
  readonly books: Readonly<Record<string, PrintedBook>>;
  /** Symbols left out because their book may not be believed, with the fault. */
  readonly quarantined: readonly string[];
}

/**
 * Books that were never fed are left out, quarantined ones are named instead. `updateIdOf` says the
 * venue's number of the last message of a book.
 */
export function printBooks(
  market: MarketState,
  printers: readonly Printers[],
  updateIdOf: (symbolId: SymbolId) => number,
): PrintedBooks {
  const books: Record<string, PrintedBook> = {};
  const quarantined: string[] = [];
  for (const [instrument, printer] of rowsOf(market, printers)) {
    const book = market.book(instrument.id);
    if (book.state === "quarantined") quarantined.push(`${instrument.symbol} (${book.fault})`);
    if (book.state === "live") {
      books[instrument.symbol] = { u: updateIdOf(instrument.id), ...printBook(book, printer) };
    }
  }
  return { books, quarantined };
}

/** One line a symbol or trade, for people. */
export function booksAsLines(books: Readonly<Record<string, PrintedBook>>): string[] {
  return Object.entries(books).map(([symbol, { u, bids, asks }]) => {
    const [bid, ask] = [bids[0], asks[0]].map((level) => level?.join(" × ") ?? "none");
    return `${symbol} u=${u} bid ${bid} ask ${ask} (${bids.length} bids, ${asks.length} asks)`;
  });
}

export function tickersAsLines(
  tickers: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string[] {
  return Object.entries(tickers).map(([symbol, fields]) => {
    const shown = Object.entries(fields).filter(([name]) => name !== "symbol");
    return `${symbol} ${shown.map(([name, text]) => `${name}=${text}`).join(" ")}`;
  });
}

export function tradesAsLines(trades: readonly PrintedTrade[]): string[] {
  return trades.map(
    ({ symbol, side, price, size, venueAtMs, execId }) =>
      `${venueAtMs} ${symbol} ${side} ${size} at ${price} ${execId}`,
  );
}

function rowsOf(market: MarketState, printers: readonly Printers[]) {
  const rows: (readonly [Instrument, Printers])[] = [];
  for (const instrument of market.instruments()) {
    const printer = printers[instrument.id];
    if (printer !== undefined) rows.push([instrument, printer]);
  }
  return rows;
}

function printBook(book: OrderBook, printers: Printers): Omit<PrintedBook, "u"> {
  const side = (levels: Float64Array, count: number) =>
    Array.from({ length: count }, (_, index): [string, string] => [
      printers.bookPrice(levels[index * 2] ?? 0),
      printers.bookSize(levels[index * 2 + 1] ?? 0),
    ]);
  return {
    bids: side(book.bids, book.bidCount),
    asks: side(book.asks, book.askCount),
  };
}
