/**
 * New risk limits while the program runs. They hold from this step on: what rests above them is
 * taken back before anything else happens, and what may still be entered is decided afresh.
 */
import type { LimitsChange } from "../domain/limits-event.ts";
import { isLive } from "../domain/order.ts";
import type { OrderRow } from "../orders/table.ts";
import { entriesAbove } from "../risk/limit-change.ts";
import { differencesOf, withChanges } from "../risk/limit-terms.ts";
import { exposedSymbols, heldUsdtOf, notionalOfOrder } from "./account-exposure.ts";
import { dueLive } from "./control.ts";
import { limitsNow } from "./limits-now.ts";
import type {
  AccountPart,
  ControlPart,
  MarketPart,
  MoneyPart,
  SettingsPart,
  TermsPart,
} from "./state-parts.ts";

/** Takes the limits of an operator, who has confirmed them where they loosen. */
export function absorbLimits(
  state: ControlPart & MarketPart & MoneyPart & TermsPart,
  { changes, by, reason }: LimitsChange,
  atMs: number,
): void {
  const limits = withChanges(state.limits, changes);
  const changed = differencesOf(state.limits, limits);
  const said = changed.map(({ name }) => `${name} ${state.limits[name]} → ${limits[name]}`);
  state.outbox.log("warn", `operator ${by}: limits: ${said.join(", ")}`, { reason });
  const isLeverageNew = state.limits.leverageMax !== limits.leverageMax;
  state.limits = limits;
  if (isLeverageNew) askAgain(state);
  for (const row of restingAbove(state)) {
    if (!state.orders.cancelSent(row, atMs, "a limit was tightened")) continue;
    const { clientId, venueOrderId, intent } = row;
    state.outbox.push({ kind: "cancel", clientId, symbolId: intent.symbolId, venueOrderId });
  }
  state.pending.due = true;
  dueLive(state);
}

/** Terms were settled for another leverage. */
function askAgain({ terms }: TermsPart): void {
  terms.symbols.clear();
  terms.symbolsAsked.clear();
}

function restingAbove(
  state: AccountPart & MarketPart & MoneyPart & SettingsPart,
): readonly OrderRow[] {
  const { market, orders } = state;
  const heldUsdt = new Map<string, number>();
  for (const id of exposedSymbols(state)) {
    heldUsdt.set(market.instrument(id).symbol, heldUsdtOf(state, id));
  }
  const entries = [...orders.all()]
    .filter(({ state: order, intent }) => isLive(order) && intent.purpose === "entry")
    .map((row) => ({
      id: row,
      symbol: market.instrument(row.intent.symbolId).symbol,
      valueUsdt: notionalOfOrder(state, row),
      createdAtMs: row.createdAtMs,
    }));
  return entriesAbove(entries, heldUsdt, limitsNow(state));
}
