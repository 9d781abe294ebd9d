/** What the record has of an account when a run begins to work with it. */
import type { EngineEvent } from "../domain/event.ts";
import type { ClientOrderId, VenueOrderId } from "../domain/units.ts";
import type { StoredBook } from "../portfolio/stored-book.ts";
import type { HourRow } from "../universe/hours-of-week.ts";
import type { SymbolWords } from "../universe/operator-words.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import type { KeptTrading, Restart } from "./kept-trading.ts";

export interface AccountPast {
  /** The ledger as earlier runs left it; null on an account that this record has never booked. */
  readonly book: StoredBook | null;
  readonly profiles: readonly SymbolProfile[];
  /** What was learned of symbols by hour of the week. */
  readonly hours: readonly HourRow[];
  /** What people said of symbols. */
  readonly words: readonly SymbolWords[];
  /** The state of trading as earlier runs on this account left it; null when none did. */
  readonly kept: KeptTrading | null;
  /** How the run before ended. */
  readonly restart: Restart;
  /** For want of `kept`: why the last run ended halted by an operator. */
  readonly haltedBefore: string | null;
  /** Orders of earlier runs whose end nobody has seen. */
  readonly ordersLeft: readonly OrderLeft[];
}

/** An order that may still rest at the venue. */
export interface OrderLeft {
  readonly clientId: ClientOrderId;
  readonly symbol: string;
  /** Null when the run that placed it never heard of it. */
  readonly venueOrderId: VenueOrderId | null;
}

/** The record's answer to `open_account`. */
export interface AccountOpened {
  readonly kind: "account_opened";
  readonly accountId: string;
  /** Names the account in every row of the record. */
  readonly accountKey: string;
  readonly past: AccountPast;
}

/** All that wakes the engine: what a venue or a person has to say, and the record's answer. */
export type EngineInput = EngineEvent | AccountOpened;
