import type { OrderTarget } from "../../../src/domain/order.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { Bars } from "../../../src/market/bar-builder.ts";
import { OrderBook } from "../../../src/market/book.ts";
import { maker } from "../../../src/strategy/maker.ts";
import { STRATEGIES } from "../../../src/strategy/registry.ts";
import type { SymbolView } from "../../../src/strategy/strategy.ts";
import { defaultsOf } from "../../../src/strategy/strategy-parameters.ts";
import { instrumentOf } from "../engine/tape.ts";

export const ID = 0 as SymbolId;
export const DEFAULT_MAKER = defaultsOf(maker.parameters, "real");
export const MAKER = { ...DEFAULT_MAKER, edgeBpsMin: -100 };
/** What the registered strategies read. */
export const STRATEGY_FEATURES = STRATEGIES.flatMap(({ needs }) => needs.features);

/** Best levels as [ticks, steps]. */
export function bookOf(bid: readonly [number, number], ask: readonly [number, number]): OrderBook {
  const book = new OrderBook(ID);
  const fault = book.apply(
    {
      kind: "book",
      symbolId: ID,
      depth: 50,
      isSnapshot: true,
      sequence: 1,
      venueAtMs: 1,
      bidCount: 1,
      askCount: 1,
      bids: Float64Array.from(bid),
      asks: Float64Array.from(ask),
    },
    1,
  );
  if (fault !== null) throw new Error(fault);
  return book;
}

/** The maker's features, warm: the same book three seconds long. */
function featuresOf(book: OrderBook): FeatureTable {
  const features = new FeatureTable(STRATEGY_FEATURES);
  features.load([instrumentOf(0)]);
  for (const atMs of [1_000, 2_000, 3_000]) features.onBook(ID, book, atMs);
  return features;
}

export function viewOf(
  terms: Partial<SymbolView> = {},
  bid: readonly [number, number] = [10_000, 500],
  ask: readonly [number, number] = [10_001, 500],
): SymbolView {
  const book = bookOf(bid, ask);
  const features = featuresOf(book);
  return {
    atMs: 100_000,
    instrument: instrumentOf(0),
    book,
    bookUsable: true,
    features,
    bars: new Bars(new Map(), () => {}),
    mayEnter: true,
    positionSteps: 0,
    entryTicks: Number.NaN,
    openedAtMs: 0,
    makerFeeBps: 2,
    takerFeeBps: 5.5,
    ownBidTicks: 0,
    ownAskTicks: 0,
    ...terms,
  };
}

/** "buy 10 @ 10000 entry post_only": what a target says, for tables. */
export function textOf(target: OrderTarget): string {
  const price = target.priceTicks === null ? "market" : `@ ${target.priceTicks}`;
  return `${target.side} ${target.qtySteps} ${price} ${target.purpose} ${target.timeInForce}`;
}
