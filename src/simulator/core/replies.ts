/** The venue's answers: return codes of its error page with its wording where one was recorded. */
import type { SimReply } from "./api.ts";

/** Success without an order. */
export const DONE: SimReply = { code: 0, text: "OK", orderId: "", orderLinkId: "" };

export function accepted(order: { orderId: string; orderLinkId: string }): SimReply {
  return { code: 0, text: "OK", orderId: order.orderId, orderLinkId: order.orderLinkId };
}

export function refused(code: number, text: string): SimReply {
  return { code, text, orderId: "", orderLinkId: "" };
}
