/**
 * What people have said of a symbol: pins, blocks, a note, numbers of their own in place of what
 * was measured. Kept for good, by account.
 */

/** Who said it, when, why. */
export interface Mark {
  /** Login name. */
  readonly by: string;
  readonly reason: string;
  /** Our clock. */
  readonly atMs: number;
}

/** Numbers that hold for one symbol in place of the universe's own; null where none was given. */
export interface SymbolOverrides {
  /** Score at which it may enter. */
  readonly enterScore: number | null;
  readonly spreadBpsMax: number | null;
  readonly topDepthUsdtMin: number | null;
  /** Adverse move at 5 s that its score reckons with. */
  readonly adverseBps: number | null;
}
export type OverrideName = keyof SymbolOverrides;

/** What an override may be. */
export const OVERRIDE_BOUNDS: Readonly<
  Record<OverrideName, { readonly min: number; readonly max: number; readonly unit: string }>
> = {
  enterScore: { min: 0, max: 100, unit: "points" },
  spreadBpsMax: { min: 0.1, max: 1_000, unit: "bps" },
  topDepthUsdtMin: { min: 1, max: 100_000_000, unit: "USDT" },
  adverseBps: { min: 0, max: 500, unit: "bps" },
};

/** In the order of forms. */
export const OVERRIDE_NAMES: readonly OverrideName[] = [
  "enterScore",
  "spreadBpsMax",
  "topDepthUsdtMin",
  "adverseBps",
];

export const NO_OVERRIDES: SymbolOverrides = {
  enterScore: null,
  spreadBpsMax: null,
  topDepthUsdtMin: null,
  adverseBps: null,
};

/** Two screens of text: a note is a reminder, not a document. */
export const NOTE_CHARS_MAX = 2_000;

export interface SymbolWords {
  readonly symbol: string;
  readonly pin: Mark | null;
  readonly block: Mark | null;
  readonly note: string;
  readonly overrides: SymbolOverrides;
  /** Who said the last of it, and when. */
  readonly by: string;
  readonly updatedAtMs: number;
}

export function noWords(symbol: string): SymbolWords {
  const overrides = NO_OVERRIDES;
  return { symbol, pin: null, block: null, note: "", overrides, by: "", updatedAtMs: 0 };
}
