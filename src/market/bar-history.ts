/** The last closed bars of one symbol and span: consecutive in time, the oldest is forgotten. */
import { type Bar, type BarSpan, SPAN_MS } from "../domain/bar.ts";
import { assert } from "../kernel/assert.ts";

/** Numbers of one bar: open, high, low, close, volume, turnover, 1 when complete. */
const FIELDS = 7;

export class BarHistory {
  /** Most bars that it holds; 56 bytes each. */
  readonly limit: number;
  private readonly spanMs: number;
  private readonly values: Float64Array;
  private count = 0;
  /** Start of the newest bar; 0 when there is none. */
  private newestAtMs = 0;

  constructor(span: BarSpan, limit: number) {
    assert(limit >= 1 && Number.isInteger(limit), "a ring holds at least one bar");
    this.limit = limit;
    this.spanMs = SPAN_MS[span];
    this.values = new Float64Array(limit * FIELDS);
  }

  get length(): number {
    return this.count;
  }

  /** Puts the next bar in. One that does not follow the newest starts the ring anew. */
  push(bar: Bar): void {
    const follows = this.count > 0 && bar.startAtMs === this.newestAtMs + this.spanMs;
    this.count = follows ? Math.min(this.count + 1, this.limit) : 1;
    this.newestAtMs = bar.startAtMs;
    this.write(bar);
    assert(this.count <= this.limit, "no more bars are held than the ring has places");
  }

  /** The bar `back` bars before the newest; null beyond the oldest. */
  at(back: number): Bar | null {
    if (back < 0 || back >= this.count) return null;
    return this.read(this.newestAtMs - back * this.spanMs);
  }

  /** The bar that starts then, null when it is not held. */
  starting(startAtMs: number): Bar | null {
    return this.at((this.newestAtMs - startAtMs) / this.spanMs);
  }

  /** A bar that was told as complete is not: a trade of it came too late. */
  spoil(startAtMs: number): void {
    const bar = this.starting(startAtMs);
    if (bar !== null) this.write({ ...bar, isComplete: false });
  }

  /** Oldest first. */
  toArray(): Bar[] {
    const bars: Bar[] = [];
    for (let back = this.count - 1; back >= 0; back--) {
      const bar = this.at(back);
      if (bar !== null) bars.push(bar);
    }
    return bars;
  }

  /** Forgets everything and takes these consecutive bars, of which the newest stay. */
  refill(bars: readonly Bar[]): void {
    this.count = 0;
    for (const bar of bars) this.push(bar);
  }

  private slotOf(startAtMs: number): number {
    return ((startAtMs / this.spanMs) % this.limit) * FIELDS;
  }

  private write(bar: Bar): void {
    assert(bar.startAtMs % this.spanMs === 0, "a bar starts where its span does");
    const slot = this.slotOf(bar.startAtMs);
    this.values[slot] = bar.openTicks;
    this.values[slot + 1] = bar.highTicks;
    this.values[slot + 2] = bar.lowTicks;
    this.values[slot + 3] = bar.closeTicks;
    this.values[slot + 4] = bar.volumeSteps;
    this.values[slot + 5] = bar.turnover;
    this.values[slot + 6] = bar.isComplete ? 1 : 0;
  }

  private read(startAtMs: number): Bar {
    const { values } = this;
    const slot = this.slotOf(startAtMs);
    return {
      startAtMs,
      openTicks: values[slot] ?? 0,
      highTicks: values[slot + 1] ?? 0,
      lowTicks: values[slot + 2] ?? 0,
      closeTicks: values[slot + 3] ?? 0,
      volumeSteps: values[slot + 4] ?? 0,
      turnover: values[slot + 5] ?? 0,
      isComplete: values[slot + 6] === 1,
    };
  }
}
