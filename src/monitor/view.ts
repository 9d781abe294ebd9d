/**
 * The read model that pages, SSE and the JSON API serve: a fold of the engine's audit ticks into
 * plain values. Nothing outside `project` changes it, and nobody who reads it can reach the engine.
 */

import type { Instrument } from "../domain/instrument.ts";
import type { ServiceName, ServiceStatus } from "../domain/service.ts";
import type {
  AccountAudit,
  DenialAudit,
  EngineCounters,
  EquityPoint,
  FeedsAudit,
  Incident,
  Intervention,
  OrderAudit,
  PositionAudit,
  RiskAudit,
  StrategyAudit,
  SymbolAudit,
  SymbolHaltAudit,
  TradingAudit,
  UniverseAudit,
} from "../engine/audit.ts";
import { UNIVERSE_EVERY_MS } from "../engine/schedule.ts";
import type { UniverseChange } from "../engine/universe-change.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import type { DeskSlot } from "./desk-slots.ts";

/** The rows of the view, for readers that must not look into the engine. */
export type {
  AccountAudit,
  OrderAudit,
  PositionAudit,
  StrategyAudit,
  SymbolAudit,
} from "../engine/audit.ts";

/** How far apart a profile's samples are while its book is live. */
export const PROFILE_SAMPLE_MS = UNIVERSE_EVERY_MS;

export interface MonitorView {
  /** Sequence of the last audit tick folded in; 0 before the first. */
  readonly seq: number;
  readonly atMs: number;
  /** Rises when any symbol row changed: the key of byte caches of the big lists. */
  readonly symbolsVersion: number;
  readonly trading: TradingAudit;
  /** What trading still waits for; empty when nothing. */
  readonly missing: readonly string[];
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly symbols: ReadonlyMap<string, SymbolAudit>;
  /** Live orders only. */
  readonly openOrders: ReadonlyMap<string, OrderAudit>;
  /** Finished orders, newest first, at most {@link RECENT_MAX}. */
  readonly recentOrders: readonly OrderAudit[];
  readonly positions: ReadonlyMap<string, PositionAudit>;
  /** Newest first, at most {@link RECENT_MAX}. */
  readonly recentFills: readonly LedgerFill[];
  readonly recentDenials: readonly DenialAudit[];
  readonly account: AccountAudit;
  /** Limits and what is used of them; null until the engine has reported. */
  readonly risk: RiskAudit | null;
  /** In registry order, then whoever else has bookings. */
  readonly strategies: readonly StrategyAudit[];
  readonly universe: UniverseAudit;
  /** Who entered and left the active set in this run, newest first, at most {@link RECENT_MAX}. */
  readonly universeChanges: readonly UniverseChange[];
  readonly profiles: ReadonlyMap<string, SymbolProfile>;
  readonly counters: EngineCounters;
  readonly feeds: FeedsAudit;
  /** Symbols that are not entered until an operator resumes them, by name. */
  readonly symbolHalts: readonly SymbolHaltAudit[];
  /** Of this run and earlier ones, newest first, at most {@link RECENT_MAX}. */
  readonly interventions: readonly Intervention[];
  /** Of this run and earlier ones, newest first, at most {@link RECENT_MAX}. */
  readonly incidents: readonly Incident[];
  /** The last hour, oldest first, at most {@link EQUITY_POINTS_MAX}. */
  readonly equity: readonly EquityPoint[];
  /** The symbols that are watched, and those that were a moment ago, by name. */
  readonly slots: readonly DeskSlot[];
}

/** What a start knows of earlier runs, each in the order of the view. */
export type Past = Pick<MonitorView, "interventions" | "incidents" | "equity">;

/** Longer than a page shows, short enough to copy; older rows are in SQLite. */
export const RECENT_MAX = 200;
/** An hour: the overview's small chart. */
export const EQUITY_SPAN_MS = 3_600_000;
/** An hour of points ten seconds apart, and some from a restart in between. */
export const EQUITY_POINTS_MAX = 370;

export interface ServiceHealth {
  readonly name: ServiceName;
  readonly status: ServiceStatus;
  readonly detail: string;
  /** Our clock, ms; null when it has never been ok. */
  readonly lastOkAtMs: number | null;
}

export interface HealthReport {
  readonly status: ServiceStatus;
  readonly version: string;
  readonly uptimeSec: number;
  readonly services: readonly ServiceHealth[];
  /**
   * What the venue's adapter counted beside the events it handed on: messages of unknown topics,
   * unusable ones, repeats, audits. Empty until there is a venue.
   */
  readonly venueCounters: Readonly<Record<string, number>>;
  readonly checkedAtMs: number;
}

/** What kind of run it is; live is the only one that can lose money. */
export type ModeLabel = "SIM" | "PAPER" | "DEMO" | "TESTNET" | "LIVE";

/** A run as the record has it. */
export interface RunBefore {
  readonly runId: string;
  readonly startedAtMs: number;
  /** Null when it did not live to write its end. */
  readonly endedAtMs: number | null;
}

/** Facts of this run that do not change while it runs. */
export interface RunInfo {
  readonly runId: string;
  readonly version: string;
  readonly mode: ModeLabel;
  /** As it was configured, for the record and for people. */
  readonly venue: string;
  readonly trading: string;
  readonly startedAtMs: number;
  /** The run before in the same data directory; null for the first. */
  readonly before: RunBefore | null;
  readonly dataDir: string;
  readonly logDir: string;
  /** In whose midnight the trading day begins, and whose clock people write times by. */
  readonly timeZone: string;
}
