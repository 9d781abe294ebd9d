/**
 * What is known of a symbol beyond the moment: slow statistics that survive a restart.
 * All are exponentially weighted over minutes; `samples` says how much to believe them.
 */
export interface SymbolProfile {
  readonly symbol: string;
  readonly samples: number;
  readonly spreadBps: number;
  readonly volatilityBps1m: number;
  readonly tradesPerMin: number;
  readonly turnover24hUsdt: number;
  readonly topDepthUsdt: number;
  readonly fills: number;
  readonly makerFills: number;
  readonly netPnlUsdt: number;
  readonly category: string;
  readonly score: number;
  readonly updatedAtMs: number;
}

/** One look at a symbol, taken by the universe timer. */
interface ProfileSample {
  readonly spreadBps: number;
  /** Standard deviation of one-second returns. */
  readonly volatilityBps: number;
  readonly tradesPerMin: number;
  readonly turnover24hUsdt: number;
  readonly topDepthUsdt: number;
  readonly category: string;
  readonly score: number;
  readonly atMs: number;
}

/** Weight of one sample once a profile has many: at 5 s a sample, a half-life of three minutes. */
const SAMPLE_WEIGHT = 0.02;

export function emptyProfile(symbol: string): SymbolProfile {
  return {
    symbol,
    samples: 0,
    spreadBps: 0,
    volatilityBps1m: 0,
    tradesPerMin: 0,
    turnover24hUsdt: 0,
    topDepthUsdt: 0,
    fills: 0,
    makerFills: 0,
    netPnlUsdt: 0,
    category: "",
    score: 0,
    updatedAtMs: 0,
  };
}

/** Folds one sample in. The first samples count more, so that a new profile is useful at once. */
export function sampled(profile: SymbolProfile, sample: ProfileSample): SymbolProfile {
  const weight = Math.max(SAMPLE_WEIGHT, 1 / (profile.samples + 1));
  const mix = (before: number, now: number): number => before + weight * (now - before);
  return {
    ...profile,
    samples: profile.samples + 1,
    spreadBps: mix(profile.spreadBps, sample.spreadBps),
    volatilityBps1m: mix(profile.volatilityBps1m, sample.volatilityBps * Math.sqrt(60)),
    tradesPerMin: mix(profile.tradesPerMin, sample.tradesPerMin),
    turnover24hUsdt: sample.turnover24hUsdt,
    topDepthUsdt: mix(profile.topDepthUsdt, sample.topDepthUsdt),
    category: sample.category,
    score: sample.score,
    updatedAtMs: sample.atMs,
  };
}

/** Counts one of our own fills; `netUsdt` is what it realised after its fee. */
export function withFill(
  profile: SymbolProfile,
  fill: { readonly isMaker: boolean; readonly netUsdt: number },
): SymbolProfile {
  return {
    ...profile,
    fills: profile.fills + 1,
    makerFills: profile.makerFills + (fill.isMaker ? 1 : 0),
    netPnlUsdt: profile.netPnlUsdt + fill.netUsdt,
  };
}
