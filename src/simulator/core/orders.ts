/**
 * The life of an order from its acknowledgement on: recorded, then stored as conditional or made
 * active. An active order matches first; what is left rests, or ends by its time in force
 * (order/create-order). The acknowledgement is given before any of this is told.
 */
import { assert } from "../../kernel/assert.ts";
import { mulFixed } from "../../kernel/fixed.ts";
import type { PlaceRequest, SimOrder } from "./api.ts";
import { clampToBand, protectiveTicks } from "./band.ts";
import { cancelled, type Ending, FILLED, finish, leftSteps, recount } from "./close.ts";
import { emitOrder, emitPosition } from "./emit.ts";
import {
  type AccountState,
  type BracketKind,
  type ExchangeState,
  LINK_IDS_MAX,
  type LiveOrder,
  opposite,
  type PositionCell,
  tradeValue,
} from "./exchange-state.ts";
import { availableOf, canAfford } from "./margin.ts";
import { runSweep, type Sweep } from "./match.ts";
import { closableSteps } from "./positions.ts";
import { likelyTicks, type Ticket } from "./validate.ts";

/** Records a validated order and starts its life. */
export function openOrder(state: ExchangeState, ticket: Ticket): LiveOrder {
  const { request, cell } = ticket;
  const order = orderOf(state, ticket);
  const live = liveOrder(state, cell, order, {
    reducing: ticket.reducing,
    bracket: "",
    tpOrderType: request.tpOrderType ?? "Market",
    slOrderType: request.slOrderType ?? "Market",
  });
  register(live);
  if (ticket.isConditional) storeConditional(state, live);
  else activate(state, live);
  if (!state.dirty.has(cell)) emitPosition(state, cell);
  return live;
}

function orderOf(state: ExchangeState, ticket: Ticket): SimOrder {
  const { request, account, symbol, isConditional } = ticket;
  return {
    ...plainOrder(state, ticket),
    orderLinkId: request.orderLinkId ?? "",
    accountId: account.options.id,
    type: request.type,
    timeInForce: request.type === "Market" ? "IOC" : request.timeInForce,
    priceTicks: ticket.priceTicks,
    status: isConditional ? "Untriggered" : "New",
    reduceOnly: request.reduceOnly ?? false,
    closeOnTrigger: request.closeOnTrigger ?? false,
    stopOrderType: isConditional ? "Stop" : "",
    triggerTicks: request.triggerTicks ?? 0,
    triggerDirection: isConditional ? (request.triggerDirection ?? 0) : 0,
    triggerBy: isConditional ? (request.triggerBy ?? "LastPrice") : "",
    ...bracketFields(request),
    smpType: request.smpType ?? "None",
    lastTicksOnCreated: symbol.lastTicks,
  };
}

/** An order's fields before the request's own are laid over them. */
export function plainOrder(
  state: ExchangeState,
  of: { cell: PositionCell; request: { side: "Buy" | "Sell" }; qtySteps: number },
): SimOrder {
  const { cell, request, qtySteps } = of;
  return {
    orderId: state.nextId(),
    orderLinkId: "",
    accountId: cell.account.options.id,
    symbolIndex: cell.symbol.instrument.index,
    side: request.side,
    type: "Market",
    timeInForce: "IOC",
    positionIdx: cell.position.positionIdx,
    priceTicks: 0,
    qtySteps,
    cumSteps: 0,
    cumValue: 0n,
    cumFee: 0n,
    status: "New",
    reduceOnly: false,
    closeOnTrigger: false,
    createType: "CreateByUser",
    stopOrderType: "",
    triggerTicks: 0,
    triggerDirection: 0,
    triggerBy: "",
    takeProfitTicks: 0,
    stopLossTicks: 0,
    tpTriggerBy: "",
    slTriggerBy: "",
    tpslMode: "",
    tpLimitTicks: 0,
    slLimitTicks: 0,
    smpType: "None",
    smpOrderId: "",
    cancelType: "UNKNOWN",
    rejectReason: "EC_NoError",
    lastTicksOnCreated: cell.symbol.lastTicks,
    closedPnl: 0n,
    createdAtMs: state.nowMs,
    updatedAtMs: state.nowMs,
  };
}

function bracketFields(request: PlaceRequest): Partial<SimOrder> {
  const takeProfitTicks = request.takeProfitTicks ?? 0;
  const stopLossTicks = request.stopLossTicks ?? 0;
  if (takeProfitTicks === 0 && stopLossTicks === 0) return {};
  return {
    takeProfitTicks,
    stopLossTicks,
    tpTriggerBy: takeProfitTicks === 0 ? "" : (request.tpTriggerBy ?? "LastPrice"),
    slTriggerBy: stopLossTicks === 0 ? "" : (request.slTriggerBy ?? "LastPrice"),
    tpslMode: request.tpslMode ?? "Full",
    tpLimitTicks: request.tpLimitTicks ?? 0,
    slLimitTicks: request.slLimitTicks ?? 0,
  };
}

/** Wraps a record with what the engine keeps beside it. */
export function liveOrder(
  state: ExchangeState,
  cell: PositionCell,
  order: SimOrder,
  kind: {
    reducing: boolean;
    bracket: BracketKind;
    tpOrderType?: "Market" | "Limit";
    slOrderType?: "Market" | "Limit";
  },
): LiveOrder {
  return {
    order,
    account: cell.account,
    symbol: cell.symbol,
    cell,
    reducing: kind.reducing,
    tpOrderType: kind.tpOrderType ?? "Market",
    slOrderType: kind.slOrderType ?? "Market",
    bracket: kind.bracket,
    slot: 0,
    owner: state.nextOwner++,
    countedValue: 0n,
    closing: null,
    takeProfit: null,
    stopLoss: null,
    pair: null,
    trailingTicks: 0,
    activeTicks: 0,
    peakTicks: 0,
  };
}

export function register(live: LiveOrder): void {
  const { account, order } = live;
  account.open.set(order.orderId, live);
  if (order.orderLinkId === "") return;
  account.openByLink.set(order.orderLinkId, live);
  rememberLink(account, order.orderLinkId);
}

function rememberLink(account: AccountState, link: string): void {
  account.usedLinks.add(link);
  if (account.usedLinks.size <= LINK_IDS_MAX) return;
  for (const oldest of account.usedLinks) {
    account.usedLinks.delete(oldest);
    return;
  }
}

/** Stores an order that waits for its trigger. */
export function storeConditional(state: ExchangeState, live: LiveOrder): void {
  live.symbol.conditionals.add(live);
  emitOrder(state, live);
}

/** A trigger fired: the order becomes active if it still may. */
export function activateTriggered(state: ExchangeState, live: LiveOrder): void {
  const { order, symbol, cell } = live;
  symbol.conditionals.delete(live);
  order.status = "Triggered";
  emitOrder(state, live);
  order.priceTicks =
    order.type === "Market"
      ? protectiveTicks(symbol, order.side)
      : clampToBand(symbol, order.side, order.priceTicks);
  order.status = "New";
  const ticks = order.type === "Market" ? likelyTicks(symbol, order.side) : order.priceTicks;
  const value = tradeValue(symbol, ticks, order.qtySteps);
  if (!live.reducing && !canAfford(cell, order.side, value)) {
    finish(state, live, cancelled(live, "UNKNOWN", "EC_Others"));
    return;
  }
  activate(state, live);
}

/** Matches an active order and lets the rest follow its time in force. */
export function activate(state: ExchangeState, live: LiveOrder): void {
  const { order, symbol } = live;
  assert(live.slot === 0 && leftSteps(live) > 0, "an order that matches is off the book");
  if (live.reducing && !trimToPosition(live)) {
    finish(state, live, cancelled(live, "CancelByReduceOnly", "EC_NoError"));
    return;
  }
  if (order.closeOnTrigger) clearTheWay(state, live);
  const objection = objectionBeforeMatch(state, live);
  if (objection !== null) {
    finish(state, live, objection);
    return;
  }
  const sweep: Sweep = {
    side: order.side,
    limitTicks: order.priceTicks,
    leftSteps: leftSteps(live),
    taker: live,
    stoppedBy: "",
  };
  runSweep(state, symbol, sweep);
  settleRemainder(state, live, sweep);
}

/**
 * A close-on-trigger order must get through (order/create-order): orders of the contract on its own
 * side that would close the same position go, and while margin is short so does what adds to it,
 * newest first.
 */
function clearTheWay(state: ExchangeState, live: LiveOrder): void {
  const { cell, order, account, symbol } = live;
  const others = [...account.open.values()].filter(
    (other) => other !== live && other.symbol === symbol && other.slot !== 0,
  );
  for (const other of others) {
    const isRival = other.cell === cell && other.reducing && other.order.side === order.side;
    if (isRival) finish(state, other, cancelled(other, "CancelByReduceOnly", "EC_NoError"));
  }
  const fee = mulFixed(tradeValue(symbol, symbol.lastTicks, leftSteps(live)), account.takerRate);
  for (const other of others.reverse()) {
    if (availableOf(account) >= fee) return;
    if (!other.reducing) {
      finish(state, other, cancelled(other, "CancelByReduceOnly", "EC_NoError"));
    }
  }
}

/** Cuts a reduce-only order to what it can close; false when that is nothing. */
export function trimToPosition(live: LiveOrder): boolean {
  const closable = closableSteps(live.cell, live.order.side);
  if (closable === 0) return false;
  live.order.qtySteps = Math.min(live.order.qtySteps, live.order.cumSteps + closable);
  return true;
}

/** Post-only must not take, fill-or-kill must be able to fill. */
function objectionBeforeMatch(state: ExchangeState, live: LiveOrder): Ending | null {
  const { order, symbol, account } = live;
  const side = opposite(order.side);
  if (order.timeInForce === "PostOnly") {
    const crosses = symbol.book.reachable(side, order.priceTicks, 1) > 0;
    return crosses ? cancelled(live, "UNKNOWN", "EC_PostOnlyWillTakeLiquidity") : null;
  }
  if (order.timeInForce !== "FOK") return null;
  const wanted = leftSteps(live);
  const spared = (owner: number) =>
    order.smpType !== "None" && state.resting.get(owner)?.account === account;
  const found = symbol.book.reachable(side, order.priceTicks, wanted, spared);
  if (found >= wanted) return null;
  const reason = found === 0 ? "EC_NoImmediateQtyToFill" : "EC_NoEnoughQtyToFill";
  return cancelled(live, "UNKNOWN", reason);
}

function settleRemainder(state: ExchangeState, live: LiveOrder, sweep: Sweep): void {
  const { order } = live;
  if (sweep.leftSteps === 0) {
    finish(state, live, FILLED);
    return;
  }
  if (sweep.stoppedBy !== "") {
    const ending = cancelled(live, "CancelBySmp", "EC_BySelfMatch");
    finish(state, live, { ...ending, smpOrderId: sweep.stoppedBy });
    return;
  }
  if (live.reducing && !trimToPosition(live)) {
    finish(state, live, cancelled(live, "CancelByReduceOnly", "EC_NoError"));
    return;
  }
  if (order.timeInForce === "GTC" || order.timeInForce === "PostOnly") {
    rest(state, live);
    return;
  }
  const reason = order.cumSteps === 0 ? "EC_NoImmediateQtyToFill" : "EC_CancelForNoFullFill";
  finish(state, live, cancelled(live, "UNKNOWN", reason));
}

/** Puts what is left on the book. */
function rest(state: ExchangeState, live: LiveOrder): void {
  const { order, symbol, cell } = live;
  order.status = order.cumSteps > 0 ? "PartiallyFilled" : "New";
  live.slot = symbol.book.add(order.side, order.priceTicks, leftSteps(live), live.owner);
  state.resting.set(live.owner, live);
  recount(live);
  if (live.reducing) cell.reducers.add(live);
  emitOrder(state, live);
}
