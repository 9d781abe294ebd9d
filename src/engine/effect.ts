/**
 * What a step asks the world to do: data, performed by the dispatcher. What an effect causes comes
 * back as an event.
 */
import type { BarSpan } from "../domain/bar.ts";
import type { ClientOrderId, PriceTicks, SymbolId, VenueOrderId } from "../domain/units.ts";
import type { ApprovedOrder } from "../risk/approved.ts";
import type { SymbolWords } from "../universe/operator-words.ts";
import type { AuditTick } from "./audit.ts";
import type { KeptTrading } from "./kept-trading.ts";
import type { StandIn } from "./stand-ins.ts";

export type Effect =
  | { readonly kind: "submit"; readonly order: ApprovedOrder }
  | {
      readonly kind: "cancel";
      readonly clientId: ClientOrderId;
      readonly symbolId: SymbolId;
      readonly venueOrderId: VenueOrderId | null;
    }
  /** Move a resting order to the price and stop of what passed the gate, under its client id. */
  | {
      readonly kind: "amend";
      readonly order: ApprovedOrder;
      readonly venueOrderId: VenueOrderId | null;
    }
  | { readonly kind: "cancel_all"; readonly reason: string }
  /** Cancel an order that is at the venue but not in our table, by the venue's id. */
  | {
      readonly kind: "cancel_orphan";
      readonly symbolId: SymbolId;
      readonly venueOrderId: VenueOrderId;
    }
  | { readonly kind: "ask_order"; readonly clientId: ClientOrderId; readonly symbolId: SymbolId }
  /** Put or move the exchange-held stop of a position. */
  | {
      readonly kind: "protect";
      readonly symbolId: SymbolId;
      readonly stopLossTicks: PriceTicks;
      /** What may stand in while the stop has to wait; null when something does already. */
      readonly standIn: StandIn | null;
    }
  /** Urgent: no pause is kept from the read before. */
  | { readonly kind: "reconcile"; readonly cause: string; readonly isUrgent?: boolean }
  /** Read margin mode and fee rates; answered by `account_terms` and `fees_loaded`. */
  | { readonly kind: "load_account_terms" }
  /** Read a symbol's terms and lower its leverage to the limit; answered by `symbol_terms`. */
  | { readonly kind: "settle_terms"; readonly symbolId: SymbolId; readonly leverageMax: number }
  /** The next look at the account lists executions from then on, however long ago that is. */
  | {
      readonly kind: "look_back";
      readonly sinceVenueAtMs: number;
      /** What was executed then or before is not ours, and is never listed. */
      readonly afterVenueAtMs: number;
    }
  /** Ask for the venue's log of the coin's cash from then on; answered by `cash_log`. */
  | { readonly kind: "load_cash_log"; readonly sinceVenueAtMs: number }
  /** Ask the record for what it has of this account; answered by `account_opened`. */
  | { readonly kind: "open_account"; readonly accountId: string }
  /** Fetch the newest closed bars: answered by `bars_loaded`. */
  | {
      readonly kind: "load_bars";
      readonly symbolId: SymbolId;
      readonly span: BarSpan;
      readonly count: number;
    }
  | { readonly kind: "resubscribe_book"; readonly symbolId: SymbolId; readonly fault: string }
  /** Ask for the venue's own picture of a book; answered by `book_picture`. */
  | { readonly kind: "check_book"; readonly symbolId: SymbolId }
  | { readonly kind: "set_timer"; readonly name: string; readonly dueAtMs: number }
  | { readonly kind: "audit"; readonly tick: AuditTick }
  /** Write the state of trading so that it outlives the process, before the call returns. */
  | { readonly kind: "keep_trading"; readonly kept: KeptTrading }
  /** Write what people said of a symbol, before the call returns. */
  | { readonly kind: "keep_words"; readonly words: SymbolWords }
  | {
      readonly kind: "log";
      readonly level: "info" | "warn" | "error";
      readonly text: string;
      readonly data?: Readonly<Record<string, unknown>>;
    };
