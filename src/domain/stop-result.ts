/** The answer to a stop that was to be put behind a position. */
import type { ClientOrderId, PriceTicks, SymbolId } from "./units.ts";

export type StopOutcome =
  | { readonly result: "accepted" }
  /** The stop has to wait, and a conditional order that only reduces stands at its price. */
  | {
      readonly result: "stands_in";
      readonly clientId: ClientOrderId;
      readonly positionSteps: number;
    }
  /** The venue said no, or did not answer. */
  | { readonly result: "refused"; readonly text: string }
  /** It never left this process. */
  | { readonly result: "unsent"; readonly text: string };

/** What became of a stop that was to be put behind a position. */
export interface StopResult {
  readonly kind: "stop_result";
  readonly symbolId: SymbolId;
  readonly stopLossTicks: PriceTicks;
  readonly outcome: StopOutcome;
}
