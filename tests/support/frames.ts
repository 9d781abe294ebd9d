/** Hand-made market frames for tests that look at one rule at a time. */
import type { BookFrame, PublicTrade, TickerFrame, TradesFrame } from "../../src/domain/event.ts";
import { asExecId, type PriceTicks, type QtySteps, type SymbolId } from "../../src/domain/units.ts";

type Level = readonly [ticks: number, steps: number];

interface BookShape {
  readonly id?: number;
  readonly depth?: number;
  readonly u?: number;
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
    updateId: shape.u ?? 100,
    crossSeq: shape.seq ?? 1_000,
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

export const delta = (shape: BookShape): BookFrame => bookFrame(false, { u: 101, ...shape });

export function trades(
  ...list: readonly (readonly ["buy" | "sell", number, number])[]
): TradesFrame {
  return {
    kind: "trades",
    symbolId: 0 as SymbolId,
    trades: list.map(
      ([side, ticks, steps], index): PublicTrade => ({
        execId: asExecId(`t${index}`),
        side,
        priceTicks: ticks as PriceTicks,
        qtySteps: steps as QtySteps,
        venueAtMs: 1_700_000_000_000 + index,
      }),
    ),
  };
}

export function tickerFrame(isSnapshot: boolean, fields: Record<string, string>): TickerFrame {
  return {
    kind: "ticker",
    symbolId: 0 as SymbolId,
    isSnapshot,
    venueAtMs: 1_700_000_000_000,
    fields,
  };
}
