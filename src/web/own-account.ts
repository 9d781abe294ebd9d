/** What the forms of the account page do. */
import type { Context } from "hono";
import type { Theme } from "../../views/page-model.ts";
import { account } from "../../views/pages/account.tsx";
import { addressOf, sourceOf } from "./edge.ts";
import { showPage } from "./pages.ts";
import type { Dashboard, DashboardEnv } from "./respond.ts";
import { keepSession } from "./security.ts";

type AccountContext = Context<DashboardEnv>;

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function accountRoutes(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  const refuse = (c: AccountContext, text: string): Promise<Response> =>
    showPage(dashboard, c, account, { query: {}, notice: { tone: "bad", text } });
  app.post("/account/theme", async (c) => {
    const theme = THEMES.find((name) => name === c.get("form").theme);
    if (theme === undefined) return refuse(c, `Choose one of ${THEMES.join(", ")}.`);
    deps.auth.setTheme(c.get("session").user.id, theme);
    // The page has shown the choice already.
    if (c.req.header("hx-request") === "true") return c.body(null, 204);
    return c.redirect("/settings", 303);
  });
  app.post("/account/password", async (c) => {
    const trouble = await changePassword(dashboard, c);
    if (trouble !== null) return refuse(c, trouble);
    return c.redirect("/settings?done=password", 303);
  });
}

/** Null when done. A change ends every session, so that this browser gets a new one. */
async function changePassword(
  { deps, live }: Dashboard,
  c: AccountContext,
): Promise<string | null> {
  const { current = "", next = "", again = "" } = c.get("form");
  if (next !== again) return "The new passwords differ.";
  const { user } = c.get("session");
  const address = addressOf(c);
  const verdict = await deps.throttle?.loginAllowed(user.name, address);
  if (verdict?.allowed === false) return `Too many tries. Wait ${verdict.retryAfterSec} s.`;
  const result = await deps.auth.changePassword(user.id, current, next);
  if (!result.ok) {
    await deps.throttle?.loginFailed(user.name, address);
    return result.problem;
  }
  await deps.throttle?.loginSucceeded(user.name, address);
  deps.log.info("password changed", { user: user.name, address });
  live.hub.closeSession(c.get("token"));
  const fresh = await deps.auth.login(user.name, next, sourceOf(c));
  if (fresh !== null) keepSession(c, fresh.token);
  return null;
}
