/**
 * The venue's tickers in its own names and text, merged: what `/api/monitor/tickers` serves and a
 * replay prints. The only place where those texts are kept.
 *
 * A missing field is unchanged; an empty text means the venue cleared it.
 */
import type { InstrumentsLoaded, TextRow, TickerFrame } from "../domain/event.ts";

/** Names over all symbols: venues send about 30; what comes beyond this is not a ticker's. */
export const TICKER_FIELDS_MAX = 128;

/**
 * One symbol's texts, as the parts of messages that they came as: nothing is cut out before
 * somebody reads. A row keeps the messages alive that its fields came in: some ten of a few hundred
 * bytes.
 */
class Row {
  /** By place of the name. */
  readonly sources: (string | undefined)[] = [];
  /** Start and end of each, interleaved. */
  readonly spans: number[] = [];
}

export class TickerBoard implements TextRow {
  private readonly symbols: string[] = [];
  /** By symbol id; none before the first frame. */
  private readonly rows: (Row | undefined)[] = [];
  /** The names of all rows, in order of their first appearance. */
  private readonly names: string[] = [];
  /** Where the next name is looked for first: fields come in much the same order each time. */
  private at = 0;
  /** The row that a frame is just copied into. */
  private row = new Row();
  private changes = 0;

  /** Rises with every change: the key of cached bytes. */
  version(): number {
    return this.changes;
  }

  /** The texts by symbol, as they are now. */
  tickers(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const bySymbol: Record<string, Record<string, string>> = {};
    for (const [id, row] of this.rows.entries()) {
      const symbol = this.symbols[id];
      if (row !== undefined && symbol !== undefined) bySymbol[symbol] = this.textsOf(row);
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
    if (row === undefined || event.isSnapshot) {
      row = new Row();
      this.rows[event.symbolId] = row;
    }
    this.row = row;
    this.at = 0;
    event.texts.copyInto(this);
    this.changes++;
  }

  /** For the frame that is being absorbed. */
  put(name: string, source: string, start: number, end: number): void {
    const place = this.placeOf(name);
    if (place >= TICKER_FIELDS_MAX) return;
    this.row.sources[place] = source;
    this.row.spans[place * 2] = start;
    this.row.spans[place * 2 + 1] = end;
    this.at = place + 1;
  }

  /** The place of a name; a new one gets the next, as long as there are any. */
  private placeOf(name: string): number {
    const { names, at } = this;
    for (let place = at; place < names.length; place++) if (names[place] === name) return place;
    for (let place = 0; place < at; place++) if (names[place] === name) return place;
    if (names.length < TICKER_FIELDS_MAX) names.push(name);
    else return TICKER_FIELDS_MAX;
    return names.length - 1;
  }

  private textsOf({ sources, spans }: Row): Record<string, string> {
    const texts: Record<string, string> = {};
    for (const [place, source] of sources.entries()) {
      const name = this.names[place];
      if (source === undefined || name === undefined) continue;
      texts[name] = source.slice(spans[place * 2], spans[place * 2 + 1]);
    }
    return texts;
  }
}
