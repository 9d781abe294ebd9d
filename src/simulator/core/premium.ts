/**
 * The premium of a contract over its mark: the mean of the last half minute, one sample a second.
 */
export const PREMIUM_SAMPLES = 30;

/** The last samples of one symbol's premium, in ticks. */
export class PremiumWindow {
  private readonly samples = new Float32Array(PREMIUM_SAMPLES);
  private taken = 0;

  add(premiumTicks: number): void {
    this.samples[this.taken % PREMIUM_SAMPLES] = premiumTicks;
    this.taken++;
  }

  /** 0 before the first sample. */
  mean(): number {
    const count = Math.min(this.taken, PREMIUM_SAMPLES);
    let sum = 0;
    for (let index = 0; index < count; index++) sum += this.samples[index] ?? 0;
    return count === 0 ? 0 : sum / count;
  }
}
