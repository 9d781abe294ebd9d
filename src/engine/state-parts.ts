/**
 * The parts of the engine's state, so that a function can be handed what it may touch and no more.
 *
 * The state is one object, and each part is a view of it by type alone: a function that takes
 * `OrdersPart & EffectsPart` cannot move a position, and its callers need no more than these two.
 * A name for several parts stands where many functions need the same ones. The whole state is for
 * the step; the tidy test counts who else takes all of it, or nearly all.
 */

import type { CashLog } from "../domain/cash-log.ts";
import type { DenyCode } from "../domain/deny.ts";
import type { ExecutionReport, FeedName, UnreadableRow, WalletReport } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { ClientOrderId, SymbolId, Usdt } from "../domain/units.ts";
import type { FeatureTable } from "../features/feature-table.ts";
import type { FeatureName } from "../features/registry.ts";
import type { Bars } from "../market/bar-builder.ts";
import type { MarketState } from "../market/market-state.ts";
import type { OrderTable } from "../orders/table.ts";
import type { Ledger } from "../portfolio/ledger.ts";
import type { MarkOuts } from "../portfolio/mark-outs.ts";
import type { StoredAgreement, StoredBook, StoredSums } from "../portfolio/stored-book.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { ProtectionParameters } from "../risk/protection.ts";
import type { RateWindow } from "../risk/rate.ts";
import type { StrategySetup } from "../strategy/strategy.ts";
import type { HourRow } from "../universe/hours-of-week.ts";
import type { Universe } from "../universe/universe.ts";
import type { UniverseParameters } from "../universe/universe-parameters.ts";
import type { OrderLeft } from "./account-past.ts";
import type { AuditEntry, FeedAudit, Intervention } from "./audit.ts";
import type { Columns } from "./columns.ts";
import type { FlatProof } from "./flat-proof.ts";
import type { IncidentBook } from "./incident-book.ts";
import type { HaltCause, KeptTrading, SymbolHalt } from "./kept-trading.ts";
import type { Losses } from "./losses.ts";
import type { MinuteReturns } from "./minute-returns.ts";
import type { Neighbour } from "./neighbour.ts";
import type { Outbox } from "./outbox.ts";
import type { StandIns } from "./stand-ins.ts";
import type { StrangerOrders } from "./stranger.ts";
import type { Tenancy } from "./tenancy.ts";
import type { Terms } from "./terms.ts";

export interface EngineOptions {
  /** Part of every client id: new for every start, so that ids of two runs never meet. */
  readonly runId: string;
  /** Part of every client id: tells engines on one account apart. Empty: ids have the run alone. */
  readonly installation?: string;
  /** Runs that the record knows: their orders are ours. */
  readonly earlierRuns?: ReadonlySet<string>;
  /** An installation that a person calls dead: once it was silent, its orders are ours. */
  readonly takeOver?: string;
  /** Start trading once ready; else stay halted until an operator resumes. */
  readonly autoTrade: boolean;
  /** As the run begins; what holds now stands in the settings part. */
  readonly limits: RiskLimits;
  readonly protection: ProtectionParameters;
  /** Every registered strategy, also those that are switched off. */
  readonly strategies: readonly StrategySetup[];
  readonly universe: UniverseParameters;
  /** Features that somebody beyond pages and strategies wants: a recorder, a model. */
  readonly features?: readonly FeatureName[];
  /** IANA name of the zone in whose midnight the trading day begins; UTC when left out. */
  readonly dayTimeZone?: string;
}

/** Whether trading may happen, and what it waits for. */
export interface Control {
  /** Trading is wanted: by configuration, or by an operator's resume. */
  armed: boolean;
  /**
   * It was armed at least once. Before that the account is somebody else's: nothing is placed,
   * closed or given a stop, save by an operator's flatten.
   */
  wasArmed: boolean;
  /** Why it is not armed; these three are empty while it is. */
  haltReason: string;
  haltedBy: string;
  haltCause: HaltCause;
  /** Symbols that are not entered, by name: changed by `symbol-halts.ts` alone. */
  symbolHalts: ReadonlyMap<string, SymbolHalt>;
  /** What was last asked to be written of all this. */
  kept: KeptTrading;
  /** A person has halted, resumed or flattened in this run: earlier words count no more. */
  hasWord: boolean;
  /** The venue's id of the account that this run works with, null until it has said. */
  accountId: string | null;
  /** The same as rows of the record are named; empty until the record was asked about it. */
  accountKey: string;
  /** The venue answers for another account now: nothing that it says concerns us. */
  isOtherAccount: boolean;
  instrumentsLoaded: boolean;
  /** Our clock when an earlier run read the contracts that are used; 0 when this one did. */
  contractsFromMs: number;
  /** The first account snapshot was applied: positions are known, decisions may begin. */
  recovered: boolean;
  /** What is known is the record's word: the venue has not been read yet, see `from-record.ts`. */
  isFromRecord: boolean;
  /** Orders of earlier runs that nobody saw the end of. */
  ordersLeft: readonly OrderLeft[];
  /** The account was compared with the venue since the private feed last came up. */
  accountFresh: boolean;
  /** Everything was ready at least once: the state is no longer "starting". */
  wasReady: boolean;
  readonly feeds: Partial<Record<FeedName, FeedAudit>>;
  /** That the venue shuts this address out and until when, empty while it does not. */
  ban: string;
  /** Why what happens cannot be recorded, null while it can. */
  recordFault: string | null;
  /** Why the program is about to end, null while it is not: nothing is placed any more. */
  leaving: string | null;
  /** Who ordered the flatten that is under way, null when none is. */
  flattenBy: string | null;
  /** What was told last of that flatten. */
  flattening: Intervention | null;
  /** Orders that a cancel-all has still to see ended, and what was told last of it. */
  clearing: { readonly told: Intervention; readonly ids: readonly ClientOrderId[] } | null;
  /** How far the closes are that are under way, by symbol; each has its row in `symbolHalts`. */
  readonly closes: Map<string, Close>;
  /** Our clock when the flatten found nothing left: a snapshot asked for later proves it. */
  flatSinceMs: number;
  /** How far the proof of that flatten has come. */
  flatProof: FlatProof;
  /** Rows that the venue holds and we cannot read, by what they name: see `unreadable.ts`. */
  readonly unreadable: Map<string, { readonly row: UnreadableRow; readonly sinceMs: number }>;
  /** No entry is wanted before this: an operator's cancel-all must be seen to work. */
  entriesPausedUntilMs: number;
  /** How wallet and record differ, in words; empty while they agree. */
  walletFault: string;
  /** Our clock at the last reconcile that has not been answered, 0 when none is out. */
  reconcileAtMs: number;
}

/** A symbol whose size at the venue differs from ours, until proved or taken over. */
interface Mismatch {
  readonly venueSteps: number;
  readonly sinceMs: number;
}

/** A close of one symbol that is under way. */
export interface Close {
  /** What was told last of it. */
  readonly told: Intervention;
  /** Our clock when nothing was left here, 0 before: a snapshot asked for later proves it. */
  readonly flatSinceMs: number;
  /** Our clock when the venue is read again for the proof, at the earliest. */
  readonly readAgainAtMs: number;
}

/** What waits for the next audit tick of the step. */
export interface Pending {
  due: boolean;
  /** What happened, in order. */
  facts: AuditEntry[];
  instruments: readonly Instrument[] | null;
  universe: boolean;
  /** "loaded": as the last run left them. */
  profiles: "none" | "loaded" | "sampled";
  hours: readonly HourRow[];
  feeds: boolean;
  /** What was told last of halted symbols: another map is news. */
  toldHalts: ReadonlyMap<string, SymbolHalt>;
  /** Every market row that waits goes with the next tick, not at the timer's pace. */
  rows: boolean;
  readonly positions: Set<SymbolId>;
}

export interface Counters {
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

/** What was configured, and what the last run left. */
export interface SettingsPart {
  readonly options: EngineOptions;
  /** The limits that hold now: an operator may change them while the program runs. */
  limits: RiskLimits;
}

/** The market as it was received: instruments, books, prices, bars, and features of them. */
export interface MarketPart {
  readonly market: MarketState;
  readonly features: FeatureTable;
  readonly bars: Bars;
  /** Our clock before which a history is not asked for again, by span and kept symbol. */
  readonly barsAskAfterMs: Map<string, number>;
}

/** Which symbols are worth trading. */
export interface UniversePart {
  readonly universe: Universe;
}

/** Who places orders, and whose each symbol is. */
export interface TenancyPart {
  readonly tenancy: Tenancy;
}

/** Orders of this run. */
export interface OrdersPart {
  readonly orders: OrderTable;
}

/** What we hold, and where the venue says otherwise. */
export interface PositionsPart {
  readonly ledger: Ledger;
  /** At most one entry per symbol. */
  readonly mismatches: Map<SymbolId, Mismatch>;
  /** Orders that stand in for stops which have to wait, see `stand-in.ts`. */
  readonly standIns: StandIns;
  /** Other engines on the account, by installation: few, see `neighbours.ts`. */
  readonly neighbours: Map<string, Neighbour>;
  /** Symbols whose grid changed and that the venue has not confirmed since; one entry each. */
  readonly changedGrids: Map<SymbolId, { readonly atMs: number; readonly text: string }>;
}

/** What we hold and what may change it. */
export interface AccountPart extends OrdersPart, PositionsPart {
  /** Orders of others that may open a position, see `stranger-orders.ts`. */
  readonly strangers: StrangerOrders;
}

/** Wallet against record: see `wallet-check.ts`. */
interface WalletCheck {
  /** Null until a quiet read of the account, and when there is nothing to compare with. */
  agreed: StoredAgreement | null;
  /** Venue time of a wallet that was taken as it was, 0 when none was. */
  trustedVenueAtMs: number;
  /** Venue time of the newest booking. */
  bookedVenueAtMs: number;
  /** Booked since the agreement, and its value: each booking may round. */
  bookings: number;
  traded: Usdt;
  /** What else moved cash since, as far as it was asked for. */
  log: CashLog | null;
  /** The sums have not met since. */
  doubt: {
    readonly sinceMs: number;
    askedAtMs: number;
    /** As the last read found it, and how many in a row. */
    difference: Usdt | null;
    reads: number;
    isTold: boolean;
    /** The log was read whole after the difference had lasted. */
    isLogKnown: boolean;
  } | null;
}

/** The wallet, and what the day has cost. */
export interface MoneyPart {
  wallet: WalletReport | null;
  /** With open parts at their marks, as of the last look at the day; null before the first. */
  equity: Usdt | null;
  /** Our clock when it came. */
  walletAtMs: number;
  /** Our clock at the start and the end of the day of the daily loss; 0 before it is known. */
  day: number;
  dayEndsAtMs: number;
  /** Net result of the account when it began. */
  dayStartNet: Usdt;
  /** What earlier runs booked on the account; what this one booked is the ledger's. */
  carried: StoredSums;
  /** Executions that came before the first snapshot: booked after it, when they are news. */
  readonly early: ExecutionReport[];
  /** The book as earlier runs left it, until it is taken up; null when they left none. */
  bookLeft: StoredBook | null;
  /** How far wallet and record are held against each other. */
  readonly walletCheck: WalletCheck;
  /** Positions that others made, whose profit until now is still to be left out of the day. */
  readonly unmarked: Set<SymbolId>;
  dayLossUsdt: number;
}

/** What was lost beyond the day's total, and what pauses for it. */
export interface LossesPart {
  readonly losses: Losses;
}

/** How prices moved by the minute. */
export interface ReturnsPart {
  readonly returns: MinuteReturns;
}

/** On which terms the venue lets the account trade. */
export interface TermsPart {
  readonly terms: Terms;
}

/** Whether trading may happen. */
export interface TradingPart {
  readonly control: Control;
}

/** What the gate last said of a symbol, and how often the same was said and not told. */
interface Denied {
  readonly code: DenyCode;
  readonly atMs: number;
  readonly untold: Map<DenyCode, number>;
}

/** What placing an order needs and leaves behind: only decisions have it. */
export interface PlacingPart {
  readonly rate: RateWindow;
  /** The last denial of each symbol, to record changes and not repetitions. */
  readonly denied: Map<SymbolId, Denied>;
  orderSeq: number;
}

/** Which symbols are to be looked at, and when again. */
export interface WatchPart {
  /** Symbols to decide at the end of this step, whatever their pause says. */
  readonly due: Set<SymbolId>;
  readonly columns: Columns;
}

/** The hand on the outside world: orders, questions, timers, log lines. */
export interface EffectsPart {
  readonly outbox: Outbox;
}

/** Which executions wait to be looked at again: see `mark-keeping.ts`. */
export interface MarksPart {
  readonly markOuts: MarkOuts;
  /** When the timer is set for; null while it is not. */
  marksDueAtMs: number | null;
}

/** What is to be told of this step. */
export interface ReportPart {
  readonly pending: Pending;
  readonly counters: Counters;
  readonly incidents: IncidentBook;
  interventionSeq: number;
  /** What came of people's commands, by their ids; the oldest go beyond a limit. */
  readonly commands: Map<string, Intervention>;
  /** Why what is told would not outlive the process; empty while it does. */
  undurable: string;
}

/** What cutting an audit tick needs: only the report has it. */
export interface TickPart {
  /** Sequence of the last audit tick. */
  auditSeq: number;
  /** Our clock at the next point of the equity curve. */
  equityDueAtMs: number;
}

/** What is known: enough to form a view of a symbol, or a row about it, and to do nothing. */
export interface KnowledgePart
  extends SettingsPart,
    MarketPart,
    UniversePart,
    TenancyPart,
    AccountPart,
    MoneyPart,
    LossesPart,
    ReturnsPart,
    TermsPart,
    MarksPart,
    TradingPart {}

/** What booking an execution needs: it moves positions, orders and results, and places nothing. */
export interface BookingPart
  extends ControlPart,
    MarketPart,
    UniversePart,
    TenancyPart,
    MoneyPart,
    LossesPart,
    MarksPart {}

/** What an operator's command needs: it takes back and stops, and knows nothing of the market. */
export interface ControlPart
  extends SettingsPart,
    AccountPart,
    TermsPart,
    TradingPart,
    WatchPart,
    EffectsPart,
    ReportPart {}

/**
 * All but the powers that belong to one place each: placing orders, cutting ticks, counting events.
 */
export interface CorePart extends KnowledgePart, ControlPart {}
