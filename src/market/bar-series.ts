/**
 * The bars of one span for every symbol: the running bar of each in typed columns, the closed ones
 * handed on as they close, and a ring of them only for the symbols whose history somebody keeps.
 */
import { type Bar, type BarSpan, barStartOf, SPAN_MS } from "../domain/bar.ts";
import type { PublicTrade } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { BarHistory } from "./bar-history.ts";

/** Told of every closed bar, in order. The bar is borrowed. */
export type OnBarClose = (id: SymbolId, span: BarSpan, bar: Bar) => void;

/** Flat bars closed in a row for a silent symbol; a longer hole starts the series anew. */
const FLAT_BARS_MAX = 600;

type Writable = { -readonly [Field in keyof Bar]: Bar[Field] };

export class BarSeries {
  readonly span: BarSpan;
  /** Trades that came after their bar had closed. */
  lateTrades = 0;
  private readonly spanMs: number;
  private readonly onClose: OnBarClose;
  private readonly rings = new Map<SymbolId, BarHistory>();
  /** Start of the running bar; 0 while no price is known. */
  private startAtMs = new Float64Array(0);
  private openTicks = new Float64Array(0);
  private highTicks = new Float64Array(0);
  private lowTicks = new Float64Array(0);
  private closeTicks = new Float64Array(0);
  private volumeSteps = new Float64Array(0);
  private turnover = new Float64Array(0);
  /** 1 where the running bar opened at a close that is known for certain. */
  private opensWell = new Float64Array(0);
  /** Venue time of the last trade. */
  private tradedAtMs = new Float64Array(0);
  private readonly closed: Writable = emptyBar();

  constructor(span: BarSpan, onClose: OnBarClose) {
    this.span = span;
    this.spanMs = SPAN_MS[span];
    this.onClose = onClose;
  }

  /** Makes room: 72 bytes a symbol. */
  grow(size: number): void {
    if (size <= this.startAtMs.length) return;
    this.startAtMs = widened(this.startAtMs, size);
    this.openTicks = widened(this.openTicks, size);
    this.highTicks = widened(this.highTicks, size);
    this.lowTicks = widened(this.lowTicks, size);
    this.closeTicks = widened(this.closeTicks, size);
    this.volumeSteps = widened(this.volumeSteps, size);
    this.turnover = widened(this.turnover, size);
    this.opensWell = widened(this.opensWell, size);
    this.tradedAtMs = widened(this.tradedAtMs, size);
  }

  /** Folds a trade in; it closes the bars before its own. `wholeSinceMs`: see {@link Bars}. */
  onTrade(id: SymbolId, trade: PublicTrade, wholeSinceMs: number): void {
    const { priceTicks, qtySteps, venueAtMs } = trade;
    const startAtMs = this.startAtMs[id] ?? 0;
    if (venueAtMs < startAtMs) {
      this.late(id, venueAtMs);
      return;
    }
    if (venueAtMs >= startAtMs + this.spanMs) {
      const nextAtMs = barStartOf(this.span, venueAtMs);
      if (startAtMs > 0) this.closeUntil(id, nextAtMs, wholeSinceMs);
      if (this.startAtMs[id] === 0) this.open(id, nextAtMs, { ticks: priceTicks, isKnown: false });
    }
    if (priceTicks > (this.highTicks[id] ?? 0)) this.highTicks[id] = priceTicks;
    if (priceTicks < (this.lowTicks[id] ?? 0)) this.lowTicks[id] = priceTicks;
    this.closeTicks[id] = priceTicks;
    this.tradedAtMs[id] = venueAtMs;
    this.volumeSteps[id] = (this.volumeSteps[id] ?? 0) + qtySteps;
    this.turnover[id] = (this.turnover[id] ?? 0) + priceTicks * qtySteps;
  }

  /** Closes the bars of one symbol that ended before `untilMs`: silence closes them too. */
  closeBefore(id: SymbolId, untilMs: number, wholeSinceMs: number): void {
    if ((this.startAtMs[id] ?? 0) === 0) return;
    this.closeUntil(id, barStartOf(this.span, untilMs), wholeSinceMs);
  }

  /** Keeps closed bars of a symbol from now on: 56 bytes each. */
  keep(id: SymbolId, limit: number): void {
    if (!this.rings.has(id)) this.rings.set(id, new BarHistory(this.span, limit));
  }

  release(id: SymbolId): void {
    this.rings.delete(id);
  }

  /** Forgets the running bar: the next trade opens one. */
  stop(id: SymbolId): void {
    this.startAtMs[id] = 0;
  }

  /** Closed bars of a symbol whose history is kept, else null. */
  ring(id: SymbolId): BarHistory | null {
    return this.rings.get(id) ?? null;
  }

  /** The bar that is still running, null while no price is known. */
  running(id: SymbolId, wholeSinceMs: number): Bar | null {
    if ((this.startAtMs[id] ?? 0) === 0) return null;
    return { ...this.fill(id, wholeSinceMs) };
  }

  /** Learns the close before the running bar from elsewhere, or starts from it. */
  continueFrom(id: SymbolId, last: Bar): void {
    const nextAtMs = last.startAtMs + this.spanMs;
    const startAtMs = this.startAtMs[id] ?? 0;
    const isUntraded = startAtMs === nextAtMs && this.volumeSteps[id] === 0;
    if (startAtMs === 0 || isUntraded) {
      this.open(id, nextAtMs, { ticks: last.closeTicks, isKnown: true });
    } else if (startAtMs === nextAtMs && this.openTicks[id] === last.closeTicks) {
      this.opensWell[id] = 1;
    }
  }

  private open(
    id: SymbolId,
    startAtMs: number,
    at: { readonly ticks: number; readonly isKnown: boolean },
  ): void {
    const { ticks: priceTicks } = at;
    this.opensWell[id] = at.isKnown ? 1 : 0;
    this.startAtMs[id] = startAtMs;
    this.openTicks[id] = priceTicks;
    this.highTicks[id] = priceTicks;
    this.lowTicks[id] = priceTicks;
    this.closeTicks[id] = priceTicks;
    this.volumeSteps[id] = 0;
    this.turnover[id] = 0;
  }

  /** Closes bars until the running one starts at `startAtMs`. */
  private closeUntil(id: SymbolId, startAtMs: number, wholeSinceMs: number): void {
    const missing = (startAtMs - (this.startAtMs[id] ?? 0)) / this.spanMs;
    if (missing > FLAT_BARS_MAX) {
      this.startAtMs[id] = 0;
      return;
    }
    for (let count = 0; count < missing; count++) {
      const bar = this.fill(id, wholeSinceMs);
      this.rings.get(id)?.push(bar);
      this.onClose(id, this.span, bar);
      const isKnown = bar.isComplete || (this.tradedAtMs[id] ?? 0) >= wholeSinceMs;
      this.open(id, bar.startAtMs + this.spanMs, { ticks: bar.closeTicks, isKnown });
    }
  }

  private fill(id: SymbolId, wholeSinceMs: number): Bar {
    const { closed } = this;
    closed.startAtMs = this.startAtMs[id] ?? 0;
    closed.openTicks = this.openTicks[id] ?? 0;
    closed.highTicks = this.highTicks[id] ?? 0;
    closed.lowTicks = this.lowTicks[id] ?? 0;
    closed.closeTicks = this.closeTicks[id] ?? 0;
    closed.volumeSteps = this.volumeSteps[id] ?? 0;
    closed.turnover = this.turnover[id] ?? 0;
    closed.isComplete = this.opensWell[id] === 1 && closed.startAtMs >= wholeSinceMs;
    assert(closed.lowTicks <= closed.closeTicks, "a bar closes at or above its low");
    assert(closed.highTicks >= closed.closeTicks, "a bar closes at or below its high");
    return closed;
  }

  /** A bar that was told already cannot take the trade any more: it was not complete after all. */
  private late(id: SymbolId, venueAtMs: number): void {
    this.lateTrades++;
    this.rings.get(id)?.spoil(barStartOf(this.span, venueAtMs));
  }
}

function emptyBar(): Writable {
  return {
    startAtMs: 0,
    openTicks: 0,
    highTicks: 0,
    lowTicks: 0,
    closeTicks: 0,
    volumeSteps: 0,
    turnover: 0,
    isComplete: false,
  };
}

function widened(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(size);
  wider.set(column);
  return wider;
}
