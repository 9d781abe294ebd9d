/**
 * A price path that can be asked at any instant, past or future, with one law for all of them.
 *
 * Brownian motion in multifractal trading time (Mandelbrot, Fisher and Calvet, "A Multifractal
 * Model of Asset Returns", 1997): a binary cascade shares the variance of a window between its
 * halves, down to a leaf of a quarter of a second, and midpoint displacement (Lévy's construction)
 * puts the path on it. With variance M between two known values, the left half taking the share a
 * of it, the middle is left + a·(right − left) + √(a(1 − a)M)·ξ. Given the trading time the
 * increments are therefore independent and symmetric: the past path tells nothing about the
 * direction of the next move, while its size clusters with a memory that decays like a power, and
 * tails are fat at every scale.
 *
 * The share is a = 1 / (1 + e^(s·z)) with z normal; s per level is what calibration sets. Now and
 * then a node is "news": below it one half takes most of the variance each time, which makes a
 * jump. z of the coarse levels is shared in part with the market's own cascade, so that contracts
 * are wild together. Every number is a hash of (key, level, place): nothing is stored but the last
 * way down.
 *
 * Beyond a window (97 days) the anchors wander a bounded way, so that no history starts at an
 * absurd price. Values are in deviations of one second: multiply by a contract's volatility per √s.
 */
import { assert } from "../../kernel/assert.ts";

const LEAF_MS = 250;
/** 2^25 leaves of a quarter of a second: 97 days. */
const LEVELS = 25;
const WINDOW_MS = LEAF_MS * 2 ** LEVELS;
const WINDOW_S = WINDOW_MS / 1_000;
/** Anchors of neighbouring windows differ by half of what free motion would give. */
const ANCHOR_SPREAD = 0.5 * Math.sqrt(WINDOW_S / 2);
/** Level whose nodes last about an hour: there the news strikes; its jump takes 16 seconds. */
const NEWS_LEVEL = 11;
const NEWS_LEVEL_LAST = 18;
/** Share of such nodes: one in about a day. */
const NEWS_CHANCE = 0.06;
/** Part of the variance that goes to one half below a news node. */
const NEWS_SHARE = 0.95;
/** Nodes shorter than a minute have noise of their own; longer ones share the market's. */
const SHARED_LEVEL_MAX = 17;
/** Level whose nodes last about a minute: what "volatility now" is read from. */
const MINUTE_LEVEL = 17;
/** Level whose nodes last about an hour. */
const HOUR_LEVEL = 11;

/**
 * How unequal the halves are by level: coarse (days), middle (hours to minutes), fine (seconds).
 */
function spreadOf(level: number): number {
  if (level < 11) return 0.68;
  return level < 18 ? 1 : 0.75;
}

const SPREADS = Float64Array.from({ length: LEVELS }, (_, level) => spreadOf(level));

interface CascadeOptions {
  readonly key: number;
  /** Key of the market's cascade, or the own one for the market itself. */
  readonly marketKey: number;
  /** Part of z at coarse levels that is the market's, 0 to 1. */
  readonly sharing: number;
}

export class Cascade {
  private readonly key: number;
  private readonly marketKey: number;
  private readonly sharing: number;
  private readonly ownPart: number;
  /** The way down to the leaf that was asked last: node, its two values, its variance, its news. */
  private window = Number.NaN;
  private leaf = -1;
  private readonly left = new Float64Array(LEVELS + 1);
  private readonly right = new Float64Array(LEVELS + 1);
  private readonly mass = new Float64Array(LEVELS + 1);
  private readonly news = new Int8Array(LEVELS + 1);

  constructor(options: CascadeOptions) {
    this.key = options.key;
    this.marketKey = options.marketKey;
    this.sharing = options.key === options.marketKey ? 0 : options.sharing;
    this.ownPart = Math.sqrt(1 - this.sharing ** 2);
  }

  /** The path at the leaf that holds the instant. */
  at(atMs: number): number {
    this.descend(atMs);
    return this.left[LEVELS] ?? 0;
  }

  /** Variance per second around the instant over about a minute; 1 on average. */
  minuteRate(atMs: number): number {
    return this.rate(atMs, MINUTE_LEVEL);
  }

  /** The same over about an hour. */
  hourRate(atMs: number): number {
    return this.rate(atMs, HOUR_LEVEL);
  }

  private rate(atMs: number, level: number): number {
    this.descend(atMs);
    return ((this.mass[level] ?? 0) * 2 ** level) / WINDOW_S;
  }

  private descend(atMs: number): void {
    const window = Math.floor(atMs / WINDOW_MS);
    const leaf = Math.floor((atMs - window * WINDOW_MS) / LEAF_MS);
    if (window !== this.window) this.enter(window);
    else if (leaf === this.leaf) return;
    const apart = this.leaf < 0 ? LEVELS : 32 - Math.clz32(leaf ^ this.leaf);
    this.leaf = leaf;
    for (let level = LEVELS - apart; level < LEVELS; level++) this.split(level, leaf);
  }

  private enter(window: number): void {
    this.window = window;
    this.leaf = -1;
    this.left[0] = ANCHOR_SPREAD * hashedNormal(this.key, window);
    this.right[0] = ANCHOR_SPREAD * hashedNormal(this.key, window + 1);
    this.mass[0] = WINDOW_S;
    this.news[0] = 0;
  }

  /** From the node of a level on the way to `leaf` down to its half. */
  private split(level: number, leaf: number): void {
    const place = leaf >>> (LEVELS - level);
    const goesRight = ((leaf >>> (LEVELS - 1 - level)) & 1) === 1;
    const left = this.left[level] ?? 0;
    const right = this.right[level] ?? 0;
    const mass = this.mass[level] ?? 0;
    const salt = this.key + Math.imul(level + 1, 0x3779b1) + Math.imul(this.window, 0x1f35);
    const isNews = this.isNews(level, place, salt);
    const share = isNews ? newsShare(salt, place) : this.shareOf(level, place, salt);
    const noise = Math.sqrt(share * (1 - share) * mass) * hashedNormal(salt ^ 0x51ed27, place);
    const middle = left + share * (right - left) + noise;
    this.left[level + 1] = goesRight ? middle : left;
    this.right[level + 1] = goesRight ? right : middle;
    this.mass[level + 1] = mass * (goesRight ? 1 - share : share);
    this.news[level + 1] = isNews ? 1 : 0;
    assert(mass >= 0, "a part of a variance is a variance");
  }

  private isNews(level: number, place: number, salt: number): boolean {
    if (level < NEWS_LEVEL || level > NEWS_LEVEL_LAST) return false;
    if (level > NEWS_LEVEL) return this.news[level] === 1;
    return hashedShare(salt ^ 0x6e657773, place) < NEWS_CHANCE;
  }

  private shareOf(level: number, place: number, salt: number): number {
    let z = hashedNormal(salt, place);
    if (this.sharing > 0 && level < SHARED_LEVEL_MAX) {
      const salted = this.marketKey + Math.imul(level + 1, 0x3779b1);
      const shared = hashedNormal(salted + Math.imul(this.window, 0x1f35), place);
      z = this.sharing * shared + this.ownPart * z;
    }
    return 1 / (1 + Math.exp((SPREADS[level] ?? 0) * z));
  }
}

/** A day of hours with their middles, and some: a way down costs twenty times a look-up. */
const REMEMBERED_MAX = 128;

/** A cascade that many contracts ask for the same instants, one contract after the other. */
export class RememberedCascade extends Cascade {
  private readonly values = new Map<number, number>();
  private readonly rates = new Map<number, number>();

  override at(atMs: number): number {
    return remembered(this.values, atMs, () => super.at(atMs));
  }

  override hourRate(atMs: number): number {
    return remembered(this.rates, atMs, () => super.hourRate(atMs));
  }
}

/** Forgets all when it is full: the next contract asks for the same instants again. */
function remembered(known: Map<number, number>, atMs: number, ask: () => number): number {
  const kept = known.get(atMs);
  if (kept !== undefined) return kept;
  if (known.size >= REMEMBERED_MAX) known.clear();
  const value = ask();
  known.set(atMs, value);
  return value;
}

function newsShare(salt: number, place: number): number {
  return hashedShare(salt ^ 0x7a3, place) < 0.5 ? NEWS_SHARE : 1 - NEWS_SHARE;
}

/**
 * Mean of `rate^power` over the minutes of a cascade: what scales a quantity that follows
 * volatility to its own mean. Integrated on a grid of the normal law, per level.
 */
export function meanRatePower(power: number): number {
  let mean = 1;
  for (let level = 0; level < MINUTE_LEVEL; level++) {
    let [sum, weight] = [0, 0];
    for (let z = -6; z <= 6; z += 0.05) {
      const density = Math.exp(-0.5 * z * z);
      sum += density * (2 / (1 + Math.exp((SPREADS[level] ?? 0) * z))) ** power;
      weight += density;
    }
    mean *= sum / weight;
  }
  return mean;
}

/** A hashed number in [0, 1): the same question has the same answer. */
export function hashedShare(key: number, index: number): number {
  return mix(key, index) / 4294967296;
}

/** A hashed standard normal deviate: the hash is a quantile, read from a table. */
export function hashedNormal(key: number, index: number): number {
  const bits = mix(key, index);
  const cell = bits >>> CELL_SHIFT;
  const part = (bits & CELL_MASK) / (CELL_MASK + 1);
  const low = NORMAL[cell] ?? 0;
  return low + ((NORMAL[cell + 1] ?? 0) - low) * part;
}

/** 4,096 cells reach 3.6 deviations: the tails of prices come from the cascade, not from here. */
const CELLS = 4_096;
const CELL_SHIFT = 20;
const CELL_MASK = (1 << CELL_SHIFT) - 1;
const NORMAL = normalQuantiles();

/** Quantiles of the normal law at the cells' borders, by integrating it. */
function normalQuantiles(): Float64Array {
  const quantiles = new Float64Array(CELLS + 1);
  const [step, reach] = [1e-4, 3.6];
  let below = 0.000159;
  let cell = 0;
  for (let z = -reach; z < reach; z += step) {
    while (cell <= CELLS && below >= cell / CELLS) quantiles[cell++] = z;
    const middle = z + step / 2;
    below += (step * Math.exp(-0.5 * middle * middle)) / Math.sqrt(2 * Math.PI);
  }
  for (; cell <= CELLS; cell++) quantiles[cell] = reach;
  return quantiles;
}

/** 32 mixed bits of a key and an index (murmur-like finaliser). */
function mix(key: number, index: number): number {
  let mixed = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index ^ (key >>> 7), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  mixed = Math.imul(mixed ^ (mixed >>> 14), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A whole number that names a stream of hashes (FNV-1a). */
export function keyOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
