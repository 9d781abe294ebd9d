/**
 * The market before the simulator started, as a function instead of a store: the same law as the
 * live part, see {@link CoinPath}.
 *
 * Highs and lows are drawn from the exact law of a Brownian bridge between a bar's ends with the
 * bar's own variance: P(max > m) = e^(−2(m − a)(m − b)/V), which a change of time does not touch.
 * No bar is kept; asking twice gives the same bar.
 */
import { hashedNormal, hashedShare, keyOf } from "./cascade.ts";
import { CoinPath, type PathLaw, type SharedPaths } from "./coin-path.ts";

/**
 * A bar of many trades has this much noise of its own in its volume (deviation of the logarithm).
 */
const VOLUME_NOISE = 0.3;
/**
 * Parts of the volume that go with how far the price ran, against what its volatility makes usual:
 * in the bar itself, and in the half hour up to its end, as a run brings traders for a while.
 */
const RUN_SHARE = 0.15;
const LONG_RUN_SHARE = 0.15;
const LONG_RUN_MS = 1_800_000;
const RUN_MAX = 4;
/** Mean of a normal deviate's size. */
const MEAN_DEVIATION = Math.sqrt(2 / Math.PI);
const HOUR_MS = 3_600_000;

export interface PastMarket {
  /** Price at the instant, in USDT. `atMs` may be any instant, also before the launch. */
  priceAt(atMs: number): number;
  /** Base-coin volume traded in the bar that starts at `atMs`. */
  volumeOf(atMs: number, spanMs: number): number;
  /** Highest and lowest price of the bar. */
  rangeOf(atMs: number, spanMs: number): { high: number; low: number };
}

interface PastOptions {
  readonly seed: string;
  readonly symbol: string;
  readonly law: PathLaw;
  /** Shared among all contracts of one venue. */
  readonly shared: SharedPaths;
  readonly startAtMs: number;
  readonly startPrice: number;
  readonly turnover24hUsdt: number;
}

export function pastMarket(options: PastOptions): PastMarket {
  const { seed, symbol, law, shared, startPrice, startAtMs } = options;
  const key = keyOf(`${seed}/${symbol}/past`);
  const path = new CoinPath(law, symbol, seed, shared);
  const atStart = path.logAt(startAtMs, shared);
  const meanVolume = options.turnover24hUsdt / 1_440 / startPrice;

  const logs = new Recent((atMs) => path.logAt(atMs, shared) - atStart);
  const minuteRates = new Recent((atMs) => path.minuteRate(atMs, shared));
  const hourRates = new Recent((atMs) => path.hourRate(atMs, shared));

  function rateOf(atMs: number, spanMs: number): number {
    return (spanMs < HOUR_MS / 4 ? minuteRates : hourRates).at(atMs + spanMs / 2);
  }

  function priceAt(atMs: number): number {
    return startPrice * Math.exp(logs.at(atMs));
  }

  function volumeOf(atMs: number, spanMs: number): number {
    const minutes = spanMs / 60_000;
    const spread = VOLUME_NOISE / Math.sqrt(minutes);
    const noise = Math.exp(spread * hashedNormal(key ^ 0x766f6c, minuteOf(atMs)) - spread ** 2 / 2);
    const rate = rateOf(atMs, spanMs);
    const endMs = atMs + spanMs;
    const run = runOf(atMs, endMs, rate);
    const longMs = endMs - LONG_RUN_MS;
    const longRun = longMs > atMs ? run : runOf(longMs, endMs, rateOf(longMs, LONG_RUN_MS));
    const news = (1 + RUN_SHARE * (run - 1)) * (1 + LONG_RUN_SHARE * (longRun - 1));
    return meanVolume * minutes * path.activity(atMs, rate) * news * noise;
  }

  /** How far the price ran at a variance rate, against the mean of such runs. */
  function runOf(fromMs: number, untilMs: number, rate: number): number {
    const deviation = law.sigma * Math.sqrt((rate * (untilMs - fromMs)) / 1_000);
    const deviations = Math.abs(logs.at(untilMs) - logs.at(fromMs)) / deviation;
    return Math.min(RUN_MAX, deviations / MEAN_DEVIATION);
  }

  function rangeOf(atMs: number, spanMs: number): { high: number; low: number } {
    const open = logs.at(atMs);
    const close = logs.at(atMs + spanMs);
    const variance = law.sigma ** 2 * rateOf(atMs, spanMs) * (spanMs / 1_000);
    const reach = (salt: number): number => {
      const draw = 1 - hashedShare(key ^ salt, minuteOf(atMs));
      return Math.sqrt((close - open) ** 2 - 2 * variance * Math.log(draw));
    };
    return {
      high: startPrice * Math.exp((open + close + reach(0x11)) / 2),
      low: startPrice * Math.exp((open + close - reach(0x22)) / 2),
    };
  }

  return { priceAt, volumeOf, rangeOf };
}

/** A bar asks for its ends and its middle several times over, and its neighbour begins there. */
class Recent {
  private readonly ask: (atMs: number) => number;
  private lastMs = Number.NaN;
  private last = 0;
  private earlierMs = Number.NaN;
  private earlier = 0;

  constructor(ask: (atMs: number) => number) {
    this.ask = ask;
  }

  at(atMs: number): number {
    if (atMs === this.lastMs) return this.last;
    const value = atMs === this.earlierMs ? this.earlier : this.ask(atMs);
    this.earlierMs = this.lastMs;
    this.earlier = this.last;
    this.lastMs = atMs;
    this.last = value;
    return value;
  }
}

function minuteOf(atMs: number): number {
  return Math.floor(atMs / 60_000);
}
