/** What a strategy sees of one symbol, gathered at the moment of a decision. */
import { feesInBps } from "../domain/fees.ts";
import type { Side, SymbolId } from "../domain/units.ts";
import { bookAgeMs } from "../market/staleness.ts";
import { entryTicksOf, flatPosition } from "../portfolio/position.ts";
import type { SymbolView } from "../strategy/strategy.ts";
import { entryBarOf } from "./entry-bar.ts";
import type { KnowledgePart, OrdersPart } from "./state-parts.ts";
import { feesOf } from "./terms.ts";

/** The view of the strategy called `name`: own orders are those that it placed. */
export function viewOf(
  state: KnowledgePart,
  id: SymbolId,
  { name, atMs }: { readonly name: string; readonly atMs: number },
): SymbolView {
  const instrument = state.market.instrument(id);
  const book = state.market.book(id);
  const position = state.ledger.positions.get(id) ?? flatPosition(id);
  const bookUsable =
    book.state === "live" &&
    book.bidCount > 0 &&
    book.askCount > 0 &&
    bookAgeMs(book, atMs) <= state.limits.bookAgeMsMax;
  return {
    atMs,
    instrument,
    book,
    bookUsable,
    features: state.features,
    bars: state.bars,
    mayEnter: entryBarOf(state, id, { name, atMs }) === null,
    positionSteps: position.steps,
    entryTicks: entryTicksOf(position, instrument),
    openedAtMs: position.openedAtMs,
    ...feesInBps(feesOf(state, id)),
    ownBidTicks: ownTicks(state, id, { name, side: "buy" }),
    ownAskTicks: ownTicks(state, id, { name, side: "sell" }),
  };
}

function ownTicks(
  state: OrdersPart,
  id: SymbolId,
  own: { readonly name: string; readonly side: Side },
): number {
  for (const { intent, state: orderState } of state.orders.live(id)) {
    if (intent.strategy !== own.name || intent.purpose !== "entry") continue;
    if (intent.side === own.side && orderState === "open") return intent.priceTicks ?? 0;
  }
  return 0;
}
