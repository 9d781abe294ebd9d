/** What the dashboard's routes share: their environment, and how they answer. */
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { render } from "../../views/html.tsx";
import { Notice, ProblemPage } from "../../views/pages/problem.tsx";
import { BadParameter } from "../monitor/params.ts";
import type { Session } from "../runtime/ports/accounts.ts";
import type { WebDeps } from "./deps.ts";
import type { EdgeEnv } from "./edge.ts";
import type { Live } from "./live.ts";
import type { Assets } from "./static-assets.ts";

/** What a route says of its own deed; null for one that changed nothing and is not written. */
interface ToldDeed {
  readonly what?: string;
  readonly detail?: string;
  readonly outcome?: string;
}

export interface DashboardEnv extends EdgeEnv {
  Variables: {
    session: Session;
    token: string;
    userName: string | undefined;
    /** Form fields of a state change, read once. */
    form: Readonly<Record<string, string>>;
    /** For the audit trail, where the route knows better; null when nothing was changed. */
    deed: ToldDeed | null | undefined;
  };
}

/** What the route modules share. */
export interface Dashboard {
  readonly app: Hono<DashboardEnv>;
  readonly deps: WebDeps;
  readonly assets: Assets;
  readonly live: Live;
}

export function wantsFragment(c: Context): boolean {
  return (
    c.req.header("hx-request") === "true" ||
    c.req.path.startsWith("/live/") ||
    c.req.path.startsWith("/fragments/") ||
    (c.req.header("accept") ?? "").includes("text/event-stream")
  );
}

/** Text fields of the body; files and repeated fields are not part of any form of ours. */
export async function formOf(c: Context): Promise<Readonly<Record<string, string>>> {
  const type = c.req.header("content-type") ?? "";
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)) return {};
  const body = await c.req.parseBody().catch(() => {
    throw new BadParameter(
      "form",
      "form fields",
      "The form could not be read: wanted form fields, found something else.",
    );
  });
  const fields = Object.entries(body).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(fields);
}

/** True for a program that asks: pages and fragments are HTML, what is below /api/ never is. */
export function wantsJson(c: Context): boolean {
  if (c.req.path.startsWith("/api/")) return true;
  return (c.req.header("accept") ?? "").includes("application/json");
}

/** An error as JSON, as a page, or as a line in the page that asked. */
export function problem(
  c: Context,
  assets: Assets,
  status: ContentfulStatusCode,
  told: { readonly title: string; readonly text: string },
): Response {
  const { title, text } = told;
  if (wantsJson(c)) {
    const code = title.toUpperCase().replaceAll(" ", "_");
    return c.json({ error: { code, message: text } }, status);
  }
  if (c.req.header("hx-request") === "true") {
    const notice = render(Notice({ tone: "bad", text: `${title}: ${text}` }));
    return c.html(notice, status, { "hx-retarget": "#notice", "hx-reswap": "innerHTML" });
  }
  return htmlPage(c, render(ProblemPage({ assets: assets.urls, status, title, text })), status);
}

export function htmlPage(c: Context, html: string, status: ContentfulStatusCode = 200): Response {
  return c.html(`<!doctype html>${html}`, status);
}
