/**
 * Folds account events in: orders, executions, positions, wallet, and the answers of the order
 * port.
 */

import type { AmendResult } from "../domain/amendment.ts";
import type {
  CancelResult,
  ExecutionReport,
  OrderAnswer,
  OrderReport,
  PositionReport,
  SubmitOutcome,
  SubmitResult,
  WalletReport,
} from "../domain/event.ts";
import { type ClientOrderId, NO_VENUE_ID, type SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import type { OrderRow } from "../orders/table.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import { bookAfter } from "./book-after.ts";
import { requestReconcile } from "./control.ts";
import { refreshDayLoss } from "./day.ts";
import { haltOnForcedClose } from "./forced-close.ts";
import { noteOutcome, refreshLosses } from "./loss-keeping.ts";
import { markFill } from "./mark-keeping.ts";
import { NOTHING_TO_REDUCE_PAUSE_MS } from "./schedule.ts";
import { endStandIn } from "./stand-in.ts";
import type {
  AccountPart,
  BookingPart,
  EffectsPart,
  MarketPart,
  MoneyPart,
  OrdersPart,
  PositionsPart,
  ReportPart,
  TenancyPart,
  TermsPart,
  TradingPart,
  WatchPart,
} from "./state-parts.ts";
import { noteStranger } from "./stranger-orders.ts";
import { noteLiquidation } from "./terms-keeping.ts";
import { noteBooking } from "./wallet-check.ts";

/** A contract that the venue lets nobody trade is tried again after this: each try costs rate. */
const UNTRADABLE_MS = 30_000;

export function absorbOrderReport(
  state: MarketPart & AccountPart & TradingPart & WatchPart & EffectsPart & ReportPart,
  report: OrderReport,
  atMs: number,
): void {
  const row = state.orders.find(report.clientId, report.venueOrderId);
  // Stops held by the exchange and orders placed by hand are not ours to manage.
  if (row === undefined) {
    endStandIn(state, report);
    noteStranger(state, report);
    return;
  }
  state.orders.onReport(row, report, atMs);
  checkOverfill(state, row, atMs);
  touched(state, row);
}

export function absorbSubmitResult(
  state: MarketPart & TenancyPart & TradingPart & OrdersPart & WatchPart & EffectsPart & ReportPart,
  event: SubmitResult,
  atMs: number,
): void {
  const row = state.orders.find(event.clientId, NO_VENUE_ID);
  if (row === undefined) return;
  const { outcome } = event;
  if (outcome.result === "rejected" || outcome.result === "failed") {
    if (outcome.result === "rejected") noteRejection(state, { row, outcome }, atMs);
    pauseEntries(state, row, atMs);
    if (outcome.result === "rejected" && outcome.reason === "instrument") {
      state.columns.untradableUntilMs[row.intent.symbolId] = atMs + UNTRADABLE_MS;
    }
    state.outbox.log("warn", `order ${event.clientId} ${outcome.result}: ${outcome.text}`);
  }
  const followUp = state.orders.onSubmit(row, outcome, atMs);
  if (followUp === "ask") {
    state.counters.ordersUnknown++;
    ask(state, row, atMs);
  }
  touched(state, row);
}

function noteRejection(
  state: MarketPart & TenancyPart & TradingPart & EffectsPart & ReportPart,
  refused: {
    readonly row: OrderRow;
    readonly outcome: Extract<SubmitOutcome, { readonly result: "rejected" }>;
  },
  atMs: number,
): void {
  const { intent } = refused.row;
  state.counters.ordersRejected++;
  const { pauses } = state.tenancy.actorNamed(intent.strategy);
  if (intent.purpose !== "entry" && refused.outcome.reason === "reduce_only") {
    // The venue holds no such position: asking it is worth more than asking for an exit again.
    pauses.set(intent, atMs + NOTHING_TO_REDUCE_PAUSE_MS);
    const { symbol } = state.market.instrument(intent.symbolId);
    requestReconcile(state, `the venue has nothing to reduce in ${symbol}`, atMs);
  }
}

/** What did not get through would not in a moment either, and every try uses an id up. */
function pauseEntries(state: TenancyPart, { intent }: OrderRow, atMs: number): void {
  if (intent.purpose !== "entry") return;
  const { execution, pauses } = state.tenancy.actorNamed(intent.strategy);
  pauses.set(intent, atMs + execution.rejectPauseMs);
}

export function absorbCancelResult(
  state: OrdersPart & WatchPart & EffectsPart,
  event: CancelResult,
  atMs: number,
): void {
  const row = state.orders.find(event.clientId, NO_VENUE_ID);
  if (row === undefined) return;
  if (state.orders.onCancel(row, event.outcome, atMs) === "ask") ask(state, row, atMs);
  touched(state, row);
}

export function absorbAmendResult(
  state: OrdersPart & WatchPart & EffectsPart,
  event: AmendResult,
  atMs: number,
): void {
  const row = state.orders.find(event.clientId, NO_VENUE_ID);
  if (row === undefined) return;
  if (state.orders.onAmend(row, event.outcome, atMs) === "ask") ask(state, row, atMs);
  touched(state, row);
}

export function absorbOrderAnswer(
  state: OrdersPart & WatchPart,
  event: OrderAnswer,
  atMs: number,
): void {
  const row = state.orders.find(event.clientId, event.report?.venueOrderId ?? NO_VENUE_ID);
  if (row === undefined) return;
  // "Never heard of it" may be too early to believe: housekeeping asks again.
  state.orders.onAnswer(row, event.report, atMs);
  touched(state, row);
}

/** A venue that filled more than was asked for is not understood: the account is compared. */
function checkOverfill(
  state: MarketPart & OrdersPart & TradingPart & EffectsPart,
  row: OrderRow,
  atMs: number,
): void {
  const overSteps = state.orders.overfillOf(row);
  if (overSteps === 0) return;
  const { clientId, intent } = row;
  const { symbol } = state.market.instrument(intent.symbolId);
  const data = { symbol, wantedSteps: intent.qtySteps, overSteps };
  state.outbox.log("error", `order ${clientId} was filled beyond its size: comparing`, data);
  requestReconcile(state, `${symbol} was filled beyond its order`, atMs);
}

/** Asks the venue what became of an order. */
export function ask(state: EffectsPart, row: OrderRow, atMs: number): void {
  row.askedAtMs = atMs;
  const { clientId, intent } = row;
  state.outbox.push({ kind: "ask_order", clientId, symbolId: intent.symbolId });
}

/**
 * Takes an execution from the stream. Before the first snapshot there is no book that it could
 * move: it waits. At the limit it is left out: the snapshot lists what is that old.
 */
export function takeExecution(state: BookingPart, report: ExecutionReport, atMs: number): void {
  if (state.control.recovered) absorbExecution(state, report, atMs);
  else if (state.early.length < EARLY_EXECUTIONS_MAX) state.early.push(report);
}

/** Books what came before the first snapshot and was not in it. */
export function bookEarly(state: BookingPart, atMs: number): void {
  assert(state.control.recovered, "the book is taken up");
  for (const report of state.early.splice(0)) absorbExecution(state, report, atMs);
}

/** Minutes of a busy account; a start takes seconds. */
const EARLY_EXECUTIONS_MAX = 5_000;

/** Books an execution once, and moves its order. */
export function absorbExecution(state: BookingPart, report: ExecutionReport, atMs: number): void {
  const row = state.orders.find(report.clientId, report.venueOrderId);
  const clientId = row?.clientId ?? report.clientId;
  const fill = state.ledger.book(report, {
    instrument: state.market.instrument(report.symbolId),
    clientId,
    strategy: bookedTo(state, report.symbolId, clientId),
    atMs,
  });
  if (fill === null) return;
  if (row !== undefined && report.execKind === "trade") {
    state.orders.onExecution(row, report.qtySteps, atMs);
    checkOverfill(state, row, atMs);
  }
  record(state, fill);
  markFill(state, fill, atMs);
  noteOutcome(state, fill);
  haltOnForcedClose(state, fill, atMs);
  if (report.execKind === "trade") {
    state.counters.fills++;
    const netUsdt = fixedToNumber(fill.realisedPnl - fill.fee);
    state.universe.countFill(report.symbolId, { isMaker: fill.isMaker, netUsdt });
    const isFirst = row?.intent.purpose === "entry" && row.executedSteps === report.qtySteps;
    if (isFirst) state.universe.countEntry(report.symbolId, "entriesFilled", atMs);
  }
  settleMismatch(state, report);
  refreshDayLoss(state, atMs);
  refreshLosses(state, atMs);
}

/**
 * Whose line an execution is booked on: that of the symbol's owner, whose position it moves,
 * whoever sent the order; without an owner that of who sent it, and nobody's ("") when we did not.
 */
function bookedTo(state: TenancyPart, id: SymbolId, clientId: ClientOrderId): string {
  const { tenancy } = state;
  return tenancy.ownerOf(id)?.name ?? tenancy.clientIds.nameIn(clientId) ?? "";
}

/** Tells a ledger row. */
export function record(
  state: MarketPart & PositionsPart & TenancyPart & MoneyPart & WatchPart & ReportPart,
  fill: LedgerFill,
): void {
  noteBooking(state, fill);
  const book = bookAfter(state, fill.symbolId);
  state.pending.facts.push({ kind: "fill", fill, isEarlier: false, book });
  state.pending.positions.add(fill.symbolId);
  state.pending.due = true;
  state.due.add(fill.symbolId);
}

/**
 * The venue's own size of one symbol. A difference is a mismatch, not yet the truth: fills and
 * reports cross on the stream. Housekeeping asks for a snapshot when it lasts.
 */
export function absorbPositionReport(
  state: MarketPart & TermsPart & PositionsPart & ReportPart,
  report: PositionReport,
  atMs: number,
): void {
  const { symbolId, positionSteps } = report;
  const position = state.ledger.position(symbolId);
  noteLiquidation(state, report);
  if (positionSteps !== 0) position.stopLossTicks = report.stopLossTicks;
  state.pending.positions.add(symbolId);
  state.pending.due = true;
  if (positionSteps === position.steps) {
    state.mismatches.delete(symbolId);
    return;
  }
  const known = state.mismatches.get(symbolId);
  if (known?.venueSteps === positionSteps) return;
  state.mismatches.set(symbolId, { venueSteps: positionSteps, sinceMs: atMs });
}

export function absorbWallet(
  state: MoneyPart & ReportPart,
  report: WalletReport,
  atMs: number,
): void {
  if (state.wallet !== null && report.venueAtMs < state.wallet.venueAtMs) return;
  state.wallet = report;
  state.walletAtMs = atMs;
  state.pending.due = true;
}

/** The fill that a position report was ahead of has arrived. */
function settleMismatch(state: PositionsPart, report: ExecutionReport): void {
  const mismatch = state.mismatches.get(report.symbolId);
  if (mismatch === undefined) return;
  if (mismatch.venueSteps === state.ledger.stepsOf(report.symbolId)) {
    state.mismatches.delete(report.symbolId);
  }
}

function touched(state: WatchPart, row: OrderRow): void {
  state.due.add(row.intent.symbolId);
}
