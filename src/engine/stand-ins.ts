/** What is known of orders that stand in for stops; `stand-in.ts` says what they are for. */
import type { ClientOrderId, SymbolId } from "../domain/units.ts";

export interface StandIn {
  readonly clientId: ClientOrderId;
  /** Signed: what it protects. */
  readonly positionSteps: number;
}

/** By symbol, one each; the number makes their ids. */
export class StandIns {
  made = 0;
  readonly of = new Map<SymbolId, StandIn>();
}
