/** Orders as a list of the blotter. */
import { type Facts, sizeOf } from "../blotter/row-match.ts";
import type { OrderRow } from "../blotter/rows.ts";
import { isLive, type OrderPurpose, type OrderState } from "../domain/order.ts";
import { mulFixed } from "../kernel/fixed.ts";
import type { orders } from "../store/schema.ts";
import { conditionsOf, type ListOf, wholeTable } from "./blotter-scan.ts";

type Stored = typeof orders.$inferSelect;
export type RawOrder = Omit<Stored, "reduceOnly" | "life" | "accountKey" | "state" | "purpose"> & {
  readonly reduceOnly: number;
  readonly state: OrderState;
  readonly purpose: OrderPurpose;
};

export const ORDER_SELECT =
  "SELECT o.id, o.client_id AS clientId, o.run_id AS runId, o.symbol, " +
  "o.venue_order_id AS venueOrderId, o.side, o.type, o.time_in_force AS timeInForce, " +
  "o.price_ticks AS priceTicks, o.qty_steps AS qtySteps, o.filled_steps AS filledSteps, " +
  "o.stop_loss_ticks AS stopLossTicks, o.reduce_only AS reduceOnly, o.purpose, o.strategy, " +
  "o.state, o.detail, o.reason, o.created_at_ms AS createdAtMs, o.updated_at_ms AS updatedAtMs, " +
  "o.price_text AS priceText, o.qty_text AS qtyText, o.filled_text AS filledText, " +
  "o.stop_loss_text AS stopLossText";

export const ORDERS: ListOf<RawOrder, OrderRow> = {
  id: "o.id",
  select: () => `${ORDER_SELECT} FROM orders AS o WHERE +o.account_key = ?`,
  conditions: (terms) => terms.flatMap((term) => conditionsOf(term, ASKED)),
  spans: wholeTable("orders"),
  facts: factsOf,
  row: orderRowOf,
};

const ASKED = {
  time: "o.created_at_ms",
  symbol: "o.symbol",
  choices: {
    side: "o.side",
    strategy: "o.strategy",
    purpose: "o.purpose",
    run: "o.run_id",
  },
};

export function orderRowOf(raw: RawOrder): OrderRow {
  const { priceTicks: _price, stopLossTicks: _stop, qtySteps, filledSteps, ...row } = raw;
  return {
    ...row,
    venueOrderId: raw.venueOrderId ?? "",
    isFilled: filledSteps >= qtySteps,
    hasFills: filledSteps > 0,
    reduceOnly: raw.reduceOnly === 1,
  };
}

/** What became of it, in one word beside its state. */
export function fateOf({ state, filledSteps, qtySteps }: RawOrder): string {
  if (isLive(state)) return "live";
  if (state !== "closed") return state;
  if (filledSteps === 0) return "cancelled";
  return filledSteps < qtySteps ? "partly" : "filled";
}

function factsOf(raw: RawOrder): Facts {
  const size = sizeOf(raw.qtyText);
  const price = sizeOf(raw.priceText);
  return {
    symbol: raw.symbol,
    side: raw.side,
    strategy: raw.strategy,
    atMs: raw.createdAtMs,
    reason: `${raw.purpose} ${raw.reason} ${raw.detail}`,
    ids: [raw.clientId, raw.venueOrderId ?? ""],
    run: raw.runId,
    purpose: raw.purpose,
    states: [raw.state, fateOf(raw)],
    value: size === null || price === null ? null : mulFixed(size, price),
    ...(size !== null && { size }),
  };
}
