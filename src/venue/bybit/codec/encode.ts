/**
 * Request bodies (Bybit v5, order and position pages). Whole ticks and steps become the
 * instrument's own decimal text here and nowhere else on the way out.
 */
import type { Instrument } from "../../../domain/instrument.ts";
import type { OrderIntent, TimeInForce } from "../../../domain/order.ts";
import type { ClientOrderId, Side, VenueOrderId } from "../../../domain/units.ts";
import { toText } from "../../../kernel/decimal.ts";

/** What this venue is called all over the program. */
export const VENUE_NAME = "bybit";
export const CATEGORY = "linear";
export const SETTLE_COIN = "USDT";
/** Coins that linear contracts settle in: an account is flat when it is flat in each. */
export const SETTLE_COINS = [SETTLE_COIN, "USDC"] as const;
/** One-way mode. */
const POSITION_IDX = 0;

const TIME_IN_FORCE: Readonly<Record<TimeInForce, string>> = {
  gtc: "GTC",
  ioc: "IOC",
  fok: "FOK",
  post_only: "PostOnly",
};

const sideText = (side: Side): string => (side === "buy" ? "Buy" : "Sell");

export type Body = Readonly<Record<string, string | number | boolean>>;

/** Body of a batch of orders. */
export interface BatchBody {
  readonly category: string;
  readonly request: readonly Body[];
}

/** Body of order/create. A stop rides along when the intent has one, for the whole position. */
export function createBody(
  order: OrderIntent & { readonly clientId: ClientOrderId },
  instrument: Instrument,
): Body {
  const { priceTicks, stopLossTicks } = order;
  return {
    category: CATEGORY,
    symbol: instrument.symbol,
    side: sideText(order.side),
    orderType: order.type === "limit" ? "Limit" : "Market",
    qty: toText(instrument.qty, order.qtySteps),
    ...(priceTicks === null ? {} : { price: toText(instrument.price, priceTicks) }),
    timeInForce: TIME_IN_FORCE[order.type === "market" ? "ioc" : order.timeInForce],
    positionIdx: POSITION_IDX,
    orderLinkId: order.clientId,
    reduceOnly: order.reduceOnly,
    // The taker's word decides: what rests of ours goes, and the order that comes trades.
    smpType: "CancelMaker",
    ...(stopLossTicks === null ? {} : stopFields(instrument, stopLossTicks)),
  };
}

/** Body of order/amend: price and stop move, what is left out stays. */
export function amendBody(
  order: OrderIntent & { readonly clientId: ClientOrderId },
  instrument: Instrument,
  venueOrderId: VenueOrderId | null,
): Body {
  const { priceTicks, stopLossTicks, clientId } = order;
  const ref = venueOrderId === null ? { clientId } : { clientId, venueOrderId };
  return {
    category: CATEGORY,
    symbol: instrument.symbol,
    ...refFields(ref),
    ...(priceTicks === null ? {} : { price: toText(instrument.price, priceTicks) }),
    ...(stopLossTicks === null ? {} : { stopLoss: toText(instrument.price, stopLossTicks) }),
  };
}

export interface OrderRef {
  readonly clientId?: ClientOrderId;
  readonly venueOrderId?: VenueOrderId;
}

/** Body of order/cancel. The venue's own id wins when both are known. */
export function cancelBody(instrument: Instrument, ref: OrderRef): Body {
  return { category: CATEGORY, symbol: instrument.symbol, ...refFields(ref) };
}

/** Body of position/set-leverage: one-way mode wants both sides equal. */
export function leverageBody(instrument: Instrument, leverage: number): Body {
  const text = String(leverage);
  return {
    category: CATEGORY,
    symbol: instrument.symbol,
    buyLeverage: text,
    sellLeverage: text,
  };
}

/** Body of position/trading-stop: the full-position stop held by the venue. */
export function tradingStopBody(instrument: Instrument, stopLossTicks: number): Body {
  return {
    category: CATEGORY,
    symbol: instrument.symbol,
    positionIdx: POSITION_IDX,
    ...stopFields(instrument, stopLossTicks),
  };
}

/**
 * Body of order/create for an order that stands in for a stop: at market, once the last price falls
 * or rises to it, and it can only reduce.
 */
export function standInBody(
  instrument: Instrument,
  at: {
    readonly clientId: ClientOrderId;
    /** Signed: what is held. */
    readonly positionSteps: number;
    readonly triggerTicks: number;
  },
): Body {
  const isLong = at.positionSteps > 0;
  return {
    category: CATEGORY,
    symbol: instrument.symbol,
    side: isLong ? "Sell" : "Buy",
    orderType: "Market",
    qty: toText(instrument.qty, Math.abs(at.positionSteps)),
    triggerPrice: toText(instrument.price, at.triggerTicks),
    triggerDirection: isLong ? 2 : 1,
    triggerBy: "LastPrice",
    timeInForce: "IOC",
    positionIdx: POSITION_IDX,
    orderLinkId: at.clientId,
    reduceOnly: true,
    closeOnTrigger: true,
  };
}

function stopFields(instrument: Instrument, stopLossTicks: number): Body {
  return {
    tpslMode: "Full",
    stopLoss: toText(instrument.price, stopLossTicks),
    slTriggerBy: "LastPrice",
  };
}

function refFields({ clientId, venueOrderId }: OrderRef): Body {
  if (venueOrderId !== undefined) return { orderId: venueOrderId };
  return { orderLinkId: clientId ?? "" };
}

/** A query string in the order given; values are percent-encoded once. */
export function queryText(query: Readonly<Record<string, string | number>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}
