/**
 * Why a strategy may not enter a symbol at this moment, whatever it wants there. The same checks
 * decide (a view's `mayEnter`) and are told to people, so that a page cannot give another reason.
 */
import type { SymbolId } from "../domain/units.ts";
import { missingFor, tradingOf } from "./control.ts";
import type { KnowledgePart } from "./state-parts.ts";
import { symbolHaltOf } from "./symbol-halts.ts";
import { unreadableFault } from "./unreadable.ts";

/** What stands in the way, in the order in which it is looked for. */
type EntryBar =
  | "pause after a cancel"
  | "not active"
  | "changes owner"
  | "trading is not on"
  | "halted"
  | "not ready"
  | "position unreadable"
  | "warming up";

/** The first bar to entries of the strategy called `name`; null when there is none. */
export function entryBarOf(
  state: KnowledgePart,
  id: SymbolId,
  { name, atMs }: { readonly name: string; readonly atMs: number },
): EntryBar | null {
  if (atMs < state.control.entriesPausedUntilMs) return "pause after a cancel";
  if (!state.universe.isActive(id)) return "not active";
  if (!state.tenancy.ownership.mayEnter(id)) return "changes owner";
  if (tradingOf(state).state !== "on") return "trading is not on";
  if (symbolHaltOf(state, state.market.instrument(id).symbol) !== null) return "halted";
  if (missingFor(state, id) !== "") return "not ready";
  if (unreadableFault(state, id) !== "") return "position unreadable";
  const needs = state.tenancy.tenantNamed(name)?.features ?? [];
  return state.features.isWarm(needs, id) ? null : "warming up";
}
