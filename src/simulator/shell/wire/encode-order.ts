/** Orders, executions, positions, wallets and their histories as the venue writes them. */
import { FIXED_ONE, type Fixed, fixedToText, parseFixed } from "../../../kernel/fixed.ts";
import type {
  SimClosedPnl,
  SimExecution,
  SimOrder,
  SimPosition,
  SimTransaction,
  SimWallet,
} from "../../core/api.ts";
import type { SimVenue } from "../../world/world.ts";
import {
  averageText,
  moneyText,
  optionalPrice,
  priceFixed,
  priceText,
  qtyFixed,
  qtyText,
  ratioText,
} from "./text.ts";

export type Item = Record<string, unknown>;

/** Order states that still rest or wait. */
export function isOpen(order: SimOrder): boolean {
  return ["New", "PartiallyFilled", "Untriggered"].includes(order.status);
}

/** One order of order/realtime and order/history. */
export function orderItem(venue: SimVenue, order: SimOrder): Item {
  const instrument = venue.instrumentAt(order.symbolIndex);
  const leaves = isOpen(order) ? order.qtySteps - order.cumSteps : 0;
  const price = priceFixed(instrument, order.priceTicks);
  return {
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    blockTradeId: "",
    parentOrderLinkId: "",
    symbol: instrument.symbol,
    price: priceText(instrument, order.priceTicks),
    qty: qtyText(instrument, order.qtySteps),
    side: order.side,
    isLeverage: "",
    positionIdx: order.positionIdx,
    orderStatus: order.status,
    createType: order.createType,
    cancelType: order.cancelType === "" ? "UNKNOWN" : order.cancelType,
    rejectReason: order.rejectReason === "" ? "EC_NoError" : order.rejectReason,
    avgPrice: averageText(instrument, order.cumValue, order.cumSteps),
    leavesQty: qtyText(instrument, leaves),
    leavesValue: moneyText((price * qtyFixed(instrument, leaves)) / FIXED_ONE),
    cumExecQty: qtyText(instrument, order.cumSteps),
    cumExecValue: fixedToText(order.cumValue),
    cumExecFee: fixedToText(order.cumFee),
    timeInForce: order.timeInForce,
    orderType: order.type,
    stopOrderType: order.stopOrderType,
    orderIv: "",
    triggerPrice: optionalPrice(instrument, order.triggerTicks),
    takeProfit: optionalPrice(instrument, order.takeProfitTicks),
    stopLoss: optionalPrice(instrument, order.stopLossTicks),
    tpslMode: order.tpslMode,
    tpLimitPrice: optionalPrice(instrument, order.tpLimitTicks),
    slLimitPrice: optionalPrice(instrument, order.slLimitTicks),
    tpTriggerBy: order.tpTriggerBy,
    slTriggerBy: order.slTriggerBy,
    triggerDirection: order.triggerDirection,
    triggerBy: order.triggerBy,
    lastPriceOnCreated: optionalPrice(instrument, order.lastTicksOnCreated),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger,
    placeType: "",
    marketUnit: "",
    slippageToleranceType: "UNKNOWN",
    slippageTolerance: "",
    smpType: order.smpType,
    smpGroup: 0,
    smpOrderId: order.smpOrderId,
    createdTime: String(order.createdAtMs),
    updatedTime: String(order.updatedAtMs),
    cumFeeDetail: order.cumFee === 0n ? {} : { USDT: fixedToText(order.cumFee) },
    rpiTakerAccess: false,
    rpiMatchedQty: "0",
  };
}

/** The order stream's form: the category and the closed profit come along. */
export function orderStreamItem(venue: SimVenue, order: SimOrder): Item {
  return {
    category: "linear",
    ...orderItem(venue, order),
    closedPnl: moneyText(order.closedPnl),
    feeCurrency: "USDT",
  };
}

/** One fill or funding payment of execution/list. */
export function executionItem(venue: SimVenue, execution: SimExecution): Item {
  const instrument = venue.instrumentAt(execution.symbolIndex);
  return {
    symbol: instrument.symbol,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    side: execution.side,
    orderPrice: priceText(instrument, execution.orderPriceTicks),
    orderQty: qtyText(instrument, execution.orderQtySteps),
    leavesQty: qtyText(instrument, execution.leavesSteps),
    createType: execution.createType,
    orderType: execution.orderType,
    stopOrderType: execution.stopOrderType === "" ? "UNKNOWN" : execution.stopOrderType,
    execFee: fixedToText(execution.fee),
    execFeeV2: "",
    execId: execution.execId,
    execPrice: priceText(instrument, execution.priceTicks),
    execQty: qtyText(instrument, execution.qtySteps),
    execType: execution.execType,
    execValue: fixedToText(execution.value),
    execTime: String(execution.atMs),
    feeCurrency: "USDT",
    isMaker: execution.isMaker,
    feeRate: execution.feeRate,
    tradeIv: "",
    markIv: "",
    markPrice: priceText(instrument, execution.markTicks),
    indexPrice: priceText(instrument, execution.indexTicks),
    underlyingPrice: "",
    blockTradeId: "",
    closedSize: qtyText(instrument, execution.closedSteps),
    seq: execution.seq,
    extraFees: "",
  };
}

export function executionStreamItem(venue: SimVenue, execution: SimExecution): Item {
  return {
    category: "linear",
    ...executionItem(venue, execution),
    isLeverage: "0",
    marketUnit: "",
    execPnl: fixedToText(execution.execPnl),
  };
}

/** The fast stream leaves the client's id out on maker fills. */
export function fastExecutionItem(venue: SimVenue, execution: SimExecution): Item {
  const instrument = venue.instrumentAt(execution.symbolIndex);
  return {
    category: "linear",
    symbol: instrument.symbol,
    execId: execution.execId,
    execPrice: priceText(instrument, execution.priceTicks),
    execQty: qtyText(instrument, execution.qtySteps),
    orderId: execution.orderId,
    isMaker: execution.isMaker,
    orderLinkId: execution.isMaker ? "" : execution.orderLinkId,
    side: execution.side,
    execTime: String(execution.atMs),
    seq: execution.seq,
  };
}

/** One row of position/list. */
export function positionItem(venue: SimVenue, position: SimPosition): Item {
  const { avgPrice, ...rest } = positionFields(venue, position);
  return { ...rest, avgPrice };
}

/** The stream calls the average price `entryPrice` and names the category. */
export function positionStreamItem(venue: SimVenue, position: SimPosition): Item {
  const { avgPrice, ...rest } = positionFields(venue, position);
  return { ...rest, entryPrice: avgPrice, category: "linear" };
}

function positionFields(venue: SimVenue, position: SimPosition): Item & { avgPrice: string } {
  const instrument = venue.instrumentAt(position.symbolIndex);
  const { sizeSteps } = position;
  const flat = sizeSteps === 0;
  const margin = positionMargin(venue, position);
  const { markTicks } = venue.core.prices(position.symbolIndex);
  return {
    positionIdx: position.positionIdx,
    tradeMode: 0,
    riskId: margin.tierId,
    riskLimitValue: String(margin.limitUsdt),
    symbol: instrument.symbol,
    side: flat ? "" : sizeSteps > 0 ? "Buy" : "Sell",
    size: qtyText(instrument, Math.abs(sizeSteps)),
    avgPrice: flat ? "0" : averageText(instrument, position.entryValue, sizeSteps),
    leverage: String(position.leverage),
    breakEvenPrice: flat ? "" : averageText(instrument, breakEven(position), sizeSteps),
    positionValue: flat ? "" : fixedToText(position.entryValue),
    positionBalance: moneyText(margin.balance),
    markPrice: priceText(instrument, markTicks),
    positionIM: moneyText(margin.initial),
    positionIMByMp: moneyText(margin.initial),
    positionMM: moneyText(margin.maintenance),
    positionMMByMp: moneyText(margin.maintenance),
    takeProfit: optionalPrice(instrument, position.takeProfitTicks),
    stopLoss: optionalPrice(instrument, position.stopLossTicks),
    trailingStop: priceText(instrument, position.trailingTicks),
    unrealisedPnl: moneyText(margin.unrealised),
    curRealisedPnl: moneyText(position.curRealised),
    cumRealisedPnl: moneyText(position.cumRealised),
    sessionAvgPrice: "",
    createdTime: String(position.createdAtMs),
    updatedTime: String(position.updatedAtMs),
    tpslMode: "Full",
    liqPrice: flat ? "" : optionalPrice(instrument, position.liqTicks),
    bustPrice: flat ? "" : optionalPrice(instrument, position.bustTicks),
    positionStatus: "Normal",
    adlRankIndicator: flat ? 0 : adlRank(margin),
    autoAddMargin: position.autoAddMargin ? 1 : 0,
    leverageSysUpdatedTime: "",
    mmrSysUpdatedTime: "",
    seq: position.seq,
    isReduceOnly: false,
    openTime: position.createdAtMs,
  };
}

/** Entry value plus what is already lost (or minus what is earned) on the way. */
function breakEven(position: SimPosition): Fixed {
  const sign = position.sizeSteps > 0 ? 1n : -1n;
  const value = position.entryValue - sign * position.curRealised;
  return value > 0n ? value : 0n;
}

function positionMargin(venue: SimVenue, position: SimPosition) {
  const instrument = venue.instrumentAt(position.symbolIndex);
  const { markTicks } = venue.core.prices(position.symbolIndex);
  const size = qtyFixed(instrument, position.sizeSteps);
  const value = (priceFixed(instrument, markTicks) * size) / FIXED_ONE;
  const usdt = Number(value / FIXED_ONE);
  const tiers = instrument.riskTiers;
  const tier = tiers.find((candidate) => usdt <= candidate.limitUsdt) ?? tiers.at(-1);
  const rate = parseFixed(String(tier?.maintenanceRate ?? 0)) ?? 0n;
  const deduction = parseFixed(String(tier?.mmDeductionUsdt ?? 0)) ?? 0n;
  const maintenance = (value * rate) / FIXED_ONE - deduction;
  const leverage = parseFixed(String(position.leverage)) ?? FIXED_ONE;
  const change = value - position.entryValue;
  const isolated = venue.core.marginMode(position.accountId) === "ISOLATED_MARGIN";
  const atMark = (value * FIXED_ONE) / leverage;
  const atEntry = (position.entryValue * FIXED_ONE) / leverage + position.extraMargin;
  return {
    tierId: tier?.id ?? 1,
    limitUsdt: tier?.limitUsdt ?? 0,
    initial: isolated ? atEntry : atMark,
    /** What stands behind the position alone: ccxt reads it as its collateral. */
    balance: isolated ? atEntry : atMark,
    maintenance: maintenance > 0n ? maintenance : 0n,
    unrealised: position.sizeSteps === 0 ? 0n : position.sizeSteps > 0 ? change : -change,
  };
}

/** Profit against margin decides who is deleveraged first: five lights, one for a loss. */
function adlRank(margin: { initial: Fixed; unrealised: Fixed }): number {
  if (margin.initial <= 0n || margin.unrealised <= 0n) return 1;
  const gain = Number(margin.unrealised) / Number(margin.initial);
  return gain < 0.25 ? 2 : gain < 0.5 ? 3 : gain < 1 ? 4 : 5;
}

/** The account object of account/wallet-balance and of the wallet stream. */
export function walletItem(
  wallet: SimWallet,
  isolated: boolean,
): Item & { readonly coin: readonly Item[] } {
  const equity = wallet.walletBalance + wallet.unrealised;
  const initial = wallet.orderIm + wallet.positionIm;
  const available = equity > initial ? equity - initial : 0n;
  const cross = (text: string): string => (isolated ? "" : text);
  return {
    accountType: "UNIFIED",
    accountIMRate: cross(ratioText(initial, equity)),
    accountMMRate: cross(ratioText(wallet.positionMm, equity)),
    accountIMRateByMp: cross(ratioText(initial, equity)),
    accountMMRateByMp: cross(ratioText(wallet.positionMm, equity)),
    accountLTV: "0",
    totalEquity: moneyText(equity),
    totalWalletBalance: moneyText(wallet.walletBalance),
    totalMarginBalance: cross(moneyText(equity)),
    totalAvailableBalance: cross(moneyText(available)),
    totalPerpUPL: moneyText(wallet.unrealised),
    totalInitialMargin: cross(moneyText(initial)),
    totalInitialMarginByMp: cross(moneyText(initial)),
    totalMaintenanceMargin: cross(moneyText(wallet.positionMm)),
    totalMaintenanceMarginByMp: cross(moneyText(wallet.positionMm)),
    coin: [coinItem(wallet)],
  };
}

function coinItem(wallet: SimWallet): Item {
  const equity = wallet.walletBalance + wallet.unrealised;
  return {
    coin: "USDT",
    equity: moneyText(equity),
    usdValue: moneyText(equity),
    walletBalance: moneyText(wallet.walletBalance),
    locked: "0",
    spotHedgingQty: "0",
    borrowAmount: "0",
    accruedInterest: "0",
    totalOrderIM: moneyText(wallet.orderIm),
    totalPositionIM: moneyText(wallet.positionIm),
    totalPositionMM: moneyText(wallet.positionMm),
    unrealisedPnl: moneyText(wallet.unrealised),
    cumRealisedPnl: moneyText(wallet.cumRealised),
    bonus: "0",
    collateralSwitch: true,
    marginCollateral: true,
    spotBorrow: "0",
    availableToWithdraw: "",
    availableToBorrow: "",
  };
}

/** One line of account/transaction-log. */
export function transactionItem(venue: SimVenue, line: SimTransaction): Item {
  const isTransfer = line.type.startsWith("TRANSFER");
  const instrument = isTransfer ? null : venue.instrumentAt(line.symbolIndex);
  const qty = (steps: number): string => (instrument === null ? "" : qtyText(instrument, steps));
  return {
    transSubType: "",
    id: line.id,
    symbol: instrument?.symbol ?? "",
    side: line.side,
    funding: line.type === "SETTLEMENT" ? moneyText(line.funding) : "",
    orderLinkId: line.orderLinkId,
    orderId: line.orderId,
    fee: moneyText(line.fee),
    change: moneyText(line.change),
    cashFlow: moneyText(line.cashFlow),
    transactionTime: String(line.atMs),
    type: line.type,
    feeRate: line.feeRate,
    bonusChange: "",
    size: qty(line.sizeAfterSteps),
    qty: qty(line.qtySteps),
    cashBalance: moneyText(line.balanceAfter),
    currency: "USDT",
    category: isTransfer ? "" : "linear",
    tradePrice: instrument === null ? "" : priceText(instrument, line.priceTicks),
    tradeId: line.tradeId,
    extraFees: "",
  };
}

/** One row of position/closed-pnl. */
export function closedPnlItem(venue: SimVenue, closed: SimClosedPnl): Item {
  const instrument = venue.instrumentAt(closed.symbolIndex);
  return {
    symbol: instrument.symbol,
    orderType: closed.orderType,
    leverage: String(closed.leverage),
    updatedTime: String(closed.updatedAtMs),
    side: closed.side,
    orderId: closed.orderId,
    closedPnl: moneyText(closed.closedPnl),
    avgEntryPrice: averageText(instrument, closed.entryValue, closed.closedSteps),
    qty: qtyText(instrument, closed.qtySteps),
    cumEntryValue: moneyText(closed.entryValue),
    createdTime: String(closed.createdAtMs),
    orderPrice: priceText(instrument, closed.orderPriceTicks),
    closedSize: qtyText(instrument, closed.closedSteps),
    avgExitPrice: averageText(instrument, closed.exitValue, closed.closedSteps),
    execType: closed.execType,
    fillCount: String(closed.fillCount),
    cumExitValue: moneyText(closed.exitValue),
    openFee: moneyText(closed.openFee),
    closeFee: moneyText(closed.closeFee),
  };
}
