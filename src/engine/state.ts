/**
 * Everything the engine knows. Only `step` changes it, and nothing outside the engine reads it: the
 * world sees audit ticks.
 */

import { FeatureTable } from "../features/feature-table.ts";
import { assert } from "../kernel/assert.ts";
import { Bars } from "../market/bar-builder.ts";
import { MarketState } from "../market/market-state.ts";
import { OrderTable } from "../orders/table.ts";
import { Ledger } from "../portfolio/ledger.ts";
import { MarkOuts } from "../portfolio/mark-outs.ts";
import { NO_SUMS } from "../portfolio/stored-book.ts";
import { RateWindow } from "../risk/rate.ts";
import { UNIVERSE_FEATURES, Universe } from "../universe/universe.ts";
import { AUDIT_FEATURES } from "./audit.ts";
import { Columns } from "./columns.ts";
import { NO_PROOF } from "./flat-proof.ts";
import { IncidentBook } from "./incident-book.ts";
import { newLosses } from "./losses.ts";
import { newReturns } from "./minute-returns.ts";
import { Outbox } from "./outbox.ts";
import { StandIns } from "./stand-ins.ts";
import type {
  Control,
  CorePart,
  Counters,
  EngineOptions,
  MarksPart,
  MoneyPart,
  Pending,
  PlacingPart,
  TickPart,
} from "./state-parts.ts";
import { closesOf } from "./symbol-halts.ts";
import { Tenancy } from "./tenancy.ts";
import { newTerms } from "./terms.ts";
import { tradingAtStart } from "./trading-memory.ts";

/** All parts, for the step alone. Any other function takes the parts that it may touch. */
export interface EngineState extends CorePart, PlacingPart, TickPart {
  /** Sequence of the last event. */
  eventSeq: number;
  /** Our clock at the last event. */
  lastStampMs: number;
}

/** An engine that knows nothing yet. Its first event sets its timers. */
export function createEngine(options: EngineOptions): EngineState {
  assert(/^[0-9A-Za-z_-]{1,20}$/.test(options.runId), "a run id fits into a client order id");
  const { limits } = options;
  assert(limits.exitRateMax >= limits.orderRateMax, "exits keep at least the rate of entries");
  const tenancy = new Tenancy(options.strategies, limits, {
    installation: options.installation ?? "",
    runId: options.runId,
    earlierRuns: options.earlierRuns ?? new Set(),
  });
  const features = new FeatureTable([
    ...AUDIT_FEATURES,
    ...UNIVERSE_FEATURES,
    ...tenancy.features,
    ...(options.features ?? []),
  ]);
  const barWants = tenancy.barWants(features.barWants());
  return {
    options,
    limits,
    market: new MarketState(),
    features,
    bars: new Bars(barWants, (id, span, bar) => features.onBar(id, span, bar)),
    barsAskAfterMs: new Map(),
    universe: new Universe(options.universe),
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
    neighbours: new Map(),
    changedGrids: new Map(),
    standIns: new StandIns(),
    strangers: new Map(),
    denied: new Map(),
    wallet: null,
    equity: null,
    walletAtMs: 0,
    losses: newLosses(),
    returns: newReturns(),
    terms: newTerms(),
    ...noMarks(),
    ...NOTHING_YET,
    commands: new Map(),
    undurable: "",
    incidents: new IncidentBook(options.runId),
    equityDueAtMs: 0,
    day: 0,
    dayStartNet: 0n,
    ...noBook(),
    dayLossUsdt: 0,
  };
}

const NOTHING_YET = { eventSeq: 0, lastStampMs: 0, auditSeq: 0, orderSeq: 0, interventionSeq: 0 };

const noMarks = (): MarksPart => ({ markOuts: new MarkOuts(), marksDueAtMs: null });

type BookLess = Pick<
  MoneyPart,
  "dayEndsAtMs" | "carried" | "early" | "bookLeft" | "unmarked" | "walletCheck"
>;

/** Of an account that is not known yet. */
function noBook(): BookLess {
  return {
    dayEndsAtMs: 0,
    carried: NO_SUMS,
    early: [],
    bookLeft: null,
    unmarked: new Set(),
    walletCheck: {
      agreed: null,
      trustedVenueAtMs: 0,
      bookedVenueAtMs: 0,
      bookings: 0,
      traded: 0n,
      log: null,
      doubt: null,
    },
  };
}

function newControl({ autoTrade }: EngineOptions): Control {
  const { flatten, flattenBy, ...trading } = tradingAtStart({ autoTrade });
  return {
    ...trading,
    kept: { ...trading, flatten },
    hasWord: false,
    accountId: null,
    accountKey: "",
    isOtherAccount: false,
    instrumentsLoaded: false,
    contractsFromMs: 0,
    recovered: false,
    isFromRecord: false,
    ordersLeft: [],
    accountFresh: false,
    wasReady: false,
    feeds: {},
    ban: "",
    recordFault: null,
    leaving: null,
    flattenBy,
    flattening: flatten,
    clearing: null,
    closes: closesOf(trading.symbolHalts),
    flatSinceMs: 0,
    flatProof: NO_PROOF,
    unreadable: new Map(),
    entriesPausedUntilMs: 0,
    walletFault: "",
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
    hours: [],
    feeds: false,
    toldHalts: new Map(),
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
