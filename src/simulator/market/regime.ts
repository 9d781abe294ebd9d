/**
 * Weather that somebody calls up: calm, trend, chop, crash, squeeze, the first hours of a listing,
 * and a planted edge. It is laid over the path of every contract that it names, for a while.
 *
 * Moves are told in deviations of a day, so that one scenario means the same for every contract.
 * A planted edge is a known amount of predictability: now and then one side of the touch is a
 * hundred times its usual size, and by the end of the horizon the price has gone to that side by
 * the stated basis points, over whatever else it did.
 */
import type { Prng } from "../../kernel/prng.ts";

export const REGIME_KINDS = ["calm", "trend", "chop", "crash", "squeeze", "listing"] as const;
type RegimeKind = (typeof REGIME_KINDS)[number];

interface Regime {
  readonly kind: RegimeKind;
  /** Empty for every contract. */
  readonly symbolIndexes: readonly number[];
  readonly fromMs: number;
  readonly untilMs: number;
  /** 1 is the usual size; a negative trend falls. */
  readonly strength: number;
}

export interface PlantedEdge {
  readonly bps: number;
  /** How long the move takes after the signal, in seconds. */
  readonly horizonS: number;
  /** Mean time from the end of a signal to the next one, in seconds. */
  readonly everyS: number;
  readonly symbolIndexes: readonly number[];
}

/** What the weather does to one contract now. */
export interface Weather {
  /** Multiplies the path's deviations. */
  vol: number;
  /** Log return per second on top. */
  driftPerS: number;
  /** Multiplies trading. */
  activity: number;
  /** Multiplies spreads and divides depth. */
  stress: number;
}

const FAIR: Readonly<Weather> = { vol: 1, driftPerS: 0, activity: 1, stress: 1 };
const DAY_S = 86_400;
/** Chop pulls back to where it began in about this long. */
const CHOP_REVERSION_S = 90;
/** Day deviations that a whole regime moves the price. */
const TREND_MOVE = 0.6;
const CRASH_MOVE = 2.5;

/** The log return since a regime began is what chop pulls against. */
export interface RegimeMemory {
  regime: Regime | null;
  atStart: number;
}

/** The weather of a contract of `sigma` per √s whose overlaid log price is `logPrice`. */
export function weatherOf(
  regime: Regime | null,
  atMs: number,
  contract: { readonly sigma: number; readonly moved: number },
): Readonly<Weather> {
  if (regime === null) return FAIR;
  const spanS = (regime.untilMs - regime.fromMs) / 1_000;
  const part = Math.min(1, Math.max(0, (atMs - regime.fromMs) / 1_000 / spanS));
  const { strength } = regime;
  const move = (contract.sigma * Math.sqrt(DAY_S) * strength) / spanS;
  switch (regime.kind) {
    case "calm":
      return { vol: 0.4, driftPerS: 0, activity: 0.5, stress: 0.8 };
    case "trend":
      return { vol: 1, driftPerS: TREND_MOVE * move, activity: 1.4, stress: 1 };
    case "chop": {
      const driftPerS = -contract.moved / CHOP_REVERSION_S;
      return { vol: 1.3 * strength, driftPerS, activity: 1.2, stress: 1.2 };
    }
    case "crash":
    case "squeeze": {
      // Slow at first, fastest at two thirds, then the dust settles.
      const pace = 2.4 * Math.exp(-18 * (part - 0.66) ** 2);
      const sign = regime.kind === "crash" ? -1 : 1;
      const driftPerS = sign * CRASH_MOVE * pace * move;
      const wild = Math.abs(strength) * pace;
      return { vol: 1 + 1.5 * wild, driftPerS, activity: 1 + 3 * wild, stress: 1 + 2 * wild };
    }
    case "listing": {
      const young = strength * Math.exp(-3 * part);
      return { vol: 1 + 3 * young, driftPerS: 0, activity: 1 + 6 * young, stress: 1 + 2 * young };
    }
  }
}

/** Regimes and the edge that hold; the newest regime that names a contract wins. */
export class Scenario {
  private regimes: Regime[] = [];
  edge: PlantedEdge | null = null;

  call(regime: Regime): void {
    this.regimes.push(regime);
  }

  /** No regime is called up, now or later. */
  get isQuiet(): boolean {
    return this.regimes.length === 0;
  }

  clear(): void {
    this.regimes = [];
    this.edge = null;
  }

  all(): readonly Regime[] {
    return this.regimes;
  }

  /** Forgets what is over. */
  expire(atMs: number): void {
    if (this.regimes.some(({ untilMs }) => untilMs <= atMs)) {
      this.regimes = this.regimes.filter(({ untilMs }) => untilMs > atMs);
    }
  }

  regimeOf(symbolIndex: number, atMs: number): Regime | null {
    for (let at = this.regimes.length - 1; at >= 0; at--) {
      const regime = this.regimes[at];
      if (regime === undefined || atMs < regime.fromMs || atMs >= regime.untilMs) continue;
      if (names(regime.symbolIndexes, symbolIndex)) return regime;
    }
    return null;
  }

  edgeOf(symbolIndex: number): PlantedEdge | null {
    const { edge } = this;
    return edge !== null && names(edge.symbolIndexes, symbolIndex) ? edge : null;
  }
}

function names(symbolIndexes: readonly number[], symbolIndex: number): boolean {
  return symbolIndexes.length === 0 || symbolIndexes.includes(symbolIndex);
}

/** When the signals of one contract come, and where each points: 1 up, −1 down, 0 none. */
export class Signals {
  private readonly prng: Prng;
  private fromMs = 0;
  private spanMs = 1;
  private nextMs: number;
  /** Part of the running signal's move that has been made. */
  private made = 0;
  side: -1 | 0 | 1 = 0;

  constructor(prng: Prng, startAtMs: number) {
    this.prng = prng;
    this.nextMs = startAtMs;
  }

  /**
   * Returns what part of its move the signal that stood until now has made since the last call: the
   * parts of one signal add up to exactly one, however rarely its contract is looked at.
   */
  advance(edge: PlantedEdge, atMs: number): number {
    let part = 0;
    if (this.side !== 0) {
      const made = Math.min(1, (atMs - this.fromMs) / this.spanMs);
      part = made - this.made;
      this.made = made;
      if (made < 1) return part;
      this.side = 0;
      this.nextMs = atMs + 1_000 * edge.everyS * this.prng.exponential();
    }
    if (atMs < this.nextMs) return part;
    this.side = this.prng.next() < 0.5 ? 1 : -1;
    this.fromMs = atMs;
    this.spanMs = 1_000 * edge.horizonS;
    this.made = 0;
    return part;
  }

  /** The edge was taken away: what the running signal promised does not come any more. */
  stop(): void {
    this.side = 0;
  }
}
