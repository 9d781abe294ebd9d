/**
 * The gate between wanting an order and sending one.
 *
 * Gates stand in a fixed order, cheap and general first; the first that closes gives the reason
 * with the numbers that decided. Entries pass all of them. Orders that only reduce a position
 * (exits, stops, an operator's flatten) pass a short list that stays open when trading is halted,
 * the feed is down or the day is lost: getting out is never refused for a reason that getting in
 * made.
 *
 * This file holds the only call of `approve`.
 */

import type { DenyReason } from "../domain/deny.ts";
import { type Instrument, notionalUsdtOf } from "../domain/instrument.ts";
import type { OrderIntent } from "../domain/order.ts";
import { type ClientOrderId, type Side, signOf } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { failure, type Result, success } from "../kernel/result.ts";
import type { OrderBook } from "../market/book.ts";
import { bookAgeMs } from "../market/staleness.ts";
import { type ApprovedOrder, approve } from "./approved.ts";
import type { RiskLimits } from "./limits.ts";
import type { Pause } from "./loss-watch.ts";
import { freeMarginUsdtOf, type MarginState, orderCostUsdtOf } from "./order-cost.ts";

/** What holds for every entry of a strategy in a symbol, whatever its price and size. */
export interface StandingContext {
  readonly atMs: number;
  readonly limits: RiskLimits;
  /** Losses are positive when the day is losing. */
  readonly dayLossUsdt: number;
  /** From the day's best moment. */
  readonly drawdownUsdt: number;
  readonly symbolLossUsdt: number;
  /** Whose entry it is, and what is lost on that line today. */
  readonly strategy: string;
  readonly strategyLossUsdt: number;
  /** What the next settlement costs a buyer, negative when it pays one; 0 while it is not known. */
  readonly fundingBps: number;
  /** Until then; null while it is not known. */
  readonly fundingLeftMs: number | null;
  readonly spreadBps: number;
  /** Until the contract ends; null when no end is announced. */
  readonly delistingLeftMs: number | null;
  /** Why nothing is entered for a while, null when nothing says so. */
  readonly pause: Pause | null;
}

/** What the gate judges an intent against: the account and the market as of now. */
export interface RiskContext extends StandingContext {
  /** Null while trading is on, else why it is halted. */
  readonly halted: string | null;
  /** What is still missing for trading, empty when nothing is. */
  readonly missing: string;
  /** What is wrong with an open row of this symbol at the venue, empty when all can be read. */
  readonly unreadable: string;
  readonly instrument: Instrument;
  /** The changed grid that the venue has not confirmed yet, null when none is. */
  readonly gridChange: string | null;
  /** The venue refused an order of a moment ago, as the contract does not trade. */
  readonly isUntradable: boolean;
  readonly book: OrderBook;
  /** The venue's mark price in fractional ticks; 0 when it has none or it is not known. */
  readonly markTicks: number;
  readonly positionSteps: number;
  /** What entries of that side may have opened beside it, while the venue cannot be asked. */
  readonly mayHold: Readonly<Record<Side, number>>;
  /** Value of the symbol's position and working entries. */
  readonly symbolExposureUsdt: number;
  readonly totalExposureUsdt: number;
  readonly openOrders: number;
  readonly symbolOrders: number;
  /** Orders of this symbol whose outcome is unknown. */
  readonly symbolUnknown: number;
  /** Orders sent inside the rate window. */
  readonly ordersInWindow: number;
  /** How the account and the symbol are margined: null while the venue has not said. */
  readonly terms: { readonly leverage: number; readonly isOneWay: boolean } | null;
  /** The venue takes no limit price beyond these, in fractional ticks; null while not known. */
  readonly venueBand: { readonly lowTicks: number; readonly highTicks: number } | null;
  /** Prices of our own resting orders that an order of the other side would meet; null: none. */
  readonly ownBidTicks: number | null;
  readonly ownAskTicks: number | null;
  /** Where the venue liquidates the position, in fractional ticks; null when it says nowhere. */
  readonly liquidationTicks: number | null;
  /** The stop that is held for the position; null when none is. */
  readonly heldStopTicks: number | null;
  /** Same-sided exposure of the symbols that move with this one, itself included, by side. */
  readonly correlated: Readonly<Record<Side, { readonly usdt: number; readonly symbols: number }>>;
  /** Null while no wallet is known. */
  readonly margin: MarginState | null;
  readonly takerFeeBps: number;
}

type Verdict = Result<ApprovedOrder, DenyReason>;

type Gate = (intent: OrderIntent, context: RiskContext) => DenyReason | null;

/** Judges one intent. `clientId` becomes the order's own when it passes. */
export function judge(intent: OrderIntent, clientId: ClientOrderId, context: RiskContext): Verdict {
  assert(intent.symbolId === context.instrument.id, "an intent is judged on its own symbol");
  assert(Number.isSafeInteger(intent.qtySteps), "an intent's quantity is whole steps");
  assert(isWhole(intent.priceTicks), "an intent's price is whole ticks");
  assert(isWhole(intent.stopLossTicks), "an intent's stop is whole ticks");
  assert((intent.priceTicks === null) === (intent.type === "market"), "only a limit has a price");
  assertOnLots(intent, context.instrument);
  const gates = intent.purpose === "entry" ? ENTRY_GATES : REDUCE_GATES;
  for (const gate of gates) {
    const reason = gate(intent, context);
    if (reason !== null) return failure(reason);
  }
  return success(approve(intent, clientId));
}

function assertOnLots(intent: OrderIntent, { priceLotTicks, qtyLotSteps }: Instrument): void {
  assert((intent.priceTicks ?? 0) % priceLotTicks === 0, "a price is on the venue's grid");
  assert((intent.stopLossTicks ?? 0) % priceLotTicks === 0, "a stop is on the venue's grid");
  assert(intent.qtySteps % qtyLotSteps === 0, "a quantity is on the venue's grid");
}

const isWhole = (ticks: number | null): boolean => ticks === null || Number.isSafeInteger(ticks);

const halted: Gate = (_intent, { halted: reason }) =>
  reason === null ? null : { code: "HALTED", reason };

const ready: Gate = (_intent, { missing }) =>
  missing === "" ? null : { code: "NOT_READY", missing };

/** What cannot be read cannot be added to: its size may be anything. */
const readable: Gate = (_intent, { unreadable: fault }) =>
  fault === "" ? null : { code: "POSITION_UNREADABLE", fault };

const trading: Gate = (_intent, { instrument: { status } }) =>
  status === "trading" ? null : { code: "SYMBOL_NOT_TRADING", status };

/** A closed contract has no market to quote, but it may be left while the venue lets one. */
const mayBeLeft: Gate = ({ type }, { instrument: { status }, isUntradable }) =>
  status === "closed" && (type === "limit" || isUntradable)
    ? { code: "SYMBOL_NOT_TRADING", status }
    : null;

const gridKnown: Gate = (_intent, { gridChange: change }) =>
  change === null ? null : { code: "GRID_CHANGED", change };

const bookKnown: Gate = (_intent, { book }) => {
  if (book.state === "quarantined") return { code: "BOOK_QUARANTINED", fault: book.fault };
  const hasBoth = book.bidCount > 0 && book.askCount > 0;
  return book.state === "live" && hasBoth ? null : { code: "BOOK_MISSING" };
};

const bookFresh: Gate = (_intent, { book, atMs, limits }) => {
  const ageMs = bookAgeMs(book, atMs);
  const ageMsMax = limits.bookAgeMsMax;
  return ageMs <= ageMsMax ? null : { code: "BOOK_STALE", ageMs, ageMsMax };
};

/** A reducing market order needs no price, so it needs no book either. */
const bookKnownForLimit: Gate = (intent, context) =>
  intent.type === "market" ? null : bookKnown(intent, context);

const outcomesKnown: Gate = (_intent, { symbolUnknown: count }) =>
  count === 0 ? null : { code: "UNKNOWN_OUTCOME_PENDING", count };

const quantity: Gate = ({ qtySteps, type }, { instrument }) => {
  const { qtyStepsMin, limitQtyStepsMax, marketQtyStepsMax } = instrument;
  if (qtySteps < qtyStepsMin) return { code: "QTY_BELOW_MIN", qtySteps, qtyStepsMin };
  const qtyStepsMax = type === "market" ? marketQtyStepsMax : limitQtyStepsMax;
  return qtySteps <= qtyStepsMax ? null : { code: "QTY_ABOVE_MAX", qtySteps, qtyStepsMax };
};

const notional: Gate = (intent, context) => {
  const notionalUsdt = worthUsdtOf(intent, context);
  const minUsdt = fixedToNumber(context.instrument.notionalMin);
  if (notionalUsdt < minUsdt) return { code: "NOTIONAL_BELOW_MIN", notionalUsdt, minUsdt };
  const maxUsdt = context.limits.orderNotionalUsdtMax;
  if (notionalUsdt <= maxUsdt) return null;
  return { code: "ORDER_NOTIONAL_ABOVE_MAX", notionalUsdt, maxUsdt };
};

const priceBand: Gate = ({ priceTicks }, { book, limits }) => {
  if (priceTicks === null) return null;
  const midTicks = (book.bestBidTicks + book.bestAskTicks) / 2;
  const distanceBps = (Math.abs(priceTicks - midTicks) / midTicks) * 10_000;
  const bandBps = limits.priceBandBps;
  return distanceBps <= bandBps ? null : { code: "PRICE_OUTSIDE_BAND", distanceBps, bandBps };
};

const markAgrees: Gate = (_intent, { book, markTicks, limits }) => {
  if (!(markTicks > 0)) return null;
  const midTicks = (book.bestBidTicks + book.bestAskTicks) / 2;
  const distanceBps = (Math.abs(midTicks - markTicks) / markTicks) * 10_000;
  const bandBps = limits.markBandBps;
  return distanceBps <= bandBps ? null : { code: "MARK_OUTSIDE_BAND", distanceBps, bandBps };
};

/**
 * The venue would take it and cancel it at once: that costs a place in the rate limit for nothing.
 */
const postOnlyRests: Gate = ({ timeInForce, side, priceTicks }, { book }) => {
  if (timeInForce !== "post_only" || priceTicks === null) return null;
  const crosses =
    side === "buy" ? priceTicks >= book.bestAskTicks : priceTicks <= book.bestBidTicks;
  return crosses ? { code: "POST_ONLY_WOULD_CROSS" } : null;
};

/** Every entry carries its exchange-held stop, on the losing side of its price. */
const stopAttached: Gate = ({ stopLossTicks, priceTicks, side }, { book }) => {
  if (stopLossTicks === null || stopLossTicks <= 0) return { code: "STOP_MISSING" };
  const reference = priceTicks ?? (side === "buy" ? book.bestAskTicks : book.bestBidTicks);
  const protects = side === "buy" ? stopLossTicks < reference : stopLossTicks > reference;
  return protects ? null : { code: "STOP_MISSING" };
};

const symbolExposure: Gate = (intent, context) => {
  const exposureUsdt = context.symbolExposureUsdt + worthUsdtOf(intent, context);
  const maxUsdt = context.limits.symbolExposureUsdtMax;
  return exposureUsdt <= maxUsdt
    ? null
    : { code: "SYMBOL_EXPOSURE_ABOVE_MAX", exposureUsdt, maxUsdt };
};

const totalExposure: Gate = (intent, context) => {
  const exposureUsdt = context.totalExposureUsdt + worthUsdtOf(intent, context);
  const maxUsdt = context.limits.totalExposureUsdtMax;
  return exposureUsdt <= maxUsdt
    ? null
    : { code: "TOTAL_EXPOSURE_ABOVE_MAX", exposureUsdt, maxUsdt };
};

/** Leverage and position mode were read: a position may not be liquidated before its stop. */
const termsAgreed: Gate = (_intent, { terms, margin, limits: { leverageMax } }) => {
  if (terms === null) return { code: "TERMS_UNKNOWN", missing: "leverage and position mode" };
  if (margin === null) return { code: "TERMS_UNKNOWN", missing: "wallet" };
  const { leverage, isOneWay } = terms;
  if (!isOneWay) return { code: "ACCOUNT_MODE", found: "hedge mode", wanted: "one-way mode" };
  return leverage <= leverageMax ? null : { code: "LEVERAGE_ABOVE_MAX", leverage, leverageMax };
};

const marginLeft: Gate = (intent, context) => {
  const { terms, margin, takerFeeBps, limits } = context;
  if (terms === null || margin === null) return { code: "TERMS_UNKNOWN", missing: "margin" };
  const needUsdt = orderCostUsdtOf(worthUsdtOf(intent, context), terms.leverage, takerFeeBps);
  const availableUsdt = freeMarginUsdtOf(margin, limits.marginUsePctMax);
  return needUsdt <= availableUsdt ? null : { code: "MARGIN_UNAVAILABLE", needUsdt, availableUsdt };
};

/** Beyond its own band the venue moves a price or refuses it: neither is what was wanted. */
const venueBand: Gate = ({ priceTicks }, { venueBand: band }) => {
  if (priceTicks === null || band === null) return null;
  const { lowTicks, highTicks } = band;
  const fits = priceTicks >= lowTicks && priceTicks <= highTicks;
  return fits ? null : { code: "VENUE_PRICE_LIMIT", priceTicks, lowTicks, highTicks };
};

/** An order that would trade with our own pays two fees for nothing. */
const meetsNoOwn: Gate = ({ side, priceTicks }, { ownBidTicks, ownAskTicks, book }) => {
  const wanted = priceTicks ?? (side === "buy" ? book.bestAskTicks : book.bestBidTicks);
  const ownTicks = side === "buy" ? ownAskTicks : ownBidTicks;
  if (ownTicks === null) return null;
  const meets = side === "buy" ? wanted >= ownTicks : wanted <= ownTicks;
  return meets ? { code: "OWN_ORDER_WOULD_CROSS", priceTicks: wanted, ownTicks } : null;
};

/** Nothing is added to a position that the venue may liquidate soon, or before its stop. */
const farFromLiquidation: Gate = (_intent, context) => {
  const { liquidationTicks, heldStopTicks: stopTicks, markTicks, positionSteps, limits } = context;
  if (liquidationTicks === null || positionSteps === 0) return null;
  const sign = Math.sign(positionSteps);
  if (stopTicks !== null && (stopTicks - liquidationTicks) * sign <= 0) {
    return { code: "STOP_BEHIND_LIQUIDATION", stopTicks, liquidationTicks };
  }
  if (!(markTicks > 0)) return null;
  const distanceBps = (((markTicks - liquidationTicks) * sign) / markTicks) * 10_000;
  const { liquidationBandBps: minBps } = limits;
  return distanceBps >= minBps ? null : { code: "LIQUIDATION_TOO_NEAR", distanceBps, minBps };
};

const correlatedExposure: Gate = (intent, context) => {
  const { usdt, symbols } = context.correlated[intent.side];
  const exposureUsdt = usdt + worthUsdtOf(intent, context);
  const { correlatedExposureUsdtMax: maxUsdt } = context.limits;
  return exposureUsdt <= maxUsdt
    ? null
    : { code: "CORRELATED_EXPOSURE_ABOVE_MAX", exposureUsdt, maxUsdt, symbols };
};

const openOrders: Gate = (_intent, { openOrders: count, limits }) =>
  count < limits.openOrdersMax
    ? null
    : { code: "OPEN_ORDERS_ABOVE_MAX", count, countMax: limits.openOrdersMax };

const symbolOrders: Gate = (_intent, { symbolOrders: count, limits }) =>
  count < limits.symbolOrdersMax
    ? null
    : { code: "SYMBOL_ORDERS_ABOVE_MAX", count, countMax: limits.symbolOrdersMax };

type StandingGate = (context: StandingContext, side: Side) => DenyReason | null;

const dailyLoss: StandingGate = ({ dayLossUsdt: lossUsdt, limits }) =>
  lossUsdt < limits.dailyLossUsdtMax
    ? null
    : { code: "DAILY_LOSS_LIMIT", lossUsdt, maxUsdt: limits.dailyLossUsdtMax };

const drawdown: StandingGate = ({ drawdownUsdt, limits: { drawdownUsdtMax: maxUsdt } }) =>
  drawdownUsdt < maxUsdt ? null : { code: "DRAWDOWN_LIMIT", drawdownUsdt, maxUsdt };

const symbolLoss: StandingGate = ({ symbolLossUsdt: lossUsdt, limits }) => {
  const { symbolLossUsdtMax: maxUsdt } = limits;
  return lossUsdt < maxUsdt ? null : { code: "SYMBOL_LOSS_LIMIT", lossUsdt, maxUsdt };
};

const strategyLoss: StandingGate = ({ strategy, strategyLossUsdt: lossUsdt, limits }) => {
  const { strategyLossUsdtMax: maxUsdt } = limits;
  return lossUsdt < maxUsdt ? null : { code: "STRATEGY_LOSS_LIMIT", strategy, lossUsdt, maxUsdt };
};

const notPaused: StandingGate = ({ pause, atMs }) =>
  pause === null ? null : { code: "PAUSED", cause: pause.cause, leftMs: pause.untilMs - atMs };

/** Held into a settlement, an entry pays it: more than its part of the spread is not worth it. */
const fundingWorth: StandingGate = (context, side) => {
  const { fundingBps, fundingLeftMs: leftMs, spreadBps, limits } = context;
  if (leftMs === null || leftMs > limits.fundingGuardMs) return null;
  const costBps = side === "buy" ? fundingBps : 0 - fundingBps;
  const allowedBps = (spreadBps * limits.fundingSpreadPctMax) / 100;
  return costBps <= allowedBps ? null : { code: "FUNDING_TOO_DEAR", costBps, allowedBps, leftMs };
};

const notDelisting: StandingGate = ({ delistingLeftMs: leftMs, limits }) => {
  const { delistingEntryMs: minMs } = limits;
  return leftMs === null || leftMs > minMs ? null : { code: "DELISTING", leftMs, minMs };
};

const STANDING_GATES: readonly StandingGate[] = [
  dailyLoss,
  drawdown,
  symbolLoss,
  strategyLoss,
  notPaused,
  notDelisting,
  fundingWorth,
];

/**
 * Why no entry of a strategy on a side would pass in a symbol now, whatever its price and size;
 * null when one may. What rests there is to be taken back too: it would be entered all the same.
 */
export function standingObjection(context: StandingContext, side: Side): DenyReason | null {
  for (const gate of STANDING_GATES) {
    const reason = gate(context, side);
    if (reason !== null) return reason;
  }
  return null;
}

const standing: Gate = ({ side }, context) => standingObjection(context, side);

const rateUnder =
  (countMaxOf: (limits: RiskLimits) => number): Gate =>
  (_intent, { ordersInWindow: count, limits }) => {
    const countMax = countMaxOf(limits);
    const windowMs = limits.orderRateWindowMs;
    return count < countMax ? null : { code: "ORDER_RATE_ABOVE_MAX", count, countMax, windowMs };
  };

/** An order that claims to reduce must be marked so, face the position, and not exceed it. */
const reducesOnly: Gate = ({ reduceOnly, side, qtySteps }, context) => {
  const { positionSteps, mayHold, instrument } = context;
  const closes = Math.sign(positionSteps) === -signOf(side);
  const held = (closes ? Math.abs(positionSteps) : 0) + mayHold[side === "buy" ? "sell" : "buy"];
  // What is no whole lot is left by one more: the venue trims a reducing order to the position.
  const fits = held > 0 && qtySteps < held + instrument.qtyLotSteps;
  return reduceOnly && fits ? null : { code: "REDUCE_ONLY_WOULD_ADD", positionSteps };
};

const ENTRY_GATES: readonly Gate[] = [
  halted,
  ready,
  readable,
  trading,
  gridKnown,
  bookKnown,
  bookFresh,
  outcomesKnown,
  quantity,
  priceBand,
  markAgrees,
  venueBand,
  postOnlyRests,
  meetsNoOwn,
  stopAttached,
  notional,
  symbolExposure,
  totalExposure,
  correlatedExposure,
  farFromLiquidation,
  termsAgreed,
  marginLeft,
  openOrders,
  symbolOrders,
  standing,
  rateUnder((limits) => limits.orderRateMax),
];

const REDUCE_GATES: readonly Gate[] = [
  mayBeLeft,
  reducesOnly,
  quantity,
  bookKnownForLimit,
  priceBand,
  postOnlyRests,
  rateUnder((limits) => limits.exitRateMax),
];

/** Value at the limit price, or at the far best price for a market order; 0 without either. */
function worthUsdtOf(intent: OrderIntent, { instrument, book }: RiskContext): number {
  const far = intent.side === "buy" ? book.bestAskTicks : book.bestBidTicks;
  return notionalUsdtOf(instrument, intent.priceTicks ?? far, intent.qtySteps);
}
