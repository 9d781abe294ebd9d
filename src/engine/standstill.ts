/**
 * The process stood still: the machine slept, or nobody gave it time. Whatever it knows is of
 * before, and what it reads next may have waited in a buffer. So nothing of it is believed: every
 * book waits for a new snapshot, the account for a comparison, and entries for both. Exits go on,
 * as they only reduce.
 */
import { asSymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { requestReconcile } from "./control.ts";
import { STANDSTILL_MS } from "./schedule.ts";
import type { ControlPart, MarketPart } from "./state-parts.ts";

/** Takes the time since the last event, when it is one that our own timers cannot leave. */
export function absorbStandstill(
  state: ControlPart & MarketPart,
  gapMs: number,
  atMs: number,
): void {
  assert(gapMs >= STANDSTILL_MS, "shorter gaps are a busy moment");
  const { control, market, outbox } = state;
  const fault = `this process stood still for ${gapMs} ms`;
  outbox.log("error", `${fault}: nothing is entered before books and account are new`);
  for (let index = 0; index < market.size; index++) {
    const symbolId = asSymbolId(index);
    if (market.book(symbolId).state !== "live") continue;
    market.absorb({ kind: "book_fault", symbolId, fault }, atMs);
    state.columns.markDirty(symbolId);
  }
  control.accountFresh = false;
  control.reconcileAtMs = 0;
  if (control.feeds.private?.up === true) requestReconcile(state, fault, atMs);
  state.pending.due = true;
}
