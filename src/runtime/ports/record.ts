/** The record of trading: written behind the engine's back, read by pages and routes. */
import type { LedgerFill } from "../../portfolio/fill.ts";

export interface TradeQuery {
  readonly symbol?: string | undefined;
  readonly limit: number;
  /** Only rows older than this row id, for paging. */
  readonly before?: number | undefined;
}

export interface TradeReader {
  /** Newest first. */
  trades(query: TradeQuery): readonly (LedgerFill & { readonly id: number })[];
}

export interface StorageReport {
  readonly database: {
    readonly path: string;
    readonly bytes: number;
    readonly walBytes: number;
    readonly rows: Readonly<Record<string, number>>;
    readonly lostWrites: number;
  };
  readonly logs: {
    readonly dir: string;
    readonly bytes: number;
    readonly capBytes: number;
    readonly files: readonly {
      readonly name: string;
      readonly bytes: number;
      readonly modifiedAtMs: number;
    }[];
  };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly checkedAtMs: number;
}
