/** Ticker, trade, liquidation and price-band streams. */
import type { SimLiquidation } from "../../core/api.ts";
import type { TapedTrade } from "../../market/trade-tape.ts";
import type { SimVenue } from "../../world/world.ts";
import { priceLimits } from "../wire/price-limit.ts";
import { priceText, qtyText } from "../wire/text.ts";
import {
  readTicker,
  TICKER_FIELDS,
  tickerDeltaText,
  tickerItem,
  tickerSnapshotText,
} from "../wire/ticker-fields.ts";
import type { Peer } from "./peer.ts";
import { type PublicTopic, sendAll } from "./topic.ts";

const TICKER_PUSH_MS = 100;
const SPOT_TICKER_PUSH_MS = 1_000;
const LIQUIDATION_PUSH_MS = 500;
const PRICE_LIMIT_PUSH_MS = 300;
/** Trades in one message. */
const TRADES_PER_FRAME_MAX = 1_024;

export class TickerTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  private readonly venue: SimVenue;
  private readonly index: number;
  private told = new Float64Array(TICKER_FIELDS);
  private spare = new Float64Array(TICKER_FIELDS);
  private toldBook = -1;
  private toldTape = -1;
  private toldMark = -1;
  private dueMs = 0;

  constructor(venue: SimVenue, options: { name: string; index: number }) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
  }

  welcome(peer: Peer, nowMs: number): void {
    if (this.peers.size === 0) readTicker(this.venue, this.index, this.told);
    const instrument = this.venue.instrumentAt(this.index);
    const fields = tickerSnapshotText(instrument, this.told);
    peer.push(this.name, this.frame("snapshot", `,${fields}`, nowMs));
  }

  tick(nowMs: number): void {
    if (nowMs < this.dueMs) return;
    const book = this.venue.core.bookVersion(this.index);
    const tape = this.venue.tape.of(this.index).version;
    const mark = this.venue.core.prices(this.index).markTicks;
    if (book === this.toldBook && tape === this.toldTape && mark === this.toldMark) return;
    this.toldBook = book;
    this.toldTape = tape;
    this.toldMark = mark;
    const now = this.spare;
    readTicker(this.venue, this.index, now);
    const changes = tickerDeltaText(this.venue.instrumentAt(this.index), this.told, now);
    this.spare = this.told;
    this.told = now;
    if (changes === "") return;
    this.dueMs = nowMs + TICKER_PUSH_MS;
    sendAll(this, this.frame("delta", changes, nowMs));
  }

  private frame(type: "snapshot" | "delta", fields: string, nowMs: number): string {
    const { symbol } = this.venue.instrumentAt(this.index);
    const data = `"data":{"symbol":"${symbol}"${fields}}`;
    const { seq } = this.venue.core;
    return `{"topic":"${this.name}","type":"${type}",${data},"cs":${seq},"ts":${nowMs}}`;
  }
}

/** The spot form: snapshots only, without the touch. */
export class SpotTickerTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  private readonly venue: SimVenue;
  private readonly index: number;
  private toldTape = -1;
  private dueMs = 0;

  constructor(venue: SimVenue, options: { name: string; index: number }) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
  }

  welcome(peer: Peer, nowMs: number): void {
    peer.push(this.name, this.frame(nowMs));
  }

  tick(nowMs: number): void {
    const tape = this.venue.tape.of(this.index).version;
    if (nowMs < this.dueMs || tape === this.toldTape) return;
    this.toldTape = tape;
    this.dueMs = nowMs + SPOT_TICKER_PUSH_MS;
    sendAll(this, this.frame(nowMs));
  }

  private frame(nowMs: number): string {
    const item = tickerItem(this.venue, this.index);
    const names =
      "symbol lastPrice highPrice24h lowPrice24h prevPrice24h volume24h turnover24h price24hPcnt";
    const data = Object.fromEntries(names.split(" ").map((name) => [name, item[name] ?? ""]));
    return JSON.stringify({
      topic: this.name,
      ts: nowMs,
      type: "snapshot",
      cs: this.venue.core.seq,
      data: { ...data, usdIndexPrice: item.indexPrice ?? "" },
    });
  }
}

export class TradeTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  readonly index: number;
  private readonly venue: SimVenue;
  private waiting: TapedTrade[] = [];

  constructor(venue: SimVenue, options: { name: string; index: number }) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
  }

  /** No history on subscribe. */
  welcome(): void {}

  add(trade: TapedTrade): void {
    this.waiting.push(trade);
  }

  tick(nowMs: number): void {
    while (this.waiting.length > 0) {
      const trades = this.waiting.splice(0, TRADES_PER_FRAME_MAX);
      const data = trades.map((trade) => this.tradeText(trade)).join(",");
      sendAll(this, `{"topic":"${this.name}","type":"snapshot","ts":${nowMs},"data":[${data}]}`);
    }
  }

  private tradeText(trade: TapedTrade): string {
    const instrument = this.venue.instrumentAt(this.index);
    const size = qtyText(instrument, trade.qtySteps);
    const price = priceText(instrument, trade.priceTicks);
    const who = `"T":${trade.atMs},"s":"${instrument.symbol}","S":"${trade.side}"`;
    const what = `"v":"${size}","p":"${price}","L":"${trade.direction}","i":"${trade.execId}"`;
    return `{${who},${what},"BT":false,"RPI":false,"seq":${trade.seq}}`;
  }
}

export class LiquidationTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  readonly index: number;
  private readonly venue: SimVenue;
  private waiting: SimLiquidation[] = [];
  private dueMs = 0;

  constructor(venue: SimVenue, options: { name: string; index: number }) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
  }

  welcome(): void {}

  add(liquidation: SimLiquidation): void {
    this.waiting.push(liquidation);
  }

  tick(nowMs: number): void {
    if (this.waiting.length === 0 || nowMs < this.dueMs) return;
    this.dueMs = nowMs + LIQUIDATION_PUSH_MS;
    const instrument = this.venue.instrumentAt(this.index);
    const data = this.waiting.splice(0).map((liquidation) => ({
      T: liquidation.atMs,
      s: instrument.symbol,
      S: liquidation.side,
      v: qtyText(instrument, liquidation.qtySteps),
      p: priceText(instrument, liquidation.priceTicks),
    }));
    sendAll(this, JSON.stringify({ topic: this.name, type: "snapshot", ts: nowMs, data }));
  }
}

export class PriceLimitTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  private readonly venue: SimVenue;
  private readonly index: number;
  private told = "";
  private dueMs = 0;

  constructor(venue: SimVenue, options: { name: string; index: number }) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
  }

  welcome(peer: Peer, nowMs: number): void {
    peer.push(this.name, this.frame(nowMs, this.limits()));
  }

  tick(nowMs: number): void {
    if (nowMs < this.dueMs) return;
    this.dueMs = nowMs + PRICE_LIMIT_PUSH_MS;
    const limits = this.limits();
    if (limits === this.told) return;
    this.told = limits;
    sendAll(this, this.frame(nowMs, limits));
  }

  private limits(): string {
    const { symbol } = this.venue.instrumentAt(this.index);
    return JSON.stringify({ symbol, ...priceLimits(this.venue, this.index) });
  }

  private frame(nowMs: number, data: string): string {
    return `{"topic":"${this.name}","data":${data},"ts":${nowMs}}`;
  }
}
