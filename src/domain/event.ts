/**
 * Everything that can wake the engine: one closed union.
 *
 * The inbox stamps each event once with a sequence number and our time (`Stamp`); code below uses
 * the stamp and never a clock. Market frames are *borrowed*: their typed arrays belong to the
 * decoder and are valid during the one synchronous step that receives them, so that a market
 * message allocates nothing. Account events own their data and may be kept.
 */

import type { AccountTerms, FeesLoaded, SymbolTerms } from "./account-terms.ts";
import type { AmendResult } from "./amendment.ts";
import type { BarsLoaded } from "./bar.ts";
import type { CashLog } from "./cash-log.ts";
import type { Instrument } from "./instrument.ts";
import type { LimitsChange } from "./limits-event.ts";
import type { ProfileEdit } from "./profile-edit.ts";
import type { ServiceName, ServiceStatus } from "./service.ts";
import type { StopResult } from "./stop-result.ts";
import type {
  ClientOrderId,
  ExecId,
  PriceTicks,
  QtySteps,
  Side,
  SymbolId,
  Usdt,
  VenueOrderId,
} from "./units.ts";

export interface Stamp {
  /** Rises by one an event, over all kinds. */
  readonly seq: number;
  /** Our clock, ms since the epoch. */
  readonly atMs: number;
}

// ------------------------------------------------------------------------------- market

/**
 * One order-book message, decoded. Levels lie interleaved as price ticks, quantity steps; 0
 * deletes.
 *
 * A frame that is no snapshot follows the one before it of its symbol without a gap: the adapter
 * has judged that by its venue's own rules. What does not follow is not sent; a `book_fault` is.
 */
export interface BookFrame {
  readonly kind: "book";
  symbolId: SymbolId;
  /** Levels a side of the subscription. */
  depth: number;
  /** Replaces everything; else it changes the levels that it names. */
  isSnapshot: boolean;
  /**
   * The venue's own name for the picture after this frame: pictures of one number are equal.
   * 0 where the venue has none: such books cannot be compared with another answer of the venue.
   */
  sequence: number;
  /** Matching-engine time. */
  venueAtMs: number;
  bidCount: number;
  askCount: number;
  bids: Float64Array;
  asks: Float64Array;
}

export interface PublicTrade {
  readonly execId: ExecId;
  /** The taker's side. */
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
  readonly venueAtMs: number;
}

export interface TradesFrame {
  readonly kind: "trades";
  symbolId: SymbolId;
  trades: readonly PublicTrade[];
}

/** Takes texts as parts of longer ones, so that none is cut out that nobody reads. */
export interface TextRow {
  /** The text of `name` is `source` from `start` to before `end`. */
  put(name: string, source: string, start: number, end: number): void;
}

/** What the venue said in its own names and text: for whoever shows that, and nobody else. */
export interface VenueTexts {
  /** Puts every changed field. Lent like the frame that carries it. */
  copyInto(row: TextRow): void;
}

/**
 * Changed ticker fields. NaN means unchanged, 0 that the venue cleared the field or said something
 * that is no such number. In a snapshot every field that is NaN is unknown from now on.
 */
export interface TickerFrame {
  readonly kind: "ticker";
  symbolId: SymbolId;
  isSnapshot: boolean;
  venueAtMs: number;
  lastTicks: PriceTicks;
  bidTicks: PriceTicks;
  bidSteps: QtySteps;
  askTicks: PriceTicks;
  askSteps: QtySteps;
  /**
   * Need not lie on the tick grid: the double nearest to the venue's decimal, whose shortest text
   * is that decimal again up to 15 digits.
   */
  markPrice: number;
  /** What the mark price is held against: the coin's price on the spot markets. */
  indexPrice: number;
  turnover24hUsdt: number;
  /** A fraction: 0.0068 is 0.68 %. */
  change24h: number;
  /** The running prediction for the next settlement, as a fraction. */
  fundingRate: number;
  /** Venue time. */
  nextFundingAtMs: number;
  texts: VenueTexts;
}

export interface BarFrame {
  readonly kind: "bar";
  symbolId: SymbolId;
  intervalMin: number;
  startAtMs: number;
  openTicks: PriceTicks;
  highTicks: PriceTicks;
  lowTicks: PriceTicks;
  closeTicks: PriceTicks;
  volumeSteps: QtySteps;
  turnoverUsdt: number;
  isClosed: boolean;
}

/** The whole instrument list; ids are dense and stay the same for the life of the process. */
export interface InstrumentsLoaded {
  readonly kind: "instruments";
  readonly instruments: readonly Instrument[];
  /** Our clock when an earlier run read it, as the venue does not tell now; else left out. */
  readonly rememberedFromMs?: number;
}

/**
 * The adapter may no longer be believed about a book: a message was missed, came twice or was
 * unusable, or its feed is gone. Until the next snapshot no frame of that symbol follows.
 */
export interface BookFault {
  readonly kind: "book_fault";
  readonly symbolId: SymbolId;
  readonly fault: string;
}

/** The venue's answer to `check_book`: its own book, by another way than the stream. */
export interface BookPicture {
  readonly kind: "book_picture";
  readonly symbolId: SymbolId;
  /** Null when it could not be had or read: then it says nothing about our book. */
  readonly picture: {
    /** The instant: as in `BookFrame`. */
    readonly sequence: number;
    /** Levels a side that it shows at most. */
    readonly depth: number;
    /** Price ticks and quantity steps, interleaved, best first. */
    readonly bids: readonly number[];
    readonly asks: readonly number[];
  } | null;
}

// ------------------------------------------------------------------------------- account

export type VenueOrderStatus =
  | "new"
  | "partially_filled"
  | "filled"
  | "cancelled"
  | "rejected"
  | "untriggered"
  | "triggered"
  | "deactivated";

/** The state of one order as the venue reports it, by stream or by query. */
export interface OrderReport {
  readonly kind: "order_report";
  readonly symbolId: SymbolId;
  readonly venueOrderId: VenueOrderId;
  /** Empty for orders that are not ours (placed by hand, or by the venue as a stop). */
  readonly clientId: ClientOrderId;
  readonly side: Side;
  readonly status: VenueOrderStatus;
  readonly priceTicks: PriceTicks | null;
  readonly qtySteps: QtySteps;
  readonly filledSteps: QtySteps;
  readonly reduceOnly: boolean;
  /** Stop price of a conditional order or an exchange-held stop, else null. */
  readonly triggerTicks: PriceTicks | null;
  /** Why it ended, in the venue's own words; empty when it gave no reason. For people. */
  readonly detail: string;
  readonly venueAtMs: number;
}

/**
 * What an execution came from. All but funding move the position when they carry a quantity: the
 * venue may settle, deliver or move a position without any order of ours.
 */
export type ExecKind =
  | "trade"
  | "funding"
  | "liquidation"
  | "adl"
  /** The venue closed what was open of a contract that it takes off its list. */
  | "settle"
  /** The end of a dated contract. */
  | "delivery"
  | "block_trade"
  | "move_position"
  | "corporate_action"
  /** A kind that the venue has and we have no name for; adjustments of our own, too. */
  | "other";

/** One execution; applied exactly once, keyed by `execId`. */
export interface ExecutionReport {
  readonly kind: "execution";
  readonly execKind: ExecKind;
  readonly execId: ExecId;
  readonly symbolId: SymbolId;
  readonly venueOrderId: VenueOrderId;
  readonly clientId: ClientOrderId;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
  /** Positive when paid, negative when received; funding executions carry the funding here. */
  readonly fee: Usdt;
  readonly isMaker: boolean;
  readonly venueAtMs: number;
}

export interface PositionReport {
  readonly kind: "position_report";
  readonly symbolId: SymbolId;
  /** Signed: positive long, negative short, 0 flat. */
  readonly positionSteps: number;
  /** The venue's entry price as text ("" when flat): it need not lie on the tick grid. */
  readonly entryPriceText: string;
  /** Exchange-held stop; null when there is none, or none that can be read and believed. */
  readonly stopLossTicks: PriceTicks | null;
  /** Where the venue would liquidate it, as text; absent or empty when it names no price. */
  readonly liquidationText?: string;
  readonly venueAtMs: number;
}

/**
 * A row of the account that exists at the venue and cannot be used: its size or terms are missing
 * or off the grid, it is the leg of a hedge, or its contract is not traded here. Never an absence:
 * while it lasts nothing is known about what it names.
 */
export interface UnreadableRow {
  readonly kind: "unreadable_row";
  readonly what: "position" | "order";
  /** As the venue names it; empty when it names none. */
  readonly symbol: string;
  /** Null when the contract is not one of ours. */
  readonly symbolId: SymbolId | null;
  /** What was wanted and what was found; for people. */
  readonly fault: string;
}

/** What one read of the venue held, counted over the raw rows: unreadable and foreign ones too. */
export interface VenueCounts {
  /** Positions that are not provably of size 0, in every contract that was asked for. */
  readonly openPositions: number;
  /** Orders that could open a position or add to one, conditional ones included. */
  readonly openingOrders: number;
}

/** Whose account it is: told before the first snapshot, and again when it is another. */
export interface AccountIdentity {
  readonly kind: "account_identity";
  readonly accountId: string;
}

export interface WalletReport {
  readonly kind: "wallet_report";
  readonly equity: Usdt;
  readonly walletBalance: Usdt;
  readonly available: Usdt;
  readonly venueAtMs: number;
}

/**
 * Everything the venue holds for us, fetched by REST: what start-up and reconnects compare with.
 */
export interface AccountSnapshot {
  readonly kind: "account_snapshot";
  /** Why it was fetched: "start-up", "reconnected", "periodic". */
  readonly cause: string;
  readonly openOrders: readonly OrderReport[];
  readonly positions: readonly PositionReport[];
  /** Executions since the last one known, oldest first. */
  readonly executions: readonly ExecutionReport[];
  readonly wallet: WalletReport | null;
  /** Rows of open things that are there and in neither of the lists above. */
  readonly unreadable: readonly UnreadableRow[];
  readonly venueCounts: VenueCounts;
  /**
   * Our clock when the first request of the fetch was sent: younger local orders are not judged by
   * it.
   */
  readonly requestedAtMs: number;
  /** The same moment by the venue's clock: what venue times are compared with. */
  readonly requestedVenueAtMs: number;
}

// ------------------------------------------------------------------------------- order port

/** What a rejection is about, the same on every venue; its text has the venue's own words. */
export type RejectReason =
  /** The wallet does not carry it. */
  | "margin"
  | "price"
  | "quantity"
  /** The value is below the venue's minimum. */
  | "value"
  | "reduce_only"
  /** The contract does not trade. */
  | "instrument"
  /** Nothing to trade against. */
  | "no_market"
  /** Too many orders are open. */
  | "open_orders"
  | "duplicate_id"
  /** Too many requests. */
  | "rate"
  /** The key or the account may not do that. */
  | "permission"
  | "other";

/** What became of a submit: accepted is not placed, it only means the venue took the request. */
export type SubmitOutcome =
  | { readonly result: "accepted"; readonly venueOrderId: VenueOrderId }
  | { readonly result: "rejected"; readonly reason: RejectReason; readonly text: string }
  | { readonly result: "failed"; readonly text: string }
  | { readonly result: "unknown"; readonly text: string };

export interface SubmitResult {
  readonly kind: "submit_result";
  readonly clientId: ClientOrderId;
  readonly outcome: SubmitOutcome;
}

export type CancelOutcome =
  | { readonly result: "accepted" }
  /** The order was already finished: its last report tells how. */
  | { readonly result: "gone"; readonly text: string }
  | { readonly result: "failed"; readonly text: string }
  | { readonly result: "unknown"; readonly text: string };

export interface CancelResult {
  readonly kind: "cancel_result";
  readonly clientId: ClientOrderId;
  readonly outcome: CancelOutcome;
}

/** The venue's answer to "what became of this client id?" for an order of unknown outcome. */
export interface OrderAnswer {
  readonly kind: "order_answer";
  readonly clientId: ClientOrderId;
  /** Null: the venue has never heard of it. */
  readonly report: OrderReport | null;
}

// ------------------------------------------------------------------------------- service

export type FeedName = "market" | "private" | "rest";

export interface FeedStatus {
  readonly kind: "feed_status";
  readonly feed: FeedName;
  readonly up: boolean;
  readonly detail: string;
  /** Our clock at which the venue lets this address in again; 0 or left out when it is not shut. */
  readonly bannedUntilMs?: number;
}

/** The health check judges a service differently from its last look. */
export interface ServiceReport {
  readonly kind: "service_status";
  readonly service: ServiceName;
  readonly before: ServiceStatus;
  readonly status: ServiceStatus;
  readonly detail: string;
}

/** A timer effect come back. */
interface TimerFired {
  readonly kind: "timer";
  readonly name: string;
}

/** About all of trading, or about one contract. */
export const OPERATOR_ACTIONS = [
  "halt",
  "resume",
  /** Everything that rests is cancelled, exits too; trading goes on. */
  "cancel_all",
  /** The same, and entries stop. */
  "cancel_halt",
  "flatten",
  /** Gets out of one contract, and keeps out of it until it is resumed. */
  "close_symbol",
  /** No entry in one contract; its exits go on. */
  "pause_symbol",
  "resume_symbol",
  /** It is quoted whatever its score. */
  "pin_symbol",
  "unpin_symbol",
  /** It is not quoted whatever its score; what is held there is got out of as ever. */
  "block_symbol",
  "unblock_symbol",
  /** Its note, and numbers of people's own in place of what was measured. */
  "edit_profile",
] as const;
export type OperatorAction = (typeof OPERATOR_ACTIONS)[number];

export interface OperatorCommand {
  readonly kind: "command";
  /** Made by whoever gives it. What comes again under a known id is not carried out again. */
  readonly id: string;
  readonly action: OperatorAction;
  /** The contract of the actions that are about one; else empty. */
  readonly symbol: string;
  /** Login name, for the audit trail. */
  readonly by: string;
  readonly reason: string;
  /**
   * How long ago it was given when it reached the inbox, as far as that can be known: a duration,
   * so that no two clocks have to agree.
   */
  readonly ageMs: number;
  /** Older than this it is not carried out any more. */
  readonly lifeMs: number;
  /** Why whoever received it forbids it; empty when nothing does. */
  readonly obstacle: string;
  /** With `edit_profile` only: checked by whoever received it. */
  readonly edit?: ProfileEdit;
}

/** Whether what happens can be recorded, as its keeper sees it; may be told again unchanged. */
export interface RecordStatus {
  readonly kind: "record_status";
  readonly up: boolean;
  /** What is wrong while it is not. */
  readonly detail: string;
  /** The id of a person's command whose outcome could not be written. */
  readonly unwritten?: string;
}

/** The program is about to end: nothing of ours may rest at the venue while nobody watches it. */
export interface Leave {
  readonly kind: "leave";
  readonly reason: string;
}

export type MarketEvent = BookFrame | TradesFrame | TickerFrame | BarFrame;

/** What became of something that was sent. */
export type PortAnswer = SubmitResult | CancelResult | AmendResult | StopResult | OrderAnswer;

/** What is neither of the market nor of the account. */
export type ServiceEvent =
  | FeedStatus
  | ServiceReport
  | TimerFired
  | OperatorCommand
  | LimitsChange
  | RecordStatus
  | Leave;

export type EngineEvent =
  | MarketEvent
  | BarsLoaded
  | InstrumentsLoaded
  | BookFault
  | BookPicture
  | OrderReport
  | ExecutionReport
  | PositionReport
  | WalletReport
  | UnreadableRow
  | AccountIdentity
  | AccountSnapshot
  | PortAnswer
  | AccountTerms
  | CashLog
  | SymbolTerms
  | FeesLoaded
  | ServiceEvent;
