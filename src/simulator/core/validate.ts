/**
 * What is checked before an order is acknowledged, in an order that the venue does
 * not publish: symbol, mode, numbers, band, trigger, link id, counts, reduce-only, risk, margin.
 * The first check that objects gives the reply; later ones never run.
 */
import { toNumber } from "../../kernel/decimal.ts";
import { FIXED_ONE, type Fixed } from "../../kernel/fixed.ts";
import type { PlaceRequest, SimReply, SimSide, TriggerBy } from "./api.ts";
import { clampToBand, protectiveTicks } from "./band.ts";
import {
  ACTIVE_ORDERS_MAX,
  type AccountState,
  CONDITIONAL_ORDERS_MAX,
  holdingSide,
  isHedged,
  type LiveOrder,
  leverageOf,
  opposite,
  PARTIAL_BRACKETS_MAX,
  type PositionCell,
  type SymbolState,
  tradeValue,
} from "./exchange-state.ts";
import { canAfford, isInsideRiskLimit, positionValue } from "./margin.ts";
import { closableSteps } from "./positions.ts";
import { refused } from "./replies.ts";

/** An order on its way in. Checks may move its price and quantity as the venue does. */
export interface Ticket {
  readonly account: AccountState;
  readonly symbol: SymbolState;
  readonly request: PlaceRequest;
  readonly cell: PositionCell;
  readonly reducing: boolean;
  readonly isConditional: boolean;
  priceTicks: number;
  qtySteps: number;
}

type Check = (ticket: Ticket) => SimReply | null;

const CHECKS: readonly Check[] = [
  checkStatus,
  checkPositionIdx,
  checkQty,
  checkPrice,
  checkMinNotional,
  checkTrigger,
  checkBrackets,
  checkLink,
  checkCounts,
  checkReduceOnly,
  checkRiskLimit,
  checkMargin,
];

/** Null when the order may be acknowledged; the ticket then holds its final price and quantity. */
export function validate(ticket: Ticket): SimReply | null {
  for (const check of CHECKS) {
    const reply = check(ticket);
    if (reply !== null) return reply;
  }
  return null;
}

function checkStatus({ symbol, reducing }: Ticket): SimReply | null {
  switch (symbol.instrument.status) {
    case "Trading":
      return null;
    case "Delivering":
      if (reducing) return null;
      return refused(30228, "Symbol is being delisted, no new positions are allowed");
    case "PreLaunch":
      return refused(110074, "This contract is not live");
    case "Closed":
      return refused(10001, "Not supported symbols");
  }
}

/** One-way needs 0, hedge needs 1 or 2. */
function checkPositionIdx({ account, symbol, request }: Ticket): SimReply | null {
  const hedged = isHedged(account, symbol.instrument.index);
  if (hedged === ((request.positionIdx ?? 0) !== 0)) return null;
  return refused(10001, "position idx not match position mode");
}

function checkQty(ticket: Ticket): SimReply | null {
  const { request, symbol, cell } = ticket;
  if (request.qtySteps === 0 && ticket.reducing) {
    ticket.qtySteps = Math.min(closableSteps(cell, request.side), qtyMax(symbol, request.type));
    return ticket.qtySteps > 0 ? null : flatReply();
  }
  return qtyReply(symbol, request.type, request.qtySteps);
}

/** The venue's objection to a quantity, null when it is fine. */
export function qtyReply(
  symbol: SymbolState,
  type: "Limit" | "Market",
  qtySteps: number,
): SimReply | null {
  if (!Number.isSafeInteger(qtySteps) || qtySteps <= 0) return refused(10001, "Qty invalid");
  if (qtySteps < symbol.instrument.minQtySteps) {
    return refused(10001, "The number of contracts exceeds minimum limit allowed");
  }
  if (qtySteps > qtyMax(symbol, type)) {
    return refused(10001, "The number of contracts exceeds maximum limit allowed");
  }
  return null;
}

function qtyMax(symbol: SymbolState, type: "Limit" | "Market"): number {
  const { maxLimitQtySteps, maxMarketQtySteps } = symbol.instrument;
  return type === "Market" ? maxMarketQtySteps : maxLimitQtySteps;
}

function checkPrice(ticket: Ticket): SimReply | null {
  const { request, symbol, isConditional } = ticket;
  if (request.type === "Market") {
    ticket.priceTicks = isConditional ? 0 : protectiveTicks(symbol, request.side);
    return null;
  }
  const reply = priceReply(symbol, request.priceTicks);
  if (reply !== null || isConditional) return reply;
  ticket.priceTicks = clampToBand(symbol, request.side, request.priceTicks);
  return null;
}

/** The venue's objection to a limit or trigger price outside the contract's range. */
export function priceReply(symbol: SymbolState, priceTicks: number): SimReply | null {
  const { minPriceTicks, maxPriceTicks } = symbol.instrument;
  const fits = priceTicks >= minPriceTicks && priceTicks <= maxPriceTicks;
  return Number.isSafeInteger(priceTicks) && fits ? null : refused(110003, "price is invalid");
}

function checkMinNotional({ request, symbol, reducing, priceTicks, qtySteps }: Ticket) {
  if (reducing) return null;
  const ticks = request.type === "Market" ? likelyTicks(symbol, request.side) : priceTicks;
  return notionalReply(symbol, ticks, qtySteps);
}

/** 110094 below the smallest order value; a price of 0 is not known yet and passes. */
export function notionalReply(
  symbol: SymbolState,
  priceTicks: number,
  qtySteps: number,
): SimReply | null {
  const { minNotional } = symbol.instrument;
  const value = tradeValue(symbol, priceTicks, qtySteps);
  if (priceTicks === 0 || value >= BigInt(minNotional) * FIXED_ONE) return null;
  return refused(110094, `Order does not meet minimum order value ${minNotional}USDT`);
}

/** What a market order would pay first: best of the other side, else last, else mark. */
export function likelyTicks(symbol: SymbolState, side: SimSide): number {
  return symbol.book.bestTicks(opposite(side)) || symbol.lastTicks || symbol.markTicks;
}

function checkTrigger({ request, symbol, isConditional }: Ticket): SimReply | null {
  if (!isConditional) return null;
  const direction = request.triggerDirection ?? 0;
  if (direction === 0) return refused(10001, "TriggerDirection invalid");
  const triggerTicks = request.triggerTicks ?? 0;
  return triggerReply(symbol, triggerTicks, direction, request.triggerBy ?? "LastPrice");
}

/** Refuses a trigger on the wrong side of the price it watches. Its text scales prices by 10⁴. */
export function triggerReply(
  symbol: SymbolState,
  triggerTicks: number,
  direction: 1 | 2,
  by: TriggerBy,
): SimReply | null {
  const outside = priceReply(symbol, triggerTicks);
  if (outside !== null) return outside;
  const current = watchedTicks(symbol, by);
  if (current === 0) return null;
  const scaled = (ticks: number) => Math.round(toNumber(symbol.instrument.price, ticks) * 1e4);
  const what = `trigger_price[${scaled(triggerTicks)}]`;
  const against = `current[${scaled(current)}]??${by}`;
  if (direction === 1 && triggerTicks <= current) {
    return refused(110092, `expect Rising, but ${what} <= ${against}`);
  }
  if (direction === 2 && triggerTicks >= current) {
    return refused(110093, `expect Falling, but ${what} >= ${against}`);
  }
  return null;
}

/** The current price of a trigger type, 0 while there is none. */
function watchedTicks(symbol: SymbolState, by: TriggerBy): number {
  if (by === "MarkPrice") return symbol.markTicks;
  return by === "IndexPrice" ? symbol.indexTicks : symbol.lastTicks;
}

/** Attached take-profit and stop-loss: allowed at all, and on the right side of the price. */
function checkBrackets(ticket: Ticket): SimReply | null {
  const { request, symbol, reducing, isConditional, priceTicks } = ticket;
  const takeProfit = request.takeProfitTicks ?? 0;
  const stopLoss = request.stopLossTicks ?? 0;
  if (takeProfit === 0 && stopLoss === 0) return null;
  if (isConditional) return refused(110057, "Conditional order can't set TP/SL");
  if (reducing) return refused(10001, "params error: reduce-only order can't set TP/SL");
  const isLimit = (request.tpLimitTicks ?? 0) > 0 || (request.slLimitTicks ?? 0) > 0;
  if (isLimit && request.tpslMode !== "Partial") {
    return refused(10001, "params error: TP/SL limit price needs tpslMode Partial");
  }
  if (request.tpslMode === "Partial" && tooManyPartials(ticket.cell)) return partialsReply();
  const base = request.type === "Market" ? likelyTicks(symbol, request.side) : priceTicks;
  return bracketReply(request.side, base, { takeProfit, stopLoss });
}

/** Whether the position has as many partial pairs as it may. */
export function tooManyPartials(cell: PositionCell): boolean {
  let takeProfits = 0;
  let stopLosses = 0;
  for (const { order } of cell.brackets) {
    if (order.stopOrderType === "PartialTakeProfit") takeProfits++;
    if (order.stopOrderType === "PartialStopLoss") stopLosses++;
  }
  return Math.max(takeProfits, stopLosses) >= PARTIAL_BRACKETS_MAX;
}

export function partialsReply(): SimReply {
  return refused(110061, "There are too many partial TP/SL orders");
}

/** A long's take-profit is above and its stop-loss below the base price; a short's mirrored. */
export function bracketReply(
  side: SimSide,
  baseTicks: number,
  prices: { takeProfit: number; stopLoss: number },
): SimReply | null {
  if (baseTicks === 0) return null;
  const sign = side === "Buy" ? 1 : -1;
  const { takeProfit, stopLoss } = prices;
  if (takeProfit !== 0 && (takeProfit - baseTicks) * sign <= 0) {
    const wanted = side === "Buy" ? "higher" : "lower";
    return refused(
      10001,
      `TakeProfit set for ${side} position should be ${wanted} than base_price`,
    );
  }
  if (stopLoss !== 0 && (stopLoss - baseTicks) * sign >= 0) {
    const wanted = side === "Buy" ? "lower" : "higher";
    return refused(10001, `StopLoss set for ${side} position should be ${wanted} than base_price`);
  }
  return null;
}

/** At most 36 of digits, letters, dash, underscore, and never used before. */
function checkLink({ account, request }: Ticket): SimReply | null {
  const link = request.orderLinkId ?? "";
  if (link === "") return null;
  if (!/^[0-9A-Za-z_-]{1,36}$/.test(link)) {
    return refused(10001, "params error: OrderLinkId invalid");
  }
  if (!account.usedLinks.has(link) && !account.openByLink.has(link)) return null;
  return refused(110072, "OrderLinkedID is duplicate");
}

function checkCounts({ account, symbol, isConditional }: Ticket): SimReply | null {
  let active = 0;
  let conditional = 0;
  for (const live of account.open.values()) {
    if (live.symbol !== symbol) continue;
    if (isPlainConditional(live)) conditional++;
    else if (live.order.status !== "Untriggered") active++;
  }
  if (isConditional && conditional >= CONDITIONAL_ORDERS_MAX) {
    return refused(110009, "The number of stop orders exceeds the maximum allowable limit");
  }
  if (!isConditional && active >= ACTIVE_ORDERS_MAX) {
    return refused(110020, "Not allowed to have more than 500 active orders");
  }
  return null;
}

/** A conditional order of the user's own, not one that the venue keeps for a position. */
function isPlainConditional(live: LiveOrder): boolean {
  return live.order.status === "Untriggered" && live.bracket === "";
}

/** Conditional orders meet their position when they trigger, the others now. */
function checkReduceOnly(ticket: Ticket): SimReply | null {
  if (!ticket.reducing || ticket.isConditional) return null;
  if (ticket.cell.position.sizeSteps === 0) return flatReply();
  const closable = closableSteps(ticket.cell, ticket.request.side);
  if (closable === 0) return refused(110017, "Reduce-only rule not satisfied");
  ticket.qtySteps = Math.min(ticket.qtySteps, closable);
  return null;
}

function flatReply(): SimReply {
  return refused(110017, "current position is zero, cannot fix reduce-only order qty");
}

/** The position that the order and those before it on its side would make. */
function checkRiskLimit(ticket: Ticket): SimReply | null {
  const { account, cell, symbol, request, reducing, isConditional } = ticket;
  if (reducing || isConditional || account.options.house) return null;
  const held = cell.position.sizeSteps === 0 ? 0n : positionValue(cell);
  const adds = holdingSide(cell) === request.side;
  const waiting = request.side === "Buy" ? cell.buyValue : cell.sellValue;
  const value = (adds ? held : -held) + waiting + ticketValue(ticket);
  if (isInsideRiskLimit(symbol, leverageOf(account, symbol, request.side), value)) return null;
  return refused(110090, "Risk limit exceeded: the position would be too large for its leverage");
}

function checkMargin(ticket: Ticket): SimReply | null {
  const { cell, request, reducing, isConditional } = ticket;
  if (reducing || isConditional) return null;
  return canAfford(cell, request.side, ticketValue(ticket))
    ? null
    : refused(110007, "ab not enough for new order");
}

/** What the order is expected to cost: a market order is valued at what it meets first. */
function ticketValue({ symbol, request, priceTicks, qtySteps }: Ticket): Fixed {
  const likely = likelyTicks(symbol, request.side) || priceTicks;
  return tradeValue(symbol, request.type === "Market" ? likely : priceTicks, qtySteps);
}
