/**
 * The loopback server: one port for REST, the four sockets and the admin routes.
 *
 * It owns the host's clock and the step timer; everything it calls is synchronous. Private events
 * leave right after the request that caused them, public ones with the next step.
 */
import type { Server, ServerWebSocket } from "bun";
import { prngOf } from "../../kernel/prng.ts";
import { handleAdmin } from "./admin.ts";
import { ShellClock } from "./clock.ts";
import { Faults, FrameFaults } from "./faults.ts";
import { PublicHub } from "./hub.ts";
import { type RateLimitOptions, RateLimits } from "./limits.ts";
import { fillPartly } from "./partial-fill.ts";
import { Peer, type PeerKind } from "./peer.ts";
import { type HttpReply, refuse } from "./reply.ts";
import { type HttpRequest, handleRest, json } from "./rest.ts";
import { PrivateHub } from "./socket-private.ts";
import { onPublicFrame } from "./socket-public.ts";
import { TradeDesk } from "./socket-trade.ts";
import { type SimAccountKeys, SimVenue } from "./venue.ts";

/** Fine enough for level-1 books, which the venue pushes every 10 ms. */
const STEP_MS = 10;
/** Sockets of all kinds; more is a client that leaks them. */
const PEERS_MAX = 200;
const FRAME_BYTES_MAX = 256 * 1024;
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

export interface SimulatorOptions {
  readonly seed: string;
  /** Contracts that trade from the start, 1…800. */
  readonly symbols: number;
  /** 0 takes a free port. */
  readonly port: number;
  /** Loopback unless the operator says otherwise. */
  readonly host: string;
  readonly accounts: readonly SimAccountKeys[];
  /** JSON file with a list of faults that hold from the start. */
  readonly faultsFile?: string;
  readonly rateLimits?: RateLimitOptions;
}

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

interface SocketData {
  readonly kind: PeerKind;
  readonly idleMsMax: number;
  readonly address: string;
  peer: Peer | null;
}

export class SimulatorServer {
  private readonly clock = new ShellClock();
  private readonly venue: SimVenue;
  private readonly faults: Faults;
  private readonly limits: RateLimits;
  private readonly publicHub: PublicHub;
  private readonly privateHub: PrivateHub;
  private readonly desk: TradeDesk;
  private readonly peers = new Set<Peer>();
  private readonly server: Server<SocketData>;
  private readonly timer: ReturnType<typeof setInterval>;
  private flushScheduled = false;
  private nextConn = 1;
  private framesSent = 0;
  private framesPerSecond = 0;
  private countedAtMs = 0;
  private countedFrames = 0;
  private sweptAtMs = 0;
  private requests = 0;
  private readonly options: SimulatorOptions;

  constructor(options: SimulatorOptions, faultList: readonly unknown[]) {
    this.options = options;
    this.faults = new Faults(prngOf(`${options.seed}/faults`));
    for (const fault of faultList) this.faults.add(fault);
    this.limits = new RateLimits(options.rateLimits);
    this.venue = new SimVenue({ ...options, startAtMs: this.clock.read() });
    this.publicHub = new PublicHub(this.venue);
    this.privateHub = new PrivateHub(this.venue);
    this.desk = new TradeDesk(this.venue, this.limits);
    this.server = this.listen();
    this.timer = setInterval(() => this.step(), STEP_MS);
  }

  get port(): number {
    return this.server.port ?? this.options.port;
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
      upMs: this.clock.read() - this.venue.startAtMs,
      faults: this.faults.all().length,
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const peer of this.peers) peer.close(1001, "the simulator stops");
    await this.server.stop(true);
  }

  /** What the venue says the time is: the clock plus the skew fault. The market knows no skew. */
  private toldNow(): number {
    return this.clock.read() + this.faults.skewMs;
  }

  private step(): void {
    const nowMs = this.clock.read();
    this.venue.advance(nowMs);
    this.publicHub.tick(nowMs);
    for (const peer of this.peers) this.framesSent += peer.flush();
    if (nowMs - this.countedAtMs >= 1_000) {
      this.framesPerSecond = this.framesSent - this.countedFrames;
      this.countedFrames = this.framesSent;
      this.countedAtMs = nowMs;
    }
    if (nowMs - this.sweptAtMs >= SWEEP_MS) this.sweep(nowMs);
  }

  /** Tells the accounts' events after the reply that caused them has left. */
  private flushSoon(): void {
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    setImmediate(() => {
      this.flushScheduled = false;
      this.venue.flush();
    });
  }

  private sweep(nowMs: number): void {
    this.sweptAtMs = nowMs;
    const unable = this.faults.strike(["disconnect"], {});
    for (const peer of this.peers) {
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

  private listen(): Server<SocketData> {
    return Bun.serve<SocketData>({
      hostname: this.options.host,
      port: this.options.port,
      idleTimeout: 120,
      fetch: (request, server) => this.fetch(request, server),
      websocket: {
        idleTimeout: 0,
        maxPayloadLength: FRAME_BYTES_MAX,
        backpressureLimit: 64 * 1024 * 1024,
        open: (socket) => this.open(socket),
        message: (socket, message) => this.message(socket, String(message)),
        close: (socket) => this.left(socket),
      },
    });
  }

  private async fetch(request: Request, server: Server<SocketData>): Promise<Response | undefined> {
    this.requests++;
    const { pathname, search } = new URL(request.url);
    const address = server.requestIP(request)?.address ?? "";
    const kind = SOCKET_PATHS[pathname];
    if (kind !== undefined) return this.upgrade(request, server, { kind, address, search });
    const body = request.method === "GET" ? "" : await request.text();
    if (pathname.startsWith("/sim/")) return this.admin(request.method, pathname, body);
    const call: HttpRequest = {
      method: request.method,
      path: pathname,
      rawQuery: rawQueryOf(request.url),
      body,
      address,
      header: (name) => request.headers.get(name),
    };
    return this.answer(call);
  }

  private async answer(call: HttpRequest): Promise<Response> {
    const filter = { path: call.path };
    const nowMs = this.toldNow();
    this.venue.touch(this.clock.read());
    if (this.faults.has(["maintenance"]) && this.faults.strike(["maintenance"], filter)) {
      return responseOf({ status: 503, body: "<html>maintenance</html>", headers: {} });
    }
    const failure = this.faults.strike(["http_error"], filter);
    if (failure !== null) {
      return responseOf({ status: failure.status ?? 502, body: "Bad Gateway", headers: {} });
    }
    const code = this.faults.strike(["ret_code"], filter);
    if (code !== null) return responseOf(json(200, refusalOf(code.code ?? 10016), nowMs));
    const reply = handleRest(this.venue, this.limits, call, nowMs);
    this.flushSoon();
    const slow = this.faults.strike(["slow_ack"], filter);
    if (slow !== null) await Bun.sleep(slow.delayMs);
    const lost = this.faults.strike(["timeout_after_accept"], filter);
    if (lost === null) return responseOf(reply);
    await Bun.sleep(lost.delayMs);
    return responseOf(json(200, refuse(10000, "Server Timeout"), this.toldNow()));
  }

  private admin(method: string, path: string, body: string): Response {
    const reply = handleAdmin({ method, path, body }, this.faults, () => this.stats());
    if (method === "POST") {
      this.strikeSockets();
      if (this.faults.strike(["partial_fill"], {}) !== null) fillPartly(this.venue);
      this.faults.endMomentary();
      this.flushSoon();
    }
    return responseOf(reply);
  }

  /** Socket faults act on the sockets that are open when they are asked for. */
  private strikeSockets(): void {
    for (const peer of this.peers) {
      const path = PATHS_BY_KIND.get(peer.kind) ?? "";
      if (this.faults.strike(["half_open"], { path })) peer.halfOpen = true;
      else if (this.faults.strike(["disconnect"], { path })) peer.terminate();
    }
  }

  private upgrade(
    request: Request,
    server: Server<SocketData>,
    target: { kind: PeerKind; address: string; search: string },
  ): Response | undefined {
    const { kind, address, search } = target;
    const path = new URL(request.url).pathname;
    if (this.faults.strike(["refuse_connect", "maintenance"], { path })) {
      return new Response("maintenance", { status: 503 });
    }
    if (!this.limits.connectAllows(address, this.clock.read())) {
      return new Response("too many connections", { status: 403 });
    }
    if (this.peers.size >= PEERS_MAX) return new Response("too many sockets", { status: 403 });
    const data: SocketData = { kind, address, idleMsMax: idleOf(search), peer: null };
    if (server.upgrade(request, { data })) return undefined;
    return new Response("a websocket is wanted here", { status: 400 });
  }

  private open(socket: ServerWebSocket<SocketData>): void {
    const { kind, address, idleMsMax } = socket.data;
    const peer = new Peer({
      kind,
      address,
      idleMsMax,
      connId: `sim${this.venue.startAtMs.toString(36)}-${(this.nextConn++).toString(36)}`,
      nowMs: this.clock.read(),
      faults: new FrameFaults(this.faults),
      wire: {
        send: (text) => void socket.send(text),
        bufferedBytes: () => socket.getBufferedAmount(),
        cork: (work) => void socket.cork(work),
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      },
    });
    socket.data.peer = peer;
    this.peers.add(peer);
    if (kind === "private") this.privateHub.join(peer);
  }

  private message(socket: ServerWebSocket<SocketData>, text: string): void {
    const { peer } = socket.data;
    if (peer === null || peer.halfOpen) return;
    const nowMs = this.clock.read();
    const toldMs = nowMs + this.faults.skewMs;
    this.venue.touch(nowMs);
    peer.heardAtMs = nowMs;
    if (peer.kind === "private") this.privateHub.onFrame(peer, text, toldMs);
    else if (peer.kind === "trade") {
      this.desk.onFrame(peer, text, toldMs, (frame, op) => this.deliver(peer, frame, op));
      this.flushSoon();
    } else onPublicFrame(this.publicHub, peer, text, nowMs);
  }

  /** Sends a trade reply, late or never when a fault says so. */
  private deliver(peer: Peer, frame: string, op: string): void {
    const filter = { path: `/v5/trade/${op}` };
    if (this.faults.strike(["timeout_after_accept"], filter) !== null) return;
    const slow = this.faults.strike(["slow_ack"], filter);
    if (slow === null) peer.reply(frame);
    else setTimeout(() => peer.reply(frame), slow.delayMs).unref();
  }

  private left(socket: ServerWebSocket<SocketData>): void {
    const { peer } = socket.data;
    if (peer === null) return;
    peer.closed = true;
    this.peers.delete(peer);
    this.privateHub.leave(peer);
    if (peer.kind === "private" || peer.kind === "trade") return;
    for (const topic of peer.topics) this.publicHub.unsubscribe(peer, topic);
  }
}

function responseOf(reply: HttpReply): Response {
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
}

function refusalOf(code: number) {
  const texts: Readonly<Record<number, string>> = {
    10006: "Too many visits. Exceeded the API Rate Limit.",
    10016: "Internal server error.",
  };
  return refuse(code, texts[code] ?? "simulated refusal");
}

/** The bytes after `?`, before any parser touched them. */
function rawQueryOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
}

/** `?max_active_time=30s` up to 600 s on private and trade sockets. */
function idleOf(search: string): number {
  const match = /^(\d+)(s|m)$/.exec(new URLSearchParams(search).get("max_active_time") ?? "");
  if (match === null) return IDLE_MS;
  const asked = Number(match[1]) * (match[2] === "m" ? 60_000 : 1_000);
  return Math.min(IDLE_MS, Math.max(30_000, asked));
}
