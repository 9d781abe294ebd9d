/** Which symbols are decided on their frames. */
import type { SymbolId } from "../domain/units.ts";
import { keepBars } from "./bar-keeping.ts";
import type { AccountPart, MarketPart, UniversePart, WatchPart } from "./state-parts.ts";

/** Frames of a watched symbol decide it: it is active, or something of ours is there. */
export function refreshWatch(
  state: MarketPart & UniversePart & AccountPart & WatchPart,
  id: SymbolId,
): void {
  const isWatched =
    state.universe.isActive(id) ||
    state.ledger.stepsOf(id) !== 0 ||
    state.orders.live(id).length > 0;
  state.columns.watched[id] = isWatched ? 1 : 0;
  if (isWatched) keepBars(state, id);
}
