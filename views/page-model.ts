/**
 * What pages and fragments are functions of: the monitor's read model and a few facts of the
 * request. Everything here is plain data, so that any page can be rendered from literals.
 */

import type {
  BlotterPage,
  BlotterRows,
  BlotterTotals,
  ListName,
  ListQuery,
  OrderStory,
  PageWanted,
} from "../src/blotter/rows.ts";
import type { ChartReader } from "../src/charts/chart-reader.ts";
import type { HealthPast } from "../src/domain/health-past.ts";
import type { LineFilter } from "../src/monitor/log-params.ts";
import type { FaultState } from "../src/monitor/sim-faults.ts";
import type { HealthReport, MonitorView, RunInfo } from "../src/monitor/view.ts";
import type { ScenarioState } from "../src/monitor/weather.ts";
import type { MoneyReader } from "../src/pnl/reading.ts";

export type Theme = "system" | "light" | "dark";

interface Viewer {
  readonly name: string;
  readonly role: "viewer" | "operator" | "admin";
  readonly theme: Theme;
}

/**
 * What pages and regions may ask beyond the model. The web edge's own readers fit it; tests give
 * literals.
 */
export interface Sources {
  readonly blotter: BlotterSource;
  readonly storage: () => Promise<StorageView>;
  /** How the program was in the last day or week; cheap enough for every tick. */
  readonly healthPast: (hours: 24 | 168) => HealthPast;
  readonly charts: ChartReader;
  /** What trading came to. */
  readonly money: MoneyReader;
  /** Weather of the embedded exchange; null where there is none. */
  readonly scenario: { now(): Promise<ScenarioState | null> };
  /** What is wrong with it on purpose; null where there is none. */
  readonly faults: { now(): Promise<FaultState | null> };
  readonly logs: LogSource;
  readonly people: {
    list(): readonly PersonView[];
    /** Of one login, or of all. */
    sessions(name: string | null): readonly SessionView[];
  };
  readonly trail: {
    /** Newest first. */
    rows(query: {
      readonly kind?: TrailView["kind"] | undefined;
      readonly by?: string | undefined;
      readonly q?: string | undefined;
      readonly fromMs?: number | undefined;
      readonly untilMs?: number | undefined;
      readonly before?: number | undefined;
      readonly limit: number;
    }): readonly TrailView[];
  };
}

/** A login as an admin sees it. */
export interface PersonView {
  readonly name: string;
  readonly role: Viewer["role"];
  readonly disabledAtMs: number | null;
  readonly lastLoginAtMs: number | null;
  readonly failedLogins: number;
}

export interface SessionView {
  readonly id: number;
  readonly name: string;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
}

/** A row of the audit trail. */
export interface TrailView {
  readonly id: number;
  readonly atMs: number;
  readonly kind: "command" | "sign-in" | "refusal" | "user" | "setting" | "other";
  readonly by: string;
  readonly address: string;
  readonly session: number;
  readonly what: string;
  readonly detail: string;
  readonly outcome: string;
}

interface BlotterSource {
  page<Name extends ListName>(
    query: ListQuery<Name>,
    wanted: PageWanted,
  ): Promise<BlotterPage<BlotterRows[Name]>>;
  totals(query: ListQuery): Promise<BlotterTotals>;
  /** Null when no order has this id. */
  order(id: string): Promise<OrderStory | null>;
  newer(query: ListQuery, sinceMs: number): number;
}

/** A line of a log and where it begins, in bytes. */
export interface PlacedLine {
  readonly offset: number;
  readonly text: string;
}

/** How far a search went, and what it found. */
export interface FoundLines {
  /** Newest first. */
  readonly hits: readonly PlacedLine[];
  readonly searchedBytes: number;
  readonly totalBytes: number;
  readonly fileBytes: number;
  readonly lines: number;
  readonly matches: number;
  readonly before: number;
  readonly levels: Readonly<Record<string, number>>;
  readonly isDone: boolean;
}

interface LogSource {
  files(): readonly {
    readonly name: string;
    readonly bytes: number;
    readonly modifiedAtMs: number;
  }[];
  /** The last lines, oldest first; null when there is no such file. */
  tail(query: {
    readonly file: string;
    readonly lines: number;
  }): Promise<readonly PlacedLine[] | null>;
  find(
    query: {
      readonly file: string;
      readonly filter: LineFilter;
      readonly order: "newest";
      readonly before?: number | undefined;
    },
    limits: { readonly hitsMax: number; readonly bytesMax: number; readonly forMs: number },
  ): Promise<FoundLines | null>;
  /** A line with its neighbours; null when there is no such place. */
  around(
    file: string,
    offset: number,
    lines: number,
  ): Promise<{ readonly lines: readonly PlacedLine[] } | null>;
}

/** What is shown of the storage report. */
export interface StorageView {
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
    readonly files: readonly { readonly name: string; readonly bytes: number }[];
  };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly checkedAtMs: number;
}

/** What every live region is a function of. */
export interface Model {
  readonly run: RunInfo;
  readonly view: MonitorView;
  readonly health: HealthReport;
  readonly nowMs: number;
  /** The server's own time, which commands of this page are dated by. */
  readonly stamp: string;
}

export interface AssetUrls {
  readonly css: string;
  /** In loading order. */
  readonly scripts: readonly string[];
  readonly icon: string;
  /** For pages with charts only. */
  readonly charts: { readonly css: string; readonly scripts: readonly string[] };
  readonly manifest: string;
}

/** What the page around the regions needs. */
export interface PageFrame {
  readonly viewer: Viewer;
  /** Number of the session that asks. */
  readonly sessionId: number;
  readonly csrfToken: string;
  readonly assets: AssetUrls;
  /** Classes of <html>: how this browser shows things. */
  readonly display: readonly string[];
  /** Pattern of the page's path, for the navigation. */
  readonly path: string;
  /** The pages that the navigation leads to, in its order. */
  readonly nav: readonly NavItem[];
  /** When the session ends unless it is used; ms. */
  readonly sessionEndsAtMs: number;
  /** The page crosses a network without encryption. */
  readonly isClear?: boolean;
  /** What came of the form that led to this answer. */
  readonly notice: PageNotice | null;
}

export interface NavItem {
  readonly path: string;
  readonly label: string;
}

export interface PageNotice {
  readonly tone: "good" | "bad";
  readonly text: string;
}

/** Older than this, what a page shows is called stale: the engine reports four times a second. */
export const VIEW_AGE_MS_MAX = 5_000;

export function isOperator(viewer: Viewer): boolean {
  return viewer.role !== "viewer";
}
