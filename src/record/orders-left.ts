/**
 * Orders that ended runs left without an end in the record: the venue may still hold them. The next
 * read of the account tells; where that cannot be had, they are cancelled by these names.
 */
import { and, eq, inArray, ne } from "drizzle-orm";
import { asClientOrderId, asVenueOrderId } from "../domain/units.ts";
import type { OrderLeft } from "../engine/account-past.ts";
import type { JournalDatabase } from "../store/database.ts";
import { orders } from "../store/schema.ts";

const LIVE = ["submitting", "open", "cancelling", "amending", "unknown"];
/** Above what any run has working: each costs one request by socket. */
const ORDERS_MAX = 100;

/** Of every run of the account but this one, oldest first. */
export function ordersLeft(
  { orm }: JournalDatabase,
  { accountKey, runId }: { readonly accountKey: string; readonly runId: string },
): OrderLeft[] {
  const { clientId, symbol, venueOrderId } = orders;
  const rows = orm
    .select({ clientId, symbol, venueOrderId })
    .from(orders)
    .where(
      and(eq(orders.accountKey, accountKey), ne(orders.runId, runId), inArray(orders.state, LIVE)),
    )
    .all();
  return rows.slice(-ORDERS_MAX).map((row) => ({
    clientId: asClientOrderId(row.clientId),
    symbol: row.symbol,
    venueOrderId: row.venueOrderId === null ? null : asVenueOrderId(row.venueOrderId),
  }));
}
