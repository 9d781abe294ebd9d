/**
 * One subtraction: since wallet and record last agreed, the wallet changed by what was booked, and
 * by lines of the venue's log that nobody books, to the last rounding.
 *
 * The wallet of the agreement held every line up to some moment near its time, and two clocks do
 * not tell which: whatever first lines of that moment are taken as held, the sum must come out for
 * one of them.
 */
import type { CashLine } from "../domain/cash-log.ts";
import type { Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import type { StoredAgreement } from "../portfolio/stored-book.ts";

/** What has moved since the agreement. */
export interface Moved {
  readonly wallet: Usdt;
  readonly cash: Usdt;
  /** Sum of the lines that nobody books. */
  readonly other: Usdt;
  /** What the wallet has more than can be told; 0 within the rounding. */
  readonly difference: Usdt;
}

/** Lines this much older than the agreement may not have been in its wallet yet. */
export const LOG_OVERLAP_MS = 10_000;
/** Lines this much younger may have been. */
const CLOCK_SKEW_MS = 1_000;

/**
 * How far venue and record may round apart: each execution's fee and profit at 8 decimals, and the
 * venue's average entry price at 7 digits beyond the value. The smallest fee is a thousand times
 * that.
 */
export function roundingOf(bookings: number, traded: Usdt): Usdt {
  assert(bookings >= 0 && traded >= 0n, "what is counted is not negative");
  return BigInt(bookings) * 20_000_000_000n + traded / 10_000_000n;
}

/** What moved, with the lines that leave the smallest difference. */
export function movedSince(
  agreed: StoredAgreement,
  now: Pick<StoredAgreement, "wallet" | "cash">,
  log: { readonly lines: readonly CashLine[]; readonly rounding: Usdt },
): Moved {
  const wallet = now.wallet - agreed.wallet;
  const cash = now.cash - agreed.cash;
  const lines = log.lines.filter(({ venueAtMs }) => venueAtMs > agreed.venueAtMs - LOG_OVERLAP_MS);
  let other = lines.reduce((sum, { change }) => sum + change, 0n);
  let best = { wallet, cash, other, difference: wallet - cash - other };
  for (const { change, venueAtMs } of lines) {
    if (venueAtMs > agreed.venueAtMs + CLOCK_SKEW_MS) break;
    other -= change;
    const difference = wallet - cash - other;
    if (sizeOf(difference) < sizeOf(best.difference)) best = { wallet, cash, other, difference };
  }
  return sizeOf(best.difference) <= log.rounding ? { ...best, difference: 0n } : best;
}

const sizeOf = (money: Usdt): Usdt => (money < 0n ? -money : money);
