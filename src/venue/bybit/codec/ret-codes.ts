/**
 * What the venue's return codes mean for us (Bybit v5 "error" page, with our judgement of what may
 * be repeated). A code that is missing here is a rejection: not sent again, shown with its text.
 */
import type { RejectReason } from "../../../domain/event.ts";

export type RetClass =
  /** Taken. */
  | "ok"
  /** The venue said no: change the request or stop. */
  | "rejected"
  /** The order is already finished; its last report tells how. */
  | "gone"
  /** The client id is in use: it may be our own first try, so ask. */
  | "duplicate"
  /** May have been carried out: ask by client id, never resend. */
  | "unknown"
  /** Not carried out; the same request may succeed in a moment. */
  | "retry"
  /** Not carried out; wait for the next window. */
  | "rate_limited"
  /** Our timestamp is outside the venue's window: measure the clock again. */
  | "clock"
  /** Already as wanted: success by another name. */
  | "done";

/** What a rejection is about; codes that are not here are "other". */
const REASON_OF: Readonly<Record<number, RejectReason>> = {
  10003: "permission",
  10004: "permission",
  10005: "permission",
  10007: "permission",
  10008: "permission",
  10009: "permission",
  10010: "permission",
  10024: "permission",
  10027: "permission",
  10028: "permission",
  10029: "permission",
  33004: "permission",
  30208: "price",
  30209: "price",
  30228: "instrument",
  110003: "price",
  110004: "margin",
  110006: "margin",
  110007: "margin",
  110009: "open_orders",
  110011: "margin",
  110012: "margin",
  110014: "margin",
  110017: "reduce_only",
  110020: "open_orders",
  110022: "quantity",
  110023: "reduce_only",
  110042: "instrument",
  110044: "margin",
  110045: "margin",
  110046: "margin",
  110051: "margin",
  110052: "margin",
  110053: "margin",
  110066: "instrument",
  110072: "duplicate_id",
  110074: "instrument",
  110090: "margin",
  110094: "value",
  110118: "no_market",
  110120: "price",
  110121: "price",
};

/** Codes that speak of the address and not of the request. */
export const ADDRESS_CODES: ReadonlySet<number> = new Set([10_018, 10_403]);

/** What a refusal is about, in the words of every venue. */
export function rejectReasonOf(code: number, retClass: RetClass): RejectReason {
  return retClass === "rate_limited" ? "rate" : (REASON_OF[code] ?? "other");
}

interface RetCode {
  readonly class: RetClass;
  readonly meaning: string;
}

const entry = (retClass: RetClass, meaning: string): RetCode => ({ class: retClass, meaning });

export const RET_CODES: Readonly<Record<number, RetCode>> = {
  0: entry("ok", "success"),
  [-1]: entry("clock", "request expired at the gateway"),
  429: entry("unknown", "trading service overloaded"),
  10000: entry("unknown", "server timeout"),
  10001: entry("rejected", "parameter error"),
  10002: entry("clock", "timestamp outside the window"),
  10003: entry("rejected", "API key invalid or of another environment"),
  10004: entry("rejected", "signature wrong"),
  10005: entry("rejected", "API key lacks the permission"),
  10006: entry("rate_limited", "rate limit of this endpoint"),
  10007: entry("rejected", "user authentication failed"),
  10008: entry("rejected", "account banned or in an unsuitable mode"),
  10009: entry("rejected", "region restricted"),
  10010: entry("rejected", "API key is bound to other addresses"),
  10014: entry("duplicate", "duplicate request"),
  10016: entry("unknown", "server error"),
  10017: entry("rejected", "route not found"),
  10018: entry("rate_limited", "rate limit of this address"),
  10019: entry("retry", "server is leaving, no new requests"),
  10024: entry("rejected", "compliance rules apply"),
  10027: entry("rejected", "trading is banned"),
  10028: entry("rejected", "unified account required"),
  10029: entry("rejected", "symbol is not on the key's list"),
  10032: entry("rejected", "not supported in demo trading"),
  10403: entry("rate_limited", "rate limit of this address"),
  10404: entry("rejected", "unknown operation or category"),
  10429: entry("rate_limited", "system-wide protection"),
  20001: entry("done", "socket is already authenticated"),
  20003: entry("rate_limited", "too many requests in this session"),
  20006: entry("duplicate", "request id used before"),
  30208: entry("rejected", "price above the highest buy price"),
  30209: entry("rejected", "price below the lowest sell price"),
  30228: entry("rejected", "symbol is being delisted, no new positions"),
  33004: entry("rejected", "API key expired"),
  34040: entry("done", "nothing modified"),
  40004: entry("unknown", "order changed while being replaced"),
  110001: entry("gone", "order not found or too late"),
  110003: entry("rejected", "price outside the allowed range"),
  110004: entry("rejected", "wallet balance is short"),
  110006: entry("rejected", "assets are short of the order cost"),
  110007: entry("rejected", "available balance is short"),
  110008: entry("gone", "order already finished or cancelled"),
  110009: entry("rejected", "too many stop orders"),
  110010: entry("gone", "order already cancelled"),
  110011: entry("rejected", "would cause liquidation"),
  110012: entry("rejected", "available balance is short"),
  110013: entry("rejected", "leverage conflicts with the risk limit"),
  110014: entry("rejected", "available balance is short for added margin"),
  110017: entry("rejected", "reduce-only rule broken"),
  110020: entry("rejected", "more than 500 active orders"),
  110021: entry("rejected", "open interest is at its cap"),
  110022: entry("rejected", "quantity may not be raised"),
  110023: entry("rejected", "contract is reduce-only"),
  110025: entry("done", "position mode unchanged"),
  110026: entry("done", "margin mode unchanged"),
  110027: entry("done", "margin unchanged"),
  110042: entry("rejected", "order locked before delivery"),
  110043: entry("done", "leverage unchanged"),
  110044: entry("rejected", "available margin is short"),
  110045: entry("rejected", "wallet balance is short"),
  110046: entry("rejected", "would cause liquidation"),
  110051: entry("rejected", "available balance is short at this price"),
  110052: entry("rejected", "available balance is short to set the price"),
  110053: entry("rejected", "available balance is short"),
  110057: entry("rejected", "conditional orders may not carry take-profit or stop-loss"),
  110061: entry("rejected", "more than 20 partial stops"),
  110063: entry("rejected", "settlement is running"),
  110064: entry("rejected", "amended quantity is not above the filled part"),
  110066: entry("rejected", "trading is closed"),
  110072: entry("duplicate", "client order id already used"),
  110074: entry("rejected", "contract is not live"),
  110079: entry("retry", "order is being processed"),
  110090: entry("rejected", "position would exceed the leverage tier"),
  110092: entry("rejected", "trigger price is not above the current price"),
  110093: entry("rejected", "trigger price is not below the current price"),
  110094: entry("rejected", "order value below the minimum"),
  110118: entry("rejected", "no price for a market order: no liquidity"),
  110120: entry("rejected", "limit price below the band"),
  110121: entry("rejected", "limit price above the band"),
  170213: entry("gone", "order not found"),
};

/** Looks a code up; unlisted codes are rejections. */
export function retCodeOf(code: number): RetCode {
  return RET_CODES[code] ?? { class: "rejected", meaning: "code is not in the table" };
}

/** "10006 rate limit of this endpoint: Too many visits": for logs and the operator. */
export function retText(code: number, message: string): string {
  const { meaning } = retCodeOf(code);
  return message === "" ? `${code} ${meaning}` : `${code} ${meaning}: ${message}`;
}
