/** Rate limits: per user and endpoint over a rolling second, per address over five. */

/** Requests per second by REST path; paths not listed have only the address limit. */
const ENDPOINT_LIMITS: Readonly<Record<string, number>> = {
  "/v5/order/create": 10,
  "/v5/order/amend": 10,
  "/v5/order/cancel": 10,
  "/v5/order/cancel-all": 10,
  "/v5/order/create-batch": 10,
  "/v5/order/amend-batch": 10,
  "/v5/order/cancel-batch": 10,
  "/v5/order/pre-check": 10,
  "/v5/order/disconnected-cancel-all": 5,
  "/v5/order/realtime": 50,
  "/v5/order/history": 50,
  "/v5/execution/list": 50,
  "/v5/position/list": 50,
  "/v5/position/closed-pnl": 50,
  "/v5/position/set-leverage": 10,
  "/v5/position/switch-mode": 10,
  "/v5/position/trading-stop": 10,
  "/v5/account/wallet-balance": 50,
  "/v5/account/info": 50,
  "/v5/account/transaction-log": 25,
  "/v5/account/fee-rate": 5,
  "/v5/account/set-margin-mode": 5,
  "/v5/account/query-dcp-info": 5,
  "/v5/account/user-setting-config": 50,
  "/v5/position/add-margin": 10,
  "/v5/position/set-auto-add-margin": 10,
  "/v5/user/query-api": 10,
};

const ADDRESS_REQUESTS_MAX = 600;
const ADDRESS_WINDOW_MS = 5_000;
/** New sockets of one address. */
const CONNECTS_MAX = 500;
const CONNECT_WINDOW_MS = 300_000;
/** Longer than any client keeps trying at once; the oldest key is forgotten beyond it. */
const KEYS_MAX = 10_000;

export interface RateLimitOptions {
  /** Multiplies every endpoint limit: 0 switches them off. Default 1. */
  readonly endpointFactor?: number;
  /** Requests per address in five seconds; 0 switches the limit off. */
  readonly addressMax?: number;
}

export interface Allowance {
  /** How many of the asked units fit. */
  readonly granted: number;
  readonly limit: number;
  readonly left: number;
  readonly resetAtMs: number;
}

/** Times of what was let through, one bounded list a key. */
class RollingLimit {
  private readonly windowMs: number;
  private readonly times = new Map<string, number[]>();

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  take(key: string, limit: number, nowMs: number, units = 1): Allowance {
    const recent = (this.times.get(key) ?? []).filter((atMs) => atMs > nowMs - this.windowMs);
    const granted = Math.max(0, Math.min(units, limit - recent.length));
    for (let unit = 0; unit < granted; unit++) recent.push(nowMs);
    this.times.delete(key);
    this.times.set(key, recent);
    if (this.times.size > KEYS_MAX) this.forgetOldest();
    const exceeded = granted < units;
    return {
      granted,
      limit,
      left: limit - recent.length,
      resetAtMs: exceeded ? (recent[0] ?? nowMs) + this.windowMs : nowMs,
    };
  }

  private forgetOldest(): void {
    const oldest = this.times.keys().next();
    if (!oldest.done) this.times.delete(oldest.value);
  }
}

export class RateLimits {
  private readonly endpoints = new RollingLimit(1_000);
  private readonly addresses = new RollingLimit(ADDRESS_WINDOW_MS);
  private readonly connects = new RollingLimit(CONNECT_WINDOW_MS);
  private readonly factor: number;
  private readonly addressMax: number;

  constructor(options: RateLimitOptions = {}) {
    this.factor = options.endpointFactor ?? 1;
    this.addressMax = options.addressMax ?? ADDRESS_REQUESTS_MAX;
  }

  addressAllows(address: string, nowMs: number): boolean {
    if (this.addressMax === 0) return true;
    return this.addresses.take(address, this.addressMax, nowMs).granted === 1;
  }

  connectAllows(address: string, nowMs: number): boolean {
    if (this.addressMax === 0) return true;
    return this.connects.take(address, CONNECTS_MAX, nowMs).granted === 1;
  }

  /** `kind` is a REST path or a trade-socket op with its own counter. Null when it has no limit. */
  take(accountId: string, kind: string, nowMs: number, units = 1): Allowance | null {
    const base = ENDPOINT_LIMITS[pathOf(kind)];
    if (base === undefined || this.factor === 0) return null;
    const limit = Math.max(1, Math.floor(base * this.factor));
    return this.endpoints.take(`${accountId} ${kind}`, limit, nowMs, units);
  }
}

/** `ws:/v5/order/create` counts apart from the REST path but has the same figure. */
function pathOf(kind: string): string {
  return kind.startsWith("ws:") ? kind.slice(3) : kind;
}

export function limitHeaders(allowance: Allowance): Record<string, string> {
  return {
    "X-Bapi-Limit": String(allowance.limit),
    "X-Bapi-Limit-Status": String(allowance.left),
    "X-Bapi-Limit-Reset-Timestamp": String(allowance.resetAtMs),
  };
}
