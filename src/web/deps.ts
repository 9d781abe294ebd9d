/**
 * Everything the web edge may touch, handed over by the composition root. Tests build it from
 * literals and call the Hono apps through `fetch`, without a port.
 */

import type { ChartReader } from "../charts/chart-reader.ts";
import type { HealthPast } from "../domain/health-past.ts";
import type { FaultState } from "../monitor/sim-faults.ts";
import type { HealthReport, MonitorView, RunInfo } from "../monitor/view.ts";
import type { ScenarioState, ScenarioWish } from "../monitor/weather.ts";
import type { MoneyReader } from "../pnl/reading.ts";
import type { AuthStore, LoginThrottle, People } from "../runtime/ports/accounts.ts";
import type { AuditTrail } from "../runtime/ports/audit-trail.ts";
import type { BlotterReader } from "../runtime/ports/blotter.ts";
import type { CommandDesk } from "../runtime/ports/commands.ts";
import type { LimitsDesk } from "../runtime/ports/limit-changes.ts";
import type { LogPort, LogReader } from "../runtime/ports/log.ts";
import type { HistoryReader, StorageReport, TradeReader } from "../runtime/ports/record.ts";
import type { HourRow } from "../universe/hours-of-week.ts";

/** Weather of the embedded exchange. Nothing here throws. */
export interface ScenarioDesk {
  /** Null where there is no such exchange, or it does not answer. */
  now(): Promise<ScenarioState | null>;
  /** Null when it is done, else why not. */
  call(wish: ScenarioWish): Promise<string | null>;
  clear(): Promise<string | null>;
}

/** Faults of the embedded exchange. Nothing here throws. */
export interface FaultDesk {
  /** Null where there is no such exchange, or it does not answer. */
  now(): Promise<FaultState | null>;
  /** By the name of a known fault. Null when it is done, else why not. */
  add(name: string): Promise<string | null>;
  /** One, or all. */
  remove(id: number | null): Promise<string | null>;
}

interface TickerReader {
  /** Merged ticker fields in the venue's own names and text, by symbol. */
  tickers(): Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Rises with every change. */
  version(): number;
}

export interface WebDeps {
  readonly run: RunInfo;
  readonly view: () => MonitorView;
  readonly health: () => HealthReport;
  /** How the program was in the last day or week. */
  readonly healthPast: (hours: 24 | 168) => HealthPast;
  readonly ready: () => { readonly ok: boolean; readonly waitingFor: readonly string[] };
  readonly auth: AuthStore;
  readonly people: People;
  readonly trail: AuditTrail;
  readonly throttle?: LoginThrottle | undefined;
  readonly trades: TradeReader;
  readonly history: HistoryReader;
  readonly money: MoneyReader;
  readonly blotter: BlotterReader;
  readonly tickers: TickerReader;
  readonly charts: ChartReader;
  readonly storage: () => Promise<StorageReport>;
  readonly scenario: ScenarioDesk;
  readonly faults: FaultDesk;
  readonly logs: LogReader;
  /** The risk limits, and the way in for others. */
  readonly limits: LimitsDesk;
  /** What was learned of a symbol by hour of the week. */
  readonly hours: (symbol: string) => readonly HourRow[];
  /** The way in for an operator's commands; each is recorded with the name. */
  readonly commands: CommandDesk;
  readonly log: LogPort;
  /** One line a request for the access log. */
  readonly access: (line: Readonly<Record<string, unknown>>) => void;
  readonly nowMs: () => number;
}
