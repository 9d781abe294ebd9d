/**
 * Where a resting order of ours stands in the queue of its price.
 *
 * The public book shows sizes, not orders, so the place is a model: we join behind everything that
 * is displayed; a trade at our price takes from the front; what leaves without a trade was
 * cancelled, and cancels are spread evenly over the queue, so that our share of them was ahead of
 * us; what is added joins behind us. This is the "proportional" end of the known queue models:
 * between assuming that nobody ahead ever leaves (too slow) and that everybody does (too fast).
 *
 * Books and trades come on different channels. A frame may show a trade that we hear of later: then
 * what the shrink was credited with is set off against that trade, so that it counts once.
 */
import { assert } from "../../kernel/assert.ts";

/** Mutable: part of a resting order. */
export interface QueuePlace {
  /** Steps before us; infinite while our price lies outside the visible book. */
  aheadSteps: number;
  /** Steps displayed at our price in the last frame, ours not among them. */
  levelSteps: number;
  /** Traded at our price since that frame: the next one will be smaller by it. */
  tradedSteps: number;
  /** What the last frame's unexplained shrink took off `aheadSteps`. */
  creditedSteps: number;
  /** Venue time of that frame. */
  bookVenueAtMs: number;
  /** Others who answered our improved price: they are met before us wherever a trade goes. */
  rivalSteps: number;
  /** Our clock from when they stand there. */
  rivalsFromMs: number;
}

/** Joins behind `levelSteps` displayed steps; null when the price is not in the visible book. */
export function joinQueue(levelSteps: number | null, venueAtMs: number): QueuePlace {
  return {
    aheadSteps: levelSteps ?? Number.POSITIVE_INFINITY,
    levelSteps: levelSteps ?? 0,
    tradedSteps: 0,
    creditedSteps: 0,
    bookVenueAtMs: venueAtMs,
    rivalSteps: 0,
    rivalsFromMs: 0,
  };
}

/**
 * A frame came: `levelSteps` is displayed at our price now, null when the price is out of sight.
 */
export function seeLevel(place: QueuePlace, levelSteps: number | null, venueAtMs: number): void {
  place.bookVenueAtMs = venueAtMs;
  place.creditedSteps = 0;
  if (levelSteps === null) return; // Out of sight: what we knew is all there is.
  assert(levelSteps >= 0, "a level holds no negative quantity");
  const expected = Math.max(0, place.levelSteps - place.tradedSteps);
  if (place.aheadSteps !== Number.POSITIVE_INFINITY && levelSteps < expected) {
    const cancelled = expected - levelSteps;
    const share = Math.min(1, place.aheadSteps / expected);
    place.creditedSteps = Math.floor(cancelled * share);
    place.aheadSteps -= place.creditedSteps;
  }
  if (place.aheadSteps > levelSteps) {
    if (place.aheadSteps !== Number.POSITIVE_INFINITY) {
      place.creditedSteps += place.aheadSteps - levelSteps;
    }
    place.aheadSteps = levelSteps;
  }
  place.levelSteps = levelSteps;
  place.tradedSteps = 0;
}

/** A trade of `qtySteps` happened at our price. Returns the steps of it that reach us. */
export function seeTrade(place: QueuePlace, qtySteps: number, venueAtMs: number): number {
  assert(qtySteps > 0, "a trade moves a positive quantity");
  let fromFront = qtySteps;
  if (venueAtMs <= place.bookVenueAtMs) {
    const shown = Math.min(place.creditedSteps, qtySteps);
    place.creditedSteps -= shown;
    fromFront -= shown;
  } else place.tradedSteps += qtySteps;
  const reached = Math.max(0, fromFront - place.aheadSteps);
  place.aheadSteps = Math.max(0, place.aheadSteps - fromFront);
  return reached;
}

/** What an order that improves the best price of its side meets. */
interface Improvement {
  /** Displayed at the price that was the best before. */
  readonly touchSteps: number;
  readonly atMs: number;
}

/**
 * What is left of a trade once those who answered our price have had their share. Only they stand
 * where the public book shows nothing of us, so a trade through our price meets them first.
 */
export function pastRivals(place: QueuePlace, steps: number, atMs: number): number {
  assert(steps >= 0, "a trade moves no negative quantity");
  if (place.rivalSteps === 0 || atMs < place.rivalsFromMs) return steps;
  const met = Math.min(place.rivalSteps, steps);
  place.rivalSteps -= met;
  return steps - met;
}

/** How a place in a queue moves: by default as told above, by argument in any other way. */
export interface QueueModel {
  readonly join: typeof joinQueue;
  readonly seeLevel: typeof seeLevel;
  readonly seeTrade: typeof seeTrade;
  /** Our order is alone at a better price than anybody's: how the others answer. */
  readonly improve: (place: QueuePlace, improvement: Improvement) => void;
}

/** Nobody reacts to a better price: it has the first place for as long as it rests. */
export const proportionalQueue: QueueModel = {
  join: joinQueue,
  seeLevel,
  seeTrade,
  improve: () => {},
};

/** How a crowd answers a better price than its own. */
interface Contest {
  /** Until the first of them has seen it and moved. */
  readonly reactMs: number;
  /** Of what stood at the best price before, how much moves ahead of us. */
  readonly share: number;
}

/**
 * The default: half of the size at the touch that was improved on joins or undercuts us within a
 * fifth of a second. Market makers requote within tens of milliseconds; not all of them follow.
 */
const USUAL_CONTEST: Contest = { reactMs: 200, share: 0.5 };

/** The proportional queue in which a better price is contested. */
export function contestedQueue({ reactMs, share }: Contest = USUAL_CONTEST): QueueModel {
  return {
    ...proportionalQueue,
    improve(place, { touchSteps, atMs }) {
      assert(touchSteps >= 0, "a touch holds no negative quantity");
      place.rivalSteps = Math.ceil(touchSteps * share);
      place.rivalsFromMs = atMs + reactMs;
    },
  };
}
