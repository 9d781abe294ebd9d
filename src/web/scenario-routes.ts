/**
 * Weather and faults of the embedded exchange: POST /simulator/scenario calls a regime up, with
 * `clear` it takes all of them away; POST /simulator/faults switches a fault on, or with `remove`
 * one or all off. Operators and admins only; every call is logged with the name.
 */
import type { Context } from "hono";
import { z } from "zod";
import { render } from "../../views/html.tsx";
import { Notice } from "../../views/pages/problem.tsx";
import { BadParameter } from "../monitor/params.ts";
import { SCENARIO_KINDS, type ScenarioWish } from "../monitor/weather.ts";
import { type Dashboard, type DashboardEnv, problem } from "./respond.ts";

const FOR_S_MAX = 86_400;
const STRENGTH_MAX = 5;
const SYMBOLS_MAX = 50;

const WISH = z.object({
  kind: z.enum(SCENARIO_KINDS),
  symbols: z
    .string()
    .default("")
    .transform((text) =>
      text
        .toUpperCase()
        .split(/[\s,]+/)
        .filter((name) => name !== ""),
    )
    .pipe(z.array(z.string().regex(/^[0-9A-Z_-]{1,40}$/)).max(SYMBOLS_MAX)),
  forS: z.coerce.number().min(1).max(FOR_S_MAX).default(300),
  strength: z.coerce.number().min(-STRENGTH_MAX).max(STRENGTH_MAX).default(1),
});

const WANTED: Readonly<Record<string, string>> = {
  kind: `one of ${SCENARIO_KINDS.join(", ")}`,
  symbols: `at most ${SYMBOLS_MAX} names of contracts with spaces between, or none for all`,
  forS: `seconds from 1 to ${FOR_S_MAX}`,
  strength: `a number from ${-STRENGTH_MAX} to ${STRENGTH_MAX}`,
};

export function scenarioRoutes(dashboard: Dashboard): void {
  dashboard.app.post("/simulator/scenario", (c) => perform(dashboard, c));
  dashboard.app.post("/simulator/faults", (c) => strike(dashboard, c));
}

const FAULT = z.object({
  name: z.string().max(40).default(""),
  remove: z.union([z.literal(["", "all"]), z.string().regex(/^\d{1,9}$/)]).default(""),
});

async function strike({ deps, assets }: Dashboard, c: Context<DashboardEnv>): Promise<Response> {
  const { user } = c.get("session");
  if (user.role === "viewer") {
    deps.log.warn("a fault is refused", { user: user.name });
    return problem(c, assets, 403, { title: "Not allowed", text: "Viewers can look but not act." });
  }
  const parsed = FAULT.safeParse(c.get("form"));
  if (!parsed.success) {
    const wanted = "the number of a fault, or all";
    throw new BadParameter("remove", wanted, `Parameter "remove" must be ${wanted}.`);
  }
  const { name, remove } = parsed.data;
  const refused = await (remove === ""
    ? deps.faults.add(name)
    : deps.faults.remove(remove === "all" ? null : Number(remove)));
  deps.log.info("fault", { user: user.name, name, remove, refused });
  if (refused !== null) return problem(c, assets, 409, { title: "Not done", text: refused });
  return c.redirect("/simulator", 303);
}

async function perform({ deps, assets }: Dashboard, c: Context<DashboardEnv>): Promise<Response> {
  const { user } = c.get("session");
  const form = c.get("form");
  const isClear = form.clear === "yes";
  const wish = isClear ? null : wishOf(form);
  if (user.role === "viewer") {
    deps.log.warn("a scenario is refused", { user: user.name });
    return problem(c, assets, 403, { title: "Not allowed", text: "Viewers can look but not act." });
  }
  const refused = await (wish === null ? deps.scenario.clear() : deps.scenario.call(wish));
  deps.log.info("scenario", { user: user.name, wish: wish ?? "clear", refused });
  if (refused !== null) return problem(c, assets, 409, { title: "Not done", text: refused });
  if (c.req.header("hx-request") !== "true") return c.redirect("/simulator", 303);
  const text = wish === null ? "The market is left to itself." : `Called up: ${wish.kind}.`;
  return c.html(render(Notice({ tone: "good", text })));
}

function wishOf(form: Readonly<Record<string, string>>): ScenarioWish {
  const parsed = WISH.safeParse(form);
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0] ?? "kind");
  const wanted = WANTED[name] ?? "something else";
  throw new BadParameter(name, wanted, `Parameter "${name}" must be ${wanted}.`);
}
