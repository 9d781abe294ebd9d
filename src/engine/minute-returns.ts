/** What the engine remembers of one-minute returns; see returns-keeping.ts for the rules. */
import type { SymbolId } from "../domain/units.ts";

interface Series {
  lastTicks: number;
  returns: number[];
}

/** Mutable: the engine's own. */
export interface MinuteReturns {
  minute: number;
  /** One row at most a symbol that is active, in line or exposed: others go each minute. */
  readonly series: Map<SymbolId, Series>;
}

export const newReturns = (): MinuteReturns => ({ minute: 0, series: new Map() });
