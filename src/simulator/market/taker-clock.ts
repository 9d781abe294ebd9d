/**
 * When takers come: a self-exciting process (Hawkes 1971; for order flow Bacry, Mastromatteo and
 * Muzy 2015), because an order brings others: within the same instant, within seconds, within the
 * minute. Seven of ten orders are answers to earlier ones.
 *
 * Simulated by thinning (Ogata 1981): between two orders the intensity only falls, so what it was
 * at the last look is a bound.
 */

/** Mean number of answers to one order, and how long they take, by kind. */
const ANSWERS = [
  { count: 0.2, afterS: 0.15 },
  { count: 0.25, afterS: 3 },
  { count: 0.25, afterS: 50 },
];
const ANSWERED = ANSWERS.reduce((sum, { count }) => sum + count, 0);
/** A storm beyond this many times the usual rate is as good as any larger one. */
const RUSH_MAX = 60;

export class TakerClock {
  private readonly perSecond: number;
  /** Orders a second that answer earlier ones, by kind. */
  private readonly answering = new Float64Array(ANSWERS.length);
  private atMs: number;

  constructor(perSecond: number, startAtMs: number) {
    this.perSecond = perSecond;
    this.atMs = startAtMs;
    ANSWERS.forEach(({ count }, at) => {
      this.answering[at] = count * perSecond;
    });
  }

  /** Orders a second now, with news at `activity` times its mean. */
  rateAt(atMs: number, activity: number): number {
    const elapsedS = Math.max(0, atMs - this.atMs) / 1_000;
    this.atMs = Math.max(this.atMs, atMs);
    let rate = (1 - ANSWERED) * this.perSecond * activity;
    for (let at = 0; at < ANSWERS.length; at++) {
      const decayed = (this.answering[at] ?? 0) * Math.exp(-elapsedS / (ANSWERS[at]?.afterS ?? 1));
      this.answering[at] = decayed;
      rate += decayed;
    }
    return Math.min(this.perSecond * RUSH_MAX, rate);
  }

  /** An order came. */
  excite(): void {
    for (let at = 0; at < ANSWERS.length; at++) {
      const { count = 0, afterS = 1 } = ANSWERS[at] ?? {};
      this.answering[at] = (this.answering[at] ?? 0) + count / afterS;
    }
  }
}
