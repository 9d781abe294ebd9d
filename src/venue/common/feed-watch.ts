/**
 * Whether a public socket still tells of now.
 *
 * A socket that stands may carry nothing, or carry the past: a dead network path, a full queue on
 * the way. Both look like a quiet market to each single book. So one socket's frames are watched
 * together. Silence: a socket that brought a steady stream and now brings nothing for a second and
 * a half has stalled. Lag: a change's age is our time minus the venue's time in the frame. The two
 * clocks are not the same, but the least age seen lately belongs to a frame that hardly waited, so
 * what exceeds it was spent waiting. A fresh subscription repeats old changes in one burst, so only
 * a whole look in which every change was late counts, twice in a row.
 *
 * Looks come four times a second; the clock is the monotonic one, which no correction moves.
 */

export const LOOK_EVERY_MS = 250;
/** The fifteenth part of what a steady stream brings meanwhile is still more than one frame. */
export const STALL_MS = 1_500;
/** Frames in the last full rate window that make a stream steady: ten a second. */
const STEADY_FRAMES = 50;
const RATE_WINDOW_MS = 5_000;
/** Older than the gate lets a price be by far, and above the jitter of any working path. */
export const LAG_MS = 1_000;
const LATE_LOOKS = 2;
/** The least age counts for one to two of these: clocks drift a few milliseconds meanwhile. */
const BASE_WINDOW_MS = 300_000;

const NONE = Number.POSITIVE_INFINITY;

/** The least difference between our clock and the venue's stamps, over all sockets. */
export class LeastAge {
  private current = NONE;
  private previous = NONE;
  private sinceMs = 0;

  /** Takes an age in and returns by how much it exceeds the least. */
  excessMs(ageMs: number, monotonicMs: number): number {
    if (monotonicMs - this.sinceMs >= BASE_WINDOW_MS) {
      this.previous = this.current;
      this.current = NONE;
      this.sinceMs = monotonicMs;
    }
    if (ageMs < this.current) this.current = ageMs;
    return ageMs - Math.min(this.current, this.previous);
  }
}

export class FeedWatch {
  private readonly least: LeastAge;
  private lastFrameMs = 0;
  private frames = 0;
  private framesBefore = 0;
  private windowFromMs = 0;
  /** The least excess since the last look. */
  private excessMs = NONE;
  private lateLooks = 0;
  private stalled = false;
  private lagMs = 0;

  constructor(least: LeastAge) {
    this.least = least;
  }

  /** What is wrong with the socket's stream, null when nothing is. */
  get trouble(): string | null {
    if (this.stalled) return `silent for more than ${STALL_MS} ms`;
    return this.lagMs > 0 ? `${Math.round(this.lagMs)} ms behind` : null;
  }

  /** The socket stands anew: what was learned of the old connection is forgotten. */
  restart(monotonicMs: number): void {
    this.lastFrameMs = monotonicMs;
    this.windowFromMs = monotonicMs;
    this.frames = 0;
    this.framesBefore = 0;
    this.excessMs = NONE;
    this.lateLooks = 0;
    this.stalled = false;
    this.lagMs = 0;
  }

  onFrame(monotonicMs: number): void {
    this.lastFrameMs = monotonicMs;
    this.frames++;
  }

  /** A change of a book and the venue's time in it. */
  onChange(venueAtMs: number, monotonicMs: number): void {
    const excessMs = this.least.excessMs(monotonicMs - venueAtMs, monotonicMs);
    if (excessMs < this.excessMs) this.excessMs = excessMs;
  }

  /** To be called every `LOOK_EVERY_MS`. */
  look(monotonicMs: number): void {
    if (monotonicMs - this.windowFromMs >= RATE_WINDOW_MS) {
      this.framesBefore = this.frames;
      this.frames = 0;
      this.windowFromMs = monotonicMs;
    }
    const silentMs = monotonicMs - this.lastFrameMs;
    const isSteady = this.framesBefore >= STEADY_FRAMES || this.frames >= STEADY_FRAMES;
    this.stalled = silentMs >= STALL_MS && (this.stalled || isSteady);
    if (this.excessMs === NONE) return;
    this.lateLooks = this.excessMs > LAG_MS ? this.lateLooks + 1 : 0;
    this.lagMs = this.lateLooks >= LATE_LOOKS ? this.excessMs : 0;
    this.excessMs = NONE;
  }
}
