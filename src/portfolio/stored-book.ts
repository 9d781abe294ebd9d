/**
 * The ledger as it outlives the process: enough to go on booking as if there had been no restart.
 *
 * It is written with every execution that changes it, in one transaction with that execution's
 * row. What is lost with the last batch, and what happened meanwhile, are executions that the venue
 * still lists: they are booked again from here, in the venue's order, by the rule of live ones.
 */
import type { ExecId, Usdt } from "../domain/units.ts";

/** An open part as it was left. */
export interface StoredPosition {
  readonly symbol: string;
  /** Signed decimal text, "0" when flat: the contract's step may have changed since. */
  readonly qtyText: string;
  readonly cost: Usdt;
  /** Last known mark price; empty when it was not known. */
  readonly markText: string;
  /** Whose the symbol was; empty when nobody's. */
  readonly owner: string;
  /** Made by strangers alone while we were away. */
  readonly isForeign: boolean;
  readonly openedAtMs: number;
  readonly adoptedVenueAtMs: number;
}

/** Sums over the whole life of the account in this record. */
export interface StoredSums {
  readonly realised: Usdt;
  readonly fees: Usdt;
  readonly funding: Usdt;
  /** Cash that moved by executions that are not ours: realised profit less fees and funding. */
  readonly apart: Usdt;
}

/** Where a day began. */
export interface StoredDay {
  readonly startsAtMs: number;
  /** Net result of the account then, open positions at their marks. */
  readonly net: Usdt;
}

/** Wallet and record at a moment when they were one. */
export interface StoredAgreement {
  readonly wallet: Usdt;
  /** Of the record: realised profit less fees and funding, and what strangers moved. */
  readonly cash: Usdt;
  readonly venueAtMs: number;
}

/** What was booked since: each booking may round apart from the wallet. */
export interface BookedSince {
  readonly bookings: number;
  readonly traded: Usdt;
}

export interface StoredBook {
  readonly sums: StoredSums;
  readonly positions: readonly StoredPosition[];
  /** The newest executions that are booked, as many as the ledger remembers. */
  readonly execIds: readonly ExecId[];
  /** Venue time up to which no execution is missing. */
  readonly wholeUntilVenueAtMs: number;
  /** Venue time of the first start on the account: what was executed until then is not ours. */
  readonly sinceVenueAtMs: number;
  /** Where the day of now began, when the program saw its border. */
  readonly day: StoredDay | null;
  /** Wallet and cash when they last agreed; null when they were never compared. */
  readonly agreed: StoredAgreement | null;
  readonly bookedSinceAgreed: BookedSince;
  /** Net result of what is booked already of the day that begins here. */
  readonly bookedToday: StoredDay;
}

export const NO_SUMS: StoredSums = { realised: 0n, fees: 0n, funding: 0n, apart: 0n };

/** Profit after fees and funding. */
export const netOf = ({ realised, fees, funding }: StoredSums): Usdt => realised - fees - funding;
