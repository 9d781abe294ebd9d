/**
 * The REST side: one table of endpoints, the venue's order of checks, the envelope.
 *
 * Pure of transport: a request is text and headers in, a reply is text and headers out, so the
 * loopback server and tests call the same function.
 */

import { isRecord } from "../../../kernel/json.ts";
import { failure, type Result, success } from "../../../kernel/result.ts";
import type { SimVenue, VenueAccount } from "../../world/world.ts";
import * as trade from "../order-commands.ts";
import { limitHeaders, type RateLimits } from "../rate-limits.ts";
import { authenticate } from "../request-auth.ts";
import type { Body } from "../wire/order-input.ts";
import { envelope, type HttpReply, type Outcome, refuse } from "../wire/reply.ts";
import * as account from "./account-routes.ts";
import * as kline from "./kline-routes.ts";
import * as market from "./market-routes.ts";
import * as order from "./order-routes.ts";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Everything after `?`, byte for byte. */
  readonly rawQuery: string;
  readonly body: string;
  readonly address: string;
  header(name: string): string | null;
}

type PublicRead = (venue: SimVenue, query: market.Query, nowMs: number) => Outcome;

const PUBLIC_READS: Readonly<Record<string, PublicRead>> = {
  "/v5/market/time": market.marketTime,
  "/v5/market/instruments-info": market.instrumentsInfo,
  "/v5/market/tickers": market.tickers,
  "/v5/market/orderbook": market.orderbook,
  "/v5/market/recent-trade": market.recentTrades,
  "/v5/market/funding/history": market.fundingHistory,
  "/v5/market/open-interest": market.openInterest,
  "/v5/market/account-ratio": market.accountRatio,
  "/v5/market/price-limit": market.priceLimit,
  "/v5/market/risk-limit": market.riskLimit,
  "/v5/market/kline": kline.kline,
  "/v5/market/mark-price-kline": kline.markKline,
  "/v5/market/index-price-kline": kline.indexKline,
  "/v5/market/premium-index-price-kline": kline.premiumKline,
};

type PrivateRead = (
  venue: SimVenue,
  holder: VenueAccount,
  query: market.Query,
  nowMs: number,
) => Outcome;
type ReadById = (venue: SimVenue, accountId: string, query: market.Query, nowMs: number) => Outcome;

/** Most reads want the account's id and nothing else of its holder. */
const byId =
  (read: ReadById): PrivateRead =>
  (venue, { id }, query, nowMs) =>
    read(venue, id, query, nowMs);

const PRIVATE_READS: Readonly<Record<string, PrivateRead>> = {
  "/v5/order/realtime": byId(order.orderRealtime),
  "/v5/order/history": byId(order.orderHistory),
  "/v5/execution/list": byId(order.executionList),
  "/v5/position/list": byId(account.positionList),
  "/v5/position/closed-pnl": byId(account.closedPnl),
  "/v5/account/wallet-balance": byId(account.walletBalance),
  "/v5/account/info": byId(account.accountInfo),
  "/v5/account/fee-rate": byId(account.feeRate),
  "/v5/account/instruments-info": (venue, _holder, query) =>
    account.accountInstruments(venue, query),
  "/v5/account/query-dcp-info": byId(account.disconnectInfo),
  "/v5/account/user-setting-config": byId(account.userSettings),
  "/v5/account/transaction-log": byId(account.transactionLog),
  "/v5/user/query-api": account.queryApi,
};

const COMMANDS: Readonly<Record<string, trade.TradeCommand>> = {
  "/v5/order/create": trade.createOrder,
  "/v5/order/amend": trade.amendOrder,
  "/v5/order/cancel": trade.cancelOrder,
  "/v5/order/cancel-all": trade.cancelAllOrders,
  "/v5/order/pre-check": trade.preCheckOrder,
  "/v5/order/disconnected-cancel-all": trade.setDisconnectCancel,
  "/v5/position/set-leverage": account.setLeverage,
  "/v5/position/switch-mode": account.switchMode,
  "/v5/position/trading-stop": account.tradingStop,
  "/v5/position/add-margin": account.addMargin,
  "/v5/position/set-auto-add-margin": account.setAutoAddMargin,
  "/v5/account/set-margin-mode": account.setMarginMode,
};

export const BATCHES: Readonly<Record<string, trade.TradeCommand>> = {
  "/v5/order/create-batch": trade.createOrder,
  "/v5/order/amend-batch": trade.amendOrder,
  "/v5/order/cancel-batch": trade.cancelOrder,
};

/** Answers one request. Never throws for bad input. */
export function handleRest(
  venue: SimVenue,
  limits: RateLimits,
  request: HttpRequest,
  nowMs: number,
): HttpReply {
  if (!limits.addressAllows(request.address, nowMs)) {
    return json(403, refuse(10006, "access too frequent"), nowMs);
  }
  const read = PUBLIC_READS[request.path];
  if (read !== undefined) {
    if (request.method !== "GET") return notFound(nowMs);
    return json(200, read(venue, queryOf(request.rawQuery), nowMs), nowMs);
  }
  const method = methodOf(request.path);
  if (method === null || method !== request.method) return notFound(nowMs);
  return handleSigned(venue, limits, request, nowMs);
}

function methodOf(path: string): "GET" | "POST" | null {
  if (path in PRIVATE_READS) return "GET";
  return path in COMMANDS || path in BATCHES ? "POST" : null;
}

function handleSigned(
  venue: SimVenue,
  limits: RateLimits,
  request: HttpRequest,
  nowMs: number,
): HttpReply {
  const isRead = request.method === "GET";
  const auth = authenticate(
    venue,
    {
      apiKey: request.header("x-bapi-api-key"),
      timestamp: request.header("x-bapi-timestamp"),
      signature: request.header("x-bapi-sign"),
      recvWindow: request.header("x-bapi-recv-window"),
      payload: isRead ? request.rawQuery : request.body,
    },
    nowMs,
  );
  if (!auth.ok) return json(auth.problem.status, auth.problem.refusal, nowMs);
  const holder = auth.value;
  const batch = BATCHES[request.path];
  if (batch !== undefined) return handleBatch(venue, limits, { request, holder, batch }, nowMs);
  const allowance = limits.take(holder.id, request.path, nowMs);
  const headers = allowance === null ? {} : limitHeaders(allowance);
  if (allowance !== null && allowance.granted === 0) {
    return json(200, trade.RATE_LIMITED, nowMs, headers);
  }
  if (isRead) {
    const read = PRIVATE_READS[request.path];
    const query = queryOf(request.rawQuery);
    const outcome = read?.(venue, holder, query, nowMs) ?? NO_ROUTE;
    return json(200, outcome, nowMs, headers);
  }
  const body = bodyOf(request);
  if (!body.ok) return json(200, body.problem, nowMs, headers);
  const outcome = COMMANDS[request.path]?.(venue, holder.id, body.value) ?? NO_ROUTE;
  return json(200, outcome, nowMs, headers);
}

function handleBatch(
  venue: SimVenue,
  limits: RateLimits,
  call: { request: HttpRequest; holder: VenueAccount; batch: trade.TradeCommand },
  nowMs: number,
): HttpReply {
  const body = bodyOf(call.request);
  if (!body.ok) return json(200, body.problem, nowMs);
  const parsed = trade.batchOrders(body.value);
  if (!parsed.ok) return json(200, parsed.problem, nowMs);
  const orders = parsed.value;
  const allowance = limits.take(call.holder.id, call.request.path, nowMs, orders.length);
  const granted = allowance?.granted ?? orders.length;
  const headers = allowance === null ? {} : limitHeaders(allowance);
  if (granted === 0) return json(200, trade.RATE_LIMITED, nowMs, headers);
  const options = { command: call.batch, orders, granted };
  return json(200, trade.runBatch(venue, call.holder.id, options), nowMs, headers);
}

function queryOf(rawQuery: string): market.Query {
  return Object.fromEntries(new URLSearchParams(rawQuery));
}

/** A JSON object, or the refusal of what was sent instead. */
function bodyOf(request: HttpRequest): Result<Body, Outcome> {
  const type = request.header("content-type") ?? "";
  if (!type.toLowerCase().startsWith("application/json")) {
    return failure(refuse(10001, "Content-Type must be application/json"));
  }
  try {
    const value: unknown = JSON.parse(request.body === "" ? "{}" : request.body);
    if (isRecord(value)) return success(value);
  } catch {
    // Falls through to the one refusal for everything that is not an object.
  }
  return failure(refuse(10001, "Request parameter error."));
}

const NO_ROUTE = refuse(10017, "Route not found.");

function notFound(nowMs: number): HttpReply {
  return json(404, NO_ROUTE, nowMs);
}

export function json(
  status: number,
  outcome: Outcome,
  nowMs: number,
  headers: Record<string, string> = {},
): HttpReply {
  return {
    status,
    body: envelope(outcome, nowMs),
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
  };
}
