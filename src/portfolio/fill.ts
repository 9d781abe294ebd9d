import type { ExecKind } from "../domain/event.ts";
import type {
  ClientOrderId,
  ExecId,
  PriceTicks,
  QtySteps,
  Side,
  SymbolId,
  Usdt,
  VenueOrderId,
} from "../domain/units.ts";

/** One execution as the ledger booked it: with what it realised and what the position became. */
export interface LedgerFill {
  readonly execId: ExecId;
  readonly execKind: ExecKind;
  readonly symbolId: SymbolId;
  readonly symbol: string;
  readonly venueOrderId: VenueOrderId;
  /** Empty when the order was not ours. */
  readonly clientId: ClientOrderId;
  /** Whose line it is booked on: the symbol's owner, else who sent the order; empty for others. */
  readonly strategy: string;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
  /** The venue's own decimal text of price and quantity. */
  readonly priceText: string;
  readonly qtyText: string;
  /** price × quantity, unsigned. */
  readonly value: Usdt;
  /** Positive when paid. Zero for funding, which is in `funding`. */
  readonly fee: Usdt;
  /** Positive when paid, negative when received. */
  readonly funding: Usdt;
  /** Profit of the closed part before fees; zero when the fill only opened. */
  readonly realisedPnl: Usdt;
  /** Signed position after this fill. */
  readonly positionSteps: number;
  readonly isMaker: boolean;
  readonly venueAtMs: number;
  readonly atMs: number;
}

/** What an execution did to the account: profit of the closed part minus what it cost. */
export function netOfFill({ realisedPnl, fee, funding }: LedgerFill): Usdt {
  return realisedPnl - fee - funding;
}
