/**
 * Whether trading may happen: readiness, feeds, the record, halts, the proof of a flatten, and the
 * end of the program. What an operator commands is in operator-commands.ts.
 *
 * "starting" lasts until instruments, market feed, private feed and the first account snapshot are
 * there. Later losses do not change the state: they pause entries (denied as NOT_READY) until the
 * feed is back and the account was compared again, while exits and cancels are still tried.
 *
 * What cannot be recorded must not be traded: while the record cannot be kept, trading is halted,
 * and an operator resumes it when the disk is right again. Once the program leaves, nothing is
 * placed any more, exits included: positions keep their stops at the venue.
 */
import type { FeedStatus, Leave, RecordStatus } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { counted } from "../kernel/wording.ts";
import type { OrderRow } from "../orders/table.ts";
import type { TradingAudit } from "./audit.ts";
import { NO_PROOF } from "./flat-proof.ts";
import { isFlat, lastActMs, leftOf } from "./flatness.ts";
import { noteFeed } from "./incidents.ts";
import {
  type Command,
  ENTRIES_STOPPED,
  ownCommand,
  PROGRAM,
  tellCommand,
  tellDurability,
  tellFlatten,
  tellOwnHalt,
} from "./interventions.ts";
import { neighbourReason } from "./neighbour.ts";
import {
  CANCEL_ALL_PAUSE_MS,
  FLATTEN_ASK_MS,
  FLATTEN_LOOK_MS,
  FLATTEN_NEWS_MS,
  RECONCILE_SILENCE_MS,
} from "./schedule.ts";
import type {
  AccountPart,
  ControlPart,
  EffectsPart,
  MarketPart,
  OrdersPart,
  PositionsPart,
  ReportPart,
  TradingPart,
  WatchPart,
} from "./state-parts.ts";
import { unreadableText } from "./unreadable.ts";

/** What trading still waits for; empty when nothing. */
export function missingOf({ control }: TradingPart): readonly string[] {
  const missing: string[] = [];
  if (!control.instrumentsLoaded) missing.push("instruments");
  else if (control.contractsFromMs > 0) missing.push(contractsText(control.contractsFromMs));
  if (control.feeds.market?.up !== true) missing.push("market feed");
  if (control.feeds.private?.up !== true) missing.push("private feed");
  const isRead = control.recovered && !control.isFromRecord;
  if (!isRead || !control.accountFresh) missing.push("account snapshot");
  if (control.ban !== "") missing.push(control.ban);
  return missing;
}

/** Grids and terms as an earlier run knew them: good for getting out, not for getting in. */
function contractsText(readAtMs: number): string {
  return `the contract list, known as of ${new Date(readAtMs).toISOString().slice(0, 16)}Z`;
}

/** Why entries wait while trading is on; empty when they do not. */
function pauseOf(state: TradingPart): string {
  const { ban } = state.control;
  const waits = missingOf(state).filter((missing) => missing !== ban);
  const parts = [ban, waits.length === 0 ? "" : `waiting for ${waits.join(", ")}`];
  const text = parts.filter((part) => part !== "").join("; ");
  return text === "" ? "" : `entries paused: ${text}`;
}

export function tradingOf(state: TradingPart): TradingAudit {
  const { control } = state;
  const missing = missingOf(state).join(", ");
  if (control.leaving !== null) return { state: "halted", reason: control.leaving };
  if (!control.wasReady) return { state: "starting", reason: `waiting for ${missing}` };
  const unread = unreadableText(control);
  const says = (reason: string) =>
    [reason, unread, control.walletFault].filter((part) => part !== "").join("; ");
  if (!control.armed) return { state: "halted", reason: says(control.haltReason) };
  return { state: "on", reason: says(pauseOf(state)) };
}

/**
 * Symbols with a position that nobody looks after: trading was never armed on the account, so it is
 * left alone, and no flatten or close is under way.
 */
export function unmanagedOf({
  control,
  ledger,
  market,
}: MarketPart & PositionsPart & TradingPart): readonly string[] {
  if (control.wasArmed || control.flattenBy !== null || !control.recovered) return [];
  const symbols: string[] = [];
  for (const { symbolId, steps } of ledger.positions.values()) {
    const { symbol } = market.instrument(symbolId);
    if (steps !== 0 && !control.closes.has(symbol)) symbols.push(symbol);
  }
  return symbols;
}

/** Leaves "starting" once everything was there at the same time. */
export function becomeReadyIfComplete(state: ControlPart, atMs: number): void {
  const { control } = state;
  if (control.wasReady || missingOf(state).length > 0) return;
  control.wasReady = true;
  haltWithoutRecord(state, atMs);
  haltForNeighbours(state, atMs);
  // Whoever waited for this may look at any symbol now.
  state.pending.rows = true;
  state.pending.due = true;
  const { state: trading, reason } = tradingOf(state);
  state.outbox.log("info", `ready: trading is ${trading}${reason === "" ? "" : ` (${reason})`}`);
}

export function absorbFeed(state: ControlPart & MarketPart, event: FeedStatus, atMs: number): void {
  const { control } = state;
  const before = control.feeds[event.feed];
  const changed = before?.up !== event.up;
  const sinceMs = changed || before === undefined ? atMs : before.atMs;
  control.feeds[event.feed] = { up: event.up, detail: event.detail, atMs: sinceMs };
  state.pending.feeds = true;
  state.pending.due = true;
  if (changed && before !== undefined) noteFeed(state, event.feed, { ...event, atMs });
  if (changed) {
    const word = event.up ? "up" : "down";
    state.outbox.log(event.up ? "info" : "warn", `${event.feed} feed is ${word}: ${event.detail}`);
  }
  if (changed && event.feed === "market" && !event.up) state.bars.brokeAll();
  if (changed && event.feed === "private") {
    control.accountFresh = false;
    if (event.up) {
      control.reconcileAtMs = 0;
      requestReconcile(state, control.recovered ? "reconnected" : "start-up", atMs);
    }
  }
  if (event.feed === "rest") absorbBan(state, event, atMs);
  if (changed && event.feed !== "rest") dueLive(state);
  becomeReadyIfComplete(state, atMs);
}

/**
 * While the venue shuts this address out, entries are taken back and exits go on. What was asked
 * of the venue by REST may never have arrived: cancels are sent again, each by itself.
 */
function absorbBan(state: ControlPart, event: FeedStatus, atMs: number): void {
  const { control, outbox } = state;
  const before = control.ban;
  control.ban = (event.bannedUntilMs ?? 0) > 0 ? event.detail : "";
  if (control.ban === before) return;
  const isOver = control.ban === "";
  outbox.log(isOver ? "info" : "error", isOver ? "the address is let in again" : control.ban);
  if (!isOver) cancelAgain(state, atMs, 0);
  dueLive(state);
}

/** Repeats cancels that nothing was heard of for `silenceMs`. */
export function cancelAgain(
  state: OrdersPart & EffectsPart,
  atMs: number,
  silenceMs: number,
): void {
  for (const row of state.orders.all()) {
    if (row.state !== "cancelling" || atMs - row.cancelAtMs < silenceMs) continue;
    row.cancelAtMs = atMs;
    pushCancel(state, row);
  }
}

function pushCancel(state: EffectsPart, { clientId, venueOrderId, intent }: OrderRow): void {
  state.outbox.push({ kind: "cancel", clientId, symbolId: intent.symbolId, venueOrderId });
}

/** Takes what its keeper says of the record, which may say the same again. */
export function absorbRecordStatus(state: ControlPart, event: RecordStatus, atMs: number): void {
  const { control, outbox } = state;
  const wasLost = control.recordFault !== null;
  control.recordFault = event.up ? null : event.detail;
  const [why = ""] = event.detail.split("; ");
  tellDurability(state, event.up ? "" : why, event.unwritten);
  if (event.up && wasLost) outbox.log("info", "the record is kept again; an operator may resume");
  haltWithoutRecord(state, atMs);
}

function haltWithoutRecord(state: ControlPart, atMs: number): void {
  const { recordFault } = state.control;
  if (recordFault === null || tradingOf(state).state !== "on") return;
  const reason = `the record cannot be kept: ${recordFault}`;
  state.outbox.log("warn", `operator ${PROGRAM}: halt`, { reason });
  const command = ownCommand({ action: "halt", cause: "record", reason });
  tellCommand(state, command, { text: ENTRIES_STOPPED, isDone: true, atMs });
  halt(state, `halted by ${PROGRAM}: ${reason}`, command);
}

/** Stops entries while another engine is about; a resume is taken back as long as it is. */
export function haltForNeighbours(state: ControlPart, atMs: number): void {
  const reason = neighbourReason(state);
  if (reason === null || tradingOf(state).state !== "on") return;
  tellOwnHalt(state, "another_engine", { reason, atMs });
  halt(state, reason, { by: PROGRAM, cause: "another_engine" });
}

/** Takes back what rests at the venue; from here on nothing is placed. */
export function absorbLeave(state: ControlPart, { reason }: Leave, atMs: number): void {
  if (state.control.leaving !== null) return;
  if (state.orders.liveCount > 0) {
    const command = ownCommand({ action: "cancel_all", cause: "stopping", reason });
    const text = `asked to cancel ${counted(state.orders.liveCount, "order")}`;
    tellCommand(state, command, { text, isDone: true, atMs });
    cancelAll(state, `${PROGRAM}: ${reason}`, atMs);
  }
  state.control.leaving = reason;
  state.pending.due = true;
}

/** Asks for an account snapshot unless one is on its way. */
export function requestReconcile(
  state: TradingPart & EffectsPart,
  cause: string,
  atMs: number,
  isUrgent = false,
): void {
  const { control } = state;
  const isOut = control.reconcileAtMs > 0;
  if (isOut && atMs - control.reconcileAtMs < RECONCILE_SILENCE_MS) return;
  control.reconcileAtMs = atMs;
  state.outbox.push({ kind: "reconcile", cause, ...(isUrgent && { isUrgent }) });
}

/** Stops entries: their orders are cancelled by the decisions of this step, exits stay. */
export function halt(
  state: AccountPart & TradingPart & WatchPart & ReportPart,
  reason: string,
  { by, cause }: Pick<Command, "by" | "cause">,
): void {
  const { control } = state;
  control.armed = false;
  state.pending.due = true;
  dueLive(state);
  // More than a halt is under way: it stays the reason until it is proved.
  if (control.flattenBy !== null && cause !== "account") return;
  control.haltReason = reason;
  control.haltedBy = by;
  control.haltCause = cause;
}

/**
 * One request for everything, and every order of ours waits for its confirmation. That request
 * goes by REST: while REST is down each order is cancelled by itself, too.
 */
export function cancelAll(
  state: AccountPart & TradingPart & WatchPart & EffectsPart,
  reason: string,
  atMs: number,
): void {
  // One request for all would take another engine's orders too: only a flatten means those.
  const isShared = state.neighbours.size > 0 && state.control.flattenBy === null;
  if (!isShared) state.outbox.push({ kind: "cancel_all", reason });
  const oneByOne = isShared || state.control.feeds.rest?.up === false;
  for (const row of state.orders.all()) {
    if (state.orders.cancelSent(row, atMs, reason) && oneByOne) pushCancel(state, row);
  }
  state.control.entriesPausedUntilMs = atMs + CANCEL_ALL_PAUSE_MS;
  dueLive(state);
}

/** A flatten ends when nothing is left here and a snapshot asked for afterwards says the same. */
export function finishFlatten(
  state: AccountPart & TradingPart & EffectsPart & ReportPart,
  atMs: number,
): void {
  const { control } = state;
  if (control.flattenBy === null) return;
  tellFlatten(state, { ...leftOf(state), atMs });
  if (!isFlat(state, atMs)) {
    control.flatSinceMs = 0;
    control.flatProof = NO_PROOF;
    return;
  }
  if (control.flatSinceMs === 0) control.flatSinceMs = atMs;
  if (atMs < control.flatProof.againAtMs) return;
  requestReconcile(state, "proving flat", atMs, true);
}

/** Names the timer of a flatten that is under way. */
export const HURRY_TIMER = "flatten";

/** Looks at a flatten again in a moment, as often as it takes. */
export function hurryAgain(state: EffectsPart, atMs: number): void {
  state.outbox.push({ kind: "set_timer", name: HURRY_TIMER, dueAtMs: atMs + FLATTEN_LOOK_MS });
}

/**
 * News that a flatten waits for and that did not come within a round trip is fetched: each order
 * by its id, and the account. The stream may have lost it.
 */
export function hurryFlatten(
  state: AccountPart & TradingPart & WatchPart & EffectsPart,
  atMs: number,
): void {
  const { control } = state;
  if (control.flattenBy === null) return;
  hurryAgain(state, atMs);
  if (!control.recovered) return;
  // A refused exit goes again as soon as it may, in a market without frames too.
  dueLive(state);
  if (control.feeds.rest?.up === false) return;
  if (isFlat(state, atMs) || atMs - lastActMs(state) < FLATTEN_NEWS_MS) return;
  for (const id of state.orders.liveSymbols()) {
    for (const row of state.orders.live(id)) {
      if (atMs - row.askedAtMs < FLATTEN_ASK_MS) continue;
      row.askedAtMs = atMs;
      state.outbox.push({ kind: "ask_order", clientId: row.clientId, symbolId: id });
    }
  }
  requestReconcile(state, "flattening", atMs, true);
}

/** A flatten that the last run did not finish: its orders go first, then its positions. */
export function goOnFlattening(state: ControlPart, atMs: number): void {
  const { flattenBy } = state.control;
  if (flattenBy === null) return;
  hurryAgain(state, atMs);
  const text = "unfinished when the program ended, goes on";
  state.outbox.log("warn", `the flatten by ${flattenBy} is ${text}`);
  tellFlatten(state, { text, isDone: false, atMs });
  cancelAll(state, `flatten by ${flattenBy}, ${text}`, atMs);
}

/** Decides every symbol that has a position or an order in this step. */
export function dueLive(state: AccountPart & WatchPart): void {
  for (const id of state.orders.liveSymbols()) state.due.add(id);
  for (const position of state.ledger.positions.values()) {
    if (position.steps !== 0) state.due.add(position.symbolId);
  }
}

/** Entries of this symbol wait while its size is not agreed on or behind its orders. */
export function missingFor(state: MarketPart & AccountPart & TradingPart, id: SymbolId): string {
  const missing = missingOf(state).join(", ");
  if (missing !== "") return missing;
  const { symbol } = state.market.instrument(id);
  if (state.mismatches.has(id)) return `agreement on the position of ${symbol}`;
  return state.orders.awaitingSinceMs(id) > 0 ? `executions of ${symbol}` : "";
}
