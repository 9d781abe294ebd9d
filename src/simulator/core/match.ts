/**
 * Price-time priority: an incoming order takes the best level's oldest order until it is filled,
 * its limit is passed or the side is empty. It trades at the resting order's price.
 *
 * The house meets the house without any record but the public trade: that is the hot path. A client
 * on either side gets a fill; a resting reduce-only order never trades past its position.
 */
import { must } from "../../kernel/assert.ts";
import type { SimSide, SimTrade } from "./api.ts";
import { cancelled, FILLED, finish, forgetSlot, leftSteps } from "./close.ts";
import { emitOrder, emitTrade } from "./emit.ts";
import {
  type ExchangeState,
  type LiveOrder,
  opposite,
  type SymbolState,
} from "./exchange-state.ts";
import { applyFill } from "./fills.ts";
import { HOUSE } from "./pool.ts";
import { closableSteps } from "./positions.ts";

/** An incoming order while it matches. */
export interface Sweep {
  readonly side: SimSide;
  readonly limitTicks: number;
  leftSteps: number;
  /** Null for the house. */
  readonly taker: LiveOrder | null;
  /** Order id of the own resting order that stopped it, empty when none did. */
  stoppedBy: string;
}

/** Matches until nothing more can be; what is left stays in `sweep.leftSteps`. */
export function runSweep(state: ExchangeState, symbol: SymbolState, sweep: Sweep): void {
  const { book } = symbol;
  const makerSide = opposite(sweep.side);
  while (sweep.leftSteps > 0 && sweep.stoppedBy === "") {
    const priceTicks = book.bestTicks(makerSide);
    if (priceTicks === 0 || !reaches(sweep, priceTicks)) return;
    if (sweep.taker?.reducing && closableSteps(sweep.taker.cell, sweep.side) === 0) return;
    const owner = state.pool.owner[book.firstSlot(makerSide)] ?? HOUSE;
    if (owner === HOUSE) meetHouse(state, symbol, sweep, priceTicks);
    else meetClient(state, sweep, must(state.resting.get(owner), "a resting owner is known"));
  }
}

function reaches(sweep: Sweep, priceTicks: number): boolean {
  return sweep.side === "Buy" ? priceTicks <= sweep.limitTicks : priceTicks >= sweep.limitTicks;
}

/** Steps that the taker may trade now: a reduce-only taker stops at its position. */
function takerSteps(sweep: Sweep): number {
  const { taker, leftSteps: left, side } = sweep;
  return taker?.reducing ? Math.min(left, closableSteps(taker.cell, side)) : left;
}

function meetHouse(
  state: ExchangeState,
  symbol: SymbolState,
  sweep: Sweep,
  priceTicks: number,
): void {
  const makerSide = opposite(sweep.side);
  const resting = state.pool.leftSteps[symbol.book.firstSlot(makerSide)] ?? 0;
  const steps = Math.min(takerSteps(sweep), resting);
  symbol.book.reduceFirst(makerSide, steps);
  sweep.leftSteps -= steps;
  const trade = print(state, symbol, { side: sweep.side, priceTicks, steps });
  if (sweep.taker !== null) fillTaker(state, sweep.taker, trade);
}

function meetClient(state: ExchangeState, sweep: Sweep, maker: LiveOrder): void {
  const { taker } = sweep;
  const own = taker !== null && taker.account === maker.account;
  if (own && taker.order.smpType !== "None") {
    preventSelfMatch(state, sweep, taker, maker);
    return;
  }
  const allowed = maker.reducing ? closableSteps(maker.cell, maker.order.side) : leftSteps(maker);
  if (allowed === 0) {
    finish(state, maker, cancelled(maker, "CancelByReduceOnly", "EC_NoError"));
    return;
  }
  const steps = Math.min(takerSteps(sweep), leftSteps(maker), allowed);
  const symbol = maker.symbol;
  const isDone = steps === leftSteps(maker);
  symbol.book.reduceFirst(maker.order.side, steps);
  if (isDone) forgetSlot(state, maker);
  sweep.leftSteps -= steps;
  const { priceTicks } = maker.order;
  const trade = print(state, symbol, { side: sweep.side, priceTicks, steps });
  if (taker !== null) fillTaker(state, taker, trade);
  fillMaker(state, maker, own ? { ...trade, execId: state.nextId() } : trade);
}

function fillTaker(state: ExchangeState, taker: LiveOrder, trade: SimTrade): void {
  applyFill(state, taker, { ...trade, execType: "Trade", isMaker: false });
}

/** A maker's fill ends or updates it at once; a self-trade's second fill has an id of its own. */
function fillMaker(state: ExchangeState, maker: LiveOrder, trade: SimTrade): void {
  applyFill(state, maker, { ...trade, execType: "Trade", isMaker: true });
  if (leftSteps(maker) === 0) finish(state, maker, FILLED);
  else emitOrder(state, maker);
}

/** Bybit, smp: the taker's smpType decides which side is cancelled. */
function preventSelfMatch(
  state: ExchangeState,
  sweep: Sweep,
  taker: LiveOrder,
  maker: LiveOrder,
): void {
  const { smpType, orderId } = taker.order;
  if (smpType !== "CancelTaker") {
    const ending = cancelled(maker, "CancelBySmp", "EC_BySelfMatch");
    finish(state, maker, { ...ending, smpOrderId: orderId });
  }
  if (smpType !== "CancelMaker") sweep.stoppedBy = maker.order.orderId;
}

/** Records a trade of the symbol and tells the public. */
function print(
  state: ExchangeState,
  symbol: SymbolState,
  traded: { side: SimSide; priceTicks: number; steps: number },
): SimTrade {
  const { side, priceTicks, steps } = traded;
  symbol.lastTicks = priceTicks;
  if (symbol.conditionals.size > 0) {
    symbol.tradedLowTicks = Math.min(symbol.tradedLowTicks, priceTicks);
    symbol.tradedHighTicks = Math.max(symbol.tradedHighTicks, priceTicks);
    state.moved.add(symbol);
  }
  const trade: SimTrade = {
    execId: state.nextId(),
    symbolIndex: symbol.instrument.index,
    side,
    priceTicks,
    qtySteps: steps,
    seq: ++state.sequence.value,
    atMs: state.actsAtMs === 0 ? state.nowMs : state.actsAtMs,
  };
  emitTrade(state, trade);
  return trade;
}
