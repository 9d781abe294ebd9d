/**
 * Who signed a request: HMAC-SHA256 over exactly the bytes that were sent, and the clock window.
 */

import { timingSafeEqual } from "node:crypto";
import { failure, type Result, success } from "../../kernel/result.ts";
import type { SimVenue, VenueAccount } from "../world/world.ts";
import { type Outcome, refuse } from "./wire/reply.ts";

const RECV_WINDOW_MS = 5_000;
/** A clock this far ahead is already refused. */
const AHEAD_MS_MAX = 1_000;

interface SignedRequest {
  readonly apiKey: string | null;
  readonly timestamp: string | null;
  readonly signature: string | null;
  readonly recvWindow: string | null;
  /** Query of a GET or body of a POST, byte for byte. */
  readonly payload: string;
}

/** Whose request it is, or what is answered and with which HTTP status. */
type AuthResult = Result<VenueAccount, { readonly refusal: Outcome; readonly status: number }>;

export function hmacHex(secret: string, text: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(text).digest("hex");
}

export function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Checks key, window and signature in the venue's order. */
export function authenticate(venue: SimVenue, request: SignedRequest, nowMs: number): AuthResult {
  const { apiKey, timestamp, signature } = request;
  if (!apiKey || !timestamp || !signature) {
    const found = `apiTimestamp[${timestamp ?? ""}] apiKey[${apiKey ?? ""}]`;
    const text = `empty value: ${found} apiSignature[${signature ?? ""}]`;
    return failure({ refusal: { code: 10001, text, result: null }, status: 401 });
  }
  const account = venue.accountOf(apiKey);
  if (account === undefined) {
    return failure({ refusal: refuse(10003, "API key is invalid."), status: 200 });
  }
  const window = windowRefusal(timestamp, request.recvWindow, nowMs);
  if (window !== null) return failure({ refusal: window, status: 200 });
  const origin = `${timestamp}${apiKey}${request.recvWindow ?? ""}${request.payload}`;
  if (!sameText(hmacHex(account.apiSecret, origin), signature.toLowerCase())) {
    return failure({
      refusal: refuse(10004, `error sign! origin_string[${origin}]`),
      status: 200,
    });
  }
  return success(account);
}

/** 10002 unless server - window ≤ timestamp < server + 1 s. */
export function windowRefusal(
  timestamp: string,
  recvWindow: string | null,
  nowMs: number,
): Outcome | null {
  const atMs = Number(timestamp);
  const windowMs = recvWindow === null || recvWindow === "" ? RECV_WINDOW_MS : Number(recvWindow);
  const inside = nowMs - windowMs <= atMs && atMs < nowMs + AHEAD_MS_MAX;
  if (Number.isInteger(atMs) && windowMs > 0 && inside) return null;
  const found = `req_timestamp[${timestamp}],server_timestamp[${nowMs}],recv_window[${windowMs}]`;
  const text = "invalid request, please check your server timestamp or recv_window param.";
  return refuse(10002, `${text} ${found}`);
}
