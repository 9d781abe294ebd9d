/**
 * Orders at the venue that are none of ours and may open a position: placed by hand, by another
 * program, or left by a run whose cancel is on its way. They are not ours to manage, and what they
 * would open is the account's all the same: they count into its exposure at the worst they can do.
 */
import type { AccountSnapshot, OrderReport } from "../domain/event.ts";
import { notionalUsdtOf } from "../domain/instrument.ts";
import { priceNow } from "./account-exposure.ts";
import type { AccountPart, MarketPart, ReportPart } from "./state-parts.ts";

/** Beyond this many the account is somebody's workshop: the newest are not counted. */
const ORDERS_MAX = 1_000;

const OPEN: ReadonlySet<OrderReport["status"]> = new Set<OrderReport["status"]>([
  "new",
  "partially_filled",
  "untriggered",
  "triggered",
]);

/** Takes what the stream says of an order that is not in our table. */
export function noteStranger(
  state: MarketPart & AccountPart & ReportPart,
  report: OrderReport,
): void {
  const { strangers } = state;
  const isOpen = OPEN.has(report.status) && !report.reduceOnly;
  const isKnown = strangers.has(report.venueOrderId);
  if (!isOpen) strangers.delete(report.venueOrderId);
  else if (isKnown || strangers.size < ORDERS_MAX) put(state, report);
  if (isOpen || isKnown) state.pending.due = true;
}

/** Takes the venue's whole list. */
export function compareStrangers(
  state: MarketPart & AccountPart & ReportPart,
  { openOrders }: AccountSnapshot,
): void {
  state.strangers.clear();
  for (const report of openOrders) {
    const isOurs = state.orders.find(report.clientId, report.venueOrderId) !== undefined;
    if (!isOurs) noteStranger(state, report);
  }
}

function put(state: MarketPart & AccountPart, report: OrderReport): void {
  const { symbolId, priceTicks, triggerTicks, qtySteps, filledSteps } = report;
  const ticks =
    Math.max(priceTicks ?? 0, triggerTicks ?? 0) || Math.round(priceNow(state, symbolId));
  const leftSteps = Math.max(0, qtySteps - filledSteps);
  const usdt = notionalUsdtOf(state.market.instrument(symbolId), ticks, leftSteps);
  state.strangers.set(report.venueOrderId, { symbolId, usdt });
}
