/** The end of an order: off the book, out of every index, into history, told once. */
import { assert } from "../../kernel/assert.ts";
import type { SimOrderStatus } from "./api.ts";
import { emitOrder } from "./emit.ts";
import { type ExchangeState, type LiveOrder, tradeValue } from "./exchange-state.ts";

export interface Ending {
  readonly status: SimOrderStatus;
  readonly cancelType: string;
  readonly rejectReason: string;
  /** The other order of a prevented self-match. */
  readonly smpOrderId?: string;
}

export const FILLED: Ending = {
  status: "Filled",
  cancelType: "UNKNOWN",
  rejectReason: "EC_NoError",
};

/** A cancellation: what never triggered is deactivated, what was active is cancelled. */
export function cancelled(live: LiveOrder, cancelType: string, rejectReason: string): Ending {
  const untriggered = live.order.status === "Untriggered";
  return { status: untriggered ? "Deactivated" : "Cancelled", cancelType, rejectReason };
}

export function leftSteps(live: LiveOrder): number {
  return live.order.qtySteps - live.order.cumSteps;
}

/** Brings the order values of its position in step with a resting order's open part. */
export function recount(live: LiveOrder): void {
  if (live.reducing) return;
  const value = tradeValue(live.symbol, live.order.priceTicks, leftSteps(live));
  addCounted(live, value - live.countedValue);
}

function addCounted(live: LiveOrder, difference: bigint): void {
  live.countedValue += difference;
  if (live.order.side === "Buy") live.cell.buyValue += difference;
  else live.cell.sellValue += difference;
  assert(live.cell.buyValue >= 0n && live.cell.sellValue >= 0n, "order values are not negative");
}

/** Takes a resting order off the book; it stays open for whoever called. */
export function takeOffBook(state: ExchangeState, live: LiveOrder): void {
  if (live.slot === 0) return;
  live.symbol.book.remove(live.slot);
  forgetSlot(state, live);
}

/** The book gave the slot back already: the order is filled. */
export function forgetSlot(state: ExchangeState, live: LiveOrder): void {
  live.slot = 0;
  state.resting.delete(live.owner);
  addCounted(live, -live.countedValue);
}

/** Ends an open order and tells it. */
export function finish(state: ExchangeState, live: LiveOrder, ending: Ending): void {
  const { order, account, cell, symbol } = live;
  assert(account.open.get(order.orderId) === live, "an order ends once");
  takeOffBook(state, live);
  symbol.conditionals.delete(live);
  cell.reducers.delete(live);
  account.open.delete(order.orderId);
  if (order.orderLinkId !== "") account.openByLink.delete(order.orderLinkId);
  if (live.bracket !== "") leavePosition(live);
  order.status = ending.status;
  order.cancelType = ending.cancelType;
  order.rejectReason = ending.rejectReason;
  if (ending.smpOrderId !== undefined) order.smpOrderId = ending.smpOrderId;
  order.updatedAtMs = state.nowMs;
  account.closedOrders.push({ ...order });
  emitOrder(state, live);
}

/** A bracket order that ends is no longer shown on its position, and frees its other leg. */
export function leavePosition(live: LiveOrder): void {
  const { cell, order, bracket } = live;
  if (!cell.brackets.delete(live)) return;
  if (live.pair !== null) live.pair.pair = null;
  live.pair = null;
  if (bracket === "trailing") cell.position.trailingTicks = 0;
  if (bracket !== "full") return;
  if (order.stopOrderType === "TakeProfit") cell.position.takeProfitTicks = 0;
  else cell.position.stopLossTicks = 0;
}
