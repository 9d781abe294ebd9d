/**
 * The simulated venue inside the calling process: no sockets, no timers, no wall clock.
 *
 * A client gets a `fetch` and an `openSocket` that look like the network's. What travels between
 * them and the venue's front takes a seeded latency on a virtual clock, each way of each connection
 * in order as TCP keeps it. All that happens is therefore a function of the seed and of what the
 * client does. Assumption: the client waits on that clock and on promises only, so that nothing is
 * left to do when the microtasks between two milliseconds have run.
 */
import { type Prng, prngOf } from "../../kernel/prng.ts";
import type { SimVenue } from "../world/world.ts";
import type { Faults } from "./faults.ts";
import { type FrontOptions, type SimulatorStats, VenueFront } from "./front.ts";
import type { Peer, Wire } from "./stream/peer.ts";
import { type HttpReply, rawQueryOf } from "./wire/reply.ts";

/** Books of the depth that clients use are pushed every 20 ms. */
const STEP_MS = 20;
/** Milliseconds between two drains of microtasks: an answer is acted on when it arrives. */
const PASS_STEP_MS = 1;
/** The one client's address, for the venue's limits by address. */
const ADDRESS = "in-process";
/** A stalled draw must not stop the run: slower networks are what the delay fault is for. */
const LATENCY_MS_MAX = 10_000;

/** A clock that moves only when told to. */
interface VirtualTime {
  nowMs(): number;
  after(delayMs: number, callback: () => void): () => void;
  advanceTo(atMs: number): void;
}

interface InProcessOptions extends FrontOptions {
  /** The market starts at its time. */
  readonly clock: VirtualTime;
  /** Milliseconds between two looks at the market: 20, or more where many hours are to pass. */
  readonly stepMs?: number;
  /** One way, in milliseconds; rounded. */
  readonly latencyMs?: (prng: Prng) => number;
}

type Handler<Event> = { handle(event: Event): void }["handle"] | null;

/** What clients use of a WebSocket. */
export interface ClientSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: Handler<unknown>;
  onmessage: Handler<{ readonly data: unknown }>;
  onerror: Handler<{ readonly message: string }>;
  onclose: Handler<{ readonly code: number; readonly reason: string }>;
  send(text: string): void;
  terminate(): void;
}

export interface InProcessSimulator {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly openSocket: (url: string) => ClientSocket;
  readonly venue: SimVenue;
  readonly faults: Faults;
  stats(): SimulatorStats;
  /** Lets faults act that concern what is open now: disconnects, half-open sockets, part fills. */
  strikeNow(): void;
  /** Moves the clock on in milliseconds and lets promises settle at each. */
  pass(ms: number): Promise<void>;
  /** The market stands still afterwards. */
  stop(): void;
}

/** Lists the market and starts it on the clock. */
export function connectInProcess(options: InProcessOptions): InProcessSimulator {
  const { clock, latencyMs = nearLatencyMs, stepMs = STEP_MS } = options;
  const prng = prngOf(`${options.seed}/latency`);
  const front = new VenueFront(options, {
    nowMs: () => clock.nowMs(),
    after: (delayMs, callback) => void clock.after(Math.round(delayMs), callback),
    soon: (callback) => void clock.after(0, callback),
  });
  const path = (name: string): Path => new Path(clock, prng.child(name), latencyMs);
  let connects = 0;
  let requests = 0;
  let cancelStep = (): void => {};
  const step = (): void => {
    cancelStep = clock.after(stepMs, step);
    front.step();
  };
  step();
  return {
    venue: front.venue,
    faults: front.faults,
    fetch(url, init = {}) {
      const name = `request-${++requests}`;
      return exchange(front, url, init, path(name));
    },
    openSocket(url) {
      const name = `socket-${++connects}`;
      return new InProcessSocket(front, url, {
        up: path(`${name}/up`),
        down: path(`${name}/down`),
      });
    },
    stats: () => front.stats(),
    strikeNow: () => front.strikeNow(),
    async pass(ms) {
      for (let passedMs = 0; passedMs < ms; passedMs += PASS_STEP_MS) {
        clock.advanceTo(clock.nowMs() + PASS_STEP_MS);
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
    stop: () => cancelStep(),
  };
}

/** A server near the exchange: 1 ms and an exponential rest of 3 ms, at most 50. */
function nearLatencyMs(prng: Prng): number {
  return 1 + Math.min(49, 3 * prng.exponential());
}

/** One direction of one connection: everything takes time, nothing overtakes. */
class Path {
  private readonly clock: VirtualTime;
  private readonly prng: Prng;
  private readonly latencyMs: (prng: Prng) => number;
  private lastDueMs = 0;

  constructor(clock: VirtualTime, prng: Prng, latencyMs: (prng: Prng) => number) {
    this.clock = clock;
    this.prng = prng;
    this.latencyMs = latencyMs;
  }

  carry(arrive: () => void): void {
    const nowMs = this.clock.nowMs();
    const drawnMs = Math.round(this.latencyMs(this.prng));
    const dueMs = nowMs + Math.max(0, Math.min(LATENCY_MS_MAX, drawnMs));
    this.lastDueMs = Math.max(this.lastDueMs, dueMs);
    this.clock.after(this.lastDueMs - nowMs, arrive);
  }
}

/** A REST request there and back. Rejects when the caller gives up, with the caller's reason. */
function exchange(
  front: VenueFront,
  url: string,
  init: RequestInit,
  path: Path,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const { signal } = init;
  signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  const { pathname } = new URL(url);
  const method = init.method ?? "GET";
  const body = typeof init.body === "string" ? init.body : "";
  const headers = new Headers(init.headers);
  const answered = (reply: HttpReply): void =>
    path.carry(() => resolve(new Response(reply.body, reply)));
  path.carry(() => {
    if (pathname.startsWith("/sim/")) {
      answered(front.admin(method, pathname, body));
      return;
    }
    const header = (name: string): string | null => headers.get(name);
    const rawQuery = rawQueryOf(url);
    front.answer({ method, path: pathname, rawQuery, body, address: ADDRESS, header }, answered);
  });
  return promise;
}

/** Numbers of `readyState`, as the WebSocket standard has them. */
const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;
/** Closed without a closing handshake, as the WebSocket standard has it. */
const ABNORMAL = 1006;

class InProcessSocket implements ClientSocket {
  readyState: number = CONNECTING;
  /** The client's side never waits: what is sent is on its way. */
  readonly bufferedAmount = 0;
  onopen: ClientSocket["onopen"] = null;
  onmessage: ClientSocket["onmessage"] = null;
  onerror: ClientSocket["onerror"] = null;
  onclose: ClientSocket["onclose"] = null;
  private readonly front: VenueFront;
  private readonly up: Path;
  private readonly down: Path;
  private peer: Peer | null = null;

  constructor(front: VenueFront, url: string, paths: { readonly up: Path; readonly down: Path }) {
    this.front = front;
    this.up = paths.up;
    this.down = paths.down;
    this.up.carry(() => this.knock(url));
  }

  send(text: string): void {
    if (this.readyState === CONNECTING) throw new Error("cannot send: the socket is not open yet");
    if (this.readyState !== OPEN) return;
    this.up.carry(() => {
      if (this.peer !== null && !this.peer.closed) this.front.hear(this.peer, text);
    });
  }

  terminate(): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.up.carry(() => this.leave());
  }

  private knock(url: string): void {
    if (this.readyState === CLOSED) return;
    const { pathname, search } = new URL(url);
    const terms = this.front.admit({ path: pathname, search, address: ADDRESS });
    if (!terms.ok) {
      const { status } = terms.problem;
      this.down.carry(() => this.refused(`Unexpected server response: ${status}`));
      return;
    }
    this.peer = this.front.open(terms.value, this.wire());
    this.down.carry(() => {
      if (this.readyState !== CONNECTING) return;
      this.readyState = OPEN;
      this.onopen?.({ type: "open" });
    });
  }

  /** The venue's end. Frames of one write arrive together. */
  private wire(): Wire {
    let corked: string[] | null = null;
    return {
      send: (text) => {
        if (corked === null) this.bring([text]);
        else corked.push(text);
      },
      cork: (work) => {
        const frames: string[] = [];
        corked = frames;
        work();
        corked = null;
        this.bring(frames);
      },
      bufferedBytes: () => 0,
      close: (code, reason) => this.closeFromVenue(code, reason),
      terminate: () => this.closeFromVenue(ABNORMAL, ""),
    };
  }

  private bring(frames: readonly string[]): void {
    this.down.carry(() => {
      for (const data of frames) if (this.readyState === OPEN) this.onmessage?.({ data });
    });
  }

  private closeFromVenue(code: number, reason: string): void {
    this.leave();
    this.down.carry(() => {
      if (this.readyState === CLOSED) return;
      this.readyState = CLOSED;
      this.onclose?.({ code, reason });
    });
  }

  private refused(message: string): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.onerror?.({ message });
    this.onclose?.({ code: ABNORMAL, reason: "" });
  }

  private leave(): void {
    const { peer } = this;
    this.peer = null;
    if (peer !== null) this.front.left(peer);
  }
}
