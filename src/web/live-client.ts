/**
 * One reader of the live stream. State frames are conflated to the newest per key, log frames keep
 * their order in a bounded queue; at most one chunk is on its way, so a reader that does not read
 * costs one frame per key and nothing more. A reader that takes nothing for {@link WRITE_MS_MAX}
 * is dropped: it reconnects by itself when it is alive.
 */
import { BoundedQueue } from "../kernel/bounded-queue.ts";
import { GzipStream, joined } from "./gzip-stream.ts";

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

/** Why a stream ends, in the word that the page acts on and in one for people. */
interface Bye {
  readonly reason: "session" | "restart" | "full" | "gone";
  readonly why: string;
}

/** A session's end also has the event at which the page opens no other stream. */
function lastWordOf({ reason, why }: Bye): Uint8Array {
  const bye = frameOf(JSON.stringify({ reason, why }), { event: "bye" });
  return reason === "session" ? joined([bye, frameOf(why, { event: "session-end" })]) : bye;
}

/** The whole answer to a reader for whom there is no place. */
export function refusalOf(why: string): Uint8Array {
  return lastWordOf({ reason: "full", why });
}

const HEARTBEAT = encoder.encode(": still here\n\n");

interface LiveClientOptions {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly nowMs: () => number;
  /** True where the reader takes compressed bytes. */
  readonly isGzip?: boolean;
  /** The id of what has been told by now, sent with every chunk. */
  readonly eventId?: (() => string) | undefined;
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
  private readonly gzip: GzipStream | null;
  private readonly eventId: (() => string) | null;
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
    this.gzip = options.isGzip === true ? new GzipStream() : null;
    this.eventId = options.eventId ?? null;
    this.sentAtMs = options.nowMs();
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.pull(),
        cancel: () => this.cancelled(),
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
      this.cancelled();
    } else if (this.wake !== null && nowMs - this.sentAtMs > HEARTBEAT_MS) {
      this.answer(HEARTBEAT);
    }
  }

  /** Says why as the last word, and ends the stream. */
  close(bye: Bye): void {
    if (this.ended) return;
    const last = lastWordOf(bye);
    this.end();
    if (this.gzip === null) {
      this.enqueue(last);
      this.closed();
      return;
    }
    this.gzip.end(last).then(
      (bytes) => {
        this.enqueue(bytes);
        this.closed();
      },
      () => this.closed(),
    );
  }

  get isEnded(): boolean {
    return this.ended;
  }

  private offered(): void {
    if (this.ended) return;
    if (this.wake === null) this.pendingSinceMs ??= this.nowMs();
    else this.answer(this.taken());
  }

  /** The reader wants a chunk: give it what there is, or wait for something. */
  private pull(): Promise<void> | undefined {
    if (this.ended) return undefined;
    const bytes = this.taken();
    if (bytes !== null) return this.send(bytes);
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** Everything that waits, as one chunk; null when nothing does. */
  private taken(): Uint8Array | null {
    const frames = [...this.latest.values()];
    if (this.values.size > 0) frames.push(valuesFrame([...this.values.values()].flat()));
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      frames.push(next);
    }
    this.latest.clear();
    this.values.clear();
    this.pendingSinceMs = null;
    if (frames.length === 0) return null;
    if (this.eventId !== null) frames.push(encoder.encode(`id: ${this.eventId()}\n\n`));
    return joined(frames);
  }

  /** Gives the waiting reader its chunk. */
  private answer(bytes: Uint8Array | null): void {
    const { wake } = this;
    if (bytes === null || wake === null) return;
    this.wake = null;
    const sending = this.send(bytes);
    if (sending === undefined) wake();
    else void sending.then(wake);
  }

  private send(bytes: Uint8Array): Promise<void> | undefined {
    this.sentAtMs = this.nowMs();
    if (this.gzip === null) {
      this.enqueue(bytes);
      return undefined;
    }
    // A compressor that fails ends this reader's stream; it comes back with a new one.
    return this.gzip.encode(bytes).then(
      (packed) => this.enqueue(packed),
      () => this.cancelled(),
    );
  }

  private enqueue(bytes: Uint8Array): void {
    try {
      this.controller?.enqueue(bytes);
    } catch {
      // The reader cancelled while this was made ready.
    }
  }

  /** The reader is gone, or as good as gone: nothing more is said. */
  private cancelled(): void {
    if (this.ended) return;
    this.end();
    this.gzip?.destroy();
    this.closed();
  }

  private end(): void {
    this.ended = true;
    this.latest.clear();
    this.values.clear();
    this.queue.clear();
    this.onEnd(this);
  }

  private closed(): void {
    try {
      this.controller?.close();
    } catch {
      // The reader cancelled: the stream is closed already.
    }
    const { wake } = this;
    this.wake = null;
    wake?.();
  }
}
