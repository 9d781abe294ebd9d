/**
 * What the exchange remembers, and the named limits of it.
 *
 * One record per symbol and one per account. Functions of the other files change them; nothing
 * here decides. House orders have no record: they live in the pool alone.
 */
import { assert, must } from "../../kernel/assert.ts";
import { type Fixed, fixedOf, parseFixed } from "../../kernel/fixed.ts";
import type { Ring } from "../../kernel/ring.ts";
import type {
  SimAccountOptions,
  SimClosedPnl,
  SimEvent,
  SimExecution,
  SimInstrument,
  SimOrder,
  SimPosition,
  SimSide,
  SimTransaction,
} from "./api.ts";
import type { BookTables, MatchBook } from "./order-book.ts";
import type { PremiumWindow } from "./premium.ts";

/** Histories per account, newest kept: a page of every client screen many times over. */
export const CLOSED_ORDERS_MAX = 2_000;
export const EXECUTIONS_MAX = 5_000;
export const TRANSACTIONS_MAX = 5_000;
export const CLOSED_PNL_MAX = 2_000;
/** Remembered link ids per account: a day of one order every four seconds; oldest forgotten. */
export const LINK_IDS_MAX = 20_000;
/** Undrained events beyond which public trades are dropped: minutes of the busiest market. */
export const TRADE_EVENTS_MAX = 200_000;
/** Account events are never dropped; a shell that lets this many wait has lost its reader. */
export const UNDRAINED_EVENTS_MAX = 1_000_000;
/** Bybit, order/create-order: limits of open orders per account and symbol. */
export const ACTIVE_ORDERS_MAX = 500;
export const CONDITIONAL_ORDERS_MAX = 10;
/** Bybit, position/trading-stop: partial take-profit and stop-loss pairs of one position. */
export const PARTIAL_BRACKETS_MAX = 20;
/** Leverage of an account that never chose one. */
const LEVERAGE_AT_START = 10;

export type Mutable<Record> = { -readonly [Key in keyof Record]: Record[Key] };
export type PositionIdx = 0 | 1 | 2;
/** What made an order that the venue keeps for a position. */
export type BracketKind = "" | "full" | "partial" | "trailing";

export interface ExchangeState extends BookTables {
  nowMs: number;
  /** When the agents' running act happened, 0 outside of one. */
  actsAtMs: number;
  readonly nextId: () => string;
  readonly symbols: SymbolState[];
  readonly accounts: Map<string, AccountState>;
  /** Client orders on books by the owner number in the pool. */
  readonly resting: Map<number, LiveOrder>;
  nextOwner: number;
  events: SimEvent[];
  /** Symbols whose last price moved since triggers were looked at. */
  readonly moved: Set<SymbolState>;
  /** Orders with attached take-profit or stop-loss, and the steps they filled since looked at. */
  readonly fed: Map<LiveOrder, number>;
  /** Positions that a fill changed since their followers were looked at. */
  readonly dirty: Set<PositionCell>;
}

export interface SymbolState {
  readonly instrument: SimInstrument;
  readonly book: MatchBook;
  /** Money of one tick times one step. */
  readonly tickStepValue: Fixed;
  /** Made from the contract when an account first touches it, see {@link tiersOf}. */
  tiers: readonly Tier[] | null;
  markTicks: number;
  indexTicks: number;
  lastTicks: number;
  readonly premium: PremiumWindow;
  /** Range of trades since triggers were looked at; low above high when there were none. */
  tradedLowTicks: number;
  tradedHighTicks: number;
  fundingRate: number;
  nextFundingAtMs: number;
  /** Untriggered orders, oldest first. */
  readonly conditionals: Set<LiveOrder>;
  /** Open positions of accounts that are not the house. */
  readonly positions: Set<PositionCell>;
  /** Sums over those positions; the house holds the other side. */
  clientAbsSteps: number;
  clientNetSteps: number;
}

interface Tier {
  readonly limit: Fixed;
  readonly maxLeverage: number;
  readonly maintenanceRate: Fixed;
  readonly deduction: Fixed;
}

export interface AccountState {
  readonly options: SimAccountOptions;
  readonly makerRate: Fixed;
  readonly takerRate: Fixed;
  walletBalance: Fixed;
  cumRealised: Fixed;
  isolated: boolean;
  hedgedByDefault: boolean;
  readonly hedged: Map<number, boolean>;
  /** By symbol index: leverage of longs and shorts. */
  readonly leverage: Map<number, { buy: number; sell: number }>;
  /** By {@link cellKey}; at most three per symbol. */
  readonly cells: Map<number, PositionCell>;
  readonly open: Map<string, LiveOrder>;
  readonly openByLink: Map<string, LiveOrder>;
  readonly usedLinks: Set<string>;
  readonly closedOrders: Ring<SimOrder>;
  readonly executions: Ring<SimExecution>;
  readonly transactions: Ring<SimTransaction>;
  readonly closedPnl: Ring<Mutable<SimClosedPnl>>;
}

/** A position and what hangs on it. */
export interface PositionCell {
  readonly account: AccountState;
  readonly symbol: SymbolState;
  readonly position: SimPosition;
  /** Fees paid for what is still open. */
  openFee: Fixed;
  /** Values of its active orders that may add to it. */
  buyValue: Fixed;
  sellValue: Fixed;
  /** Take-profit, stop-loss and trailing orders. */
  readonly brackets: Set<LiveOrder>;
  /** Active orders that may only shrink it. */
  readonly reducers: Set<LiveOrder>;
}

/** An open order and what the engine needs beside the venue's record of it. */
export interface LiveOrder {
  readonly order: SimOrder;
  readonly account: AccountState;
  readonly symbol: SymbolState;
  readonly cell: PositionCell;
  /** May only shrink the position: reduce-only, close-on-trigger, or a hedge's closing side. */
  readonly reducing: boolean;
  readonly tpOrderType: "Market" | "Limit";
  readonly slOrderType: "Market" | "Limit";
  readonly bracket: BracketKind;
  /** Its place on the book, 0 when it does not rest. */
  slot: number;
  readonly owner: number;
  /** What it adds to its cell's order values. */
  countedValue: Fixed;
  closing: Mutable<SimClosedPnl> | null;
  /** Partial bracket orders that its fills feed. */
  takeProfit: LiveOrder | null;
  stopLoss: LiveOrder | null;
  /** The other leg of a partial bracket. */
  pair: LiveOrder | null;
  /** Trailing stop: distance, activation price and best price since; 0 for none. */
  trailingTicks: number;
  activeTicks: number;
  peakTicks: number;
}

export function opposite(side: SimSide): SimSide {
  return side === "Buy" ? "Sell" : "Buy";
}

/** Money of a price times a quantity: exact. */
export function tradeValue(symbol: SymbolState, priceTicks: number, qtySteps: number): Fixed {
  return BigInt(priceTicks) * BigInt(qtySteps) * symbol.tickStepValue;
}

/** A rate of the instrument list to money's grid, rounded at 10 decimals. */
export function rateOf(rate: number): Fixed {
  return must(parseFixed(rate.toFixed(10)), "a finite rate is a decimal");
}

/** The contract's risk tiers in money. Most contracts are never traded by an account. */
export function tiersOf(symbol: SymbolState): readonly Tier[] {
  symbol.tiers ??= symbol.instrument.riskTiers.map((tier) => ({
    limit: rateOf(tier.limitUsdt),
    maxLeverage: tier.maxLeverage,
    maintenanceRate: rateOf(tier.maintenanceRate),
    deduction: rateOf(tier.mmDeductionUsdt),
  }));
  return symbol.tiers;
}

export function tickStepValueOf(instrument: SimInstrument): Fixed {
  const { price, qty } = instrument;
  const decimals = price.decimals + qty.decimals;
  assert(decimals <= 18, `the value of a tick times a step of ${instrument.symbol} is exact`);
  return fixedOf(BigInt(price.unitMantissa) * BigInt(qty.unitMantissa), decimals);
}

export function symbolAt(state: ExchangeState, symbolIndex: number): SymbolState {
  // A text with the index in it would cost more than the call, thousands of times a second.
  return must(state.symbols[symbolIndex], "a symbol index is listed");
}

export function accountOf(state: ExchangeState, accountId: string): AccountState {
  return must(state.accounts.get(accountId), `account "${accountId}" exists`);
}

export function isHedged(account: AccountState, symbolIndex: number): boolean {
  return account.hedged.get(symbolIndex) ?? account.hedgedByDefault;
}

export function leverageOf(account: AccountState, symbol: SymbolState, side: SimSide): number {
  const chosen = account.leverage.get(symbol.instrument.index);
  if (chosen !== undefined) return side === "Buy" ? chosen.buy : chosen.sell;
  return Math.min(LEVERAGE_AT_START, symbol.instrument.maxLeverage);
}

/** The side that opens or holds the position: a flat one-way position counts as long. */
export function holdingSide(cell: PositionCell): SimSide {
  if (cell.position.positionIdx === 2) return "Sell";
  return cell.position.sizeSteps < 0 ? "Sell" : "Buy";
}

/** The account's position of a symbol, made flat when it is the first time. */
export function cellOf(
  state: ExchangeState,
  account: AccountState,
  symbol: SymbolState,
  positionIdx: PositionIdx,
): PositionCell {
  const key = symbol.instrument.index * 3 + positionIdx;
  const known = account.cells.get(key);
  if (known !== undefined) return known;
  const cell = flatCell(state, account, symbol, positionIdx);
  account.cells.set(key, cell);
  return cell;
}

function flatCell(
  state: ExchangeState,
  account: AccountState,
  symbol: SymbolState,
  positionIdx: PositionIdx,
): PositionCell {
  return {
    account,
    symbol,
    position: {
      accountId: account.options.id,
      symbolIndex: symbol.instrument.index,
      positionIdx,
      sizeSteps: 0,
      entryValue: 0n,
      leverage: leverageOf(account, symbol, positionIdx === 2 ? "Sell" : "Buy"),
      takeProfitTicks: 0,
      stopLossTicks: 0,
      trailingTicks: 0,
      curRealised: 0n,
      cumRealised: 0n,
      extraMargin: 0n,
      autoAddMargin: false,
      liqTicks: 0,
      bustTicks: 0,
      createdAtMs: state.nowMs,
      updatedAtMs: state.nowMs,
      seq: -1,
    },
    openFee: 0n,
    buyValue: 0n,
    sellValue: 0n,
    brackets: new Set(),
    reducers: new Set(),
  };
}
