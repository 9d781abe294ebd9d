/**
 * Everything the engine knows. Only `step` changes it, and nothing outside the engine reads it: the
 * world sees audit ticks.
 */

import type { DenyCode } from "../domain/deny.ts";
import type { FeedName, WalletReport } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SymbolId, Usdt } from "../domain/units.ts";
import { FeatureTable } from "../features/feature-table.ts";
import type { FeatureName } from "../features/registry.ts";
import { assert } from "../kernel/assert.ts";
import { Bars } from "../market/bar-builder.ts";
import { MarketState } from "../market/market-state.ts";
import { OrderTable } from "../orders/table.ts";
import { Ledger } from "../portfolio/ledger.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { ProtectionParameters } from "../risk/protection.ts";
import { RateWindow } from "../risk/rate.ts";
import type { StrategySetup } from "../strategy/strategy.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import { UNIVERSE_FEATURES, Universe } from "../universe/universe.ts";
import type { UniverseParameters } from "../universe/universe-parameters.ts";
import { AUDIT_FEATURES, type AuditEntry, type FeedAudit, type Intervention } from "./audit.ts";
import { Columns } from "./columns.ts";
import { IncidentBook } from "./incident-book.ts";
import { Outbox } from "./outbox.ts";
import { Tenancy } from "./tenancy.ts";

export interface EngineOptions {
  /** Part of every client id: new for every start, so that ids of two runs never meet. */
  readonly runId: string;
  /** Start trading once ready; else stay halted until an operator resumes. */
  readonly autoTrade: boolean;
  readonly limits: RiskLimits;
  readonly protection: ProtectionParameters;
  /** Every registered strategy, also those that are switched off. */
  readonly strategies: readonly StrategySetup[];
  readonly universe: UniverseParameters;
  /** Features that somebody beyond pages and strategies wants: a recorder, a model. */
  readonly features?: readonly FeatureName[];
  /** Saved by the last run. */
  readonly profiles: readonly SymbolProfile[];
  /** Why the last run ended halted by an operator, so that a crash does not resume for them. */
  readonly haltedBefore?: string | undefined;
  /** Net result of earlier runs since 00:00 UTC: a restart does not reset the daily loss. */
  readonly dayNetBefore?: Usdt;
}

/** Whether trading may happen, and what it waits for. */
interface Control {
  /** Trading is wanted: by configuration, or by an operator's resume. */
  armed: boolean;
  /**
   * It was armed at least once. Before that the account is somebody else's: nothing is placed,
   * closed or given a stop, save by an operator's flatten.
   */
  wasArmed: boolean;
  /** Why it is not armed. */
  haltReason: string;
  instrumentsLoaded: boolean;
  /** The first account snapshot was applied: positions are known, decisions may begin. */
  recovered: boolean;
  /** The account was compared with the venue since the private feed last came up. */
  accountFresh: boolean;
  /** Everything was ready at least once: the state is no longer "starting". */
  wasReady: boolean;
  readonly feeds: Partial<Record<FeedName, FeedAudit>>;
  /** Why what happens cannot be recorded, null while it can. */
  recordFault: string | null;
  /** Why the program is about to end, null while it is not: nothing is placed any more. */
  leaving: string | null;
  /** Who ordered the flatten that is under way, null when none is. */
  flattenBy: string | null;
  /** What was told last of that flatten. */
  flattening: Intervention | null;
  /** Our clock when the flatten found nothing left: a snapshot asked for later proves it. */
  flatSinceMs: number;
  /** No entry is wanted before this: an operator's cancel-all must be seen to work. */
  entriesPausedUntilMs: number;
  /** Our clock at the last reconcile that has not been answered, 0 when none is out. */
  reconcileAtMs: number;
}

/** A symbol whose size at the venue differs from ours, until proved or taken over. */
interface Mismatch {
  readonly venueSteps: number;
  readonly sinceMs: number;
}

/** What waits for the next audit tick of the step. */
interface Pending {
  due: boolean;
  /** What happened, in order. */
  facts: AuditEntry[];
  instruments: readonly Instrument[] | null;
  universe: boolean;
  /** "loaded": as the last run left them. */
  profiles: "none" | "loaded" | "sampled";
  feeds: boolean;
  /** Every market row that waits goes with the next tick, not at the timer's pace. */
  rows: boolean;
  readonly positions: Set<SymbolId>;
}

interface Counters {
  events: number;
  bookFrames: number;
  tickerFrames: number;
  tradeFrames: number;
  ordersSubmitted: number;
  ordersDenied: number;
  ordersRejected: number;
  ordersUnknown: number;
  fills: number;
  lastMarketAtMs: number;
  /** Books quarantined since the last housekeeping. */
  recentFaults: number;
}

export interface EngineState {
  readonly options: EngineOptions;
  readonly market: MarketState;
  readonly features: FeatureTable;
  readonly bars: Bars;
  /** Our clock before which a history is not asked for again, by span and kept symbol. */
  readonly barsAskAfterMs: Map<string, number>;
  readonly universe: Universe;
  readonly tenancy: Tenancy;
  readonly orders: OrderTable;
  readonly ledger: Ledger;
  readonly rate: RateWindow;
  readonly columns: Columns;
  readonly outbox: Outbox;
  readonly control: Control;
  readonly pending: Pending;
  readonly counters: Counters;
  /** Symbols to decide at the end of this step, whatever their pause says. */
  readonly due: Set<SymbolId>;
  /** At most one entry per symbol. */
  readonly mismatches: Map<SymbolId, Mismatch>;
  /** The last denial of each symbol, to record changes and not repetitions. */
  readonly denied: Map<SymbolId, { readonly code: DenyCode; readonly atMs: number }>;
  wallet: WalletReport | null;
  /** Sequence of the last event and of the last audit tick. */
  eventSeq: number;
  auditSeq: number;
  orderSeq: number;
  interventionSeq: number;
  readonly incidents: IncidentBook;
  /** Our clock at the next point of the equity curve. */
  equityDueAtMs: number;
  /** UTC day number of the daily loss, and the net result it started from. */
  day: number;
  dayStartNet: Usdt;
  dayLossUsdt: number;
}

/** An engine that knows nothing yet. Its first event sets its timers. */
export function createEngine(options: EngineOptions): EngineState {
  assert(/^[0-9A-Za-z_-]{1,20}$/.test(options.runId), "a run id fits into a client order id");
  const { limits } = options;
  assert(limits.exitRateMax >= limits.orderRateMax, "exits keep at least the rate of entries");
  const tenancy = new Tenancy(options.strategies, limits);
  const features = new FeatureTable([
    ...AUDIT_FEATURES,
    ...UNIVERSE_FEATURES,
    ...tenancy.features,
    ...(options.features ?? []),
  ]);
  const barWants = tenancy.barWants(features.barWants());
  return {
    options,
    market: new MarketState(),
    features,
    bars: new Bars(barWants, (id, span, bar) => features.onBar(id, span, bar)),
    barsAskAfterMs: new Map(),
    universe: new Universe(options.universe, options.profiles),
    tenancy,
    orders: new OrderTable(),
    ledger: new Ledger(),
    rate: new RateWindow(limits.exitRateMax, limits.orderRateWindowMs),
    columns: new Columns(),
    outbox: new Outbox(),
    control: newControl(options),
    pending: newPending(),
    counters: newCounters(),
    due: new Set(),
    mismatches: new Map(),
    denied: new Map(),
    wallet: null,
    eventSeq: 0,
    auditSeq: 0,
    orderSeq: 0,
    interventionSeq: 0,
    incidents: new IncidentBook(options.runId),
    equityDueAtMs: 0,
    day: 0,
    dayStartNet: 0n,
    dayLossUsdt: 0,
  };
}

function newControl({ autoTrade, haltedBefore }: EngineOptions): Control {
  return {
    armed: autoTrade && haltedBefore === undefined,
    wasArmed: autoTrade,
    haltReason: haltedBefore ?? (autoTrade ? "" : "not armed"),
    instrumentsLoaded: false,
    recovered: false,
    accountFresh: false,
    wasReady: false,
    feeds: {},
    recordFault: null,
    leaving: null,
    flattenBy: null,
    flattening: null,
    flatSinceMs: 0,
    entriesPausedUntilMs: 0,
    reconcileAtMs: 0,
  };
}

function newPending(): Pending {
  return {
    due: false,
    facts: [],
    instruments: null,
    universe: false,
    profiles: "none",
    feeds: false,
    rows: false,
    positions: new Set(),
  };
}

function newCounters(): Counters {
  return {
    events: 0,
    bookFrames: 0,
    tickerFrames: 0,
    tradeFrames: 0,
    ordersSubmitted: 0,
    ordersDenied: 0,
    ordersRejected: 0,
    ordersUnknown: 0,
    fills: 0,
    lastMarketAtMs: 0,
    recentFaults: 0,
  };
}
