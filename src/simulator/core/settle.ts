/**
 * What follows an operation: triggers, protective orders, reduce-only orders, position and wallet
 * events, liquidations. Each may cause fills that cause more, so it runs until nothing is left.
 */
import { assert } from "../../kernel/assert.ts";
import { clearStale, feedBrackets, followSize } from "./brackets.ts";
import { cancelled, finish, leftSteps } from "./close.ts";
import { emitOrder, emitPosition, emitWallet } from "./emit.ts";
import type { ExchangeState, LiveOrder, PositionCell, SymbolState } from "./exchange-state.ts";
import { checkLiquidation } from "./liquidation.ts";
import { closableSteps } from "./positions.ts";
import { fireTriggers } from "./triggers.ts";

/**
 * Every round ends conditional orders or positions, of which there is a limited number; more
 * rounds than this is a cycle that feeds itself.
 */
const ROUNDS_MAX = 10_000;

export function settle(state: ExchangeState): void {
  const { moved, fed, dirty } = state;
  for (let round = 0; moved.size + fed.size + dirty.size > 0; round++) {
    assert(round < ROUNDS_MAX, "what follows an operation comes to an end");
    for (const symbol of [...moved]) triggerByLast(state, symbol);
    for (const [live, steps] of [...fed]) {
      fed.delete(live);
      feedBrackets(state, live, steps);
    }
    for (const cell of [...dirty]) {
      dirty.delete(cell);
      followPosition(state, cell);
    }
  }
}

function triggerByLast(state: ExchangeState, symbol: SymbolState): void {
  const { tradedLowTicks: lowTicks, tradedHighTicks: highTicks } = symbol;
  state.moved.delete(symbol);
  symbol.tradedLowTicks = Number.POSITIVE_INFINITY;
  symbol.tradedHighTicks = Number.NEGATIVE_INFINITY;
  fireTriggers(state, symbol, { by: "LastPrice", lowTicks, highTicks });
}

/** A position changed: its protective orders, its reduce-only orders, its account. */
function followPosition(state: ExchangeState, cell: PositionCell): void {
  clearStale(state, cell);
  followSize(state, cell);
  for (const live of [...cell.reducers]) cutReducer(state, live);
  emitPosition(state, cell);
  emitWallet(state, cell.account);
  checkLiquidation(state, cell.account);
}

/** Reduce-only orders are cut or cancelled when the position shrinks. */
function cutReducer(state: ExchangeState, live: LiveOrder): void {
  const { order, cell, symbol, slot } = live;
  const closable = closableSteps(cell, order.side);
  if (closable === 0) {
    finish(state, live, cancelled(live, "CancelByReduceOnly", "EC_NoError"));
    return;
  }
  const excess = leftSteps(live) - closable;
  if (excess <= 0) return;
  order.qtySteps -= excess;
  symbol.book.reduce(slot, excess);
  emitOrder(state, live);
}

/** New mark and index prices: triggers that watch them, then accounts that they hurt. */
export function pricesMoved(state: ExchangeState, symbol: SymbolState): void {
  const { markTicks, indexTicks } = symbol;
  if (symbol.conditionals.size > 0) {
    const mark = { by: "MarkPrice", lowTicks: markTicks, highTicks: markTicks } as const;
    const index = { by: "IndexPrice", lowTicks: indexTicks, highTicks: indexTicks } as const;
    fireTriggers(state, symbol, mark);
    fireTriggers(state, symbol, index);
  }
  if (symbol.positions.size > 0) {
    const accounts = new Set([...symbol.positions].map(({ account }) => account));
    for (const account of accounts) checkLiquidation(state, account);
  }
  settle(state);
}
