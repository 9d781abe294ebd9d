/**
 * What all contracts share: one market return, one volatility state, now and then a jump.
 *
 * Steps of a fixed length, so that the path depends on the seed and the elapsed time only.
 */
import type { Prng } from "../../kernel/prng.ts";

const FACTOR_STEP_MS = 250;
/** A process that was suspended catches up at most this long a walk; older time is skipped. */
const FACTOR_STEPS_MAX = 240;

/** Volatility reverts in about twenty minutes. */
const VOL_REVERSION = FACTOR_STEP_MS / 1_200_000;
const VOL_NOISE = 0.45 * Math.sqrt(2 * VOL_REVERSION);
/** One jump in about fifteen minutes. */
const JUMP_CHANCE = FACTOR_STEP_MS / 900_000;
/** A jump is news, not a crash: its exponential tail is cut at 30 bps. */
const JUMP_LEAST_BPS = 6;
const JUMP_SCALE_BPS = 12;
const JUMP_TAIL_MAX = 2;

export class MarketFactor {
  private readonly prng: Prng;
  private readonly sigma: number;
  private atMs: number;
  private logVol = 0;
  /** Cumulated log return of the market since the start. */
  level = 0;
  /** Excitement after a jump, decaying; raises everybody's activity. */
  heat = 0;

  /** `sigma` is the deviation of the log return per √s in calm times. */
  constructor(prng: Prng, sigma: number, startAtMs: number) {
    this.prng = prng;
    this.sigma = sigma;
    this.atMs = startAtMs;
  }

  /** Multiplier of everybody's volatility, about 1. */
  get vol(): number {
    return Math.exp(this.logVol - 0.1) * (1 + this.heat);
  }

  advance(toMs: number): void {
    const behind = Math.floor((toMs - this.atMs) / FACTOR_STEP_MS);
    if (behind > FACTOR_STEPS_MAX) {
      this.atMs += (behind - FACTOR_STEPS_MAX) * FACTOR_STEP_MS;
    }
    while (this.atMs + FACTOR_STEP_MS <= toMs) this.step();
  }

  private step(): void {
    this.atMs += FACTOR_STEP_MS;
    this.logVol += -this.logVol * VOL_REVERSION + VOL_NOISE * this.prng.normal();
    const scale = this.sigma * this.vol * Math.sqrt(FACTOR_STEP_MS / 1_000);
    this.level += scale * this.prng.normal() - this.level * 1e-7;
    this.heat *= 0.985;
    if (this.prng.next() < JUMP_CHANCE) {
      const tail = Math.min(JUMP_TAIL_MAX, this.prng.exponential());
      const sizeBps = JUMP_LEAST_BPS + JUMP_SCALE_BPS * tail;
      this.level += (this.prng.next() < 0.5 ? -1 : 1) * sizeBps * 1e-4;
      this.heat = Math.min(3, this.heat + sizeBps / 10);
    }
  }
}
