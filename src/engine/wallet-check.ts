/**
 * Holds the record against the wallet: what the venue says the coin's cash is, against what was
 * booked since the two last agreed.
 *
 * Wallet and executions cross on their way, so a difference is a doubt at first; it ends as soon as
 * the sums meet. While it lasts the account and the venue's log of the coin are read again: a
 * transfer explains itself there. What lasts, and is the same in two reads of an account with
 * nothing in flight, is an error that nobody may overlook, and halts where money is real. It clears
 * itself when the sums meet again; a person's resume takes the wallet as it is for the new start.
 */
import type { CashLog } from "../domain/cash-log.ts";
import type { AccountSnapshot } from "../domain/event.ts";
import type { Usdt } from "../domain/units.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { EngineInput } from "./account-past.ts";
import { sumsNow } from "./book-after.ts";
import { halt, requestReconcile } from "./control.ts";
import { noteWallet } from "./incidents.ts";
import { PROGRAM, tellOwnHalt } from "./interventions.ts";
import type { ControlPart, EffectsPart, MoneyPart, ReportPart } from "./state-parts.ts";
import { LOG_OVERLAP_MS, type Moved, movedSince, roundingOf } from "./wallet-agreement.ts";

type CheckPart = ControlPart & MoneyPart;

/** A difference that lasts this long is none of two messages crossing. */
const LASTS_MS = 5_000;
/** Reads that must find the same difference. */
const READS_MIN = 2;
/** Fills and their wallets cross within less: only then is the venue asked. */
const ASK_AFTER_MS = 1_000;
const ASK_EVERY_MS = 1_500;
/** Once it was told, a read is for its end alone. */
const ASK_TOLD_EVERY_MS = 30_000;
/** A wallet taken on trust may or may not hold what was executed this shortly around it. */
const AROUND_MS = 2_000;

/** Judges the wallet after anything that moves it, the record, or what is known of either. */
export function checkWallet(state: CheckPart, event: EngineInput, atMs: number): void {
  const read = event.kind === "account_snapshot" ? event : null;
  const { control, wallet, walletCheck: check } = state;
  if (!control.recovered || wallet === null) return;
  if (check.agreed === null) {
    if (read !== null && isQuiet(state, read)) trust(state, atMs);
    return;
  }
  const moved = movedNow(state);
  if (moved === null) return;
  if (moved.difference === 0n) {
    const isNews = read !== null || moved.other !== 0n || check.doubt?.isTold === true;
    agree(state, atMs);
    if (isNews) tellAgreement(state);
    return;
  }
  check.doubt ??= {
    sinceMs: atMs,
    askedAtMs: 0,
    difference: null,
    reads: 0,
    isTold: false,
    isLogKnown: false,
  };
  const { doubt } = check;
  if (read === null || read.requestedAtMs < doubt.sinceMs || !isSettled(state)) return;
  doubt.reads = doubt.difference === moved.difference ? doubt.reads + 1 : 1;
  doubt.difference = moved.difference;
}

/** Takes the venue's log of what moved cash besides executions. */
export function absorbCashLog(state: MoneyPart & EffectsPart, log: CashLog): void {
  if (log.fault !== "") {
    state.outbox.log("warn", "the venue's log of the wallet is not whole", { fault: log.fault });
  }
  state.walletCheck.log = log;
}

/** Follows a doubt up: asks for what would end it, and says so when nothing does. */
export function chaseWallet(state: CheckPart, atMs: number): void {
  const { control, outbox, walletCheck: check } = state;
  const { doubt, agreed } = check;
  if (doubt === null || agreed === null) return;
  judge(state, atMs);
  if (atMs - doubt.sinceMs < ASK_AFTER_MS) return;
  if (control.feeds.rest?.up === false || control.feeds.private?.up !== true) return;
  const everyMs = doubt.isLogKnown ? ASK_TOLD_EVERY_MS : ASK_EVERY_MS;
  if (atMs - doubt.askedAtMs < everyMs) return;
  doubt.askedAtMs = atMs;
  requestReconcile(state, "the wallet is not what the record says", atMs);
  outbox.push({ kind: "load_cash_log", sinceVenueAtMs: agreed.venueAtMs - LOG_OVERLAP_MS });
}

/**
 * Counts what was booked: each booking may round. One that may be inside a wallet that was taken on
 * trust, or not, leaves nothing to compare with: the next read begins anew.
 */
export function noteBooking(
  { walletCheck: check }: Pick<MoneyPart, "walletCheck">,
  { value, venueAtMs }: { readonly value: Usdt; readonly venueAtMs: number },
): void {
  check.bookings++;
  check.traded += value;
  check.bookedVenueAtMs = Math.max(check.bookedVenueAtMs, venueAtMs);
  if (venueAtMs <= check.trustedVenueAtMs + AROUND_MS) check.agreed = null;
}

/** A person goes on with the difference: it is in the new start. What was accepted, in words. */
export function acceptWallet(state: CheckPart, atMs: number): string {
  const { doubt, agreed } = state.walletCheck;
  const moved = agreed === null ? null : movedNow(state);
  if (doubt?.isTold !== true || moved === null) return "";
  trust(state, atMs);
  const accepted = fixedToText(moved.difference);
  state.outbox.log("warn", "the wallet is taken as it is, as an operator resumed", { accepted });
  return `; a difference of ${accepted} USDT between wallet and record is accepted`;
}

function movedNow(state: CheckPart): Moved | null {
  const { wallet, walletCheck: check } = state;
  if (wallet === null || check.agreed === null) return null;
  const now = { wallet: wallet.walletBalance, cash: cashNow(state) };
  const rounding = roundingOf(check.bookings, check.traded);
  return movedSince(check.agreed, now, { lines: check.log?.lines ?? [], rounding });
}

/** Cash that the record knows of. */
function cashNow(state: CheckPart): Usdt {
  const { realised, fees, funding, apart } = sumsNow(state);
  return realised - fees - funding + apart;
}

/** Nothing is on its way that would move the one and not yet the other. */
function isSettled({ control, mismatches, orders }: ControlPart): boolean {
  if (!control.accountFresh || control.unreadable.size > 0 || mismatches.size > 0) return false;
  return orders.awaitingBefore(Number.POSITIVE_INFINITY).length === 0;
}

function isQuiet({ walletCheck: check }: MoneyPart, read: AccountSnapshot): boolean {
  const fromMs = read.requestedVenueAtMs - AROUND_MS;
  const isBefore = ({ venueAtMs }: { readonly venueAtMs: number }) => venueAtMs < fromMs;
  return check.bookedVenueAtMs < fromMs && read.executions.every(isBefore);
}

/** Takes the wallet as it is: there is nothing, or nothing any more, to compare it with. */
function trust(state: CheckPart, atMs: number): void {
  agree(state, atMs);
  state.walletCheck.trustedVenueAtMs = state.wallet?.venueAtMs ?? 0;
  tellAgreement(state);
}

function agree(state: CheckPart, atMs: number): void {
  const { wallet, walletCheck: check } = state;
  if (wallet === null) return;
  const { walletBalance, venueAtMs } = wallet;
  check.agreed = { wallet: walletBalance, cash: cashNow(state), venueAtMs };
  check.bookings = 0;
  check.traded = 0n;
  check.log = null;
  if (check.doubt?.isTold === true) {
    state.outbox.log("info", "wallet and record agree again", {
      wallet: fixedToText(walletBalance),
    });
    tellFault(state, "", atMs);
  }
  check.doubt = null;
}

function tellAgreement({ walletCheck, pending }: MoneyPart & ReportPart): void {
  if (walletCheck.agreed === null) return;
  pending.facts.push({ kind: "agreement", agreement: walletCheck.agreed });
}

/** Says what lasts, once, and halts where money is real and the venue's log does not tell it. */
function judge(state: CheckPart, atMs: number): void {
  const { control, walletCheck: check } = state;
  const { doubt, log } = check;
  const moved = movedNow(state);
  if (doubt === null || moved === null || atMs - doubt.sinceMs < LASTS_MS) return;
  if (doubt.reads < READS_MIN || doubt.difference !== moved.difference) return;
  const text = differenceText(moved);
  if (!doubt.isTold) {
    doubt.isTold = true;
    state.outbox.log("error", `wallet and record differ: ${text}`, numbersOf(moved));
    tellFault(state, `wallet and record differ: ${text}`, atMs);
  }
  // The venue may list a line a moment after the wallet has it: only a log read late enough counts.
  const fromMs = doubt.sinceMs + LASTS_MS;
  const isLogKnown = log !== null && log.fault === "" && log.requestedAtMs >= fromMs;
  doubt.isLogKnown = isLogKnown;
  if (state.options.autoTrade || !control.armed || !isLogKnown) return;
  const reason = `wallet and record differ: ${text}`;
  tellOwnHalt(state, "wallet", { reason, atMs });
  halt(state, reason, { by: PROGRAM, cause: "wallet" });
}

function differenceText(moved: Moved): string {
  const { wallet, cash, other, difference } = numbersOf(moved);
  const told = `the record says ${cash}, transfers and the like ${other}`;
  return `the wallet changed by ${wallet} USDT, ${told}, which leaves ${difference}`;
}

function numbersOf({ wallet, cash, other, difference }: Moved) {
  return {
    wallet: fixedToText(wallet),
    cash: fixedToText(cash),
    other: fixedToText(other),
    difference: fixedToText(difference),
  };
}

function tellFault(state: EffectsPart & ControlPart, text: string, atMs: number): void {
  state.control.walletFault = text;
  noteWallet(state, text, atMs);
  state.pending.due = true;
}
