/**
 * How long this process stood still because the machine was busy with others: that is nobody's
 * fault, and is taken off what a fault took to be noticed and to be over.
 */

const STALL_LOOK_MS = 20;
/** A timer that is later than this was not late by itself. */
const STALL_MS = 100;

export class StallMeter {
  private readonly stalls: { readonly fromMs: number; readonly untilMs: number }[] = [];
  private lastMs = Date.now();
  private readonly timer = setInterval(() => {
    const nowMs = Date.now();
    if (nowMs - this.lastMs > STALL_MS) this.stalls.push({ fromMs: this.lastMs, untilMs: nowMs });
    this.lastMs = nowMs;
  }, STALL_LOOK_MS);

  /** Milliseconds that were lost within a span of our clock. */
  sinceMs(fromMs: number, untilMs = Number.POSITIVE_INFINITY): number {
    let sum = 0;
    for (const stall of this.stalls) {
      const overlap = Math.min(untilMs, stall.untilMs) - Math.max(fromMs, stall.fromMs);
      if (overlap > 0) sum += overlap;
    }
    return sum;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
