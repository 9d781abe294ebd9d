import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { MEMORY_SESSIONS_MAX } from "../../../src/accounts/memory-sessions.ts";
import { createPasswords } from "../../../src/accounts/passwords.ts";
import {
  createAuthStore,
  SESSION_IDLE_MS_MAX,
  SESSIONS_PER_USER_MAX,
} from "../../../src/accounts/sqlite-auth.ts";
import { createLoginThrottle } from "../../../src/accounts/throttle.ts";
import { given } from "../../support/given.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { handClock, openTemp, tempDir } from "../record/support.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

/** The cheapest argon2id there is: the cost of the real one is not what is tested. */
const cheap = () => createPasswords({ memoryKib: 8, passes: 2 });
const PASSWORD = "correct horse";

async function setup(dir = tempDir()) {
  const database = openTemp(dir);
  const clock = handClock();
  const auth = createAuthStore({ database, nowMs: clock.nowMs, passwords: cheap() });
  if (auth.listUsers().length === 0) {
    await auth.addUser({ name: "Ann", password: PASSWORD, role: "operator" });
  }
  const login = async () => (await auth.login("ann", PASSWORD))?.token ?? "";
  return { database, clock, auth, login };
}

describe("logging in", () => {
  test("gives a session with the user and a form token", async () => {
    const { auth, clock } = await setup();
    const result = await auth.login("ann", PASSWORD, { address: "::1", userAgent: "test" });
    expect(result?.session.user).toEqual({ id: 1, name: "Ann", role: "operator", theme: "system" });
    expect(result?.session.expiresAtMs).toBe(clock.nowMs() + SESSION_IDLE_MS_MAX);
    expect(result?.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(result?.session.csrfToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(result?.session.csrfToken).not.toBe(result?.token);
    expect(auth.session(given(result).token)).toEqual(given(result).session);
  });

  test.each([
    ["ann", "wrong password"],
    ["ann", ""],
    ["ann", `${PASSWORD} `],
    ["nobody", PASSWORD],
    ["", ""],
    ["ann' --", PASSWORD],
    ["a".repeat(10_000), "b".repeat(10_000)],
  ])("refuses %p with %p", async (name, password) => {
    const { auth } = await setup();
    expect(await auth.login(name, password)).toBeNull();
  });

  test("gives a new token each time; the old one works until it is logged out", async () => {
    const { auth, login } = await setup();
    const first = await login();
    const second = await login();
    expect(first).not.toBe(second);
    auth.logout(first);
    expect(auth.session(first)).toBeNull();
    expect(auth.session(second)).not.toBeNull();
  });

  test("stores neither the token nor the password", async () => {
    const { database, login } = await setup();
    const token = await login();
    const stored = JSON.stringify([
      database.sqlite.query("SELECT * FROM sessions").all(),
      database.sqlite.query("SELECT * FROM users").all(),
    ]);
    expect(stored).toContain("$argon2id$");
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(PASSWORD);
  });

  test("keeps a limited number of sessions, the longest unused gives way", async () => {
    const { auth, clock, login } = await setup();
    const tokens: string[] = [];
    for (let n = 0; n <= SESSIONS_PER_USER_MAX; n++) {
      clock.advance(1);
      tokens.push(await login());
    }
    const alive = tokens.map((token) => auth.session(token) !== null);
    expect(alive).toEqual([false, ...Array(SESSIONS_PER_USER_MAX).fill(true)]);
  });
});

describe("a session", () => {
  test("rolls: it ends thirty minutes after its last use and not before", async () => {
    const { auth, clock, login } = await setup();
    const token = await login();
    clock.advance(40_000); // Not written to the table, and yet it counts.
    expect(auth.session(token)).not.toBeNull();
    clock.advance(SESSION_IDLE_MS_MAX - 1);
    expect(auth.session(token)).not.toBeNull();
    clock.advance(SESSION_IDLE_MS_MAX);
    expect(auth.session(token)).toBeNull();
  });

  test("is not kept alive by a look that is not a use", async () => {
    const { auth, clock, login } = await setup();
    const token = await login();
    clock.advance(SESSION_IDLE_MS_MAX - 1);
    expect(auth.peek?.(token)?.expiresAtMs).toBe(clock.nowMs() + 1);
    clock.advance(1);
    expect(auth.peek?.(token)).toBeNull();
  });

  test("is written at most once a minute", async () => {
    const { auth, clock, login, database } = await setup();
    const token = await login();
    const changes = () =>
      database.sqlite.query<{ n: number }, []>("SELECT total_changes() AS n").get()?.n ?? 0;
    const before = changes();
    for (let second = 0; second < 180; second++) {
      clock.advance(1_000);
      auth.session(token);
    }
    expect(changes() - before).toBe(3);
  });

  test("outlives a restart", async () => {
    const dir = tempDir();
    const first = await setup(dir);
    const token = await first.login();
    first.database.close();
    const second = await setup(dir);
    expect(second.auth.session(token)?.user.name).toBe("Ann");
  });

  test("goes on, and ends in time, while the disk takes no writes", async () => {
    const { auth, clock, login, database } = await setup();
    const token = await login();
    database.sqlite.run("PRAGMA query_only = ON");
    for (let minute = 0; minute < 40; minute++) {
      clock.advance(60_000);
      expect(auth.session(token)).not.toBeNull();
    }
    clock.advance(SESSION_IDLE_MS_MAX);
    expect(auth.session(token)).toBeNull();
  });

  test("ends at logout also while the disk takes no writes, and its row goes later", async () => {
    const { auth, clock, login, database } = await setup();
    const token = await login();
    database.sqlite.run("PRAGMA query_only = ON");
    auth.logout(token);
    expect(auth.session(token)).toBeNull();
    expect(auth.peek?.(token)).toBeNull();
    database.sqlite.run("PRAGMA query_only = OFF");
    clock.advance(60_000);
    auth.session("some other token");
    expect(database.sqlite.query("SELECT * FROM sessions").all()).toEqual([]);
  });

  test("can begin while the disk takes no writes: in memory, with the same end", async () => {
    const { auth, clock, login, database } = await setup();
    database.sqlite.run("PRAGMA query_only = ON");
    const token = await login();
    for (let minute = 0; minute < 40; minute++) {
      clock.advance(60_000);
      expect(auth.session(token)?.user).toMatchObject({ name: "Ann", role: "operator" });
    }
    expect(auth.session(token)?.csrfToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    clock.advance(SESSION_IDLE_MS_MAX);
    expect(auth.session(token)).toBeNull();
    expect(await auth.login("ann", "wrong password")).toBeNull();
  });

  test("in memory ends at logout and with a new password, and there are only so many", async () => {
    const { auth, login, database } = await setup();
    database.sqlite.run("PRAGMA query_only = ON");
    const first = await login();
    const second = await login();
    auth.logout(first);
    expect(auth.session(first)).toBeNull();
    expect(auth.session(second)).not.toBeNull();
    for (let more = 0; more < MEMORY_SESSIONS_MAX; more++) await login();
    expect(auth.session(second)).toBeNull();
    const third = await login();
    database.sqlite.run("PRAGMA query_only = OFF");
    await auth.setPassword("ann", "battery staple");
    expect(auth.session(third)).toBeNull();
  });

  test("expired rows are deleted", async () => {
    const { auth, clock, login, database } = await setup();
    await login();
    clock.advance(2 * SESSION_IDLE_MS_MAX);
    auth.session("some other token");
    expect(database.sqlite.query("SELECT * FROM sessions").all()).toEqual([]);
  });

  test.each(["", "x", "a".repeat(100_000), "' OR 1=1"])("%p is nobody's", async (token) => {
    const { auth } = await setup();
    expect(auth.session(token)).toBeNull();
  });
});

describe("changing a password", () => {
  test("ends every session and the old password", async () => {
    const { auth, login } = await setup();
    const token = await login();
    expect(await auth.changePassword(1, PASSWORD, "battery staple")).toEqual({
      ok: true,
      value: null,
    });
    expect(auth.session(token)).toBeNull();
    expect(await auth.login("ann", PASSWORD)).toBeNull();
    expect(await auth.login("ANN", "battery staple")).not.toBeNull();
  });

  test.each([
    ["wrong", "battery staple", "current password is wrong"],
    [PASSWORD, "short", "at least 8"],
    [PASSWORD, "x".repeat(300), "at most 256"],
  ])("from %p to %p: %p", async (current, next, problem) => {
    const { auth, login } = await setup();
    const token = await login();
    const result = await auth.changePassword(1, current, next);
    expect(result).toEqual({ ok: false, problem: expect.stringContaining(problem) });
    expect(auth.session(token)).not.toBeNull();
  });

  test("an administrator sets one without knowing the old one", async () => {
    const { auth, login } = await setup();
    const token = await login();
    await auth.setPassword("ann", "battery staple");
    expect(auth.session(token)).toBeNull();
    expect(auth.setPassword("nobody", "battery staple")).rejects.toThrow("no user called nobody");
  });
});

describe("users", () => {
  test("a name is taken whatever its case", async () => {
    const { auth } = await setup();
    const again = auth.addUser({ name: "ANN", password: PASSWORD, role: "viewer" });
    expect(again).rejects.toThrow("already a user called ANN");
  });

  test.each(["", " ann", "ann smith", "<b>", "a".repeat(65)])("%p is no name", async (name) => {
    const { auth } = await setup();
    expect(auth.addUser({ name, password: PASSWORD, role: "viewer" })).rejects.toThrow(/A name/);
  });

  test("the first start makes an admin with a random password, once", async () => {
    const database = openTemp();
    const auth = createAuthStore({ database, nowMs: handClock().nowMs, passwords: cheap() });
    const made = await auth.ensureAdmin({});
    expect(made).toMatchObject({ name: "admin", given: false });
    expect(made?.password).toHaveLength(20);
    expect(await auth.login("admin", given(made).password)).not.toBeNull();
    expect(await auth.ensureAdmin({ password: "another one" })).toBeNull();
    expect(auth.listUsers()).toMatchObject([{ name: "admin", role: "admin", theme: "system" }]);
  });

  test("the first start takes a password that was given", async () => {
    const database = openTemp();
    const auth = createAuthStore({ database, nowMs: handClock().nowMs, passwords: cheap() });
    expect(await auth.ensureAdmin({ password: PASSWORD })).toMatchObject({ given: true });
    expect(await auth.login("admin", PASSWORD)).not.toBeNull();
  });

  test("a theme stays", async () => {
    const { auth, login } = await setup();
    const token = await login();
    auth.setTheme(1, "dark");
    expect(auth.session(token)?.user.theme).toBe("dark");
  });
});

describe("the throttle", () => {
  async function throttled(dir = tempDir()) {
    const world = await setup(dir);
    const limits = { accountAttemptsMax: 3, addressAttemptsMax: 5 };
    const { database, clock } = world;
    const throttle = createLoginThrottle({
      database,
      passwords: cheap(),
      nowMs: clock.nowMs,
      limits,
    });
    const allowed = async (name: string, address: string) =>
      (await throttle.loginAllowed(name, address)).allowed;
    return { ...world, throttle, allowed };
  }

  test("counts in memory while the disk takes no writes, and lets nobody through for it", async () => {
    const { allowed, throttle, database } = await throttled();
    database.sqlite.run("PRAGMA query_only = ON");
    for (let guess = 0; guess < 3; guess++) {
      expect(await allowed("ann", `1.1.1.${guess}`)).toBe(true);
      await throttle.loginFailed("ann", `1.1.1.${guess}`);
    }
    expect(await allowed("ann", "1.1.1.9")).toBe(false);
    expect(await allowed("bob", "1.1.1.9")).toBe(true);
    await throttle.loginSucceeded("bob", "1.1.1.9");
  });

  test("blocks an account from every address, and survives a restart", async () => {
    const dir = tempDir();
    const first = await throttled(dir);
    for (const address of ["a", "b", "c"]) expect(await first.allowed("Ann", address)).toBe(true);
    expect(await first.allowed("ann", "d")).toBe(false);
    expect(await first.allowed("bob", "d")).toBe(true);
    first.database.close();
    const second = await throttled(dir);
    const verdict = await second.throttle.loginAllowed("ANN", "e");
    expect(verdict).toEqual({ allowed: false, retryAfterSec: expect.any(Number) });
    expect(verdict.allowed ? 0 : verdict.retryAfterSec).toBeGreaterThan(0);
  });

  test("blocks an address over all names", async () => {
    const { allowed } = await throttled();
    for (const name of ["a", "b", "c", "d", "e"]) expect(await allowed(name, "evil")).toBe(true);
    expect(await allowed("f", "evil")).toBe(false);
    expect(await allowed("f", "good")).toBe(true);
  });

  test("parallel guesses do not pass the same count", async () => {
    const { allowed } = await throttled();
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, (_, n) => allowed("ann", String(n))),
    );
    expect(verdicts.filter(Boolean)).toHaveLength(3);
  });

  test("a good login clears the account and gives the address its attempt back", async () => {
    const { allowed, throttle } = await throttled();
    for (let n = 0; n < 20; n++) {
      expect(await allowed("ann", "home")).toBe(true);
      await throttle.loginSucceeded("ann", "home");
    }
  });

  test("turns logins away while too many wait for their password to be checked", async () => {
    const { database, clock } = await setup();
    const passwords = cheap();
    const hash = await passwords.hash(PASSWORD);
    const throttle = createLoginThrottle({ database, passwords, nowMs: clock.nowMs });
    const checks = Array.from({ length: 100 }, () => passwords.verify(PASSWORD, hash));
    expect(await throttle.loginAllowed("ann", "here")).toEqual({
      allowed: false,
      retryAfterSec: 2,
    });
    const right = (await Promise.all(checks)).filter(Boolean).length;
    expect(right).toBeGreaterThanOrEqual(30);
    expect(right).toBeLessThan(40);
    expect(passwords.isFull()).toBe(false);
    expect((await throttle.loginAllowed("ann", "here")).allowed).toBe(true);
    expect(await passwords.verify(PASSWORD, hash)).toBe(true);
  });

  test("a failure is shown with the user", async () => {
    const { auth, throttle, login } = await throttled();
    await throttle.loginFailed("ANN", "x");
    await throttle.loginFailed("nobody", "x");
    expect(auth.listUsers()[0]?.failedLogins).toBe(1);
    await login();
    expect(auth.listUsers()[0]?.failedLogins).toBe(0);
  });
});
