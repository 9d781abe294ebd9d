/** Hand-made market frames for tests that look at one rule at a time. */
import type { BookFrame, TickerFrame } from "../../src/domain/event.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import type { SymbolId } from "../../src/domain/units.ts";
import { fillTicker } from "../../src/venue/bybit/codec/fill-ticker.ts";
import { unsaidTicker } from "../../src/venue/common/codec/unsaid-ticker.ts";
import { instrumentOf } from "./instruments.ts";

type Level = readonly [ticks: number, steps: number];

interface BookShape {
  readonly id?: number;
  readonly depth?: number;
  readonly seq?: number;
  readonly bids?: readonly Level[];
  readonly asks?: readonly Level[];
}

function bookFrame(isSnapshot: boolean, shape: BookShape): BookFrame {
  const bids = shape.bids ?? [];
  const asks = shape.asks ?? [];
  return {
    kind: "book",
    symbolId: (shape.id ?? 0) as SymbolId,
    depth: shape.depth ?? 50,
    isSnapshot,
    sequence: shape.seq ?? 1_000,
    venueAtMs: 1_700_000_000_000,
    bidCount: bids.length,
    askCount: asks.length,
    bids: Float64Array.from(bids.flat()),
    asks: Float64Array.from(asks.flat()),
  };
}

export const snapshot = (shape: BookShape = {}): BookFrame =>
  bookFrame(true, {
    bids: [
      [99, 5],
      [98, 6],
    ],
    asks: [
      [101, 7],
      [102, 8],
    ],
    ...shape,
  });

export const delta = (shape: BookShape): BookFrame => bookFrame(false, shape);

/** A ticker without a word in it: every number is unchanged. */
export function tickerFrame(isSnapshot: boolean, said: Partial<TickerFrame> = {}): TickerFrame {
  const frame = unsaidTicker(0 as SymbolId, isSnapshot);
  return { ...frame, venueAtMs: 1_700_000_000_000, ...said };
}

/** The same from Bybit's own names and texts, as its decoder makes it. */
export function tickerOf(
  isSnapshot: boolean,
  fields: Readonly<Record<string, string>>,
  instrument: Instrument = instrumentOf({ symbol: "BTCUSDT" }),
): TickerFrame {
  const frame = tickerFrame(isSnapshot, { symbolId: instrument.id });
  fillTicker(frame, fields, instrument);
  return frame;
}

/** The venue's own names and texts in a ticker. */
export function textsOf({ texts }: TickerFrame): Record<string, string> {
  const found: Record<string, string> = {};
  const put = (name: string, source: string, start: number, end: number) => {
    found[name] = source.slice(start, end);
  };
  texts.copyInto({ put });
  return found;
}
