/**
 * The market before the simulator started, as a function instead of a store.
 *
 * The log price at any past minute is fractal value noise: octave k is noise on a lattice of 2^k
 * minutes with amplitude σ·2^(k/2), which adds up to something close to a random walk. It is zero
 * at the start minute, so history joins the live market without a jump. Volume is log-normal
 * with a daily rhythm. No bar is kept; asking twice gives the same bar.
 */

/** The coarsest lattice is 2^16 minutes, six weeks: slower drift would wander to absurd prices. */
const OCTAVES = 17;

export interface PastMarket {
  /** Price at the instant, in USDT. `atMs` may be any whole minute, also before the launch. */
  priceAt(atMs: number): number;
  /** Base-coin volume traded in the minute that starts at `atMs`. */
  volumeOf(atMs: number): number;
  /**
   * Extra reach of the wicks of the bar of `minutes` minutes: fractions above and below its body.
   */
  wickOf(atMs: number, minutes: number): [above: number, below: number];
}

interface PastOptions {
  readonly key: number;
  readonly startAtMs: number;
  readonly startPrice: number;
  /** Standard deviation of the log price per √s. */
  readonly sigma: number;
  readonly turnover24hUsdt: number;
}

export function pastMarket(options: PastOptions): PastMarket {
  const { key, startPrice } = options;
  const startMinute = Math.floor(options.startAtMs / 60_000);
  const unit = options.sigma * Math.sqrt(60) * 0.62;
  const atStart = fractal(key, startMinute);
  const meanVolume = options.turnover24hUsdt / 1_440 / startPrice;

  function priceAt(atMs: number): number {
    const minute = Math.floor(atMs / 60_000);
    return startPrice * Math.exp(unit * (fractal(key, minute) - atStart));
  }

  function volumeOf(atMs: number): number {
    const minute = Math.floor(atMs / 60_000);
    const hour = (minute / 60) % 24;
    const rhythm = 1 + 0.4 * Math.sin(((hour - 8) / 24) * 2 * Math.PI);
    return meanVolume * rhythm * Math.exp(0.7 * noise(key ^ 0x5bd1, minute) - 0.25);
  }

  function wickOf(atMs: number, minutes: number): [number, number] {
    const minute = Math.floor(atMs / 60_000);
    const scale = options.sigma * Math.sqrt(60 * minutes) * 0.5;
    return [
      scale * Math.abs(noise(key ^ 0x11, minute)),
      scale * Math.abs(noise(key ^ 0x22, minute)),
    ];
  }

  return { priceAt, volumeOf, wickOf };
}

/** Sum of octaves at a minute, in units of one minute's standard deviation. */
function fractal(key: number, minute: number): number {
  let sum = 0;
  let span = 1;
  let amplitude = 1;
  for (let octave = 0; octave < OCTAVES; octave++) {
    const cell = Math.floor(minute / span);
    const part = minute / span - cell;
    const salt = key + octave * 0x3779;
    const left = noise(salt, cell);
    sum += amplitude * (part === 0 ? left : left + (noise(salt, cell + 1) - left) * part);
    span *= 2;
    amplitude *= Math.SQRT2;
  }
  return sum * 0.5;
}

/** A hashed number in [0, 1): the same question has the same answer. */
export function hashedShare(key: number, index: number): number {
  return noise(key, index) / 3.4641016151377544 + 0.5;
}

/**
 * A hashed deviate with mean 0 and variance 1, uniform in ±√3: tails come from the octaves' sum.
 */
function noise(key: number, index: number): number {
  let mixed = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  mixed ^= mixed >>> 15;
  return ((mixed >>> 0) / 4294967296 - 0.5) * 3.4641016151377544;
}

/** A whole number that names a symbol's stream of hashes (FNV-1a). */
export function keyOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
