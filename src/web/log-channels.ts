/**
 * Live log tails. Everyone who follows the same file with the same filter shares one channel: one
 * follower of the file, one ring of lines, one frame a tick. A reader that comes back with the id
 * of the last frame it saw gets what it missed, or a marker that says how much is missing.
 */
import { LogGap, LogLines } from "../../views/fragments/log-lines.tsx";
import { render } from "../../views/html.tsx";
import type { Tail } from "../../views/page.tsx";
import { LOG_TAIL_LINES } from "../../views/pages/logs.tsx";
import { partial } from "../../views/region.tsx";
import { Ring } from "../kernel/ring.ts";
import type { LogReader } from "../runtime/ports/log.ts";
import { frameOf, type LiveClient } from "./live-client.ts";

/** A burst beyond this in one tick is cut to its newest lines: nobody reads faster. */
const LOG_TICK_LINES_MAX = 100;
/** Files times filters; each follower polls its file. */
export const LOG_CHANNELS_MAX = 12;
/** A hidden tab closes its stream; it finds its place again within this time. */
const LINGER_MS = 60_000;

/** Element the lines go into. */
const LOG_TARGET = "log-lines";

interface Channel {
  readonly id: string;
  readonly topic: Tail;
  readonly ring: Ring<string>;
  readonly clients: Set<LiveClient>;
  /** Lines of this tick, not sent yet. */
  pending: string[];
  skipped: number;
  /** Resolves once the tail is in the ring; false when there is no such file. */
  ready: Promise<boolean>;
  isLoaded: boolean;
  emptySinceMs: number | null;
  stop: () => void;
}

export class LogChannels {
  private readonly logs: LogReader;
  private readonly nowMs: () => number;
  private readonly runId: string;
  private readonly channels = new Map<string, Channel>();
  private opened = 0;

  constructor(options: { logs: LogReader; nowMs: () => number; runId: string }) {
    this.logs = options.logs;
    this.nowMs = options.nowMs;
    this.runId = options.runId;
  }

  get size(): number {
    return this.channels.size;
  }

  /** Sends the tail, or what came after `lastEventId`, and then every new line. */
  async join(topic: Tail, client: LiveClient, lastEventId: string): Promise<void> {
    const channel = this.channelOf(topic);
    if (channel === null) {
      client.offer(gapFrame("Too many log tails are open; close another one.", "", "innerHTML"));
      return;
    }
    channel.emptySinceMs = null;
    if (!(await channel.ready)) {
      client.offer(gapFrame(`There is no log file ${topic.file}.`, "", "innerHTML"));
      return;
    }
    if (client.isEnded) return;
    channel.clients.add(client);
    greet(channel, client, lastEventId);
  }

  /** One frame a channel; forgets channels that nobody has read for a minute. */
  tick(): void {
    for (const [key, channel] of this.channels) {
      for (const client of channel.clients) if (client.isEnded) channel.clients.delete(client);
      flush(channel);
      if (channel.clients.size > 0) channel.emptySinceMs = null;
      else channel.emptySinceMs ??= this.nowMs();
      if (channel.emptySinceMs !== null && this.nowMs() - channel.emptySinceMs > LINGER_MS) {
        channel.stop();
        this.channels.delete(key);
      }
    }
  }

  stop(): void {
    for (const channel of this.channels.values()) channel.stop();
    this.channels.clear();
  }

  private channelOf(topic: Tail): Channel | null {
    const key = `${topic.file}\n${topic.q}`;
    const have = this.channels.get(key);
    if (have !== undefined) return have;
    if (this.channels.size >= LOG_CHANNELS_MAX && !this.dropIdle()) return null;
    const channel: Channel = {
      id: `${this.runId}-${++this.opened}`,
      topic,
      ring: new Ring(LOG_TAIL_LINES),
      clients: new Set(),
      pending: [],
      skipped: 0,
      ready: Promise.resolve(false),
      isLoaded: false,
      emptySinceMs: null,
      stop: () => undefined,
    };
    channel.stop = this.logs.follow(topic.file, (lines) => receive(channel, lines));
    channel.ready = this.load(channel);
    this.channels.set(key, channel);
    return channel;
  }

  private dropIdle(): boolean {
    for (const [key, channel] of this.channels) {
      if (channel.clients.size > 0) continue;
      channel.stop();
      this.channels.delete(key);
      return true;
    }
    return false;
  }

  /**
   * Puts the tail in front of what the follower has reported meanwhile. The follower starts first,
   * so that no line falls between the two; what both saw is dropped once.
   */
  private async load(channel: Channel): Promise<boolean> {
    const { file, q } = channel.topic;
    const tail = await this.logs.tail({ file, lines: LOG_TAIL_LINES, q: q === "" ? undefined : q });
    if (tail === null) return false;
    const followed = channel.pending;
    channel.pending = [];
    for (const line of [...tail, ...followed.slice(overlap(tail, followed))]) {
      channel.ring.push(line);
    }
    channel.isLoaded = true;
    return true;
  }
}

/** How many of the first lines of `next` are already the last lines of `before`. */
export function overlap(before: readonly string[], next: readonly string[]): number {
  for (let count = Math.min(before.length, next.length); count > 0; count--) {
    const tail = before.slice(-count);
    if (tail.every((line, index) => line === next[index])) return count;
  }
  return 0;
}

function receive(channel: Channel, lines: readonly string[]): void {
  const { q } = channel.topic;
  const wanted = q === "" ? lines : lines.filter((line) => line.includes(q));
  const pending = [...channel.pending, ...wanted];
  channel.skipped += Math.max(0, pending.length - LOG_TICK_LINES_MAX);
  channel.pending = pending.slice(-LOG_TICK_LINES_MAX);
}

function flush(channel: Channel): void {
  const { pending, skipped } = channel;
  if (pending.length === 0 || !channel.isLoaded) return;
  channel.pending = [];
  channel.skipped = 0;
  for (const line of pending) channel.ring.push(line);
  const gap = skipped === 0 ? "" : render(LogGap({ text: `${skipped} lines skipped: too fast` }));
  const frame = linesFrame(channel, gap, pending, "beforeend");
  for (const client of channel.clients) deliver(client, channel, frame);
}

/** A reader whose queue is full loses lines; the first frame it can take again says so. */
function deliver(client: LiveClient, channel: Channel, frame: Uint8Array): void {
  if (client.lostFrames > 0) {
    const text = `${client.lostFrames} updates were not sent: this page reads too slowly`;
    if (!client.offer(gapFrame(text, idOf(channel), "beforeend"))) return;
    client.lostFrames = 0;
  }
  client.offer(frame);
}

function greet(channel: Channel, client: LiveClient, lastEventId: string): void {
  const lines = channel.ring.toArray();
  const [id = "", seen = ""] = lastEventId.split(":");
  if (id !== channel.id || !/^\d+$/.test(seen)) {
    client.offer(linesFrame(channel, "", lines, "innerHTML"));
    return;
  }
  const missed = channel.ring.pushed - Number(seen);
  if (missed <= 0) return;
  const lost = Math.max(0, missed - lines.length);
  const gap = lost === 0 ? "" : render(LogGap({ text: `${lost} lines passed while away` }));
  client.offer(linesFrame(channel, gap, lines.slice(-missed), "beforeend"));
}

function linesFrame(
  channel: Channel,
  gap: string,
  lines: readonly string[],
  swap: "beforeend" | "innerHTML",
): Uint8Array {
  const html = gap + render(LogLines({ lines }));
  return frameOf(partial(LOG_TARGET, html, swap), { id: idOf(channel) });
}

function gapFrame(text: string, id: string, swap: "beforeend" | "innerHTML"): Uint8Array {
  const data = partial(LOG_TARGET, render(LogGap({ text })), swap);
  return frameOf(data, id === "" ? {} : { id });
}

function idOf(channel: Channel): string {
  return `${channel.id}:${channel.ring.pushed}`;
}
