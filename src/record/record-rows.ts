/**
 * Ledger objects to rows and back. Money crosses as exact decimal text, quantities as whole steps.
 */

import type { DenyReason } from "../domain/deny.ts";
import type { Order, OrderIntent } from "../domain/order.ts";
import type { PriceTicks, QtySteps, SymbolId } from "../domain/units.ts";
import { must } from "../kernel/assert.ts";
import { type Fixed, fixedToText, parseFixed } from "../kernel/fixed.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { denials, orders, symbolProfiles, trades } from "../store/schema.ts";
import type { SymbolProfile } from "../universe/profile.ts";

type TradeRow = typeof trades.$inferSelect;
export type NewTradeRow = Omit<TradeRow, "id">;
export type NewOrderRow = Omit<typeof orders.$inferSelect, "id">;
export type NewDenialRow = Omit<typeof denials.$inferSelect, "id">;
export type ProfileRow = typeof symbolProfiles.$inferSelect;

export function tradeRowOf(fill: LedgerFill, runId: string): NewTradeRow {
  return {
    ...fill,
    runId,
    value: fixedToText(fill.value),
    fee: fixedToText(fill.fee),
    funding: fixedToText(fill.funding),
    realisedPnl: fixedToText(fill.realisedPnl),
  };
}

/** The fill as it was booked. Its `symbolId` is that of the run which wrote it: go by `symbol`. */
export function fillOf(row: TradeRow): LedgerFill & { readonly id: number } {
  const { runId: _runId, ...fill } = row;
  return {
    ...fill,
    symbolId: row.symbolId as SymbolId,
    priceTicks: row.priceTicks as PriceTicks,
    qtySteps: row.qtySteps as QtySteps,
    value: moneyOf(row.value),
    fee: moneyOf(row.fee),
    funding: moneyOf(row.funding),
    realisedPnl: moneyOf(row.realisedPnl),
  };
}

export function moneyOf(text: string): Fixed {
  return must(parseFixed(text), `the ledger holds plain decimals, found "${text}"`);
}

export interface RowContext {
  readonly runId: string;
  readonly symbolOf: (symbolId: SymbolId) => string;
}

/** A copy of the order as it is now: the order itself goes on changing. */
export function orderRowOf(order: Order, context: RowContext): NewOrderRow {
  const { intent } = order;
  return {
    clientId: order.clientId,
    runId: context.runId,
    symbol: context.symbolOf(intent.symbolId),
    venueOrderId: order.venueOrderId,
    side: intent.side,
    type: intent.type,
    timeInForce: intent.timeInForce,
    priceTicks: intent.priceTicks,
    qtySteps: intent.qtySteps,
    filledSteps: order.filledSteps,
    stopLossTicks: intent.stopLossTicks,
    reduceOnly: intent.reduceOnly,
    purpose: intent.purpose,
    strategy: intent.strategy,
    state: order.state,
    detail: order.detail,
    reason: intent.reason,
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
  };
}

interface Denied {
  readonly intent: OrderIntent;
  readonly reason: DenyReason;
  readonly atMs: number;
}

export function denialRowOf(denied: Denied, context: RowContext): NewDenialRow {
  return {
    atMs: denied.atMs,
    runId: context.runId,
    symbol: context.symbolOf(denied.intent.symbolId),
    side: denied.intent.side,
    purpose: denied.intent.purpose,
    strategy: denied.intent.strategy,
    code: denied.reason.code,
    reason: JSON.stringify(denied.reason),
  };
}

/** Statistics may be infinite or undefined before there is data; the table takes numbers only. */
export function profileRowOf(profile: SymbolProfile): ProfileRow {
  return {
    ...profile,
    spreadBps: finite(profile.spreadBps),
    volatilityBps1m: finite(profile.volatilityBps1m),
    tradesPerMin: finite(profile.tradesPerMin),
    turnover24hUsdt: finite(profile.turnover24hUsdt),
    topDepthUsdt: finite(profile.topDepthUsdt),
    netPnlUsdt: finite(profile.netPnlUsdt),
    score: finite(profile.score),
    samples: Math.trunc(finite(profile.samples)),
  };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
