/**
 * Request signatures (Bybit v5 guide, "Authentication"): HMAC-SHA256 in lower-case hex over exactly
 * the bytes that are sent. A function of its arguments; the secret goes no further than the hash.
 */
interface RestSignature {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly timestampMs: number;
  readonly recvWindowMs: number;
  /** Query string without "?" for GET, the JSON body for POST, exactly as sent. */
  readonly payload: string;
}

export function signRest(request: RestSignature): string {
  const { apiKey, apiSecret, timestampMs, recvWindowMs, payload } = request;
  return hmacHex(apiSecret, `${timestampMs}${apiKey}${recvWindowMs}${payload}`);
}

/** The third argument of a socket's auth request; `expiresMs` lies in the future. */
export function signSocket(apiSecret: string, expiresMs: number): string {
  return hmacHex(apiSecret, `GET/realtime${expiresMs}`);
}

function hmacHex(secret: string, text: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(text).digest("hex");
}
