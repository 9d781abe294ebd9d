/**
 * Everybody else's positions in one contract: open interest, and what of it breaks when prices run.
 *
 * When the price has moved several deviations within about a minute, part of the crowd on the
 * losing side is liquidated: its orders hit the book and push the price on, which may break more.
 * The push per liquidated value is small enough that a cascade dies out on its own. When a run eats
 * more than the insurance fund stands for, winners are deleveraged.
 */
import type { Prng } from "../../kernel/prng.ts";
import type { Activity } from "./catalogue.ts";

/** Interest is told anew every few seconds and wanders by basis points. */
const TOLD_EVERY_MS = 5_000;
const WANDER = 1e-4;
/** Reference that a run is measured against: forgotten within about a minute. */
const MEMORY_S = 60;
/** A run begins at this many deviations of the usual minute, and breaks this part of one side. */
const RUN_DEVIATIONS = 3;
const BROKEN_SHARE = 4e-4;
/** One liquidation takes at most this part of a day's turnover. */
const ONE_MAX = 2e-4;
/** Day deviations that a whole day's turnover of liquidations would push the price. */
const PUSH = 12;
/** Part of the interest that one run may eat before the insurance fund is gone. */
const INSURED_SHARE = 0.03;
const INSURED_S = 600;
const MINUTE_S = 60;
const DAY_S = 86_400;

interface ForcedClose {
  readonly isLong: boolean;
  readonly usdt: number;
  /** Log return that it adds to the fair value. */
  readonly push: number;
  readonly isBeyondInsurance: boolean;
}

export class Crowd {
  interestSteps: number;
  private readonly activity: Activity;
  private readonly prng: Prng;
  private reference = 0;
  private eatenShare = 0;
  private atMs = 0;
  private toldAtMs = 0;

  constructor(activity: Activity, prng: Prng, stepUsdt: number) {
    this.activity = activity;
    this.prng = prng;
    this.interestSteps = activity.openInterestUsdt / stepUsdt;
  }

  /** The mark moved; who breaks now, null for nobody. `fair` knows the variance of the moment. */
  follow(markTicks: number, fair: { readonly rate: number }, atMs: number): ForcedClose | null {
    const elapsedS = this.atMs === 0 ? 0 : (atMs - this.atMs) / 1_000;
    this.atMs = atMs;
    if (atMs - this.toldAtMs >= TOLD_EVERY_MS) {
      this.toldAtMs = atMs;
      this.interestSteps = Math.max(100, this.interestSteps * (1 + WANDER * this.prng.normal()));
    }
    const price = Math.log(markTicks);
    if (this.reference === 0) this.reference = price;
    const run = price - this.reference;
    this.reference += run * Math.min(1, elapsedS / MEMORY_S);
    this.eatenShare *= Math.exp(-elapsedS / INSURED_S);
    const least = RUN_DEVIATIONS * this.activity.sigma * Math.sqrt(MINUTE_S);
    if (Math.abs(run) < least || elapsedS === 0) return null;
    const usual = this.activity.sigma * Math.sqrt(MINUTE_S * Math.max(1, fair.rate) ** 0.5);
    const deviations = Math.abs(run) / usual;
    if (deviations < RUN_DEVIATIONS) return null;
    return this.breakSome(run < 0, deviations - RUN_DEVIATIONS);
  }

  private breakSome(isLong: boolean, beyond: number): ForcedClose {
    const { openInterestUsdt, turnover24hUsdt, sigma } = this.activity;
    const wanted = openInterestUsdt * BROKEN_SHARE * (0.3 + beyond) * this.prng.exponential();
    const usdt = Math.min(wanted, turnover24hUsdt * ONE_MAX);
    const share = usdt / openInterestUsdt;
    this.interestSteps *= 1 - share;
    this.eatenShare += share;
    const isBeyondInsurance = this.eatenShare > INSURED_SHARE;
    if (isBeyondInsurance) this.eatenShare = 0;
    const push = (PUSH * sigma * Math.sqrt(DAY_S) * usdt) / turnover24hUsdt;
    return { isLong, usdt, push: isLong ? -push : push, isBeyondInsurance };
  }
}
