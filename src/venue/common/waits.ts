/** Waiting that can be called off: every pause of the adapter ends when the adapter is stopped. */
import type { Prng } from "../../kernel/prng.ts";
import type { Clock } from "../../runtime/ports/clock.ts";

export class Waits {
  private readonly clock: Clock;
  private readonly pending = new Set<() => void>();
  stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Resolves after the delay, or at once when stopped. */
  pause(delayMs: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.after(delayMs, resolve, resolve);
    return promise;
  }

  /** Calls back after the delay unless cancelled or stopped. Returns the cancel function. */
  after(delayMs: number, callback: () => void, onStop: () => void = () => {}): () => void {
    if (this.stopped) return () => {};
    const cancelTimer = this.clock.after(delayMs, () => {
      this.pending.delete(end);
      callback();
    });
    const end = () => {
      cancelTimer();
      onStop();
    };
    this.pending.add(end);
    return () => {
      if (this.pending.delete(end)) cancelTimer();
    };
  }

  /** Calls back again and again, `everyMs` after the last call returned, until cancelled. */
  every(everyMs: number, callback: () => void): () => void {
    let isCancelled = false;
    let cancelNext = () => {};
    const again = () => {
      if (isCancelled) return;
      cancelNext = this.after(everyMs, () => {
        callback();
        again();
      });
    };
    again();
    return () => {
      isCancelled = true;
      cancelNext();
    };
  }

  stop(): void {
    this.stopped = true;
    for (const end of [...this.pending]) end();
    this.pending.clear();
  }
}

export interface BackOff {
  readonly firstMs: number;
  readonly capMs: number;
}

/**
 * Doubles from `firstMs` to `capMs`; a quarter either way by chance, so that clients spread out.
 */
export function backOffMs(back: BackOff, failures: number, prng: Prng): number {
  const plainMs = Math.min(back.capMs, back.firstMs * 2 ** Math.min(failures, 30));
  return Math.round(plainMs * (0.75 + prng.next() / 2));
}
