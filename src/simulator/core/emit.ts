/** What leaves the core: events with copies, so that a reader can keep them while the core goes on. */
import type { SimTrade } from "./api.ts";
import { positionCopy, walletOf } from "./margin.ts";
import {
  type AccountState,
  EVENTS_MAX,
  type ExchangeState,
  type LiveOrder,
  type PositionCell,
} from "./state.ts";

export function emitOrder(state: ExchangeState, live: LiveOrder): void {
  if (live.account.options.house) return;
  live.order.updatedAtMs = state.nowMs;
  state.events.push({ kind: "order", order: { ...live.order } });
}

export function emitPosition(state: ExchangeState, cell: PositionCell): void {
  if (cell.account.options.house) return;
  state.events.push({ kind: "position", position: positionCopy(cell) });
}

export function emitWallet(state: ExchangeState, account: AccountState): void {
  if (account.options.house) return;
  state.events.push({ kind: "wallet", wallet: walletOf(account) });
}

/** Public trades may be lost when nobody drains; account events may not. */
export function emitTrade(state: ExchangeState, trade: SimTrade): void {
  if (state.events.length < EVENTS_MAX) state.events.push({ kind: "trade", trade });
}
