/**
 * The REST client: signs, sends within the budgets, and says what became of every request in one of
 * four ways. A request is only repeated where a repeat cannot do harm: reads and cancels.
 */
import type { Prng } from "../../kernel/prng.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import { boundedText } from "../common/bounded-text.ts";
import { repeat } from "../common/repeat.ts";
import { VenueClock } from "../common/venue-clock.ts";
import type { Waits } from "../common/waits.ts";
import { ADDRESS_BAN_MS, type LimitHeaders, type Purpose, type RequestLimits } from "./budgets.ts";
import { decodeEnvelope, decodeServerTime, type Envelope } from "./codec/decode-rest.ts";
import { type BatchBody, type Body, CATEGORY, queryText } from "./codec/encode.ts";
import { ADDRESS_CODES, type RetClass, retCodeOf, retText } from "./codec/ret-codes.ts";
import { signRest } from "./codec/sign.ts";

/** The venue's longest answer, a page of contracts, has 1.5 MB. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

export type RestResult =
  | { readonly kind: "ok"; readonly envelope: Envelope }
  /** The venue read the request and said no. */
  | {
      readonly kind: "refused";
      readonly code: number;
      readonly retClass: RetClass;
      readonly text: string;
    }
  /** It never left this process. */
  | { readonly kind: "failed"; readonly text: string }
  /** It was sent and no usable answer came: it may have been carried out. */
  | { readonly kind: "unknown"; readonly text: string };

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface RestOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly waits: Waits;
  readonly limits: RequestLimits;
  readonly prng: Prng;
  /** Without a path and without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The global one when it is left out. */
  readonly fetch?: Fetch | undefined;
  /**
   * Called when REST starts or stops answering, and when the venue shuts this address out:
   * `bannedUntilMs` is our clock, 0 when it does not.
   */
  readonly onHealth: (up: boolean, detail: string, bannedUntilMs: number) => void;
}

export interface RestRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Body | BatchBody;
  readonly signed: boolean;
  readonly purpose: Purpose;
  /** How often it may be sent again: 0 where a repeat could do harm. */
  readonly retries: number;
  /** Longest wait for the budget where that of its purpose is too short. */
  readonly waitMs?: number;
}

/** The venue's default window, sent explicitly since it is part of the signature. */
export const RECV_WINDOW_MS = 5_000;
/** Longer than any healthy answer; an order that old is asked about instead. */
const TIMEOUT_MS = 5_000;
/** Longest wait for the budget; an order is stale after a fraction of that. */
const BUDGET_WAIT_MS: Readonly<Record<Purpose, number>> = {
  cancel: 10_000,
  reduce: 300,
  probe: 10_000,
  order: 300,
  read: 10_000,
  chart: 0,
};
/** A read that is refused at the door, when the venue answers others, is left alone for this. */
const READ_SHUT_MS = 60_000;
/** Of an endpoint that trades: soon again, since nothing else does its work. */
const TRADE_SHUT_MS = 5_000;
/** "Rate limit of this address" without a ban: twice the venue's window of 5 s. */
const ADDRESS_PAUSE_MS = 10_000;
const FORBIDDEN = 403;
const TIME_PATH = "/v5/market/time";
/** Asked when the question for the time itself was refused at the door. */
const OTHER_PATH = "/v5/market/tickers";
const RETRY_BACK_OFF = { firstMs: 200, capMs: 5_000 };
/** A way out is tried again as soon as a gateway that stumbled can answer. */
const CANCEL_BACK_OFF = { firstMs: 50, capMs: 5_000 };
/** Errors of a connection that was never made. */
const NEVER_CONNECTED: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);
/** Codes after which the same request may be sent again, if a repeat is safe at all. */
const REPEATABLE: ReadonlySet<RetClass> = new Set(["retry", "rate_limited", "clock", "unknown"]);

/** Whether another try would change nothing. */
function isFinal(result: RestResult): boolean {
  if (result.kind === "refused") return !REPEATABLE.has(result.retClass);
  return result.kind === "ok";
}

/** The right to send. */
export interface RestCaller {
  /** Sends, and sends again where that is allowed. Never rejects. */
  call(request: RestRequest): Promise<RestResult>;
}

/** The venue's time, without the right to send anything else. */
export interface VenueTime {
  /** Venue time as well as we know it. */
  readonly venueNowMs: number;
  /** Venue time minus ours. */
  readonly offsetMs: number;
  /** Measures the venue's clock; several callers share one measurement. */
  measureClock(): Promise<void>;
  /**
   * Takes the time that an answer of the venue carries, of a request sent at `sentAtMs` by our
   * clock. The venue refused the stamp made from what was known: that is forgotten.
   */
  correctClock(sentAtMs: number, venueAtMs: number): void;
}

export class RestClient implements RestCaller, VenueTime {
  private readonly venueClock = new VenueClock();
  lastOkAtMs: number | null = null;
  up = false;
  detail = "no answer yet";
  private readonly options: RestOptions;
  private measuring: Promise<void> | null = null;
  private bannedUntilMs = 0;
  private isCheckingDoor = false;

  constructor(options: RestOptions) {
    this.options = options;
  }

  get venueNowMs(): number {
    return this.options.clock.nowMs() + this.venueClock.offsetMs;
  }

  get offsetMs(): number {
    return this.venueClock.offsetMs;
  }

  async call(request: RestRequest): Promise<RestResult> {
    const { waits, prng } = this.options;
    try {
      return await repeat({
        waits,
        prng,
        backOff: request.purpose === "cancel" ? CANCEL_BACK_OFF : RETRY_BACK_OFF,
        retriesMax: request.retries,
        attempt: () => this.once(request),
        isGood: isFinal,
      });
    } catch (error) {
      return { kind: "failed", text: `${request.path}: ${textOfError(error)}` };
    }
  }

  measureClock(): Promise<void> {
    this.measuring ??= this.measureOnce().finally(() => {
      this.measuring = null;
    });
    return this.measuring;
  }

  correctClock(sentAtMs: number, venueAtMs: number): void {
    this.venueClock.reset();
    this.venueClock.add(sentAtMs, this.options.clock.nowMs(), venueAtMs);
  }

  private async measureOnce(): Promise<void> {
    const { clock } = this.options;
    const sentAtMs = clock.nowMs();
    const request = { method: "GET", path: TIME_PATH, signed: false } as const;
    const result = await this.call({ ...request, purpose: "probe", retries: 0 });
    if (result.kind !== "ok") return;
    this.venueClock.add(sentAtMs, clock.nowMs(), decodeServerTime(result.envelope));
  }

  private async once(request: RestRequest): Promise<RestResult> {
    const { limits, waits, clock } = this.options;
    const { purpose, waitMs: waitMsMax = BUDGET_WAIT_MS[purpose] } = request;
    const deadlineMs = clock.monotonicMs() + waitMsMax;
    for (;;) {
      if (waits.stopped) return { kind: "failed", text: `${request.path}: the adapter is stopped` };
      const waitMs = limits.take(request.path, request.purpose);
      if (waitMs === 0) break;
      // A shut door is not waited for: the caller has better ways, or none.
      if (limits.shutMs(request.path) > 0 || clock.monotonicMs() + waitMs > deadlineMs) {
        return {
          kind: "failed",
          text: `${request.path} was not sent: ${this.closedFor(request.path, waitMs)}`,
        };
      }
      await waits.pause(waitMs);
    }
    return this.exchange(request);
  }

  private closedFor(path: string, waitMs: number): string {
    const { limits } = this.options;
    if (limits.bannedMs > 0) return bannedText(this.bannedUntilMs);
    const shutMs = limits.shutMs(path);
    if (shutMs > 0) return `refused at the door, left alone for ${Math.ceil(shutMs)} ms more`;
    return `its rate limit is used up for ${Math.ceil(waitMs)} ms`;
  }

  private async exchange(request: RestRequest): Promise<RestResult> {
    const sentAtMs = this.options.clock.monotonicMs();
    const abort = new AbortController();
    const giveUp = () => abort.abort(new Error(`no answer within ${TIMEOUT_MS} ms`));
    const cancelTimeout = this.options.waits.after(TIMEOUT_MS, giveUp, giveUp);
    try {
      const { url, init } = this.requestOf(request);
      const { fetch: send = fetch } = this.options;
      const response = await send(url, { ...init, signal: abort.signal, redirect: "error" });
      const text = await boundedText(response, ANSWER_BYTES_MAX);
      this.options.limits.learn(request.path, limitsOf(response.headers), this.venueClock.offsetMs);
      return this.judge(request, { status: response.status, text, sentAtMs });
    } catch (error) {
      const text = `${request.method} ${request.path}: ${textOfError(error)}`;
      if (this.options.limits.bannedMs === 0) this.setHealth(false, text);
      const neverLeft = NEVER_CONNECTED.has(codeOf(error));
      return { kind: neverLeft ? "failed" : "unknown", text };
    } finally {
      cancelTimeout();
    }
  }

  private requestOf(request: RestRequest): { url: string; init: RequestInit } {
    const { baseUrl } = this.options;
    const query = queryText(request.query ?? {});
    const body = request.method === "POST" ? JSON.stringify(request.body ?? {}) : null;
    const url = `${baseUrl}${request.path}${query === "" ? "" : `?${query}`}`;
    const headers: Record<string, string> = request.signed ? this.authHeaders(body ?? query) : {};
    if (body === null) return { url, init: { method: "GET", headers } };
    headers["Content-Type"] = "application/json";
    return { url, init: { method: "POST", headers, body } };
  }

  private authHeaders(payload: string): Record<string, string> {
    const { apiKey, apiSecret } = this.options;
    const timestampMs = this.venueNowMs;
    const recvWindowMs = RECV_WINDOW_MS;
    return {
      "X-BAPI-API-KEY": apiKey,
      "X-BAPI-TIMESTAMP": String(timestampMs),
      "X-BAPI-RECV-WINDOW": String(recvWindowMs),
      "X-BAPI-SIGN": signRest({ apiKey, apiSecret, timestampMs, recvWindowMs, payload }),
    };
  }

  private judge(
    request: RestRequest,
    answer: { readonly status: number; readonly text: string; readonly sentAtMs: number },
  ): RestResult {
    const { status, sentAtMs } = answer;
    const envelope = decodeEnvelope(answer.text);
    if (envelope === null || status >= 500 || status === 403) {
      return this.judgeStatus(request, status);
    }
    const isOfAddress = ADDRESS_CODES.has(envelope.retCode);
    if (!isOfAddress) this.options.limits.answered(sentAtMs);
    if (this.options.limits.bannedMs === 0) this.setHealth(true, "answering");
    if (envelope.retCode === 0) return { kind: "ok", envelope };
    const { retCode: code } = envelope;
    const { class: retClass } = retCodeOf(code);
    if (retClass === "clock") {
      this.venueClock.reset();
      void this.measureClock();
    }
    if (retClass === "rate_limited") this.options.limits.refused(request.path);
    if (isOfAddress) this.believeBan(ADDRESS_PAUSE_MS, retText(code, envelope.retMsg));
    return { kind: "refused", code, retClass, text: this.scrub(retText(code, envelope.retMsg)) };
  }

  /** An answer of a proxy, of the gateway, or of a dying server. */
  private judgeStatus(request: RestRequest, status: number): RestResult {
    const where = `${request.method} ${request.path}`;
    const text = `${where} was answered with HTTP ${status} and no usable body`;
    // One path that is refused says nothing of the others: they are asked first.
    if (status === FORBIDDEN) this.refusedAtTheDoor(request, text);
    else if (this.options.limits.bannedMs === 0) this.setHealth(false, text);
    const isRefused = status >= 400 && status < 500;
    if (!isRefused) return { kind: "unknown", text };
    const retClass = status === 429 ? "rate_limited" : "rejected";
    return { kind: "refused", code: status, retClass, text };
  }

  /**
   * HTTP 403 is how the venue bans an address (Bybit v5, "Rate Limit"), and also what a proxy or a
   * firewall says to one path. The path is left alone; all others only when a second one is
   * refused as well.
   */
  private refusedAtTheDoor({ path, purpose }: RestRequest, text: string): void {
    const { limits, log } = this.options;
    const isQuestion = purpose === "read" || purpose === "probe" || purpose === "chart";
    limits.shut(path, isQuestion ? READ_SHUT_MS : TRADE_SHUT_MS);
    if (this.isCheckingDoor || limits.bannedMs > 0) return;
    this.isCheckingDoor = true;
    log.warn("refused at the door: asking by another path before it is believed for all", { text });
    void this.checkDoor(path).finally(() => {
      this.isCheckingDoor = false;
    });
  }

  private async checkDoor(path: string): Promise<void> {
    const other =
      path === TIME_PATH
        ? { path: OTHER_PATH, query: { category: CATEGORY, symbol: "BTCUSDT" } }
        : { path: TIME_PATH };
    const request = { method: "GET", signed: false, purpose: "read", retries: 0 } as const;
    const result = await this.call({ ...request, ...other });
    const isRefused = result.kind === "refused" && result.code === FORBIDDEN;
    if (isRefused) this.believeBan(ADDRESS_BAN_MS, `${path} and ${other.path}: HTTP 403`);
  }

  private believeBan(forMs: number, why: string): void {
    const { limits, log, clock } = this.options;
    limits.banned(forMs);
    this.bannedUntilMs = clock.nowMs() + forMs;
    const text = bannedText(this.bannedUntilMs);
    log.error(`${text}; reads and entries wait, cancels and exits go by socket`, { why });
    this.up = false;
    this.detail = text;
    this.options.onHealth(false, text, this.bannedUntilMs);
  }

  private setHealth(up: boolean, detail: string): void {
    if (up) this.lastOkAtMs = this.options.clock.nowMs();
    const changed = up !== this.up || this.bannedUntilMs > 0;
    this.up = up;
    this.detail = detail;
    this.bannedUntilMs = 0;
    if (changed) this.options.onHealth(up, detail, 0);
  }

  /** The venue echoes what it signed in 10004: the key in it stays out of logs and pages. */
  private scrub(text: string): string {
    const { apiKey } = this.options;
    return apiKey === "" ? text : text.replaceAll(apiKey, "<key>");
  }
}

/** What everybody reads of a ban: the venue's word for it, and until when by our clock. */
function bannedText(untilMs: number): string {
  return `address banned until ${new Date(untilMs).toISOString().slice(11, 19)} UTC`;
}

/** The budget figures of a reply. */
function limitsOf(headers: Headers): LimitHeaders {
  const figure = (name: string): number => {
    const value = headers.get(name);
    return value === null || value === "" ? Number.NaN : Number(value);
  };
  return {
    limit: figure("X-Bapi-Limit"),
    left: figure("X-Bapi-Limit-Status"),
    resetAtMs: figure("X-Bapi-Limit-Reset-Timestamp"),
  };
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

function textOfError(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/ For more information.*$/, "")
    : String(error);
}
