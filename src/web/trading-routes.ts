/**
 * The operator's actions. A state is a thing with a name: halting is PUT /trading/halt, resuming is
 * DELETE. The same addresses take a plain form's POST with `_method`, for a browser whose scripts
 * do not run at three in the morning.
 */
import type { Context } from "hono";
import { render } from "../../views/html.tsx";
import { Notice } from "../../views/pages/problem.tsx";
import type { OperatorAction } from "../domain/event.ts";
import { type Dashboard, type DashboardEnv, problem } from "./respond.ts";

const REASON_CHARS_MAX = 200;

const DONE: Readonly<Record<OperatorAction, string>> = {
  halt: "Halt sent",
  resume: "Resume sent",
  cancel_all: "Cancelling all orders",
  flatten: "Closing every position",
};

export function tradingRoutes(dashboard: Dashboard): void {
  const { app } = dashboard;
  const does = (action: OperatorAction) => (c: Context<DashboardEnv>) =>
    perform(dashboard, c, action);
  app.put("/trading/halt", does("halt"));
  app.delete("/trading/halt", does("resume"));
  app.post("/trading/halt", (c) =>
    perform(dashboard, c, c.get("form")._method === "delete" ? "resume" : "halt"),
  );
  app.post("/orders/cancel-all", does("cancel_all"));
  app.post("/positions/flatten", does("flatten"));
}

function perform(
  { assets, deps }: Dashboard,
  c: Context<DashboardEnv>,
  action: OperatorAction,
): Response {
  const { user } = c.get("session");
  if (user.role === "viewer") {
    deps.log.warn("operator action refused", { action, user: user.name });
    return problem(c, assets, 403, { title: "Not allowed", text: "Viewers can look but not act." });
  }
  const given = c.get("form").reason ?? c.req.query("reason") ?? "";
  const reason = oneLine(given).slice(0, REASON_CHARS_MAX) || "no reason given";
  deps.command(action, user.name, reason);
  if (c.req.header("hx-request") !== "true") return c.redirect("/", 303);
  const text = `${DONE[action]} by ${user.name}: ${reason}`;
  return c.html(render(Notice({ tone: "good", text })));
}

/** Control characters could forge a second line in a log. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
