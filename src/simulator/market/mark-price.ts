/**
 * Index and mark price, built as the venue builds them and therefore never ahead of the book.
 *
 * The index is other venues' price: the contract's path a moment ago, less the premium, with a
 * noise of its own. The mark is the index times one plus the mean distance of the book's middle
 * from it over about two minutes (help pages: "Mark Price Calculation", second price). Both are
 * told once a second; neither knows what the contract's own last trades foretold before the book
 * shows it.
 */
import type { Prng } from "../../kernel/prng.ts";
import type { Premium } from "./index-premium.ts";

const BASIS_MEAN_S = 120;
const INDEX_NOISE = 0.5e-4;
/** How much of the noise is left a second later: constituents are stale together. */
const NOISE_MEMORY = 0.9;
/** The index follows what other venues traded with this weight a second. */
const INDEX_PACE = 0.7;
/** The mark stays this close to the middle: the venue bounds it too. */
const MARK_AWAY_MAX = 0.01;

export class MarkPrice {
  private readonly premium: Premium;
  private readonly prng: Prng;
  private basis: number;
  private noise = 0;
  private spotTicks = 0;
  private atMs = 0;

  constructor(premium: Premium, prng: Prng, basisAtStart: number) {
    this.premium = premium;
    this.prng = prng;
    this.basis = basisAtStart;
  }

  next(now: { spotTicks: number; middleTicks: number; atMs: number }): {
    markTicks: number;
    indexTicks: number;
  } {
    const { middleTicks, atMs } = now;
    const elapsedS = this.atMs === 0 ? 0 : Math.max(0, atMs - this.atMs) / 1_000;
    this.spotTicks =
      this.atMs === 0
        ? now.spotTicks
        : this.spotTicks + (now.spotTicks - this.spotTicks) * Math.min(1, INDEX_PACE * elapsedS);
    this.atMs = atMs;
    const fresh = Math.sqrt(1 - NOISE_MEMORY ** 2) * this.prng.normal();
    this.noise = NOISE_MEMORY * this.noise + INDEX_NOISE * fresh;
    const indexTicks = (this.spotTicks * (1 + this.noise)) / (1 + this.premium.basisAt(atMs));
    const weight = 1 - Math.exp(-elapsedS / BASIS_MEAN_S);
    this.basis += weight * (middleTicks / indexTicks - 1 - this.basis);
    const wanted = indexTicks * (1 + this.basis);
    const [least, most] = [1 - MARK_AWAY_MAX, 1 + MARK_AWAY_MAX];
    return {
      indexTicks,
      markTicks: Math.max(middleTicks * least, Math.min(middleTicks * most, wanted)),
    };
  }
}
