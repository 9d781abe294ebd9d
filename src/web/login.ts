/** Signing in and out. A try costs an argon2id hash, so tries are throttled and few run at once. */
import type { Context } from "hono";
import { render } from "../../views/html.tsx";
import { LoginPage } from "../../views/pages/login.tsx";
import type { LoginVerdict } from "./deps.ts";
import { addressOf, sourceOf } from "./edge.ts";
import { type Dashboard, formOf, htmlPage, problem } from "./respond.ts";
import { dropSession, isOwnOrigin, keepSession, sessionToken, tokenMatches } from "./security.ts";

/** Each hash takes 64 MiB for about 0.1 s; a flood of tries must not take the memory of trading. */
const LOGINS_AT_ONCE_MAX = 3;
const NAME_CHARS_MAX = 64;
const PASSWORD_CHARS_MAX = 256;

export function loginRoutes(dashboard: Dashboard): void {
  const { app, deps, assets, live } = dashboard;
  let running = 0;

  const page = (c: Context, text: string, name: string, status: 200 | 401 | 429): Response => {
    const props = { assets: assets.urls, run: deps.run, problem: text, name };
    return htmlPage(c, render(LoginPage(props)), status);
  };

  app.get("/login", (c) => {
    const token = sessionToken(c);
    if (token !== "" && deps.auth.session(token) !== null) return c.redirect("/", 302);
    return page(c, "", "", 200);
  });

  app.post("/login", async (c) => {
    if (!isOwnOrigin(c)) {
      return problem(c, assets, 403, "Not accepted", "Sign in on this site's own page.");
    }
    const form = await formOf(c);
    const name = (form.name ?? "").trim().slice(0, NAME_CHARS_MAX);
    const password = form.password ?? "";
    const address = addressOf(c);
    if (name === "" || password === "" || password.length > PASSWORD_CHARS_MAX) {
      return page(c, "Enter name and password.", name, 401);
    }
    const verdict = await allowed(dashboard, name, address, running);
    if (!verdict.allowed) {
      c.header("retry-after", String(verdict.retryAfterSec));
      return page(c, `Too many tries. Wait ${verdict.retryAfterSec} s.`, name, 429);
    }
    running++;
    const result = await deps.auth.login(name, password, sourceOf(c)).finally(() => {
      running--;
    });
    if (result === null) {
      await deps.throttle?.loginFailed(name, address);
      // Not the name: people type passwords into the wrong field.
      deps.log.warn("login refused", { address });
      return page(c, "Name or password is wrong.", name, 401);
    }
    await deps.throttle?.loginSucceeded(name, address);
    const before = sessionToken(c);
    if (before !== "") deps.auth.logout(before);
    keepSession(c, result.token);
    c.set("userName", result.session.user.name);
    deps.log.info("signed in", { user: result.session.user.name, address });
    return c.redirect("/", 303);
  });

  app.post("/logout", async (c) => {
    const token = sessionToken(c);
    const session = token === "" ? null : deps.auth.session(token);
    const form = await formOf(c);
    const csrf = c.req.header("x-csrf-token") ?? form.csrf;
    if (session !== null && (!isOwnOrigin(c) || !tokenMatches(session.csrfToken, csrf))) {
      return problem(c, assets, 403, "Not accepted", "Reload the page and sign out again.");
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

async function allowed(
  { deps }: Dashboard,
  name: string,
  address: string,
  running: number,
): Promise<LoginVerdict> {
  if (running >= LOGINS_AT_ONCE_MAX) return { allowed: false, retryAfterSec: 1 };
  return (await deps.throttle?.loginAllowed(name, address)) ?? { allowed: true };
}
