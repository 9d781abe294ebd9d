/**
 * The engine's account of itself: what changed since the last tick, as plain values.
 * Account changes leave with the event that caused them; market rows are conflated and leave with
 * the periodic audit timer. The monitor folds these ticks into the view that pages and API serve.
 */
import type { DenyReason } from "../domain/deny.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { OrderState } from "../domain/order.ts";
import type { Side } from "../domain/units.ts";
import type { FeatureName } from "../features/registry.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { SymbolProfile } from "../universe/profile.ts";

/** What the rows of a tick read. */
export const AUDIT_FEATURES = [
  "midTicks",
  "spreadBps",
  "imbalance",
  "micropriceTicks",
  "volatilityBps",
] as const satisfies readonly FeatureName[];

export type BookState = "none" | "live" | "quarantined" | "stale";

/** One symbol as the market shows it now. Prices and sizes are the venue's own decimal text. */
export interface SymbolAudit {
  readonly symbol: string;
  readonly status: string;
  readonly category: string;
  readonly score: number;
  readonly active: boolean;
  readonly bookState: BookState;
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

export interface OrderAudit {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly priceText: string;
  readonly qtyText: string;
  readonly filledText: string;
  readonly state: OrderState;
  readonly purpose: string;
  readonly strategy: string;
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
  readonly notionalUsdt: number;
  readonly unrealisedUsdt: number;
  readonly realisedUsdt: number;
  readonly feesUsdt: number;
  readonly fundingUsdt: number;
  readonly updatedAtMs: number;
}

/** The hard limits that a trader weighs the account against, in USDT. */
export interface LimitsAudit {
  readonly orderNotionalUsdtMax: number;
  readonly symbolExposureUsdtMax: number;
  readonly totalExposureUsdtMax: number;
  readonly dailyLossUsdtMax: number;
}

/**
 * Money as exact decimal text: display may round it, the ledger may not. Realised profit, fees and
 * funding count from the start of this process; the day's loss counts earlier runs of the day too.
 */
export interface AccountAudit {
  readonly equityText: string;
  readonly availableText: string;
  readonly realisedText: string;
  readonly feesText: string;
  readonly fundingText: string;
  readonly unrealisedText: string;
  readonly exposureUsdt: number;
  readonly fillCount: number;
  /**
   * Loss since 00:00 UTC as the risk gate judges it, open positions included; a gain is negative.
   */
  readonly dayLossUsdt: number;
  /** Null until the engine has reported. */
  readonly limits: LimitsAudit | null;
}

export interface DenialAudit {
  readonly atMs: number;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: string;
  readonly reason: DenyReason;
}

export interface UniverseAudit {
  /** Symbols by category name. */
  readonly counts: Readonly<Record<string, number>>;
  readonly active: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
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

export type TradingState = "starting" | "on" | "halted";

export interface AuditTick {
  /** Rises by one a tick: the projection asserts that none is skipped. */
  readonly seq: number;
  readonly atMs: number;
  readonly trading: { readonly state: TradingState; readonly reason: string };
  readonly instruments?: readonly Instrument[];
  readonly symbols?: readonly SymbolAudit[];
  /** Orders that changed, finished ones included. */
  readonly orders?: readonly OrderAudit[];
  readonly positions?: readonly PositionAudit[];
  readonly fills?: readonly LedgerFill[];
  readonly denials?: readonly DenialAudit[];
  readonly account?: AccountAudit;
  readonly universe?: UniverseAudit;
  readonly profiles?: readonly SymbolProfile[];
  readonly counters?: EngineCounters;
  readonly feeds?: Readonly<
    Record<string, { readonly up: boolean; readonly detail: string; readonly atMs: number }>
  >;
}
