/**
 * The venue's tickers in its own names and text, merged: what `/api/monitor/tickers` serves.
 *
 * A second fold of the same ticker events that the engine gets, so that a reader never reaches into
 * the engine. A missing field is unchanged; an empty text means the venue cleared it.
 */
import type { InstrumentsLoaded, TickerFrame } from "../domain/event.ts";

export class TickerBoard {
  private readonly symbols: string[] = [];
  private readonly rows: Record<string, Record<string, string>> = {};
  private changes = 0;

  /** Rises with every change: the key of cached bytes. */
  version(): number {
    return this.changes;
  }

  /** Live rows by symbol: read them, never write them. */
  tickers(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    return this.rows;
  }

  absorb(event: TickerFrame | InstrumentsLoaded): void {
    if (event.kind === "instruments") {
      for (const { id, symbol } of event.instruments) this.symbols[id] = symbol;
      return;
    }
    const symbol = this.symbols[event.symbolId];
    if (symbol === undefined) return;
    const known = this.rows[symbol];
    if (event.isSnapshot || known === undefined) this.rows[symbol] = { ...event.fields };
    else Object.assign(known, event.fields);
    this.changes++;
  }
}
