/** Public market endpoints: read-only, unsigned. */
import { failure, type Result, success } from "../../../kernel/result.ts";
import type { SimInstrument } from "../../core/api.ts";
import type { SimVenue } from "../../world/world.ts";
import { instrumentItem, spotInstrumentItem, spotPairs } from "../wire/instrument-item.ts";
import { priceLimits } from "../wire/price-limit.ts";
import { type Outcome, ok, parameterError, refuse, SYMBOL_REFUSAL } from "../wire/reply.ts";
import { priceText, qtyText, rateText } from "../wire/text.ts";
import { tickerItem } from "../wire/ticker-fields.ts";
import { pageOf, parseLimit, WRONG_CURSOR } from "./paging.ts";

export type Query = Readonly<Record<string, string>>;

/** Names of contracts a status filter may ask for. */
const STATUSES = ["PreLaunch", "Trading", "Delivering", "Closed"];

export function marketTime(venue: SimVenue, _query: Query, nowMs: number): Outcome {
  void venue;
  return ok({ timeSecond: String(Math.floor(nowMs / 1_000)), timeNano: `${nowMs}000000` });
}

export function instrumentsInfo(venue: SimVenue, query: Query): Outcome {
  return instrumentList(venue, query, (index) => instrumentItem(venue, index));
}

/** The list of contracts, each written by `itemOf`: the public one and an account's own. */
export function instrumentList(
  venue: SimVenue,
  query: Query,
  itemOf: (index: number) => unknown,
): Outcome {
  if (query.category === "spot") return spotInstruments(venue, query);
  if (query.category === "inverse" || query.category === "option") {
    return ok({ category: query.category, list: [], nextPageCursor: "" });
  }
  if (query.category !== "linear") return parameterError("category");
  const limit = parseLimit(query.limit, 500, 1_000);
  if (limit === null) return parameterError("limit");
  const status = query.status || "Trading";
  if (!STATUSES.includes(status)) return parameterError("status");
  if (query.symbol) {
    const instrument = venue.instrument(query.symbol);
    if (instrument === undefined) return refuse(10001, "params error: symbol invalid");
    const list = [itemOf(instrument.index)];
    return ok({ category: "linear", list, nextPageCursor: "" });
  }
  const wanted = venue.core.instruments
    .filter((item) => item.status === status)
    .filter((item) => !query.baseCoin || item.baseCoin === query.baseCoin)
    .sort((left, right) => (left.symbol < right.symbol ? -1 : 1));
  const page = pageOf(wanted, (item) => item.symbol, query.cursor, limit);
  if (page === null) return WRONG_CURSOR;
  const list = page.items.map((item) => itemOf(item.index));
  return ok({ category: "linear", list, nextPageCursor: page.cursor });
}

function spotInstruments(venue: SimVenue, query: Query): Outcome {
  const shown = query.status && query.status !== "Trading" ? [] : spotPairs(venue);
  const pairs = shown.filter(({ symbol }) => !query.symbol || symbol === query.symbol);
  return ok({ category: "spot", list: pairs.map((pair) => spotInstrumentItem(venue, pair)) });
}

export function tickers(venue: SimVenue, query: Query): Outcome {
  if (query.category === "spot") return spotTickers(venue, query);
  if (query.category === "inverse") return ok({ category: "inverse", list: [] });
  if (query.category !== "linear") return parameterError("category");
  if (query.symbol) {
    const instrument = venue.instrument(query.symbol);
    if (instrument === undefined) return refuse(10001, SYMBOL_REFUSAL);
    return ok({ category: "linear", list: [tickerItem(venue, instrument.index)] });
  }
  const list = venue.core.instruments
    .filter(({ status }) => status === "Trading")
    .map(({ index }) => tickerItem(venue, index));
  return ok({ category: "linear", list });
}

const SPOT_TICKER_FIELDS = [
  "symbol",
  "bid1Price",
  "bid1Size",
  "ask1Price",
  "ask1Size",
  "lastPrice",
  "prevPrice24h",
  "price24hPcnt",
  "highPrice24h",
  "lowPrice24h",
  "turnover24h",
  "volume24h",
];

function spotTickers(venue: SimVenue, query: Query): Outcome {
  const pairs = spotPairs(venue).filter(({ symbol }) => !query.symbol || symbol === query.symbol);
  if (query.symbol && pairs.length === 0) return refuse(10001, SYMBOL_REFUSAL);
  const list = pairs.map(({ index }) => {
    const item = tickerItem(venue, index);
    const spot = Object.fromEntries(SPOT_TICKER_FIELDS.map((name) => [name, item[name] ?? ""]));
    return { ...spot, usdIndexPrice: item.indexPrice ?? "" };
  });
  return ok({ category: "spot", list });
}

/** The linear contract a market query names, or the refusal. */
export function contractOf(venue: SimVenue, query: Query): Result<SimInstrument, Outcome> {
  const category = query.category ?? "linear";
  if (category !== "linear" && category !== "spot") return failure(parameterError("category"));
  const instrument = venue.instrument(query.symbol ?? "");
  if (instrument === undefined) return failure(refuse(10001, SYMBOL_REFUSAL));
  return success(instrument);
}

export function orderbook(venue: SimVenue, query: Query, nowMs: number): Outcome {
  const found = contractOf(venue, query);
  if (!found.ok) return found.problem;
  const limit = parseLimit(query.limit, query.category === "spot" ? 1 : 25, 1_000);
  if (limit === null) return parameterError("limit");
  const instrument = found.value;
  const { index } = instrument;
  return ok({
    s: instrument.symbol,
    b: levelTexts(instrument, venue.levels(index, "Buy", limit)),
    a: levelTexts(instrument, venue.levels(index, "Sell", limit)),
    ts: nowMs,
    u: venue.bookUpdateId(index),
    seq: venue.bookSeq(index),
    cts: venue.nowMs,
  });
}

export function levelTexts(instrument: SimInstrument, levels: readonly number[]): string[][] {
  const rows: string[][] = [];
  for (let at = 0; at < levels.length; at += 2) {
    const [price = 0, steps = 0] = [levels[at], levels[at + 1]];
    rows.push([priceText(instrument, price), qtyText(instrument, steps)]);
  }
  return rows;
}

export function recentTrades(venue: SimVenue, query: Query): Outcome {
  const found = contractOf(venue, query);
  if (!found.ok) return found.problem;
  const limit = parseLimit(query.limit, 500, 1_000);
  if (limit === null) return parameterError("limit");
  const instrument = found.value;
  const tape = venue.tape.of(instrument.index);
  const live = tape.recent.newest(limit);
  const older = tape.olderTrades(tape.recent.limit - live.length);
  const list = [...live, ...older].slice(0, limit).map((trade) => ({
    execId: trade.execId,
    symbol: instrument.symbol,
    price: priceText(instrument, trade.priceTicks),
    size: qtyText(instrument, trade.qtySteps),
    side: trade.side,
    time: String(trade.atMs),
    isBlockTrade: false,
    isRPITrade: false,
    seq: String(trade.seq),
  }));
  return ok({ category: query.category ?? "linear", list });
}

export function fundingHistory(venue: SimVenue, query: Query, nowMs: number): Outcome {
  const found = contractOf(venue, query);
  if (!found.ok) return found.problem;
  const limit = parseLimit(query.limit, 200, 200);
  if (limit === null) return parameterError("limit");
  if (query.startTime && !query.endTime) return parameterError("endTime");
  const instrument = found.value;
  const spanMs = instrument.fundingIntervalMin * 60_000;
  const untilMs = Math.min(nowMs, Number(query.endTime || nowMs));
  const fromMs = Math.max(instrument.launchAtMs, Number(query.startTime || 0));
  if (!Number.isFinite(untilMs) || !Number.isFinite(fromMs)) return parameterError("startTime");
  const list: Record<string, string>[] = [];
  for (let atMs = Math.floor(untilMs / spanMs) * spanMs; atMs >= fromMs; atMs -= spanMs) {
    if (list.length === limit) break;
    list.push({
      symbol: instrument.symbol,
      fundingRate: rateText(venue.market.pastFundingRate(instrument.index, atMs)),
      fundingRateTimestamp: String(atMs),
    });
  }
  return ok({ category: "linear", list });
}

const STAT_INTERVALS_MS: Readonly<Record<string, number>> = {
  "5min": 300_000,
  "15min": 900_000,
  "30min": 1_800_000,
  "1h": 3_600_000,
  "4h": 14_400_000,
  "1d": 86_400_000,
};

/** Instants of a statistics list, newest first, behind the venue's cursor. */
function statTimes(query: Query, spanMs: number, nowMs: number, limit: number): number[] | null {
  const newestMs = Math.min(nowMs, Number(query.endTime || nowMs));
  const oldestMs = Number(query.startTime || 0);
  const fromCursor = /last(?:time)?(?:=|%3D|%253D)(\d+)/.exec(query.cursor ?? "")?.[1];
  if (query.cursor && fromCursor === undefined) return null;
  const before = fromCursor === undefined ? newestMs : Number(fromCursor) - 1;
  const times: number[] = [];
  const first = Math.floor(before / spanMs) * spanMs;
  for (let atMs = first; atMs >= oldestMs && times.length < limit; atMs -= spanMs) times.push(atMs);
  return times;
}

function statCursor(times: readonly number[], limit: number): string {
  const last = times.at(-1);
  return last === undefined || times.length < limit ? "" : `last%3D${last}`;
}

export function openInterest(venue: SimVenue, query: Query, nowMs: number): Outcome {
  const found = contractOf(venue, query);
  if (!found.ok) return found.problem;
  const spanMs = STAT_INTERVALS_MS[query.intervalTime ?? ""];
  if (spanMs === undefined) return parameterError("intervalTime");
  const limit = parseLimit(query.limit, 50, 200);
  if (limit === null) return parameterError("limit");
  const instrument = found.value;
  const tape = venue.tape.of(instrument.index);
  const times = statTimes(query, spanMs, nowMs, limit);
  if (times === null) return WRONG_CURSOR;
  const now = venue.market.openInterestSteps(instrument.index);
  const list = times.map((atMs) => {
    const ratio = tape.bars.priceAt(atMs) / tape.bars.priceAt(nowMs);
    const steps = 2 * Math.max(1, Math.round((now / 2) * ratio ** 0.5));
    return {
      openInterest: qtyText(instrument, steps),
      singleOpenInterest: qtyText(instrument, steps / 2),
      timestamp: String(atMs),
    };
  });
  const nextPageCursor = statCursor(times, limit);
  return ok({ symbol: instrument.symbol, category: "linear", list, nextPageCursor });
}

export function accountRatio(venue: SimVenue, query: Query, nowMs: number): Outcome {
  const found = contractOf(venue, query);
  if (!found.ok) return found.problem;
  const spanMs = STAT_INTERVALS_MS[query.period ?? ""];
  if (spanMs === undefined) return parameterError("period");
  const limit = parseLimit(query.limit, 50, 500);
  if (limit === null) return parameterError("limit");
  const instrument = found.value;
  const tape = venue.tape.of(instrument.index);
  const times = statTimes(query, spanMs, nowMs, limit);
  if (times === null) return WRONG_CURSOR;
  const list = times.map((atMs) => {
    const trend = Math.log(tape.bars.priceAt(atMs) / tape.bars.priceAt(atMs - 86_400_000));
    const buy = Math.min(0.8, Math.max(0.2, 0.5 - trend));
    return {
      symbol: instrument.symbol,
      buyRatio: buy.toFixed(4),
      sellRatio: (1 - buy).toFixed(4),
      timestamp: String(atMs),
    };
  });
  return ok({ list, nextPageCursor: statCursor(times, limit) });
}

export function priceLimit(venue: SimVenue, query: Query, nowMs: number): Outcome {
  const found = contractOf(venue, query);
  if (!found.ok) return found.problem;
  const limits = priceLimits(venue, found.value.index);
  return ok({ symbol: found.value.symbol, ...limits, ts: String(nowMs) }, "");
}

/** Contracts on one page of risk tiers. */
const RISK_PAGE = 15;

export function riskLimit(venue: SimVenue, query: Query): Outcome {
  if ((query.category ?? "linear") !== "linear") return parameterError("category");
  const named = query.symbol ? venue.instrument(query.symbol) : undefined;
  if (query.symbol && named === undefined) return refuse(10001, SYMBOL_REFUSAL);
  const wanted = named === undefined ? venue.core.instruments : [named];
  const page = pageOf(wanted, (item) => item.symbol, query.cursor, RISK_PAGE);
  if (page === null) return WRONG_CURSOR;
  const list = page.items.flatMap((instrument) =>
    instrument.riskTiers.map((tier, at) => ({
      id: instrument.index * 10 + tier.id,
      symbol: instrument.symbol,
      riskLimitValue: String(tier.limitUsdt),
      maintenanceMargin: rateText(tier.maintenanceRate),
      initialMargin: rateText(tier.initialRate),
      isLowestRisk: at === 0 ? 1 : 0,
      maxLeverage: tier.maxLeverage.toFixed(2),
      mmDeduction: at === 0 ? "" : rateText(tier.mmDeductionUsdt),
    })),
  );
  return ok({ category: "linear", list, nextPageCursor: page.cursor });
}
