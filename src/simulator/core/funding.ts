/**
 * Funding of one contract: each open position pays its value at mark times the rate;
 * a positive rate is paid by longs and received by shorts. Executions show it positive when paid,
 * the transaction log negative when paid.
 */
import { type Fixed, fixedToText, mulFixed } from "../../kernel/fixed.ts";
import type { SimExecution } from "./api.ts";
import { emitExecution } from "./emit.ts";
import {
  type ExchangeState,
  holdingSide,
  type PositionCell,
  rateOf,
  type SymbolState,
} from "./exchange-state.ts";
import { positionValue } from "./margin.ts";
import { booked } from "./money.ts";

export function settleFunding(state: ExchangeState, symbol: SymbolState): void {
  const rate = rateOf(symbol.fundingRate);
  if (symbol.markTicks === 0) return;
  for (const cell of [...symbol.positions]) {
    const signedRate = cell.position.sizeSteps > 0 ? rate : -rate;
    payFunding(state, cell, signedRate);
  }
}

function payFunding(state: ExchangeState, cell: PositionCell, signedRate: Fixed): void {
  const { account, position } = cell;
  const value = positionValue(cell);
  const paid = booked(mulFixed(value, signedRate));
  account.walletBalance -= paid;
  account.cumRealised -= paid;
  position.curRealised -= paid;
  position.cumRealised -= paid;
  position.updatedAtMs = state.nowMs;
  const execution = fundingExecution(state, cell, { value, paid, signedRate });
  account.executions.push(execution);
  emitExecution(state, execution);
  account.transactions.push({
    id: state.nextId(),
    accountId: account.options.id,
    symbolIndex: position.symbolIndex,
    type: "SETTLEMENT",
    side: execution.side,
    qtySteps: execution.qtySteps,
    sizeAfterSteps: position.sizeSteps,
    priceTicks: execution.priceTicks,
    funding: -paid,
    fee: 0n,
    feeRate: execution.feeRate,
    cashFlow: 0n,
    change: -paid,
    balanceAfter: account.walletBalance,
    tradeId: execution.execId,
    orderId: execution.orderId,
    orderLinkId: "",
    atMs: state.nowMs,
  });
  state.dirty.add(cell);
}

function fundingExecution(
  state: ExchangeState,
  cell: PositionCell,
  money: { value: Fixed; paid: Fixed; signedRate: Fixed },
): SimExecution {
  const { account, position, symbol } = cell;
  const size = Math.abs(position.sizeSteps);
  return {
    execId: state.nextId(),
    accountId: account.options.id,
    orderId: state.nextId(),
    orderLinkId: "",
    symbolIndex: position.symbolIndex,
    side: holdingSide(cell),
    orderType: "UNKNOWN",
    stopOrderType: "",
    createType: "",
    orderPriceTicks: 0,
    orderQtySteps: 0,
    leavesSteps: 0,
    execType: "Funding",
    priceTicks: symbol.markTicks,
    qtySteps: size,
    value: money.value,
    fee: money.paid,
    feeRate: fixedToText(money.signedRate),
    isMaker: false,
    closedSteps: 0,
    execPnl: 0n,
    markTicks: symbol.markTicks,
    indexTicks: symbol.indexTicks,
    seq: ++state.sequence.value,
    atMs: state.nowMs,
  };
}
