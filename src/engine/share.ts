/** Shares the active set out among the strategies, and says so. */
import type { SymbolId } from "../domain/units.ts";
import { must } from "../kernel/assert.ts";
import type { AccountPart, EffectsPart, KnowledgePart, WatchPart } from "./state-parts.ts";
import { viewOf } from "./symbol-view.ts";

/**
 * Gives free symbols to strategies and takes back those that are given up and idle. Nothing is
 * shared out before the account is known: a position may be there.
 */
export function shareSymbols(state: KnowledgePart & WatchPart & EffectsPart, atMs: number): void {
  if (!state.control.recovered) return;
  const { ownership, tenants } = state.tenancy;
  const changed = ownership.review(state.universe.active(), {
    isIdle: (id) => isIdle(state, id),
    interest(index, id) {
      const { name, strategy } = must(tenants[index], "interest is asked of a tenant");
      return strategy.interest(viewOf(state, id, { name, atMs }));
    },
  });
  for (const id of changed) {
    state.due.add(id);
    const { symbol } = state.market.instrument(id);
    const owner = state.tenancy.ownerOf(id);
    const verb = ownership.mayEnter(id) ? "goes to" : "is given up by";
    state.outbox.log("info", `${symbol} ${owner === null ? "is free" : `${verb} ${owner.name}`}`);
  }
}

/** Nothing of ours is there or on its way: the symbol may change hands. */
function isIdle({ ledger, orders, mismatches }: AccountPart, id: SymbolId): boolean {
  return (
    ledger.stepsOf(id) === 0 &&
    orders.live(id).length === 0 &&
    orders.awaitingSinceMs(id) === 0 &&
    !mismatches.has(id)
  );
}
