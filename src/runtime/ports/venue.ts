/**
 * What the engine's shell needs of a place to trade. Modes differ only in the ports they hand over.
 */
import type { BarSpan } from "../../domain/bar.ts";
import type { EngineEvent } from "../../domain/event.ts";
import type { ClientOrderId, PriceTicks, SymbolId, VenueOrderId } from "../../domain/units.ts";
import type { ApprovedOrder } from "../../risk/approved.ts";

/** Where a venue puts what it received. Called synchronously, one event at a time. */
export type EventSink = (event: EngineEvent) => void;

export interface VenueHealth {
  /** Connected and with a fresh frame on every socket that should have one. */
  readonly market: {
    readonly up: boolean;
    readonly detail: string;
    readonly lastFrameAtMs: number | null;
  };
  readonly private: {
    readonly up: boolean;
    readonly detail: string;
    readonly lastFrameAtMs: number | null;
  };
  readonly rest: {
    readonly up: boolean;
    readonly detail: string;
    readonly lastOkAtMs: number | null;
  };
  /** Messages that no decoder knew, and the like: shown, never fatal. */
  readonly counters: Readonly<Record<string, number>>;
}

/**
 * A place to trade. No method throws or blocks: every outcome, good or bad, comes back as an event.
 */
export interface Venue {
  readonly name: string;
  /**
   * Loads the instruments (sink gets `instruments` first), connects the feeds, and keeps them
   * connected until `stop`. Resolves once instruments are known; keeps retrying until then.
   */
  start(sink: EventSink): Promise<void>;
  submit(order: ApprovedOrder): void;
  /** Moves a resting order to this price and stop; answers with `amend_result`. */
  amend(order: ApprovedOrder, venueOrderId: VenueOrderId | null): void;
  cancel(clientId: ClientOrderId, symbolId: SymbolId, venueOrderId: VenueOrderId | null): void;
  cancelOrphan(symbolId: SymbolId, venueOrderId: VenueOrderId): void;
  cancelAll(): void;
  askOrder(clientId: ClientOrderId, symbolId: SymbolId): void;
  /**
   * Puts or moves the exchange-held full-position stop; answers with `stop_result`. While it has to
   * wait, an order under `standIn` may take its place, of that signed size.
   */
  protect(
    symbolId: SymbolId,
    stopLossTicks: PriceTicks,
    standIn?: { readonly clientId: ClientOrderId; readonly positionSteps: number } | null,
  ): void;
  /**
   * Fetches orders, positions, executions and wallet; answers with `account_snapshot`. Before the
   * first and as soon as it changes, `account_identity` says whose account it is. An urgent one
   * waits for nothing but the one that is under way.
   */
  reconcile(cause: string, isUrgent?: boolean): void;
  /** Reads margin mode and fee rates; answers with `account_terms` and `fees_loaded`. */
  loadAccountTerms(): void;
  /**
   * Reads leverage and position mode of a symbol, lowers the leverage to `leverageMax` where it is
   * above, and answers with `symbol_terms`. A leverage below it stays as it is.
   */
  settleTerms(symbolId: SymbolId, leverageMax: number): void;
  /**
   * Executions of this venue time and later belong into the next snapshot, as many windows of the
   * venue's history as that takes; those up to `afterVenueAtMs` into none.
   */
  lookBack(sinceVenueAtMs: number, afterVenueAtMs: number): void;
  /** Reads what moved the coin's cash besides executions; answers with `cash_log`. */
  loadCashLog(sinceVenueAtMs: number): void;
  /** Asks for a fresh snapshot of one book: what was seen of it is no longer believed. */
  resubscribeBook(symbolId: SymbolId): void;
  /**
   * Fetches one book by another way than the stream; answers with `book_picture`. A venue that has
   * no other way, or whose books carry no sequence, does nothing.
   */
  checkBook(symbolId: SymbolId): void;
  /**
   * Fetches the newest closed bars; answers with `bars_loaded`. Spans from one minute on. What is
   * for charts is marked so in the answer and waits behind everything that trading asks.
   */
  loadBars(symbolId: SymbolId, span: BarSpan, count: number, isForCharts?: boolean): void;
  health(): VenueHealth;
  stop(): Promise<void>;
}
