/** Signing in and out, and what slows a guesser down. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { LoginThrottle } from "../../src/runtime/ports/accounts.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { FIXTURE_PASSWORD, webFixture } from "../support/web-deps.ts";
import { STATIC_DIR, scenario } from "./scenario.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const GOOD = { name: "operator", password: FIXTURE_PASSWORD };

describe("the login page", () => {
  scenario({
    name: "asks for name and password and says which money is at stake",
    url: "/login",
    status: 200,
    inBody: ['name="password"', 'autocomplete="current-password"', "SIM"],
    notInBody: ["BTCUSDT", "/live"],
  });
  scenario({
    name: "sends who is signed in to the overview",
    as: "viewer",
    url: "/login",
    status: 302,
    location: "/",
  });
  scenario({
    name: "gives a cookie that scripts and other sites cannot use",
    method: "POST",
    url: "/login",
    form: GOOD,
    status: 303,
    location: "/",
    after: (answer) => {
      const cookie = answer.headers.get("set-cookie") ?? "";
      expect(cookie).toMatch(/^scalper_session=token-new-1;/);
      expect(cookie).toContain("HttpOnly");
      expect(cookie).toContain("SameSite=Strict");
      expect(cookie).not.toContain("Secure");
    },
  });
  scenario({
    name: "marks the cookie Secure over https",
    method: "POST",
    url: "https://desk.example/login",
    form: GOOD,
    status: 303,
    after: (answer) => {
      const cookie = answer.headers.get("set-cookie") ?? "";
      expect(cookie).toMatch(/^__Host-scalper_session=[^;]+;.*Path=\/.*Secure/);
      expect(cookie).not.toContain("Domain");
      expect(answer.headers.get("strict-transport-security")).toContain("max-age=31536000");
    },
  });
  scenario({
    name: "ends the session it replaces",
    as: "operator",
    method: "POST",
    url: "/login",
    form: GOOD,
    status: 303,
    after: (_answer, _body, fixture) => {
      expect(fixture.deps.auth.session("token-operator")).toBeNull();
    },
  });
  for (const form of [
    { name: "operator", password: "guess-guess" },
    { name: "nobody", password: FIXTURE_PASSWORD },
  ]) {
    scenario({
      name: `says the same for ${form.name} with ${form.password.length} characters`,
      method: "POST",
      url: "/login",
      form,
      status: 401,
      inBody: ["Name or password is wrong."],
      notInBody: [form.password],
      after: (answer, _body, fixture) => {
        expect(answer.headers.get("set-cookie")).toBeNull();
        const logged = JSON.stringify([fixture.logLines, fixture.accessLines]);
        expect(logged).not.toContain(form.password);
      },
    });
  }
  scenario({
    name: "asks for both fields without trying",
    method: "POST",
    url: "/login",
    form: { name: "operator", password: "" },
    status: 401,
    after: (_answer, _body, fixture) => expect(fixture.loginCalls).toEqual([]),
  });
  scenario({
    name: "refuses a form of another site",
    method: "POST",
    url: "/login",
    form: GOOD,
    headers: { "sec-fetch-site": "cross-site" },
    status: 403,
    after: (_answer, _body, fixture) => expect(fixture.loginCalls).toEqual([]),
  });
});

describe("throttling", () => {
  const calls: string[] = [];
  const throttle: LoginThrottle = {
    loginAllowed: (name, address) => {
      calls.push(`allowed? ${name} ${address}`);
      return name === "viewer" ? { allowed: false, retryAfterSec: 42 } : { allowed: true };
    },
    loginFailed: (name) => {
      calls.push(`failed ${name}`);
    },
    loginSucceeded: (name) => {
      calls.push(`succeeded ${name}`);
    },
  };
  scenario({
    name: "answers 429 with the wait and does not try",
    method: "POST",
    url: "/login",
    form: { name: "viewer", password: FIXTURE_PASSWORD },
    fixture: { throttle },
    status: 429,
    inBody: ["Too many tries. Wait 42 s."],
    after: (answer, _body, fixture) => {
      expect(answer.headers.get("retry-after")).toBe("42");
      expect(fixture.loginCalls).toEqual([]);
    },
  });
  test("counts failures and successes per name and address", async () => {
    calls.length = 0;
    const fixture = webFixture({ symbols: 5, throttle });
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
    for (const password of ["guess-guess", FIXTURE_PASSWORD]) {
      const body = new URLSearchParams({ name: "admin", password });
      await app.request("/login", { method: "POST", body }, { address: "10.0.0.7" });
    }
    expect(calls).toEqual([
      "allowed? admin 10.0.0.7",
      "failed admin",
      "allowed? admin 10.0.0.7",
      "succeeded admin",
    ]);
  });
  test("does not believe a forwarding header", async () => {
    calls.length = 0;
    const fixture = webFixture({ symbols: 5, throttle });
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
    await app.request(
      "/login",
      {
        method: "POST",
        body: new URLSearchParams({ name: "admin", password: "x" }),
        headers: { "x-forwarded-for": "1.2.3.4" },
      },
      { address: "10.0.0.7" },
    );
    expect(calls[0]).toBe("allowed? admin 10.0.0.7");
  });
  test("runs few hashes at once", async () => {
    const fixture = webFixture({ symbols: 5 });
    const gate = Promise.withResolvers<null>();
    Object.assign(fixture.deps.auth, { login: () => gate.promise });
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
    const tries = Array.from({ length: 5 }, () =>
      app.request("/login", { method: "POST", body: new URLSearchParams(GOOD) }),
    );
    await Bun.sleep(0);
    gate.resolve(null);
    const statuses = (await Promise.all(tries)).map((answer) => answer.status).sort();
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });
});

describe("signing out", () => {
  scenario({
    name: "ends the session and forgets the cookie",
    as: "operator",
    method: "POST",
    url: "/logout",
    status: 303,
    location: "/login",
    after: (answer, _body, fixture) => {
      expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
      expect(fixture.deps.auth.session("token-operator")).toBeNull();
    },
  });
  scenario({
    name: "needs the token",
    as: "operator",
    method: "POST",
    url: "/logout",
    csrf: "wrong",
    status: 403,
    after: (_answer, _body, fixture) => {
      expect(fixture.deps.auth.session("token-operator")).not.toBeNull();
    },
  });
});
