/** What the engine remembers of one-minute returns; see returns-keeping.ts for the rules. */
import type { SymbolId } from "../domain/units.ts";

interface Series {
  lastTicks: number;
  returns: number[];
}

/** Mutable: the engine's own. */
export interface MinuteReturns {
  minute: number;
  /** At most one row per symbol that is active or exposed: others are dropped each minute. */
  readonly series: Map<SymbolId, Series>;
}

export const newReturns = (): MinuteReturns => ({ minute: 0, series: new Map() });
