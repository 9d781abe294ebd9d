/**
 * What a planted edge is worth, as an observer of public data finds it.
 *
 * The definition (market/regime.ts): one side of the touch becomes SIGNAL_TOUCH times its usual
 * size, and within the horizon the price goes the stated bps to that side, over what it would have
 * done anyway. So the estimate starts at the middle before such a touch appeared and ends when the
 * horizon is over and the quotes had time to follow. What a bot earns is another quantity: it comes
 * late, pays spread and fees, and leaves with the horizon.
 */
import { quantile } from "../realism/statistics.ts";
import type { Seen } from "./seen.ts";

/** A touch beyond this many times the usual one is a signal: chance was seen to make 34 of it. */
const SIGNAL_WALLS = 45;
const LOOK_MS = 100;
/** Quotes follow a move within this, on rarely quoted contracts too. */
const SETTLE_MS = 2_000;
/** The usual touch is this quantile of the first looks, and follows it slowly at each later one. */
const USUAL_QUANTILE = 0.75;
const WARM_LOOKS = 600;
const USUAL_PACE = 0.001;

/** Which side of the touch has a wall, once the usual touch is known. */
export class WallWatch {
  private readonly first: number[] = [];
  private usualSteps = 0;

  /** 1 for the bid, −1 for the ask, 0 for none or both. */
  look({ bidSteps, askSteps }: Seen): -1 | 0 | 1 {
    if (this.first.length < WARM_LOOKS) {
      this.first.push(bidSteps, askSteps);
      if (this.first.length >= WARM_LOOKS) this.usualSteps = quantile(this.first, USUAL_QUANTILE);
      return 0;
    }
    for (const steps of [bidSteps, askSteps]) {
      const lean = steps > this.usualSteps ? USUAL_QUANTILE : USUAL_QUANTILE - 1;
      this.usualSteps *= 1 + USUAL_PACE * lean;
    }
    const wall = SIGNAL_WALLS * this.usualSteps;
    if (bidSteps > wall === askSteps > wall) return 0;
    return bidSteps > wall ? 1 : -1;
  }
}

interface Waiting {
  readonly side: -1 | 1;
  readonly fromMiddle: number;
  readonly dueMs: number;
}

/** Collects how far the middle went to the side of each wall, in bps. */
export class EdgeStudy {
  readonly moves: number[] = [];
  private readonly horizonMs: number;
  private readonly walls = new WallWatch();
  private waiting: Waiting | null = null;
  private lastMiddle = 0;

  constructor(horizonS: number) {
    this.horizonMs = horizonS * 1_000;
  }

  look(seen: Seen): void {
    if (seen.bidTicks === 0 || seen.askTicks === 0) return;
    const middle = (seen.bidTicks + seen.askTicks) / 2;
    const side = this.walls.look(seen);
    const { waiting } = this;
    if (waiting === null) {
      const dueMs = seen.atMs - LOOK_MS + this.horizonMs + SETTLE_MS;
      if (side !== 0) this.waiting = { side, fromMiddle: this.lastMiddle, dueMs };
    } else if (seen.atMs >= waiting.dueMs) {
      this.moves.push(waiting.side * Math.log(middle / waiting.fromMiddle) * 1e4);
      this.waiting = null;
    }
    this.lastMiddle = middle;
  }
}
