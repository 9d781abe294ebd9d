/**
 * The last hours of every symbol in bars of a minute, so that a symbol that somebody opens has a
 * chart at once. Float32 columns keep all symbols of a venue in a few megabytes: ticks are exact up
 * to 2^24, and volumes, which are only drawn, to seven digits.
 */
import { type Bar, SPAN_MS } from "../domain/bar.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

/** Six hours: 8.6 kB a symbol, 5.3 MB for 611 of them. */
export const MINUTES_KEPT = 360;
/** Open, high, low, close, volume, and 1 when complete. */
const FIELDS = 6;
const MINUTE_MS = SPAN_MS["1m"];

/** A ring of one symbol; a minute's place follows from its time. */
interface MinuteRing {
  readonly values: Float32Array;
  count: number;
  newestAtMs: number;
}

export class MinuteStore {
  /** By symbol id; none before the first bar. */
  private readonly rings: (MinuteRing | undefined)[] = [];

  /** Takes the next closed bar; one that does not follow the newest starts the ring anew. */
  push(id: SymbolId, bar: Bar): void {
    let ring = this.rings[id];
    if (ring === undefined) {
      ring = { values: new Float32Array(MINUTES_KEPT * FIELDS), count: 0, newestAtMs: 0 };
      this.rings[id] = ring;
    }
    const follows = bar.startAtMs === ring.newestAtMs + MINUTE_MS;
    ring.count = follows ? Math.min(ring.count + 1, MINUTES_KEPT) : 1;
    ring.newestAtMs = bar.startAtMs;
    const { values } = ring;
    const slot = slotOf(bar.startAtMs);
    values[slot] = bar.openTicks;
    values[slot + 1] = bar.highTicks;
    values[slot + 2] = bar.lowTicks;
    values[slot + 3] = bar.closeTicks;
    values[slot + 4] = bar.volumeSteps;
    values[slot + 5] = bar.isComplete ? 1 : 0;
    assert(ring.count >= 1 && ring.count <= MINUTES_KEPT, "a ring holds what fits into it");
  }

  /** The bars of a symbol, oldest first; their turnover is not kept and not a number. */
  read(id: SymbolId): Bar[] {
    const ring = this.rings[id];
    if (ring === undefined) return [];
    const { values, count, newestAtMs } = ring;
    return Array.from({ length: count }, (_, at) => {
      const startAtMs = newestAtMs - (count - 1 - at) * MINUTE_MS;
      const slot = slotOf(startAtMs);
      return {
        startAtMs,
        openTicks: values[slot] ?? 0,
        highTicks: values[slot + 1] ?? 0,
        lowTicks: values[slot + 2] ?? 0,
        closeTicks: values[slot + 3] ?? 0,
        volumeSteps: values[slot + 4] ?? 0,
        turnover: Number.NaN,
        isComplete: values[slot + 5] === 1,
      };
    });
  }

  /** Forgets a symbol: its trades go on in other units. */
  forget(id: SymbolId): void {
    this.rings[id] = undefined;
  }
}

const slotOf = (startAtMs: number): number => ((startAtMs / MINUTE_MS) % MINUTES_KEPT) * FIELDS;
