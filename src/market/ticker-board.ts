/**
 * The venue's tickers in its own names and text, merged: what `/api/monitor/tickers` serves and a
 * replay prints. The only place where those texts are kept.
 *
 * A missing field is unchanged; an empty text means the venue cleared it.
 */
import type { InstrumentsLoaded, TickerFrame } from "../domain/event.ts";

/** Venues send about 30 fields; what comes beyond this is not a ticker's. */
export const TICKER_FIELDS_MAX = 128;

class Row {
  texts: Record<string, string> = {};
  private fieldCount = 0;

  clear(): void {
    this.texts = {};
    this.fieldCount = 0;
  }

  put(name: string, text: string): void {
    if (this.texts[name] === undefined) {
      if (this.fieldCount >= TICKER_FIELDS_MAX) return;
      this.fieldCount++;
    }
    this.texts[name] = text;
  }
}

export class TickerBoard {
  private readonly symbols: string[] = [];
  /** By symbol id; none before the first frame. */
  private readonly rows: (Row | undefined)[] = [];
  private changes = 0;

  /** Rises with every change: the key of cached bytes. */
  version(): number {
    return this.changes;
  }

  /** Live rows by symbol: read them, never write them. */
  tickers(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const bySymbol: Record<string, Record<string, string>> = {};
    for (const [id, row] of this.rows.entries()) {
      const symbol = this.symbols[id];
      if (row !== undefined && symbol !== undefined) bySymbol[symbol] = row.texts;
    }
    return bySymbol;
  }

  absorb(event: TickerFrame | InstrumentsLoaded): void {
    if (event.kind === "instruments") {
      for (const { id, symbol } of event.instruments) this.symbols[id] = symbol;
      return;
    }
    if (this.symbols[event.symbolId] === undefined) return;
    let row = this.rows[event.symbolId];
    if (row === undefined) {
      row = new Row();
      this.rows[event.symbolId] = row;
    } else if (event.isSnapshot) row.clear();
    event.texts.copyInto(row);
    this.changes++;
  }
}
