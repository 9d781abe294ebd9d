/**
 * Order commands, the same for REST and the trade socket: accepted first, told on the stream after.
 */
import { isRecord } from "../../kernel/json.ts";
import { failure, type Result, success } from "../../kernel/result.ts";
import type { SimReply } from "../core/api.ts";
import type { SimVenue } from "../world/world.ts";
import {
  type Body,
  instrumentOf,
  NO_ID,
  orderIdOf,
  parseAmend,
  parsePlace,
  textOf,
} from "./wire/order-input.ts";
import { type Outcome, ok, parameterError, refuse } from "./wire/reply.ts";

/** Orders in one batch request. */
export const BATCH_MAX = 20;

export type TradeCommand = (venue: SimVenue, accountId: string, body: Body) => Outcome;

export const createOrder: TradeCommand = (venue, accountId, body) => {
  const parsed = parsePlace(venue, body);
  if (!parsed.ok) return parsed.problem;
  return outcomeOf(venue.core.place(accountId, parsed.value));
};

export const amendOrder: TradeCommand = (venue, accountId, body) => {
  const parsed = parseAmend(venue, body);
  if (!parsed.ok) return parsed.problem;
  return outcomeOf(venue.core.amend(accountId, parsed.value));
};

export const cancelOrder: TradeCommand = (venue, accountId, body) => {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found.problem;
  const id = orderIdOf(body);
  if (id === null) return NO_ID;
  return outcomeOf(venue.core.cancel(accountId, found.value.index, id));
};

export const cancelAllOrders: TradeCommand = (venue, accountId, body) => {
  if (textOf(body, "category") !== "linear") return refuse(10001, "Illegal category");
  const [symbol, baseCoin, settleCoin] = ["symbol", "baseCoin", "settleCoin"].map((name) =>
    textOf(body, name),
  );
  if (!symbol && !baseCoin && !settleCoin) {
    return refuse(10001, "params error: symbol, baseCoin or settleCoin is required");
  }
  const orderFilter = textOf(body, "orderFilter");
  if (orderFilter !== "" && !isOrderFilter(orderFilter)) return parameterError("orderFilter");
  const filter = {
    ...(isOrderFilter(orderFilter) ? { orderFilter } : {}),
    ...(textOf(body, "stopOrderType") === "Stop" ? { onlyStop: true } : {}),
  };
  if (!symbol && !baseCoin) {
    const list = settleCoin === "USDT" ? venue.core.cancelAll(accountId, filter) : [];
    return ok({ list, success: "1" });
  }
  const instrument = symbol
    ? venue.instrument(symbol)
    : venue.core.instruments.find((item) => item.baseCoin === baseCoin);
  if (instrument === undefined) return refuse(10001, "Not supported symbols");
  const list = venue.core.cancelAll(accountId, { ...filter, symbolIndex: instrument.index });
  return ok({ list, success: "1" });
};

function isOrderFilter(text: string): text is "Order" | "StopOrder" | "OpenOrder" {
  return text === "Order" || text === "StopOrder" || text === "OpenOrder";
}

/** order/dcp: seconds that a window may have. */
const DISCONNECT_WINDOW_S = { least: 3, most: 300 };

/** Ordinary accounts are refused. */
export const setDisconnectCancel: TradeCommand = (venue, accountId, body) => {
  if (venue.disconnectWindowS(accountId) === null) {
    return refuse(10005, "Permission denied, please check your API key permissions.");
  }
  const seconds = Number(textOf(body, "timeWindow"));
  const { least, most } = DISCONNECT_WINDOW_S;
  if (!Number.isInteger(seconds) || seconds < least || seconds > most) {
    return parameterError("timeWindow");
  }
  venue.setDisconnectWindow(accountId, seconds);
  return ok({}, "success");
};

/** Margin rates before and after, in units of 0.01 %. */
export const preCheckOrder: TradeCommand = (venue, accountId, body) => {
  const parsed = parsePlace(venue, body);
  if (!parsed.ok) return parsed.problem;
  const wallet = venue.core.wallet(accountId);
  const equity = Number(wallet.walletBalance + wallet.unrealised);
  const e4 = (part: bigint): number =>
    equity <= 0 ? 0 : Math.round((Number(part) / equity) * 1e4);
  const before = e4(wallet.orderIm + wallet.positionIm);
  const maintenance = e4(wallet.positionMm);
  return ok({
    orderId: "",
    orderLinkId: textOf(body, "orderLinkId"),
    preImrE4: before,
    preMmrE4: maintenance,
    postImrE4: before,
    postMmrE4: maintenance,
  });
};

/** Orders of a batch body, or the refusal of the whole request. */
export function batchOrders(body: Body): Result<readonly Body[], Outcome> {
  if (textOf(body, "category") !== "linear") return failure(refuse(10001, "Illegal category"));
  const { request } = body;
  if (!Array.isArray(request) || request.length === 0) return failure(parameterError("request"));
  if (request.length > BATCH_MAX) {
    return failure(refuse(10001, `params error: batch size exceeds ${BATCH_MAX}`));
  }
  const orders = request.map((order: unknown) => ({
    ...(isRecord(order) ? order : {}),
    category: "linear",
  }));
  return success(orders);
}

/** Runs a batch of which the first `granted` orders pass the rate limit. */
export function runBatch(
  venue: SimVenue,
  accountId: string,
  options: {
    readonly command: TradeCommand;
    readonly orders: readonly Body[];
    readonly granted: number;
  },
): Outcome {
  const list: Record<string, string>[] = [];
  const codes: { code: number; msg: string }[] = [];
  options.orders.forEach((order, at) => {
    const outcome = at < options.granted ? options.command(venue, accountId, order) : RATE_LIMITED;
    const ids = idsOf(outcome);
    const createAt = outcome.code === 0 ? String(venue.nowMs) : "";
    list.push({
      category: "linear",
      symbol: textOf(order, "symbol"),
      orderId: ids.orderId,
      orderLinkId: ids.orderLinkId || textOf(order, "orderLinkId"),
      ...(options.command === createOrder ? { createAt } : {}),
    });
    codes.push({ code: outcome.code, msg: outcome.text });
  });
  return { code: 0, text: "OK", result: { list }, ext: { list: codes } };
}

export const RATE_LIMITED = refuse(10006, "Too many visits. Exceeded the API Rate Limit.");

function outcomeOf(reply: SimReply): Outcome {
  if (reply.code !== 0) return refuse(reply.code, reply.text);
  return ok({ orderId: reply.orderId, orderLinkId: reply.orderLinkId });
}

function idsOf(outcome: Outcome): { orderId: string; orderLinkId: string } {
  const result = isRecord(outcome.result) ? outcome.result : {};
  return { orderId: textOf(result, "orderId"), orderLinkId: textOf(result, "orderLinkId") };
}
