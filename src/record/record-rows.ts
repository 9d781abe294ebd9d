/**
 * Ledger objects to rows and back. Money crosses as exact decimal text, quantities as whole steps.
 */

import type { DenyReason } from "../domain/deny.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../domain/units.ts";
import type {
  DenialAudit,
  EquityPoint,
  Incident,
  Intervention,
  OrderAudit,
} from "../engine/audit.ts";
import { must } from "../kernel/assert.ts";
import { type Fixed, fixedToText, parseFixed } from "../kernel/fixed.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type {
  denials,
  equityPoints,
  incidents,
  interventions,
  orders,
  symbolProfiles,
  trades,
} from "../store/schema.ts";
import type { SymbolProfile } from "../universe/profile.ts";

export type TradeRow = typeof trades.$inferSelect;
export type NewTradeRow = Omit<TradeRow, "id">;
type InterventionRow = typeof interventions.$inferSelect;
export type NewInterventionRow = Omit<InterventionRow, "id">;
export type NewIncidentRow = Omit<typeof incidents.$inferSelect, "id">;
export type EquityRow = typeof equityPoints.$inferSelect;
export type NewOrderRow = Omit<typeof orders.$inferSelect, "id">;
export type NewDenialRow = Omit<typeof denials.$inferSelect, "id">;
export type ProfileRow = typeof symbolProfiles.$inferSelect;

/** The columns of a {@link TradeRow}, as raw SQL names them of a table `trades AS t`. */
export const TRADE_COLUMNS =
  "t.id, t.exec_id AS execId, t.exec_kind AS execKind, t.run_id AS runId, " +
  "t.account_key AS accountKey, t.is_ours AS isOurs, t.symbol_id AS symbolId, t.symbol, " +
  "t.venue_order_id AS venueOrderId, t.client_id AS clientId, t.strategy, t.side, " +
  "t.price_ticks AS priceTicks, t.qty_steps AS qtySteps, t.price_text AS priceText, " +
  "t.qty_text AS qtyText, t.value, t.fee, t.funding, t.realised_pnl AS realisedPnl, " +
  "t.position_steps AS positionSteps, t.is_maker AS isMaker, t.venue_at_ms AS venueAtMs, " +
  "t.at_ms AS atMs";

/** Which start wrote a row, and of which account it tells. */
interface RowOwner {
  readonly runId: string;
  readonly accountKey: string;
}

export function tradeRowOf(fill: LedgerFill, owner: RowOwner, isOurs: boolean): NewTradeRow {
  return {
    ...fill,
    ...owner,
    isOurs,
    value: fixedToText(fill.value),
    fee: fixedToText(fill.fee),
    funding: fixedToText(fill.funding),
    realisedPnl: fixedToText(fill.realisedPnl),
  };
}

/** The fill as it was booked. Its `symbolId` is that of the run which wrote it: go by `symbol`. */
export function fillOf(row: TradeRow): LedgerFill & { readonly id: number } {
  const { runId: _run, accountKey: _account, isOurs: _ours, ...fill } = row;
  return {
    ...fill,
    execId: asExecId(row.execId),
    venueOrderId: asVenueOrderId(row.venueOrderId),
    clientId: asClientOrderId(row.clientId),
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

export function orderRowOf(order: OrderAudit, owner: RowOwner, life: string): NewOrderRow {
  return {
    clientId: order.clientId,
    ...owner,
    symbol: order.symbol,
    venueOrderId: order.venueOrderId === "" ? null : order.venueOrderId,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    priceTicks: order.priceTicks,
    qtySteps: order.qtySteps,
    filledSteps: order.filledSteps,
    stopLossTicks: order.stopLossTicks,
    reduceOnly: order.reduceOnly,
    purpose: order.purpose,
    strategy: order.strategy,
    state: order.state,
    detail: order.detail,
    reason: order.reason,
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    priceText: order.priceText,
    qtyText: order.qtyText,
    filledText: order.filledText,
    stopLossText: order.stopLossText,
    life,
  };
}

export function denialRowOf(denial: DenialAudit, owner: RowOwner): NewDenialRow {
  const { atMs, symbol, side, purpose, strategy, reason, times = 1 } = denial;
  const text = JSON.stringify(reason);
  const { code } = reason;
  return { atMs, ...owner, symbol, side, purpose, strategy, code, reason: text, times };
}

export function interventionRowOf(told: Intervention, owner: RowOwner): NewInterventionRow {
  const { id: interventionId, ...rest } = told;
  return { interventionId, ...owner, ...rest };
}

export function interventionOf(row: InterventionRow): Intervention {
  const { id: _row, interventionId: id, runId: _run, accountKey: _account, ...rest } = row;
  return { id, ...rest };
}

/** What the blotter's thread answers is what it was asked for: both ends are of one build. */
export function answerOf<Value>(answer: unknown): Value {
  return answer as Value;
}

/** As {@link denialRowOf} wrote it. */
export function denyReasonOf(text: string): DenyReason {
  return JSON.parse(text) as DenyReason;
}

export function incidentRowOf(told: Incident, runId: string): NewIncidentRow {
  const { id: incidentId, ...rest } = told;
  return { incidentId, runId, ...rest };
}

export function equityRowOf(point: EquityPoint, owner: RowOwner): EquityRow {
  const { atMs, equityText, unrealisedText, feesText, exposureUsdt } = point;
  const money = { equity: equityText, unrealised: unrealisedText, fees: feesText };
  return { atMs, ...owner, ...money, exposureUsdt };
}

/** Statistics may be infinite or undefined before there is data; the table takes numbers only. */
export function profileRowOf(profile: SymbolProfile, profileKey: string): ProfileRow {
  return {
    ...profile,
    accountKey: profileKey,
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
