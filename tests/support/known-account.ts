/** An account that needs no record behind it: what the engine hears when it asks for one. */
import type { AccountRecord } from "../../src/app/trading.ts";
import type { AccountOpened, AccountPast } from "../../src/engine/account-past.ts";

export const ACCOUNT_KEY = "test:1";
export const ACCOUNT_KEYS = { accountKey: ACCOUNT_KEY, profileKey: ACCOUNT_KEY };

const NO_PAST: AccountPast = {
  dayNet: 0n,
  profiles: [],
  kept: null,
  restart: "none",
  haltedBefore: null,
};

export function openedOf(accountId: string, past: Partial<AccountPast> = {}): AccountOpened {
  const accountKey = `test:${accountId}`;
  return { kind: "account_opened", accountId, accountKey, past: { ...NO_PAST, ...past } };
}

/** The record of an account that nobody has met before. */
export function newAccount(accountId: string): AccountRecord {
  return { opened: openedOf(accountId), past: { interventions: [], incidents: [], equity: [] } };
}
