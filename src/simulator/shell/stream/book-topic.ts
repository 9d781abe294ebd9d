/**
 * Order-book streams: snapshot then deltas, update ids that rise by one, cached snapshots.
 *
 * A topic remembers the levels it last told. Every push interval it compares them with the book and
 * tells the difference. A new subscriber gets a snapshot that is up to two seconds old and the
 * deltas since, at once, as recorded on the real venue. Level 1 knows only snapshots.
 */
import type { SimInstrument, SimLevels } from "../../core/api.ts";
import type { SimVenue } from "../../world/world.ts";
import { priceText, qtyText } from "../wire/text.ts";
import type { Peer } from "./peer.ts";
import { type PublicTopic, sendAll } from "./topic.ts";

/** Push intervals by depth. */
export const BOOK_PUSH_MS: Readonly<Record<number, number>> = {
  1: 10,
  50: 20,
  200: 100,
  1000: 200,
};
/** A level-1 book without change is repeated after this long. */
const REPEAT_MS = 3_000;
/** The cached snapshot is renewed when it is this old or this many deltas behind. */
const CACHE_MS = 2_000;
const CACHED_DELTAS_MAX = 64;

interface Sides {
  readonly bids: SimLevels;
  readonly asks: SimLevels;
}

export class BookTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  private readonly venue: SimVenue;
  private readonly index: number;
  private readonly depth: number;
  private readonly trimmed: boolean;
  private told: Sides = { bids: [], asks: [] };
  private toldVersion = -1;
  private updateId = 0;
  private seq = 0;
  private dueMs = 0;
  private sentAtMs = 0;
  private base: Sides = this.told;
  private baseUpdateId = 0;
  private baseSeq = 0;
  private baseAtMs = 0;
  private deltas: string[] = [];

  constructor(
    venue: SimVenue,
    options: { name: string; index: number; depth: number; spot?: boolean },
  ) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
    this.depth = options.depth;
    this.trimmed = options.spot ?? false;
  }

  welcome(peer: Peer, nowMs: number): void {
    const idle = this.peers.size === 0 || this.updateId === 0;
    if (idle || this.depth === 1) this.restart(nowMs);
    peer.push(this.name, this.frame("snapshot", this.baseAtMs, this.base, this.baseUpdateId));
    for (const delta of this.deltas) peer.push(this.name, delta);
  }

  tick(nowMs: number): void {
    if (nowMs < this.dueMs) return;
    const version = this.venue.core.bookVersion(this.index);
    if (version === this.toldVersion) {
      if (this.depth === 1 && nowMs - this.sentAtMs >= REPEAT_MS) this.tellTouch(nowMs);
      return;
    }
    this.dueMs = nowMs + (BOOK_PUSH_MS[this.depth] ?? 100);
    const now = this.read();
    this.toldVersion = version;
    const changes = {
      bids: difference(this.told.bids, now.bids, true),
      asks: difference(this.told.asks, now.asks, false),
    };
    if (changes.bids.length === 0 && changes.asks.length === 0) return;
    this.told = now;
    this.updateId++;
    this.seq = this.venue.bookSeq(this.index);
    if (this.depth === 1) this.tellTouch(nowMs);
    else this.tellDelta(changes, nowMs);
  }

  /** The venue's service restarts: everybody gets a snapshot whose update id is 1. */
  serviceRestart(nowMs: number): void {
    this.restart(nowMs);
    this.updateId = 1;
    this.rebase(nowMs);
    sendAll(this, this.frame("snapshot", nowMs, this.base, 1));
  }

  private tellTouch(nowMs: number): void {
    this.sentAtMs = nowMs;
    sendAll(this, this.frame("snapshot", nowMs, this.told, this.updateId));
  }

  private tellDelta(changes: Sides, nowMs: number): void {
    const frame = this.frame("delta", nowMs, changes, this.updateId);
    sendAll(this, frame);
    if (nowMs - this.baseAtMs > CACHE_MS || this.deltas.length >= CACHED_DELTAS_MAX) {
      this.rebase(nowMs);
    } else this.deltas.push(frame);
  }

  /** Nobody listened: the counter goes on from the book's own version, the cache starts anew. */
  private restart(nowMs: number): void {
    const { core } = this.venue;
    this.told = this.read();
    this.toldVersion = core.bookVersion(this.index);
    this.updateId = Math.max(this.updateId + 1, this.venue.bookUpdateId(this.index));
    this.seq = this.venue.bookSeq(this.index);
    this.sentAtMs = nowMs;
    this.rebase(nowMs);
  }

  private rebase(nowMs: number): void {
    this.base = this.told;
    this.baseUpdateId = this.updateId;
    this.baseSeq = this.seq;
    this.baseAtMs = nowMs;
    this.deltas = [];
  }

  private read(): Sides {
    return {
      bids: this.venue.levels(this.index, "Buy", this.depth),
      asks: this.venue.levels(this.index, "Sell", this.depth),
    };
  }

  private frame(type: "snapshot" | "delta", atMs: number, sides: Sides, updateId: number): string {
    const instrument = this.venue.instrumentAt(this.index);
    const seq = sides === this.base && type === "snapshot" ? this.baseSeq : this.seq;
    const bids = levelsText(instrument, sides.bids, this.trimmed);
    const asks = levelsText(instrument, sides.asks, this.trimmed);
    const levels = `"s":"${instrument.symbol}","b":${bids},"a":${asks}`;
    const data = `"data":{${levels},"u":${updateId},"seq":${seq}}`;
    const head = `{"topic":"${this.name}"`;
    const cts = Math.min(this.venue.nowMs, atMs);
    if (this.depth === 1 || this.trimmed) {
      return `${head},"ts":${atMs},"type":"${type}",${data},"cts":${cts}}`;
    }
    return `${head},"type":"${type}","ts":${atMs},${data},"cts":${cts}}`;
  }
}

function levelsText(instrument: SimInstrument, levels: SimLevels, trimmed: boolean): string {
  let text = "[";
  for (let at = 0; at < levels.length; at += 2) {
    const steps = levels[at + 1] ?? 0;
    const price = priceText(instrument, levels[at] ?? 0);
    const size = steps === 0 ? "0" : qtyText(instrument, steps);
    const shown = trimmed ? String(Number(price)) : price;
    text += `${at === 0 ? "" : ","}["${shown}","${size}"]`;
  }
  return `${text}]`;
}

/**
 * Changes that lead from one list of levels to another, both best first: new and changed levels
 * with their size, vanished ones with size 0. `falling` says that prices fall along the list.
 */
function difference(before: SimLevels, after: SimLevels, falling: boolean): SimLevels {
  const changes: SimLevels = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    const oldPrice = before[old];
    const nowPrice = after[now];
    if (oldPrice !== undefined && oldPrice === nowPrice) {
      const size = after[now + 1] ?? 0;
      if (before[old + 1] !== size) changes.push(nowPrice, size);
      old += 2;
      now += 2;
    } else if (
      nowPrice === undefined ||
      (oldPrice !== undefined && (falling ? oldPrice > nowPrice : oldPrice < nowPrice))
    ) {
      changes.push(oldPrice ?? 0, 0);
      old += 2;
    } else {
      changes.push(nowPrice, after[now + 1] ?? 0);
      now += 2;
    }
  }
  return changes;
}
