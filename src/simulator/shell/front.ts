/**
 * The venue's front without a transport: what happens to requests, frames and connections.
 *
 * The loopback server and the in-process shell both stand before it, so that faults, limits,
 * publish rates and closes are the same in both. It is synchronous; what must happen later goes
 * through `ShellTime`: the host's clock in one shell, a virtual one in the other. Private events
 * leave right after the request that caused them, public ones with the next step.
 */

import { prngOf } from "../../kernel/prng.ts";
import { failure, type Result, success } from "../../kernel/result.ts";
import { type SimAccountKeys, SimVenue } from "../world/world.ts";
import { handleAdmin } from "./admin.ts";
import { DisconnectCancel } from "./disconnect-cancel.ts";
import { Faults, FrameFaults } from "./faults.ts";
import { fillPartly } from "./partial-fill.ts";
import { type RateLimitOptions, RateLimits } from "./rate-limits.ts";
import { barsAhead } from "./rest/kline-routes.ts";
import { type HttpRequest, handleRest, json } from "./rest/request-router.ts";
import { withRowFault } from "./row-fault.ts";
import { PublicHub } from "./stream/hub.ts";
import { type DelayLine, Peer, type PeerKind, type Wire } from "./stream/peer.ts";
import { PrivateHub } from "./stream/private-stream.ts";
import { onPublicFrame } from "./stream/public-stream.ts";
import { TradeDesk } from "./stream/trade-stream.ts";
import { type HttpReply, refuse } from "./wire/reply.ts";

/** Sockets of all kinds; more is a client that leaks them. */
const PEERS_MAX = 200;
const IDLE_MS = 600_000;
/** A public socket that never subscribes is closed after about a minute. */
const SILENT_PUBLIC_MS = 61_000;
const SWEEP_MS = 5_000;

const SOCKET_PATHS: Readonly<Record<string, PeerKind>> = {
  "/v5/public/linear": "linear",
  "/v5/public/spot": "spot",
  "/v5/private": "private",
  "/v5/trade": "trade",
};

const PATHS_BY_KIND = new Map(Object.entries(SOCKET_PATHS).map(([path, kind]) => [kind, path]));

/** Time as a shell gives it. */
interface ShellTime {
  /** Milliseconds since the epoch, whole, never backwards. */
  nowMs(): number;
  after(delayMs: number, callback: () => void): void;
  /** Calls back when the running request has been answered. */
  soon(callback: () => void): void;
}

export interface FrontOptions {
  readonly seed: string;
  /** Contracts that trade from the start, 1…800. */
  readonly symbols: number;
  readonly accounts: readonly SimAccountKeys[];
  /** Contracts that are listed instead of the seed's own. */
  readonly listings?: SimVenue["listings"];
  readonly rateLimits?: RateLimitOptions;
  /** Least and most milliseconds before a reply or a topic's first frame leaves; 2 to 5. */
  readonly delayMs?: readonly [least: number, most: number];
}

/** What a client in the same city sees of the venue itself, its network apart. */
const DELAY_MS_DEFAULT = [2, 5] as const;
/** More is the fault kind "slow_ack". */
const DELAY_MS_MAX = 1_000;

export interface SimulatorStats {
  readonly seed: string;
  readonly symbols: number;
  readonly clients: number;
  readonly topics: number;
  /** Frames sent to sockets since the start, and in the last second. */
  readonly framesSent: number;
  readonly framesPerSecond: number;
  readonly requests: number;
  readonly events: number;
  readonly upMs: number;
  readonly faults: number;
}

/** A socket that somebody wants to open. */
interface Knock {
  readonly path: string;
  /** With its `?`, or empty. */
  readonly search: string;
  readonly address: string;
}

/** What an admitted socket is opened with. */
/** The HTTP answer to a socket that is not let in. */
interface SocketRefusal {
  readonly status: number;
  readonly text: string;
}

export interface SocketTerms {
  readonly kind: PeerKind;
  readonly address: string;
  readonly idleMsMax: number;
}

export class VenueFront {
  readonly venue: SimVenue;
  readonly faults: Faults;
  private readonly options: FrontOptions;
  private readonly time: ShellTime;
  private readonly limits: RateLimits;
  private readonly publicHub: PublicHub;
  private readonly privateHub: PrivateHub;
  private readonly disconnects: DisconnectCancel;
  private readonly desk: TradeDesk;
  private readonly line: DelayLine;
  private readonly peers = new Set<Peer>();
  private flushScheduled = false;
  private nextConn = 1;
  private framesSent = 0;
  private framesPerSecond = 0;
  private countedAtMs = 0;
  private countedFrames = 0;
  private sweptAtMs = 0;
  private requests = 0;

  constructor(options: FrontOptions, time: ShellTime) {
    this.options = options;
    this.time = time;
    this.faults = new Faults(prngOf(`${options.seed}/faults`));
    this.line = delayLine(options, time);
    this.limits = new RateLimits(options.rateLimits);
    this.venue = new SimVenue({ ...options, startAtMs: time.nowMs() });
    this.publicHub = new PublicHub(this.venue);
    this.privateHub = new PrivateHub(this.venue);
    this.disconnects = new DisconnectCancel(this.venue);
    this.desk = new TradeDesk(this.venue, this.limits, (op) => {
      const fault = this.faults.strike(["ret_code"], { path: `/v5/trade/${op}` });
      return fault === null ? null : refusalOf(fault.code ?? 10016);
    });
  }

  stats(): SimulatorStats {
    return {
      seed: this.venue.seed,
      symbols: this.options.symbols,
      clients: this.peers.size,
      topics: this.publicHub.size,
      framesSent: this.framesSent,
      framesPerSecond: this.framesPerSecond,
      requests: this.requests,
      events: this.venue.market.events,
      upMs: this.time.nowMs() - this.venue.startAtMs,
      faults: this.faults.all().length,
    };
  }

  /** Moves the market to now and publishes what is due. */
  step(): void {
    const nowMs = this.time.nowMs();
    this.venue.advance(nowMs);
    this.publicHub.tick(nowMs);
    for (const peer of this.peers) this.framesSent += peer.flush();
    if (nowMs - this.countedAtMs >= 1_000) {
      this.framesPerSecond = this.framesSent - this.countedFrames;
      this.countedFrames = this.framesSent;
      this.countedAtMs = nowMs;
      this.disconnects.sweep(this.peers, nowMs);
    }
    if (nowMs - this.sweptAtMs >= SWEEP_MS) this.sweep(nowMs);
  }

  /** The long part of a request's work in steps, for a server that has others to serve. */
  ahead(call: Pick<HttpRequest, "path" | "rawQuery">): Generator<void> {
    return barsAhead(this.venue, call, this.toldNow());
  }

  /** Answers a REST request, at once or as late as a fault says. */
  answer(call: HttpRequest, reply: (answer: HttpReply) => void): void {
    this.requests++;
    const { faults, time } = this;
    const filter = { path: call.path };
    const nowMs = this.toldNow();
    this.venue.touch(time.nowMs());
    const refusal = this.refusalOf(filter, nowMs);
    if (refusal !== null) {
      reply(refusal);
      return;
    }
    const row = faults.strike(["row"], filter);
    const said = handleRest(this.venue, this.limits, call, nowMs);
    const answer = row === null ? said : { ...said, body: withRowFault(said.body, row) };
    this.flushSoon();
    const slow = faults.strike(["slow_ack"], filter);
    const lost = faults.strike(["timeout_after_accept"], filter);
    const ownMs = this.line.sampleMs();
    this.privateHub.hold(ownMs);
    const delayMs = ownMs + (slow?.delayMs ?? 0) + (lost?.delayMs ?? 0);
    const send = (): void => {
      const timedOut = refuse(10000, "Server Timeout");
      reply(lost === null ? answer : json(200, timedOut, this.toldNow()));
    };
    if (delayMs <= 0) send();
    else time.after(delayMs, send);
  }

  /** Answers an admin request; `path` begins with "/sim/". */
  admin(method: string, path: string, body: string): HttpReply {
    this.requests++;
    const { faults, venue } = this;
    const desk = { faults, venue, status: () => this.stats() };
    const reply = handleAdmin({ method, path, body }, desk);
    if (method === "POST") this.strikeNow();
    return reply;
  }

  /** Faults that act on what is there now: open sockets and resting orders. */
  strikeNow(): void {
    this.venue.touch(this.time.nowMs());
    for (const peer of this.peers) {
      const path = PATHS_BY_KIND.get(peer.kind) ?? "";
      if (this.faults.strike(["half_open"], { path })) peer.halfOpen = true;
      else if (this.faults.strike(["disconnect"], { path })) peer.terminate();
    }
    if (this.faults.strike(["partial_fill"], {}) !== null) fillPartly(this.venue);
    if (this.faults.strike(["adl"], {}) !== null) this.venue.core.deleverage();
    this.restartBooks();
    this.faults.endMomentary();
    this.flushSoon();
  }

  /** Its topic filter names books, so it is looked for by kind and struck by its own filter. */
  private restartBooks(): void {
    const fault = this.faults.all().find(({ kind }) => kind === "book_restart");
    const topic = fault?.topic ?? "";
    if (fault === undefined || this.faults.strike(["book_restart"], { topic }) === null) return;
    this.publicHub.restartBooks(topic, this.time.nowMs());
  }

  isSocketPath(path: string): boolean {
    return SOCKET_PATHS[path] !== undefined;
  }

  /** The terms of a new socket, or the HTTP refusal of it. */
  admit({ path, search, address }: Knock): Result<SocketTerms, SocketRefusal> {
    this.requests++;
    const kind = SOCKET_PATHS[path];
    if (kind === undefined) return failure({ status: 404, text: "no socket here" });
    if (this.faults.strike(["refuse_connect", "maintenance"], { path })) {
      return failure({ status: 503, text: "maintenance" });
    }
    if (!this.limits.connectAllows(address, this.time.nowMs())) {
      return failure({ status: 403, text: "too many connections" });
    }
    if (this.peers.size >= PEERS_MAX) return failure({ status: 403, text: "too many sockets" });
    return success({ kind, address, idleMsMax: idleOf(search) });
  }

  /** A connection stands. */
  open(terms: SocketTerms, wire: Wire): Peer {
    const peer = new Peer({
      ...terms,
      connId: `sim${this.venue.startAtMs.toString(36)}-${(this.nextConn++).toString(36)}`,
      nowMs: this.time.nowMs(),
      faults: new FrameFaults(this.faults, (delayMs, callback) =>
        this.time.after(delayMs, callback),
      ),
      wire,
      line: this.line,
    });
    this.peers.add(peer);
    if (peer.kind === "private") this.privateHub.join(peer);
    return peer;
  }

  /** A client's frame arrived. */
  hear(peer: Peer, text: string): void {
    if (peer.halfOpen || peer.isEnding) return;
    const nowMs = this.time.nowMs();
    const toldMs = nowMs + this.faults.skewMs;
    this.venue.touch(nowMs);
    peer.heardAtMs = nowMs;
    if (peer.kind === "private") this.privateHub.onFrame(peer, text, toldMs);
    else if (peer.kind === "trade") {
      this.desk.onFrame(peer, text, toldMs, (frame, op) => this.deliver(peer, frame, op));
      this.flushSoon();
    } else onPublicFrame(this.publicHub, peer, text, nowMs);
  }

  /** A connection is gone. */
  left(peer: Peer): void {
    peer.closed = true;
    this.peers.delete(peer);
    this.privateHub.leave(peer);
    if (peer.kind === "private" || peer.kind === "trade") return;
    for (const topic of peer.topics) this.publicHub.unsubscribe(peer, topic);
  }

  closeAll(code: number, reason: string): void {
    for (const peer of [...this.peers]) peer.close(code, reason);
  }

  /** What the venue says the time is: the clock plus the skew fault. The market knows no skew. */
  private toldNow(): number {
    return this.time.nowMs() + this.faults.skewMs;
  }

  private refusalOf(filter: { path: string }, nowMs: number): HttpReply | null {
    const { faults } = this;
    if (faults.has(["maintenance"]) && faults.strike(["maintenance"], filter)) {
      return { status: 503, body: "<html>maintenance</html>", headers: {} };
    }
    const failure = faults.strike(["http_error"], filter);
    if (failure !== null) {
      return { status: failure.status ?? 502, body: "Bad Gateway", headers: {} };
    }
    const code = faults.strike(["ret_code"], filter);
    return code === null ? null : json(200, refusalOf(code.code ?? 10016), nowMs);
  }

  /** Tells the accounts' events after the reply that caused them has left. */
  private flushSoon(): void {
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    this.time.soon(() => {
      this.flushScheduled = false;
      this.venue.flush();
    });
  }

  private sweep(nowMs: number): void {
    this.sweptAtMs = nowMs;
    const unable = this.faults.strike(["disconnect"], {});
    for (const peer of [...this.peers]) {
      const quietMs = nowMs - peer.heardAtMs;
      const isPublic = peer.kind === "linear" || peer.kind === "spot";
      const allowedMs = isPublic
        ? peer.topics.size === 0
          ? SILENT_PUBLIC_MS
          : Number.POSITIVE_INFINITY
        : peer.idleMsMax;
      if (unable !== null || quietMs > allowedMs) peer.terminate();
    }
  }

  /** Sends a trade reply, late or never when a fault says so. */
  private deliver(peer: Peer, frame: string, op: string): void {
    const filter = { path: `/v5/trade/${op}` };
    if (this.faults.strike(["timeout_after_accept"], filter) !== null) return;
    const slow = this.faults.strike(["slow_ack"], filter);
    if (slow !== null) {
      this.time.after(slow.delayMs, () => peer.reply(frame));
      return;
    }
    peer.reply(frame);
    this.privateHub.hold(peer.waitMs());
  }
}

/** Delays are drawn from the seed, so that a virtual clock sees the same ones again. */
function delayLine({ seed, delayMs }: FrontOptions, time: ShellTime): DelayLine {
  const [least, most] = delayMs ?? DELAY_MS_DEFAULT;
  if (!(least >= 0 && most >= least && most <= DELAY_MS_MAX)) {
    const wanted = `least and most between 0 and ${DELAY_MS_MAX}`;
    throw new RangeError(`cannot delay by ${least} to ${most} ms: wanted ${wanted}`);
  }
  const prng = prngOf(`${seed}/delay`);
  return {
    nowMs: () => time.nowMs(),
    sampleMs: () => (most === 0 ? 0 : least + (most - least) * prng.next()),
    after: (ms, callback) => time.after(Math.ceil(ms), callback),
  };
}

function refusalOf(code: number) {
  const texts: Readonly<Record<number, string>> = {
    10006: "Too many visits. Exceeded the API Rate Limit.",
    10016: "Internal server error.",
  };
  return refuse(code, texts[code] ?? "simulated refusal");
}

/** `?max_active_time=30s` up to 600 s on private and trade sockets. */
function idleOf(search: string): number {
  const match = /^(\d+)(s|m)$/.exec(new URLSearchParams(search).get("max_active_time") ?? "");
  if (match === null) return IDLE_MS;
  const asked = Number(match[1]) * (match[2] === "m" ? 60_000 : 1_000);
  return Math.min(IDLE_MS, Math.max(30_000, asked));
}
