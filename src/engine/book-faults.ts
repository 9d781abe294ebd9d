/** What follows when a book is no longer believed. */
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { FAULT_LOGS_MAX } from "./schedule.ts";
import type { EffectsPart, MarketPart, ReportPart, WatchPart } from "./state-parts.ts";

/** A book just went into quarantine: it needs a new subscription, and its quotes must go. */
export function onBookFault(
  state: MarketPart & WatchPart & EffectsPart & ReportPart,
  { id, fault, atMs }: { readonly id: SymbolId; readonly fault: string; readonly atMs: number },
): void {
  assert(state.market.book(id).state !== "live", "a book with a fault is not believed");
  state.columns.resubscribedAtMs[id] = atMs;
  state.bars.broke(id);
  state.columns.markDirty(id);
  state.outbox.push({ kind: "resubscribe_book", symbolId: id, fault });
  state.counters.recentFaults++;
  if (state.counters.recentFaults <= FAULT_LOGS_MAX) {
    const { symbol } = state.market.instrument(id);
    state.outbox.log("warn", `book of ${symbol} quarantined: ${fault}; subscribing again`);
  }
  if (state.columns.watched[id] === 1) state.due.add(id);
}
