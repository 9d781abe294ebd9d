/**
 * Counts over the raw rows of a read, before anything is decoded: a row that cannot be used, or
 * that is of a contract we do not trade, is still a position or an order at the venue. Whatever is
 * not provably harmless counts.
 */
import type { VenueCounts } from "../../../domain/event.ts";
import { recordOf, textOf } from "./fields.ts";

/** States in which an order is over and opens nothing any more. */
const FINISHED: ReadonlySet<string> = new Set([
  "Filled",
  "Cancelled",
  "PartiallyFilledCanceled",
  "Rejected",
  "Deactivated",
]);

/** Of rows of /v5/position/list and /v5/order/realtime. */
export function countsOf(positions: readonly unknown[], orders: readonly unknown[]): VenueCounts {
  return {
    openPositions: positions.filter(isOpenPosition).length,
    openingOrders: orders.filter(canOpen).length,
  };
}

/** False only for a row that says in so many words that nothing is held. */
export function isOpenPosition(item: unknown): boolean {
  const size = textOf(recordOf(item), "size");
  return size === "" || Number(size) !== 0;
}

/** False only for an order that is over, or that can do no more than close a position. */
export function canOpen(item: unknown): boolean {
  const order = recordOf(item);
  if (FINISHED.has(textOf(order, "orderStatus"))) return false;
  return order.reduceOnly !== true && order.closeOnTrigger !== true;
}
