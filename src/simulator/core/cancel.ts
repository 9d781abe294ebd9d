/** Finding and cancelling open orders. */
import type { SimReply } from "./api.ts";
import { cancelled, finish } from "./close.ts";
import { emitPosition } from "./emit.ts";
import type { AccountState, ExchangeState, LiveOrder } from "./exchange-state.ts";
import { accepted, refused } from "./replies.ts";

export interface OrderId {
  readonly orderId?: string;
  readonly orderLinkId?: string;
}

/** Bybit, order/cancel-all: derivatives cancel up to 500 in one call. */
const CANCEL_ALL_MAX = 500;

/** An open order of a symbol; the venue's own id wins when both are given. */
export function findOpen(
  account: AccountState,
  symbolIndex: number,
  id: OrderId,
): LiveOrder | null {
  const { orderId = "", orderLinkId = "" } = id;
  const live = orderId !== "" ? account.open.get(orderId) : account.openByLink.get(orderLinkId);
  return live !== undefined && live.order.symbolIndex === symbolIndex ? live : null;
}

export function cancelOne(
  state: ExchangeState,
  account: AccountState,
  symbolIndex: number,
  id: OrderId,
): SimReply {
  if ((id.orderId ?? "") === "" && (id.orderLinkId ?? "") === "") {
    return refused(10001, "params error: OrderId or orderLinkId is required");
  }
  const live = findOpen(account, symbolIndex, id);
  if (live === null) return refused(110001, "order not exists or too late to cancel");
  cancelByUser(state, live);
  return accepted(live.order);
}

function cancelByUser(state: ExchangeState, live: LiveOrder, cancelType = "CancelByUser"): void {
  finish(state, live, cancelled(live, cancelType, "EC_PerCancelRequest"));
  emitPosition(state, live.cell);
}

interface CancelFilter {
  readonly symbolIndex?: number;
  readonly orderFilter?: "Order" | "StopOrder" | "OpenOrder";
  readonly onlyStop?: boolean;
  readonly cancelType?: "CancelByUser" | "CancelByDCP";
}

/** Cancels what the filter names, oldest first, and says which. */
export function cancelMany(
  state: ExchangeState,
  account: AccountState,
  filter: CancelFilter,
): { orderId: string; orderLinkId: string }[] {
  const chosen = [...account.open.values()].filter((live) => isChosen(live, filter));
  const cancelling = chosen.slice(0, CANCEL_ALL_MAX);
  for (const live of cancelling) cancelByUser(state, live, filter.cancelType);
  return cancelling.map(({ order }) => ({
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
  }));
}

/** Order is what is active, StopOrder what waits for a trigger; OpenOrder both but no TP/SL. */
function isChosen(live: LiveOrder, filter: CancelFilter): boolean {
  if (filter.symbolIndex !== undefined && live.order.symbolIndex !== filter.symbolIndex) {
    return false;
  }
  const waits = live.order.status === "Untriggered";
  if (waits && live.bracket !== "" && filter.onlyStop === true) return false;
  if (filter.orderFilter === undefined) return true;
  if (filter.orderFilter === "OpenOrder") return live.bracket === "";
  return waits === (filter.orderFilter === "StopOrder");
}
