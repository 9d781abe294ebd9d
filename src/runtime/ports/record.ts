/** The record of trading: written behind the engine's back, read by pages and routes. */
import type { EquityPoint, Incident, Intervention } from "../../engine/audit.ts";
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

/** Newest rows first. */
export interface Page {
  readonly limit: number;
  /** Only rows older than this row id, for paging. */
  readonly before?: number | undefined;
}

export interface StoredIntervention {
  readonly row: number;
  readonly runId: string;
  readonly intervention: Intervention;
}

export interface StoredIncident {
  readonly row: number;
  readonly runId: string;
  /** The program ended first: the end is that of its run, or the next start when it was killed. */
  readonly isCut: boolean;
  readonly incident: Incident;
}

export interface EquityQuery {
  /** Both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** At most this many, evenly spread. */
  readonly points: number;
}

export interface StoredEquity {
  readonly runId: string;
  readonly point: EquityPoint;
}

/** What happened to trading and its services, over all runs. */
export interface HistoryReader {
  interventions(page: Page): readonly StoredIntervention[];
  /** What came of a command, by the id that its giver made; null when it is not known. */
  command(id: string): Intervention | null;
  incidents(page: Page): readonly StoredIncident[];
  /** Oldest first. */
  equity(query: EquityQuery): readonly StoredEquity[];
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
