/**
 * What moved the cash of the settlement coin besides executions that the book knows: transfers,
 * interest, refunds, bonuses, trades of other kinds of contracts. It changes the wallet and is
 * nobody's profit.
 */
import type { Usdt } from "./units.ts";

/** One line of the venue's own log of the coin. */
export interface CashLine {
  readonly id: string;
  /** "execution": booked from the execution itself. */
  readonly kind: "execution" | "transfer" | "other";
  /** In the venue's own words; for people. */
  readonly type: string;
  /** Signed effect on the wallet. */
  readonly change: Usdt;
  readonly venueAtMs: number;
}

/** The venue's answer to `load_cash_log`. */
export interface CashLog {
  readonly kind: "cash_log";
  /** Lines of this venue time and later. */
  readonly sinceVenueAtMs: number;
  /** Our clock when it was asked for. */
  readonly requestedAtMs: number;
  /** Oldest first, without executions. */
  readonly lines: readonly CashLine[];
  /** Why lines may be missing; empty when it is whole. */
  readonly fault: string;
}
