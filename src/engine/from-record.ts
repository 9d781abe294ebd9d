/**
 * A start whose questions the venue does not answer: the address is banned, or REST is down, while
 * the sockets stand. The account cannot be read, and what is open there must not wait for it.
 *
 * The record knows what was held and what rested when the last run ended. From that the way out
 * begins: exits reduce only, so they harm nothing where the record is behind; orders left resting
 * are cancelled one by one; stops are put again. Executions that the stream brings are booked from
 * there. Nothing is entered, and nothing is called flat, before the venue was read: the first
 * snapshot then books what is missing, by the rule of every start.
 */
import type { AccountSnapshot } from "../domain/event.ts";
import { netOf } from "../portfolio/stored-book.ts";
import { bookEarly } from "./absorb-account.ts";
import type { OrderLeft } from "./account-past.ts";
import { sumsNow } from "./book-after.ts";
import { goOnFlattening } from "./control.ts";
import { bookMissed, goOnBooking } from "./restore-book.ts";
import type { BookingPart, EffectsPart, MarketPart } from "./state-parts.ts";

/** Takes the record's word for the account while the venue's cannot be had. */
export function goOnFromRecord(state: BookingPart, atMs: number): void {
  const { control, bookLeft } = state;
  if (control.recovered || control.isOtherAccount || control.leaving !== null) return;
  if (bookLeft === null || !control.instrumentsLoaded) return;
  if (control.feeds.rest?.up !== false || control.feeds.private?.up !== true) return;
  state.bookLeft = null;
  const { detail } = control.feeds.rest;
  state.outbox.log("error", "the account cannot be read: getting out by what the record knows", {
    detail,
    positions: bookLeft.positions.length,
    orders: control.ordersLeft.length,
  });
  goOnBooking(state, bookLeft, [], atMs);
  control.recovered = true;
  control.isFromRecord = true;
  bookEarly(state, atMs);
  for (const left of control.ordersLeft) cancelLeft(state, left);
  goOnFlattening(state, atMs);
  state.pending.due = true;
  for (const { symbolId } of state.ledger.positions.values()) state.due.add(symbolId);
}

/** What was executed while nobody could read, and is not booked yet; and so the day's border. */
export function catchUp(state: BookingPart, snapshot: AccountSnapshot, atMs: number): void {
  state.control.isFromRecord = false;
  const inOrder = [...snapshot.executions].sort((one, other) => one.venueAtMs - other.venueAtMs);
  const before = inOrder.filter(({ venueAtMs }) => venueAtMs < state.day);
  const netBefore = netOf(sumsNow(state));
  for (const execution of before) bookMissed(state, execution, atMs);
  state.dayStartNet += netOf(sumsNow(state)) - netBefore;
  for (const execution of inOrder.slice(before.length)) bookMissed(state, execution, atMs);
}

function cancelLeft(
  state: MarketPart & EffectsPart,
  { clientId, symbol, venueOrderId }: OrderLeft,
): void {
  const symbolId = state.market.idOf(symbol);
  if (symbolId === undefined) return;
  state.outbox.log("warn", `cancelling order ${clientId} on ${symbol}: left by an earlier run`);
  state.outbox.push({ kind: "cancel", clientId, symbolId, venueOrderId });
}
