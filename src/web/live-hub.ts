/**
 * The fan-out of the live streams. Once a tick every region that somebody looks at is rendered
 * once; the bytes of those that changed go to everyone who looks at them. Readers that come while
 * the hub is full are refused with a reason, never queued.
 */
import { failure, type Result, success } from "../kernel/result.ts";
import { frameOf, LiveClient } from "./live-client.ts";

/** Grafana's default cap for the same thing; 100 readers cost about 1 % of a core. */
export const CLIENTS_MAX = 100;
/** A market event must not wait longer than this for a page: then the rest of the keys go later. */
const SLICE_MS_MAX = 2;
/** More tabs than a person watches; keeps one login from taking every place. */
export const CLIENTS_PER_SESSION_MAX = 16;

interface LiveHubOptions {
  /** The swap message of a key; called at most once a tick and key. */
  readonly render: (key: string) => string;
  readonly nowMs: () => number;
  /** For the length of a slice; and how to let everything else run before the next one. */
  readonly monotonicMs: () => number;
  readonly pause: () => Promise<void>;
  /** False when a session was revoked; absent where that cannot be asked without rolling it. */
  readonly isAlive?: ((token: string) => boolean) | undefined;
  readonly onError: (error: unknown, key: string) => void;
}

interface Connection {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly keys: readonly string[];
}

interface Frame {
  readonly html: string;
  readonly bytes: Uint8Array;
}

export class LiveHub {
  private readonly options: LiveHubOptions;
  private readonly clients = new Map<LiveClient, readonly string[]>();
  /** The newest frame of each key that somebody looks at. */
  private readonly frames = new Map<string, Frame>();
  private isTicking = false;

  constructor(options: LiveHubOptions) {
    this.options = options;
  }

  get size(): number {
    return this.clients.size;
  }

  /** A new reader with its first full set of frames, or why not. */
  connect(connection: Connection): Result<LiveClient, "hub full" | "session full"> {
    const { token, expiresAtMs, keys } = connection;
    if (this.clients.size >= CLIENTS_MAX) return failure("hub full");
    const same = [...this.clients.keys()].filter((client) => client.token === token);
    if (same.length >= CLIENTS_PER_SESSION_MAX) return failure("session full");
    const client = new LiveClient({
      token,
      expiresAtMs,
      nowMs: this.options.nowMs,
      onEnd: (ended) => this.clients.delete(ended),
    });
    this.clients.set(client, keys);
    for (const key of keys) {
      const frame = this.frames.get(key) ?? this.renderFrame(key);
      if (frame !== undefined) client.offerLatest(key, frame.bytes);
    }
    return success(client);
  }

  /**
   * Ends what must end, renders what is looked at, hands out what changed. Rendering is cut into
   * slices; a tick that comes while the last one still renders is left out.
   */
  async tick(): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      this.endSessions();
      this.deliver(await this.renderChanged());
    } finally {
      this.isTicking = false;
    }
  }

  private async renderChanged(): Promise<ReadonlyMap<string, Frame>> {
    const { monotonicMs, pause } = this.options;
    const wanted = new Set([...this.clients.values()].flat());
    for (const key of this.frames.keys()) if (!wanted.has(key)) this.frames.delete(key);
    const changed = new Map<string, Frame>();
    let sliceStartMs = monotonicMs();
    for (const key of wanted) {
      if (monotonicMs() - sliceStartMs > SLICE_MS_MAX) {
        await pause();
        sliceStartMs = monotonicMs();
      }
      const before = this.frames.get(key);
      const frame = this.renderFrame(key);
      if (frame !== undefined && frame !== before) changed.set(key, frame);
    }
    return changed;
  }

  private deliver(changed: ReadonlyMap<string, Frame>): void {
    for (const [client, keys] of this.clients) {
      for (const key of keys) {
        const frame = changed.get(key);
        if (frame !== undefined) client.offerLatest(key, frame.bytes);
      }
      client.tick();
    }
  }

  /** A request with this session's cookie moved its end. */
  touch(token: string, expiresAtMs: number): void {
    for (const client of this.clients.keys()) {
      if (client.token === token) client.expiresAtMs = expiresAtMs;
    }
  }

  closeSession(token: string): void {
    for (const client of [...this.clients.keys()]) {
      if (client.token === token) client.close("session-end", "signed out");
    }
  }

  /** For shut-down: every stream ends now, so that the server can stop. */
  closeAll(): void {
    for (const client of [...this.clients.keys()]) client.close("server-stop", "stopping");
  }

  private endSessions(): void {
    const { nowMs, isAlive } = this.options;
    for (const client of [...this.clients.keys()]) {
      const expired = client.expiresAtMs <= nowMs();
      if (expired || isAlive?.(client.token) === false) {
        client.close("session-end", expired ? "expired" : "revoked");
      }
    }
  }

  /** The key's frame now: the same object when nothing changed. */
  private renderFrame(key: string): Frame | undefined {
    try {
      const html = this.options.render(key);
      const before = this.frames.get(key);
      if (before?.html === html) return before;
      const frame = { html, bytes: frameOf(html) };
      this.frames.set(key, frame);
      return frame;
    } catch (error) {
      // One broken fragment must not stop the others.
      this.options.onError(error, key);
      return undefined;
    }
  }
}
