/**
 * Risk limits over HTTP. GET /api/limits says each limit with its bounds, source and use; PUT takes
 * new values, or with `preview` says what they would do. The page's form posts the same to /limits.
 * A wrong or unknown field changes nothing and is named in the answer.
 */
import type { Context } from "hono";
import { z } from "zod";
import { render } from "../../views/html.tsx";
import { Notice } from "../../views/pages/problem.tsx";
import { isRecord } from "../kernel/json.ts";
import { BadParameter } from "../monitor/params.ts";
import { LIMIT_NAMES, type LimitName, limitAccepts } from "../risk/limit-terms.ts";
import type { LimitOutcome, LimitPreview, LimitWishes } from "../runtime/ports/limit-changes.ts";
import { limitRows, previewText } from "./limit-rows.ts";
import { type Dashboard, type DashboardEnv, problem } from "./respond.ts";

const REASON_CHARS_MAX = 200;

/** JSON: {"changes":{"leverageMax":5},"reason":"…","confirmed":false,"preview":true}. */
const WISH = z.strictObject({
  changes: z.record(z.string(), z.number().nullable()),
  reason: z.string().max(REASON_CHARS_MAX).default(""),
  confirmed: z.boolean().default(false),
  preview: z.boolean().default(false),
});
type Wish = z.infer<typeof WISH>;

const WANTED: Readonly<Record<string, string>> = {
  changes: "an object of limits with a number each, or null for what the settings say",
  reason: `text of at most ${REASON_CHARS_MAX} characters`,
  confirmed: "true or false",
  preview: "true or false",
};

export function limitsRoutes(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  app.get("/api/limits", (c) => c.json(limitRows(deps.limits, deps.view())));
  app.put("/api/limits", async (c) => {
    const body: unknown = await c.req.json().catch(() => null);
    return take(dashboard, c, wishIn(body));
  });
  app.post("/limits", (c) => take(dashboard, c, wishInForm(c.get("form"))));
}

function wishIn(body: unknown): Wish {
  if (!isRecord(body)) throw bad("body", "a JSON object");
  const parsed = WISH.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw bad(issue.keys[0] ?? "body", `left out; known are ${Object.keys(WANTED).join(", ")}`);
  }
  const [field = "body", name] = (issue?.path ?? []).map(String);
  if (field === "changes" && name !== undefined) {
    const known = LIMIT_NAMES.find((limit) => limit === name);
    throw bad(name, known === undefined ? "the name of a limit" : limitAccepts(known));
  }
  throw bad(field, WANTED[field] ?? "something else");
}

/** Fields of the page's form: an empty one leaves its limit as it is. */
function wishInForm(form: Readonly<Record<string, string>>): Wish {
  const changes: Record<string, number> = {};
  const known = new Set<string>(["csrf", "reason", "confirmed", "preview", "_method"]);
  for (const [name, text] of Object.entries(form)) {
    if (known.has(name) || text.trim() === "") continue;
    const limit = LIMIT_NAMES.find((candidate) => candidate === name);
    if (limit === undefined) throw bad(name, "the name of a limit");
    const value = Number(text);
    if (!Number.isFinite(value)) throw bad(name, limitAccepts(limit));
    changes[name] = value;
  }
  const { reason = "", confirmed, preview } = form;
  return { changes, reason, confirmed: confirmed === "yes", preview: preview === "yes" };
}

function bad(name: string, wanted: string): BadParameter {
  return new BadParameter(name, wanted, `"${name}" must be ${wanted}.`);
}

function take({ deps, assets }: Dashboard, c: Context<DashboardEnv>, wish: Wish): Response {
  const { user } = c.get("session");
  if (user.role === "viewer") {
    deps.log.warn("a change of the risk limits is refused", { user: user.name });
    return problem(c, assets, 403, { title: "Not allowed", text: "Viewers can look but not act." });
  }
  const wishes = wishesOf(wish.changes);
  const reason = wish.reason.replace(/\p{Cc}+/gu, " ").trim() || "no reason given";
  const { confirmed } = wish;
  const told = Object.entries(wish.changes).map(
    ([name, value]) => `${name}=${value ?? "settings"}`,
  );
  c.set(
    "deed",
    wish.preview ? null : { what: "risk limits", detail: `${told.join(" ")}: ${reason}` },
  );
  const outcome = wish.preview
    ? deps.limits.preview(wishes)
    : deps.limits.change({ wishes, by: user.name, reason, confirmed });
  return answer(c, assets, "result" in outcome ? outcome : { result: "preview", preview: outcome });
}

/** Names are checked by the desk, which says what is wrong with each. */
function wishesOf(changes: Readonly<Record<string, number | null>>): LimitWishes {
  const wishes: Partial<Record<LimitName, number | null>> = {};
  for (const [name, value] of Object.entries(changes)) {
    const known = LIMIT_NAMES.find((limit) => limit === name);
    if (known === undefined) throw bad(name, "the name of a limit");
    wishes[known] = value;
  }
  return wishes;
}

type Answer = LimitOutcome | { readonly result: "preview"; readonly preview: LimitPreview };

const STATUS = { changed: 200, preview: 200, unconfirmed: 409, unwritten: 503 } as const;

function answer(c: Context, assets: Dashboard["assets"], outcome: Answer): Response {
  if (outcome.result === "wrong") throw bad(outcome.name, outcome.wanted);
  const status = STATUS[outcome.result];
  const isOwnPage = c.req.path === "/limits";
  if (!isOwnPage) return c.json(outcome, status);
  const text = outcome.result === "unwritten" ? outcome.text : previewText(outcome.preview);
  if (status !== 200) {
    const title = outcome.result === "unconfirmed" ? "Confirm what loosens" : "Not done";
    return problem(c, assets, status, { title, text });
  }
  if (c.req.header("hx-request") !== "true") return c.redirect("/risk", 303);
  const said = outcome.result === "changed" ? "Limits changed" : "It would do this";
  return c.html(render(Notice({ tone: "good", text: `${said}: ${text}` })));
}
