/**
 * What is known and said of one symbol. GET says it; PUT changes the note and the numbers that hold
 * in place of the measured ones, and is taken as an operator's command: by an id, once, told in the
 * audit trail, and written before it is answered. A wrong or unknown field changes nothing and is
 * named in the answer. The page's form posts the same.
 */
import type { Context } from "hono";
import { z } from "zod";
import { render } from "../../views/html.tsx";
import { Notice } from "../../views/pages/problem.tsx";
import type { ProfileEdit } from "../domain/profile-edit.ts";
import { isRecord } from "../kernel/json.ts";
import { commandRow } from "../monitor/command-row.ts";
import { BadParameter, symbolParam } from "../monitor/params.ts";
import {
  NOTE_CHARS_MAX,
  OVERRIDE_BOUNDS,
  OVERRIDE_NAMES,
  type OverrideName,
} from "../universe/operator-words.ts";
import { paramsOf } from "./parameters.ts";
import { type Dashboard, type DashboardEnv, problem, wantsJson } from "./respond.ts";
import { profileOf } from "./universe-rows.ts";

const REASON_CHARS_MAX = 200;
const ID = /^[0-9A-Za-z._:-]{1,64}$/;
const FIELDS = ["note", "overrides", "reason", "id"] as const;

const SYMBOL = z.object({ symbol: symbolParam() });

interface Wish extends ProfileEdit {
  readonly reason: string;
  readonly id: string;
}

export function profileRoutes(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  app.get("/api/symbol/:symbol/profile", (c) => {
    const { symbol } = paramsOf(c, SYMBOL);
    const profile = profileOf(deps, symbol);
    return profile === null ? unknown(c, symbol) : c.json(profile);
  });
  app.put("/api/symbol/:symbol/profile", async (c) => {
    const body: unknown = await c.req.json().catch(() => null);
    if (!isRecord(body)) throw bad("body", "a JSON object");
    return take(dashboard, c, wishIn(body));
  });
  app.post("/symbols/:symbol/profile", (c) => take(dashboard, c, wishInForm(c.get("form"))));
}

function bad(name: string, wanted: string): BadParameter {
  const shown = name.slice(0, 60);
  return new BadParameter(shown, wanted, `"${shown}" must be ${wanted}.`);
}

function wishIn(body: Readonly<Record<string, unknown>>): Wish {
  for (const name of Object.keys(body)) {
    if (!FIELDS.some((field) => field === name)) {
      throw bad(name, `left out; known are ${FIELDS.join(", ")}`);
    }
  }
  const { note, overrides, reason = "", id = "" } = body;
  return {
    ...(note !== undefined && { note: noteIn(note) }),
    ...(overrides !== undefined && { overrides: overridesIn(overrides) }),
    reason: textIn("reason", reason, REASON_CHARS_MAX),
    id: idIn(id),
  };
}

/** Fields of the page's form: an empty number takes one back. */
function wishInForm(form: Readonly<Record<string, string>>): Wish {
  const { note, reason = "", id = "" } = form;
  const numbers = OVERRIDE_NAMES.flatMap((name) => {
    const text = form[name]?.trim();
    return text === undefined ? [] : [[name, text === "" ? null : Number(text)] as const];
  });
  return {
    // A browser sends the lines of a text area apart by two characters.
    ...(note !== undefined && { note: noteIn(note.replaceAll("\r\n", "\n")) }),
    overrides: overridesIn(Object.fromEntries(numbers)),
    reason: textIn("reason", reason, REASON_CHARS_MAX),
    id: idIn(id),
  };
}

function textIn(name: string, value: unknown, charsMax: number): string {
  if (typeof value === "string" && value.length <= charsMax) return value;
  throw bad(name, `text of at most ${charsMax} characters`);
}

/** Lines are kept; other control characters could forge one elsewhere. */
function noteIn(value: unknown): string {
  const text = textIn("note", value, NOTE_CHARS_MAX);
  if (/[^\P{Cc}\n\t]/u.test(text)) throw bad("note", "text without control characters");
  return text;
}

function idIn(value: unknown): string {
  if (value === "") return `web-${crypto.randomUUID()}`;
  if (typeof value === "string" && ID.test(value)) return value;
  throw bad("id", "1 to 64 letters, digits and . _ : -");
}

function overridesIn(value: unknown): Readonly<Record<string, number | null>> {
  if (!isRecord(value))
    throw bad("overrides", "an object of numbers, or null for the measured one");
  const given: Partial<Record<OverrideName, number | null>> = {};
  for (const [name, number] of Object.entries(value)) {
    const known = OVERRIDE_NAMES.find((candidate) => candidate === name);
    if (known === undefined) throw bad(name, `one of ${OVERRIDE_NAMES.join(", ")}`);
    const { min, max, unit } = OVERRIDE_BOUNDS[known];
    const isGood = typeof number === "number" && number >= min && number <= max;
    if (number !== null && !isGood) throw bad(known, `${min} to ${max} ${unit}, or null`);
    given[known] = isGood ? number : null;
  }
  return given;
}

function take({ deps, assets }: Dashboard, c: Context<DashboardEnv>, wish: Wish): Response {
  const { user } = c.get("session");
  if (user.role === "viewer") {
    deps.log.warn("a change of a profile is refused", { user: user.name });
    return problem(c, assets, 403, { title: "Not allowed", text: "Viewers can look but not act." });
  }
  const { symbol } = paramsOf(c, SYMBOL);
  if (!deps.view().instruments.has(symbol)) return unknown(c, symbol);
  const { id, note, overrides } = wish;
  const told = deps.commands.give({
    id,
    action: "edit_profile",
    symbol,
    by: user.name,
    reason: wish.reason.replace(/\p{Cc}+/gu, " ").trim() || "no reason given",
    age: { by: "receipt" },
    edit: { ...(note !== undefined && { note }), ...(overrides !== undefined && { overrides }) },
  });
  if (told === null) {
    const text = "The engine takes nothing any more: it is ending. engine.log says why.";
    return problem(c, assets, 503, { title: "Not done", text });
  }
  const isDone = told.verdict === "executed";
  if (wantsJson(c) || c.req.method === "PUT") {
    return c.json(
      { command: commandRow(told), profile: profileOf(deps, symbol) },
      isDone ? 200 : 409,
    );
  }
  if (!isDone) return problem(c, assets, 409, { title: "Not done", text: told.outcome });
  if (c.req.header("hx-request") !== "true") {
    return c.redirect(`/symbols/${encodeURIComponent(symbol)}#standing`, 303);
  }
  return c.html(render(Notice({ tone: "good", text: `${symbol}: ${told.outcome}` })));
}

function unknown(c: Context, symbol: string): Response {
  const message = `No instrument is called ${symbol}.`;
  return c.json({ error: { code: "UNKNOWN_SYMBOL", message } }, 404);
}
