/** The blotter: executions, orders and refusals of the record, filtered and added up. */
import type { Format } from "../../blotter/cells.ts";
import type {
  BlotterPage,
  BlotterRows,
  BlotterTotals,
  ListName,
  ListQuery,
  OrderStory,
  PageWanted,
} from "../../blotter/rows.ts";

/** A list as text, a part at a time. Ends with null; `close` may come at any moment. */
export interface BlotterText {
  next(): Promise<string | null>;
  close(): void;
}

/** Reads the record away from the trading loop. Rejects with {@link BlotterBusyError}. */
export interface BlotterReader {
  page<Name extends ListName>(
    query: ListQuery<Name>,
    wanted: PageWanted,
  ): Promise<BlotterPage<BlotterRows[Name]>>;
  totals(query: ListQuery): Promise<BlotterTotals>;
  /** Null when no order has this id; our own or the venue's. */
  order(id: string): Promise<OrderStory | null>;
  text(query: ListQuery, format: Format): BlotterText;
  /**
   * How many of the newest rows came after a moment, a thousand at most; asked at every tick of a
   * page that is looked at, so at once.
   */
  newer(query: ListQuery, sinceMs: number): number;
}

/** More is asked at once than is answered. */
export class BlotterBusyError extends Error {
  override readonly name = "BlotterBusyError";
}
