/**
 * Changing an open order (order/amend-order). A new price or a larger quantity goes to the
 * back of the queue and may match at once; a smaller quantity keeps its place.
 */
import type { AmendRequest, SimOrder, SimReply } from "./api.ts";
import { clampToBand } from "./band.ts";
import { findOpen } from "./cancel.ts";
import { leftSteps, recount, takeOffBook } from "./close.ts";
import { emitOrder, emitPosition } from "./emit.ts";
import {
  type AccountState,
  type ExchangeState,
  type LiveOrder,
  tradeValue,
} from "./exchange-state.ts";
import { canAfford } from "./margin.ts";
import { activate, trimToPosition } from "./orders.ts";
import { accepted, refused } from "./replies.ts";
import { bracketReply, notionalReply, priceReply, qtyReply, triggerReply } from "./validate.ts";

type Changes = Pick<
  SimOrder,
  "qtySteps" | "priceTicks" | "triggerTicks" | "takeProfitTicks" | "stopLossTicks"
>;
const FIELDS: readonly (keyof Changes)[] = [
  "qtySteps",
  "priceTicks",
  "triggerTicks",
  "takeProfitTicks",
  "stopLossTicks",
];

export function amendOrder(
  state: ExchangeState,
  account: AccountState,
  request: AmendRequest,
): SimReply {
  if ((request.orderId ?? "") === "" && (request.orderLinkId ?? "") === "") {
    return refused(10001, "params error: OrderId or orderLinkId is required");
  }
  const live = findOpen(account, request.symbolIndex, request);
  if (live === null) return refused(110001, "order not exists or too late to replace");
  const wanted = wantedOf(live, request);
  const objection = FIELDS.every((field) => wanted[field] === live.order[field])
    ? unchangedReply()
    : objectionTo(live, wanted);
  if (objection !== null) return objection;
  apply(state, live, wanted);
  if (!state.dirty.has(live.cell)) emitPosition(state, live.cell);
  return accepted(live.order);
}

function unchangedReply(): SimReply {
  return refused(
    10001,
    "The order remains unchanged as the parameters entered match the existing ones.",
  );
}

/** What the order would be; a price outside the band of an active order moves to its border. */
function wantedOf(live: LiveOrder, request: AmendRequest): Changes {
  const { order, symbol } = live;
  const wanted: Changes = {
    qtySteps: request.qtySteps ?? order.qtySteps,
    priceTicks: request.priceTicks ?? order.priceTicks,
    triggerTicks: request.triggerTicks ?? order.triggerTicks,
    takeProfitTicks: request.takeProfitTicks ?? order.takeProfitTicks,
    stopLossTicks: request.stopLossTicks ?? order.stopLossTicks,
  };
  const movesPrice = wanted.priceTicks !== order.priceTicks && live.slot !== 0;
  if (movesPrice && priceReply(symbol, wanted.priceTicks) === null) {
    wanted.priceTicks = clampToBand(symbol, order.side, wanted.priceTicks);
  }
  return wanted;
}

function objectionTo(live: LiveOrder, wanted: Changes): SimReply | null {
  const { order, symbol } = live;
  if (wanted.qtySteps !== order.qtySteps) {
    const reply = qtyReply(symbol, order.type, wanted.qtySteps);
    if (reply !== null) return reply;
    if (wanted.qtySteps <= order.cumSteps) {
      return refused(110064, "The modified quantity must be larger than the filled quantity");
    }
  }
  const movesPrice = wanted.priceTicks !== order.priceTicks && order.type === "Limit";
  return (
    (movesPrice ? priceReply(symbol, wanted.priceTicks) : null) ??
    (live.reducing || order.type === "Market"
      ? null
      : notionalReply(symbol, wanted.priceTicks, wanted.qtySteps)) ??
    triggerObjection(live, wanted) ??
    bracketObjection(live, wanted) ??
    marginObjection(live, wanted)
  );
}

function triggerObjection({ order, symbol }: LiveOrder, wanted: Changes): SimReply | null {
  if (wanted.triggerTicks === order.triggerTicks) return null;
  const { status, triggerDirection, triggerBy } = order;
  if (status !== "Untriggered" || triggerDirection === 0) {
    return refused(10001, "params error: the order has no trigger price");
  }
  return triggerReply(symbol, wanted.triggerTicks, triggerDirection, triggerBy || "LastPrice");
}

function bracketObjection({ order }: LiveOrder, wanted: Changes): SimReply | null {
  const base = wanted.priceTicks;
  const changed =
    wanted.takeProfitTicks !== order.takeProfitTicks ||
    wanted.stopLossTicks !== order.stopLossTicks;
  if (!changed) return null;
  if (order.status === "Untriggered") return refused(110057, "Conditional order can't set TP/SL");
  const prices = { takeProfit: wanted.takeProfitTicks, stopLoss: wanted.stopLossTicks };
  return bracketReply(order.side, base, prices);
}

function marginObjection(live: LiveOrder, wanted: Changes): SimReply | null {
  if (live.slot === 0 || live.reducing) return null;
  const left = wanted.qtySteps - live.order.cumSteps;
  const increase = tradeValue(live.symbol, wanted.priceTicks, left) - live.countedValue;
  if (increase <= 0n || canAfford(live.cell, live.order.side, increase)) return null;
  return refused(110007, "ab not enough for new order");
}

function apply(state: ExchangeState, live: LiveOrder, wanted: Changes): void {
  const { order, symbol } = live;
  const shrinksBy = order.qtySteps - wanted.qtySteps;
  const movesPrice = wanted.priceTicks !== order.priceTicks;
  showOnPosition(live, wanted);
  Object.assign(order, wanted);
  const hasBracket = order.takeProfitTicks !== 0 || order.stopLossTicks !== 0;
  if (hasBracket && order.tpslMode === "") order.tpslMode = "Full";
  if (live.slot === 0) {
    emitOrder(state, live);
    return;
  }
  if (movesPrice || shrinksBy < 0) {
    takeOffBook(state, live);
    activate(state, live);
    return;
  }
  if (live.reducing) trimToPosition(live);
  if (shrinksBy > 0) symbol.book.reduce(live.slot, restingSteps(state, live) - leftSteps(live));
  recount(live);
  emitOrder(state, live);
}

function restingSteps(state: ExchangeState, live: LiveOrder): number {
  return state.pool.leftSteps[live.slot] ?? 0;
}

/** A whole-position take-profit or stop-loss is shown on the position too. */
function showOnPosition({ bracket, order, cell }: LiveOrder, wanted: Changes): void {
  if (bracket !== "full") return;
  if (order.stopOrderType === "TakeProfit") cell.position.takeProfitTicks = wanted.triggerTicks;
  else cell.position.stopLossTicks = wanted.triggerTicks;
}
