/**
 * The gate as a type: the brand below is not exported, and `gates.ts` holds the only call of
 * `approve`. A test searches the tree for a second one. The order port accepts nothing else.
 */

import type { OrderIntent } from "../domain/order.ts";
import type { ClientOrderId } from "../domain/units.ts";

declare const passed: unique symbol;

/** An intent that passed every gate, under its final client id. */
export interface ApprovedOrder extends OrderIntent {
  readonly clientId: ClientOrderId;
  readonly [passed]: true;
}

/** Brands an intent. Only the risk gate may call this. */
export function approve(intent: OrderIntent, clientId: ClientOrderId): ApprovedOrder {
  return { ...intent, clientId } as ApprovedOrder;
}
