/** A contract's status. Closing it cancels every order and settles positions at the index price. */
import type { SimInstrument } from "./api.ts";
import { cancelled, finish } from "./close.ts";
import type { ExchangeState, SymbolState } from "./exchange-state.ts";
import { closeByForce } from "./forced.ts";
import { HOUSE } from "./pool.ts";

export function changeStatus(
  state: ExchangeState,
  symbol: SymbolState,
  status: SimInstrument["status"],
): void {
  symbol.instrument.status = status;
  if (status !== "Closed") return;
  for (const account of state.accounts.values()) {
    for (const live of [...account.open.values()]) {
      if (live.symbol !== symbol) continue;
      finish(state, live, cancelled(live, "CancelBySettle", "EC_NoError"));
    }
  }
  for (const slot of [...symbol.book.slots("Buy"), ...symbol.book.slots("Sell")]) {
    if (state.pool.owner[slot] === HOUSE) symbol.book.remove(slot);
  }
  const priceTicks = symbol.indexTicks || symbol.markTicks || symbol.lastTicks;
  for (const cell of [...symbol.positions]) {
    closeByForce(state, cell, { priceTicks, execType: "Settle", createType: "CreateBySettle" });
  }
}
