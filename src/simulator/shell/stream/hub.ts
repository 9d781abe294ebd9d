/**
 * Public topics: made when somebody subscribes, forgotten when nobody does.
 *
 * Each frame is encoded once and handed to every subscriber. Topics that nobody wants cost nothing.
 */
import type { SimEvent } from "../../core/api.ts";
import { INTERVAL_MS } from "../../market/bars.ts";
import type { TapedTrade } from "../../market/trade-tape.ts";
import type { SimVenue, VenueListener } from "../../world/world.ts";
import { isTopicUnder } from "../faults.ts";
import { spotPairs } from "../wire/instrument-item.ts";
import { BOOK_PUSH_MS, BookTopic } from "./book-topic.ts";
import { KlineTopic } from "./kline-topic.ts";
import {
  LiquidationTopic,
  PriceLimitTopic,
  SpotTickerTopic,
  TickerTopic,
  TradeTopic,
} from "./market-topic.ts";
import type { Peer } from "./peer.ts";
import type { PublicTopic } from "./topic.ts";

/** Frames of topics of both sockets, counted for the status page. */
export class PublicHub implements VenueListener {
  private readonly venue: SimVenue;
  private readonly topics = new Map<string, PublicTopic>();
  private readonly trades = new Map<number, TradeTopic>();
  private readonly liquidations = new Map<number, LiquidationTopic>();
  private readonly spotIndexes: Map<string, number>;

  constructor(venue: SimVenue) {
    this.venue = venue;
    this.spotIndexes = new Map(spotPairs(venue).map(({ symbol, index }) => [symbol, index]));
    venue.listen(this);
  }

  get size(): number {
    return this.topics.size;
  }

  /** Whether the socket of this kind offers the topic. */
  knows(kind: Peer["kind"], name: string): boolean {
    return this.topics.has(keyOf(kind, name)) || this.make(kind, name) !== null;
  }

  /** Adds the subscriber after sending it the topic's first frames. */
  subscribe(peer: Peer, name: string, nowMs: number): void {
    const key = keyOf(peer.kind, name);
    const topic = this.topics.get(key) ?? this.make(peer.kind, name);
    if (topic === null) return;
    this.topics.set(key, topic);
    if (topic instanceof TradeTopic && peer.kind === "linear") this.trades.set(topic.index, topic);
    if (topic instanceof LiquidationTopic) this.liquidations.set(topic.index, topic);
    topic.welcome(peer, nowMs);
    topic.peers.add(peer);
  }

  /** Books under the topic's first parts begin anew at update id 1; every book when it is empty. */
  restartBooks(prefix: string, nowMs: number): void {
    for (const topic of this.topics.values()) {
      if (topic instanceof BookTopic && isTopicUnder(topic.name, prefix)) {
        topic.serviceRestart(nowMs);
      }
    }
  }

  unsubscribe(peer: Peer, name: string): void {
    const key = keyOf(peer.kind, name);
    const topic = this.topics.get(key);
    topic?.peers.delete(peer);
    if (topic === undefined || topic.peers.size > 0) return;
    this.topics.delete(key);
    if (topic instanceof TradeTopic) this.trades.delete(topic.index);
    if (topic instanceof LiquidationTopic) this.liquidations.delete(topic.index);
  }

  tick(nowMs: number): void {
    for (const liquidation of this.venue.market.drainLiquidations()) {
      this.liquidations.get(liquidation.symbolIndex)?.add(liquidation);
    }
    for (const topic of this.topics.values()) topic.tick(nowMs);
  }

  onTrades(trades: readonly TapedTrade[]): void {
    if (this.trades.size === 0) return;
    for (const trade of trades) this.trades.get(trade.symbolIndex)?.add(trade);
  }

  onPrivate(events: readonly SimEvent[]): void {
    for (const event of events) {
      if (event.kind !== "liquidation") continue;
      this.liquidations.get(event.liquidation.symbolIndex)?.add(event.liquidation);
    }
  }

  private make(kind: Peer["kind"], name: string): PublicTopic | null {
    const [channel = "", second = "", third] = name.split(".");
    const symbol = third ?? second;
    const index = this.indexOf(kind, symbol);
    if (index === undefined) return null;
    const options = { name, index };
    if (third === undefined) return this.makePlain(kind, channel, options);
    if (channel === "orderbook" && BOOK_PUSH_MS[Number(second)] !== undefined) {
      return new BookTopic(this.venue, {
        ...options,
        depth: Number(second),
        spot: kind === "spot",
      });
    }
    if (channel === "kline" && INTERVAL_MS[second] !== undefined) {
      return new KlineTopic(this.venue, { ...options, interval: second, spot: kind === "spot" });
    }
    return null;
  }

  private makePlain(
    kind: Peer["kind"],
    channel: string,
    options: { name: string; index: number },
  ): PublicTopic | null {
    if (channel === "tickers") {
      return kind === "spot"
        ? new SpotTickerTopic(this.venue, options)
        : new TickerTopic(this.venue, options);
    }
    if (channel === "publicTrade") return new TradeTopic(this.venue, options);
    if (kind === "spot") return null;
    if (channel === "allLiquidation") return new LiquidationTopic(this.venue, options);
    return channel === "priceLimit" ? new PriceLimitTopic(this.venue, options) : null;
  }

  private indexOf(kind: Peer["kind"], symbol: string): number | undefined {
    if (kind === "spot") return this.spotIndexes.get(symbol);
    return this.venue.instrument(symbol)?.index;
  }
}

function keyOf(kind: Peer["kind"], name: string): string {
  return `${kind}/${name}`;
}
