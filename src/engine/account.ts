/**
 * Whose account this run works with.
 *
 * The venue says before it says anything else of the account, and what the record has of it is
 * fetched then: its day, its profiles, an operator's last word. A snapshot is applied only after
 * that. When the venue answers for another account later (the exchange began anew, the keys behind
 * an address were changed), nothing here is true any more: this run places nothing from then on,
 * takes no news of the account, and says so until somebody starts it again.
 */
import type { AccountIdentity } from "../domain/event.ts";
import { assert } from "../kernel/assert.ts";
import type { AccountOpened } from "./account-past.ts";
import { halt } from "./control.ts";
import { goOnFromRecord } from "./from-record.ts";
import { PROGRAM, tellOwnHalt } from "./interventions.ts";
import type { BookingPart, ControlPart } from "./state-parts.ts";
import { restoreTrading } from "./trading-memory.ts";

export function absorbWhose(
  state: BookingPart,
  event: AccountIdentity | AccountOpened,
  atMs: number,
): void {
  if (event.kind === "account_identity") absorbIdentity(state, event, atMs);
  else absorbAccountOpened(state, event, atMs);
}

function absorbIdentity(state: ControlPart, { accountId }: AccountIdentity, atMs: number): void {
  const { control, outbox } = state;
  if (control.accountId === null) {
    control.accountId = accountId;
    outbox.push({ kind: "open_account", accountId });
  }
  if (control.accountId === accountId || control.isOtherAccount) return;
  const began = `this run began with ${control.accountId}`;
  const reason = `the venue answers for account ${accountId}, ${began}`;
  outbox.log("error", `${reason}: nothing is placed any more; start again to work with it`);
  tellOwnHalt(state, "account", { reason, atMs });
  halt(state, reason, { by: PROGRAM, cause: "account" });
  control.isOtherAccount = true;
  control.recovered = false;
  control.leaving = `${reason}; start again`;
}

/** Takes over what the record has of the account, once. */
function absorbAccountOpened(
  state: BookingPart,
  { accountId, accountKey, past }: AccountOpened,
  atMs: number,
): void {
  const { control } = state;
  if (control.accountKey !== "" || control.accountId !== accountId) return;
  assert(accountKey !== "", "an account that is open has a key");
  assert(!control.recovered, "nothing was believed before the account was known");
  control.accountKey = accountKey;
  state.universe.restore(past.profiles, atMs);
  state.universe.restoreWords(past.words);
  state.universe.restoreHours(past.hours);
  state.pending.profiles = "loaded";
  state.bookLeft = past.book;
  control.ordersLeft = past.ordersLeft;
  if (past.book !== null) {
    state.carried = past.book.sums;
    const { agreed, bookedSinceAgreed } = past.book;
    Object.assign(state.walletCheck, { agreed, ...bookedSinceAgreed });
    const { wholeUntilVenueAtMs: sinceVenueAtMs, sinceVenueAtMs: afterVenueAtMs } = past.book;
    state.outbox.push({ kind: "look_back", sinceVenueAtMs, afterVenueAtMs });
  }
  restoreTrading(state, past);
  state.pending.due = true;
  state.outbox.log("info", `working with account ${accountKey}`);
  goOnFromRecord(state, atMs);
}
