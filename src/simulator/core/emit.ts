/** What leaves the core: events with copies, so that a reader can keep them. */
import { assert } from "../../kernel/assert.ts";
import type { SimEvent, SimExecution, SimLiquidation, SimTrade } from "./api.ts";
import {
  type AccountState,
  type ExchangeState,
  type LiveOrder,
  type PositionCell,
  TRADE_EVENTS_MAX,
  UNDRAINED_EVENTS_MAX,
} from "./exchange-state.ts";
import { positionCopy, walletOf } from "./margin.ts";

function push(state: ExchangeState, event: SimEvent): void {
  assert(state.events.length < UNDRAINED_EVENTS_MAX, "somebody drains the account events");
  state.events.push(event);
}

export function emitOrder(state: ExchangeState, live: LiveOrder): void {
  if (live.account.options.house) return;
  live.order.updatedAtMs = state.nowMs;
  push(state, { kind: "order", order: { ...live.order } });
}

export function emitPosition(state: ExchangeState, cell: PositionCell): void {
  if (cell.account.options.house) return;
  push(state, { kind: "position", position: positionCopy(cell) });
}

export function emitWallet(state: ExchangeState, account: AccountState): void {
  if (account.options.house) return;
  push(state, { kind: "wallet", wallet: walletOf(account) });
}

export function emitExecution(state: ExchangeState, execution: SimExecution): void {
  push(state, { kind: "execution", execution });
}

export function emitLiquidation(state: ExchangeState, liquidation: SimLiquidation): void {
  push(state, { kind: "liquidation", liquidation });
}

/** Public trades may be lost when nobody drains; account events may not. */
export function emitTrade(state: ExchangeState, trade: SimTrade): void {
  if (state.events.length < TRADE_EVENTS_MAX) state.events.push({ kind: "trade", trade });
}
