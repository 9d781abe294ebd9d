/** Signing in and out. A try costs an argon2id hash, so tries are throttled and few run at once. */
import type { Context } from "hono";
import { render } from "../../views/html.tsx";
import { LoginPage } from "../../views/pages/login.tsx";
import { Gate } from "../kernel/gate.ts";
import type { Session } from "../runtime/ports/accounts.ts";
import { addressOf, sourceOf } from "./edge.ts";
import { type Dashboard, formOf, htmlPage, problem } from "./respond.ts";
import { dropSession, isOwnOrigin, keepSession, sessionToken, tokenMatches } from "./security.ts";

/** Each hash takes 19 MiB and some 40 ms of a core; a flood of tries must not take trading's. */
const LOGINS_AT_ONCE_MAX = 3;
const NAME_CHARS_MAX = 64;
const PASSWORD_CHARS_MAX = 256;

export function loginRoutes(dashboard: Dashboard): void {
  signIn(dashboard);
  signOut(dashboard);
}

function signIn(dashboard: Dashboard): void {
  const { app, assets, deps } = dashboard;
  const gate = new Gate({ atOnceMax: LOGINS_AT_ONCE_MAX, waitingMax: 0 });

  app.get("/login", (c) => {
    const token = sessionToken(c);
    if (token !== "" && deps.auth.session(token) !== null) return c.redirect("/", 302);
    return loginPage(dashboard, c, { text: "", name: "", status: 200 });
  });

  app.post("/login", async (c) => {
    if (!isOwnOrigin(c)) {
      return problem(c, assets, 403, {
        title: "Not accepted",
        text: "Sign in on this site's own page.",
      });
    }
    const form = await formOf(c);
    const name = (form.name ?? "").trim().slice(0, NAME_CHARS_MAX);
    const password = form.password ?? "";
    if (name === "" || password === "" || password.length > PASSWORD_CHARS_MAX) {
      return loginPage(dashboard, c, { text: "Enter name and password.", name, status: 401 });
    }
    const tried = gate.run(() => attempt(dashboard, c, name, password));
    if (tried === null) return tooMany(dashboard, c, name, 1);
    const result = await tried;
    if (typeof result === "number") return tooMany(dashboard, c, name, result);
    if (result === null) {
      return loginPage(dashboard, c, { text: "Name or password is wrong.", name, status: 401 });
    }
    const before = sessionToken(c);
    if (before !== "") deps.auth.logout(before);
    keepSession(c, result.token);
    c.set("userName", result.session.user.name);
    return c.redirect("/", 303);
  });
}

/** A new session, null for a wrong name or password, or the seconds to wait. */
async function attempt(
  { deps }: Dashboard,
  c: Context,
  name: string,
  password: string,
): Promise<{ token: string; session: Session } | number | null> {
  const address = addressOf(c);
  const verdict = await deps.throttle?.loginAllowed(name, address);
  if (verdict?.allowed === false) return verdict.retryAfterSec;
  const result = await deps.auth.login(name, password, sourceOf(c));
  if (result === null) {
    await deps.throttle?.loginFailed(name, address);
    // Not the name: people type passwords into the wrong field.
    deps.log.warn("login refused", { address });
    return null;
  }
  await deps.throttle?.loginSucceeded(name, address);
  deps.log.info("signed in", { user: result.session.user.name, address });
  return result;
}

interface LoginAnswer {
  readonly text: string;
  readonly name: string;
  readonly status: 200 | 401 | 429;
}

function loginPage({ assets, deps }: Dashboard, c: Context, answer: LoginAnswer): Response {
  const { text, name, status } = answer;
  const props = { assets: assets.urls, run: deps.run, problem: text, name };
  return htmlPage(c, render(LoginPage(props)), status);
}

function tooMany(dashboard: Dashboard, c: Context, name: string, waitSec: number): Response {
  c.header("retry-after", String(waitSec));
  return loginPage(dashboard, c, {
    text: `Too many tries. Wait ${waitSec} s.`,
    name,
    status: 429,
  });
}

function signOut({ app, assets, deps, live }: Dashboard): void {
  app.post("/logout", async (c) => {
    const token = sessionToken(c);
    const session = token === "" ? null : deps.auth.session(token);
    const form = await formOf(c);
    const csrf = c.req.header("x-csrf-token") ?? form.csrf;
    if (session !== null && (!isOwnOrigin(c) || !tokenMatches(session.csrfToken, csrf))) {
      return problem(c, assets, 403, {
        title: "Not accepted",
        text: "Reload the page and sign out again.",
      });
    }
    if (session !== null) {
      c.set("userName", session.user.name);
      deps.auth.logout(token);
      live.hub.closeSession(token);
    }
    dropSession(c);
    return c.redirect("/login", 303);
  });
}
