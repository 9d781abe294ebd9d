/**
 * How long this process stood still. What it reads right afterwards (a request in a socket's
 * buffer, a signal) may have waited for all of that time, and says nothing about it itself.
 *
 * A pulse beats on the clock; a beat that comes late measures the stall. Which of a pulse and a
 * waiting request runs first after a stall is chance, so the gap since the last beat counts as well
 * as the last stall, for as long as its leftovers may still be read.
 */
import type { Clock } from "./ports/clock.ts";

const BEAT_MS = 200;
/** A busy moment or a collection is no stall; a command may wait for a second of a page's life. */
const STALL_MS_MIN = 700;
/** What lay in the buffers is read by then. */
const LEFTOVERS_MS = 1_000;

export class StallWatch {
  private readonly clock: Clock;
  private beatAtMs: number;
  private stall = { endedAtMs: Number.NEGATIVE_INFINITY, lengthMs: 0 };
  private cancel: () => void = () => {};

  constructor(clock: Clock) {
    this.clock = clock;
    this.beatAtMs = clock.monotonicMs();
    this.schedule();
  }

  /** Ms that something may have waited which is read now; 0 when it cannot have waited. */
  waitedMs(): number {
    this.look();
    const sinceEndMs = this.clock.monotonicMs() - this.stall.endedAtMs;
    return sinceEndMs <= LEFTOVERS_MS ? this.stall.lengthMs + sinceEndMs : 0;
  }

  stop(): void {
    this.cancel();
  }

  private schedule(): void {
    this.cancel = this.clock.after(BEAT_MS, () => {
      this.look();
      this.schedule();
    });
  }

  private look(): void {
    const nowMs = this.clock.monotonicMs();
    const lengthMs = nowMs - this.beatAtMs;
    this.beatAtMs = nowMs;
    if (lengthMs >= STALL_MS_MIN) this.stall = { endedAtMs: nowMs, lengthMs };
  }
}
