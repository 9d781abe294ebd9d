/**
 * The operator's actions. A state is a thing with a name: halting is PUT /trading/halt, resuming is
 * DELETE. The same addresses take a plain form's POST with `_method`, for a browser whose scripts
 * do not run at three in the morning. POST /commands takes any action by its name, as a form or as
 * JSON.
 *
 * A command that names itself by an id can be asked about under it, and is carried out once however
 * often it comes. With the server's last stamp and the ms since it was heard its age is known
 * exactly; without, it is as old as the server stood still before reading it (ports/commands.ts).
 */
import type { Context } from "hono";
import { z } from "zod";
import { render } from "../../views/html.tsx";
import { Notice } from "../../views/pages/problem.tsx";
import { OPERATOR_ACTIONS, type OperatorAction } from "../domain/event.ts";
import type { Intervention } from "../engine/audit.ts";
import { isRecord } from "../kernel/json.ts";
import { commandRow } from "../monitor/command-row.ts";
import { BadParameter } from "../monitor/params.ts";
import { COMMAND_LIFE_MS_MAX, type CommandAge } from "../runtime/ports/commands.ts";
import { unheard } from "./history-routes.ts";
import { type Dashboard, type DashboardEnv, problem, wantsJson } from "./respond.ts";

const REASON_CHARS_MAX = 200;

const DONE: Readonly<Record<OperatorAction, string>> = {
  halt: "Halt",
  resume: "Resume",
  cancel_all: "Cancel all orders",
  cancel_halt: "Cancel all orders and halt",
  flatten: "Flatten",
  close_symbol: "Close",
  pause_symbol: "Pause",
  resume_symbol: "Resume",
  pin_symbol: "Pin",
  unpin_symbol: "Unpin",
  block_symbol: "Block",
  unblock_symbol: "Unblock",
  edit_profile: "Profile of",
};

const OF_SYMBOL: ReadonlySet<OperatorAction> = new Set([
  "close_symbol",
  "pause_symbol",
  "resume_symbol",
  "pin_symbol",
  "unpin_symbol",
  "block_symbol",
  "unblock_symbol",
  "edit_profile",
]);

const WISH = z.object({
  action: z.enum(OPERATOR_ACTIONS),
  symbol: z
    .string()
    .regex(/^[0-9A-Z_-]{1,40}$/)
    .or(z.literal(""))
    .default(""),
  reason: z.string().default(""),
  id: z
    .string()
    .regex(/^[0-9A-Za-z._:-]{1,64}$/)
    .optional(),
  stamp: z.string().max(40).optional(),
  sinceMs: z.coerce.number().min(0).max(86_400_000).default(0),
  lifeMs: z.coerce.number().min(1).max(COMMAND_LIFE_MS_MAX).default(COMMAND_LIFE_MS_MAX),
});
type Wish = z.infer<typeof WISH>;

const WANTED: Readonly<Record<string, string>> = {
  action: `one of ${OPERATOR_ACTIONS.join(", ")}`,
  symbol: "a contract's name, for example BTCUSDT, with the actions that are about one",
  reason: "text",
  id: "1 to 64 letters, digits and . _ : -",
  stamp: "a stamp as the server gave it",
  sinceMs: "ms since the stamp was heard, at most a day",
  lifeMs: `ms from 1 to ${COMMAND_LIFE_MS_MAX}`,
};

export function tradingRoutes(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  const does = (action: OperatorAction) => (c: Context<DashboardEnv>) =>
    perform(dashboard, c, { ...c.get("form"), action, symbol: c.req.param("symbol") });
  const undone = (action: OperatorAction, undo: OperatorAction) => (c: Context<DashboardEnv>) =>
    does(c.get("form")._method === "delete" ? undo : action)(c);
  app.put("/trading/halt", does("halt"));
  app.delete("/trading/halt", does("resume"));
  app.post("/trading/halt", undone("halt", "resume"));
  app.post("/orders/cancel-all", does("cancel_all"));
  app.post("/orders/cancel-halt", does("cancel_halt"));
  app.post("/positions/flatten", does("flatten"));
  app.post("/positions/:symbol/close", does("close_symbol"));
  app.put("/symbols/:symbol/pause", does("pause_symbol"));
  app.delete("/symbols/:symbol/pause", does("resume_symbol"));
  app.post("/symbols/:symbol/pause", undone("pause_symbol", "resume_symbol"));
  app.put("/symbols/:symbol/pin", does("pin_symbol"));
  app.delete("/symbols/:symbol/pin", does("unpin_symbol"));
  app.post("/symbols/:symbol/pin", undone("pin_symbol", "unpin_symbol"));
  app.put("/symbols/:symbol/block", does("block_symbol"));
  app.delete("/symbols/:symbol/block", does("unblock_symbol"));
  app.post("/symbols/:symbol/block", undone("block_symbol", "unblock_symbol"));
  app.post("/commands", async (c) => perform(dashboard, c, await fieldsOf(c)));
  app.get("/api/commands/:id", (c) => {
    const told = deps.commands.find(c.req.param("id"));
    return told === null ? unheard(c) : c.json(commandRow(told));
  });
  app.get("/api/session", (c) => {
    const { user, csrfToken, expiresAtMs } = c.get("session");
    const { name, role } = user;
    return c.json({ name, role, csrfToken, expiresAtMs, stamp: deps.commands.stamp() });
  });
}

/** A form's fields, or those of a JSON object. */
async function fieldsOf(c: Context<DashboardEnv>): Promise<Readonly<Record<string, unknown>>> {
  if (!(c.req.header("content-type") ?? "").startsWith("application/json")) return c.get("form");
  const body: unknown = await c.req.json().catch(() => null);
  if (isRecord(body)) return body;
  const wanted = "a JSON object";
  throw new BadParameter("body", wanted, `The body must be ${wanted}.`);
}

function wishOf(fields: Readonly<Record<string, unknown>>): Wish {
  const parsed = WISH.safeParse(fields);
  const isAboutOne = parsed.success && OF_SYMBOL.has(parsed.data.action);
  if (parsed.success && isAboutOne === (parsed.data.symbol !== "")) return parsed.data;
  const name = parsed.success ? "symbol" : String(parsed.error.issues[0]?.path[0] ?? "action");
  const wanted = WANTED[name] ?? "something else";
  throw new BadParameter(name, wanted, `Parameter "${name}" must be ${wanted}.`);
}

function perform(
  { assets, deps }: Dashboard,
  c: Context<DashboardEnv>,
  fields: Readonly<Record<string, unknown>>,
): Response {
  const { user } = c.get("session");
  const wish = wishOf({ reason: c.req.query("reason"), ...fields });
  const { action, symbol, stamp, sinceMs, lifeMs } = wish;
  if (user.role === "viewer") {
    deps.log.warn("operator action refused", { action, user: user.name });
    c.set("deed", { what: whatOf(wish), outcome: "refused: a viewer" });
    return problem(c, assets, 403, { title: "Not allowed", text: "Viewers can look but not act." });
  }
  const reason = oneLine(wish.reason).slice(0, REASON_CHARS_MAX) || "no reason given";
  const age: CommandAge =
    stamp === undefined ? { by: "receipt" } : { by: "stamp", stamp, sinceMs: sinceMs };
  const id = wish.id ?? `web-${crypto.randomUUID()}`;
  const told = deps.commands.give({ id, action, symbol, by: user.name, reason, age, lifeMs });
  const outcome = told === null ? "not taken" : `${told.verdict}: ${told.outcome}`;
  c.set("deed", { what: whatOf(wish), detail: `${reason} (command ${id})`, outcome });
  return answer(c, assets, told);
}

const whatOf = ({ action, symbol }: Wish): string =>
  symbol === "" ? action : `${action} ${symbol}`;

/** The outcome as it stands: as JSON, as a line for the page that asked, or as the overview. */
function answer(
  c: Context<DashboardEnv>,
  assets: Dashboard["assets"],
  told: Intervention | null,
): Response {
  if (told === null) {
    const text = "The engine takes nothing any more: it is ending. engine.log says why.";
    return problem(c, assets, 503, { title: "Not done", text });
  }
  const isDone = told.verdict === "executed";
  if (wantsJson(c)) return c.json(commandRow(told), isDone ? 200 : 409);
  const text = sentenceOf(told);
  if (!isDone) return problem(c, assets, 409, { title: "Not done", text });
  if (c.req.header("hx-request") !== "true") return c.redirect("/", 303);
  return c.html(render(Notice({ tone: "good", text })));
}

function sentenceOf({ action, symbol, by, reason, outcome }: Intervention): string {
  const what = symbol === "" ? DONE[action] : `${DONE[action]} ${symbol}`;
  return `${what} by ${by}: ${reason} · ${outcome}`;
}

/** Control characters could forge a second line in a log. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
