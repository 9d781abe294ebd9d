/** A ticker in which nothing is said yet: what every adapter's decoder starts from. */
import type { TickerFrame, VenueTexts } from "../../../domain/event.ts";
import type { PriceTicks, QtySteps, SymbolId } from "../../../domain/units.ts";

/** "Unchanged", of every unit. */
const UNSAID_TICKS = Number.NaN as PriceTicks;
const UNSAID_STEPS = Number.NaN as QtySteps;

const NO_TEXTS: VenueTexts = { copyInto: () => {} };

/** Every number is "unchanged" and there is no text. */
export function unsaidTicker(symbolId: SymbolId, isSnapshot: boolean): TickerFrame {
  return {
    kind: "ticker",
    symbolId,
    isSnapshot,
    venueAtMs: 0,
    lastTicks: UNSAID_TICKS,
    bidTicks: UNSAID_TICKS,
    bidSteps: UNSAID_STEPS,
    askTicks: UNSAID_TICKS,
    askSteps: UNSAID_STEPS,
    markPrice: Number.NaN,
    indexPrice: Number.NaN,
    turnover24hUsdt: Number.NaN,
    change24h: Number.NaN,
    fundingRate: Number.NaN,
    nextFundingAtMs: Number.NaN,
    texts: NO_TEXTS,
  };
}
