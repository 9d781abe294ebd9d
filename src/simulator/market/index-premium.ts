/**
 * How far a contract trades from its index, as a function of the time: persistent, heavy-tailed, a
 * little below it most of the time. Funding is made of it, so funding carries information.
 *
 * A slow normal value (lattice noise of an hour, a working day and three days) is bent by sinh,
 * which gives the tails: recorded quantiles of contract against index are −74, −20, −6, +8 and +31
 * bps at 1, 10, 50, 90 and 99 %. The premium index counts only what an order of impact size would
 * see beyond the spread, hence the soft threshold; the venue's rule makes the rate of its mean.
 */
import { hashedNormal } from "./cascade.ts";

const SPANS_MS = [3_600_000, 8 * 3_600_000, 72 * 3_600_000];
const WEIGHTS = [0.35, 0.55, 0.758];
const BPS = 1e-4;
const CENTRE_BPS = -4;
const SCALE_BPS = 4.2;
/** Discounts reach farther than premiums. */
const DISCOUNT_FACTOR = 1.35;
const BEND = 1.35;
/** What an order of impact size pays on the way, and how much of the rest a period's mean keeps. */
const IMPACT_BPS = 2.8;
const MEAN_SHARE = 0.5;
/** Instants that a funding period's mean is taken of. */
const SAMPLES = 8;
/** Noise of the mark price around the last one at a bar's end. */
const MARK_NOISE_BPS = 1.4;

export class Premium {
  private readonly key: number;
  /** 1 for an ordinary contract, less for the majors. */
  private readonly size: number;

  constructor(key: number, size: number) {
    this.key = key;
    this.size = size;
  }

  /** Contract over index minus one. */
  basisAt(atMs: number): number {
    const slow = this.slowAt(atMs);
    const side = slow < 0 ? DISCOUNT_FACTOR : 1;
    const bent = Math.sinh(BEND * slow) / BEND;
    return this.size * BPS * (CENTRE_BPS + SCALE_BPS * side * bent);
  }

  /** The premium index: what is beyond an impact order's own cost. */
  premiumAt(atMs: number): number {
    const basis = this.basisAt(atMs);
    const beyond = Math.max(0, Math.abs(basis) - IMPACT_BPS * BPS);
    return Math.sign(basis) * beyond;
  }

  /** Funding rate that the period from `fromMs` has earned by `untilMs`. */
  fundingOf(fromMs: number, untilMs: number, rules: FundingRules): number {
    let sum = 0;
    for (let at = 0; at < SAMPLES; at++) {
      sum += this.premiumAt(fromMs + ((untilMs - fromMs) * (at + 0.5)) / SAMPLES);
    }
    return fundingRate((MEAN_SHARE * sum) / SAMPLES, rules);
  }

  /** Mark over last at a bar's end: two prices of one contract are never quite the same. */
  markRatioAt(atMs: number): number {
    const minute = Math.floor(atMs / 60_000);
    const draw = hashedNormal(this.key ^ 0x6d61726b, minute);
    return 1 + this.size * MARK_NOISE_BPS * BPS * draw * (1 + 0.25 * draw * draw);
  }

  private slowAt(atMs: number): number {
    let sum = 0;
    for (let octave = 0; octave < SPANS_MS.length; octave++) {
      const place = atMs / (SPANS_MS[octave] ?? 1);
      const cell = Math.floor(place);
      const part = place - cell;
      const salt = this.key + Math.imul(octave + 1, 0x2545f);
      const mixed = (1 - part) * hashedNormal(salt, cell) + part * hashedNormal(salt, cell + 1);
      sum += ((WEIGHTS[octave] ?? 0) * mixed) / Math.sqrt((1 - part) ** 2 + part ** 2);
    }
    return sum;
  }
}

interface FundingRules {
  readonly intervalMin: number;
  readonly cap: number;
}

/**
 * The venue's rule: premium plus the interest rate's pull of at most 0.05 %, capped (help pages).
 */
function fundingRate(premium: number, { intervalMin, cap }: FundingRules): number {
  const interest = 0.0003 * (intervalMin / 1_440);
  const pull = Math.max(-0.0005, Math.min(0.0005, interest - premium));
  const rate = Math.max(-cap, Math.min(cap, premium + pull));
  return Math.round(rate * 1e8) / 1e8;
}
