/**
 * Request budgets: what the venue allows an account and an address to send, kept on our side so
 * that it never has to refuse.
 *
 * Each endpoint has a sliding window of one second whose size is learned from the X-Bapi-Limit
 * header. All REST requests together have the address window of 600 in 5 s (Bybit v5, "Rate
 * Limit"); it counts HTTP alone, so what goes by a socket takes nothing from it. The last of the
 * address window is kept for cancels, the part before for orders that only reduce, and reads stay
 * below half: a question may never be what shuts this address out.
 *
 * While the venue shuts the address out, or one endpoint, nothing goes by REST, but one way out
 * each ten seconds: it may be that only we think so, and a ban never closes the way out.
 */
import type { Clock } from "../../runtime/ports/clock.ts";
import type { ConnectLimit } from "../common/socket.ts";

/**
 * "reduce": an order that only reduces, or the stop behind a position. "probe": the smallest
 * question there is, which finds out whether anything is answered. "chart": what only people look
 * at, behind everything else.
 */
export type Purpose = "cancel" | "reduce" | "order" | "read" | "probe" | "chart";

/**
 * Until a header says otherwise: the smallest figure that the venue documents for a trading call.
 */
const ENDPOINT_REQUESTS_MAX = 10;
const ENDPOINT_WINDOW_MS = 1_000;
/** The venue allows 600 in 5 s and answers the 601st with a ban of ten minutes. */
const ADDRESS_REQUESTS_MAX = 500;
const ADDRESS_WINDOW_MS = 5_000;
/** Of the address window: what must stay free when a request of this purpose is sent. */
const ADDRESS_KEPT: Readonly<Record<Purpose, number>> = {
  cancel: 0,
  reduce: 50,
  order: 100,
  read: 250,
  probe: 250,
  chart: 400,
};
/** The same of one endpoint: a chart leaves half of it to whoever else reads there. */
const ENDPOINT_KEPT_SHARE: Readonly<Partial<Record<Purpose, number>>> = { chart: 0.5 };
/** Header figures outside of this are not believed. */
const LEARNED_MAX = 1_000;
/** A reset time further away than this is not believed. */
const RESET_MS_MAX = 5_000;
export const ADDRESS_BAN_MS = 600_000;
/**
 * How often each purpose may try a door that is shut. Ways out take risk away and add none; the
 * question finds a ban that was only a proxy's. None is a burden that would lengthen a real one.
 */
const PROBE_EVERY_MS: Readonly<Partial<Record<Purpose, number>>> = {
  cancel: 10_000,
  reduce: 10_000,
  probe: 60_000,
};
/** The venue allows 500 connections in 5 minutes (Bybit v5, "Connect"); this stays far below. */
export const CONNECT_LIMIT: ConnectLimit = { connectsMax: 400, windowMs: 300_000 };

/** The last sends within a window, oldest first: at most `limit` of them. Times are monotonic. */
class SendWindow {
  limit: number;
  private readonly windowMs: number;
  private sentAtMs: number[] = [];
  private closedUntilMs = Number.NEGATIVE_INFINITY;

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

  /** How many may be sent now. */
  room(nowMs: number): number {
    if (this.waitMs(nowMs, 0) > 0) return 0;
    return Math.max(0, this.limit - this.sentAtMs.length);
  }

  closeUntil(atMs: number): void {
    this.closedUntilMs = Math.max(this.closedUntilMs, atMs);
  }
}

/** What the venue refuses at the door, before it reads it. Times are monotonic. */
class Door {
  /** When it was shut last. */
  shutAtMs = Number.NEGATIVE_INFINITY;
  private untilMs = Number.NEGATIVE_INFINITY;

  shutMs(nowMs: number): number {
    return Math.max(0, this.untilMs - nowMs);
  }

  shut(nowMs: number, forMs: number): void {
    this.shutAtMs = nowMs;
    this.untilMs = Math.max(this.untilMs, nowMs + forMs);
  }

  open(): void {
    this.untilMs = Number.NEGATIVE_INFINITY;
  }
}

/** One endpoint that this program calls. */
interface Endpoint {
  readonly window: SendWindow;
  readonly door: Door;
  /** The last way out that tried a door that was shut. */
  probedAtMs: number;
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
  private readonly addressDoor = new Door();
  /** One entry an endpoint that this program calls: about a dozen. */
  private readonly endpoints = new Map<string, Endpoint>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** For REST: 0 when the request was counted and may be sent now, else how long to wait. */
  take(path: string, purpose: Purpose): number {
    const nowMs = this.clock.monotonicMs();
    const endpoint = this.endpointOf(path);
    const shutMs = this.shutMs(path);
    const everyMs = shutMs > 0 ? PROBE_EVERY_MS[purpose] : undefined;
    const isProbe = everyMs !== undefined;
    const sinceMs = nowMs - Math.max(endpoint.probedAtMs, this.patienceFrom(purpose));
    const doorWaitMs = isProbe ? everyMs - sinceMs : shutMs;
    const waitMs = Math.max(
      endpoint.window.waitMs(
        nowMs,
        Math.floor(endpoint.window.limit * (ENDPOINT_KEPT_SHARE[purpose] ?? 0)),
      ),
      this.address.waitMs(nowMs, ADDRESS_KEPT[purpose]),
      doorWaitMs,
    );
    if (waitMs > 0) return waitMs;
    if (isProbe) endpoint.probedAtMs = nowMs;
    endpoint.window.take(nowMs);
    this.address.take(nowMs);
    return 0;
  }

  /** Whether a request of this purpose would leave now, without waiting. */
  isOpen(path: string, purpose: Purpose): boolean {
    const nowMs = this.clock.monotonicMs();
    if (this.shutMs(path) > 0) return false;
    const endpointMs = this.endpointOf(path).window.waitMs(nowMs, 0);
    return Math.max(endpointMs, this.address.waitMs(nowMs, ADDRESS_KEPT[purpose])) === 0;
  }

  /** A way out may try at once, a mere question not before its time is over. */
  private patienceFrom(purpose: Purpose): number {
    return purpose === "probe" ? this.addressDoor.shutAtMs : Number.NEGATIVE_INFINITY;
  }

  /**
   * The same for what goes by socket: it knows no address and no shut door. A batch costs one for
   * each order inside.
   */
  takeBySocket(path: string, count = 1): number {
    const nowMs = this.clock.monotonicMs();
    const { window } = this.endpointOf(path);
    const waitMs = window.waitMs(nowMs, 0);
    for (let at = 0; waitMs === 0 && at < count; at++) window.take(nowMs);
    return waitMs;
  }

  /** How many may be sent to an endpoint by socket now. */
  roomBySocket(path: string): number {
    return this.endpointOf(path).window.room(this.clock.monotonicMs());
  }

  /** The same by REST; none while the endpoint is shut, which ways out try one by one. */
  room(path: string): number {
    return this.shutMs(path) > 0 ? 0 : this.roomBySocket(path);
  }

  /** Counts the orders of a batch by REST beyond the one that its request took. */
  takeMore(path: string, count: number): void {
    const nowMs = this.clock.monotonicMs();
    for (let at = 0; at < count; at++) this.endpointOf(path).window.take(nowMs);
  }

  /** Takes the figures of a reply in. `offsetMs` is venue time minus ours. */
  learn(path: string, headers: LimitHeaders, offsetMs: number): void {
    const { window } = this.endpointOf(path);
    const { limit, left, resetAtMs } = headers;
    if (limit >= 1 && limit <= LEARNED_MAX) window.limit = limit;
    if (left !== 0) return;
    const opensInMs = resetAtMs - offsetMs - this.clock.nowMs();
    const isBelievable = opensInMs > 0 && opensInMs <= RESET_MS_MAX;
    if (isBelievable) window.closeUntil(this.clock.monotonicMs() + opensInMs);
  }

  /** The endpoint said "too many" although we did not think so: somebody shares the key. */
  refused(path: string): void {
    this.endpointOf(path).window.closeUntil(this.clock.monotonicMs() + ENDPOINT_WINDOW_MS);
  }

  /** The venue refuses this endpoint at the door: it alone is left alone for a while. */
  shut(path: string, forMs: number): void {
    this.endpointOf(path).door.shut(this.clock.monotonicMs(), forMs);
  }

  /** The venue shut this address out: REST is closed, but for one way out now and then. */
  banned(forMs: number): void {
    this.addressDoor.shut(this.clock.monotonicMs(), forMs);
  }

  /** An answer came to what was sent at `sentAtMs` (monotonic): a ban from before is over. */
  answered(sentAtMs: number): void {
    if (sentAtMs > this.addressDoor.shutAtMs) this.addressDoor.open();
  }

  /** What is left of the ban of this address, 0 when there is none. */
  get bannedMs(): number {
    return this.addressDoor.shutMs(this.clock.monotonicMs());
  }

  /** For how long nothing may be sent to this endpoint but the ways out. */
  shutMs(path: string): number {
    return Math.max(this.bannedMs, this.endpointOf(path).door.shutMs(this.clock.monotonicMs()));
  }

  /** Requests a second that an endpoint is believed to allow. */
  limitOf(path: string): number {
    return this.endpointOf(path).window.limit;
  }

  private endpointOf(path: string): Endpoint {
    let endpoint = this.endpoints.get(path);
    if (endpoint === undefined) {
      const window = new SendWindow(ENDPOINT_REQUESTS_MAX, ENDPOINT_WINDOW_MS);
      endpoint = { window, door: new Door(), probedAtMs: Number.NEGATIVE_INFINITY };
      this.endpoints.set(path, endpoint);
    }
    return endpoint;
  }
}
