/**
 * The shapes of the monitor API, and one name for one thing on every route. A name ends in its
 * unit: `…Usdt`, `…Bps`, `…Pct`, `…Bytes`, `…Sec`, `…Ms`. A time of our clock or the venue's is
 * `…AtMs`, milliseconds since 1970; where it comes a second time as `…At`, that is ISO text in UTC.
 * Prices (`…Price`), quantities (`…Qty`) and money that the venue or the ledger has exactly are
 * decimal text; estimates and statistics are numbers, rounded to what they can mean.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { OrderAudit, PositionAudit, StrategyAudit, SymbolAudit } from "../engine/audit.ts";
import { toText } from "../kernel/decimal.ts";
import { fixedToText } from "../kernel/fixed.ts";
import { netRealisedText } from "../monitor/net-realised.ts";
import type { HealthReport, MonitorView } from "../monitor/view.ts";
import { type LedgerFill, netOfFill } from "../portfolio/fill.ts";
import type { StorageReport } from "../runtime/ports/record.ts";
import { changeRow, judgementRow, standingRow } from "./universe-rows.ts";

/** ISO text, or null for a time that is not known. */
export function isoOf(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs) || atMs <= 0 ? null : new Date(atMs).toISOString();
}

/** At most `decimals` decimals; null for what is not a number, as JSON has no NaN. */
function rounded(value: number, decimals: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) : null;
}

export function symbolRow(row: SymbolAudit) {
  return {
    symbol: row.symbol,
    category: row.category,
    score: rounded(row.score, 4),
    active: row.active,
    status: row.status,
    lastPrice: row.lastText,
    bidPrice: row.bidText,
    askPrice: row.askText,
    markPrice: row.markText,
    change24hPct: rounded(row.change24hPct, 4),
    turnover24hUsdt: rounded(row.turnover24hUsdt, 2),
    spreadBps: rounded(row.spreadBps, 4),
    volatilityBps: rounded(row.volatilityBps, 4),
    fundingRate: row.fundingRateText,
    nextFundingAtMs: row.nextFundingAtMs,
    bookState: row.bookState,
    bookFault: row.bookFault,
    bookAudit: row.bookAudit,
    updatedAtMs: row.updatedAtMs,
    ...standingRow(row),
  };
}

export function symbolBasic(instrument: Instrument, row: SymbolAudit | undefined) {
  const steps = (value: number): string => toText(instrument.qty, value);
  return {
    symbol: instrument.symbol,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    status: instrument.status,
    launchedAt: isoOf(instrument.launchAtMs),
    launchedAtMs: instrument.launchAtMs,
    tickSize: instrument.price.unitText,
    qtyStep: instrument.qty.unitText,
    minOrderQty: steps(instrument.qtyStepsMin),
    maxOrderQty: steps(instrument.limitQtyStepsMax),
    maxMarketOrderQty: steps(instrument.marketQtyStepsMax),
    minNotionalUsdt: fixedToText(instrument.notionalMin),
    maxLeverage: instrument.leverageMax,
    fundingIntervalMinutes: instrument.fundingIntervalMin,
    market:
      row === undefined
        ? null
        : {
            ...symbolRow(row),
            ...judgementRow(row),
            imbalance: rounded(row.imbalance, 4),
            microPrice: row.micropriceText,
            updatedAt: isoOf(row.updatedAtMs),
          },
  };
}

export function tradeRow(fill: LedgerFill & { readonly id: number }) {
  return {
    id: fill.id,
    execId: fill.execId,
    kind: fill.execKind,
    symbol: fill.symbol,
    side: fill.side,
    price: fill.priceText,
    qty: fill.qtyText,
    notionalUsdt: fixedToText(fill.value),
    feeUsdt: fixedToText(fill.fee),
    fundingUsdt: fixedToText(fill.funding),
    realisedUsdt: fixedToText(fill.realisedPnl),
    netUsdt: fixedToText(netOfFill(fill)),
    isMaker: fill.isMaker,
    orderId: fill.venueOrderId,
    clientId: fill.clientId,
    strategy: fill.strategy,
    venueAt: isoOf(fill.venueAtMs),
    venueAtMs: fill.venueAtMs,
  };
}

export function positionRow(row: PositionAudit) {
  return {
    symbol: row.symbol,
    side: row.side,
    qty: row.qtyText,
    entryPrice: row.entryPriceText,
    markPrice: row.markText,
    stopLossPrice: row.stopLossText,
    notionalUsdt: row.notionalText,
    unrealisedUsdt: row.unrealisedText,
    realisedUsdt: row.realisedText,
    feeUsdt: row.feesText,
    fundingUsdt: row.fundingText,
    netRealisedUsdt: netRealisedText(row),
    updatedAt: isoOf(row.updatedAtMs),
    updatedAtMs: row.updatedAtMs,
  };
}

export function orderRow(row: OrderAudit) {
  return {
    clientId: row.clientId,
    orderId: row.venueOrderId,
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    timeInForce: row.timeInForce,
    price: row.priceText,
    qty: row.qtyText,
    filledQty: row.filledText,
    stopLossPrice: row.stopLossText,
    state: row.state,
    purpose: row.purpose,
    strategy: row.strategy,
    reason: row.reason,
    reduceOnly: row.reduceOnly,
    detail: row.detail,
    createdAt: isoOf(row.createdAtMs),
    createdAtMs: row.createdAtMs,
    updatedAt: isoOf(row.updatedAtMs),
    updatedAtMs: row.updatedAtMs,
  };
}

export function accountRow({ account, trading, counters, feeds, seq, atMs }: MonitorView) {
  return {
    account: account.accountKey,
    equityUsdt: account.equityText,
    availableUsdt: account.availableText,
    realisedUsdt: account.realisedText,
    feeUsdt: account.feesText,
    fundingUsdt: account.fundingText,
    netRealisedUsdt: netRealisedText(account),
    unrealisedUsdt: account.unrealisedText,
    exposureUsdt: account.exposureUsdt,
    dayLossUsdt: account.dayLossUsdt,
    todayUsdt: account.todayText,
    fillCount: account.fillCount,
    limits: account.limits,
    trading,
    counters,
    feeds,
    seq,
    at: isoOf(atMs),
    atMs,
  };
}

export function strategyRow(row: StrategyAudit) {
  return {
    name: row.name,
    title: row.title,
    symbols: row.symbols,
    openPositions: row.openPositions,
    fillCount: row.fillCount,
    realisedUsdt: row.realisedText,
    feeUsdt: row.feesText,
    fundingUsdt: row.fundingText,
    netRealisedUsdt: netRealisedText(row),
    unrealisedUsdt: row.unrealisedText,
  };
}

export function universeRow(view: MonitorView) {
  const { counts, active, next, parameters, updatedAtMs } = view.universe;
  return {
    counts,
    total: view.symbols.size,
    active,
    next,
    changes: view.universeChanges.map(changeRow),
    parameters: parameters ?? {},
    updatedAt: isoOf(updatedAtMs),
    updatedAtMs,
  };
}

export function storageRow(report: StorageReport) {
  return { ...report, checkedAt: isoOf(report.checkedAtMs) };
}

export function healthRow(report: HealthReport) {
  return {
    ...report,
    services: report.services.map((row) => ({ ...row, lastOkAt: isoOf(row.lastOkAtMs) })),
    checkedAt: isoOf(report.checkedAtMs),
  };
}
