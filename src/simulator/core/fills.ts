/**
 * One fill of a client's order: order sums, position, fee, wallet, and the records of all of them.
 * House accounts only move their order's sums.
 */
import { assert } from "../../kernel/assert.ts";
import { type Fixed, fixedToText, mulFixed } from "../../kernel/fixed.ts";
import type { SimClosedPnl, SimExecution } from "./api.ts";
import { recount } from "./close.ts";
import { emitExecution } from "./emit.ts";
import type { ExchangeState, LiveOrder, Mutable, PositionCell } from "./exchange-state.ts";
import { leverageOf, opposite, tradeValue } from "./exchange-state.ts";
import { booked } from "./money.ts";
import { movePosition, type PositionChange } from "./positions.ts";

interface Fill {
  readonly execId: string;
  readonly execType: SimExecution["execType"];
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly isMaker: boolean;
  readonly seq: number;
  /** Settlements of a closed contract cost nothing. */
  readonly isFree?: boolean;
}

/** Books a fill. Position and wallet events follow once the whole operation is done. */
export function applyFill(state: ExchangeState, live: LiveOrder, fill: Fill): void {
  const { order, account, cell, symbol } = live;
  assert(order.cumSteps + fill.qtySteps <= order.qtySteps, "an order is never over-filled");
  const value = tradeValue(symbol, fill.priceTicks, fill.qtySteps);
  order.cumSteps += fill.qtySteps;
  order.cumValue += value;
  order.status = order.cumSteps === order.qtySteps ? "Filled" : "PartiallyFilled";
  order.updatedAtMs = state.nowMs;
  if (live.slot !== 0) recount(live);
  if (account.options.house) return;
  const fee = booked(mulFixed(value, rateFor(live, fill)));
  const signedSteps = order.side === "Buy" ? fill.qtySteps : -fill.qtySteps;
  const wasFlat = cell.position.sizeSteps === 0;
  const change = movePosition(cell, { signedSteps, priceTicks: fill.priceTicks, fee });
  order.cumFee += fee;
  bookMoney(state, cell, { change, fee, wasFlat, seq: fill.seq });
  if (change.closedSteps > 0) recordClosing(state, live, change, fill);
  recordExecution(state, live, fill, { value, fee, change });
  recordTransaction(state, live, fill, { value, fee, change });
  state.dirty.add(cell);
  if (order.takeProfitTicks !== 0 || order.stopLossTicks !== 0) {
    state.fed.set(live, (state.fed.get(live) ?? 0) + fill.qtySteps);
  }
}

function rateFor({ account }: LiveOrder, fill: Fill): Fixed {
  if (fill.isFree === true) return 0n;
  return fill.isMaker ? account.makerRate : account.takerRate;
}

/** Wallet and realised sums; a position that was flat starts its own realised sum. */
function bookMoney(
  state: ExchangeState,
  cell: PositionCell,
  booking: { change: PositionChange; fee: Fixed; wasFlat: boolean; seq: number },
): void {
  const net = booking.change.cashFlow - booking.fee;
  const { position, account } = cell;
  account.walletBalance += net;
  account.cumRealised += net;
  if (booking.wasFlat) {
    position.curRealised = 0n;
    position.createdAtMs = state.nowMs;
  }
  position.curRealised += net;
  position.cumRealised += net;
  position.updatedAtMs = state.nowMs;
  position.seq = booking.seq;
}

interface FillMoney {
  readonly value: Fixed;
  readonly fee: Fixed;
  readonly change: PositionChange;
}

function recordExecution(
  state: ExchangeState,
  live: LiveOrder,
  fill: Fill,
  money: FillMoney,
): void {
  const { order, account, symbol } = live;
  const execution: SimExecution = {
    execId: fill.execId,
    accountId: account.options.id,
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    symbolIndex: order.symbolIndex,
    side: order.side,
    orderType: order.type,
    stopOrderType: order.stopOrderType,
    createType: order.createType,
    orderPriceTicks: order.priceTicks,
    orderQtySteps: order.qtySteps,
    leavesSteps: order.qtySteps - order.cumSteps,
    execType: fill.execType,
    priceTicks: fill.priceTicks,
    qtySteps: fill.qtySteps,
    value: money.value,
    fee: money.fee,
    feeRate: fixedToText(rateFor(live, fill)),
    isMaker: fill.isMaker,
    closedSteps: money.change.closedSteps,
    execPnl: money.change.cashFlow,
    markTicks: symbol.markTicks,
    indexTicks: symbol.indexTicks,
    seq: fill.seq,
    atMs: state.nowMs,
  };
  account.executions.push(execution);
  emitExecution(state, execution);
}

const LOG_TYPES: { readonly [Type in SimExecution["execType"]]?: "LIQUIDATION" | "ADL" } = {
  BustTrade: "LIQUIDATION",
  AdlTrade: "ADL",
};

function recordTransaction(
  state: ExchangeState,
  live: LiveOrder,
  fill: Fill,
  money: FillMoney,
): void {
  const { order, account, cell } = live;
  account.transactions.push({
    id: state.nextId(),
    accountId: account.options.id,
    symbolIndex: order.symbolIndex,
    type: LOG_TYPES[fill.execType] ?? "TRADE",
    side: order.side,
    qtySteps: fill.qtySteps,
    sizeAfterSteps: cell.position.sizeSteps,
    priceTicks: fill.priceTicks,
    funding: 0n,
    fee: money.fee,
    feeRate: fixedToText(rateFor(live, fill)),
    cashFlow: money.change.cashFlow,
    change: money.change.cashFlow - money.fee,
    balanceAfter: account.walletBalance,
    tradeId: fill.execId,
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    atMs: state.nowMs,
  });
}

/** One closed-profit record per closing order; later fills of the order add to it. */
function recordClosing(
  state: ExchangeState,
  live: LiveOrder,
  change: PositionChange,
  fill: Fill,
): void {
  const pnl = change.cashFlow - change.openFee - change.closeFee;
  live.order.closedPnl += pnl;
  const record = live.closing ?? startClosing(state, live, fill);
  record.closedSteps += change.closedSteps;
  record.entryValue += change.entryValue;
  record.exitValue += change.exitValue;
  record.openFee += change.openFee;
  record.closeFee += change.closeFee;
  record.closedPnl += pnl;
  record.fillCount++;
  record.updatedAtMs = state.nowMs;
}

function startClosing(state: ExchangeState, live: LiveOrder, fill: Fill): Mutable<SimClosedPnl> {
  const { order, account, symbol } = live;
  const record: Mutable<SimClosedPnl> = {
    accountId: account.options.id,
    symbolIndex: order.symbolIndex,
    orderId: order.orderId,
    side: order.side,
    qtySteps: order.qtySteps,
    orderPriceTicks: order.priceTicks,
    orderType: order.type,
    execType: fill.execType,
    closedSteps: 0,
    entryValue: 0n,
    exitValue: 0n,
    closedPnl: 0n,
    openFee: 0n,
    closeFee: 0n,
    fillCount: 0,
    leverage: leverageOf(account, symbol, opposite(order.side)),
    createdAtMs: state.nowMs,
    updatedAtMs: state.nowMs,
  };
  live.closing = record;
  account.closedPnl.push(record);
  return record;
}
