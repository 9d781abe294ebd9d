/** The engine's own timers: each sets itself again when it fires. */
import { isLive } from "../domain/order.ts";
import { asSymbolId } from "../domain/units.ts";
import { bookAgeMs } from "../market/staleness.ts";
import { isLostExit } from "../orders/exit-doubt.ts";
import type { OrderRow } from "../orders/table.ts";
import { ask } from "./absorb-account.ts";
import { askForBars, onClock } from "./bar-keeping.ts";
import { onBookFault } from "./book-faults.ts";
import { chaseChangedGrids } from "./changed-grid.ts";
import {
  cancelAgain,
  dueLive,
  finishFlatten,
  HURRY_TIMER,
  halt,
  hurryFlatten,
  requestReconcile,
} from "./control.ts";
import { refreshDayLoss } from "./day.ts";
import { goOnFromRecord } from "./from-record.ts";
import { asOf, PROGRAM, tellOwnHalt } from "./interventions.ts";
import { dayLossReason } from "./limits-now.ts";
import { refreshLosses, stopOnDrawdown } from "./loss-keeping.ts";
import { MARKS_TIMER, onMarksTimer } from "./mark-keeping.ts";
import { chaseTakeOver } from "./neighbours.ts";
import { followCommands } from "./operator-commands.ts";
import { flushAudit } from "./report.ts";
import { sampleReturns } from "./returns-keeping.ts";
import {
  ASK_EVERY_MS,
  AUDIT_EVERY_MS,
  AWAIT_FILL_MS,
  BOOK_SILENCE_MS,
  CANCEL_SILENCE_MS,
  CLOCK_EVERY_MS,
  FAULT_LOGS_MAX,
  HOUSEKEEPING_EVERY_MS,
  IOC_SILENCE_MS,
  MISMATCH_MS,
  PROFILE_EVERY_MS,
  RECONCILE_EVERY_MS,
  RECONCILE_SILENCE_MS,
  RESUBSCRIBE_EVERY_MS,
  RESUBSCRIBE_MAX,
  SUBMIT_SILENCE_MS,
  UNIVERSE_FIRST_MS,
  UNIVERSE_SLICE,
} from "./schedule.ts";
import { shareSymbols } from "./share.ts";
import type {
  ControlPart,
  CorePart,
  EffectsPart,
  MarketPart,
  MoneyPart,
  OrdersPart,
  ReportPart,
  TenancyPart,
  TickPart,
  TradingPart,
  WatchPart,
} from "./state-parts.ts";
import { checkStops } from "./stops.ts";
import { askForTerms } from "./terms-keeping.ts";
import { beginRound, lookOn, SLICE_TIMER } from "./universe-keeping.ts";
import { chaseWallet } from "./wallet-check.ts";

/** Sets every timer for the first time. */
export function startTimers(state: MarketPart & TenancyPart & EffectsPart, atMs: number): void {
  setTimer(state, "audit", atMs + AUDIT_EVERY_MS);
  setTimer(state, "universe", atMs + UNIVERSE_FIRST_MS);
  setTimer(state, "reconcile", atMs + RECONCILE_EVERY_MS);
  setTimer(state, "housekeeping", atMs + HOUSEKEEPING_EVERY_MS);
  setTimer(state, "profile", atMs + PROFILE_EVERY_MS);
  const { bars, features } = state;
  if (bars.spans.length > 0 || features.needsClock) {
    setTimer(state, "clock", atMs + CLOCK_EVERY_MS);
  }
  for (const { name, everyMs } of state.tenancy.timers) setTimer(state, name, atMs + everyMs);
}

/** A timer came back. Names that are not ours are logged and forgotten. */
export function onTimer(state: CorePart & TickPart, name: string, atMs: number): void {
  switch (name) {
    case "audit":
      setTimer(state, name, atMs + AUDIT_EVERY_MS);
      flushAudit(state, atMs);
      break;
    case HURRY_TIMER:
      hurryFlatten(state, atMs);
      break;
    case "universe":
      beginRound(state, atMs);
      break;
    case SLICE_TIMER:
      lookOn(state, UNIVERSE_SLICE, atMs);
      break;
    case "reconcile":
      setTimer(state, name, atMs + RECONCILE_EVERY_MS);
      if (state.control.feeds.private?.up === true) requestReconcile(state, "periodic", atMs);
      break;
    case "housekeeping":
      setTimer(state, name, atMs + HOUSEKEEPING_EVERY_MS);
      housekeep(state, atMs);
      break;
    case "clock":
      setTimer(state, name, atMs + CLOCK_EVERY_MS);
      onClock(state, atMs);
      break;
    case MARKS_TIMER:
      onMarksTimer(state, atMs);
      break;
    case "profile":
      setTimer(state, name, atMs + PROFILE_EVERY_MS);
      state.pending.profiles = "sampled";
      state.pending.hours = state.universe.takeHours(atMs);
      state.pending.due = true;
      break;
    default:
      if (onStrategyTimer(state, name, atMs)) break;
      state.outbox.log("warn", `a timer named "${name}" fired that the engine never set`);
  }
}

/** A strategy's own timer decides its symbols. False when none has that name. */
function onStrategyTimer(
  state: TenancyPart & WatchPart & EffectsPart,
  name: string,
  atMs: number,
): boolean {
  const timer = state.tenancy.timers.find((candidate) => candidate.name === name);
  if (timer === undefined) return false;
  setTimer(state, name, atMs + timer.everyMs);
  for (const id of state.tenancy.ownership.symbolsOf(timer.tenant.index)) state.due.add(id);
  return true;
}

function setTimer(state: EffectsPart, name: string, dueAtMs: number): void {
  state.outbox.push({ kind: "set_timer", name, dueAtMs });
}

/** Chases what should have happened by now. */
function housekeep(state: CorePart, atMs: number): void {
  goOnFromRecord(state, atMs);
  refreshDayLoss(state, atMs);
  refreshLosses(state, atMs);
  sampleReturns(state, atMs);
  stopOnDailyLoss(state, atMs);
  stopOnDrawdown(state, atMs);
  state.market.settle(atMs);
  checkOrders(state, atMs);
  checkAccount(state, atMs);
  askForTerms(state, atMs);
  checkStops(state, atMs);
  summariseFaults(state);
  askForABook(state, atMs);
  checkBooks(state, atMs);
  askForBars(state, atMs);
  state.orders.prune(atMs);
  shareSymbols(state, atMs);
  for (const id of state.universe.active()) state.due.add(id);
  dueLive(state);
  finishFlatten(state, atMs);
  chaseWallet(state, atMs);
  followCommands(state, atMs);
}

/** A lost day halts: the loss gate alone would let trading start again on a bounce. */
function stopOnDailyLoss(state: ControlPart & MoneyPart, atMs: number): void {
  const reason = state.control.armed ? dayLossReason(state) : null;
  if (reason === null) return;
  state.outbox.log("error", `trading halted: ${reason}; exits stay, an operator must resume`);
  tellOwnHalt(state, "daily_loss", { reason, atMs });
  halt(state, `${reason} (${asOf(atMs)})`, { by: PROGRAM, cause: "daily_loss" });
}

function checkOrders(
  state: OrdersPart & TradingPart & EffectsPart & ReportPart,
  atMs: number,
): void {
  for (const row of state.orders.all()) {
    if (isLostExit(row, atMs)) state.orders.giveUp(row, atMs);
  }
  // Questions go by REST: while it is down they would only fill the log. Cancels have a socket.
  if (state.control.feeds.rest?.up === false) {
    cancelAgain(state, atMs, CANCEL_SILENCE_MS);
    return;
  }
  for (const row of state.orders.all()) {
    if (!isLive(row.state) || !isSilent(row, atMs)) continue;
    if (state.orders.onSilence(row, atMs)) state.counters.ordersUnknown++;
    ask(state, row, atMs);
  }
}

/** Whether an order has been without the news it should have had, and was not just asked about. */
function isSilent(row: OrderRow, atMs: number): boolean {
  if (atMs - row.askedAtMs < ASK_EVERY_MS) return false;
  switch (row.state) {
    case "submitting":
      return atMs - row.createdAtMs >= SUBMIT_SILENCE_MS;
    case "amending":
      return atMs - row.termsAtMs >= CANCEL_SILENCE_MS;
    case "cancelling":
      return atMs - row.cancelAtMs >= CANCEL_SILENCE_MS;
    case "unknown":
      return true;
    default:
      return row.intent.timeInForce === "ioc" && atMs - row.createdAtMs >= IOC_SILENCE_MS;
  }
}

function checkAccount(state: MarketPart & ControlPart, atMs: number): void {
  const { control } = state;
  if (control.feeds.private?.up !== true) return;
  if (!control.accountFresh || !control.recovered || control.isFromRecord) {
    const isOut = control.reconcileAtMs > 0 && atMs - control.reconcileAtMs < RECONCILE_SILENCE_MS;
    if (!isOut) requestReconcile(state, control.recovered ? "reconnected" : "start-up", atMs);
    return;
  }
  for (const [id, mismatch] of state.mismatches) {
    if (atMs - mismatch.sinceMs < MISMATCH_MS) continue;
    const { symbol } = state.market.instrument(id);
    requestReconcile(state, `position of ${symbol} differs`, atMs);
    return;
  }
  for (const id of state.orders.awaitingBefore(atMs - AWAIT_FILL_MS)) {
    const { symbol } = state.market.instrument(id);
    requestReconcile(state, `executions of ${symbol} did not come`, atMs);
    return;
  }
  chaseChangedGrids(state, atMs);
  chaseTakeOver(state, atMs);
}

/** One book a second: 611 pass in about ten minutes, at a small part of a venue's budget. */
function askForABook(
  { control, market, outbox }: MarketPart & TradingPart & EffectsPart,
  atMs: number,
): void {
  if (control.feeds.market?.up !== true || control.feeds.rest?.up === false) return;
  const symbolId = market.nextToCheck(atMs);
  if (symbolId !== null) outbox.push({ kind: "check_book", symbolId });
}

function summariseFaults(state: EffectsPart & ReportPart): void {
  const more = state.counters.recentFaults - FAULT_LOGS_MAX;
  state.counters.recentFaults = 0;
  if (more > 0) state.outbox.log("warn", `${more} more books quarantined; subscribing again`);
}

/** Silent live books are quarantined; quarantined ones without a snapshot are subscribed again. */
function checkBooks(
  state: MarketPart & TradingPart & WatchPart & EffectsPart & ReportPart,
  atMs: number,
): void {
  if (state.control.feeds.market?.up !== true) return;
  let room = RESUBSCRIBE_MAX;
  for (let index = 0; index < state.market.size && room > 0; index++) {
    const id = asSymbolId(index);
    const book = state.market.book(id);
    const asked = state.columns.resubscribedAtMs[id] ?? 0;
    if (book.state === "live" && bookAgeMs(book, atMs) > BOOK_SILENCE_MS) {
      const fault = `silent for more than ${BOOK_SILENCE_MS} ms`;
      state.market.absorb({ kind: "book_fault", symbolId: id, fault }, atMs);
      onBookFault(state, { id, fault, atMs });
      room--;
    } else if (book.state === "quarantined" && !book.isRecovering) {
      if (atMs - asked < RESUBSCRIBE_EVERY_MS) continue;
      onBookFault(state, { id, fault: book.fault, atMs });
      room--;
    }
  }
}
