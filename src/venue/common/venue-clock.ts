/**
 * The venue's clock seen from ours. It refuses requests stamped more than a second ahead of it or
 * older than the receive window, so our stamps are corrected by a measured offset. One measurement
 * is wrong by at most half its round trip; the best of the last few counts.
 */
interface ClockSample {
  /** Venue time minus ours. */
  readonly offsetMs: number;
  /** Bound of the error: half the round trip. */
  readonly errorMsMax: number;
  /** Our clock. */
  readonly atMs: number;
}

/** Older samples are forgotten: clocks drift. */
const SAMPLE_AGE_MS_MAX = 15 * 60_000;
const SAMPLES_MAX = 8;
/** A sample worse than this says nothing useful about a window of seconds. */
const ERROR_MS_MAX = 2_000;

export class VenueClock {
  private samples: ClockSample[] = [];

  /** Takes one measurement in. Returns false when it is too vague to use. */
  add(sentAtMs: number, receivedAtMs: number, venueAtMs: number): boolean {
    const errorMsMax = (receivedAtMs - sentAtMs) / 2;
    if (!(errorMsMax >= 0 && errorMsMax <= ERROR_MS_MAX) || !Number.isFinite(venueAtMs))
      return false;
    const offsetMs = venueAtMs - (sentAtMs + errorMsMax);
    this.samples.push({ offsetMs, errorMsMax, atMs: receivedAtMs });
    this.samples = this.samples
      .filter((sample) => receivedAtMs - sample.atMs <= SAMPLE_AGE_MS_MAX)
      .slice(-SAMPLES_MAX);
    return true;
  }

  /** Forgets what it knew: the venue has just refused a time stamp made from it. */
  reset(): void {
    this.samples = [];
  }

  /** The best sample, null before the first. */
  get best(): ClockSample | null {
    return this.samples.reduce<ClockSample | null>(
      (best, sample) => (best === null || sample.errorMsMax <= best.errorMsMax ? sample : best),
      null,
    );
  }

  /** 0 before the first sample. */
  get offsetMs(): number {
    return Math.round(this.best?.offsetMs ?? 0);
  }
}
