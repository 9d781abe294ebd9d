/**
 * What sockets say about themselves: pongs, answers to subscribe and auth, and the replies of the
 * trade socket (Bybit v5, "Connect" and "Websocket Trade").
 */
import { asVenueOrderId, type VenueOrderId } from "../../../domain/units.ts";
import { isRecord, type JsonRecord } from "../../../kernel/json.ts";
import { listOf, numberOf, numberOr, parseJson, recordOf, textOf } from "./fields.ts";

/** Wanted at least every 20 s on every socket (Bybit v5, "Connect"). */
export const PING_TEXT = '{"op":"ping"}';

export interface Control {
  readonly op: string;
  readonly success: boolean;
  readonly reqId: string;
  readonly text: string;
}

/** Null when the message is no control message at all. */
export function controlOf(message: JsonRecord): Control | null {
  const data = recordOf(message.data);
  if (message.type === "COMMAND_RESP") {
    const success = message.success === true && listOf(data.failTopics).length === 0;
    return { op: "subscribe", success, reqId: textOf(message, "req_id"), text: "" };
  }
  const op = textOf(message, "op") || (message.success === undefined ? "" : "subscribe");
  if (op === "") return null;
  const text = textOf(message, "ret_msg") || textOf(message, "retMsg");
  const retCode = numberOr(message, "retCode", 0);
  const isPong = op === "pong" || text === "pong";
  return {
    op: isPong ? "pong" : op,
    success: isPong || (message.success !== false && retCode === 0),
    reqId: textOf(message, "req_id") || textOf(message, "reqId"),
    text,
  };
}

/** One reply of the trade socket. */
export interface TradeReply {
  readonly reqId: string;
  readonly op: string;
  readonly retCode: number;
  readonly retMsg: string;
  readonly venueOrderId: VenueOrderId;
  /** Only of a batch: the ids of its orders and their codes, as `batchOutcomesOf` reads them. */
  readonly batch?: { readonly data: JsonRecord; readonly ext: JsonRecord };
  /** The rate-limit figures that ride on every reply. */
  readonly header: JsonRecord;
}

/** Null when the text is not a reply of the trade socket. */
export function decodeTradeReply(text: string): TradeReply | null {
  const message = parseJson(text);
  if (!isRecord(message)) return null;
  const retCode = numberOf(message, "retCode");
  if (Number.isNaN(retCode)) return null;
  const ext = recordOf(message.retExtInfo);
  return {
    reqId: textOf(message, "reqId"),
    op: textOf(message, "op"),
    retCode,
    retMsg: textOf(message, "retMsg"),
    venueOrderId: asVenueOrderId(textOf(recordOf(message.data), "orderId")),
    ...(Array.isArray(ext.list) && { batch: { data: recordOf(message.data), ext } }),
    header: recordOf(message.header),
  };
}
