/**
 * Live log tails. Everyone who follows the same file with the same filter shares one channel: one
 * follower of the file, one ring of lines, one frame a tick. With a filter the channel also
 * searches what the file holds already, newest first, and puts what it finds above the rest until
 * the page is full or all was read. A reader that comes back with the id of the last frame it saw
 * gets what it missed, or a marker that says how much is missing.
 */
import { LogGap, LogLines } from "../../views/fragments/log-lines.tsx";
import { render } from "../../views/html.tsx";
import type { Tail } from "../../views/page.tsx";
import type { PlacedLine } from "../../views/page-model.ts";
import { LOG_TAIL_LINES, progressOf } from "../../views/pages/logs.tsx";
import { partial } from "../../views/region.tsx";
import { Ring } from "../kernel/ring.ts";
import { errorText } from "../kernel/wording.ts";
import type { LogReader, LogSearch, LogSearchStep } from "../runtime/ports/log.ts";
import { frameOf, type LiveClient } from "./live-client.ts";

/** A burst beyond this in one tick is cut to its newest lines: nobody reads faster. */
const LOG_TICK_LINES_MAX = 100;
/** Files times filters; each follower polls its file. */
export const LOG_CHANNELS_MAX = 12;
/** A hidden tab closes its stream; it finds its place again within this time. */
const LINGER_MS = 60_000;

/** Elements that the lines go into, and that says how far a search is. */
const LOG_TARGET = "log-lines";
const PROGRESS_TARGET = "log-progress";
/** Hits reach the page in steps of this length: it sees that something moves. */
const STEP = { bytesMax: 1024 * 1024, forMs: 100 } as const;

interface Channel {
  readonly id: string;
  readonly topic: Tail;
  readonly ring: Ring<PlacedLine>;
  readonly clients: Set<LiveClient>;
  /** Found by the search after the channel was open: they stand above the ring's lines. */
  older: PlacedLine[];
  /** Null when there is none, or it has ended. */
  search: LogSearch | null;
  /** Lines of this tick, not sent yet. */
  pending: PlacedLine[];
  skipped: number;
  /** Resolves once the tail is in the ring: with what keeps it from being there, empty usually. */
  ready: Promise<string>;
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
    const problem = await channel.ready;
    if (problem !== "") {
      client.offer(gapFrame(problem, "", "innerHTML"));
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
      const wasEmpty = channel.emptySinceMs !== null;
      if (channel.clients.size > 0) channel.emptySinceMs = null;
      else channel.emptySinceMs ??= this.nowMs();
      if (channel.emptySinceMs === null) continue;
      // A search that nobody waits for ends now; a tail may be come back to.
      const isIdle = this.nowMs() - channel.emptySinceMs > LINGER_MS;
      if (isIdle || (wasEmpty && channel.isLoaded && channel.search !== null)) {
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
    const key = JSON.stringify(topic);
    const have = this.channels.get(key);
    if (have !== undefined) return have;
    if (this.channels.size >= LOG_CHANNELS_MAX && !this.dropIdle()) return null;
    const channel: Channel = {
      id: `${this.runId}-${++this.opened}`,
      topic,
      ring: new Ring(LOG_TAIL_LINES),
      clients: new Set(),
      older: [],
      search: null,
      pending: [],
      skipped: 0,
      ready: Promise.resolve(""),
      isLoaded: false,
      emptySinceMs: null,
      stop: () => undefined,
    };
    const stopFollowing = this.logs.follow(
      topic.file,
      (lines, offsets) => receive(channel, lines, offsets),
      topic.filter,
    );
    channel.stop = () => {
      stopFollowing();
      channel.search?.close();
      channel.search = null;
    };
    channel.ready = this.load(channel).catch(errorText);
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
   * Puts the tail in front of what the follower has reported meanwhile: that starts first, so that
   * no line falls between the two.
   */
  private async load(channel: Channel): Promise<string> {
    const { file, filter } = channel.topic;
    const missing = `There is no log file ${file}.`;
    if (filter === null) {
      const tail = await this.logs.tail({ file, lines: LOG_TAIL_LINES });
      if (tail === null) return missing;
      begin(channel, tail);
      return "";
    }
    channel.search = this.logs.search({ file, filter, order: "newest" });
    if (channel.search === null) return missing;
    const first = await channel.search.next({ hitsMax: LOG_TAIL_LINES, ...STEP });
    begin(channel, first.hits.toReversed());
    void goOn(channel, first);
    return "";
  }
}

/** The first lines; what the follower saw of them as well is dropped once. */
function begin(channel: Channel, tail: readonly PlacedLine[]): void {
  const followed = channel.pending;
  channel.pending = [];
  const same = overlap(tail.map(textOf), followed.map(textOf));
  for (const line of [...tail, ...followed.slice(same)]) channel.ring.push(line);
  channel.isLoaded = true;
}

const textOf = ({ text }: PlacedLine): string => text;

/** Searches on until the page is full, all was read or nobody is there. */
async function goOn(channel: Channel, first: LogSearchStep): Promise<void> {
  const { file, filter } = channel.topic;
  let step = first;
  try {
    while (!step.isDone && step.matches < LOG_TAIL_LINES && channel.search !== null) {
      step = await channel.search.next({ hitsMax: LOG_TAIL_LINES - step.matches, ...STEP });
      const found = step.hits.toReversed();
      channel.older = [...found, ...channel.older];
      const lines = render(LogLines({ file, lines: found }));
      const progress = progressOf(file, filter ?? {}, step);
      const frame = frameOf(
        partial(LOG_TARGET, lines, "afterbegin") + partial(PROGRESS_TARGET, progress),
        { id: idOf(channel) },
      );
      for (const client of channel.clients) deliver(client, channel, frame);
    }
  } catch (error) {
    const frame = gapFrame(errorText(error), idOf(channel), "afterbegin");
    for (const client of channel.clients) deliver(client, channel, frame);
  }
  channel.search?.close();
  channel.search = null;
}

/** How many of the first lines of `next` are already the last lines of `before`. */
export function overlap(before: readonly string[], next: readonly string[]): number {
  for (let count = Math.min(before.length, next.length); count > 0; count--) {
    const tail = before.slice(-count);
    if (tail.every((line, index) => line === next[index])) return count;
  }
  return 0;
}

function receive(channel: Channel, lines: readonly string[], offsets: readonly number[]): void {
  const wanted = lines.map((text, at) => ({ text, offset: offsets[at] ?? 0 }));
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
  const ring = channel.ring.toArray();
  const [id = "", seen = ""] = lastEventId.split(":");
  if (id !== channel.id || !/^\d+$/.test(seen)) {
    client.offer(linesFrame(channel, "", [...channel.older, ...ring], "innerHTML"));
    return;
  }
  const missed = channel.ring.pushed - Number(seen);
  if (missed <= 0) return;
  const lost = Math.max(0, missed - ring.length);
  const gap = lost === 0 ? "" : render(LogGap({ text: `${lost} lines passed while away` }));
  client.offer(linesFrame(channel, gap, ring.slice(-missed), "beforeend"));
}

function linesFrame(
  channel: Channel,
  gap: string,
  lines: readonly PlacedLine[],
  swap: "beforeend" | "innerHTML",
): Uint8Array {
  const html = gap + render(LogLines({ file: channel.topic.file, lines }));
  return frameOf(partial(LOG_TARGET, html, swap), { id: idOf(channel) });
}

type GapSwap = "afterbegin" | "beforeend" | "innerHTML";

function gapFrame(text: string, id: string, swap: GapSwap): Uint8Array {
  const data = partial(LOG_TARGET, render(LogGap({ text })), swap);
  return frameOf(data, id === "" ? {} : { id });
}

function idOf(channel: Channel): string {
  return `${channel.id}:${channel.ring.pushed}`;
}
