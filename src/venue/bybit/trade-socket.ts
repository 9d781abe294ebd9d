/**
 * The venue's order entry by socket (Bybit v5, "Websocket Trade"). A request that was handed to the
 * connection and not answered may have been carried out, so it ends as "unknown", never as a
 * repeat.
 */

import type { VenueOrderId } from "../../domain/units.ts";
import type { Counters } from "../common/counters.ts";
import { ManagedSocket, type SocketOptions } from "../common/socket.ts";
import type { RequestLimits } from "./budgets.ts";
import { batchOutcomesOf } from "./codec/batch-rows.ts";
import { decodeTradeReply, type TradeReply } from "./codec/control-frames.ts";
import type { BatchBody, Body } from "./codec/encode.ts";
import { numberOf } from "./codec/fields.ts";
import { retCodeOf, retText } from "./codec/ret-codes.ts";
import { RECV_WINDOW_MS, type RestResult, type VenueTime } from "./rest-client.ts";
import { authText, type Keys } from "./socket-auth.ts";

export type SingleOp = "order.create" | "order.amend" | "order.cancel";
type TradeOp = SingleOp | `${SingleOp}-batch`;

interface TradeSocketOptions extends Omit<SocketOptions, "name" | "onOpen" | "onText" | "onDown"> {
  readonly keys: Keys;
  readonly time: VenueTime;
  readonly limits: RequestLimits;
  readonly counters: Counters;
  readonly onFrame: ((socket: string, text: string) => void) | undefined;
}

/** What a request by socket came to; `order` is the venue's id when it named one. */
export type TradeResult =
  | { readonly kind: "ok"; readonly venueOrderId: VenueOrderId }
  | Exclude<RestResult, { kind: "ok" }>;

const NAME = "trade";
/**
 * How long an answer is waited for. Entries and amendments are then asked about; a cancel may be
 * repeated by another way, so that it need not wait.
 */
const ANSWER_WAIT_MS: Readonly<Record<TradeOp, number>> = {
  "order.create": 5_000,
  "order.amend": 5_000,
  "order.cancel": 500,
  "order.create-batch": 5_000,
  "order.amend-batch": 5_000,
  "order.cancel-batch": 500,
};
/** Nothing heard for so long after a request: what is urgent goes another way meanwhile. */
const SILENCE_MS = 300;
/** A second of orders at the highest rate the venue grants anybody. */
const PENDING_MAX = 128;
/** The path whose budget an operation uses, as REST names it. */
const PATHS: ReadonlyMap<string, string> = new Map([
  ["order.create", "/v5/order/create"],
  ["order.amend", "/v5/order/amend"],
  ["order.cancel", "/v5/order/cancel"],
  ["order.create-batch", "/v5/order/create-batch"],
  ["order.amend-batch", "/v5/order/amend-batch"],
  ["order.cancel-batch", "/v5/order/cancel-batch"],
]);
/** The server leaves: running requests finish, new ones need a new socket. */
const LEAVING = 10_019;
const ALREADY_AUTHENTICATED = 20_001;

interface Pending {
  /** Our clock. */
  readonly sentAtMs: number;
  readonly settle: (result: TradeResult, reply: TradeReply | null) => void;
  readonly cancelTimeout: () => void;
}

export class TradeSocket {
  readonly socket: ManagedSocket;
  private readonly options: TradeSocketOptions;
  private readonly pending = new Map<string, Pending>();
  private isReady = false;
  /** A request was followed by silence: half of a connection may be gone without a word. */
  private isSilent = false;
  private frames = 0;
  private readonly prefix: string;
  private requests = 0;

  constructor(options: TradeSocketOptions) {
    this.options = options;
    // Ids may never repeat over all sessions of the account, so they start with the time of the
    // start.
    this.prefix = options.clock.nowMs().toString(36);
    this.socket = new ManagedSocket({
      ...options,
      name: NAME,
      onOpen: () => this.socket.send(authText(options.keys, options.time, "auth")),
      onText: (text) => this.receive(text),
      onDown: (detail) => this.down(detail),
    });
  }

  /** Whether a request would be sent by this socket. */
  get ready(): boolean {
    return this.isReady && !this.isSilent && this.socket.up && this.pending.size < PENDING_MAX;
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    this.down("the adapter is stopped");
    this.socket.stop();
  }

  /** Null when the request was not sent: nothing has happened and another way may be used. */
  request(op: SingleOp, body: Body): Promise<TradeResult> | null {
    const { promise, resolve } = Promise.withResolvers<TradeResult>();
    return this.send(op, { body, count: 1 }, resolve) ? promise : null;
  }

  /** The same for several orders at once: the outcome of each, by its place. */
  requestBatch(op: SingleOp, body: BatchBody): Promise<(at: number) => TradeResult> | null {
    const { promise, resolve } = Promise.withResolvers<(at: number) => TradeResult>();
    const count = body.request.length;
    const isSent = this.send(`${op}-batch`, { body, count }, (result, reply) => {
      const { data = {}, ext = {} } = reply?.batch ?? {};
      resolve(result.kind === "ok" ? batchOutcomesOf(data, ext, count) : () => result);
    });
    return isSent ? promise : null;
  }

  private send(
    op: TradeOp,
    { body, count }: { readonly body: Body | BatchBody; readonly count: number },
    settle: Pending["settle"],
  ): boolean {
    if (!this.ready) return false;
    const { time, limits, waits } = this.options;
    if (limits.takeBySocket(PATHS.get(op) ?? op, count) > 0) return false;
    const reqId = `${this.prefix}-${(++this.requests).toString(36)}`;
    const header = {
      "X-BAPI-TIMESTAMP": String(time.venueNowMs),
      "X-BAPI-RECV-WINDOW": String(RECV_WINDOW_MS),
    };
    const waitMs = ANSWER_WAIT_MS[op];
    const expire = () =>
      this.settle(reqId, { kind: "unknown", text: `${op}: no answer within ${waitMs} ms` });
    const stopListening = this.listenFor(op);
    const cancelTimeout = waits.after(waitMs, expire);
    const sentAtMs = this.options.clock.nowMs();
    this.pending.set(reqId, { sentAtMs, settle, cancelTimeout });
    if (this.socket.send(JSON.stringify({ reqId, header, op, args: [body] }))) return true;
    stopListening();
    cancelTimeout();
    this.pending.delete(reqId);
    return false;
  }

  /** Gives the socket up for new requests when nothing at all is heard after one. */
  private listenFor(op: TradeOp): () => void {
    const { frames } = this;
    return this.options.waits.after(SILENCE_MS, () => {
      if (this.frames !== frames || this.isSilent) return;
      this.isSilent = true;
      const text = `nothing heard for ${SILENCE_MS} ms after ${op}; orders go by REST meanwhile`;
      this.options.log.warn("the trade socket is silent", { text });
    });
  }

  private receive(text: string): void {
    this.frames++;
    this.isSilent = false;
    this.options.onFrame?.(NAME, text);
    const reply = decodeTradeReply(text);
    if (reply === null) this.options.counters.add("trade_unknown");
    else if (reply.op === "auth") this.authenticated(reply);
    else if (reply.op !== "pong" && reply.op !== "ping") this.answered(reply);
  }

  private authenticated({ retCode, retMsg }: TradeReply): void {
    this.isReady = retCode === 0 || retCode === ALREADY_AUTHENTICATED;
    if (this.isReady) return;
    const text = retText(retCode, retMsg).replaceAll(this.options.keys.apiKey, "<key>");
    this.options.log.error("the venue refuses order entry by socket; orders go by REST", { text });
    void this.options.time.measureClock();
    this.socket.cut(`auth refused: ${text}`);
  }

  private answered(reply: TradeReply): void {
    const { limits, time } = this.options;
    const path = PATHS.get(reply.op);
    if (path !== undefined) {
      const limit = numberOf(reply.header, "X-Bapi-Limit");
      const left = numberOf(reply.header, "X-Bapi-Limit-Status");
      const resetAtMs = numberOf(reply.header, "X-Bapi-Limit-Reset-Timestamp");
      limits.learn(path, { limit, left, resetAtMs }, time.offsetMs);
    }
    if (reply.retCode === LEAVING) this.isReady = false;
    const { class: retClass } = retCodeOf(reply.retCode);
    if (retClass === "clock") this.correctClock(reply);
    this.settle(
      reply.reqId,
      reply.retCode === 0
        ? { kind: "ok", venueOrderId: reply.venueOrderId }
        : {
            kind: "refused",
            code: reply.retCode,
            retClass,
            text: retText(reply.retCode, reply.retMsg),
          },
      reply,
    );
    if (reply.retCode === LEAVING && this.pending.size === 0) this.socket.cut("the server leaves");
  }

  /** REST may be shut, so that the refusal itself has to say what time it is there. */
  private correctClock({ reqId, header }: TradeReply): void {
    const { time } = this.options;
    const sentAtMs = this.pending.get(reqId)?.sentAtMs;
    const venueAtMs = numberOf(header, "Timenow");
    if (sentAtMs !== undefined && venueAtMs > 0) time.correctClock(sentAtMs, venueAtMs);
    void time.measureClock();
  }

  private settle(reqId: string, result: TradeResult, reply: TradeReply | null = null): void {
    const pending = this.pending.get(reqId);
    if (pending === undefined) return;
    this.pending.delete(reqId);
    pending.cancelTimeout();
    pending.settle(result, reply);
  }

  private down(detail: string): void {
    this.isReady = false;
    this.isSilent = false;
    for (const reqId of [...this.pending.keys()]) {
      this.settle(reqId, { kind: "unknown", text: `the trade socket went down: ${detail}` });
    }
  }
}
