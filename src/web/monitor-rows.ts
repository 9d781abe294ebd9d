/**
 * The shapes of the monitor API. Prices, quantities and money are decimal text, exact as the venue
 * or the ledger has them; estimates and statistics are numbers, rounded to what they can mean.
 * Times come twice: ISO text in UTC for people, milliseconds for programs.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { OrderAudit, PositionAudit, SymbolAudit } from "../engine/audit.ts";
import { toText } from "../kernel/decimal.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { MonitorView } from "../monitor/view.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { StorageReport } from "../runtime/ports/record.ts";
import type { SymbolProfile } from "../universe/profile.ts";

/** ISO text, or null for a time that is not known. */
function isoOf(atMs: number | null): string | null {
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
    turnover24h: rounded(row.turnover24hUsdt, 2),
    spreadBps: rounded(row.spreadBps, 4),
    volatilityBps: rounded(row.volatilityBps, 4),
    fundingRate: row.fundingRateText,
    nextFundingAtMs: row.nextFundingAtMs,
    bookState: row.bookState,
    bookFault: row.bookFault,
    bookAudit: row.bookAudit,
    updatedAtMs: row.updatedAtMs,
  };
}

export function symbolBasic(instrument: Instrument, row: SymbolAudit | undefined) {
  const steps = (value: number): string => toText(instrument.qty, value);
  return {
    symbol: instrument.symbol,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    status: instrument.status,
    launchTime: isoOf(instrument.launchAtMs),
    tickSize: instrument.price.unitText,
    qtyStep: instrument.qty.unitText,
    minOrderQty: steps(instrument.qtyStepsMin),
    maxOrderQty: steps(instrument.limitQtyStepsMax),
    maxMktOrderQty: steps(instrument.marketQtyStepsMax),
    minNotionalValue: fixedToText(instrument.notionalMin),
    maxLeverage: instrument.leverageMax,
    fundingIntervalMin: instrument.fundingIntervalMin,
    market:
      row === undefined
        ? null
        : {
            ...symbolRow(row),
            imbalance: rounded(row.imbalance, 4),
            microprice: row.micropriceText,
            updatedAt: isoOf(row.updatedAtMs),
          },
  };
}

export function profileRow(profile: SymbolProfile) {
  return {
    ...profile,
    spreadBps: rounded(profile.spreadBps, 4),
    volatilityBps1m: rounded(profile.volatilityBps1m, 4),
    score: rounded(profile.score, 4),
    updatedAt: isoOf(profile.updatedAtMs),
  };
}

/** A symbol that has not been watched yet: zero samples say that the statistics mean nothing. */
export function emptyProfile(symbol: string, row: SymbolAudit | undefined): SymbolProfile {
  return {
    symbol,
    samples: 0,
    spreadBps: Number.NaN,
    volatilityBps1m: Number.NaN,
    tradesPerMin: 0,
    turnover24hUsdt: row?.turnover24hUsdt ?? 0,
    topDepthUsdt: 0,
    fills: 0,
    makerFills: 0,
    netPnlUsdt: 0,
    category: row?.category ?? "",
    score: row?.score ?? 0,
    updatedAtMs: 0,
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
    value: fixedToText(fill.value),
    fee: fixedToText(fill.fee),
    funding: fixedToText(fill.funding),
    realisedPnl: fixedToText(fill.realisedPnl),
    isMaker: fill.isMaker,
    orderId: fill.venueOrderId,
    clientId: fill.clientId,
    strategy: fill.strategy,
    time: isoOf(fill.venueAtMs),
    timeMs: fill.venueAtMs,
  };
}

export function storageRow(report: StorageReport) {
  return { ...report, checkedAtMs: report.checkedAt, checkedAt: isoOf(report.checkedAt) };
}

export function universeRow(view: MonitorView) {
  const { counts, active, parameters, updatedAtMs } = view.universe;
  return {
    counts,
    total: view.symbols.size,
    active,
    parameters: parameters ?? {},
    updatedAt: isoOf(updatedAtMs),
    updatedAtMs,
  };
}

export function positionRow(row: PositionAudit) {
  return { ...row, updatedAt: isoOf(row.updatedAtMs) };
}

export function orderRow(row: OrderAudit) {
  return { ...row, createdAt: isoOf(row.createdAtMs), updatedAt: isoOf(row.updatedAtMs) };
}

export function accountRow(view: MonitorView) {
  return {
    ...view.account,
    trading: view.trading,
    counters: view.counters,
    feeds: view.feeds,
    seq: view.seq,
    at: isoOf(view.atMs),
    atMs: view.atMs,
  };
}
