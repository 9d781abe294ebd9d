/** Lines of the made-up venue to events. What a line is about was looked up by the caller. */
import type {
  BookFrame,
  ExecutionReport,
  OrderReport,
  PositionReport,
  TickerFrame,
  TradesFrame,
  VenueOrderStatus,
  WalletReport,
} from "../../../src/domain/event.ts";
import { type Instrument, OWN_UNITS } from "../../../src/domain/instrument.ts";
import {
  asClientOrderId,
  asExecId,
  asSteps,
  asSymbolId,
  asTicks,
  asVenueOrderId,
  type Side,
} from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { gridOf, toNumber } from "../../../src/kernel/decimal.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { unsaidTicker } from "../../../src/venue/common/codec/unsaid-ticker.ts";
import { listOf } from "./wire.ts";

const DEPTH = 5;
const STATUS: Readonly<Record<string, VenueOrderStatus>> = {
  LIVE: "new",
  PART: "partially_filled",
  DONE: "filled",
  GONE: "cancelled",
};

const sideOf = (text: string | undefined): Side => (text === "B" ? "buy" : "sell");
const money = (text: string | undefined) => must(parseFixed(text ?? ""), "money is a decimal");

/** `name,coin,tick,lot,least,most,leastValue,leverage` */
export function decodeListed(id: number, words: readonly string[]): Instrument {
  const [symbol = "", coin = "", tick = "", lot = "", least, most, value, leverage] = words;
  return {
    id: asSymbolId(id),
    venue: "other",
    symbol,
    baseCoin: coin,
    quoteCoin: "USDT",
    status: "trading",
    launchAtMs: 0,
    price: gridOf(tick),
    qty: gridOf(lot),
    ...OWN_UNITS,
    qtyStepsMin: asSteps(Number(least)),
    limitQtyStepsMax: asSteps(Number(most)),
    marketQtyStepsMax: asSteps(Number(most)),
    notionalMin: money(value),
    leverageMax: Number(leverage),
    fundingIntervalMin: 0,
  };
}

/** `ms,state,bids,asks`, all of them or the changed ones. */
export function decodeBook(
  { id }: Instrument,
  [ms, state, bidText = "", askText = ""]: readonly string[],
  isSnapshot: boolean,
): BookFrame {
  const bids = Float64Array.from(listOf(bidText));
  const asks = Float64Array.from(listOf(askText));
  return {
    kind: "book",
    symbolId: id,
    depth: DEPTH,
    isSnapshot,
    sequence: Number(state),
    venueAtMs: Number(ms),
    bidCount: bids.length / 2,
    askCount: asks.length / 2,
    bids,
    asks,
  };
}

/** `ms,state,bids,asks` */
export function pictureOf([, state, bids = "", asks = ""]: readonly string[]) {
  return { sequence: Number(state), depth: DEPTH, bids: listOf(bids), asks: listOf(asks) };
}

/** `ms,side,price,size,id` */
export function decodeTrade({ id }: Instrument, words: readonly string[]): TradesFrame {
  const [ms, side, price, size, tradeId] = words;
  const trade = {
    execId: asExecId(`t${tradeId}`),
    side: sideOf(side),
    priceTicks: asTicks(Number(price)),
    qtySteps: asSteps(Number(size)),
    venueAtMs: Number(ms),
  };
  return { kind: "trades", symbolId: id, trades: [trade] };
}

/** `ms,last,bid,ask,mark,turnover` */
export function decodeQuote({ id }: Instrument, words: readonly string[]): TickerFrame {
  const [ms, last, bid, ask, mark, turnover] = words;
  return {
    ...unsaidTicker(id, false),
    venueAtMs: Number(ms),
    lastTicks: asTicks(Number(last)),
    bidTicks: asTicks(Number(bid)),
    askTicks: asTicks(Number(ask)),
    markPrice: Number(mark),
    turnover24hUsdt: Number(turnover),
    texts: {
      copyInto(row) {
        row.put("last", `${last}`, 0, `${last}`.length);
        row.put("mark", `${mark}`, 0, `${mark}`.length);
      },
    },
  };
}

/** `ms,id,clientId,side,price,size,filled,status,reduces,why` */
export function decodeOrder({ id }: Instrument, words: readonly string[]): OrderReport {
  const [ms, orderId = "", clientId = "", side, price, size, filled, status = "", reduces, why] =
    words;
  return {
    kind: "order_report",
    symbolId: id,
    venueOrderId: asVenueOrderId(orderId),
    clientId: asClientOrderId(clientId),
    side: sideOf(side),
    status: must(STATUS[status], "an order has a status that is known"),
    priceTicks: price === "" ? null : asTicks(Number(price)),
    qtySteps: asSteps(Number(size)),
    filledSteps: asSteps(Number(filled)),
    reduceOnly: reduces === "R",
    triggerTicks: null,
    detail: why ?? "",
    venueAtMs: Number(ms),
  };
}

/** `ms,id,orderId,clientId,side,price,size,fee,maker` */
export function decodeDeal({ id }: Instrument, words: readonly string[]): ExecutionReport {
  const [ms, dealId = "", orderId = "", clientId = "", side, price, size, fee, liquidity] = words;
  return {
    kind: "execution",
    execKind: "trade",
    execId: asExecId(dealId),
    symbolId: id,
    venueOrderId: asVenueOrderId(orderId),
    clientId: asClientOrderId(clientId),
    side: sideOf(side),
    priceTicks: asTicks(Number(price)),
    qtySteps: asSteps(Number(size)),
    fee: money(fee),
    isMaker: liquidity === "M",
    venueAtMs: Number(ms),
  };
}

/** `ms,size,entry,stop`: the entry in ticks. */
export function decodeHeld({ id, price }: Instrument, words: readonly string[]): PositionReport {
  const [ms, size, entry = "", stop] = words;
  return {
    kind: "position_report",
    symbolId: id,
    positionSteps: Number(size),
    entryPriceText: entry === "" ? "" : (Number(entry) * toNumber(price, 1)).toFixed(9),
    stopLossTicks: stop === "" ? null : asTicks(Number(stop)),
    venueAtMs: Number(ms),
  };
}

/** `ms,equity,cash` */
export function decodeMoney([ms, equity, cash]: readonly string[]): WalletReport {
  return {
    kind: "wallet_report",
    equity: money(equity),
    walletBalance: money(cash),
    available: money(cash),
    venueAtMs: Number(ms),
  };
}
