/**
 * The simulated exchange's core as its shells see it: a pure state machine in ticks and steps.
 *
 * No clock, no randomness but the seed, no I/O, no JSON. Time enters only through `advanceTo`, and
 * what happened leaves through `drain`. The same core serves the loopback server and the in-process
 * shell on a virtual clock. It shares nothing with the adapter but the kernel's arithmetic.
 */
import type { Grid } from "../../kernel/decimal.ts";
import type { Fixed } from "../../kernel/fixed.ts";

export type SimSide = "Buy" | "Sell";
type SimTimeInForce = "GTC" | "IOC" | "FOK" | "PostOnly";
export type TriggerBy = "LastPrice" | "MarkPrice" | "IndexPrice";
type SmpType = "None" | "CancelMaker" | "CancelTaker" | "CancelBoth";

/** Static facts of one listed contract. Text fields are what the venue's list prints. */
export interface SimInstrument {
  readonly index: number;
  readonly symbol: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly settleCoin: string;
  status: "PreLaunch" | "Trading" | "Delivering" | "Closed";
  readonly launchAtMs: number;
  deliveryAtMs: number;
  readonly price: Grid;
  readonly qty: Grid;
  /** The tick and the step of new orders, in units of the grids above: 1 unless one was changed. */
  tickLot: number;
  stepLot: number;
  readonly minPriceTicks: number;
  readonly maxPriceTicks: number;
  readonly minQtySteps: number;
  readonly maxLimitQtySteps: number;
  readonly maxMarketQtySteps: number;
  /** Smallest order value in USDT, whole. */
  readonly minNotional: number;
  readonly maxLeverage: number;
  readonly fundingIntervalMin: number;
  /** Cap of the funding rate as a fraction. */
  readonly fundingCap: number;
  readonly priceLimitRatioX: number;
  readonly priceLimitRatioY: number;
  readonly riskTiers: readonly SimRiskTier[];
}

export interface SimRiskTier {
  readonly id: number;
  readonly limitUsdt: number;
  readonly maintenanceRate: number;
  readonly initialRate: number;
  readonly maxLeverage: number;
  readonly mmDeductionUsdt: number;
}

/** An account of the venue. House accounts (market agents) are not margined and pay no fees. */
export interface SimAccountOptions {
  readonly id: string;
  readonly house: boolean;
  readonly walletUsdt: string;
  readonly makerFeeRate: string;
  readonly takerFeeRate: string;
}

export interface PlaceRequest {
  readonly symbolIndex: number;
  readonly side: SimSide;
  readonly type: "Limit" | "Market";
  readonly qtySteps: number;
  /** 0 for market orders. */
  readonly priceTicks: number;
  readonly timeInForce: SimTimeInForce;
  readonly positionIdx?: 0 | 1 | 2;
  readonly orderLinkId?: string;
  readonly reduceOnly?: boolean;
  readonly closeOnTrigger?: boolean;
  readonly triggerTicks?: number;
  readonly triggerDirection?: 1 | 2;
  readonly triggerBy?: TriggerBy;
  readonly takeProfitTicks?: number;
  readonly stopLossTicks?: number;
  readonly tpTriggerBy?: TriggerBy;
  readonly slTriggerBy?: TriggerBy;
  readonly tpslMode?: "Full" | "Partial";
  readonly tpOrderType?: "Market" | "Limit";
  readonly slOrderType?: "Market" | "Limit";
  readonly tpLimitTicks?: number;
  readonly slLimitTicks?: number;
  readonly smpType?: SmpType;
}

export interface AmendRequest {
  readonly symbolIndex: number;
  readonly orderId?: string;
  readonly orderLinkId?: string;
  readonly qtySteps?: number;
  readonly priceTicks?: number;
  readonly triggerTicks?: number;
  /** 0 removes. */
  readonly takeProfitTicks?: number;
  readonly stopLossTicks?: number;
}

/** `code` 0 is success; others are the venue's return codes with its wording. */
export interface SimReply {
  readonly code: number;
  readonly text: string;
  readonly orderId: string;
  readonly orderLinkId: string;
}

export type SimOrderStatus =
  | "New"
  | "PartiallyFilled"
  | "Filled"
  | "Cancelled"
  | "Rejected"
  | "Untriggered"
  | "Triggered"
  | "Deactivated";

/** One order as the venue keeps it. */
export interface SimOrder {
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly accountId: string;
  readonly symbolIndex: number;
  readonly side: SimSide;
  readonly type: "Limit" | "Market";
  readonly timeInForce: SimTimeInForce;
  readonly positionIdx: 0 | 1 | 2;
  priceTicks: number;
  qtySteps: number;
  cumSteps: number;
  /** Sum of price × quantity of its fills, in USDT. */
  cumValue: Fixed;
  cumFee: Fixed;
  status: SimOrderStatus;
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly createType: string;
  stopOrderType: string;
  triggerTicks: number;
  triggerDirection: 0 | 1 | 2;
  triggerBy: TriggerBy | "";
  takeProfitTicks: number;
  stopLossTicks: number;
  tpTriggerBy: TriggerBy | "";
  slTriggerBy: TriggerBy | "";
  tpslMode: "Full" | "Partial" | "";
  tpLimitTicks: number;
  slLimitTicks: number;
  readonly smpType: SmpType;
  smpOrderId: string;
  cancelType: string;
  rejectReason: string;
  /** Last traded price when it was created. */
  readonly lastTicksOnCreated: number;
  closedPnl: Fixed;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export interface SimExecution {
  readonly execId: string;
  readonly accountId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly symbolIndex: number;
  readonly side: SimSide;
  readonly orderType: "Limit" | "Market" | "UNKNOWN";
  readonly stopOrderType: string;
  readonly createType: string;
  readonly orderPriceTicks: number;
  readonly orderQtySteps: number;
  readonly leavesSteps: number;
  readonly execType: "Trade" | "Funding" | "AdlTrade" | "BustTrade" | "Settle";
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly value: Fixed;
  readonly fee: Fixed;
  readonly feeRate: string;
  readonly isMaker: boolean;
  readonly closedSteps: number;
  readonly execPnl: Fixed;
  readonly markTicks: number;
  readonly indexTicks: number;
  readonly seq: number;
  readonly atMs: number;
}

export interface SimPosition {
  readonly accountId: string;
  readonly symbolIndex: number;
  readonly positionIdx: 0 | 1 | 2;
  /** Signed: long positive. */
  sizeSteps: number;
  /** Entry value in USDT, unsigned; entry price is value ÷ size. */
  entryValue: Fixed;
  leverage: number;
  takeProfitTicks: number;
  stopLossTicks: number;
  trailingTicks: number;
  curRealised: Fixed;
  cumRealised: Fixed;
  /** Margin that was added to an isolated position, in USDT. */
  extraMargin: Fixed;
  /** The venue adds margin by itself before it liquidates the isolated position. */
  autoAddMargin: boolean;
  liqTicks: number;
  bustTicks: number;
  createdAtMs: number;
  updatedAtMs: number;
  seq: number;
}

export interface SimWallet {
  readonly accountId: string;
  walletBalance: Fixed;
  unrealised: Fixed;
  orderIm: Fixed;
  positionIm: Fixed;
  positionMm: Fixed;
  cumRealised: Fixed;
}

export interface SimTrade {
  readonly execId: string;
  readonly symbolIndex: number;
  /** The taker's side. */
  readonly side: SimSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly seq: number;
  readonly atMs: number;
}

/** A line of the account's money: trades, funding, transfers. */
export interface SimTransaction {
  readonly id: string;
  readonly accountId: string;
  readonly symbolIndex: number;
  readonly type: "TRADE" | "SETTLEMENT" | "TRANSFER_IN" | "TRANSFER_OUT" | "LIQUIDATION" | "ADL";
  readonly side: SimSide | "None";
  readonly qtySteps: number;
  readonly sizeAfterSteps: number;
  readonly priceTicks: number;
  readonly funding: Fixed;
  readonly fee: Fixed;
  readonly feeRate: string;
  readonly cashFlow: Fixed;
  readonly change: Fixed;
  readonly balanceAfter: Fixed;
  readonly tradeId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly atMs: number;
}

export interface SimClosedPnl {
  readonly accountId: string;
  readonly symbolIndex: number;
  readonly orderId: string;
  readonly side: SimSide;
  readonly qtySteps: number;
  readonly orderPriceTicks: number;
  readonly orderType: "Limit" | "Market";
  readonly execType: string;
  readonly closedSteps: number;
  readonly entryValue: Fixed;
  readonly exitValue: Fixed;
  readonly closedPnl: Fixed;
  readonly openFee: Fixed;
  readonly closeFee: Fixed;
  readonly fillCount: number;
  readonly leverage: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface SimLiquidation {
  readonly symbolIndex: number;
  /** Buy means a long was liquidated. */
  readonly side: SimSide;
  readonly qtySteps: number;
  readonly priceTicks: number;
  readonly atMs: number;
}

/**
 * What happened, in order. Orders are copies as of that moment. Events of house accounts other than
 * public trades are not emitted.
 */
export type SimEvent =
  | { readonly kind: "trade"; readonly trade: SimTrade }
  | { readonly kind: "order"; readonly order: SimOrder }
  | { readonly kind: "execution"; readonly execution: SimExecution }
  | { readonly kind: "position"; readonly position: SimPosition }
  | { readonly kind: "wallet"; readonly wallet: SimWallet }
  | { readonly kind: "liquidation"; readonly liquidation: SimLiquidation };

/** A symbol's prices that are not the book's: set by the market model, for triggers and margin. */
interface SimPrices {
  readonly markTicks: number;
  readonly indexTicks: number;
}

export interface ExchangeOptions {
  /**
   * Text that every generated id is a function of; shells mix their start time in, so that ids of
   * two runs differ.
   */
  readonly idSeed: string;
  readonly startAtMs: number;
  readonly instruments: readonly SimInstrument[];
  readonly accounts: readonly SimAccountOptions[];
}

/** Levels of one side, best first, interleaved priceTicks, qtySteps. */
export type SimLevels = number[];

/** An order of the market's own agents: rests or fills, and is nobody's. */
export interface HouseOrder {
  readonly side: SimSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly timeInForce: SimTimeInForce;
}

export interface ExchangeCore {
  readonly instruments: SimInstrument[];
  readonly nowMs: number;
  /** Moves time forward (never back): settles due funding, expires what expires. */
  advanceTo(atMs: number): void;
  /** Adds a contract after the start. */
  list(instrument: SimInstrument): void;
  /** The tick and the step of new orders from now on, in units of the contract's own grids. */
  setLots(symbolIndex: number, lots: { readonly tickLot: number; readonly stepLot: number }): void;
  setStatus(symbolIndex: number, status: SimInstrument["status"]): void;
  /** New mark and index: fires triggers, trailing stops and liquidations that they reach. */
  setPrices(symbolIndex: number, prices: SimPrices): void;
  /** The running funding prediction that the next settlement will use. */
  setFundingRate(symbolIndex: number, rate: number): void;
  fundingRate(symbolIndex: number): number;
  nextFundingAtMs(symbolIndex: number): number;

  place(accountId: string, request: PlaceRequest): SimReply;
  amend(accountId: string, request: AmendRequest): SimReply;
  cancel(
    accountId: string,
    symbolIndex: number,
    id: { orderId?: string; orderLinkId?: string },
  ): SimReply;
  cancelAll(
    accountId: string,
    filter: {
      symbolIndex?: number;
      orderFilter?: "Order" | "StopOrder" | "OpenOrder";
      onlyStop?: boolean;
      /** Who cancels: the user, or disconnect-cancel-all. */
      cancelType?: "CancelByUser" | "CancelByDCP";
    },
  ): { orderId: string; orderLinkId: string }[];

  /**
   * House fast path: no copies, no ids beyond a number. Returns the resting handle, 0 when nothing
   * rests.
   */
  housePlace(symbolIndex: number, order: HouseOrder): number;
  houseCancel(symbolIndex: number, handle: number): boolean;
  /**
   * The instant that the next public trades carry, at most now; 0 for now. Agents act between two
   * steps of the clock, and what they trade happened then.
   */
  actAt(atMs: number): void;
  /** Steps left on a house order, 0 when it is gone. */
  houseLeft(symbolIndex: number, handle: number): number;

  setLeverage(accountId: string, symbolIndex: number, buy: number, sell: number): SimReply;
  switchMode(accountId: string, symbolIndex: number | null, mode: 0 | 3): SimReply;
  setMarginMode(accountId: string, mode: "ISOLATED_MARGIN" | "REGULAR_MARGIN"): SimReply;
  marginMode(accountId: string): "ISOLATED_MARGIN" | "REGULAR_MARGIN";
  /** Adds margin to an isolated position, or with a negative amount takes added margin back. */
  addMargin(
    accountId: string,
    position: { symbolIndex: number; positionIdx: 0 | 1 | 2 },
    amount: Fixed,
  ): SimReply;
  /** Cash in (positive) or out; what is not logged stands in no transaction log. */
  transfer(accountId: string, cash: { amount: Fixed; isLogged: boolean }): SimReply;
  setAutoAddMargin(
    accountId: string,
    position: { symbolIndex: number; positionIdx: 0 | 1 | 2 },
    isOn: boolean,
  ): SimReply;
  /**
   * Auto-deleveraging: the most profitable position of every account, or of one contract and side,
   * is closed in part against somebody who went bankrupt. Returns how many positions shrank.
   */
  deleverage(of?: { symbolIndex: number; side: SimSide }): number;
  /**
   * Net position of the client accounts in steps, long positive: the house holds the other side.
   */
  clientNetSteps(symbolIndex: number): number;
  setTradingStop(
    accountId: string,
    request: {
      symbolIndex: number;
      positionIdx: 0 | 1 | 2;
      tpslMode: "Full" | "Partial";
      takeProfitTicks?: number;
      stopLossTicks?: number;
      trailingTicks?: number;
      activeTicks?: number;
      tpTriggerBy?: TriggerBy;
      slTriggerBy?: TriggerBy;
      tpSizeSteps?: number;
      slSizeSteps?: number;
      tpLimitTicks?: number;
      slLimitTicks?: number;
    },
  ): SimReply;

  /** Top `depth` levels a side of the book that clients see. */
  levels(symbolIndex: number, side: SimSide, depth: number): SimLevels;
  bestTicks(symbolIndex: number, side: SimSide): number;
  /** Steps that stand at that price. */
  bestSteps(symbolIndex: number, side: SimSide): number;
  /** Rises when the visible book of the symbol changed. */
  bookVersion(symbolIndex: number): number;
  lastTicks(symbolIndex: number): number;
  prices(symbolIndex: number): SimPrices;
  /** Highest price a buy and lowest a sell may have now (the venue's order price limit). */
  priceBand(symbolIndex: number): { highestBuyTicks: number; lowestSellTicks: number };
  /**
   * Sum of both sides' open positions in steps. The anonymous house counts with its net position
   * only, so this is what client accounts hold and whoever holds the other side of it.
   */
  openInterestSteps(symbolIndex: number): number;
  /** Venue-wide cross sequence, rises with every book change or trade. */
  readonly seq: number;

  openOrders(accountId: string): readonly SimOrder[];
  /** By id, open or recently closed. */
  findOrder(accountId: string, id: { orderId?: string; orderLinkId?: string }): SimOrder | null;
  /** Newest first. */
  closedOrders(accountId: string): readonly SimOrder[];
  executions(accountId: string): readonly SimExecution[];
  transactions(accountId: string): readonly SimTransaction[];
  closedPnl(accountId: string): readonly SimClosedPnl[];
  positions(accountId: string): readonly SimPosition[];
  /** Flat rows included, as the venue answers for a named symbol. */
  positionsOf(accountId: string, symbolIndex: number): readonly SimPosition[];
  wallet(accountId: string): SimWallet;
  account(accountId: string): SimAccountOptions;

  /** Events since the last call, oldest first. */
  drain(): SimEvent[];
}
