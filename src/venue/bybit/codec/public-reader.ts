/**
 * The public stream as the rest of the program may have it: texts in, frames that follow each other
 * out. Decoding looks at one message alone; this adds what takes memory, the continuity of books.
 */
import type { BarFrame, BookFrame, TickerFrame, TradesFrame } from "../../../domain/event.ts";
import type { SymbolId } from "../../../domain/units.ts";
import { BookContinuity } from "./book-continuity.ts";
import { type PublicDecoded, PublicDecoder } from "./decode-public.ts";
import type { SymbolTable } from "./symbol-table.ts";

export type PublicRead =
  | { readonly kind: "frame"; readonly event: BookFrame | TradesFrame | TickerFrame }
  | { readonly kind: "frames"; readonly events: readonly BarFrame[] }
  /** A book message that nobody may apply: it comes after a fault, or of a shallower depth. */
  | { readonly kind: "left_out"; readonly event: BookFrame }
  /** A book message that does not follow: one was missed, came twice, or out of turn. */
  | {
      readonly kind: "gap";
      readonly symbolId: SymbolId;
      readonly event: BookFrame;
      readonly fault: string;
    }
  | Extract<PublicDecoded, { readonly kind: "fault" | "control" | "unknown" }>;

export class PublicReader {
  private readonly decoder: PublicDecoder;
  private readonly continuity = new BookContinuity();

  constructor(table: SymbolTable) {
    this.decoder = new PublicDecoder(table);
  }

  /** Books, trades and tickers that needed the JSON reader. */
  get slowCount(): number {
    return this.decoder.slowCount;
  }

  /** Total: any text gives a value. The result and its frames are valid until the next call. */
  read(text: string): PublicRead {
    const decoded = this.decoder.decode(text);
    if (decoded.kind === "frame" && decoded.event.kind === "book") {
      const { event } = decoded;
      const judgement = this.continuity.judge(event);
      if (judgement.kind === "follows") return decoded;
      if (judgement.kind === "left_out") return { kind: "left_out", event };
      return { kind: "gap", symbolId: event.symbolId, event, fault: judgement.fault };
    }
    if (decoded.kind === "fault" && decoded.topic === "book") {
      this.continuity.awaitSnapshot(decoded.symbolId);
    }
    return decoded;
  }

  /** Frames of this book follow again from its next snapshot on. */
  awaitSnapshot(symbolId: SymbolId): void {
    this.continuity.awaitSnapshot(symbolId);
  }

  /** The venue's number of the last book message that followed; 0 before the first. */
  updateIdOf(symbolId: SymbolId): number {
    return this.continuity.updateIdOf(symbolId);
  }
}
