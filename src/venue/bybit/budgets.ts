/**
 * Request budgets: what the venue allows an account and an address to send, kept on our side so
 * that it never has to refuse.
 *
 * Each endpoint has a sliding window of one second whose size is learned from the X-Bapi-Limit
 * header. All requests together have the address window of 600 in 5 s (Bybit v5, "Rate Limit"). A
 * part of the address window is kept for cancels, and cancels have their own endpoint window, so
 * that nothing else can use up the right to leave the market.
 */
import type { Clock } from "../../runtime/ports/clock.ts";
import type { ConnectLimit } from "../common/socket.ts";

export type Purpose = "cancel" | "order" | "read";

/**
 * Until a header says otherwise: the smallest figure that the venue documents for a trading call.
 */
const ENDPOINT_REQUESTS_MAX = 10;
const ENDPOINT_WINDOW_MS = 1_000;
/** The venue allows 600 in 5 s and answers the 601st with a ban of ten minutes. */
const ADDRESS_REQUESTS_MAX = 500;
const ADDRESS_WINDOW_MS = 5_000;
/** Only cancels may use the last of the address window. */
const ADDRESS_KEPT_FOR_CANCELS = 100;
/** Header figures outside of this are not believed. */
const LEARNED_MAX = 1_000;
/** A reset time further away than this is not believed. */
const RESET_MS_MAX = 5_000;
export const ADDRESS_BAN_MS = 600_000;
/** The venue allows 500 connections in 5 minutes (Bybit v5, "Connect"); this stays far below. */
export const CONNECT_LIMIT: ConnectLimit = { connectsMax: 400, windowMs: 300_000 };

/** The last sends within a window, oldest first: at most `limit` of them. */
class SendWindow {
  limit: number;
  private readonly windowMs: number;
  private sentAtMs: number[] = [];
  private closedUntilMs = 0;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.windowMs = windowMs;
  }

  /** Milliseconds until one more may be sent while `kept` stay free. */
  waitMs(nowMs: number, kept: number): number {
    this.sentAtMs = this.sentAtMs.filter((atMs) => nowMs - atMs < this.windowMs);
    const room = Math.max(1, this.limit - kept);
    const blocking = this.sentAtMs[this.sentAtMs.length - room];
    const windowWaitMs = blocking === undefined ? 0 : blocking + this.windowMs - nowMs;
    return Math.max(0, windowWaitMs, this.closedUntilMs - nowMs);
  }

  take(nowMs: number): void {
    this.sentAtMs.push(nowMs);
  }

  closeUntil(atMs: number): void {
    this.closedUntilMs = Math.max(this.closedUntilMs, atMs);
  }
}

/** What the headers of a reply say; NaN where one is missing. */
export interface LimitHeaders {
  readonly limit: number;
  readonly left: number;
  /** Venue time. */
  readonly resetAtMs: number;
}

export class RequestLimits {
  private readonly clock: Clock;
  private readonly address = new SendWindow(ADDRESS_REQUESTS_MAX, ADDRESS_WINDOW_MS);
  /** One entry an endpoint that this program calls: about a dozen. */
  private readonly endpoints = new Map<string, SendWindow>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** 0 when the request was taken into account and may be sent now, else how long to wait. */
  take(endpoint: string, purpose: Purpose): number {
    const nowMs = this.clock.nowMs();
    const window = this.windowOf(endpoint);
    const kept = purpose === "cancel" ? 0 : ADDRESS_KEPT_FOR_CANCELS;
    const waitMs = Math.max(window.waitMs(nowMs, 0), this.address.waitMs(nowMs, kept));
    if (waitMs > 0) return waitMs;
    window.take(nowMs);
    this.address.take(nowMs);
    return 0;
  }

  /** Takes the figures of a reply in. `offsetMs` is venue time minus ours. */
  learn(endpoint: string, headers: LimitHeaders, offsetMs: number): void {
    const window = this.windowOf(endpoint);
    const { limit, left, resetAtMs } = headers;
    if (limit >= 1 && limit <= LEARNED_MAX) window.limit = limit;
    if (left !== 0) return;
    const nowMs = this.clock.nowMs();
    const opensAtMs = resetAtMs - offsetMs;
    const isBelievable = opensAtMs > nowMs && opensAtMs - nowMs <= RESET_MS_MAX;
    if (isBelievable) window.closeUntil(opensAtMs);
  }

  /** The endpoint said "too many" although we did not think so: somebody shares the key. */
  refused(endpoint: string): void {
    this.windowOf(endpoint).closeUntil(this.clock.nowMs() + ENDPOINT_WINDOW_MS);
  }

  /** The venue shut this address out: nothing is sent for ten minutes. */
  banned(): void {
    this.address.closeUntil(this.clock.nowMs() + ADDRESS_BAN_MS);
  }

  /** Requests a second that an endpoint is believed to allow. */
  limitOf(endpoint: string): number {
    return this.windowOf(endpoint).limit;
  }

  private windowOf(endpoint: string): SendWindow {
    let window = this.endpoints.get(endpoint);
    if (window === undefined) {
      window = new SendWindow(ENDPOINT_REQUESTS_MAX, ENDPOINT_WINDOW_MS);
      this.endpoints.set(endpoint, window);
    }
    return window;
  }
}
