/** Signed reads about orders and executions. */
import type { SimOrder } from "../../core/api.ts";
import type { SimVenue } from "../../world/world.ts";
import { executionItem, type Item, isOpen, orderItem } from "../wire/encode-order.ts";
import { type Outcome, ok, parameterError, refuse } from "../wire/reply.ts";
import type { Query } from "./market-routes.ts";
import { pageOf, parseLimit, parseWindow, WRONG_CURSOR } from "./paging.ts";

/** Closed orders that order/realtime still shows with openOnly=1. */
const RECENT_CLOSED_MAX = 500;

export function orderRealtime(venue: SimVenue, accountId: string, query: Query): Outcome {
  if (query.category === "spot") return ok({ list: [], nextPageCursor: "", category: "spot" });
  if (query.category !== "linear") return refuse(10001, "Illegal category");
  const limit = parseLimit(query.limit, 20, 50);
  if (limit === null) return parameterError("limit");
  const byId = idOf(query);
  if (byId !== null) {
    const order = venue.core.findOrder(accountId, byId);
    const list = order === null ? [] : [orderItem(venue, order)];
    return ok({ list, nextPageCursor: "", category: "linear" });
  }
  if (!query.symbol && !query.baseCoin && !query.settleCoin) {
    return refuse(10001, "params error: symbol, baseCoin or settleCoin is required");
  }
  const source =
    query.openOnly === "1"
      ? venue.core.closedOrders(accountId).slice(0, RECENT_CLOSED_MAX)
      : [...venue.core.openOrders(accountId)].sort((a, b) => b.createdAtMs - a.createdAtMs);
  const wanted = source.filter(
    (order) => matches(venue, order, query) && matchesFilter(order, query),
  );
  return orderPage(venue, wanted, query, limit);
}

export function orderHistory(
  venue: SimVenue,
  accountId: string,
  query: Query,
  nowMs: number,
): Outcome {
  if (query.category === "spot") return ok({ list: [], nextPageCursor: "", category: "spot" });
  if (query.category !== "linear") return refuse(10001, "Illegal category");
  const limit = parseLimit(query.limit, 20, 50);
  if (limit === null) return parameterError("limit");
  const window = parseWindow(query.startTime, query.endTime, nowMs);
  if (window === null) return parameterError("startTime");
  const byId = idOf(query);
  if (byId !== null) {
    const order = venue.core.findOrder(accountId, byId);
    const closed = order === null || isOpen(order) ? [] : [historyItem(venue, order)];
    return ok({ list: closed, nextPageCursor: "", category: "linear" });
  }
  const wanted = venue.core
    .closedOrders(accountId)
    .filter((order) => order.createdAtMs >= window.fromMs && order.createdAtMs <= window.untilMs)
    .filter((order) => matches(venue, order, query) && matchesFilter(order, query))
    .filter((order) => !query.orderStatus || order.status === query.orderStatus);
  return orderPage(venue, wanted, query, limit);
}

export function executionList(
  venue: SimVenue,
  accountId: string,
  query: Query,
  nowMs: number,
): Outcome {
  if (query.category === "spot") return ok({ nextPageCursor: "", category: "spot", list: [] });
  if (query.category !== "linear") return refuse(10001, "Illegal category");
  const limit = parseLimit(query.limit, 50, 100);
  if (limit === null) return parameterError("limit");
  const window = parseWindow(query.startTime, query.endTime, nowMs);
  if (window === null) return parameterError("startTime");
  const all = [...venue.core.executions(accountId)].sort((a, b) => b.atMs - a.atMs);
  const wanted = all.filter((execution) => {
    if (query.orderId) return execution.orderId === query.orderId;
    if (query.orderLinkId) return execution.orderLinkId === query.orderLinkId;
    const inWindow = execution.atMs >= window.fromMs && execution.atMs <= window.untilMs;
    if (!inWindow || !matches(venue, execution, query)) return false;
    return !query.execType || execution.execType === query.execType;
  });
  const page = pageOf(wanted, (execution) => execution.execId, query.cursor, limit);
  if (page === null) return WRONG_CURSOR;
  const list = page.items.map((execution) => executionItem(venue, execution));
  return ok({ nextPageCursor: page.cursor, category: "linear", list });
}

function orderPage(
  venue: SimVenue,
  orders: readonly SimOrder[],
  query: Query,
  limit: number,
): Outcome {
  const page = pageOf(orders, (order) => order.orderId, query.cursor, limit);
  if (page === null) return WRONG_CURSOR;
  const list = page.items.map((order) => (isOpen(order) ? orderItem : historyItem)(venue, order));
  return ok({ list, nextPageCursor: page.cursor, category: "linear" });
}

/** History alone carries `extraFees`. */
function historyItem(venue: SimVenue, order: SimOrder): Item {
  return { ...orderItem(venue, order), extraFees: "" };
}

function idOf(query: Query): { orderId: string } | { orderLinkId: string } | null {
  if (query.orderId) return { orderId: query.orderId };
  return query.orderLinkId ? { orderLinkId: query.orderLinkId } : null;
}

/** Symbol, else base coin, else settle coin. */
export function matches(venue: SimVenue, item: { symbolIndex: number }, query: Query): boolean {
  const instrument = venue.instrumentAt(item.symbolIndex);
  if (query.symbol) return instrument.symbol === query.symbol;
  if (query.baseCoin) return instrument.baseCoin === query.baseCoin;
  return !query.settleCoin || instrument.settleCoin === query.settleCoin;
}

function matchesFilter(order: SimOrder, query: Query): boolean {
  const isStop = order.triggerTicks > 0;
  if (query.orderFilter === "Order") return !isStop;
  return query.orderFilter !== "StopOrder" || isStop;
}
