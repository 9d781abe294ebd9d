/**
 * Compares what we believe with what the venue holds: at start-up, after a lost feed, and now and
 * then.
 *
 * The first snapshot is taken as the truth: its positions are adopted and protected, those that are
 * provably a strategy's are its again, and orders that an earlier run left behind are cancelled.
 * Later snapshots are checks: their executions fill gaps, missing orders are asked about, and a
 * size that differs twice in a row with no fill between is taken over, with an error in the log and
 * a row in the record.
 */
import type {
  AccountSnapshot,
  ExecutionReport,
  OrderReport,
  PositionReport,
} from "../domain/event.ts";
import { isLive } from "../domain/order.ts";
import { NO_CLIENT_ID, type SymbolId } from "../domain/units.ts";
import { makerOfPosition } from "../orders/provenance.ts";
import type { Position } from "../portfolio/position.ts";
import { netOf } from "../portfolio/stored-book.ts";
import { absorbExecution, absorbWallet, ask, bookEarly, record } from "./absorb-account.ts";
import { sumsNow } from "./book-after.ts";
import { settleChangedGrids } from "./changed-grid.ts";
import {
  becomeReadyIfComplete,
  dueLive,
  goOnFlattening,
  halt,
  requestReconcile,
} from "./control.ts";
import { beginDay, dayNow, markOf, refreshDayLoss } from "./day.ts";
import { proveFlat } from "./flatness.ts";
import { catchUp } from "./from-record.ts";
import { PROGRAM, tellOwnHalt } from "./interventions.ts";
import { refreshLosses } from "./loss-keeping.ts";
import { compareNeighbours, isHandsOff } from "./neighbours.ts";
import { proveClosed } from "./operator-commands.ts";
import { goOnBooking } from "./restore-book.ts";
import { shareSymbols } from "./share.ts";
import { isStandIn } from "./stand-in.ts";
import type {
  AccountPart,
  BookingPart,
  ControlPart,
  CorePart,
  EffectsPart,
  MarketPart,
  MoneyPart,
  OrdersPart,
  PositionsPart,
  ReportPart,
  TenancyPart,
  TradingPart,
  WatchPart,
} from "./state-parts.ts";
import { protect } from "./stops.ts";
import { compareStrangers } from "./stranger-orders.ts";
import { askForTerms } from "./terms-keeping.ts";
import { noteUnreadable, unreadPositions } from "./unreadable.ts";

/** Stands for "adopted at start-up" and "taken over" in the record. */
const RECOVERY = "recovery";

export function absorbSnapshot(state: CorePart, snapshot: AccountSnapshot, atMs: number): void {
  const { control } = state;
  control.reconcileAtMs = 0;
  if (control.accountKey === "") {
    state.outbox.log("warn", "the record of this account is not open yet: asking again");
    if (control.accountId !== null) {
      state.outbox.push({ kind: "open_account", accountId: control.accountId });
    }
    return;
  }
  if (snapshot.wallet !== null) absorbWallet(state, snapshot.wallet, snapshot.requestedAtMs);
  compareNeighbours(state, snapshot, atMs);
  noteUnreadable(state, snapshot, atMs);
  if (control.isFromRecord) {
    catchUp(state, snapshot, atMs);
    comparePositions(state, snapshot, atMs);
    takeInHand(state, snapshot, atMs);
  } else if (control.recovered) {
    for (const execution of snapshot.executions) absorbExecution(state, execution, atMs);
    comparePositions(state, snapshot, atMs);
  } else {
    takeBookUp(state, snapshot, atMs);
    control.recovered = true;
    bookEarly(state, atMs);
    goOnFlattening(state, atMs);
    shareSymbols(state, atMs);
    askForTerms(state, atMs);
  }
  compareOrders(state, snapshot, atMs);
  compareStrangers(state, snapshot);
  settleChangedGrids(state, snapshot);
  tellWhole(state, snapshot);
  refreshDayLoss(state, atMs);
  refreshLosses(state, atMs);
  noteFreshness(state, snapshot, atMs);
  proveFlat(state, snapshot, atMs);
  proveClosed(state, snapshot, atMs);
  state.pending.due = true;
  dueLive(state);
  becomeReadyIfComplete(state, atMs);
}

/**
 * The first snapshot. An account that the record has booked before is gone on with; what still
 * differs then is looked at twice, as later too. Of any other account the state is taken over as it
 * is: the result counts from here.
 */
function takeBookUp(state: BookingPart, snapshot: AccountSnapshot, atMs: number): void {
  const { bookLeft } = state;
  state.bookLeft = null;
  if (bookLeft !== null) {
    goOnBooking(state, bookLeft, snapshot.executions, atMs);
    comparePositions(state, snapshot, atMs);
    takeInHand(state, snapshot, atMs);
    return;
  }
  for (const execution of snapshot.executions) bookEarlier(state, execution, atMs);
  adoptPositions(state, snapshot, atMs);
  for (const { symbolId, steps } of state.ledger.positions.values()) {
    if (steps !== 0) state.unmarked.add(symbolId);
  }
  beginDay(state, dayNow(state, atMs), { net: netOf(state.carried), isSeen: true });
}

function tellWhole(
  state: PositionsPart & MoneyPart & ReportPart,
  { requestedVenueAtMs, executions }: AccountSnapshot,
): void {
  // The first one ends what is not ours: with all that it lists, also what came while it was read.
  const last = Math.max(0, ...executions.slice(-1).map(({ venueAtMs }) => venueAtMs));
  const wholeUntilVenueAtMs = Math.max(requestedVenueAtMs, last);
  state.pending.facts.push({ kind: "book", wholeUntilVenueAtMs, sums: sumsNow(state) });
}

/** A snapshot asked for before the private feed came up may have missed what happened between. */
function noteFreshness(
  state: TradingPart & EffectsPart,
  snapshot: AccountSnapshot,
  atMs: number,
): void {
  const feed = state.control.feeds.private;
  if (feed?.up !== true) return;
  if (snapshot.requestedAtMs >= feed.atMs) state.control.accountFresh = true;
  else if (!state.control.accountFresh) requestReconcile(state, "reconnected", atMs);
}

/**
 * Executions from before the first start. Those of earlier runs are for the record, which knows
 * most of them. A stranger's are nobody's here: the position before them is not known, and so
 * neither is their profit, and fees without it would be half a truth.
 */
function bookEarlier(
  state: MarketPart & TenancyPart & PositionsPart & ReportPart,
  report: ExecutionReport,
  atMs: number,
): void {
  const strategy = state.tenancy.clientIds.nameIn(report.clientId);
  if (strategy === null) {
    state.ledger.passOver(report.execId);
    return;
  }
  const { clientId, symbolId } = report;
  const instrument = state.market.instrument(symbolId);
  const fill = state.ledger.bookEarlier(report, { instrument, clientId, strategy, atMs });
  if (fill !== null) state.pending.facts.push({ kind: "fill", fill, isEarlier: true });
}

function adoptPositions(
  state: ControlPart & MarketPart & TenancyPart & MoneyPart,
  snapshot: AccountSnapshot,
  atMs: number,
): void {
  for (const report of venuePositions(state, snapshot)) {
    takeOver(state, report, atMs);
    const position = state.ledger.position(report.symbolId);
    if (position.steps === 0) continue;
    const { symbol } = state.market.instrument(report.symbolId);
    const stop = position.stopLossTicks === null ? "no stop" : "a stop";
    state.outbox.log("warn", `adopted ${symbol}: ${position.steps} steps with ${stop}`);
    restoreOwner(state, position, snapshot.executions);
    if (isHandsOff(state, report.symbolId)) continue;
    if (position.stopLossTicks === null && state.control.wasArmed) protect(state, position, atMs);
  }
}

/** What was opened while nobody was here has an owner and a stop at once, as what is adopted. */
function takeInHand(
  state: ControlPart & MarketPart & TenancyPart & MoneyPart,
  { executions }: AccountSnapshot,
  atMs: number,
): void {
  for (const position of state.ledger.positions.values()) {
    const { symbolId, steps, stopLossTicks } = position;
    if (steps === 0) continue;
    if (state.tenancy.ownerOf(symbolId) === null) restoreOwner(state, position, executions);
    if (isHandsOff(state, symbolId) || state.mismatches.has(symbolId)) continue;
    if (stopLossTicks === null && state.control.wasArmed) protect(state, position, atMs);
  }
}

/**
 * Gives an adopted position back to the strategy that made it, where the venue's executions prove
 * which one, and it is enabled. Any other is managed by protection alone.
 */
function restoreOwner(
  state: MarketPart & TenancyPart & EffectsPart,
  { symbolId, steps }: Position,
  executions: readonly ExecutionReport[],
): void {
  const { tenancy, outbox } = state;
  const own = executions.filter((execution) => execution.symbolId === symbolId);
  const name = makerOfPosition(steps, own, tenancy.clientIds);
  const tenant = name === null ? null : tenancy.tenantNamed(name);
  const { symbol } = state.market.instrument(symbolId);
  if (tenant === null) {
    outbox.log("warn", `${symbol} is owned by no strategy: protection alone looks after it`);
    return;
  }
  tenancy.ownership.restore(symbolId, tenant.index);
  outbox.log("info", `${symbol} is ${tenant.name}'s again, as the executions prove`);
}

/**
 * Every position that either side knows or that is in question: what the venue does not list is
 * flat there.
 */
function venuePositions(state: PositionsPart, snapshot: AccountSnapshot): PositionReport[] {
  const unreadable = unreadPositions(snapshot);
  const reports = snapshot.positions.filter(({ symbolId }) => !unreadable.has(symbolId));
  const listed = new Set(reports.map((report) => report.symbolId));
  const unlisted = new Set(state.mismatches.keys());
  for (const { symbolId, steps } of state.ledger.positions.values()) {
    if (steps !== 0) unlisted.add(symbolId);
  }
  for (const symbolId of unlisted) {
    if (listed.has(symbolId) || unreadable.has(symbolId)) continue;
    // The venue gives no time for what it does not list: the request's is the closest bound.
    reports.push({
      kind: "position_report",
      symbolId,
      positionSteps: 0,
      entryPriceText: "",
      stopLossTicks: null,
      venueAtMs: snapshot.requestedVenueAtMs,
    });
  }
  return reports;
}

function takeOver(
  state: MarketPart & AccountPart & TenancyPart & MoneyPart & WatchPart & ReportPart,
  report: PositionReport,
  atMs: number,
): void {
  const before = state.ledger.stepsOf(report.symbolId);
  const instrument = state.market.instrument(report.symbolId);
  const mark = markOf(state, state.ledger.position(report.symbolId));
  const booking = { instrument, clientId: NO_CLIENT_ID, strategy: RECOVERY, atMs };
  const row = state.ledger.adjust(report, booking, mark);
  state.mismatches.delete(report.symbolId);
  state.orders.stopAwaiting(report.symbolId);
  if (before !== report.positionSteps) record(state, row);
}

function comparePositions(
  state: ControlPart & MarketPart & TenancyPart & MoneyPart,
  snapshot: AccountSnapshot,
  atMs: number,
): void {
  for (const report of venuePositions(state, snapshot)) {
    const { symbolId, positionSteps: venueSteps } = report;
    const position = state.ledger.position(symbolId);
    if (venueSteps === position.steps) {
      state.mismatches.delete(symbolId);
      position.stopLossTicks = venueSteps === 0 ? null : report.stopLossTicks;
      continue;
    }
    // Fills that came after the request may be missing in the answer.
    if (position.lastFillAtMs >= snapshot.requestedAtMs) continue;
    const data = differenceOf(state, symbolId, venueSteps);
    const mismatch = state.mismatches.get(symbolId);
    const confirmed =
      mismatch?.venueSteps === venueSteps && mismatch.sinceMs >= position.lastFillAtMs;
    if (confirmed) {
      state.outbox.log("error", "position differs from the venue's: taking the venue's over", data);
      takeOver(state, report, atMs);
      haltOnDifference(state, symbolId, atMs);
    } else {
      const next = "blocking entries and asking again";
      state.outbox.log("error", `position differs from the venue's: ${next}`, data);
      state.mismatches.set(symbolId, { venueSteps, sinceMs: atMs });
    }
  }
}

/** With real money a position that nobody can explain is a reason for a person to look first. */
function haltOnDifference(state: ControlPart & MarketPart, id: SymbolId, atMs: number): void {
  if (state.options.autoTrade || !state.control.armed) return;
  const { symbol } = state.market.instrument(id);
  const why = `the position of ${symbol} was not what our fills say`;
  const reason = `${why}; the venue's size was taken over`;
  tellOwnHalt(state, "difference", { reason, atMs });
  halt(state, reason, { by: PROGRAM, cause: "difference" });
}

function differenceOf(state: MarketPart & PositionsPart, id: SymbolId, venueSteps: number) {
  const { symbol } = state.market.instrument(id);
  return { symbol, ourSteps: state.ledger.stepsOf(id), venueSteps };
}

function compareOrders(
  state: MarketPart & TenancyPart & OrdersPart & PositionsPart & EffectsPart,
  snapshot: AccountSnapshot,
  atMs: number,
): void {
  const atVenue = new Set<string>();
  for (const report of snapshot.openOrders) {
    const row = state.orders.find(report.clientId, report.venueOrderId);
    if (row === undefined) cancelOrphan(state, report);
    else {
      atVenue.add(row.clientId);
      state.orders.onReport(row, report, atMs);
    }
  }
  for (const row of state.orders.all()) {
    if (!isLive(row.state) || atVenue.has(row.clientId)) continue;
    if (row.updatedAtMs < snapshot.requestedAtMs) ask(state, row, atMs);
  }
}

/**
 * An order of our form that is not in the table was left by an earlier run. Others are not ours.
 */
function cancelOrphan(
  state: MarketPart & TenancyPart & PositionsPart & EffectsPart,
  report: OrderReport,
): void {
  if (state.tenancy.clientIds.nameIn(report.clientId) === null) return;
  if (isStandIn(state, report.clientId)) return;
  const { symbolId, venueOrderId, clientId } = report;
  const { symbol } = state.market.instrument(symbolId);
  state.outbox.log("warn", `cancelling order ${clientId} on ${symbol}: left by an earlier run`);
  state.outbox.push({ kind: "cancel_orphan", symbolId, venueOrderId });
}
