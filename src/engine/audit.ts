/**
 * The engine's account of itself: one stream of ticks, each with what happened and what changed
 * since the last, as plain values of one closed union. Whatever is shown, recorded or told to
 * somebody is a reader of this stream and of nothing else.
 *
 * Facts (fills, denials, interventions) stand in the order in which they happened, and leave before
 * the orders that they cause. Account changes leave with their event; market rows are conflated and
 * leave with the periodic audit timer.
 */

import type { DenyReason } from "../domain/deny.ts";
import type { FeedName, OperatorAction } from "../domain/event.ts";
import type { Instrument, InstrumentStatus } from "../domain/instrument.ts";
import type { OrderPurpose, OrderState, OrderType, TimeInForce } from "../domain/order.ts";
import type { ServiceName, ServiceStatus } from "../domain/service.ts";
import type {
  ClientOrderId,
  PriceTicks,
  QtySteps,
  Side,
  Usdt,
  VenueOrderId,
} from "../domain/units.ts";
import type { FeatureName } from "../features/registry.ts";
import type { BookView } from "../market/staleness.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { MarkOut } from "../portfolio/mark-outs.ts";
import type { StoredAgreement, StoredPosition, StoredSums } from "../portfolio/stored-book.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { Axes } from "../universe/axes.ts";
import type { Category } from "../universe/category.ts";
import type { HourRow } from "../universe/hours-of-week.ts";
import type { SymbolWords } from "../universe/operator-words.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import type { Score } from "../universe/score.ts";
import type { Standing } from "../universe/standing.ts";
import type { UniverseParameters } from "../universe/universe-parameters.ts";
import type { UniverseChange } from "./universe-change.ts";

/** What the rows of a tick read. */
export const AUDIT_FEATURES = [
  "midTicks",
  "spreadBps",
  "imbalance",
  "micropriceTicks",
  "volatilityBps",
] as const satisfies readonly FeatureName[];

/**
 * One symbol as the market showed it at the tick. Texts are exact decimals, written when they are
 * read: take the fields you want, and do not copy a row whole.
 */
export interface SymbolAudit {
  readonly symbol: string;
  readonly status: InstrumentStatus;
  readonly category: Category;
  readonly score: number;
  readonly active: boolean;
  /** What the score is made of. */
  readonly scoreParts: Score;
  /** Null before the first look at a live book. */
  readonly axes: Axes | null;
  /** Why it is in the active set or not. */
  readonly standing: Standing;
  /** Pin, block, note and numbers of people's own. */
  readonly words: SymbolWords;
  readonly bookState: BookView;
  readonly bookFault: string;
  readonly bidText: string;
  readonly askText: string;
  readonly lastText: string;
  readonly markText: string;
  readonly change24hPct: number;
  readonly turnover24hUsdt: number;
  readonly spreadBps: number;
  readonly imbalance: number;
  readonly micropriceText: string;
  readonly volatilityBps: number;
  readonly fundingRateText: string;
  readonly nextFundingAtMs: number;
  readonly updatedAtMs: number;
  /** The last REST audit of the book: null until the first. */
  readonly bookAudit: {
    readonly matched: boolean;
    readonly atMs: number;
    readonly detail: string;
  } | null;
}

/**
 * One of our orders after a change. Prices and sizes come twice: as decimal text, which stays
 * readable when the venue changes the contract's grid, and in units of the grid of this run.
 */
export interface OrderAudit {
  readonly clientId: ClientOrderId;
  /** Empty until the venue has named it. */
  readonly venueOrderId: VenueOrderId;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Empty, and null below, for a market order. */
  readonly priceText: string;
  readonly qtyText: string;
  readonly filledText: string;
  /** Empty, and null below, when the order only reduces. */
  readonly stopLossText: string;
  readonly priceTicks: PriceTicks | null;
  readonly qtySteps: QtySteps;
  readonly filledSteps: QtySteps;
  readonly stopLossTicks: PriceTicks | null;
  readonly state: OrderState;
  readonly purpose: OrderPurpose;
  readonly strategy: string;
  /** Why it was wanted, in the strategy's words. */
  readonly reason: string;
  readonly reduceOnly: boolean;
  readonly detail: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface PositionAudit {
  readonly symbol: string;
  readonly side: "long" | "short" | "flat";
  readonly qtyText: string;
  readonly entryPriceText: string;
  readonly markText: string;
  readonly stopLossText: string;
  /** Money as exact decimal text, as in {@link AccountAudit}. */
  readonly notionalText: string;
  readonly unrealisedText: string;
  readonly realisedText: string;
  readonly feesText: string;
  readonly fundingText: string;
  readonly updatedAtMs: number;
}

/** The hard limits that a trader weighs the account against, in USDT. */
export interface LimitsAudit {
  readonly orderNotionalUsdtMax: number;
  readonly symbolExposureUsdtMax: number;
  readonly totalExposureUsdtMax: number;
  readonly dailyLossUsdtMax: number;
}

/** The risk limits of now, and what is used of those whose use nothing else shows. */
export interface RiskAudit {
  /** As they were set. */
  readonly set: RiskLimits;
  /** As they hold: of an amount and its share of equity the smaller. */
  readonly holds: RiskLimits;
  readonly drawdownUsdt: number;
  /** Most lost today in one symbol and on one strategy's line; not below 0. */
  readonly symbolLossUsdt: number;
  readonly strategyLossUsdt: number;
  /** Most held and worked in one symbol. */
  readonly symbolExposureUsdt: number;
  readonly marginUsedUsdt: number;
  readonly openOrders: number;
}

/**
 * Money as exact decimal text: display may round it, the ledger may not. Realised profit, fees and
 * funding count from the start of this process; the day's loss counts earlier runs of the day too.
 */
export interface AccountAudit {
  /** As in the rows of the record: place and the venue's id; empty until the venue has said. */
  readonly accountKey: string;
  readonly equityText: string;
  readonly availableText: string;
  readonly realisedText: string;
  readonly feesText: string;
  readonly fundingText: string;
  readonly unrealisedText: string;
  readonly exposureUsdt: number;
  readonly fillCount: number;
  /**
   * Loss since the day began as the risk gate judges it, open positions included; a gain is
   * negative.
   */
  readonly dayLossUsdt: number;
  /** Net result of the day so far, exact, open positions included. */
  readonly todayText: string;
  /** Null until the engine has reported. */
  readonly limits: LimitsAudit | null;
}

/**
 * What one strategy has and made in this process; one row more for whoever else has bookings. Over
 * all rows the money adds up to the account's.
 */
export interface StrategyAudit {
  /** As in client ids; empty for what this program did not send. */
  readonly name: string;
  readonly title: string;
  /** Symbols that it owns. */
  readonly symbols: readonly string[];
  readonly openPositions: number;
  readonly fillCount: number;
  readonly realisedText: string;
  readonly feesText: string;
  readonly fundingText: string;
  readonly unrealisedText: string;
}

/** What is done in a symbol that is active, held or worked, and why. */
export interface DoingAudit {
  readonly symbol: string;
  /** Name of the strategy that owns it; empty when none does. */
  readonly strategy: string;
  readonly doing: "quoting" | "exiting" | "closing" | "waiting" | "paused";
  /** What waiting symbols have in common, in two or three words: "too volatile"; else empty. */
  readonly cause: string;
  /** One phrase with the numbers: "exit quoted · aged 41/90 s", "no quote: edge 1.2 < 2 bps". */
  readonly why: string;
  /** Net result of the day here, open position included. */
  readonly netTodayUsdt: number;
}

export interface DenialAudit {
  readonly atMs: number;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: OrderPurpose;
  readonly strategy: string;
  readonly reason: DenyReason;
  /** With those of its kind since the last that was told; left out when it is the only one. */
  readonly times?: number;
}

export interface UniverseAudit {
  readonly counts: Readonly<Partial<Record<Category, number>>>;
  readonly active: readonly string[];
  /** Who scores enough and waits, best first. */
  readonly next: readonly string[];
  /** Null until the engine has reported. */
  readonly parameters: UniverseParameters | null;
  readonly updatedAtMs: number;
}

export interface EngineCounters {
  readonly events: number;
  readonly bookFrames: number;
  readonly tickerFrames: number;
  readonly tradeFrames: number;
  readonly booksLive: number;
  readonly booksQuarantined: number;
  readonly ordersSubmitted: number;
  readonly ordersDenied: number;
  readonly ordersRejected: number;
  readonly ordersUnknown: number;
  readonly fills: number;
  /** Age of the newest market message of any symbol at the tick. */
  readonly marketAgeMs: number;
}

export interface FeedAudit {
  readonly up: boolean;
  readonly detail: string;
  /** Our clock when it last went up or down. */
  readonly atMs: number;
  /** What the venue holds for us and cannot be read, in words; left out when there is nothing. */
  readonly unreadable?: string;
}

/** Feeds that have reported at least once. */
export type FeedsAudit = Readonly<Partial<Record<FeedName, FeedAudit>>>;

type TradingState = "starting" | "on" | "halted";

export interface TradingAudit {
  readonly state: TradingState;
  /** Why it is not on, or what entries wait for; empty when there is nothing to say. */
  readonly reason: string;
  /** Symbols with a position that nobody stops or closes; left out when there are none. */
  readonly unmanaged?: readonly string[];
  /** How wallet and record differ; left out while they agree. */
  readonly walletFault?: string;
  /** The venue answers for another account than the run works with; left out while it does not. */
  readonly otherAccount?: string;
}

/** Why trading was interfered with: a person wanted it, or one of the program's own rules. */
export type InterventionCause =
  | "operator"
  | "daily_loss"
  | "difference"
  /** The wallet is not what the record says. */
  | "wallet"
  /** A rule of the risk limits other than the daily loss. */
  | "risk"
  /** The venue answers for another account than the run began with. */
  | "account"
  | "record"
  | "stopping"
  /** A position's exchange-held stop was refused again and again. */
  | "stop_refused"
  /** Another engine trades on the account. */
  | "another_engine"
  /** The venue closed a position by force, for our own want of margin or for another's loss. */
  | "liquidation"
  | "adl";

/** What was made of a command: it was carried out, or why nothing was done. */
export type Verdict = "executed" | "refused" | "expired";

/** One interference with trading, by a person or by the program, and what came of it. */
export interface Intervention {
  /** Unique over all runs. */
  readonly id: string;
  /** As whoever gave it called it; empty when the program did. */
  readonly commandId: string;
  readonly atMs: number;
  readonly action: OperatorAction;
  /** The contract that it is about; empty when it is about all of trading. */
  readonly symbol: string;
  readonly verdict: Verdict;
  readonly cause: InterventionCause;
  /** Login name; the program's own name when nobody asked for it. */
  readonly by: string;
  readonly reason: string;
  readonly isAutomatic: boolean;
  /** What came of it so far. */
  readonly outcome: string;
  /** Nothing more will come of it. */
  readonly isDone: boolean;
  readonly outcomeAtMs: number;
}

/** Nothing is entered in this symbol until an operator resumes it. */
export interface SymbolHaltAudit {
  readonly symbol: string;
  /** "closing": being got out of; "closed": the venue has said that nothing is left. */
  readonly kind: "halted" | "closing" | "closed";
  readonly by: string;
  readonly cause: InterventionCause;
  readonly reason: string;
  readonly sinceMs: number;
}

/** A service that was well and is not, or was not for a while. */
export interface Incident {
  /** Unique over all runs. */
  readonly id: string;
  readonly service: ServiceName;
  /** The worst of it. */
  readonly severity: Exclude<ServiceStatus, "ok">;
  readonly cause: string;
  readonly fromMs: number;
  /** Null while it lasts. */
  readonly untilMs: number | null;
}

/** What the account was worth at one moment, as exact decimal text. */
export interface EquityPoint {
  readonly atMs: number;
  readonly equityText: string;
  readonly unrealisedText: string;
  /** Paid over the life of the account in this record; empty when it was not kept. */
  readonly feesText: string;
  readonly exposureUsdt: number;
}

/** What the record keeps so that the next run goes on booking from here. */
export interface BookAfter {
  readonly position: StoredPosition;
  readonly sums: StoredSums;
}

/** Everything that the engine can tell. A reader switches over `kind` and takes what it needs. */
export type AuditEntry =
  // ----------------------------------------------------------------- facts, each told once
  /** `isEarlier`: of an earlier run, inside what start-up adopts; for the record only. */
  | {
      readonly kind: "fill";
      readonly fill: LedgerFill;
      readonly isEarlier: boolean;
      /** The book with it; absent where it moved nothing. */
      readonly book?: BookAfter;
    }
  /** Up to this venue time no execution is missing from the book. */
  | { readonly kind: "book"; readonly wholeUntilVenueAtMs: number; readonly sums: StoredSums }
  /** Wallet and record were one: the next run compares from there. */
  | { readonly kind: "agreement"; readonly agreement: StoredAgreement }
  /** Told again when what it began with is known better. */
  | {
      readonly kind: "day";
      readonly startsAtMs: number;
      readonly net: Usdt;
      /** False when the program was down at the border, and computed it. */
      readonly isSeen: boolean;
    }
  /** What the market showed at an execution, or some time after it; not told when not known. */
  | { readonly kind: "mark_out"; readonly markOut: MarkOut }
  | { readonly kind: "denial"; readonly denial: DenialAudit }
  /** A symbol entered or left the active set. */
  | { readonly kind: "universe_change"; readonly change: UniverseChange }
  /** Told again under its id when its outcome moves. */
  | { readonly kind: "intervention"; readonly intervention: Intervention }
  /** Told again under its id when it grows worse and when it ends. */
  | { readonly kind: "incident"; readonly incident: Incident }
  // ----------------------------------------------------------------- rows, told when changed
  /** Finished orders included. */
  | { readonly kind: "order"; readonly order: OrderAudit }
  | { readonly kind: "position"; readonly position: PositionAudit }
  | { readonly kind: "account"; readonly account: AccountAudit }
  | { readonly kind: "risk"; readonly risk: RiskAudit }
  | { readonly kind: "strategies"; readonly strategies: readonly StrategyAudit[] }
  | { readonly kind: "feeds"; readonly feeds: FeedsAudit }
  /** All of them, by symbol. */
  | { readonly kind: "symbol_halts"; readonly symbolHalts: readonly SymbolHaltAudit[] }
  | { readonly kind: "instruments"; readonly instruments: readonly Instrument[] }
  | { readonly kind: "universe"; readonly universe: UniverseAudit }
  /** A part of what was learned of this hour of the week; for the record only. */
  | { readonly kind: "symbol_hours"; readonly rows: readonly HourRow[] }
  /** `isSampled`: measured by this run, and not what the last one left in the record. */
  | {
      readonly kind: "profiles";
      readonly profiles: readonly SymbolProfile[];
      readonly isSampled: boolean;
    }
  // ----------------------------------------------------------------- told by the timer
  | { readonly kind: "symbols"; readonly symbols: readonly SymbolAudit[] }
  /** Of all watched symbols: who is missing is not watched any more. */
  | { readonly kind: "doings"; readonly doings: readonly DoingAudit[] }
  | { readonly kind: "equity"; readonly point: EquityPoint }
  | { readonly kind: "counters"; readonly counters: EngineCounters };

export interface AuditTick {
  /** Rises by one a tick: a reader can tell that it missed none. */
  readonly seq: number;
  readonly atMs: number;
  readonly trading: TradingAudit;
  /** What trading still waits for, in the words of `trading.reason`; empty when nothing. */
  readonly missing: readonly string[];
  readonly entries: readonly AuditEntry[];
}
