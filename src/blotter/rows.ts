/** Rows of the blotter, as pages, routes and files show them. */
import type { DenyReason } from "../domain/deny.ts";
import type { OrderPurpose, OrderState } from "../domain/order.ts";
import type { Side, Usdt } from "../domain/units.ts";
import type { RoundTripRow } from "../pnl/reading.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { Term } from "./filter-terms.ts";

export const STEP_KINDS = [
  "wanted",
  "sent",
  "acknowledged",
  "open",
  "filled",
  "move_asked",
  "moved",
  "cancel_asked",
  "silent",
  "ended",
  "rejected",
  "failed",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One thing that happened to an order, by our clock. */
export interface LifeStep {
  readonly atMs: number;
  readonly kind: StepKind;
  /** Its words and numbers: reason, terms, venue's id, filled of wanted, last word. */
  readonly text: string;
}

export interface FillRow extends LedgerFill {
  readonly id: number;
  readonly runId: string;
  /** Of the order; empty when it was not ours or is no longer kept. */
  readonly purpose: string;
  readonly reason: string;
}

/** An order as it was last; prices and quantities in decimal text, empty where there are none. */
export interface OrderRow {
  readonly id: number;
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly runId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: string;
  readonly timeInForce: string;
  readonly priceText: string;
  readonly qtyText: string;
  readonly filledText: string;
  readonly stopLossText: string;
  readonly isFilled: boolean;
  /** Something of it was executed. */
  readonly hasFills: boolean;
  readonly reduceOnly: boolean;
  readonly purpose: OrderPurpose;
  readonly strategy: string;
  readonly state: OrderState;
  readonly detail: string;
  readonly reason: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface RefusalRow {
  readonly id: number;
  readonly atMs: number;
  readonly runId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: string;
  readonly strategy: string;
  readonly reason: DenyReason;
  /** How many of its kind the row stands for. */
  readonly times: number;
}

/** What one list may hold a row of. */
export interface BlotterRows {
  readonly trips: RoundTripRow;
  readonly fills: FillRow;
  readonly orders: OrderRow;
  readonly refusals: RefusalRow;
}
export type ListName = keyof BlotterRows;

/** A filter for one list. */
export interface ListQuery<Name extends ListName = ListName> {
  readonly list: Name;
  readonly terms: readonly Term[];
}

export interface PageWanted {
  readonly limit: number;
  /** Rows below this number, the newest of them; */
  readonly before?: number | undefined;
  /** or rows above this one, the oldest of them. Rows come newest first either way. */
  readonly after?: number | undefined;
}

export interface BlotterPage<Row> {
  readonly rows: readonly Row[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** Of all rows that a filter finds. Money exact; zero where a list has none. */
export interface BlotterTotals {
  /** Rows. */
  readonly count: number;
  /** Executions that are no funding. */
  readonly traded: number;
  /** Value traded, and of it ours as maker. */
  readonly volume: Usdt;
  readonly makerVolume: Usdt;
  /** Realised before fees. */
  readonly gross: Usdt;
  readonly fees: Usdt;
  readonly funding: Usdt;
  readonly net: Usdt;
  /** Orders: wholly filled, ended with nothing, refused by the venue, still working. */
  readonly filled: number;
  readonly unfilled: number;
  readonly rejected: number;
  readonly live: number;
  /** Refusals that the rows stand for. */
  readonly times: number;
  /** Round trips that won. */
  readonly won: number;
}

/** An order with all that is known of it. */
export interface OrderStory {
  readonly order: OrderRow;
  /** Oldest first; empty when it was written before lives were kept. */
  readonly steps: readonly LifeStep[];
  /** Its executions, oldest first. */
  readonly fills: readonly FillRow[];
}
