/** What the engine knows of the day's losses; see loss-keeping.ts for the rules. */
import type { SymbolId, Usdt } from "../domain/units.ts";
import { LossWatch } from "../risk/loss-watch.ts";

/** Mutable: the engine's own. */
export interface Losses {
  readonly watch: LossWatch;
  /** The day that is counted, as the daily loss numbers it. */
  day: number;
  /** Highest result of the day so far, at least 0. */
  peakUsdt: number;
  /** From there to now; 0 at the peak. */
  drawdownUsdt: number;
  /** Net results at the day's start: who is left out started from nothing. */
  symbolStart: ReadonlyMap<SymbolId, Usdt>;
  strategyStart: ReadonlyMap<string, Usdt>;
  /**
   * Positive when the day is losing. At most one row per symbol or line that ever had a booking.
   */
  symbolLossUsdt: ReadonlyMap<SymbolId, number>;
  strategyLossUsdt: ReadonlyMap<string, number>;
}

export function newLosses(): Losses {
  return {
    watch: new LossWatch(),
    day: 0,
    peakUsdt: 0,
    drawdownUsdt: 0,
    symbolStart: new Map(),
    strategyStart: new Map(),
    symbolLossUsdt: new Map(),
    strategyLossUsdt: new Map(),
  };
}
