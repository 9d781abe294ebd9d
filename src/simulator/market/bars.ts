/**
 * Bars of one symbol: recorded since the start, computed before it.
 *
 * Live minutes are kept in typed arrays with a limit; when a minute falls out it survives inside
 * its hour, and beyond the hours history is the past function again. Up to a quarter of an hour the
 * bars are exact sums of minutes, and so are half hours and hours from two days before the start;
 * older ones are sums of quarters, and longer ones of hours, so their wicks are approximate: a
 * thousand hours are asked for at once, and sixty thousand minutes take a second of a core.
 */
import type { PastMarket } from "./past.ts";

/** Three hours of minutes a symbol: what an intraday chart shows, 24 bytes each. */
const LIVE_MINUTES_MAX = 180;
/** A week of hours a symbol. */
const LIVE_HOURS_MAX = 168;

/** Before the start: as far as a client may compare hours with their minutes. */
const EXACT_HOURS_MS = 48 * 3_600_000;

const BARS_AT_START = 4;
const BAR_FIELDS = 6;

export const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/**
 * Venue interval names to milliseconds; W and M start on calendar borders, see {@link barStart}.
 */
export const INTERVAL_MS: Readonly<Record<string, number>> = {
  "1": MINUTE_MS,
  "3": 3 * MINUTE_MS,
  "5": 5 * MINUTE_MS,
  "15": 15 * MINUTE_MS,
  "30": 30 * MINUTE_MS,
  "60": HOUR_MS,
  "120": 2 * HOUR_MS,
  "240": 4 * HOUR_MS,
  "360": 6 * HOUR_MS,
  "720": 12 * HOUR_MS,
  D: DAY_MS,
  W: 7 * DAY_MS,
  M: 30 * DAY_MS,
};

/** Start of the bar that holds `atMs`. Weeks start on Monday, months on the first, in UTC. */
export function barStart(interval: string, atMs: number): number {
  if (interval === "M") {
    const date = new Date(atMs);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  if (interval === "W")
    return Math.floor((atMs - 4 * DAY_MS) / (7 * DAY_MS)) * 7 * DAY_MS + 4 * DAY_MS;
  const spanMs = INTERVAL_MS[interval] ?? MINUTE_MS;
  return Math.floor(atMs / spanMs) * spanMs;
}

/** Start of the bar after the one that starts at `startMs`. */
export function nextBarStart(interval: string, startMs: number): number {
  if (interval !== "M") return startMs + (INTERVAL_MS[interval] ?? MINUTE_MS);
  const date = new Date(startMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** Prices in USDT, volume in base coin, turnover in USDT. */
export interface Bar {
  readonly startMs: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
}

/** A ring of consecutive bars of one length, indexed by time. */
class BarRing {
  readonly spanMs: number;
  private readonly limit: number;
  /** Grows until the limit: most runs are short, and there are two rings a symbol. */
  private values = new Float32Array(BARS_AT_START * BAR_FIELDS);
  /** Prices relative to this one, so that 32 bits keep eight digits of the difference. */
  private readonly anchor: number;
  private newestMs = -1;
  private oldestMs = -1;

  constructor(spanMs: number, limit: number, anchor: number) {
    this.spanMs = spanMs;
    this.limit = limit;
    this.anchor = anchor;
  }

  put(bar: Bar): void {
    this.ensureRoom(bar.startMs);
    const at = this.offset(bar.startMs);
    const prices = [bar.open, bar.high, bar.low, bar.close];
    for (let field = 0; field < 4; field++) {
      this.values[at + field] = (prices[field] ?? 0) / this.anchor - 1;
    }
    this.values[at + 4] = bar.volume;
    this.values[at + 5] = bar.turnover;
    if (this.oldestMs < 0 || bar.startMs - this.newestMs > this.spanMs) this.oldestMs = bar.startMs;
    this.newestMs = bar.startMs;
    this.oldestMs = Math.max(this.oldestMs, bar.startMs - (this.limit - 1) * this.spanMs);
  }

  get(startMs: number): Bar | null {
    if (this.oldestMs < 0 || startMs < this.oldestMs || startMs > this.newestMs) return null;
    const at = this.offset(startMs);
    const price = (field: number): number => (1 + (this.values[at + field] ?? 0)) * this.anchor;
    return {
      startMs,
      open: price(0),
      high: price(1),
      low: price(2),
      close: price(3),
      volume: this.values[at + 4] ?? 0,
      turnover: this.values[at + 5] ?? 0,
    };
  }

  /** A store that is not full yet is rewritten at twice the size, up to the limit. */
  private ensureRoom(startMs: number): void {
    const room = this.values.length / BAR_FIELDS;
    const needed = this.oldestMs < 0 ? 1 : (startMs - this.oldestMs) / this.spanMs + 1;
    if (needed <= room || room === this.limit) return;
    const kept: Bar[] = [];
    for (let atMs = this.oldestMs; atMs <= this.newestMs; atMs += this.spanMs) {
      const bar = this.get(atMs);
      if (bar !== null) kept.push(bar);
    }
    this.values = new Float32Array(Math.min(this.limit, room * 2) * BAR_FIELDS);
    this.oldestMs = -1;
    this.newestMs = -1;
    for (const bar of kept) this.put(bar);
  }

  private offset(startMs: number): number {
    const room = this.values.length / BAR_FIELDS;
    return (Math.floor(startMs / this.spanMs) % room) * BAR_FIELDS;
  }
}

export class BarStore {
  private readonly past: PastMarket;
  private readonly startAtMs: number;
  private readonly minutes: BarRing;
  private readonly hours: BarRing;
  private minute: Bar;
  private hour: Bar;
  /** What is settled of the running bar by interval: a month is not summed anew each second. */
  private readonly running = new Map<string, { readonly untilMs: number; readonly sum: Bar }>();

  constructor(past: PastMarket, startAtMs: number, startPrice: number) {
    this.past = past;
    this.startAtMs = startAtMs;
    this.minutes = new BarRing(MINUTE_MS, LIVE_MINUTES_MAX, startPrice);
    this.hours = new BarRing(HOUR_MS, LIVE_HOURS_MAX, startPrice);
    const minuteMs = barStart("1", startAtMs);
    this.minute = this.pastSoFar(minuteMs, startPrice);
    this.hour = this.pastSoFar(barStart("60", startAtMs), startPrice);
  }

  get lastPrice(): number {
    return this.minute.close;
  }

  /** Takes a trade at `atMs`, which never lies before the trade before it. */
  trade(atMs: number, price: number, volume: number): void {
    this.roll(atMs);
    for (const bar of [this.minute, this.hour]) {
      if (price > bar.high) bar.high = price;
      if (price < bar.low) bar.low = price;
      bar.close = price;
      bar.volume += volume;
      bar.turnover += volume * price;
    }
  }

  /** Closes every minute and hour that ended by `atMs`; quiet ones repeat the last close. */
  roll(atMs: number): void {
    const minuteMs = barStart("1", atMs);
    while (this.minute.startMs < minuteMs) {
      this.minutes.put(this.minute);
      const close = this.minute.close;
      this.minute = flatBar(this.minute.startMs + MINUTE_MS, close);
      if (this.minute.startMs >= this.hour.startMs + HOUR_MS) {
        this.hours.put(this.hour);
        this.hour = flatBar(this.minute.startMs, close);
      }
    }
  }

  /** The bar of the interval that starts at `startMs`, as far as it is known at `nowMs`. */
  bar(interval: string, startMs: number, nowMs: number): Bar {
    const endMs = Math.min(nextBarStart(interval, startMs), nowMs + 1);
    const pieceMs = this.pieceOf(INTERVAL_MS[interval] ?? MINUTE_MS, endMs);
    const settledMs = pieceMs === HOUR_MS ? this.hour.startMs : this.minute.startMs;
    const known = this.running.get(interval);
    const isKnown = known !== undefined && known.sum.startMs === startMs && known.untilMs <= endMs;
    let sum: Bar | null = isKnown ? { ...known.sum } : null;
    for (let atMs = isKnown ? known.untilMs : startMs; atMs < endMs; atMs += pieceMs) {
      const piece = this.pieceAt(atMs, pieceMs);
      sum = sum === null ? { ...piece, startMs } : addBar(sum, piece);
      const untilMs = atMs + pieceMs;
      if (endMs > nowMs && untilMs <= settledMs) {
        this.running.set(interval, { untilMs, sum: { ...sum } });
      }
    }
    return sum ?? this.minuteAt(startMs);
  }

  /** What a bar that ends at `endMs` is summed from. */
  private pieceOf(spanMs: number, endMs: number): number {
    if (spanMs > HOUR_MS) return HOUR_MS;
    const isOld = endMs <= this.startAtMs - EXACT_HOURS_MS;
    return spanMs > QUARTER_MS && isOld ? QUARTER_MS : MINUTE_MS;
  }

  private pieceAt(atMs: number, pieceMs: number): Bar {
    if (pieceMs === MINUTE_MS) return this.minuteAt(atMs);
    return pieceMs === HOUR_MS ? this.hourAt(atMs) : this.pastBar(atMs, QUARTER_MS);
  }

  /** Last price at or before the instant. */
  priceAt(atMs: number): number {
    if (atMs < this.startAtMs) return this.past.priceAt(atMs);
    const live = this.minutes.get(barStart("1", atMs)) ?? this.hours.get(barStart("60", atMs));
    return live?.open ?? this.minute.close;
  }

  /** The hour that starts at `startMs`: from minutes when they are known, else from the hours. */
  hourAt(startMs: number): Bar {
    if (startMs === this.hour.startMs) return { ...this.hour };
    return this.hours.get(startMs) ?? this.pastBar(startMs, HOUR_MS);
  }

  private minuteAt(startMs: number): Bar {
    if (startMs >= this.minute.startMs) return { ...this.minute };
    return this.minutes.get(startMs) ?? this.minuteOfHour(startMs);
  }

  /**
   * A minute that left the store: a straight line through its hour, which keeps the hour's sums.
   */
  private minuteOfHour(startMs: number): Bar {
    const hour = startMs < this.startAtMs ? null : this.hours.get(barStart("60", startMs));
    if (hour === null) return this.pastBar(startMs, MINUTE_MS);
    const minute = Math.floor((startMs - hour.startMs) / MINUTE_MS);
    const at = (part: number): number => hour.open + ((hour.close - hour.open) * part) / 60;
    const [open, close] = [at(minute), at(minute + 1)];
    return {
      startMs,
      open,
      close,
      high: minute === 20 ? hour.high : Math.max(open, close),
      low: minute === 40 ? hour.low : Math.min(open, close),
      volume: hour.volume / 60,
      turnover: hour.turnover / 60,
    };
  }

  private pastBar(startMs: number, spanMs: number): Bar {
    const open = this.past.priceAt(startMs);
    const close = this.past.priceAt(startMs + spanMs);
    const { high, low } = this.past.rangeOf(startMs, spanMs);
    const volume = this.past.volumeOf(startMs, spanMs);
    return {
      startMs,
      open,
      close,
      high,
      low,
      volume,
      turnover: (volume * (open + close)) / 2,
    };
  }

  /** The running bar when the simulator starts in its middle: what its past part was. */
  private pastSoFar(startMs: number, startPrice: number): Bar {
    if (startMs === this.startAtMs) return flatBar(startMs, startPrice);
    const whole = this.pastBar(startMs, this.startAtMs - startMs);
    const high = Math.max(whole.high, startPrice);
    return { ...whole, high, low: Math.min(whole.low, startPrice), close: startPrice };
  }
}

function flatBar(startMs: number, price: number): Bar {
  return { startMs, open: price, high: price, low: price, close: price, volume: 0, turnover: 0 };
}

function addBar(sum: Bar, piece: Bar): Bar {
  sum.high = Math.max(sum.high, piece.high);
  sum.low = Math.min(sum.low, piece.low);
  sum.close = piece.close;
  sum.volume += piece.volume;
  sum.turnover += piece.turnover;
  return sum;
}
