/**
 * Slows guessing of passwords: counters per account and per address, in the database so that a
 * restart does not reset them; in memory while the disk takes no writes, so that a full disk
 * neither keeps an operator out nor lets a guesser in.
 *
 * An attempt is counted before the password is checked, so that parallel guesses cannot all pass
 * the same count; a good login gives its attempt back. The counting itself is done by
 * rate-limiter-flexible on our table.
 */
import { lt } from "drizzle-orm";
import { RateLimiterMemory, RateLimiterRes, RateLimiterSQLite } from "rate-limiter-flexible";
import type { LoginThrottle } from "../runtime/ports/accounts.ts";
import type { JournalDatabase } from "../store/database.ts";
import { isDiskRefusal } from "../store/disk-refusal.ts";
import { loginLimits } from "../store/schema.ts";
import type { Passwords } from "./passwords.ts";

/** A person who mistypes does not reach ten; a guesser gets a thousand a day at one account. */
const ACCOUNT_ATTEMPTS_MAX = 10;
/** An office behind one address has several people. */
const ADDRESS_ATTEMPTS_MAX = 30;
const ATTEMPTS_WINDOW_SEC = 15 * 60;
/** Short enough that an attacker who locks the operator out cannot do it for the night. */
const ACCOUNT_BLOCK_SEC = 5 * 60;
const ADDRESS_BLOCK_SEC = 15 * 60;
/**
 * Names come from strangers: a key is cut here, and old keys are deleted every so many attempts.
 */
const KEY_CHARS_MAX = 64;
const SWEEP_EVERY_ATTEMPTS = 100;
const BUSY_RETRY_SEC = 2;

interface ThrottleLimits {
  readonly accountAttemptsMax: number;
  readonly addressAttemptsMax: number;
}

const LIMITS: ThrottleLimits = {
  accountAttemptsMax: ACCOUNT_ATTEMPTS_MAX,
  addressAttemptsMax: ADDRESS_ATTEMPTS_MAX,
};

interface ThrottleOptions {
  readonly database: JournalDatabase;
  readonly passwords: Passwords;
  readonly nowMs: () => number;
  readonly limits?: ThrottleLimits;
}

export function createLoginThrottle(options: ThrottleOptions): LoginThrottle {
  const { database, passwords, nowMs, limits = LIMITS } = options;
  const account = limiterOf(database, {
    keyPrefix: "account",
    points: limits.accountAttemptsMax,
    blockDuration: ACCOUNT_BLOCK_SEC,
  });
  const address = limiterOf(database, {
    keyPrefix: "address",
    points: limits.addressAttemptsMax,
    blockDuration: ADDRESS_BLOCK_SEC,
  });
  const countFailure = database.sqlite.query<unknown, [number, string]>(
    "UPDATE users SET failed_logins = failed_logins + 1, last_failed_at_ms = ? " +
      "WHERE lower(name) = lower(?)",
  );
  let attempts = 0;

  function sweep(): void {
    if (attempts++ % SWEEP_EVERY_ATTEMPTS !== 0) return;
    ifDiskLets(() => {
      database.orm.delete(loginLimits).where(lt(loginLimits.expire, nowMs())).run();
    });
  }

  return {
    loginAllowed: async (name, from) => {
      if (passwords.isFull()) return { allowed: false, retryAfterSec: BUSY_RETRY_SEC };
      sweep();
      const waits = await Promise.all([
        consume(address, keyOf(from)),
        consume(account, keyOf(name)),
      ]);
      const waitMs = Math.max(...waits);
      return waitMs > 0
        ? { allowed: false, retryAfterSec: Math.ceil(waitMs / 1_000) }
        : { allowed: true };
    },
    loginFailed: async (name) => {
      ifDiskLets(() => countFailure.run(nowMs(), name.slice(0, KEY_CHARS_MAX)));
    },
    loginSucceeded: async (name, from) => {
      await account.delete(keyOf(name));
      await address.reward(keyOf(from), 1);
    },
  };
}

/** A count that cannot be written is left out; the journal reports the disk. */
function ifDiskLets(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isDiskRefusal(error)) throw error;
  }
}

interface Rule {
  readonly keyPrefix: string;
  readonly points: number;
  readonly blockDuration: number;
}

/** The library knows better-sqlite3 by its methods; bun:sqlite has the ones it calls. */
function limiterOf({ sqlite }: JournalDatabase, rule: Rule): RateLimiterSQLite {
  return new RateLimiterSQLite({
    ...rule,
    duration: ATTEMPTS_WINDOW_SEC,
    // A try costs a password's hash, some 25 a second at most: its keys are some thousand.
    insuranceLimiter: new RateLimiterMemory({ ...rule, duration: ATTEMPTS_WINDOW_SEC }),
    storeType: "better-sqlite3",
    storeClient: {
      prepare: (text: string) => sqlite.query(text),
      transaction: (work: () => unknown) => sqlite.transaction(work),
    },
    tableName: "login_limits",
    tableCreated: true,
    clearExpiredByTimeout: false,
  });
}

/** Counts an attempt; the milliseconds to wait when it is one too many, else 0. */
async function consume(limiter: RateLimiterSQLite, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}

const keyOf = (text: string): string => text.slice(0, KEY_CHARS_MAX).toLowerCase();
