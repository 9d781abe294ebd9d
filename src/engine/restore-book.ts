/**
 * The book goes on over a restart: the positions that the last run left are put back at their
 * exact cost, and what was executed since is booked from there in the venue's order, by the same
 * rule as live executions. So profit made while nobody watched is the venue's, exactly.
 *
 * What a stranger did meanwhile to a symbol where nothing was ours is kept apart: known, part of
 * the wallet, and not our result. What touched a position of ours is ours, whoever sent it: stops
 * held by the exchange carry no client id either. What was done before the first start on the
 * account is not ours at all.
 */
import type { ExecutionReport } from "../domain/event.ts";
import { assert } from "../kernel/assert.ts";
import { toUnits } from "../kernel/decimal.ts";
import { netOf, type StoredBook, type StoredPosition } from "../portfolio/stored-book.ts";
import { absorbExecution } from "./absorb-account.ts";
import { bookAfter, sumsNow } from "./book-after.ts";
import { beginDay, dayNow } from "./day.ts";
import type { BookingPart } from "./state-parts.ts";
import { noteBooking } from "./wallet-check.ts";

/** Takes the book of earlier runs and brings it up to what was executed since. */
export function goOnBooking(
  state: BookingPart,
  book: StoredBook,
  executions: readonly ExecutionReport[],
  atMs: number,
): void {
  assert(!state.control.recovered, "a book is gone on with before anything is booked");
  const held = book.positions.filter((position) => putBack(state, position));
  state.ledger.remember(book.execIds);
  const day = dayNow(state, atMs);
  const inOrder = [...executions].sort((one, other) => one.venueAtMs - other.venueAtMs);
  const before = inOrder.filter(({ venueAtMs }) => venueAtMs < day.startsAtMs);
  for (const execution of before) bookMissed(state, execution, atMs);
  const atBorder = netOf(sumsNow(state)) - bookedSince(book, day.startsAtMs);
  const net = atBorder + unrealisedAsLeft(state, held);
  for (const execution of inOrder.slice(before.length)) bookMissed(state, execution, atMs);
  const isStored = book.day?.startsAtMs === day.startsAtMs;
  beginDay(state, day, {
    net: isStored && book.day !== null ? book.day.net : net,
    isSeen: isStored,
  });
  for (const position of held) giveBack(state, position);
}

/** False when the contract is gone or its grid no longer carries the size: the venue's is taken. */
function putBack(state: BookingPart, left: StoredPosition): boolean {
  const { market, ledger, outbox } = state;
  const id = market.idOf(left.symbol);
  const steps = id === undefined ? Number.NaN : toUnits(market.instrument(id).qty, left.qtyText);
  if (id === undefined || Number.isNaN(steps)) {
    outbox.log("error", `${left.symbol} was left at ${left.qtyText}, which cannot be read now`);
    return false;
  }
  const { cost, openedAtMs, adoptedVenueAtMs, isForeign } = left;
  const open = { steps, cost, openedAtMs, adoptedVenueAtMs, isForeign };
  ledger.restore(market.instrument(id), open);
  state.pending.positions.add(id);
  return true;
}

/** Books what was executed while nobody watched; nothing when it is booked already. */
export function bookMissed(state: BookingPart, report: ExecutionReport, atMs: number): void {
  // When it happened, as well as two clocks agree: the day, the age of a position hang on it.
  const thenMs = Math.min(atMs, report.venueAtMs);
  const position = state.ledger.position(report.symbolId);
  const isStrangers = state.tenancy.clientIds.nameIn(report.clientId) === null;
  if (!isStrangers || (position.steps !== 0 && !position.isForeign)) {
    absorbExecution(state, report, thenMs);
    return;
  }
  assert(position.steps === 0 || position.isForeign, "nothing of ours is kept apart");
  const wasFlat = position.steps === 0;
  const instrument = state.market.instrument(report.symbolId);
  const booking = { instrument, clientId: report.clientId, strategy: "", atMs: thenMs };
  const fill = state.ledger.bookApart(report, booking);
  if (fill === null) return;
  noteBooking(state, fill);
  if (wasFlat && position.steps !== 0) state.unmarked.add(report.symbolId);
  const book = bookAfter(state, report.symbolId);
  state.pending.facts.push({ kind: "fill", fill, isEarlier: true, book });
  state.pending.positions.add(report.symbolId);
}

function bookedSince({ bookedToday }: StoredBook, startsAtMs: number): bigint {
  return bookedToday.startsAtMs === startsAtMs ? bookedToday.net : 0n;
}

/** Profit of what was open, at the last marks that the run before knew. */
function unrealisedAsLeft(state: BookingPart, held: readonly StoredPosition[]): bigint {
  let sum = 0n;
  for (const { symbol, markText } of held) {
    const id = state.market.idOf(symbol);
    if (id !== undefined) sum += state.ledger.unrealisedOf(state.market.instrument(id), markText);
  }
  return sum;
}

/** What is still held is its owner's again, where that strategy is still there. */
function giveBack(state: BookingPart, { symbol, owner }: StoredPosition): void {
  const id = state.market.idOf(symbol);
  const tenant = owner === "" ? null : state.tenancy.tenantNamed(owner);
  if (id === undefined || tenant === null || state.ledger.stepsOf(id) === 0) return;
  state.tenancy.ownership.restore(id, tenant.index);
  state.outbox.log("info", `${symbol} is ${tenant.name}'s again, as the record says`);
}
