import { assert } from "../kernel/assert.ts";

/** Counts what happened inside a sliding window, exactly, with room for `limit` events. */
export class RateWindow {
  private readonly times: Float64Array;
  private next = 0;
  readonly windowMs: number;

  constructor(limit: number, windowMs: number) {
    assert(Number.isInteger(limit) && limit > 0, "a window has room for an event");
    assert(windowMs > 0, "a window has a length");
    this.times = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
    this.windowMs = windowMs;
  }

  /** Events recorded after `atMs - windowMs`; at most the limit. */
  count(atMs: number): number {
    let count = 0;
    for (const time of this.times) if (time > atMs - this.windowMs) count++;
    return count;
  }

  /** Records one event; the oldest beyond the limit is forgotten. */
  record(atMs: number): void {
    this.times[this.next] = atMs;
    this.next = (this.next + 1) % this.times.length;
  }
}
