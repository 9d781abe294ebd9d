/**
 * What people command: taken once by its id and only while it is young, refused with the reason, or
 * carried out and told again until it is done.
 *
 * A command that waited too long (a frozen process, a link that was cut and came back) is about a
 * market that is gone: nothing is done then, and that is its outcome. Its age is a duration that
 * whoever received it measured, so no two clocks have to agree; here it is only compared.
 */
import { objectionTo } from "../domain/account-terms.ts";
import type { AccountSnapshot, OperatorCommand } from "../domain/event.ts";
import type { ClientOrderId, SymbolId } from "../domain/units.ts";
import { assert, must, unreachable } from "../kernel/assert.ts";
import { counted } from "../kernel/wording.ts";
import type { Intervention } from "./audit.ts";
import {
  cancelAll,
  dueLive,
  halt,
  hurryAgain,
  missingOf,
  requestReconcile,
  tradingOf,
} from "./control.ts";
import { NO_PROOF } from "./flat-proof.ts";
import { leftOf } from "./flatness.ts";
import {
  type Command,
  ENTRIES_STOPPED,
  retell,
  tellCommand,
  tellFlatten,
} from "./interventions.ts";
import { dayLossReason } from "./limits-now.ts";
import { neighbourReason } from "./neighbour.ts";
import { CANCEL_ALL_PAUSE_MS, READ_AGAIN_MS, RECONCILE_SILENCE_MS } from "./schedule.ts";
import type { ControlPart, KnowledgePart, MarketPart, MoneyPart } from "./state-parts.ts";
import { haltSymbol, resumeSymbol } from "./symbol-halts.ts";
import { objectionToWords, takeWords, type WordAction } from "./symbol-words.ts";
import { reviewUniverse } from "./universe-keeping.ts";
import { acceptWallet } from "./wallet-check.ts";

type CommandPart = ControlPart & MarketPart;

/** Takes a person's command. One that is known by its id has its outcome already. */
export function absorbCommand(
  state: CommandPart & KnowledgePart,
  event: OperatorCommand,
  atMs: number,
): void {
  assert(event.id !== "", "a person's command has an id");
  const { id: commandId, action, symbol, by, reason } = event;
  const about = symbol === "" ? action : `${action} ${symbol}`;
  if (state.commands.has(commandId)) {
    state.outbox.log("info", `${about} by ${by} came again as ${commandId}: nothing more is done`);
    return;
  }
  const command: Command = { action, symbol, by, reason, commandId, cause: "operator" };
  const { ageMs, lifeMs } = event;
  if (ageMs > lifeMs) {
    const text = `given ${ageMs.toFixed(0)} ms before it arrived, good for ${lifeMs}: not carried out`;
    state.outbox.log("warn", `operator ${by}: ${about} is too old`, { commandId, ageMs, lifeMs });
    tellCommand(state, command, { text, isDone: true, atMs, verdict: "expired" });
    return;
  }
  const refusal = refusalOf(state, event, atMs);
  if (refusal !== null) {
    state.outbox.log("warn", `operator ${by}: ${about} is refused`, { commandId, refusal });
    tellCommand(state, command, { text: refusal, isDone: true, atMs, verdict: "refused" });
    return;
  }
  state.outbox.log("warn", `operator ${by}: ${about}`, { reason, commandId });
  if (action !== "cancel_all" && symbol === "") state.control.hasWord = true;
  apply(state, { ...command, ...(event.edit !== undefined && { edit: event.edit }) }, atMs);
}

/** Why a command is not carried out, null when it is. */
function refusalOf(
  state: CommandPart & KnowledgePart,
  { action, symbol, obstacle, edit }: OperatorCommand,
  atMs: number,
) {
  const { control, market } = state;
  if (control.leaving !== null) return `too late: ${control.leaving}`;
  if (obstacle !== "") return obstacle;
  switch (action) {
    case "resume":
      return whyNotResume(state, atMs);
    case "close_symbol":
      if (!control.recovered) return "the account is not known yet";
      return market.idOf(symbol) === undefined ? `no contract is called "${symbol}"` : null;
    case "pause_symbol":
      return market.idOf(symbol) === undefined ? `no contract is called "${symbol}"` : null;
    case "resume_symbol":
      return control.symbolHalts.has(symbol) ? null : `${symbol} is neither paused nor closed`;
    case "pin_symbol":
    case "unpin_symbol":
    case "block_symbol":
    case "unblock_symbol":
    case "edit_profile":
      return objectionToWords(state, { action, symbol, ...(edit !== undefined && { edit }) });
    case "halt":
    case "cancel_all":
    case "cancel_halt":
    case "flatten":
      return null;
    default:
      return unreachable(action);
  }
}

/** A start waits for its feeds by itself; what was ready and is not must be well again first. */
function whyNotResume(state: CommandPart & MoneyPart, atMs: number): string | null {
  const { control, terms } = state;
  if (control.recordFault !== null) return `the record cannot be kept: ${control.recordFault}`;
  const objection = terms.account === null ? null : objectionTo(terms.account);
  if (objection !== null) return objection;
  const neighbour = neighbourReason(state, atMs);
  if (neighbour !== null) return neighbour;
  const loss = dayLossReason(state);
  if (loss !== null) return loss;
  if (!control.wasReady) return null;
  const missing = missingOf(state).join(", ");
  return missing === "" ? null : `waiting for ${missing}`;
}

function apply(
  state: CommandPart & KnowledgePart,
  command: Command & Pick<OperatorCommand, "edit">,
  atMs: number,
): void {
  const { action, by, reason } = command;
  const done = (text: string) => tellCommand(state, command, { text, isDone: true, atMs });
  switch (action) {
    case "halt":
      done(haltedText(state));
      halt(state, `halted by ${by}: ${reason}`, command);
      break;
    case "resume":
      resume(state, command, atMs);
      break;
    case "cancel_all":
      clear(state, command, atMs);
      break;
    case "cancel_halt":
      clear(state, command, atMs);
      halt(state, `halted by ${by}: ${reason}`, command);
      break;
    case "flatten":
      flatten(state, command, atMs);
      break;
    case "close_symbol":
      closeSymbol(state, command, atMs);
      break;
    case "pause_symbol":
      pauseSymbol(state, command, atMs);
      break;
    case "resume_symbol":
      resumeOne(state, command, atMs);
      break;
    case "pin_symbol":
    case "unpin_symbol":
    case "block_symbol":
    case "unblock_symbol":
    case "edit_profile":
      done(saySymbol(state, { ...command, action }, atMs));
      break;
    default:
      unreachable(action);
  }
}

/** What a halt finds, in words. */
function haltedText({ control }: CommandPart): string {
  if (control.armed) return ENTRIES_STOPPED;
  const { flattenBy, haltReason } = control;
  if (flattenBy !== null) return `was halted already: the flatten by ${flattenBy} goes on`;
  return `was halted already: ${haltReason}`;
}

function resume(state: CommandPart & MoneyPart, command: Command, atMs: number): void {
  const { control } = state;
  tellFlatten(state, { text: `given up: resumed by ${command.by}`, isDone: true, atMs });
  control.armed = true;
  control.wasArmed = true;
  control.haltReason = "";
  control.haltedBy = "";
  control.haltCause = "none";
  control.flattenBy = null;
  const accepted = acceptWallet(state, atMs);
  const text = `trading is ${tradingOf(state).state}${accepted}`;
  tellCommand(state, command, { text, isDone: true, atMs });
  dueLive(state);
}

function flatten(state: CommandPart, command: Command, atMs: number): void {
  const { control } = state;
  const { by, reason } = command;
  tellFlatten(state, { text: `${by} began another`, isDone: true, atMs });
  control.flattening = tellCommand(state, command, { ...leftOf(state), atMs });
  control.flattenBy = null;
  halt(state, `flatten by ${by}: ${reason}`, command);
  control.flattenBy = by;
  control.flatSinceMs = 0;
  control.flatProof = NO_PROOF;
  hurryAgain(state, atMs);
  cancelAll(state, `flatten by ${by}: ${reason}`, atMs);
}

// ------------------------------------------------------------------------- cancel everything

/** Cancels what rests, and remembers what that was: it is done when each of them has ended. */
function clear(state: CommandPart, command: Command, atMs: number): void {
  const { control } = state;
  const { action, by, reason } = command;
  dropClearing(state, `${by} began another`, atMs);
  const ids = liveIds(state);
  const isDone = ids.length === 0;
  const after = afterwards(action === "cancel_all" && control.armed);
  const text = `${isDone ? "no order rests here" : askedText(ids.length, ids.length)}; ${after}`;
  const told = tellCommand(state, command, { text, isDone, atMs });
  control.clearing = isDone ? null : { told, ids };
  cancelAll(state, `${action.replace("_", "-")} by ${by}: ${reason}`, atMs);
}

const askedText = (all: number, left: number): string =>
  `asked to cancel ${counted(all, "order")}, ${left} left`;

/** What a person must know of a cancel that does not stop trading. */
function afterwards(isTrading: boolean): string {
  const pauseSec = CANCEL_ALL_PAUSE_MS / 1_000;
  return isTrading ? `trading goes on: entries may return in ${pauseSec} s` : ENTRIES_STOPPED;
}

function liveIds({ orders }: ControlPart): readonly ClientOrderId[] {
  return [...orders.liveSymbols()].flatMap((id) => orders.live(id).map((row) => row.clientId));
}

function dropClearing(state: CommandPart, text: string, atMs: number): void {
  const { clearing } = state.control;
  if (clearing !== null) retell(state, clearing.told, { text, isDone: true, atMs });
  state.control.clearing = null;
}

function followClearing(state: ControlPart, atMs: number): void {
  const { control } = state;
  if (control.clearing === null) return;
  const { told, ids } = control.clearing;
  const live = new Set(liveIds(state));
  const left = ids.filter((id) => live.has(id)).length;
  const after = afterwards(told.action === "cancel_all" && control.armed);
  const isDone = left === 0;
  const text = isDone
    ? `${counted(ids.length, "order")} ended after ${atMs - told.atMs} ms; ${after}`
    : `${askedText(ids.length, left)}; ${after}`;
  const now = retell(state, told, { text, isDone, atMs });
  control.clearing = now === null ? null : { told: now, ids };
}

// ------------------------------------------------------------------------- one contract

function pauseSymbol(state: CommandPart, command: Command, atMs: number): void {
  const { symbol } = command;
  const isHalted = state.control.symbolHalts.has(symbol);
  const text = isHalted ? "entries were stopped already" : ENTRIES_STOPPED;
  tellCommand(state, command, { text, isDone: true, atMs });
  // A pause is less than a close, and must not undo it.
  if (!isHalted) haltSymbol(state, { ...whoOf(command), symbol, sinceMs: atMs });
  look(state, symbol);
}

/** Pin, block, note and numbers: they hold from this step on, and the active set follows. */
function saySymbol(
  state: CommandPart & KnowledgePart,
  command: Command & Pick<OperatorCommand, "edit"> & { readonly action: WordAction },
  atMs: number,
): string {
  const { symbol, by, reason, action, edit } = command;
  const said = { action, symbol, ...(edit !== undefined && { edit }) };
  const text = takeWords(state, said, { by, reason, atMs });
  if (action !== "edit_profile") reviewUniverse(state, atMs);
  look(state, symbol);
  const id = must(state.market.idOf(symbol), "what was said of is listed");
  state.columns.markDirty(id);
  state.pending.rows = true;
  if (action === "edit_profile") return text;
  return `${text}; ${state.universe.standing(id).why}`;
}

/** Closes one symbol at market and stops its entries: for a person, or for the program itself. */
export function closeSymbol(state: CommandPart, command: Command, atMs: number): void {
  const { symbol } = command;
  endClose(state, symbol, { text: `${command.by} began another`, atMs });
  const { text } = leftIn(state, symbol);
  const told = tellCommand(state, command, { text, isDone: false, atMs });
  state.control.closes.set(symbol, { told, flatSinceMs: 0, readAgainAtMs: 0 });
  haltSymbol(state, { ...whoOf(command), symbol, sinceMs: atMs, closing: told });
  look(state, symbol);
}

function resumeOne(state: CommandPart, command: Command, atMs: number): void {
  const { symbol, by } = command;
  endClose(state, symbol, { text: `given up: resumed by ${by}`, atMs });
  resumeSymbol(state, symbol);
  const text = `entries are allowed again; trading is ${tradingOf(state).state}`;
  tellCommand(state, command, { text, isDone: true, atMs });
  look(state, symbol);
}

const whoOf = ({ by, cause, reason }: Command) => ({ by, cause, reason });

/** Decides the symbol in this step. */
function look(state: CommandPart, symbol: string): void {
  const id = state.market.idOf(symbol);
  if (id !== undefined) state.due.add(id);
}

function endClose(
  state: CommandPart,
  symbol: string,
  { text, atMs }: { readonly text: string; readonly atMs: number },
): void {
  const { closes } = state.control;
  const close = closes.get(symbol);
  if (close !== undefined) retell(state, close.told, { text, isDone: true, atMs });
  closes.delete(symbol);
}

/** What a close still has to get rid of. */
function leftIn(state: CommandPart, symbol: string) {
  const id = must(state.market.idOf(symbol), "a contract that is being closed is known");
  const orders = state.orders.live(id).length;
  const steps = Math.abs(state.ledger.stepsOf(id));
  const isNothing = orders === 0 && steps === 0 && !state.mismatches.has(id);
  const position = steps === 0 ? "no position" : "a position";
  const text = isNothing
    ? "nothing left here, to be proved"
    : `${counted(orders, "order")} and ${position} left`;
  return { isNothing, text };
}

function followCloses(state: CommandPart, atMs: number): void {
  for (const [symbol, close] of state.control.closes) {
    if (state.market.idOf(symbol) === undefined) continue;
    const { isNothing, text } = leftIn(state, symbol);
    const isDoubted = isNothing && close.flatSinceMs > 0;
    const told = isDoubted ? close.told : moved(state, close.told, { text, atMs });
    const flatSinceMs = isNothing ? close.flatSinceMs || atMs : 0;
    // A read that is out already was asked for too early: its answer asks for the next one.
    const isDue = isNothing && atMs >= close.readAgainAtMs && !isReadOut(state, atMs);
    const readAgainAtMs = isDue ? atMs + READ_AGAIN_MS : isNothing ? close.readAgainAtMs : 0;
    state.control.closes.set(symbol, { told, flatSinceMs, readAgainAtMs });
    if (isDue) requestReconcile(state, `proving ${symbol} flat`, atMs);
    else if (!isNothing) look(state, symbol);
  }
}

/** A read of the account has been asked for and may still be answered. */
function isReadOut({ control }: ControlPart, atMs: number): boolean {
  const { reconcileAtMs } = control;
  return reconcileAtMs > 0 && atMs - reconcileAtMs < RECONCILE_SILENCE_MS;
}

function moved(
  state: CommandPart,
  told: Intervention,
  { text, atMs }: { readonly text: string; readonly atMs: number },
): Intervention {
  return retell(state, told, { text, isDone: false, atMs }) ?? told;
}

/** Ends the closes that a compared snapshot proves: asked for after the last action, and empty. */
export function proveClosed(state: CommandPart, snapshot: AccountSnapshot, atMs: number): void {
  for (const [symbol, close] of state.control.closes) {
    const id = state.market.idOf(symbol);
    const { flatSinceMs } = close;
    if (flatSinceMs === 0 || id === undefined || !leftIn(state, symbol).isNothing) continue;
    if (snapshot.requestedAtMs < flatSinceMs) {
      state.control.closes.set(symbol, { ...close, readAgainAtMs: atMs + READ_AGAIN_MS });
      requestReconcile(state, `proving ${symbol} flat`, atMs);
      continue;
    }
    const orders = snapshot.openOrders.filter((row) => row.symbolId === id && !row.reduceOnly);
    const text = doubtOf(snapshot, { id, symbol, orders: orders.length });
    if (text === "") {
      proved(state, close.told, atMs);
      continue;
    }
    for (const { venueOrderId } of orders) {
      state.outbox.push({ kind: "cancel_orphan", symbolId: id, venueOrderId });
    }
    // What was read before the cancels left proves nothing.
    const told = moved(state, close.told, { text, atMs });
    state.control.closes.set(symbol, { ...close, told, flatSinceMs: atMs + 1 });
  }
}

/** What speaks against a contract's being flat that is flat here; empty when nothing does. */
function doubtOf(
  { positions, unreadable }: AccountSnapshot,
  of: { readonly id: SymbolId; readonly symbol: string; readonly orders: number },
): string {
  const { id, symbol, orders } = of;
  if (unreadable.some((row) => row.symbolId === id || row.symbol === symbol || row.symbol === "")) {
    return "not proved: the venue lists something there that cannot be read";
  }
  if (positions.some((row) => row.symbolId === id && row.positionSteps !== 0)) {
    return "not flat: the venue lists a position";
  }
  return orders === 0 ? "" : `cancelling ${counted(orders, "order")} that is not ours`;
}

function proved(state: CommandPart, told: Intervention, atMs: number): void {
  const { symbol, by, cause, reason } = told;
  const tookMs = atMs - told.atMs;
  const text = `proved flat after ${tookMs} ms; entries stay stopped until it is resumed`;
  endClose(state, symbol, { text, atMs });
  state.outbox.log("warn", `${symbol} is proved flat: the close by ${by} is done`);
  haltSymbol(state, { symbol, by, cause, reason, sinceMs: told.atMs, isClosed: true });
}

/** Looks at what is under way and tells what moved. */
export function followCommands(state: CommandPart, atMs: number): void {
  followClearing(state, atMs);
  if (state.control.recovered) followCloses(state, atMs);
}
