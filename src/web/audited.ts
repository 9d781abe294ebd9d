/**
 * Leaves a row in the audit trail for every request that would change something, whatever came of
 * it. What a route knows better than its address and form say, it sets as `deed`.
 */
import type { Context, MiddlewareHandler } from "hono";
import type { TrailKind } from "../runtime/ports/audit-trail.ts";
import type { WebDeps } from "./deps.ts";
import { addressOf } from "./edge.ts";
import type { Dashboard, DashboardEnv } from "./respond.ts";

/** Fields of forms that are secret or say nothing to a person. */
const LEFT_OUT = new Set([
  "csrf",
  "_method",
  "current",
  "next",
  "again",
  "password",
  "stamp",
  "sinceMs",
  "lifeMs",
]);

const KIND_OF: readonly (readonly [string, TrailKind])[] = [
  ["/commands", "command"],
  ["/trading", "command"],
  ["/orders", "command"],
  ["/positions", "command"],
  ["/symbols", "command"],
  ["/settings/people", "user"],
  ["/settings/sessions", "user"],
  ["/account/password", "user"],
  ["/account", "setting"],
  ["/settings", "setting"],
  ["/limits", "setting"],
  ["/api/limits", "setting"],
];

export function auditChanges({ deps }: Dashboard): MiddlewareHandler<DashboardEnv> {
  return async (c, next) => {
    await next();
    const { method } = c.req;
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") return;
    const told = c.get("deed");
    if (told === null) return;
    const { status } = c.res;
    const isRefused = status === 401 || status === 403;
    deps.trail.note({
      kind: isRefused ? "refusal" : kindOf(c.req.path),
      by: c.get("session").user.name,
      address: addressOf(c),
      session: c.get("session").id,
      what: told?.what ?? `${method} ${c.req.path}`,
      detail: told?.detail ?? detailOf(c.get("form")),
      outcome: told?.outcome ?? (status < 400 ? "done" : `refused (${status})`),
    });
  };
}

function kindOf(path: string): TrailKind {
  return KIND_OF.find(([start]) => path.startsWith(start))?.[1] ?? "other";
}

function detailOf(form: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(form ?? {})
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** What somebody without a session did or tried. */
export function noteGuest(
  { trail }: Pick<WebDeps, "trail">,
  c: Context,
  deed: { readonly by: string; readonly what: string; readonly outcome: string },
): void {
  const isRefused = deed.outcome !== "done";
  const kind = isRefused ? "refusal" : "sign-in";
  trail.note({ ...deed, kind, address: addressOf(c), session: 0, detail: agentOf(c) });
}

const agentOf = (c: Context): string => c.req.header("user-agent") ?? "";
