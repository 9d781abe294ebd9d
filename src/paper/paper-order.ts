/** The order of a simulated account, the reasons it may be refused, and the reports about it. */
import type {
  ExecKind,
  ExecutionReport,
  OrderReport,
  PositionReport,
  RejectReason,
  SubmitOutcome,
  VenueOrderStatus,
} from "../domain/event.ts";
import { type Instrument, notionalOf } from "../domain/instrument.ts";
import type { OrderIntent } from "../domain/order.ts";
import { type GridChange, stepsAfter, ticksAfter } from "../domain/recount.ts";
import {
  type ClientOrderId,
  type ExecId,
  NO_CLIENT_ID,
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
  signOf,
  type Usdt,
  type VenueOrderId,
} from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import type { MatchOrder } from "./matcher.ts";
import { entryPriceText, type PaperPosition } from "./paper-account.ts";

/** An order as it came in: an intent under our client id. */
export interface PaperIntent extends OrderIntent {
  readonly clientId: ClientOrderId;
}

export interface PaperOrder extends MatchOrder {
  readonly clientId: ClientOrderId;
  readonly venueOrderId: VenueOrderId;
  readonly symbolId: SymbolId;
  priceTicks: PriceTicks | null;
  readonly reduceOnly: boolean;
  readonly timeInForce: OrderIntent["timeInForce"];
  readonly type: OrderIntent["type"];
  /** Stop that the position gets with the first fill. */
  stopLossTicks: PriceTicks | null;
  /** Set on the venue's own order that a stop has fired. */
  readonly triggerTicks: PriceTicks | null;
  /** Cut for reduce-only orders when the position is smaller. */
  qtySteps: QtySteps;
  filledSteps: QtySteps;
  status: VenueOrderStatus;
  detail: string;
  updatedAtMs: number;
}

/** The venue's own order that a stop which fired becomes. */
export function stopIntentOf(symbolId: SymbolId, side: Side, qtySteps: QtySteps): PaperIntent {
  assert(qtySteps > 0, "a stop closes a position");
  return {
    clientId: NO_CLIENT_ID,
    symbolId,
    side,
    qtySteps,
    type: "market",
    priceTicks: null,
    timeInForce: "ioc",
    reduceOnly: true,
    purpose: "stop",
    strategy: "",
    reason: "stop",
    stopLossTicks: null,
  };
}

/** The same order in the new units of its contract. */
export function recountOrder(order: PaperOrder, change: GridChange): void {
  const after = (ticks: PriceTicks | null) => (ticks === null ? null : ticksAfter(change, ticks));
  assert(change.after.id === order.symbolId, "an order goes over with its own contract");
  order.priceTicks = after(order.priceTicks);
  order.stopLossTicks = after(order.stopLossTicks);
  order.qtySteps = stepsAfter(change, order.qtySteps);
  order.filledSteps = stepsAfter(change, order.filledSteps);
}

export const isOpen = (order: PaperOrder): boolean =>
  order.status === "new" || order.status === "partially_filled";

type Refusal = Extract<SubmitOutcome, { readonly result: "rejected" }>;

const refuse = (reason: RejectReason, text: string): Refusal => ({
  result: "rejected",
  reason,
  text,
});

interface AccountFacts {
  readonly positionSteps: number;
  readonly availableUsdt: Usdt;
  /** Price that a market order is valued at; 0 when there is none. */
  readonly marketTicks: PriceTicks;
  readonly leverage: bigint;
  readonly isDuplicate: boolean;
  readonly bookIsLive: boolean;
  readonly openCount: number;
}

/** Open orders of one account: what large venues allow on one symbol. */
const OPEN_ORDERS_MAX = 500;

/** Why a venue would refuse; null when it takes the order. */
export function refusalOf(
  intent: PaperIntent,
  instrument: Instrument,
  facts: AccountFacts,
): Refusal | null {
  if (instrument.status !== "trading") {
    return refuse("instrument", `the contract does not trade: it is ${instrument.status}`);
  }
  if (facts.isDuplicate) return refuse("duplicate_id", "the client id was used before");
  if (!facts.bookIsLive) return refuse("no_market", "there is no valid book to match against");
  if (facts.openCount >= OPEN_ORDERS_MAX)
    return refuse("open_orders", `more than ${OPEN_ORDERS_MAX} orders are open`);
  return quantityRefusal(intent, instrument, facts) ?? moneyRefusal(intent, instrument, facts);
}

function quantityRefusal(
  intent: PaperIntent,
  instrument: Instrument,
  facts: AccountFacts,
): Refusal | null {
  const { limitQtyStepsMax, marketQtyStepsMax, qtyStepsMin } = instrument;
  const max = intent.type === "limit" ? limitQtyStepsMax : marketQtyStepsMax;
  if (intent.qtySteps > max) {
    return refuse("quantity", `${intent.qtySteps} steps, at most ${max} are allowed`);
  }
  if (!intent.reduceOnly) {
    return intent.qtySteps < qtyStepsMin
      ? refuse("quantity", `${intent.qtySteps} steps, the least is ${qtyStepsMin}`)
      : null;
  }
  if (facts.positionSteps === 0) {
    return refuse("reduce_only", "there is no position to reduce");
  }
  return facts.positionSteps * signOf(intent.side) > 0
    ? refuse("reduce_only", "the order would add to the position")
    : null;
}

function moneyRefusal(
  intent: PaperIntent,
  instrument: Instrument,
  facts: AccountFacts,
): Refusal | null {
  if (intent.reduceOnly) return null;
  const priceTicks = intent.priceTicks ?? facts.marketTicks;
  const value = notionalOf(instrument, priceTicks, intent.qtySteps);
  if (value < instrument.notionalMin) {
    return refuse("value", "the value is below the minimum");
  }
  const opposite = facts.positionSteps * signOf(intent.side) < 0;
  const closes = opposite && Math.abs(facts.positionSteps) >= intent.qtySteps;
  return !closes && value / facts.leverage > facts.availableUsdt
    ? refuse("margin", "the wallet does not carry the order")
    : null;
}

export function orderReportOf(order: PaperOrder): OrderReport {
  return {
    kind: "order_report",
    symbolId: order.symbolId,
    venueOrderId: order.venueOrderId,
    clientId: order.clientId,
    side: order.side,
    status: order.status,
    priceTicks: order.priceTicks,
    qtySteps: order.qtySteps,
    filledSteps: order.filledSteps,
    reduceOnly: order.reduceOnly,
    triggerTicks: order.triggerTicks,
    detail: order.detail,
    venueAtMs: order.updatedAtMs,
  };
}

interface ExecutionParts {
  readonly execKind: ExecKind;
  readonly execId: ExecId;
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
  readonly fee: Usdt;
  readonly isMaker: boolean;
  readonly atMs: number;
}

export function executionOf(
  order: Pick<PaperOrder, "symbolId" | "venueOrderId" | "clientId" | "side">,
  { atMs, ...parts }: ExecutionParts,
): ExecutionReport {
  const { symbolId, venueOrderId, clientId, side } = order;
  return { kind: "execution", symbolId, venueOrderId, clientId, side, ...parts, venueAtMs: atMs };
}

export function positionReportOf(
  symbolId: SymbolId,
  position: PaperPosition | undefined,
  atMs: number,
): PositionReport {
  return {
    kind: "position_report",
    symbolId,
    positionSteps: position?.steps ?? 0,
    entryPriceText: entryPriceText(position),
    stopLossTicks: position?.stopLossTicks ?? null,
    venueAtMs: atMs,
  };
}

/** The side that closes a position. */
export const closingSide = (positionSteps: number): Side => (positionSteps > 0 ? "sell" : "buy");
