/**
 * What charts are drawn from: the venue's trades folded into bars, and the last trades themselves.
 *
 * It stands beside the engine, not in it: what pages look at must not change what is traded. Every
 * symbol has its running bars and a few hours of minutes; only symbols that are traded or looked at
 * keep seconds and long histories, which the venue is asked to fill, one question a second. Bars
 * during which trades may have been missed are not complete; those of which nothing at all was
 * seen are left out, so that a gap shows as a gap.
 */
import { type Bar, type BarSpan, type BarsLoaded, SPAN_MS } from "../domain/bar.ts";
import type { BookFault, FeedStatus, InstrumentsLoaded, TradesFrame } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import { gridChangeOf } from "../domain/recount.ts";
import type { Side, SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { Ring } from "../kernel/ring.ts";
import { Bars } from "../market/bar-builder.ts";
import { coarser } from "./coarser.ts";
import { MinuteStore } from "./minute-store.ts";

/** What a chart can show, shortest first. */
export const CHART_SPANS = ["1s", "5s", "1m", "5m", "1h"] as const satisfies readonly BarSpan[];
export type ChartSpan = (typeof CHART_SPANS)[number];

/** A quarter of an hour of seconds. Of the others just less than one answer of a venue holds. */
const KEPT: Readonly<Record<ChartSpan, number>> = {
  "1s": 900,
  "5s": 900,
  "1m": 990,
  "5m": 990,
  "1h": 990,
};
/**
 * Symbols with seconds and long histories: the largest active set and some that are looked at. One
 * takes 270 kB, all of them 17 MB; an ordinary active set of 8 takes 2.
 */
export const CHARTS_MAX = 64;
/** A page asks each second: after a minute nobody looks any more. */
const LOOK_MS = 60_000;
/** Trades shown beside a chart; more pass within seconds. */
const TRADES_KEPT = 60;
/** Shorter bars are kept by no venue. */
const ASKED_SPAN_MS_MIN = 60_000;
/** One question a second: a hundredth of what a venue lets an address ask. */
const ASK_EVERY_MS = 1_000;
/** After a question without an answer or with a fault. */
const ASK_AGAIN_MS = 30_000;
/** A hole of this many bars is asked for within the minute; more never were, and can wait. */
const SMALL_HOLE = 60;
const SMALL_HOLE_AGAIN_MS = 60_000;
const LARGE_HOLE_AGAIN_MS = 600_000;

/** What it is a fold of. */
type ChartNews = InstrumentsLoaded | TradesFrame | BookFault | FeedStatus | BarsLoaded;

/** A trade of the venue's, by whomever. */
export interface TapeTrade {
  readonly venueAtMs: number;
  /** The taker's side. */
  readonly side: Side;
  readonly priceTicks: number;
  readonly qtySteps: number;
}

/** Closed bars that the venue should say. */
interface BarQuestion {
  readonly symbolId: SymbolId;
  readonly span: BarSpan;
  readonly count: number;
}

export class ChartTape {
  private readonly minutes = new MinuteStore();
  private readonly bars = new Bars(
    new Map(CHART_SPANS.map((span) => [span, KEPT[span]])),
    (id, span, bar) => {
      if (span === "1m") this.minutes.push(id, bar);
    },
    CHARTS_MAX,
  );
  /** By id. */
  private readonly instruments: (Instrument | undefined)[] = [];
  private readonly trades = new Map<SymbolId, Ring<TapeTrade>>();
  /** Our clock when somebody looked last, by symbol that is kept. */
  private readonly lookedAtMs = new Map<SymbolId, number>();
  private readonly askAfterMs = new Map<string, number>();
  private askedAtMs = Number.NEGATIVE_INFINITY;

  absorb(news: ChartNews, atMs: number): void {
    switch (news.kind) {
      case "trades":
        this.bars.onTrades(news);
        this.keepTrades(news);
        break;
      case "instruments":
        this.load(news.instruments);
        break;
      case "book_fault":
        this.bars.broke(news.symbolId);
        break;
      case "feed_status":
        if (news.feed === "market" && !news.up) this.bars.brokeAll();
        break;
      case "bars_loaded":
        this.take(news, atMs);
        break;
    }
  }

  /** Call it about once a second: `isLive` says of which symbols the feed works. */
  tick(atMs: number, isLive: (id: SymbolId) => boolean): void {
    for (const instrument of this.instruments) {
      if (instrument === undefined) continue;
      if (isLive(instrument.id)) this.bars.works(instrument.id, atMs);
      else this.bars.broke(instrument.id);
    }
    this.bars.closeByTime(atMs);
  }

  /** Somebody looks at this symbol: it keeps what charts need, as long as there is room. */
  look(id: SymbolId, atMs: number): void {
    if (this.instruments[id] === undefined) return;
    this.lookedAtMs.set(id, atMs);
    if (this.trades.has(id)) return;
    if (!this.bars.keep(id)) {
      const idle = this.longestUnseen(atMs);
      if (idle === null) {
        this.lookedAtMs.delete(id);
        return;
      }
      this.release(idle);
      assert(this.bars.keep(id), "a chart let go makes room for one");
    }
    this.trades.set(id, new Ring(TRADES_KEPT));
    const minutes = this.minutes.read(id);
    this.bars.take("1m", id, minutes);
    for (const span of ["5m", "1h"] as const) {
      this.bars.take(span, id, coarser(minutes, "1m", span));
    }
  }

  /** What the venue should be asked now; null when nothing is missing or it was just asked. */
  question(atMs: number): BarQuestion | null {
    if (atMs - this.askedAtMs < ASK_EVERY_MS) return null;
    for (const symbolId of this.trades.keys()) {
      for (const span of CHART_SPANS) {
        if (SPAN_MS[span] < ASKED_SPAN_MS_MIN) continue;
        if (atMs < (this.askAfterMs.get(keyOf(symbolId, span)) ?? 0)) continue;
        const count = this.bars.missing(span, symbolId, atMs);
        if (count === 0) continue;
        this.askedAtMs = atMs;
        this.askAfterMs.set(keyOf(symbolId, span), atMs + ASK_AGAIN_MS);
        return { symbolId, span, count };
      }
    }
    return null;
  }

  /** Oldest first, the running one last. Bars of which nothing was seen are left out. */
  barsOf(id: SymbolId, span: ChartSpan): readonly Bar[] {
    const closed = this.bars.closed(span, id)?.toArray() ?? this.minutesAs(id, span);
    const running = this.bars.running(span, id);
    const all = running === null ? closed : [...closed, running];
    return all.filter(({ isComplete, volumeSteps }) => isComplete || volumeSteps > 0);
  }

  /** The running bar and closed ones before it, newest first, at most `count`. */
  newestOf(id: SymbolId, span: ChartSpan, count: number): readonly Bar[] {
    const running = this.bars.running(span, id);
    const found = running === null ? [] : [running];
    for (let back = 0; found.length < count; back++) {
      const bar = this.bars.closed(span, id)?.at(back) ?? null;
      if (bar === null) break;
      found.push(bar);
    }
    return found;
  }

  /** Newest first; empty while nobody looks. */
  tradesOf(id: SymbolId): readonly TapeTrade[] {
    return this.trades.get(id)?.newest(TRADES_KEPT) ?? [];
  }

  private minutesAs(id: SymbolId, span: ChartSpan): Bar[] {
    if (SPAN_MS[span] < SPAN_MS["1m"]) return [];
    return coarser(this.minutes.read(id), "1m", span);
  }

  private load(instruments: readonly Instrument[]): void {
    for (const after of instruments) {
      const before = this.instruments[after.id];
      this.instruments[after.id] = after;
      if (before !== undefined && gridChangeOf(before, after) !== null) this.restart(after.id);
    }
    this.bars.load(instruments.map(({ id }) => id));
  }

  /** What was kept of a symbol is in units that are gone. */
  private restart(id: SymbolId): void {
    this.bars.restart(id);
    this.minutes.forget(id);
    for (const span of CHART_SPANS) this.askAfterMs.delete(keyOf(id, span));
    if (this.trades.has(id)) this.trades.set(id, new Ring(TRADES_KEPT));
  }

  private keepTrades({ symbolId, trades }: TradesFrame): void {
    const ring = this.trades.get(symbolId);
    if (ring === undefined) return;
    for (const { venueAtMs, side, priceTicks, qtySteps } of trades) {
      ring.push({ venueAtMs, side, priceTicks, qtySteps });
    }
  }

  private take({ symbolId, span, bars, fault }: BarsLoaded, atMs: number): void {
    if (fault !== "") return;
    this.bars.take(span, symbolId, bars);
    const left = this.bars.missing(span, symbolId, atMs);
    const againMs = left > SMALL_HOLE ? LARGE_HOLE_AGAIN_MS : SMALL_HOLE_AGAIN_MS;
    this.askAfterMs.set(keyOf(symbolId, span), atMs + againMs);
  }

  /** The symbol that nobody has looked at for longest; null when all are looked at. */
  private longestUnseen(atMs: number): SymbolId | null {
    let found: SymbolId | null = null;
    let foundAtMs = atMs - LOOK_MS;
    for (const id of this.trades.keys()) {
      const lookedAtMs = this.lookedAtMs.get(id) ?? 0;
      if (lookedAtMs > foundAtMs) continue;
      found = id;
      foundAtMs = lookedAtMs;
    }
    return found;
  }

  private release(id: SymbolId): void {
    this.bars.release(id);
    this.trades.delete(id);
    this.lookedAtMs.delete(id);
    for (const span of CHART_SPANS) this.askAfterMs.delete(keyOf(id, span));
    assert(this.trades.size < CHARTS_MAX, "no more charts are kept than there is room for");
  }
}

const keyOf = (id: SymbolId, span: BarSpan): string => `${span} ${id}`;
