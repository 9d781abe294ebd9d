/** The auth request of private and trade sockets (Bybit v5, "Authentication"). */
import { signSocket } from "./codec/sign.ts";
import type { VenueTime } from "./rest-client.ts";

/**
 * How far ahead the request expires: longer than a slow handshake, shorter than a replay is useful.
 */
const EXPIRES_AFTER_MS = 10_000;

export interface Keys {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export function authText(keys: Keys, time: VenueTime, reqId: string): string {
  const expiresMs = time.venueNowMs + EXPIRES_AFTER_MS;
  const signature = signSocket(keys.apiSecret, expiresMs);
  return JSON.stringify({ req_id: reqId, op: "auth", args: [keys.apiKey, expiresMs, signature] });
}
