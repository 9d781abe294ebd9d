/** What is known of an order of somebody else; `stranger-orders.ts` says what follows from it. */
import type { SymbolId, VenueOrderId } from "../domain/units.ts";

/** Its value is in USDT, which no change of a contract's units moves. */
interface StrangerOrder {
  readonly symbolId: SymbolId;
  readonly usdt: number;
}

export type StrangerOrders = Map<VenueOrderId, StrangerOrder>;
