/** An account that needs no record behind it: what the engine hears when it asks for one. */
import type { AccountRecord } from "../../src/app/trading.ts";
import type { AccountOpened, AccountPast } from "../../src/engine/account-past.ts";
import { parseFixed } from "../../src/kernel/fixed.ts";
import { NO_SUMS, type StoredBook, type StoredPosition } from "../../src/portfolio/stored-book.ts";

export const ACCOUNT_KEY = "test:1";
export const ACCOUNT_KEYS = { accountKey: ACCOUNT_KEY, profileKey: ACCOUNT_KEY };

const NO_PAST: AccountPast = {
  book: null,
  profiles: [],
  words: [],
  hours: [],
  kept: null,
  restart: "none",
  haltedBefore: null,
  ordersLeft: [],
};

export function openedOf(accountId: string, past: Partial<AccountPast> = {}): AccountOpened {
  const accountKey = `test:${accountId}`;
  return { kind: "account_opened", accountId, accountKey, past: { ...NO_PAST, ...past } };
}

/** A book of an earlier run that lost so much today and holds what is named. */
export function lostToday(
  lost: string,
  positions: readonly Partial<StoredPosition>[] = [],
): StoredBook {
  const startsAtMs = Date.UTC(2026, 0, 5);
  return {
    sums: { ...NO_SUMS, realised: -(parseFixed(lost) ?? 0n) },
    positions: positions.map((position) => ({ ...LEFT, ...position })),
    execIds: [],
    wholeUntilVenueAtMs: startsAtMs,
    sinceVenueAtMs: 0,
    day: { startsAtMs, net: 0n },
    agreed: null,
    bookedSinceAgreed: { bookings: 0, traded: 0n },
    bookedToday: { startsAtMs, net: 0n },
  };
}

/** Long 1 at 100. */
const LEFT: StoredPosition = {
  symbol: "A",
  qtyText: "1",
  cost: parseFixed("100") ?? 0n,
  markText: "100",
  owner: "maker",
  isForeign: false,
  openedAtMs: Date.UTC(2026, 0, 5, 11),
  adoptedVenueAtMs: 0,
};

/** The record of an account that nobody has met before. */
export function newAccount(accountId: string): AccountRecord {
  return { opened: openedOf(accountId), past: { interventions: [], incidents: [], equity: [] } };
}
