/**
 * What pages and fragments are functions of: the monitor's read model and a few facts of the
 * request. Everything here is plain data, so that any page can be rendered from literals.
 */
import type { HealthReport, MonitorView, RunInfo } from "../src/monitor/view.ts";
import type { LedgerFill } from "../src/portfolio/fill.ts";

export type Theme = "system" | "light" | "dark";

interface Viewer {
  readonly name: string;
  readonly role: "viewer" | "operator" | "admin";
  readonly theme: Theme;
}

/** One thing an operator did through this dashboard since the process started. */
export interface ActionRow {
  readonly atMs: number;
  readonly by: string;
  readonly action: string;
  readonly reason: string;
}

export interface EquityPoint {
  readonly atMs: number;
  readonly equityUsdt: number;
}

type Execution = LedgerFill & { readonly id: number };

export interface TradesPage {
  readonly rows: readonly Execution[];
  readonly symbol: string;
  /** Row id the next older page starts below; null when there is none. */
  readonly olderThan: number | null;
  /** True when this page does not start at the newest execution. */
  readonly isOlder: boolean;
}

export const SYMBOL_SORTS = [
  "score",
  "symbol",
  "category",
  "change",
  "turnover",
  "spread",
  "volatility",
  "funding",
] as const;
export type SymbolSort = (typeof SYMBOL_SORTS)[number];

export interface SymbolsQuery {
  readonly q: string;
  readonly category: string;
  readonly sort: SymbolSort;
  readonly dir: "asc" | "desc";
  /** From 1. */
  readonly page: number;
}

export const SYMBOLS_QUERY: SymbolsQuery = {
  q: "",
  category: "",
  sort: "score",
  dir: "desc",
  page: 1,
};

/** What every live region is a function of. */
export interface Model {
  readonly run: RunInfo;
  readonly view: MonitorView;
  readonly health: HealthReport;
  readonly nowMs: number;
  /** Oldest first; at most an hour. */
  readonly equity: readonly EquityPoint[];
  /** Newest first. */
  readonly actions: readonly ActionRow[];
  readonly symbolsQuery: SymbolsQuery;
  /** The symbol of a symbol page, else empty. */
  readonly symbol: string;
  readonly trades: TradesPage;
}

export interface AssetUrls {
  readonly css: string;
  /** In loading order. */
  readonly scripts: readonly string[];
  readonly icon: string;
}

/** What the page around the regions needs. */
export interface PageFrame {
  readonly viewer: Viewer;
  readonly csrfToken: string;
  readonly assets: AssetUrls;
  /** Path of the page, for the navigation. */
  readonly path: string;
  /** Address of this page's live stream. */
  readonly liveUrl: string;
}

/** Older than this, what a page shows is called stale: the engine reports four times a second. */
export const VIEW_AGE_MS_MAX = 5_000;

export function isOperator(viewer: Viewer): boolean {
  return viewer.role !== "viewer";
}

/** What the mode badge says; live is the only one that can lose money. */
export function modeOf(run: RunInfo): "SIM" | "PAPER" | "DEMO" | "TESTNET" | "LIVE" {
  if (run.venue === "sim") return "SIM";
  if (run.trading === "paper") return "PAPER";
  if (run.venue === "demo") return "DEMO";
  return run.venue === "testnet" ? "TESTNET" : "LIVE";
}
