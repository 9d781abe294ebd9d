import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createPasswords } from "../../../src/accounts/passwords.ts";
import { createPeople } from "../../../src/accounts/people.ts";
import {
  createAuthStore,
  SESSION_IDLE_MS_MAX,
  SESSION_LIFE_MS_MAX,
} from "../../../src/accounts/sqlite-auth.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { handClock, openTemp } from "../record/support.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const PASSWORD = "correct horse";

async function setup() {
  const database = openTemp();
  const clock = handClock();
  const passwords = createPasswords({ memoryKib: 8, passes: 2 });
  const auth = createAuthStore({ database, nowMs: clock.nowMs, passwords });
  const onEnded = auth.remember.bind(auth);
  const people = createPeople({ database, nowMs: clock.nowMs, passwords, onEnded });
  await people.add({ name: "Root", password: PASSWORD, role: "admin" });
  await people.add({ name: "ann", password: PASSWORD, role: "operator" });
  const login = async (name: string) => (await auth.login(name, PASSWORD))?.token ?? "";
  return { auth, people, clock, login };
}

const problemOf = (result: { ok: boolean; problem?: string }) => (result.ok ? "" : result.problem);

describe("people", () => {
  test("a role, a disabled and a deleted login end their sessions, and the browser hears why", async () => {
    const { auth, people, login } = await setup();
    for (const [change, why] of [
      [() => people.setRole("ann", "viewer"), "role"],
      [() => people.setDisabled("ann", true), "disabled"],
    ] as const) {
      const token = await login("ann");
      expect(auth.session(token)).not.toBeNull();
      expect(change().ok).toBe(true);
      expect(auth.session(token)).toBeNull();
      expect(auth.whyEnded(token)).toBe(why);
    }
    expect(await auth.login("ann", PASSWORD)).toBeNull();
    expect(people.setDisabled("ann", false).ok).toBe(true);
    const token = await login("ann");
    expect(auth.session(token)?.user.role).toBe("viewer");
    expect(people.remove("ann").ok).toBe(true);
    expect(auth.peek(token)).toBeNull();
    expect(people.list().map(({ name }) => name)).toEqual(["Root"]);
  });

  test("one enabled admin always remains", async () => {
    const { people } = await setup();
    const changes = [
      () => people.setRole("root", "viewer"),
      () => people.setDisabled("root", true),
      () => people.remove("root"),
    ];
    for (const change of changes) expect(problemOf(change())).toContain("last admin");
    expect(people.setRole("ann", "admin").ok).toBe(true);
    expect(people.setDisabled("ROOT", true).ok).toBe(true);
    expect(problemOf(people.remove("ann"))).toContain("last admin");
    expect(problemOf(people.remove("nobody"))).toBe("There is no user called nobody.");
  });

  test("sessions are listed with where they came from, and end one by one or all others", async () => {
    const { auth, people, clock, login } = await setup();
    const first = await login("ann");
    clock.advance(1_000);
    const second = await login("ann");
    await login("root");
    expect(people.sessions(null)).toHaveLength(3);
    const mine = people.sessions("ANN");
    expect(mine.map(({ name }) => name)).toEqual(["ann", "ann"]);
    const kept = auth.peek(second)?.id ?? 0;
    expect(mine[0]?.id).toBe(kept);
    expect(people.endOthers("ann", kept)).toBe(1);
    expect(auth.peek(first)).toBeNull();
    expect(auth.whyEnded(first)).toBe("ended");
    expect(people.endSession(kept)).toBe(1);
    expect(people.endSession(kept)).toBe(0);
    expect(auth.peek(second)).toBeNull();
  });

  test("a session ends 12 hours after the login, however much it is used", async () => {
    const { auth, clock, login } = await setup();
    const token = await login("ann");
    const startMs = clock.nowMs();
    const step = SESSION_IDLE_MS_MAX - 60_000;
    while (clock.nowMs() + step < startMs + SESSION_LIFE_MS_MAX) {
      clock.advance(step);
      const session = auth.session(token);
      expect(session?.expiresAtMs).toBeLessThanOrEqual(startMs + SESSION_LIFE_MS_MAX);
    }
    clock.advance(step);
    expect(auth.session(token)).toBeNull();
    expect(auth.whyEnded(token)).toBe("old");
  });

  test("what a page asks by itself keeps no session alive", async () => {
    const { auth, clock, login } = await setup();
    const token = await login("ann");
    for (let at = 0; at < SESSION_IDLE_MS_MAX; at += 60_000) {
      clock.advance(60_000);
      auth.peek(token);
    }
    expect(auth.peek(token)).toBeNull();
    expect(auth.whyEnded(token)).toBe("idle");
  });
});

describe("the first start", () => {
  test("makes an admin also when somebody else was added before", async () => {
    const database = openTemp();
    const passwords = createPasswords({ memoryKib: 8, passes: 2 });
    const nowMs = handClock().nowMs;
    const auth = createAuthStore({ database, nowMs, passwords });
    await auth.addUser({ name: "Admin", password: PASSWORD, role: "viewer" });
    const made = await auth.ensureAdmin({ password: "given password" });
    expect(made).toMatchObject({ name: "admin-2", given: true });
    expect((await auth.login("admin-2", "given password"))?.session.user.role).toBe("admin");
    expect(await auth.ensureAdmin({})).toBeNull();
  });
});
