/**
 * Reads our own client ids back. `clientOrderIdOf` writes run, strategy and sequence joined by "-";
 * an order at the venue that carries this form was placed by us, in this run or an earlier one.
 */

import type { ClientOrderId } from "../domain/units.ts";

/** Names that may stand in a client id: an order under any other name is not ours. */
export const STRATEGY_NAMES = ["maker", "operator", "recovery"] as const;

/** The venue takes at most this many characters (bybit/v5/order/create-order, orderLinkId). */
export const CLIENT_ID_LENGTH_MAX = 36;

const PATTERN = new RegExp(`^[0-9A-Za-z_-]+-(${STRATEGY_NAMES.join("|")})-[0-9a-z]+$`);

/** The strategy's name inside one of our client ids, null when the id is not of our form. */
export function strategyIn(clientId: ClientOrderId): string | null {
  return PATTERN.exec(clientId)?.[1] ?? null;
}
