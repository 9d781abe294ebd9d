/**
 * One connected socket as the shell sees it: frames collected in a step, sent together, with a
 * limit.
 *
 * A client that does not read is cut off, without a closing handshake it would not read either: a
 * market-data feed that lags is worth nothing, and the
 * account's stream must not be thinned out.
 */
import type { FrameFaults } from "../faults.ts";

/** Unread bytes of one client: about three seconds of the whole 611-symbol feed. */
const PEER_BUFFER_BYTES_MAX = 4 * 1024 * 1024;
/** Frames of one step for one client: a snapshot of every topic of every symbol fits. */
const OUTBOX_FRAMES_MAX = 20_000;

/** What a transport offers. */
export interface Wire {
  send(text: string): void;
  bufferedBytes(): number;
  /** Runs several sends as one write. */
  cork(work: () => void): void;
  close(code: number, reason: string): void;
  /** Drops the connection without a closing handshake. */
  terminate(): void;
}

interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** The venue's own delay of replies and first frames, on the shell's time. */
export interface DelayLine {
  nowMs(): number;
  /** A fresh delay; shells draw it from the seed. */
  sampleMs(): number;
  after(delayMs: number, callback: () => void): void;
}

export type PeerKind = "linear" | "spot" | "private" | "trade";

export class Peer {
  readonly kind: PeerKind;
  readonly connId: string;
  readonly address: string;
  readonly idleMsMax: number;
  accountId: string | null = null;
  /** Topic names as asked for, on the public and private sockets. */
  readonly topics = new Set<string>();
  /** Sum of the lengths of live topic names: public sockets allow a fixed number of characters. */
  topicChars = 0;
  heardAtMs: number;
  /** A half-open socket neither sends nor hears: what a dead network path looks like. */
  halfOpen = false;
  closed = false;
  private readonly wire: Wire;
  private readonly faults: FrameFaults;
  private outbox: string[] = [];
  /** When each frame of the outbox may leave; never falls, so that nothing overtakes. */
  private dueMs: number[] = [];
  private lastDueMs = 0;
  private readonly line: DelayLine;
  private ending: Ending | null = null;

  constructor(options: {
    readonly kind: PeerKind;
    readonly connId: string;
    readonly address: string;
    readonly idleMsMax: number;
    readonly nowMs: number;
    readonly wire: Wire;
    readonly faults: FrameFaults;
    readonly line: DelayLine;
  }) {
    this.kind = options.kind;
    this.connId = options.connId;
    this.address = options.address;
    this.idleMsMax = options.idleMsMax;
    this.heardAtMs = options.nowMs;
    this.wire = options.wire;
    this.faults = options.faults;
    this.line = options.line;
  }

  /** Queues a topic's frame through the faults; `flush` sends it. */
  push(topic: string, frame: string): void {
    if (this.halfOpen || this.closed) return;
    if (!this.faults.active) {
      this.enqueue(frame);
      return;
    }
    for (const text of this.faults.apply(topic, frame, (late) => this.sendLate(late))) {
      this.enqueue(text);
    }
  }

  /**
   * Sends a control reply as soon as the venue's own delay allows, after whatever waits before it.
   */
  reply(frame: string): void {
    if (this.halfOpen || this.closed) return;
    this.hold(this.line.sampleMs());
    this.enqueue(frame);
    this.flush();
  }

  /** It was told to go and takes no more requests. */
  get isEnding(): boolean {
    return this.ending !== null;
  }

  /** Milliseconds until what is queued now leaves. */
  waitMs(): number {
    return Math.max(0, this.lastDueMs - this.line.nowMs());
  }

  /** A reply that travels with first frames: both wait as a lone reply does. */
  holdFirst(): void {
    this.hold(this.line.sampleMs());
  }

  /** What is queued from now on leaves in `delayMs` at the earliest: nothing is instant there. */
  hold(delayMs: number): void {
    const dueMs = this.line.nowMs() + delayMs;
    if (dueMs <= this.lastDueMs) return;
    this.lastDueMs = dueMs;
    if (delayMs > 0) this.line.after(delayMs, () => this.flush());
  }

  /** Sends what is due and closes a client that does not keep up. Returns the frames sent. */
  flush(): number {
    if (this.outbox.length === 0 || this.closed) return 0;
    const frames = this.takeDue(this.line.nowMs());
    if (frames.length > 0) this.send(frames);
    if (this.ending !== null && this.outbox.length === 0) this.end(this.ending);
    return frames.length;
  }

  private send(frames: readonly string[]): void {
    this.wire.cork(() => {
      for (const frame of frames) this.wire.send(frame);
    });
    if (this.wire.bufferedBytes() > PEER_BUFFER_BYTES_MAX) this.terminate();
  }

  private takeDue(nowMs: number): string[] {
    let count = this.outbox.length;
    while (count > 0 && (this.dueMs[count - 1] ?? 0) > nowMs) count--;
    if (count < this.outbox.length) {
      this.dueMs.splice(0, count);
      return this.outbox.splice(0, count);
    }
    const frames = this.outbox;
    this.outbox = [];
    this.dueMs = [];
    return frames;
  }

  /** Closes when what waits has left; nothing more is taken. */
  close(code: number, reason: string): void {
    if (this.closed || this.ending !== null) return;
    if (this.outbox.length === 0) this.end({ code, reason });
    else this.ending = { code, reason };
  }

  private end({ code, reason }: Ending): void {
    if (this.closed) return;
    this.closed = true;
    this.wire.close(code, reason);
  }

  terminate(): void {
    if (this.closed) return;
    this.closed = true;
    this.wire.terminate();
  }

  private enqueue(frame: string): void {
    if (this.ending !== null) return;
    if (this.outbox.length >= OUTBOX_FRAMES_MAX) this.send(this.outbox.splice(0));
    if (this.outbox.length === 0) this.dueMs = [];
    this.outbox.push(frame);
    this.dueMs.push(this.lastDueMs);
  }

  private sendLate(frame: string): void {
    if (!this.closed && !this.halfOpen) this.wire.send(frame);
  }
}
