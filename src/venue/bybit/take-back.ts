/**
 * Taking back everything that could open a position: active orders with one request for each
 * settlement coin, conditional ones one by one.
 *
 * The venue's cancel-all makes no difference between a conditional entry and a stop. Stops that
 * only reduce stay with their position, so conditional orders are listed, and only those that could
 * open something are cancelled; also orders of strangers and of contracts that are not traded here.
 */
import type { LogPort } from "../../runtime/ports/log.ts";
import { CATEGORY, SETTLE_COINS } from "./codec/encode.ts";
import { recordOf, textOf } from "./codec/fields.ts";
import { canOpen } from "./codec/raw-counts.ts";
import { retCodeOf } from "./codec/ret-codes.ts";
import { listAll } from "./paged-list.ts";
import type { RestCaller } from "./rest-client.ts";

const CANCEL_ALL = "/v5/order/cancel-all";
const CANCEL = "/v5/order/cancel";
const OPEN_ORDERS = "/v5/order/realtime";
/** With back-off these cover about ten seconds: a restart of the venue's gateway. */
const RETRIES = 6;

interface TakeBackOptions {
  readonly rest: RestCaller;
  readonly log: LogPort;
}

/** Never rejects. What could not be taken back is logged, and shows in the next read. */
export async function takeBack(options: TakeBackOptions): Promise<void> {
  const faults = await Promise.all(
    SETTLE_COINS.flatMap((coin) => [active(options, coin), conditional(options, coin)]),
  );
  const text = faults.filter((fault) => fault !== "").join("; ");
  if (text === "") options.log.info("cancelled all orders");
  else options.log.error("could not cancel all orders", { text });
}

/** What went wrong, empty when nothing did. */
async function active({ rest }: TakeBackOptions, settleCoin: string): Promise<string> {
  const body = { category: CATEGORY, settleCoin, orderFilter: "Order" };
  const sent = { method: "POST", path: CANCEL_ALL, body, signed: true, retries: RETRIES } as const;
  const result = await rest.call({ ...sent, purpose: "cancel" });
  return result.kind === "ok" ? "" : `${settleCoin}: ${result.text}`;
}

async function conditional({ rest }: TakeBackOptions, settleCoin: string): Promise<string> {
  const query = { category: CATEGORY, settleCoin, orderFilter: "StopOrder", limit: 50 };
  const asked = {
    method: "GET",
    path: OPEN_ORDERS,
    query,
    signed: true,
    retries: RETRIES,
  } as const;
  const listed = await listAll(rest, { ...asked, purpose: "read" });
  if (listed.kind === "failed") return `conditional orders in ${settleCoin}: ${listed.text}`;
  const opening = listed.items.filter(canOpen).map(recordOf);
  const faults = await Promise.all(
    opening.map(async (order) => {
      const [symbol, orderId] = [textOf(order, "symbol"), textOf(order, "orderId")];
      const body = { category: CATEGORY, symbol, orderId };
      const sent = { method: "POST", path: CANCEL, body, signed: true, retries: RETRIES } as const;
      const result = await rest.call({ ...sent, purpose: "cancel" });
      const isOver = result.kind === "refused" && retCodeOf(result.code).class === "gone";
      return result.kind === "ok" || isOver ? "" : `order ${orderId} of ${symbol}: ${result.text}`;
    }),
  );
  return faults.filter((fault) => fault !== "").join("; ");
}
