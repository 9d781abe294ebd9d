/**
 * Weather of the embedded exchange as pages show it: what an operator can call up, and what runs.
 * The kinds are the simulator's own (its README section says what each does).
 */
export const SCENARIO_KINDS = ["calm", "trend", "chop", "crash", "squeeze", "listing"] as const;
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

interface ScenarioRegime {
  readonly kind: string;
  /** Empty for every contract. */
  readonly symbols: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly strength: number;
}

export interface ScenarioState {
  readonly regimes: readonly ScenarioRegime[];
  /** A planted amount of predictability, null for none. */
  readonly edge: {
    readonly bps: number;
    readonly horizonS: number;
    readonly everyS: number;
  } | null;
}

/** What an operator asks for: from now, for so many seconds. */
export interface ScenarioWish {
  readonly kind: ScenarioKind;
  readonly symbols: readonly string[];
  readonly forS: number;
  readonly strength: number;
}
