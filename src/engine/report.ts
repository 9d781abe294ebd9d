/**
 * What leaves the engine about itself: order rows into the journal, and audit ticks.
 *
 * Account changes leave with the event that caused them. Market rows wait, conflated, for the audit
 * timer, which takes the longest waiting first and at most a named number.
 */

import type { Order } from "../domain/order.ts";
import type { SymbolId } from "../domain/units.ts";
import type { OrderRow } from "../orders/table.ts";
import type { AuditTick, OrderAudit, PositionAudit, SymbolAudit } from "./audit.ts";
import {
  accountRow,
  countersRow,
  orderRow,
  positionRow,
  symbolRow,
  universeRow,
} from "./audit-rows.ts";
import { tradingOf } from "./control.ts";
import { AUDIT_ROWS_MAX } from "./schedule.ts";
import type { EngineState } from "./state.ts";

/** Journals changed orders and sends a tick with everything of the account that changed. */
export function flushAccount(state: EngineState, atMs: number): void {
  emit(state, { ...frameOf(state, atMs), ...accountPart(state, atMs) });
}

/** The periodic tick: market rows, open positions at their marks, counters. */
export function flushAudit(state: EngineState, atMs: number): void {
  const ids = state.columns.takeDirty(AUDIT_ROWS_MAX);
  const symbols: SymbolAudit[] = ids.map((id) => symbolRow(state, id, atMs));
  for (const { symbolId, steps } of state.ledger.positions.values()) {
    if (steps !== 0) state.pending.positions.add(symbolId);
  }
  emit(state, {
    ...frameOf(state, atMs),
    ...accountPart(state, atMs),
    symbols,
    counters: countersRow(state, atMs),
  });
}

function emit(state: EngineState, tick: AuditTick): void {
  state.auditSeq = tick.seq;
  state.outbox.push({ kind: "audit", tick });
}

function frameOf(state: EngineState, atMs: number): AuditTick {
  return { seq: state.auditSeq + 1, atMs, trading: tradingOf(state) };
}

/** Takes what is pending; parts that did not change are left out. */
function accountPart(state: EngineState, atMs: number): Partial<AuditTick> {
  const { pending } = state;
  const orders = takeOrders(state, atMs);
  const positions = takePositions(state);
  const part: Partial<AuditTick> = {
    feeds: { ...state.control.feeds },
    account: accountRow(state),
    ...(pending.instruments !== null && { instruments: pending.instruments }),
    ...(pending.universe && { universe: universeRow(state) }),
    ...(pending.profiles && { profiles: state.universe.profiles() }),
    ...(pending.fills.length > 0 && { fills: pending.fills }),
    ...(pending.denials.length > 0 && { denials: pending.denials }),
    ...(orders.length > 0 && { orders }),
    ...(positions.length > 0 && { positions }),
  };
  pending.due = false;
  pending.instruments = null;
  pending.universe = false;
  pending.profiles = false;
  pending.fills = [];
  pending.denials = [];
  return part;
}

function takeOrders(state: EngineState, atMs: number): OrderAudit[] {
  const rows: OrderAudit[] = [];
  for (const row of state.orders.changed) {
    const entry = { kind: "order", order: orderCopy(row), atMs } as const;
    state.outbox.push({ kind: "journal", entry });
    rows.push(orderRow(state, row));
  }
  state.orders.changed.clear();
  return rows;
}

function takePositions(state: EngineState): PositionAudit[] {
  const rows: PositionAudit[] = [];
  for (const id of [...state.pending.positions].sort(byId)) {
    const position = state.ledger.positions.get(id);
    if (position !== undefined) rows.push(positionRow(state, position));
  }
  state.pending.positions.clear();
  return rows;
}

/** The row goes on changing; the record gets what it is now. */
function orderCopy(row: OrderRow): Order {
  const { clientId, intent, state, venueOrderId, filledSteps, detail, createdAtMs, updatedAtMs } =
    row;
  return {
    clientId,
    intent,
    state,
    venueOrderId,
    filledSteps,
    detail,
    createdAtMs,
    updatedAtMs,
  };
}

function byId(left: SymbolId, right: SymbolId): number {
  return left - right;
}
