/**
 * Bars of several spans, built from trades, for the spans that somebody asked for.
 *
 * A bar is complete when the trade stream was unbroken from its start: `wholeSince` says since when
 * it has been, per symbol. A lost feed or a quarantined book breaks it until the next live book.
 * Bars that are not complete, and those from before our start, come from the venue: closed bars
 * only, so that no trade is counted on both sides of the seam, and each replaces ours whole. Where
 * both are complete they must be equal; a difference is counted and the venue's stays.
 */
import { BAR_SPANS, type Bar, type BarSpan, barStartOf, SPAN_MS } from "../domain/bar.ts";
import type { TradesFrame } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import type { BarHistory } from "./bar-history.ts";
import { BarSeries, type OnBarClose } from "./bar-series.ts";

/** Closed bars kept of a symbol and span, whatever is asked for: what one answer can hold. */
const BARS_KEPT_MAX = 1_000;
/** Symbols with history where nobody says otherwise: the active ones and those just left. */
const BAR_SYMBOLS_MAX = 32;
/** Silence closes a bar this long after its end: trades come within it, clocks agree within it. */
const BAR_GRACE_MS = 1_000;
/** A bar is asked of the venue only so long after its end: until then it may still be worked on. */
const VENUE_LAG_MS = 3_000;
/** Bars beyond the wanted ones: the newest close before the venue is asked about them. */
const RING_SLACK = 2;
/** The trades of a symbol are subscribed within this time of its book. */
const WHOLE_MARGIN_MS = 1_000;

/** Spans that somebody wants, each with the closed bars to keep of a watched symbol. */
type BarWants = ReadonlyMap<BarSpan, number>;

export class Bars {
  readonly spans: readonly BarSpan[];
  /** Bars of ours that were complete and yet not the venue's. */
  mismatches = 0;
  private readonly wants: BarWants;
  /** Symbols whose history is kept at a time. */
  private readonly symbolsMax: number;
  private readonly series = new Map<BarSpan, BarSeries>();
  private readonly all: readonly BarSeries[];
  private ids: readonly SymbolId[] = [];
  private readonly kept = new Set<SymbolId>();
  /** Our clock since when no trade was missed; infinite while the stream is broken. */
  private wholeSinceMs = new Float64Array(0);
  /** Nothing closes by time before this. */
  private dueAtMs = 0;

  constructor(wants: BarWants, onClose: OnBarClose, symbolsMax = BAR_SYMBOLS_MAX) {
    this.wants = wants;
    this.symbolsMax = symbolsMax;
    this.spans = BAR_SPANS.filter((span) => wants.has(span));
    for (const span of this.spans) this.series.set(span, new BarSeries(span, onClose));
    this.all = [...this.series.values()];
  }

  get lateTrades(): number {
    return this.all.reduce((sum, series) => sum + series.lateTrades, 0);
  }

  /** Makes room for these symbols, which are all there are. */
  load(ids: readonly SymbolId[]): void {
    if (this.all.length === 0) return;
    this.ids = ids;
    for (const series of this.all) series.grow(ids.length);
    const wider = new Float64Array(ids.length).fill(Number.POSITIVE_INFINITY);
    wider.set(this.wholeSinceMs);
    this.wholeSinceMs = wider;
  }

  onTrades({ symbolId, trades }: TradesFrame): void {
    if (this.all.length === 0) return;
    const wholeSinceMs = this.wholeSince(symbolId);
    for (const series of this.all) {
      for (const trade of trades) series.onTrade(symbolId, trade, wholeSinceMs);
    }
  }

  /** Closes what ended before now, less the grace: call it some times a second. */
  closeByTime(atMs: number): void {
    const untilMs = atMs - BAR_GRACE_MS;
    if (untilMs < this.dueAtMs || this.all.length === 0) return;
    this.dueAtMs = Number.POSITIVE_INFINITY;
    for (const series of this.all) {
      const { span } = series;
      for (const id of this.ids) series.closeBefore(id, untilMs, this.wholeSince(id));
      this.dueAtMs = Math.min(this.dueAtMs, barStartOf(span, untilMs) + SPAN_MS[span]);
    }
  }

  /** Trades of the symbol may be missed from now on. */
  broke(id: SymbolId): void {
    if (this.all.length > 0) this.wholeSinceMs[id] = Number.POSITIVE_INFINITY;
  }

  brokeAll(): void {
    this.wholeSinceMs.fill(Number.POSITIVE_INFINITY);
  }

  /** The symbol's feed works: called with every live book, cheap when it was whole already. */
  works(id: SymbolId, atMs: number): void {
    if (this.wholeSinceMs[id] === Number.POSITIVE_INFINITY) {
      this.wholeSinceMs[id] = atMs + WHOLE_MARGIN_MS;
    }
  }

  /** Keeps the closed bars of a symbol from now on. False, and nothing done, at the limit. */
  keep(id: SymbolId): boolean {
    if (!this.kept.has(id) && this.kept.size >= this.symbolsMax) return false;
    this.kept.add(id);
    for (const [span, count] of this.wants) {
      this.series.get(span)?.keep(id, Math.min(count, BARS_KEPT_MAX) + RING_SLACK);
    }
    return true;
  }

  release(id: SymbolId): void {
    this.kept.delete(id);
    for (const series of this.all) series.release(id);
  }

  /** Begins one symbol anew: its trades go on in other units. */
  restart(id: SymbolId): void {
    this.broke(id);
    for (const series of this.all) series.stop(id);
    if (!this.kept.has(id)) return;
    this.release(id);
    this.keep(id);
  }

  keptIds(): readonly SymbolId[] {
    return [...this.kept];
  }

  /** Closed bars of a kept symbol; null when it is not kept or the span was never asked for. */
  closed(span: BarSpan, id: SymbolId): BarHistory | null {
    return this.series.get(span)?.ring(id) ?? null;
  }

  running(span: BarSpan, id: SymbolId): Bar | null {
    return this.series.get(span)?.running(id, this.wholeSince(id)) ?? null;
  }

  /**
   * How many of the newest closed bars of a kept symbol the venue has to say: 0 when all that are
   * wanted are there and complete. Bars that ended just now are left to the next question.
   */
  missing(span: BarSpan, id: SymbolId, atMs: number): number {
    const ring = this.closed(span, id);
    if (ring === null) return 0;
    const newestAtMs = barStartOf(span, atMs - VENUE_LAG_MS) - SPAN_MS[span];
    for (let count = ring.limit - RING_SLACK; count > 0; count--) {
      const bar = ring.starting(newestAtMs - (count - 1) * SPAN_MS[span]);
      if (bar === null || !bar.isComplete) return count;
    }
    return 0;
  }

  /**
   * Takes closed bars of the venue in, oldest first, for a kept symbol. Returns whether the kept
   * bars are others now.
   */
  take(span: BarSpan, id: SymbolId, theirs: readonly Bar[]): boolean {
    const series = this.series.get(span);
    const ring = series?.ring(id) ?? null;
    if (series === undefined || ring === null || theirs.length === 0) return false;
    const runningAtMs = series.running(id, 0)?.startAtMs ?? Number.POSITIVE_INFINITY;
    const byStart = new Map(ring.toArray().map((bar) => [bar.startAtMs, bar]));
    let isChanged = false;
    for (const bar of theirs) {
      // A bar that still runs with us closes first, and is asked for then if it has to be.
      if (bar.startAtMs >= runningAtMs) continue;
      const ours = byStart.get(bar.startAtMs);
      const isSame = ours !== undefined && isEqual(ours, bar);
      if (ours?.isComplete === true && !isSame) this.mismatches++;
      if (!isSame || !ours.isComplete) isChanged = true;
      byStart.set(bar.startAtMs, bar);
    }
    if (!isChanged) return false;
    const merged = [...byStart.values()].sort((left, right) => left.startAtMs - right.startAtMs);
    ring.refill(merged);
    const last = merged.at(-1);
    if (last !== undefined) series.continueFrom(id, last);
    return true;
  }

  private wholeSince(id: SymbolId): number {
    return this.wholeSinceMs[id] ?? Number.POSITIVE_INFINITY;
  }
}

/** Turnover is left out: the venue rounds it. */
function isEqual(left: Bar, right: Bar): boolean {
  return (
    left.openTicks === right.openTicks &&
    left.highTicks === right.highTicks &&
    left.lowTicks === right.lowTicks &&
    left.closeTicks === right.closeTicks &&
    left.volumeSteps === right.volumeSteps
  );
}
