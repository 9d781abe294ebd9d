/** The book as the record is to keep it after a change. */
import type { SymbolId } from "../domain/units.ts";
import { toText } from "../kernel/decimal.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { StoredSums } from "../portfolio/stored-book.ts";
import type { BookAfter } from "./audit.ts";
import { markOf } from "./day.ts";
import type { MarketPart, MoneyPart, PositionsPart, TenancyPart } from "./state-parts.ts";

/** What the record keeps of a symbol's position after it changed, and the sums with it. */
export function bookAfter(
  state: MarketPart & PositionsPart & TenancyPart & MoneyPart,
  id: SymbolId,
): BookAfter {
  const { symbol, qty } = state.market.instrument(id);
  const position = state.ledger.position(id);
  const mark = markOf(state, position);
  return {
    position: {
      symbol,
      qtyText: toText(qty, position.steps),
      cost: position.cost,
      markText: mark === 0n ? "" : fixedToText(mark),
      owner: state.tenancy.ownerOf(id)?.name ?? "",
      isForeign: position.isForeign,
      openedAtMs: position.openedAtMs,
      adoptedVenueAtMs: position.adoptedVenueAtMs,
    },
    sums: sumsNow(state),
  };
}

/** Sums over the life of the account: of earlier runs and of this one. */
export function sumsNow({ ledger, carried }: PositionsPart & MoneyPart): StoredSums {
  return {
    realised: carried.realised + ledger.realised,
    fees: carried.fees + ledger.fees,
    funding: carried.funding + ledger.funding,
    apart: carried.apart + ledger.apart,
  };
}
