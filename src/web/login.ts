/** Signing in and out. A try costs an argon2id hash, so tries are throttled and few run at once. */
import type { Context } from "hono";
import { render } from "../../views/html.tsx";
import { LoginPage } from "../../views/pages/login.tsx";
import { Gate } from "../kernel/gate.ts";
import type { EndReason, Session } from "../runtime/ports/accounts.ts";
import { noteGuest } from "./audited.ts";
import { addressOf, sourceOf } from "./edge.ts";
import { type Dashboard, formOf, htmlPage, problem } from "./respond.ts";
import { pageBehind, safeReturn } from "./return-address.ts";
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
    const asked = c.req.query("next");
    const next = asked === undefined ? pageBehind(c) : safeReturn(asked);
    if (token !== "" && deps.auth.session(token) !== null) return c.redirect(next, 302);
    const why = token === "" ? null : deps.auth.whyEnded(token);
    const text = why === null ? "" : ENDED[why];
    return loginPage(dashboard, c, { text, name: "", next, status: 200 });
  });

  app.post("/login", async (c) => {
    if (!isOwnOrigin(c)) {
      noteGuest(deps, c, { by: "", what: "sign in", outcome: "refused: from another site" });
      return problem(c, assets, 403, {
        title: "Not accepted",
        text: "Sign in on this site's own page.",
      });
    }
    const form = await formOf(c);
    const name = (form.name ?? "").trim().slice(0, NAME_CHARS_MAX);
    const password = form.password ?? "";
    const next = safeReturn(form.next);
    const refuse = (text: string) => loginPage(dashboard, c, { text, name, next, status: 401 });
    if (name === "" || password === "" || password.length > PASSWORD_CHARS_MAX) {
      return refuse("Enter name and password.");
    }
    const tried = gate.run(() => attempt(dashboard, c, name, password));
    if (tried === null) return tooMany(dashboard, c, { name, next }, 1);
    const result = await tried;
    if (typeof result === "number") return tooMany(dashboard, c, { name, next }, result);
    if (result === null) return refuse("Name or password is wrong.");
    const before = sessionToken(c);
    if (before !== "") deps.auth.logout(before);
    keepSession(c, result.token);
    c.set("userName", result.session.user.name);
    return c.redirect(next, 303);
  });
}

/** What the login page says to a browser whose session is over. */
const ENDED: Readonly<Record<EndReason, string>> = {
  idle: "You were signed out after 30 minutes without a click.",
  old: "You were signed out 12 hours after signing in.",
  password: "You were signed out because the password was changed.",
  role: "You were signed out because your role was changed.",
  disabled: "You were signed out: this login was disabled.",
  deleted: "You were signed out: this login was deleted.",
  ended: "You were signed out from another browser or by an admin.",
};

/** A new session, null for a wrong name or password, or the seconds to wait. */
async function attempt(
  { deps }: Dashboard,
  c: Context,
  name: string,
  password: string,
): Promise<{ token: string; session: Session } | number | null> {
  const address = addressOf(c);
  const verdict = await deps.throttle?.loginAllowed(name, address);
  if (verdict?.allowed === false) {
    noteGuest(deps, c, { by: "", what: "sign in", outcome: "refused: too many tries" });
    return verdict.retryAfterSec;
  }
  const result = await deps.auth.login(name, password, sourceOf(c));
  if (result === null) {
    await deps.throttle?.loginFailed(name, address);
    // Not the name: people type passwords into the wrong field.
    deps.log.warn("login refused", { address });
    noteGuest(deps, c, { by: "", what: "sign in", outcome: "refused: wrong name or password" });
    return null;
  }
  await deps.throttle?.loginSucceeded(name, address);
  const { user, id: session } = result.session;
  deps.log.info("signed in", { user: user.name, address });
  const detail = c.req.header("user-agent") ?? "";
  const deed = { kind: "sign-in", by: user.name, address, session } as const;
  deps.trail.note({ ...deed, what: "sign in", detail, outcome: "done" });
  return result;
}

interface LoginAnswer {
  readonly text: string;
  readonly name: string;
  /** Where to go afterwards. */
  readonly next: string;
  readonly status: 200 | 401 | 429;
}

function loginPage({ assets, deps }: Dashboard, c: Context, answer: LoginAnswer): Response {
  const { text, name, next, status } = answer;
  const props = { assets: assets.urls, run: deps.run, problem: text, name, next };
  return htmlPage(c, render(LoginPage(props)), status);
}

function tooMany(
  dashboard: Dashboard,
  c: Context,
  asked: Pick<LoginAnswer, "name" | "next">,
  waitSec: number,
): Response {
  c.header("retry-after", String(waitSec));
  const text = `Too many tries. Wait ${waitSec} s.`;
  return loginPage(dashboard, c, { ...asked, text, status: 429 });
}

/** The origin first: another site's form may neither end a session nor drop its cookie. */
function signOut({ app, assets, deps, live }: Dashboard): void {
  app.post("/logout", async (c) => {
    const token = sessionToken(c);
    const session = token === "" ? null : deps.auth.peek(token);
    const form = await formOf(c);
    const csrf = c.req.header("x-csrf-token") ?? form.csrf;
    const isOurs = isOwnOrigin(c) && (session === null || tokenMatches(session.csrfToken, csrf));
    if (!isOurs) {
      const by = session?.user.name ?? "";
      noteGuest(deps, c, { by, what: "sign out", outcome: "refused: from another site" });
      return problem(c, assets, 403, {
        title: "Not accepted",
        text: "Reload the page and sign out again.",
      });
    }
    if (session === null) return c.redirect("/login", 303);
    const { user, id } = session;
    c.set("userName", user.name);
    deps.auth.logout(token);
    live.hub.closeSession(token);
    const deed = { kind: "sign-in", by: user.name, address: addressOf(c), session: id } as const;
    deps.trail.note({ ...deed, what: "sign out", detail: "", outcome: "done" });
    dropSession(c);
    c.header("clear-site-data", '"cache"');
    return c.redirect("/login", 303);
  });
}
