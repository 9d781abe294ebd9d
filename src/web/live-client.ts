/**
 * One reader of the live stream. State frames are conflated to the newest per key, log frames keep
 * their order in a bounded queue; at most one chunk is on its way, so a reader that does not read
 * costs one frame per key and nothing more. A reader that takes nothing for {@link WRITE_MS_MAX}
 * is dropped: it reconnects by itself when it is alive.
 */
import { BoundedQueue } from "../kernel/bounded-queue.ts";

/** A minute of log frames at one a tick: longer than a Wi-Fi stall, shorter than a leak. */
export const FRAMES_MAX = 64;
/** A healthy reader takes a chunk in milliseconds; this is several lost packets. */
export const WRITE_MS_MAX = 15_000;
/** Below every proxy's usual idle timeout of 60 s, and below Bun's. */
const HEARTBEAT_MS = 10_000;

const encoder = new TextEncoder();

/** One server-sent event; without a name it is swapped by the page. */
export function frameOf(data: string, options: { id?: string; event?: string } = {}): Uint8Array {
  const lines = [
    ...(options.id === undefined ? [] : [`id: ${options.id}`]),
    ...(options.event === undefined ? [] : [`event: ${options.event}`]),
    ...data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ];
  return encoder.encode(`${lines.join("\n")}\n\n`);
}

/** Values are JSON already: one event for all that changed since the last. */
function valuesFrame(cells: readonly string[]): Uint8Array {
  return encoder.encode(`event: values\ndata: [${cells.join(",")}]\n\n`);
}

const HEARTBEAT = encoder.encode(": still here\n\n");

interface LiveClientOptions {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly nowMs: () => number;
  /** Called once, whichever side ended the stream. */
  readonly onEnd: (client: LiveClient) => void;
}

export class LiveClient {
  readonly token: string;
  readonly stream: ReadableStream<Uint8Array>;
  expiresAtMs: number;
  /** Log lines this reader lost because its queue was full. */
  lostFrames = 0;
  private readonly nowMs: () => number;
  private readonly onEnd: (client: LiveClient) => void;
  private readonly latest = new Map<string, Uint8Array>();
  /** Changed values by key, not sent yet. */
  private readonly values = new Map<string, readonly string[]>();
  private readonly queue = new BoundedQueue<Uint8Array>(FRAMES_MAX);
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private wake: (() => void) | null = null;
  private pendingSinceMs: number | null = null;
  private sentAtMs: number;
  private ended = false;

  constructor(options: LiveClientOptions) {
    this.token = options.token;
    this.expiresAtMs = options.expiresAtMs;
    this.nowMs = options.nowMs;
    this.onEnd = options.onEnd;
    this.sentAtMs = options.nowMs();
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.pull(),
        cancel: () => this.end(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Replaces whatever of this key has not been sent yet. */
  offerLatest(key: string, frame: Uint8Array): void {
    this.latest.set(key, frame);
    // What the region shows anew it shows with its present values.
    this.values.delete(key);
    this.offered();
  }

  /**
   * Hands over the values of a key that changed. A reader that has not taken the ones before gets
   * all of the key's values instead: never more than one page of them waits.
   */
  offerValues(key: string, changed: readonly string[], all: () => readonly string[]): void {
    this.values.set(key, this.values.has(key) ? all() : changed);
    this.offered();
  }

  /** Keeps order. False when the queue is full: the frame is lost and counted. */
  offer(frame: Uint8Array): boolean {
    const taken = this.queue.push(frame);
    if (!taken) this.lostFrames++;
    this.offered();
    return taken;
  }

  /** Drops a reader that takes nothing, and reassures one that has had nothing. */
  tick(): void {
    const nowMs = this.nowMs();
    if (this.pendingSinceMs !== null && nowMs - this.pendingSinceMs > WRITE_MS_MAX) {
      this.end();
    } else if (this.wake !== null && nowMs - this.sentAtMs > HEARTBEAT_MS) {
      this.send(HEARTBEAT);
    }
  }

  /** Says `event` as the last word and ends the stream. */
  close(event: string, reason: string): void {
    if (this.ended) return;
    this.controller?.enqueue(frameOf(reason, { event }));
    this.end();
  }

  get isEnded(): boolean {
    return this.ended;
  }

  private offered(): void {
    if (this.ended) return;
    if (this.wake === null) this.pendingSinceMs ??= this.nowMs();
    else this.flush();
  }

  /** The reader wants a chunk: give it what there is, or wait for something. */
  private pull(): Promise<void> | undefined {
    if (this.flush()) return undefined;
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private flush(): boolean {
    const frames = [...this.latest.values()];
    if (this.values.size > 0) frames.push(valuesFrame([...this.values.values()].flat()));
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      frames.push(next);
    }
    this.latest.clear();
    this.values.clear();
    this.pendingSinceMs = null;
    if (frames.length === 0) return false;
    this.send(frames.length === 1 && frames[0] !== undefined ? frames[0] : joined(frames));
    return true;
  }

  private send(bytes: Uint8Array): void {
    this.sentAtMs = this.nowMs();
    this.controller?.enqueue(bytes);
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.latest.clear();
    this.values.clear();
    this.queue.clear();
    try {
      this.controller?.close();
    } catch {
      // The reader cancelled: the stream is closed already.
    }
    const wake = this.wake;
    this.wake = null;
    wake?.();
    this.onEnd(this);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
