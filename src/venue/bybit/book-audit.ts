/**
 * Compares one book a second with the venue's own answer over REST.
 *
 * Two pictures can only be compared when they are of the same instant. The cross sequence names the
 * instant, so while a request is under way every state that the book goes through is copied, and
 * the copy with the sequence of the answer is compared level by level. When the stream jumped over
 * that sequence nothing is known and the symbol is looked at again. A difference must show twice in
 * a row before it is called one.
 */
import type { BookFrame } from "../../domain/event.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolId } from "../../domain/units.ts";
import { toText } from "../../kernel/decimal.ts";
import type { OrderBook } from "../../market/book.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Counters } from "../common/counters.ts";
import type { Waits } from "../common/waits.ts";
import { decodeRestBook, type RestBook } from "./codec/decode-rest.ts";
import { CATEGORY } from "./codec/encode.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import type { RestClient } from "./rest-client.ts";

interface AuditOptions {
  readonly rest: RestClient;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly waits: Waits;
  readonly sink: EventSink;
  /** The book that trading believes. */
  readonly bookOf: (symbolId: SymbolId) => OrderBook;
}

/** 611 books in about ten minutes, at under one percent of the address budget. */
const AUDIT_EVERY_MS = 1_000;
/** Five seconds of the fastest deep topic: one message each 20 ms. */
const COPIES_MAX = 256;
/** The stream may be this far behind the REST answer. */
const STREAM_LAG_MS = 300;
const TRIES_MAX = 5;
const LEVELS = 50;

interface Copy {
  readonly crossSeq: number;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

type Verdict =
  | { readonly kind: "match" }
  | { readonly kind: "differs"; readonly detail: string }
  | { readonly kind: "inconclusive" };

export class BookAuditor {
  private readonly options: AuditOptions;
  private watched: SymbolId | null = null;
  private copies: Copy[] = [];
  private cursor = 0;
  private busy = false;

  constructor(options: AuditOptions) {
    this.options = options;
  }

  start(): void {
    this.options.waits.every(AUDIT_EVERY_MS, () => {
      const instrument = this.nextInstrument();
      if (instrument === undefined || this.busy) return;
      this.busy = true;
      void this.audit(instrument).finally(() => {
        this.busy = false;
        this.watched = null;
        this.copies = [];
      });
    });
  }

  /** To be called after a book frame was absorbed. */
  afterFrame(frame: BookFrame): void {
    if (frame.symbolId !== this.watched) return;
    if (this.copies.length < COPIES_MAX)
      this.copies.push(copyOf(this.options.bookOf(this.watched)));
  }

  /** The next symbol whose book is live, round and round. */
  private nextInstrument(): Instrument | undefined {
    const { table, bookOf } = this.options;
    const instruments = table.all();
    for (let step = 0; step < instruments.length; step++) {
      this.cursor = (this.cursor + 1) % instruments.length;
      const instrument = instruments[this.cursor];
      if (instrument !== undefined && bookOf(instrument.id).state === "live") return instrument;
    }
    return undefined;
  }

  private async audit(instrument: Instrument): Promise<void> {
    const { counters, sink, waits } = this.options;
    let differences = 0;
    for (let tries = 0; tries < TRIES_MAX && !waits.stopped; tries++) {
      const verdict = await this.compareOnce(instrument);
      if (waits.stopped || verdict === null) return;
      if (verdict.kind === "inconclusive") continue;
      differences = verdict.kind === "differs" ? differences + 1 : 0;
      if (verdict.kind === "differs" && differences < 2) continue;
      const detail = verdict.kind === "differs" ? verdict.detail : "equal to the REST book";
      counters.add(verdict.kind === "differs" ? "audits_differ" : "audits_match");
      const matched = verdict.kind === "match";
      sink({ kind: "book_audit", symbolId: instrument.id, matched, detail });
      return;
    }
    counters.add("audits_inconclusive");
  }

  /** Null when the book is no longer live or the venue did not answer. */
  private async compareOnce(instrument: Instrument): Promise<Verdict | null> {
    const { rest, bookOf, waits } = this.options;
    const book = bookOf(instrument.id);
    if (book.state !== "live") return null;
    this.watched = instrument.id;
    this.copies = [copyOf(book)];
    const result = await rest.call({
      method: "GET",
      path: "/v5/market/orderbook",
      query: { category: CATEGORY, symbol: instrument.symbol, limit: LEVELS },
      signed: false,
      purpose: "read",
      retries: 0,
    });
    if (result.kind !== "ok") return null;
    const theirs = decodeRestBook(result.envelope.result, instrument);
    if (theirs === null) return { kind: "differs", detail: "the REST book cannot be read" };
    if (book.sequence < theirs.crossSeq) await waits.pause(STREAM_LAG_MS);
    if (book.state !== "live") return null;
    return verdictOf(this.copies, theirs, instrument);
  }
}

function copyOf(book: OrderBook): Copy {
  return {
    crossSeq: book.sequence,
    bids: Array.from(book.bids.subarray(0, book.bidCount * 2)),
    asks: Array.from(book.asks.subarray(0, book.askCount * 2)),
  };
}

/** Pure: what the copies say about the venue's picture. */
export function verdictOf(
  copies: readonly Copy[],
  theirs: RestBook,
  instrument: Instrument,
): Verdict {
  const ours = copies.findLast((copy) => copy.crossSeq === theirs.crossSeq);
  if (ours === undefined) return { kind: "inconclusive" };
  const detail =
    differenceOf("bid", ours.bids, theirs.bids, instrument) ??
    differenceOf("ask", ours.asks, theirs.asks, instrument);
  return detail === null ? { kind: "match" } : { kind: "differs", detail };
}

function differenceOf(
  side: string,
  ours: readonly number[],
  theirs: RestBook["bids"],
  { price, qty }: Instrument,
): string | null {
  const text = (ticks: number | undefined, steps: number | undefined): string =>
    ticks === undefined || steps === undefined
      ? "nothing"
      : `${toText(price, ticks)} × ${toText(qty, steps)}`;
  const levels = Math.min(LEVELS, Math.max(ours.length / 2, theirs.length));
  for (let level = 0; level < levels; level++) {
    const [ticks, steps] = theirs[level] ?? [];
    const ourTicks = ours[level * 2];
    const ourSteps = ours[level * 2 + 1];
    if (ourTicks === ticks && ourSteps === steps) continue;
    return `${side} ${level + 1}: ours ${text(ourTicks, ourSteps)}, venue ${text(ticks, steps)}`;
  }
  return null;
}
