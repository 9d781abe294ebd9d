/**
 * The fan-out of the live streams. Once a tick every region that somebody looks at is rendered
 * once. Where its structure changed, its bytes go to everyone who looks at it; where only values
 * in it did, those go. Between two ticks, regions that have such values are rendered for them
 * alone. Readers that come while the hub is full are refused with a reason, never queued.
 */
import { failure, type Result, success } from "../kernel/result.ts";
import { frameOf, LiveClient } from "./live-client.ts";
import { changedCells, type LiveValues, valuesOf } from "./live-values.ts";

/** Grafana's default cap for the same thing; 100 readers cost about 1 % of a core. */
export const CLIENTS_MAX = 100;
/** A market event must not wait longer than this for a page: then the rest of the keys go later. */
const SLICE_MS_MAX = 2;
/** More tabs than a person watches; keeps one from taking every place. */
export const CLIENTS_PER_USER_MAX = 32;
/** The rest is for those who can stop the trade: the last places are never a viewer's. */
export const CLIENTS_OF_VIEWERS_MAX = 80;
/** How long what nobody looks at is remembered, for readers that come back. */
const KEEP_MS = 60_000;

/** Why there is no place for a reader. */
export type Refusal = "hub full" | "user full" | "kept for operators";

/** What a tick looks at: everything, or only values in regions that have some. */
type Lane = "all" | "values";

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
  readonly user: string;
  readonly isViewer: boolean;
  readonly isGzip?: boolean;
  readonly eventId?: (() => string) | undefined;
  /** What the reader has of these keys is as old as this; null when it has nothing. */
  readonly hasSinceMs?: number | null;
}

interface Frame extends LiveValues {
  readonly html: string;
  /** Present values, by id. */
  readonly cells: Map<string, string>;
  /** For everyone alike; made when the first reader needs it. */
  bytes: Uint8Array | null;
  /** When the structure, and when any value, became what it is. */
  readonly structureSinceMs: number;
  valuesSinceMs: number;
  /** True once values were sent that `html` has not. */
  isBehind: boolean;
}

/** What a tick found to send of a key. */
interface Change {
  readonly frame: Frame;
  /** Null when the structure changed: then the whole region goes. */
  readonly cells: readonly string[] | null;
}

export class LiveHub {
  private readonly options: LiveHubOptions;
  private readonly clients = new Map<LiveClient, Connection>();
  /** The newest frame of each key that somebody looks at. */
  private readonly frames = new Map<string, Frame>();
  /** When each was looked at last. */
  private readonly lookedAtMs = new Map<string, number>();
  private isTicking = false;

  constructor(options: LiveHubOptions) {
    this.options = options;
  }

  get size(): number {
    return this.clients.size;
  }

  /** A new reader with all that it does not have yet, or why not. */
  connect(connection: Connection): Result<LiveClient, Refusal> {
    const refused = this.refusalOf(connection);
    if (refused !== null) return failure(refused);
    const { token, expiresAtMs, keys, isGzip = false, eventId } = connection;
    const watched = this.watchedKeys();
    const client = new LiveClient({
      ...{ token, expiresAtMs, isGzip, eventId },
      nowMs: this.options.nowMs,
      onEnd: (ended) => this.clients.delete(ended),
    });
    this.clients.set(client, connection);
    for (const key of keys) {
      // What somebody watches is as new as the last tick; anything else is looked at now.
      if (!watched.has(key)) this.changeOf(key, "all");
      const frame = this.frames.get(key);
      if (frame !== undefined) greet(client, key, frame, connection.hasSinceMs ?? null);
    }
    return success(client);
  }

  private refusalOf({ user, isViewer }: Connection): Refusal | null {
    const others = [...this.clients.values()];
    if (others.length >= CLIENTS_MAX) return "hub full";
    if (others.filter((other) => other.user === user).length >= CLIENTS_PER_USER_MAX) {
      return "user full";
    }
    const viewers = others.filter((other) => other.isViewer).length;
    return isViewer && viewers >= CLIENTS_OF_VIEWERS_MAX ? "kept for operators" : null;
  }

  private watchedKeys(): Set<string> {
    return new Set([...this.clients.values()].flatMap(({ keys }) => keys));
  }

  /**
   * Ends what must end, renders what is looked at, hands out what changed. Rendering is cut into
   * slices; a tick that comes while the last one still renders is left out.
   */
  async tick(): Promise<void> {
    await this.send("all");
  }

  /** Between two ticks: values only, of regions that have some. */
  async tickValues(): Promise<void> {
    await this.send("values");
  }

  private async send(lane: Lane): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      this.endSessions();
      this.deliver(await this.renderChanged(lane));
    } finally {
      this.isTicking = false;
    }
  }

  private async renderChanged(lane: Lane): Promise<ReadonlyMap<string, Change>> {
    const { monotonicMs, pause } = this.options;
    const wanted = this.watchedKeys();
    this.forget(wanted);
    const changes = new Map<string, Change>();
    let sliceStartMs = monotonicMs();
    for (const key of wanted) {
      if (lane === "values" && (this.frames.get(key)?.cells.size ?? 0) === 0) continue;
      if (monotonicMs() - sliceStartMs > SLICE_MS_MAX) {
        await pause();
        sliceStartMs = monotonicMs();
      }
      const change = this.changeOf(key, lane);
      if (change !== null) changes.set(key, change);
    }
    return changes;
  }

  /** Frames that nobody has looked at for a while go. */
  private forget(wanted: ReadonlySet<string>): void {
    const nowMs = this.options.nowMs();
    for (const key of wanted) this.lookedAtMs.set(key, nowMs);
    for (const [key, lookedAtMs] of this.lookedAtMs) {
      if (nowMs - lookedAtMs <= KEEP_MS) continue;
      this.lookedAtMs.delete(key);
      this.frames.delete(key);
    }
  }

  private deliver(changes: ReadonlyMap<string, Change>): void {
    for (const [client, { keys }] of this.clients) {
      for (const key of keys) {
        const change = changes.get(key);
        if (change === undefined) continue;
        const { frame, cells } = change;
        if (cells === null) client.offerLatest(key, bytesOf(frame));
        else client.offerValues(key, cells, () => [...frame.cells.values()]);
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
      if (client.token === token) client.close({ reason: "session", why: "signed out" });
    }
  }

  /** For shut-down: every stream ends now, so that the server can stop. */
  closeAll(): void {
    const bye = { reason: "restart", why: "the server is stopping" } as const;
    for (const client of [...this.clients.keys()]) client.close(bye);
  }

  private endSessions(): void {
    const { nowMs, isAlive } = this.options;
    for (const client of [...this.clients.keys()]) {
      const expired = client.expiresAtMs <= nowMs();
      if (expired || isAlive?.(client.token) === false) {
        client.close({ reason: "session", why: expired ? "expired" : "revoked" });
      }
    }
  }

  /** What differs from what readers of the key have; kept as what they have from now on. */
  private changeOf(key: string, lane: Lane): Change | null {
    const before = this.frames.get(key);
    const html = this.rendered(key);
    if (html === null || (html === before?.html && !before.isBehind)) return null;
    const { structure, cells } = valuesOf(html);
    const nowMs = this.options.nowMs();
    const isAnew = before === undefined || structure !== before.structure;
    if (before === undefined || (isAnew && lane === "all")) {
      const since = { structureSinceMs: nowMs, valuesSinceMs: nowMs };
      const frame = { html, structure, cells, bytes: null, isBehind: false, ...since };
      this.frames.set(key, frame);
      return { frame, cells: null };
    }
    const changed = changedCells(before.cells, cells);
    if (changed.length === 0) return null;
    if (!isAnew) {
      const since = { structureSinceMs: before.structureSinceMs, valuesSinceMs: nowMs };
      const frame = { html, structure, cells, bytes: null, isBehind: false, ...since };
      this.frames.set(key, frame);
      return { frame, cells: changed };
    }
    // The structure waits for the next tick; readers have the old one, with these values in it.
    for (const [id, cell] of cells) before.cells.set(id, cell);
    before.isBehind = true;
    before.valuesSinceMs = nowMs;
    return { frame: before, cells: changed };
  }

  private rendered(key: string): string | null {
    try {
      return this.options.render(key);
    } catch (error) {
      // One broken fragment must not stop the others.
      this.options.onError(error, key);
      return null;
    }
  }
}

/** What a reader does not have of a key: all of it, its values, or nothing. */
function greet(client: LiveClient, key: string, frame: Frame, hasSinceMs: number | null): void {
  const cells = [...frame.cells.values()];
  if (hasSinceMs === null || frame.structureSinceMs > hasSinceMs) {
    client.offerLatest(key, bytesOf(frame));
    if (frame.isBehind) client.offerValues(key, cells, () => cells);
  } else if (frame.valuesSinceMs > hasSinceMs && cells.length > 0) {
    client.offerValues(key, cells, () => cells);
  }
}

function bytesOf(frame: Frame): Uint8Array {
  frame.bytes ??= frameOf(frame.html);
  return frame.bytes;
}
