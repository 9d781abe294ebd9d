/**
 * One socket that is kept connected.
 *
 * TCP does not report a peer that has vanished, so liveness comes from our own last-frame timer:
 * silent for 5 s, the peer is pinged; silent for 9 s, the socket is cut and made again: with the
 * check once a second that is within 10 s. Servers that want a ping however much they send get one
 * every 20 s. Reconnects back off with jitter, and a socket that dies young does not reset the
 * back-off, so that a server in trouble is not stormed.
 */
import WebSocket from "ws";
import type { Prng } from "../../kernel/prng.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import { backOffMs, type Waits } from "./waits.ts";

type Handler<Event> = { handle(event: Event): void }["handle"] | null;

/** What is used of a WebSocket client: the one of ws, or a socket that needs no network. */
interface SocketClient {
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: Handler<unknown>;
  onmessage: Handler<{ readonly data: unknown }>;
  onerror: Handler<{ readonly message: string }>;
  onclose: Handler<{ readonly code: number; readonly reason: string }>;
  send(text: string): void;
  terminate(): void;
}

export type OpenSocket = (url: string) => SocketClient;

export interface SocketOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly waits: Waits;
  readonly prng: Prng;
  readonly gate: ConnectGate;
  readonly name: string;
  readonly url: string;
  /** What the venue answers at once and without a consequence. */
  readonly pingText: string;
  /** Begins to connect; ws when it is left out. */
  readonly openSocket?: OpenSocket | undefined;
  /** The connection stands: authenticate, subscribe. */
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** A connection that stood is gone. */
  readonly onDown: (detail: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const CHECK_EVERY_MS = 1_000;
const PING_EVERY_MS = 20_000;
const SILENT_PING_MS = 5_000;
const SILENT_CUT_MS = 9_000;
const RECONNECT_BACK_OFF = { firstMs: 250, capMs: 5_000 };
/** A connection that stood this long was a good one. */
const GOOD_AFTER_MS = 10_000;
/** The deepest snapshots are some 60 kB; a frame beyond this is no venue's. */
const FRAME_BYTES_MAX = 4_194_304;
/** Our requests are a few kB a second: this much unsent means that nobody reads. */
const UNSENT_BYTES_MAX = 1_048_576;

export class ManagedSocket {
  /** Our clock at the last frame of any kind; null before the first. */
  lastFrameAtMs: number | null = null;
  detail = "not started";
  /** Connections that stood since the start. */
  connects = 0;
  private readonly options: SocketOptions;
  private socket: SocketClient | null = null;
  private isOpen = false;
  private failures = 0;
  private openedAtMs = 0;
  private pingedAtMs = 0;
  private checkedAtMs = 0;
  private cancelTimer: () => void = () => {};

  constructor(options: SocketOptions) {
    this.options = options;
  }

  get up(): boolean {
    return this.isOpen;
  }

  get name(): string {
    return this.options.name;
  }

  start(): void {
    this.connectAfter(0);
  }

  /** Returns whether the text was handed to the connection. */
  send(text: string): boolean {
    const { socket } = this;
    if (socket === null || !this.isOpen || socket.readyState !== WebSocket.OPEN) return false;
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) {
      this.cut(`${socket.bufferedAmount} bytes wait unsent`);
      return false;
    }
    try {
      socket.send(text);
      return true;
    } catch (error) {
      this.cut(`sending failed: ${String(error)}`);
      return false;
    }
  }

  /** Drops the connection; a new one follows after the back-off. */
  cut(reason: string): void {
    const { socket } = this;
    if (socket === null) return;
    this.socket = null;
    release(socket);
    this.gone(reason);
  }

  /** Closes for good. */
  stop(): void {
    this.cancelTimer();
    const { socket } = this;
    this.socket = null;
    this.isOpen = false;
    this.detail = "stopped";
    if (socket !== null) release(socket);
  }

  private connectAfter(delayMs: number): void {
    const { waits, gate } = this.options;
    if (waits.stopped) return;
    this.cancelTimer = waits.after(Math.max(delayMs, gate.reserve(delayMs)), () => this.connect());
  }

  private connect(): void {
    const { url, waits, clock, openSocket = openByNetwork } = this.options;
    this.detail = "connecting";
    let socket: SocketClient;
    try {
      socket = openSocket(url);
    } catch (error) {
      this.gone(`cannot connect: ${String(error)}`);
      return;
    }
    this.socket = socket;
    const isCurrent = () => this.socket === socket;
    this.cancelTimer = waits.after(CONNECT_TIMEOUT_MS, () => {
      if (isCurrent()) this.cut(`no connection within ${CONNECT_TIMEOUT_MS} ms`);
    });
    socket.onopen = () => {
      if (isCurrent()) this.opened();
    };
    // The attribute form hands text over as a string; the event form would copy it to a Buffer.
    socket.onmessage = (event) => {
      if (!isCurrent()) return;
      const nowMs = clock.nowMs();
      if (this.isOpen && this.stoodStill(nowMs)) return;
      this.lastFrameAtMs = nowMs;
      if (typeof event.data === "string") this.options.onText(event.data);
    };
    socket.onerror = (event) => {
      if (isCurrent()) this.cut(event.message);
    };
    socket.onclose = (event) => {
      if (isCurrent()) this.cut(`closed with code ${event.code} ${event.reason}`.trim());
    };
  }

  private opened(): void {
    const nowMs = this.options.clock.nowMs();
    this.cancelTimer();
    this.isOpen = true;
    this.connects++;
    this.detail = "connected";
    this.openedAtMs = nowMs;
    this.pingedAtMs = nowMs;
    this.checkedAtMs = nowMs;
    this.lastFrameAtMs = nowMs;
    this.cancelTimer = this.options.waits.every(CHECK_EVERY_MS, () => this.check());
    this.options.onOpen();
  }

  private check(): void {
    const nowMs = this.options.clock.nowMs();
    if (this.stoodStill(nowMs)) return;
    this.checkedAtMs = nowMs;
    const silentMs = nowMs - (this.lastFrameAtMs ?? nowMs);
    if (silentMs >= SILENT_CUT_MS) {
      this.cut(`silent for ${silentMs} ms`);
      return;
    }
    const sincePingMs = nowMs - this.pingedAtMs;
    const isQuiet = silentMs >= SILENT_PING_MS && sincePingMs >= SILENT_PING_MS;
    if (isQuiet || sincePingMs >= PING_EVERY_MS) {
      this.pingedAtMs = nowMs;
      this.send(this.options.pingText);
    }
  }

  /**
   * Cuts a connection that nobody here looked at for so long: what lies in its buffer is of before,
   * and the peer may have given it up.
   */
  private stoodStill(nowMs: number): boolean {
    const gapMs = nowMs - this.checkedAtMs;
    if (gapMs < SILENT_CUT_MS) return false;
    this.cut(`this process stood still for ${gapMs} ms`);
    return true;
  }

  private gone(reason: string): void {
    const { clock, log, name, prng } = this.options;
    const wasOpen = this.isOpen;
    this.cancelTimer();
    this.isOpen = false;
    this.detail = reason;
    if (wasOpen && clock.nowMs() - this.openedAtMs >= GOOD_AFTER_MS) this.failures = 0;
    const delayMs = backOffMs(RECONNECT_BACK_OFF, this.failures++, prng);
    log.warn("socket is down; connecting again", { socket: name, reason, delayMs });
    if (wasOpen) this.options.onDown(reason);
    this.connectAfter(delayMs);
  }
}

function openByNetwork(url: string): SocketClient {
  return new WebSocket(url, { maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false });
}

/** Ends a connection whose later events no longer concern anybody. */
function release(socket: SocketClient): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  // An error event without a listener would end the process.
  socket.onerror = () => {};
  socket.terminate();
}

/**
 * Two connections are at least so far apart: one handshake on loopback, so that five at a start are
 * a tenth of a second and no burst. What the venue allows is the limit beside it.
 */
const CONNECT_SPACING_MS = 20;

/** How many connections a venue allows in a while. */
export interface ConnectLimit {
  readonly connectsMax: number;
  readonly windowMs: number;
}

/** Hands out times at which connections may be made, over all sockets of an adapter. */
export class ConnectGate {
  private readonly clock: Clock;
  private readonly limit: ConnectLimit;
  private slotsAtMs: number[] = [];

  constructor(clock: Clock, limit: ConnectLimit) {
    this.clock = clock;
    this.limit = limit;
  }

  /** How long to wait for a connection wanted after `delayMs`. */
  reserve(delayMs: number): number {
    const { connectsMax, windowMs } = this.limit;
    const nowMs = this.clock.nowMs();
    this.slotsAtMs = this.slotsAtMs.filter((atMs) => nowMs - atMs < windowMs);
    const wantedAtMs = nowMs + delayMs;
    const taken = (atMs: number) =>
      this.slotsAtMs.some((slot) => Math.abs(slot - atMs) < CONNECT_SPACING_MS);
    let atMs = wantedAtMs;
    while (taken(atMs)) atMs += CONNECT_SPACING_MS;
    const blocking = this.slotsAtMs[this.slotsAtMs.length - connectsMax];
    if (blocking !== undefined) atMs = Math.max(atMs, blocking + windowMs);
    this.slotsAtMs.push(atMs);
    return atMs - nowMs;
  }
}
