/** The venue's own book over REST, as it is asked for: what the stream's books are held against. */
import type { BookPicture } from "../../domain/event.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolId } from "../../domain/units.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import { decodeRestBook } from "./codec/decode-rest.ts";
import { CATEGORY } from "./codec/encode.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import type { RestCaller } from "./rest-client.ts";

interface BookPicturesOptions {
  readonly rest: RestCaller;
  readonly table: SymbolTable;
  readonly log: LogPort;
  readonly sink: EventSink;
}

/** As deep as the stream's topic. */
const LEVELS = 50;

export class BookPictures {
  private readonly options: BookPicturesOptions;

  constructor(options: BookPicturesOptions) {
    this.options = options;
  }

  /** Answers with `book_picture`, also when there is none. */
  fetch(symbolId: SymbolId): void {
    const { sink, table } = this.options;
    const instrument = table.at(symbolId);
    if (instrument === undefined) return;
    const { gridGeneration } = table;
    void this.pictureOf(instrument).then((picture) => {
      // Meanwhile the contract may be counted in other units.
      const isOfNow = table.gridGeneration === gridGeneration;
      sink({ kind: "book_picture", symbolId, picture: isOfNow ? picture : null });
    });
  }

  private async pictureOf(instrument: Instrument): Promise<BookPicture["picture"]> {
    const { rest, log } = this.options;
    const result = await rest.call({
      method: "GET",
      path: "/v5/market/orderbook",
      query: { category: CATEGORY, symbol: instrument.symbol, limit: LEVELS },
      signed: false,
      purpose: "read",
      retries: 0,
    });
    if (result.kind !== "ok") return null;
    const book = decodeRestBook(result.envelope.result, instrument);
    if (book === null) {
      log.warn("a REST book cannot be read", { symbol: instrument.symbol });
      return null;
    }
    return {
      sequence: book.crossSeq,
      depth: LEVELS,
      bids: book.bids.flat(),
      asks: book.asks.flat(),
    };
  }
}
