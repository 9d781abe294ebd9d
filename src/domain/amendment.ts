/** Moving the price of a resting order in one request, and what may come of that. */
import type { ClientOrderId, PriceTicks } from "./units.ts";

/** The terms that an amendment asks for; quantity and everything else stay. */
export interface Amendment {
  readonly priceTicks: PriceTicks;
  /** The attached stop goes along. */
  readonly stopLossTicks: PriceTicks | null;
  readonly reason: string;
}

/** Accepted is not done, as with every request: a report says when it holds. */
export type AmendOutcome =
  | { readonly result: "accepted" }
  /** The venue said no: the order rests as it was. */
  | { readonly result: "rejected"; readonly text: string }
  /** The order was already finished: its last report tells how. */
  | { readonly result: "gone"; readonly text: string }
  | { readonly result: "failed"; readonly text: string }
  | { readonly result: "unknown"; readonly text: string };

export interface AmendResult {
  readonly kind: "amend_result";
  readonly clientId: ClientOrderId;
  readonly outcome: AmendOutcome;
}
