import type { OrderReport, VenueOrderStatus } from "../../../src/domain/event.ts";
import type { OrderIntent, OrderState } from "../../../src/domain/order.ts";
import {
  asClientOrderId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { type OrderRow, OrderTable } from "../../../src/orders/table.ts";
import type { ApprovedOrder } from "../../../src/risk/approved.ts";

export const QTY = 100;

export function intentOf(terms: Partial<OrderIntent> = {}): OrderIntent {
  return {
    symbolId: 0 as SymbolId,
    side: "buy",
    type: "limit",
    priceTicks: 1000 as PriceTicks,
    qtySteps: QTY as QtySteps,
    timeInForce: "post_only",
    reduceOnly: false,
    purpose: "entry",
    strategy: "maker",
    stopLossTicks: 990 as PriceTicks,
    reason: "",
    ...terms,
  };
}

/** Only the gate makes these in the product; the table's tests stand in for it. */
export function approvedOf(clientId: string, terms: Partial<OrderIntent> = {}): ApprovedOrder {
  return { ...intentOf(terms), clientId } as ApprovedOrder;
}

export function reportOf(status: VenueOrderStatus, filled = 0): OrderReport {
  return {
    kind: "order_report",
    symbolId: 0 as SymbolId,
    venueOrderId: asVenueOrderId("v1"),
    clientId: asClientOrderId("t-maker-1"),
    side: "buy",
    status,
    priceTicks: 1000 as PriceTicks,
    qtySteps: QTY as QtySteps,
    filledSteps: filled as QtySteps,
    reduceOnly: false,
    triggerTicks: null,
    detail: "",
    venueAtMs: 1,
  };
}

/** A table with one order in the wanted state, reached by the moves that really lead there. */
export function tableIn(state: OrderState): { table: OrderTable; row: OrderRow } {
  const table = new OrderTable();
  const row = table.add(approvedOf("t-maker-1"), 0);
  const ways: Record<OrderState, () => void> = {
    submitting: () => {},
    open: () => table.onReport(row, reportOf("new"), 1),
    cancelling: () => {
      table.onReport(row, reportOf("new"), 1);
      table.cancelSent(row, 1);
    },
    amending: () => {
      table.onReport(row, reportOf("new"), 1);
      const stopLossTicks = 991 as PriceTicks;
      table.amendSent(row, { priceTicks: 1001 as PriceTicks, stopLossTicks, reason: "" }, 1);
    },
    unknown: () => table.onSubmit(row, { result: "unknown", text: "timed out" }, 1),
    closed: () => table.onReport(row, reportOf("cancelled"), 1),
    rejected: () => table.onSubmit(row, { result: "rejected", reason: "other", text: "no" }, 1),
    failed: () => table.onSubmit(row, { result: "failed", text: "offline" }, 1),
  };
  ways[state]();
  return { table, row };
}
