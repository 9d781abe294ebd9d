/** Signed endpoints about positions, the wallet, the account and the key. */
import { parseFixed } from "../../../kernel/fixed.ts";
import type { SimReply } from "../../core/api.ts";
import type { SimVenue, VenueAccount } from "../../world/world.ts";
import { closedPnlItem, positionItem, transactionItem, walletItem } from "../wire/encode-order.ts";
import { instrumentItem } from "../wire/instrument-item.ts";
import { type Body, FieldReader, instrumentOf, TRIGGERS, textOf } from "../wire/order-input.ts";
import { type Outcome, ok, parameterError, refuse } from "../wire/reply.ts";
import { instrumentList, type Query } from "./market-routes.ts";
import { matches } from "./order-routes.ts";
import { pageOf, parseLimit, parseWindow, WRONG_CURSOR } from "./paging.ts";

export function positionList(venue: SimVenue, accountId: string, query: Query): Outcome {
  const category = query.category ?? "";
  if (category === "inverse" || category === "option") {
    return ok({ list: [], nextPageCursor: "", category });
  }
  if (category !== "linear") return refuse(10001, "Illegal category");
  const limit = parseLimit(query.limit, 20, 200);
  if (limit === null) return parameterError("limit");
  if (!query.symbol && !query.settleCoin) {
    return refuse(10001, "params error: symbol or settleCoin is required");
  }
  const named = query.symbol ? venue.instrument(query.symbol) : undefined;
  if (query.symbol && named === undefined) return refuse(10001, "Not supported symbols");
  const positions =
    named === undefined
      ? venue.core
          .positions(accountId)
          .filter((position) => position.sizeSteps !== 0 && matches(venue, position, query))
      : venue.core.positionsOf(accountId, named.index);
  const page = pageOf(
    positions,
    (position) => `${position.symbolIndex}:${position.positionIdx}`,
    query.cursor,
    limit,
  );
  if (page === null) return WRONG_CURSOR;
  const list = page.items.map((position) => positionItem(venue, position));
  return ok({ list, nextPageCursor: page.cursor, category: "linear" });
}

export function setLeverage(venue: SimVenue, accountId: string, body: Body): Outcome {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found.problem;
  const buy = Number(textOf(body, "buyLeverage") || Number.NaN);
  const sell = Number(textOf(body, "sellLeverage") || Number.NaN);
  if (!(buy >= 1)) return parameterError("buyLeverage");
  if (!(sell >= 1)) return parameterError("sellLeverage");
  return plain(venue.core.setLeverage(accountId, found.value.index, buy, sell));
}

export function switchMode(venue: SimVenue, accountId: string, body: Body): Outcome {
  if (textOf(body, "category") !== "linear") return refuse(10001, "Illegal category");
  const mode = textOf(body, "mode");
  if (mode !== "0" && mode !== "3") return parameterError("mode");
  const symbol = textOf(body, "symbol");
  if (symbol === "" && textOf(body, "coin") !== "USDT") return parameterError("symbol");
  const instrument = symbol === "" ? null : venue.instrument(symbol);
  if (instrument === undefined) return refuse(10001, "Not supported symbols");
  return plain(venue.core.switchMode(accountId, instrument?.index ?? null, mode === "0" ? 0 : 3));
}

export function tradingStop(venue: SimVenue, accountId: string, body: Body): Outcome {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found.problem;
  const reader = new FieldReader(found.value, body);
  const request = {
    symbolIndex: found.value.index,
    positionIdx: reader.positionIdx().positionIdx ?? 0,
    tpslMode: textOf(body, "tpslMode") === "Partial" ? ("Partial" as const) : ("Full" as const),
    ...reader.optionalTicks("takeProfit", "takeProfitTicks"),
    ...reader.optionalTicks("stopLoss", "stopLossTicks"),
    ...reader.optionalTicks("trailingStop", "trailingTicks"),
    ...reader.optionalTicks("activePrice", "activeTicks"),
    ...reader.choice("tpTriggerBy", TRIGGERS),
    ...reader.choice("slTriggerBy", TRIGGERS),
    ...reader.optionalSteps("tpSize", "tpSizeSteps"),
    ...reader.optionalSteps("slSize", "slSizeSteps"),
    ...reader.optionalTicks("tpLimitPrice", "tpLimitTicks"),
    ...reader.optionalTicks("slLimitPrice", "slLimitTicks"),
  };
  if (reader.problem !== null) return reader.problem;
  return plain(venue.core.setTradingStop(accountId, request));
}

export function closedPnl(
  venue: SimVenue,
  accountId: string,
  query: Query,
  nowMs: number,
): Outcome {
  if (query.category !== "linear") return refuse(10001, "Illegal category");
  const limit = parseLimit(query.limit, 50, 100);
  if (limit === null) return parameterError("limit");
  const window = parseWindow(query.startTime, query.endTime, nowMs);
  if (window === null) return parameterError("startTime");
  const rows = [...venue.core.closedPnl(accountId)]
    .map((row, at) => ({ row, key: `${row.orderId}:${at}` }))
    .sort((a, b) => b.row.updatedAtMs - a.row.updatedAtMs)
    .filter(({ row }) => row.updatedAtMs >= window.fromMs && row.updatedAtMs <= window.untilMs)
    .filter(({ row }) => matches(venue, row, query));
  const page = pageOf(rows, ({ key }) => key, query.cursor, limit);
  if (page === null) return WRONG_CURSOR;
  const list = page.items.map(({ row }) => closedPnlItem(venue, row));
  return ok({ nextPageCursor: page.cursor, category: "linear", list });
}

export function walletBalance(venue: SimVenue, accountId: string, query: Query): Outcome {
  if (query.accountType !== "UNIFIED") {
    return refuse(10001, "accountType only support UNIFIED.");
  }
  const coins = query.coin ? query.coin.split(",") : null;
  const isolated = venue.core.marginMode(accountId) === "ISOLATED_MARGIN";
  const item = walletItem(venue.core.wallet(accountId), isolated);
  const coin = item.coin.filter((row) => coins?.includes(textOf(row, "coin")) ?? true);
  return ok({ list: [{ ...item, coin }] });
}

export function accountInfo(venue: SimVenue, accountId: string): Outcome {
  return ok({
    marginMode: venue.core.marginMode(accountId),
    updatedTime: String(venue.startAtMs),
    unifiedMarginStatus: 6,
    dcpStatus: "OFF",
    timeWindow: 10,
    smpGroup: 0,
    isMasterTrader: false,
    spotHedgingStatus: "OFF",
  });
}

export function feeRate(venue: SimVenue, accountId: string, query: Query): Outcome {
  const account = venue.core.account(accountId);
  const rates = { takerFeeRate: account.takerFeeRate, makerFeeRate: account.makerFeeRate };
  if ((query.category || "linear") !== "linear") return refuse(10001, "Illegal category");
  if (query.symbol) {
    if (venue.instrument(query.symbol) === undefined) return refuse(10001, "Not supported symbols");
    return ok({ list: [{ symbol: query.symbol, ...rates }] });
  }
  const list = venue.core.instruments.map(({ symbol }) => ({ symbol, ...rates }));
  return ok({ list });
}

export function transactionLog(
  venue: SimVenue,
  accountId: string,
  query: Query,
  nowMs: number,
): Outcome {
  const limit = parseLimit(query.limit, 20, 50);
  if (limit === null) return parameterError("limit");
  const startTime = query.startTime || (query.endTime ? undefined : String(nowMs - 86_400_000));
  const window = parseWindow(startTime, query.endTime, nowMs);
  if (window === null) return parameterError("startTime");
  if (query.currency && query.currency !== "USDT") return ok({ nextPageCursor: "", list: [] });
  const lines = [...venue.core.transactions(accountId)]
    .sort((a, b) => b.atMs - a.atMs)
    .filter((line) => line.atMs >= window.fromMs && line.atMs <= window.untilMs)
    .filter((line) => !query.type || line.type === query.type)
    .filter(
      (line) => !query.category || line.type.startsWith("TRANSFER") || query.category === "linear",
    );
  const page = pageOf(lines, (line) => line.id, query.cursor, limit);
  if (page === null) return WRONG_CURSOR;
  const list = page.items.map((line) => transactionItem(venue, line));
  return ok({ nextPageCursor: page.cursor, list });
}

export function setMarginMode(venue: SimVenue, accountId: string, body: Body): Outcome {
  const mode = textOf(body, "setMarginMode");
  if (mode !== "ISOLATED_MARGIN" && mode !== "REGULAR_MARGIN") {
    return marginModeRefusal(`${mode || "empty mode"} is not offered`);
  }
  const reply = venue.core.setMarginMode(accountId, mode);
  if (reply.code === MARGIN_MODE_FAILED) return marginModeRefusal(reply.text);
  return reply.code === 0 ? ok({ reasons: [] }, "Request accepted") : plain(reply);
}

/** account/set-margin-mode: its one failure, with what stood in the way in the result. */
const MARGIN_MODE_FAILED = 3400045;

function marginModeRefusal(reasonMsg: string): Outcome {
  const reasons = [{ reasonCode: "3400000", reasonMsg }];
  return { code: MARGIN_MODE_FAILED, text: "Set margin mode failed", result: { reasons } };
}

/** Isolated margin in USDT with at most four decimals; negative takes added margin back. */
export function addMargin(venue: SimVenue, accountId: string, body: Body): Outcome {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found.problem;
  const text = textOf(body, "margin");
  const amount = /^-?\d+(\.\d{1,4})?$/.test(text) ? parseFixed(text) : null;
  if (amount === null) return parameterError("margin");
  const reader = new FieldReader(found.value, body);
  const at = {
    symbolIndex: found.value.index,
    positionIdx: reader.positionIdx().positionIdx ?? 0,
  };
  if (reader.problem !== null) return reader.problem;
  const reply = venue.core.addMargin(accountId, at, amount);
  if (reply.code !== 0) return refuse(reply.code, reply.text);
  const position = venue.core
    .positionsOf(accountId, at.symbolIndex)
    .find(({ positionIdx }) => positionIdx === at.positionIdx);
  return ok(position === undefined ? {} : { category: "linear", ...positionItem(venue, position) });
}

export function setAutoAddMargin(venue: SimVenue, accountId: string, body: Body): Outcome {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found.problem;
  const wanted = textOf(body, "autoAddMargin") || textOf(body, "autoAddmargin");
  if (wanted !== "0" && wanted !== "1") return parameterError("autoAddMargin");
  const reader = new FieldReader(found.value, body);
  const positionIdx = reader.positionIdx().positionIdx ?? 0;
  if (reader.problem !== null) return reader.problem;
  const at = { symbolIndex: found.value.index, positionIdx };
  return plain(venue.core.setAutoAddMargin(accountId, at, wanted === "1"));
}

/** Empty for accounts without disconnect-cancel-all. */
export function disconnectInfo(venue: SimVenue, accountId: string): Outcome {
  const windowS = venue.disconnectWindowS(accountId);
  const info = { product: "DERIVATIVES", dcpStatus: "ON", timeWindow: String(windowS) };
  return ok({ dcpInfos: windowS === null ? [] : [info] }, "success");
}

/** An order beyond the price band is moved to its border: what futures do unless told otherwise. */
export function userSettings(): Outcome {
  return ok({ lpaSpot: false, lpaPerp: false, smsef: false, fmsef: false });
}

/** The public list as this account may trade it: no order of it may be a retail-price one. */
export function accountInstruments(venue: SimVenue, query: Query): Outcome {
  return instrumentList(venue, query, (index) => ({
    ...instrumentItem(venue, index),
    myRpiPermission: false,
    isPublicRpi: false,
  }));
}

export function queryApi(venue: SimVenue, account: VenueAccount): Outcome {
  return ok(
    {
      id: "1000001",
      note: "simulated",
      apiKey: account.apiKey,
      readOnly: 0,
      secret: "",
      permissions: {
        ContractTrade: ["Order", "Position"],
        Spot: [],
        Wallet: [],
        Options: [],
        Derivatives: ["DerivativesTrade"],
        CopyTrading: [],
        BlockTrade: [],
        Exchange: [],
        NFT: [],
        Affiliate: [],
        Earn: [],
        FiatP2P: [],
        FiatConvertBroker: [],
        FiatGlobalPay: [],
        FiatBitPay: [],
        BitCard: [],
        ByXPost: [],
      },
      ips: ["*"],
      type: 1,
      deadlineDay: 90,
      expiredAt: new Date(venue.startAtMs + 90 * 86_400_000).toISOString(),
      createdAt: new Date(venue.startAtMs).toISOString(),
      unified: 0,
      uta: 1,
      userID: account.userId,
      inviterID: 0,
      vipLevel: "No VIP",
      mktMakerLevel: "0",
      affiliateID: 0,
      rsaPublicKey: "",
      isMaster: true,
      parentUid: "0",
      kycLevel: "LEVEL_DEFAULT",
      kycRegion: "",
      userIDInt64: String(account.userId),
      inviterIDInt64: "0",
      affiliateIDInt64: "0",
    },
    "",
  );
}

/** Commands that answer with an empty result. */
function plain(reply: SimReply): Outcome {
  return reply.code === 0 ? ok({}) : refuse(reply.code, reply.text);
}
