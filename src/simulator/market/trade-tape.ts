/**
 * What the venue tells about each contract besides its book: bars, the last 24 hours, recent
 * trades.
 *
 * Fed with every public trade. The 24-hour sums move hour by hour: whole hours are added, the
 * oldest fades out linearly, so the figures roll without a store of trades. As on the venue they
 * are summed anew with a trade and stand between two trades.
 */
import { must } from "../../kernel/assert.ts";
import { toNumber } from "../../kernel/decimal.ts";
import { Ring } from "../../kernel/ring.ts";
import type { SimTrade } from "../core/api.ts";
import { BarStore, barStart, DAY_MS, HOUR_MS, MINUTE_MS } from "./bars.ts";
import { hashedShare, keyOf } from "./cascade.ts";
import type { Listing } from "./catalogue.ts";
import { SharedPaths } from "./coin-path.ts";
import { type PastMarket, pastMarket } from "./past.ts";

/** A screenful for contracts that people watch; an unread trade costs 200 bytes. */
const RECENT_TRADES_BUSY_MAX = 100;
const RECENT_TRADES_MAX = 15;
const BUSY_RANKS = 25;

export type TickDirection = "PlusTick" | "ZeroPlusTick" | "MinusTick" | "ZeroMinusTick";

export interface TapedTrade extends SimTrade {
  readonly direction: TickDirection;
}

/** Prices in whole ticks, sums in base coin and USDT. */
interface DayStats {
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly prev24hTicks: number;
  readonly prev1hTicks: number;
  readonly volume: number;
  readonly turnover: number;
}

class SymbolTape {
  readonly bars: BarStore;
  readonly past: PastMarket;
  readonly recent: Ring<TapedTrade>;
  /** Rises with every trade and every minute. */
  version = 0;
  lastTicks: number;
  direction: TickDirection = "ZeroPlusTick";
  private readonly listing: Listing;
  private readonly key: number;
  private readonly startAtMs: number;
  private hourMs = -1;
  private minuteMs = -1;
  private dayHigh = 0;
  private dayLow = 0;
  private dayVolume = 0;
  private dayTurnover = 0;
  private fadingVolume = 0;
  private fadingTurnover = 0;
  private tradedAtMs = 0;
  private summedVolume = -1;
  private summedTurnover = 0;
  private prev24hTicks = 0;
  private prev1hTicks = 0;

  constructor(
    listing: Listing,
    from: { readonly seed: string; readonly startAtMs: number; readonly shared: SharedPaths },
  ) {
    const { seed, startAtMs, shared } = from;
    const { instrument, activity } = listing;
    this.listing = listing;
    this.key = keyOf(`${seed}/${instrument.symbol}`);
    this.startAtMs = startAtMs;
    this.lastTicks = this.ticksOf(activity.startPrice);
    this.past = pastMarket({
      seed,
      symbol: instrument.symbol,
      law: activity,
      shared,
      startAtMs,
      startPrice: activity.startPrice,
      turnover24hUsdt: activity.turnover24hUsdt,
    });
    this.bars = new BarStore(this.past, startAtMs, toNumber(instrument.price, this.lastTicks));
    this.recent = new Ring(activity.rank < BUSY_RANKS ? RECENT_TRADES_BUSY_MAX : RECENT_TRADES_MAX);
  }

  trade(trade: SimTrade): TapedTrade {
    const { instrument } = this.listing;
    this.direction = directionOf(this.direction, trade.priceTicks - this.lastTicks);
    this.lastTicks = trade.priceTicks;
    this.version++;
    this.tradedAtMs = trade.atMs;
    this.summedVolume = -1;
    const price = toNumber(instrument.price, trade.priceTicks);
    this.bars.trade(trade.atMs, price, toNumber(instrument.qty, trade.qtySteps));
    const taped = { ...trade, direction: this.direction };
    this.recent.push(taped);
    return taped;
  }

  /**
   * Trades from before the start, newest first, as a function of the seed: a list of recent trades
   * is never empty, and the live ones push these out.
   */
  olderTrades(count: number): TapedTrade[] {
    const { instrument, activity } = this.listing;
    const gapMs = 1_000 / activity.takesPerSecond;
    const stepUsdt = toNumber(instrument.qty, 1) * activity.startPrice;
    return Array.from({ length: count }, (_, at) => {
      const isBuy = hashedShare(this.key, Math.floor(at / 3)) < 0.5;
      const usdt = (activity.tradeUsdt / 3) * Math.exp(3 * hashedShare(this.key ^ 7, at));
      const atMs = Math.floor(this.startAtMs - gapMs * (at + hashedShare(this.key ^ 5, at)));
      return {
        execId: pastExecId(this.key, at),
        symbolIndex: instrument.index,
        side: isBuy ? "Buy" : "Sell",
        priceTicks: this.ticksOf(this.past.priceAt(atMs)),
        qtySteps: Math.max(1, Math.round(usdt / stepUsdt)),
        seq: 0,
        atMs,
        direction: isBuy ? "ZeroPlusTick" : "ZeroMinusTick",
      };
    });
  }

  /** The last 24 hours as of `atMs`. */
  day(atMs: number): DayStats {
    this.bars.roll(atMs);
    if (barStart("60", atMs) !== this.hourMs) this.sumHours(atMs);
    if (barStart("1", atMs) !== this.minuteMs) this.lookBack(atMs);
    const hour = this.bars.hourAt(this.hourMs);
    if (this.summedVolume < 0) {
      const left = 1 - Math.max(0, this.tradedAtMs - this.hourMs) / HOUR_MS;
      this.summedVolume = this.dayVolume + hour.volume + left * this.fadingVolume;
      this.summedTurnover = this.dayTurnover + hour.turnover + left * this.fadingTurnover;
    }
    return {
      highTicks: this.ticksOf(Math.max(this.dayHigh, hour.high)),
      lowTicks: Math.max(1, this.ticksOf(Math.min(this.dayLow, hour.low))),
      prev24hTicks: this.prev24hTicks,
      prev1hTicks: this.prev1hTicks,
      volume: this.summedVolume,
      turnover: this.summedTurnover,
    };
  }

  /** A USDT price on this contract's grid. */
  ticksOf(price: number): number {
    return Math.max(1, Math.round(price / toNumber(this.listing.instrument.price, 1)));
  }

  private sumHours(atMs: number): void {
    this.hourMs = barStart("60", atMs);
    this.dayHigh = 0;
    this.dayLow = Number.POSITIVE_INFINITY;
    this.dayVolume = 0;
    this.dayTurnover = 0;
    for (let back = 1; back <= 23; back++) {
      const bar = this.bars.hourAt(this.hourMs - back * HOUR_MS);
      this.dayHigh = Math.max(this.dayHigh, bar.high);
      this.dayLow = Math.min(this.dayLow, bar.low);
      this.dayVolume += bar.volume;
      this.dayTurnover += bar.turnover;
    }
    const oldest = this.bars.hourAt(this.hourMs - 24 * HOUR_MS);
    this.fadingVolume = oldest.volume;
    this.fadingTurnover = oldest.turnover;
  }

  private lookBack(atMs: number): void {
    this.minuteMs = barStart("1", atMs);
    this.version++;
    this.prev24hTicks = this.ticksOf(this.bars.priceAt(this.minuteMs + MINUTE_MS - DAY_MS));
    this.prev1hTicks = this.ticksOf(this.bars.priceAt(this.minuteMs + MINUTE_MS - HOUR_MS));
  }
}

function pastExecId(key: number, at: number): string {
  const digits = [1, 2, 3, 4].map((salt) =>
    Math.floor(hashedShare(key ^ salt, at) * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  );
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** All contracts' tapes by symbol index. */
export class Tape {
  private readonly symbols: SymbolTape[] = [];
  readonly seed: string;
  readonly startAtMs: number;
  /** The paths of history, remembered apart from the live market's. */
  readonly shared: SharedPaths;

  constructor(listings: readonly Listing[], seed: string, startAtMs: number) {
    this.seed = seed;
    this.shared = new SharedPaths(seed, "history");
    this.startAtMs = startAtMs;
    for (const listing of listings) this.add(listing);
  }

  add(listing: Listing): void {
    this.symbols.push(new SymbolTape(listing, this));
  }

  of(symbolIndex: number): SymbolTape {
    return must(this.symbols[symbolIndex], "every listed contract has a tape");
  }
}

/** A first trade at the start price counts as unchanged. */
function directionOf(before: TickDirection, changeTicks: number): TickDirection {
  if (changeTicks > 0) return "PlusTick";
  if (changeTicks < 0) return "MinusTick";
  return before === "PlusTick" || before === "ZeroPlusTick" ? "ZeroPlusTick" : "ZeroMinusTick";
}
