/**
 * Folds one stamped event into the state and returns what the world should do about it.
 *
 * Start reading here. Absorbing is unconditional: books, orders and positions are true whether or
 * not we trade. Deciding comes second, for the symbols that the event concerns, and only once the
 * account is known. The step is synchronous and draws on nothing but state, event and stamp, so the
 * same events give the same effects.
 */

import type { PortAnswer, ServiceEvent, Stamp } from "../domain/event.ts";
import { assert, unreachable } from "../kernel/assert.ts";
import {
  absorbAmendResult,
  absorbCancelResult,
  absorbOrderAnswer,
  absorbOrderReport,
  absorbPositionReport,
  absorbSubmitResult,
  absorbWallet,
  takeExecution,
} from "./absorb-account.ts";
import { absorbInstruments, absorbMarket, absorbSignal } from "./absorb-market.ts";
import { absorbWhose } from "./account.ts";
import type { EngineInput } from "./account-past.ts";
import { absorbFeed, absorbLeave, absorbRecordStatus } from "./control.ts";
import { decideDue } from "./decide.ts";
import type { Effect } from "./effect.ts";
import { absorbServiceReport } from "./incidents.ts";
import { absorbLimits } from "./limits-change.ts";
import { noteNeighbour } from "./neighbours.ts";
import { absorbCommand } from "./operator-commands.ts";
import { absorbSnapshot } from "./recover.ts";
import { flushAccount, flushFacts } from "./report.ts";
import { STANDSTILL_MS } from "./schedule.ts";
import { absorbStandstill } from "./standstill.ts";
import type { EngineState } from "./state.ts";
import type {
  ControlPart,
  CorePart,
  MarketPart,
  TenancyPart,
  TermsPart,
  TickPart,
  UniversePart,
} from "./state-parts.ts";
import { absorbStopResult } from "./stops.ts";
import { absorbAccountTerms, absorbFees, absorbSymbolTerms } from "./terms-keeping.ts";
import { onTimer, startTimers } from "./timers.ts";
import { keepTrading } from "./trading-memory.ts";
import { absorbUnreadable } from "./unreadable.ts";
import { absorbCashLog, checkWallet } from "./wallet-check.ts";

/**
 * Takes one event; market frames are borrowed and not kept. Empty and shared when nothing is due.
 * What it changed of the account is told by {@link tell}, which must follow before the next step.
 */
export function step(state: EngineState, event: EngineInput, stamp: Stamp): readonly Effect[] {
  assert(stamp.seq > state.eventSeq, "event sequence numbers rise");
  const isFirst = state.eventSeq === 0;
  state.eventSeq = stamp.seq;
  state.counters.events++;
  if (isFirst) startTimers(state, stamp.atMs);
  assert(stamp.atMs >= state.lastStampMs, "stamps never run backwards");
  const gapMs = stamp.atMs - state.lastStampMs;
  state.lastStampMs = stamp.atMs;
  if (!isFirst && gapMs >= STANDSTILL_MS) absorbStandstill(state, gapMs, stamp.atMs);
  absorb(state, event, stamp.atMs);
  if (SHOWS_CASH.has(event.kind)) checkWallet(state, event, stamp.atMs);
  flushFacts(state, stamp.atMs);
  if (state.due.size > 0) decideDue(state, stamp.atMs);
  keepTrading(state);
  return state.outbox.take();
}

/**
 * The audit of what the last step changed. Apart from the step, so that an order is on its way
 * before its story is written.
 */
export function tell(state: EngineState, stamp: Stamp): readonly Effect[] {
  assert(stamp.seq === state.eventSeq, "a step is told before the next one");
  if (state.pending.due || state.orders.changed.size > 0) flushAccount(state, stamp.atMs);
  return state.outbox.take();
}

/** News of an account, which concern us while it is ours. */
const OF_THE_ACCOUNT: ReadonlySet<EngineInput["kind"]> = new Set<EngineInput["kind"]>([
  "order_report",
  "execution",
  "position_report",
  "wallet_report",
  "account_snapshot",
  "cash_log",
  "order_answer",
]);

/** After these, wallet and record may be one, or not any more. */
const SHOWS_CASH: ReadonlySet<EngineInput["kind"]> = new Set<EngineInput["kind"]>([
  "execution",
  "wallet_report",
  "account_snapshot",
  "cash_log",
]);

function absorb(state: CorePart & TickPart, event: EngineInput, atMs: number): void {
  if (state.control.isOtherAccount && OF_THE_ACCOUNT.has(event.kind)) return;
  switch (event.kind) {
    case "book":
    case "trades":
    case "ticker":
    case "bar":
      absorbMarket(state, event, atMs);
      break;
    case "instruments":
      absorbInstruments(state, event, atMs);
      break;
    case "book_fault":
    case "book_picture":
    case "bars_loaded":
      absorbSignal(state, event, atMs);
      break;
    case "order_report":
      noteNeighbour(state, event, atMs);
      absorbOrderReport(state, event, atMs);
      break;
    case "execution":
      noteNeighbour(state, event, atMs);
      takeExecution(state, event, atMs);
      break;
    case "unreadable_row":
      absorbUnreadable(state, event, atMs);
      break;
    case "position_report":
      absorbPositionReport(state, event, atMs);
      break;
    case "account_identity":
    case "account_opened":
      absorbWhose(state, event, atMs);
      break;
    case "wallet_report":
      absorbWallet(state, event, atMs);
      break;
    case "cash_log":
      absorbCashLog(state, event);
      break;
    case "account_snapshot":
      absorbSnapshot(state, event, atMs);
      break;
    case "submit_result":
    case "cancel_result":
    case "amend_result":
    case "stop_result":
    case "order_answer":
      absorbAnswer(state, event, atMs);
      break;
    case "account_terms":
    case "symbol_terms":
    case "fees_loaded":
      absorbTerms(state, event, atMs);
      break;
    default:
      absorbService(state, event, atMs);
  }
}

/** What became of something that was sent. */
function absorbAnswer(
  state: MarketPart & TenancyPart & ControlPart,
  event: PortAnswer,
  atMs: number,
): void {
  switch (event.kind) {
    case "submit_result":
      absorbSubmitResult(state, event, atMs);
      break;
    case "cancel_result":
      absorbCancelResult(state, event, atMs);
      break;
    case "amend_result":
      absorbAmendResult(state, event, atMs);
      break;
    case "stop_result":
      absorbStopResult(state, event);
      break;
    case "order_answer":
      absorbOrderAnswer(state, event, atMs);
      break;
    default:
      unreachable(event);
  }
}

type Terms = Extract<
  EngineInput,
  { readonly kind: "account_terms" | "symbol_terms" | "fees_loaded" }
>;

/** On what terms the account trades. */
function absorbTerms(
  state: ControlPart & TermsPart & UniversePart,
  event: Terms,
  atMs: number,
): void {
  if (event.kind === "account_terms") absorbAccountTerms(state, event, atMs);
  else if (event.kind === "symbol_terms") absorbSymbolTerms(state, event, atMs);
  else absorbFees(state, event);
}

/** Feeds, health, timers, people and the program's own life. */
function absorbService(state: CorePart & TickPart, event: ServiceEvent, atMs: number): void {
  switch (event.kind) {
    case "feed_status":
      absorbFeed(state, event, atMs);
      break;
    case "service_status":
      absorbServiceReport(state, event, atMs);
      break;
    case "timer":
      onTimer(state, event.name, atMs);
      break;
    case "command":
      absorbCommand(state, event, atMs);
      break;
    case "limits_change":
      absorbLimits(state, event, atMs);
      break;
    case "record_status":
      absorbRecordStatus(state, event, atMs);
      break;
    case "leave":
      absorbLeave(state, event, atMs);
      break;
    default:
      unreachable(event);
  }
}
