/**
 * Gathers the account's margin for the gate: the wallet as told, and what it cannot know of yet.
 */
import { bpsOfRate } from "../domain/fees.ts";
import { isLive } from "../domain/order.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { type MarginState, orderCostUsdtOf } from "../risk/order-cost.ts";
import { exposedSymbols, exposureOf, notionalOfOrder } from "./account-exposure.ts";
import type { KnowledgePart, SettingsPart, TermsPart } from "./state-parts.ts";
import { feesOf } from "./terms.ts";

/** A wallet report is this much older than it looks: what it tells left the venue before. */
const REPORT_AGE_MS = 500;

/** Null while no wallet is known. */
export function marginOf(state: KnowledgePart): MarginState | null {
  const { wallet, walletAtMs, equity, orders } = state;
  if (wallet === null) return null;
  let usedUsdt = 0;
  for (const id of exposedSymbols(state)) usedUsdt += exposureOf(state, id) / leverageOf(state, id);
  let unseenUsdt = 0;
  for (const id of orders.liveSymbols()) {
    for (const row of orders.live(id)) {
      const isUnseen = row.createdAtMs >= walletAtMs - REPORT_AGE_MS && isLive(row.state);
      if (row.intent.purpose !== "entry" || !isUnseen) continue;
      const valueUsdt = notionalOfOrder(state, row);
      unseenUsdt += orderCostUsdtOf(valueUsdt, leverageOf(state, id), takerFeeBpsOf(state, id));
    }
  }
  assert(usedUsdt >= 0 && unseenUsdt >= 0, "margin is not negative");
  const equityUsdt = fixedToNumber(equity ?? wallet.equity);
  return { equityUsdt, availableUsdt: fixedToNumber(wallet.available), unseenUsdt, usedUsdt };
}

export const takerFeeBpsOf = (state: TermsPart, id: SymbolId): number =>
  bpsOfRate(feesOf(state, id).taker);

/** As the venue said, else what it will be set to at most. */
function leverageOf({ terms, limits }: SettingsPart & TermsPart, id: SymbolId): number {
  const known = terms.symbols.get(id)?.leverage ?? 0;
  return known >= 1 ? known : limits.leverageMax;
}
