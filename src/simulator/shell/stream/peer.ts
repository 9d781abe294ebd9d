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

  constructor(options: {
    readonly kind: PeerKind;
    readonly connId: string;
    readonly address: string;
    readonly idleMsMax: number;
    readonly nowMs: number;
    readonly wire: Wire;
    readonly faults: FrameFaults;
  }) {
    this.kind = options.kind;
    this.connId = options.connId;
    this.address = options.address;
    this.idleMsMax = options.idleMsMax;
    this.heardAtMs = options.nowMs;
    this.wire = options.wire;
    this.faults = options.faults;
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

  /** Sends a control reply at once, after whatever waits before it. */
  reply(frame: string): void {
    if (this.halfOpen || this.closed) return;
    this.enqueue(frame);
    this.flush();
  }

  /** Sends what is queued and closes a client that does not keep up. Returns the frames sent. */
  flush(): number {
    const frames = this.outbox;
    if (frames.length === 0 || this.closed) return 0;
    this.outbox = [];
    this.wire.cork(() => {
      for (const frame of frames) this.wire.send(frame);
    });
    if (this.wire.bufferedBytes() > PEER_BUFFER_BYTES_MAX) this.terminate();
    return frames.length;
  }

  close(code: number, reason: string): void {
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
    if (this.outbox.length >= OUTBOX_FRAMES_MAX) this.flush();
    this.outbox.push(frame);
  }

  private sendLate(frame: string): void {
    if (!this.closed && !this.halfOpen) this.wire.send(frame);
  }
}
