/**
 * A contract's tick or step changed while we trade it.
 *
 * What is held of it goes over to the new units at once and exactly (domain/recount.ts), so no
 * amount of money moves. The market begins anew: the book is subscribed again, features and bars
 * start cold. Its orders were placed on the old grid and are cancelled. Until they are gone and the
 * venue has confirmed the position by a snapshot asked for afterwards, nothing is entered there;
 * exits and stops go on.
 */
import type { AccountSnapshot } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import { type GridChange, signedStepsAfter } from "../domain/recount.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toText } from "../kernel/decimal.ts";
import { forgetAsked } from "./bar-keeping.ts";
import { onBookFault } from "./book-faults.ts";
import { requestReconcile } from "./control.ts";
import type {
  AccountPart,
  ControlPart,
  EffectsPart,
  MarketPart,
  PositionsPart,
  TradingPart,
} from "./state-parts.ts";

/** Takes over one changed grid. Features and bars of it were given the new terms already. */
export function absorbGridChange(
  state: MarketPart & ControlPart,
  change: GridChange,
  atMs: number,
): void {
  const { after } = change;
  const { id, symbol } = after;
  assert(state.market.instrument(id) === after, "the market knows the new terms already");
  state.ledger.recount(change);
  state.orders.recount(change);
  const mismatch = state.mismatches.get(id);
  if (mismatch !== undefined) {
    const venueSteps = signedStepsAfter(change, mismatch.venueSteps);
    state.mismatches.set(id, { ...mismatch, venueSteps });
  }
  state.features.restart(change);
  state.bars.restart(id);
  forgetAsked(state, id);
  onBookFault(state, { id, fault: state.market.recount(change, atMs), atMs });
  state.features.onTicker(id, state.market.ticker(id), atMs);
  state.changedGrids.set(id, {
    atMs,
    text: `${gridText(change.before)} became ${gridText(after)}`,
  });
  state.outbox.log("warn", `the grid of ${symbol} changed: orders go, entries wait`, {
    symbol,
    before: gridText(change.before),
    after: gridText(after),
    heldSteps: state.ledger.stepsOf(id),
  });
  for (const row of state.orders.live(id)) {
    state.orders.changed.add(row);
    if (!state.orders.cancelSent(row, atMs, "the contract has a new grid")) continue;
    const { clientId, venueOrderId } = row;
    state.outbox.push({ kind: "cancel", clientId, symbolId: id, venueOrderId });
  }
  if (state.ledger.positions.has(id)) state.pending.positions.add(id);
  state.due.add(id);
  requestReconcile(state, `the grid of ${symbol} changed`, atMs);
}

/** Ends the wait where the venue agreed after the change and no order from before it is left. */
export function settleChangedGrids(
  state: MarketPart & AccountPart & EffectsPart,
  { requestedAtMs }: AccountSnapshot,
): void {
  for (const [id, { atMs }] of state.changedGrids) {
    const isOld = state.orders.live(id).some(({ createdAtMs }) => createdAtMs <= atMs);
    if (requestedAtMs < atMs || isOld || state.mismatches.has(id)) continue;
    state.changedGrids.delete(id);
    const { symbol } = state.market.instrument(id);
    state.outbox.log("info", `${symbol} may be entered again on its new grid`);
  }
}

/** What was not settled by the last snapshot is asked about again. */
export function chaseChangedGrids(
  state: MarketPart & TradingPart & AccountPart & EffectsPart,
  atMs: number,
): void {
  for (const [id, { atMs: sinceMs }] of state.changedGrids) {
    if (atMs - sinceMs < SETTLE_MS) continue;
    requestReconcile(state, `the grid of ${state.market.instrument(id).symbol} changed`, atMs);
    return;
  }
}

/** Cancels and their reports have had this long: then the account is compared again. */
const SETTLE_MS = 1_500;

/** Why entries of this symbol wait for its grid, null when they do not. */
export function gridWaitOf({ changedGrids }: PositionsPart, id: SymbolId): string | null {
  return changedGrids.get(id)?.text ?? null;
}

function gridText({ price, priceLotTicks, qty, qtyLotSteps }: Instrument): string {
  return `${toText(price, priceLotTicks)} × ${toText(qty, qtyLotSteps)}`;
}
