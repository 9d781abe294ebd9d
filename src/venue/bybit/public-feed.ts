/**
 * Books, trades and tickers of every listed contract, over as many sockets as the venue's limits
 * ask for. A symbol's topics stay together on one socket; when that socket goes down, its books are
 * declared faulty at once, so that nobody trades on a picture that stands still. A socket that
 * stands but stalls or lags takes the feed down without harming the books: they go on when it does.
 */
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolId } from "../../domain/units.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Counters } from "../common/counters.ts";
import { FeedWatch, LeastAge, LOOK_EVERY_MS } from "../common/feed-watch.ts";
import { backOffMs } from "../common/waits.ts";
import { type PublicRead, PublicReader } from "./codec/public-reader.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import { bookTopic, tickerTopic, tradesTopic } from "./codec/topics.ts";
import { PublicShard, type ShardSocket } from "./public-shard.ts";

const BOOK_DEPTH = 50;

interface PublicFeedOptions extends Omit<ShardSocket, "name" | "onDown"> {
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly sink: EventSink;
  readonly onFrame: ((socket: string, text: string) => void) | undefined;
  /** A message that cannot be read on the terms that we know: they may have changed. */
  readonly onUnreadable: () => void;
}

/** A healthy venue sends the snapshot within a fraction of that. */
const SNAPSHOT_WAIT_MS = 5_000;
const CHECK_EVERY_MS = 1_000;
const RENEW_BACK_OFF = { firstMs: 250, capMs: 30_000 };
/** A book that was good for so long starts its back-off anew. */
const RENEW_FORGET_MS = 60_000;

/** One subscribed symbol. */
interface Subscription {
  readonly shard: PublicShard;
  readonly topics: readonly string[];
  /** Our clock when a snapshot was asked for; null once it came. */
  awaitingSinceMs: number | null;
  renewals: number;
  renewedAtMs: number;
  cancelRenewal: (() => void) | null;
}

export class PublicFeed {
  private readonly options: PublicFeedOptions;
  private readonly reader: PublicReader;
  private readonly shards: PublicShard[] = [];
  private readonly watches = new Map<PublicShard, FeedWatch>();
  private readonly leastAge = new LeastAge();
  private readonly subscriptions = new Map<SymbolId, Subscription>();
  private wasUp = false;
  private lastDetail = "";
  lastFrameAtMs: number | null = null;

  constructor(options: PublicFeedOptions) {
    this.options = options;
    this.reader = new PublicReader(options.table);
    options.waits.every(CHECK_EVERY_MS, () => this.check());
    options.waits.every(LOOK_EVERY_MS, () => this.look());
  }

  get up(): boolean {
    return this.shards.length > 0 && this.shards.every((shard) => this.troubleOf(shard) === null);
  }

  get detail(): string {
    const troubles = this.shards
      .map((shard) => this.troubleOf(shard))
      .filter((trouble) => trouble !== null);
    const up = this.shards.length - troubles.length;
    const text = `${up} of ${this.shards.length} sockets, ${this.subscriptions.size} symbols`;
    return troubles[0] === undefined ? text : `${text}; ${troubles[0]}`;
  }

  /** Messages of the hot kinds that the fast reader declined. */
  get slowCount(): number {
    return this.reader.slowCount;
  }

  /** Subscribes exactly the instruments that trade. Called with every new list. */
  follow(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) {
      const known = this.subscriptions.get(instrument.id);
      const wanted = instrument.status === "trading";
      if (wanted && known === undefined) this.subscribe(instrument);
      if (!wanted && known !== undefined) this.unsubscribe(instrument.id, known);
    }
    this.announce();
  }

  /**
   * A fresh snapshot for one book, at once the first time and with back-off when it is asked often.
   */
  renewBook(symbolId: SymbolId): void {
    const { clock, waits, prng } = this.options;
    const subscription = this.subscriptions.get(symbolId);
    this.reader.awaitSnapshot(symbolId);
    if (subscription === undefined || !subscription.shard.socket.up) return;
    if (subscription.cancelRenewal !== null) return;
    const nowMs = clock.nowMs();
    if (nowMs - subscription.renewedAtMs > RENEW_FORGET_MS) subscription.renewals = 0;
    const delayMs =
      subscription.renewals === 0 ? 0 : backOffMs(RENEW_BACK_OFF, subscription.renewals - 1, prng);
    subscription.renewals++;
    subscription.awaitingSinceMs = nowMs + delayMs;
    const renew = () => {
      subscription.cancelRenewal = null;
      subscription.renewedAtMs = clock.nowMs();
      subscription.awaitingSinceMs = clock.nowMs();
      this.options.counters.add("book_renewals");
      subscription.shard.renew(subscription.topics[0] ?? "");
    };
    if (delayMs === 0) renew();
    else subscription.cancelRenewal = waits.after(delayMs, renew);
  }

  stop(): void {
    for (const shard of this.shards) shard.socket.stop();
  }

  private subscribe(instrument: Instrument): void {
    const { symbol } = instrument;
    const topics = [bookTopic(symbol, BOOK_DEPTH), tradesTopic(symbol), tickerTopic(symbol)];
    let shard = this.shards.find((candidate) => candidate.hasRoomFor(topics));
    const isNew = shard === undefined;
    shard ??= this.openShard();
    this.subscriptions.set(instrument.id, {
      shard,
      topics,
      awaitingSinceMs: shard.socket.up ? this.options.clock.nowMs() : null,
      renewals: 0,
      renewedAtMs: 0,
      cancelRenewal: null,
    });
    shard.add(topics);
    if (isNew) shard.socket.start();
  }

  private unsubscribe(symbolId: SymbolId, subscription: Subscription): void {
    subscription.cancelRenewal?.();
    subscription.shard.remove(subscription.topics);
    this.subscriptions.delete(symbolId);
    this.options.sink({ kind: "book_fault", symbolId, fault: "the contract no longer trades" });
  }

  private openShard(): PublicShard {
    const name = `public-${this.shards.length + 1}`;
    const shard: PublicShard = new PublicShard({
      ...this.options,
      name,
      prng: this.options.prng.child(name),
      onText: (text) => this.receive(shard, name, text),
      onUp: () => this.shardUp(shard),
      onRefused: (topic, text) => {
        this.options.counters.add("refused_topics");
        this.options.log.warn("the venue does not serve a topic", { topic, text });
      },
      onDown: (detail) => this.shardDown(shard, `${name} is down: ${detail}`),
    });
    this.shards.push(shard);
    this.watches.set(shard, new FeedWatch(this.leastAge));
    return shard;
  }

  private shardUp(shard: PublicShard): void {
    const nowMs = this.options.clock.nowMs();
    this.watches.get(shard)?.restart(this.options.clock.monotonicMs());
    for (const subscription of this.subscriptions.values()) {
      if (subscription.shard === shard) subscription.awaitingSinceMs = nowMs;
    }
    this.announce();
  }

  private shardDown(shard: PublicShard, fault: string): void {
    for (const [symbolId, subscription] of this.subscriptions) {
      if (subscription.shard !== shard) continue;
      subscription.cancelRenewal?.();
      subscription.cancelRenewal = null;
      subscription.awaitingSinceMs = null;
      this.reader.awaitSnapshot(symbolId);
      this.options.sink({ kind: "book_fault", symbolId, fault });
    }
    this.announce();
  }

  private receive(shard: PublicShard, name: string, text: string): void {
    const { counters, sink, onFrame, clock } = this.options;
    const monotonicMs = clock.monotonicMs();
    const watch = this.watches.get(shard);
    this.lastFrameAtMs = clock.nowMs();
    watch?.onFrame(monotonicMs);
    onFrame?.(name, text);
    const read = this.reader.read(text);
    switch (read.kind) {
      case "frame":
        if (read.event.kind === "book") {
          if (read.event.isSnapshot) this.snapshotCame(read.event.symbolId);
          else watch?.onChange(read.event.venueAtMs, monotonicMs);
        }
        sink(read.event);
        break;
      case "left_out":
        watch?.onChange(read.event.venueAtMs, monotonicMs);
        break;
      case "gap":
        watch?.onChange(read.event.venueAtMs, monotonicMs);
        counters.add("book_gaps");
        sink({ kind: "book_fault", symbolId: read.symbolId, fault: read.fault });
        break;
      case "frames":
        for (const event of read.events) sink(event);
        break;
      case "control":
        shard.answer(read.control);
        this.announce();
        break;
      case "unknown":
        counters.add(`public_${read.reason}`);
        break;
      case "fault":
        this.fault(read);
        break;
    }
  }

  private fault(read: PublicRead & { kind: "fault" }): void {
    const { counters, sink, log } = this.options;
    const { symbolId, fault, topic } = read;
    counters.add(`unusable_${topic}`);
    this.options.onUnreadable();
    if (topic === "book") sink({ kind: "book_fault", symbolId, fault });
    else log.warn("a market message is unusable and was left out", { fault });
  }

  private snapshotCame(symbolId: SymbolId): void {
    const subscription = this.subscriptions.get(symbolId);
    if (subscription !== undefined) subscription.awaitingSinceMs = null;
  }

  /** Asks again for snapshots that did not come. */
  private check(): void {
    const nowMs = this.options.clock.nowMs();
    for (const [symbolId, subscription] of this.subscriptions) {
      const { awaitingSinceMs } = subscription;
      if (awaitingSinceMs === null || nowMs - awaitingSinceMs < SNAPSHOT_WAIT_MS) continue;
      if (subscription.shard.socket.up) this.renewBook(symbolId);
    }
    this.announce();
  }

  private look(): void {
    const monotonicMs = this.options.clock.monotonicMs();
    for (const watch of this.watches.values()) watch.look(monotonicMs);
    this.announce();
  }

  /** Why this socket's books are no picture of now; null when they are. */
  private troubleOf(shard: PublicShard): string | null {
    if (!shard.socket.up) return shard.socket.detail;
    const trouble = this.watches.get(shard)?.trouble ?? null;
    return trouble === null ? null : `${shard.socket.name} is ${trouble}`;
  }

  /** Tells the engine when the feed goes up or down. */
  private announce(): void {
    const { up, detail } = this;
    // How far behind changes with every look; that it is behind does not.
    const changed = detail.replace(/\d+ ms/g, "") !== this.lastDetail;
    if (up === this.wasUp && (up || !changed)) return;
    this.wasUp = up;
    this.lastDetail = detail.replace(/\d+ ms/g, "");
    this.options.sink({ kind: "feed_status", feed: "market", up, detail });
  }
}
