/** The routes of the pages: each page says what it takes and how it looks, this file asks it. */
import type { Context } from "hono";
import { render } from "../../views/html.tsx";
import type { Page } from "../../views/page.tsx";
import type { PageFrame, PageNotice } from "../../views/page-model.ts";
import { MOVED, navigationOf, PAGES } from "../../views/pages/list.ts";
import type { Query } from "../../views/region.tsx";
import { NO_PARAMS } from "../monitor/params.ts";
import { displayOf } from "./display.ts";
import { connectionOf } from "./edge.ts";
import { modelOf } from "./models.ts";
import { paramsOf, textParamsOf } from "./parameters.ts";
import { type Dashboard, type DashboardEnv, htmlPage } from "./respond.ts";

type PageContext = Context<DashboardEnv>;

export function pageRoutes(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  for (const page of PAGES) {
    for (const path of page.paths) {
      app.get(path, (c) => showPage(dashboard, c, page, { query: textParamsOf(c) }));
    }
    for (const part of page.polled) {
      app.get(`/fragments/${part.name}`, async (c) => {
        paramsOf(c, NO_PARAMS);
        return c.html(render(await part.open(deps)));
      });
    }
  }
  for (const [from, to] of Object.entries(MOVED)) {
    app.get(from, (c) => c.redirect(`${to}${new URL(c.req.url).search}`, 308));
  }
}

interface Shown {
  readonly query: Query;
  readonly notice?: PageNotice;
}

/** The page, or only its changing part when its form asked. Throws BadParameter and NotThere. */
export async function showPage(
  dashboard: Dashboard,
  c: PageContext,
  page: Page,
  { query, notice }: Shown,
): Promise<Response> {
  const { deps } = dashboard;
  const isPart = page.hasPart && c.req.header("hx-request") === "true";
  const html = await page.open({
    sources: deps,
    model: modelOf(deps),
    frame: frameOf(dashboard, c, page, notice ?? null),
    query,
    isPart,
  });
  if (page.hasPart) c.header("vary", "hx-request");
  if (isPart) return c.html(render(html));
  return htmlPage(c, render(html), notice?.tone === "bad" ? 422 : 200);
}

function frameOf(
  { assets, deps }: Dashboard,
  c: PageContext,
  page: Page,
  notice: PageNotice | null,
): PageFrame {
  const { id, user, csrfToken, expiresAtMs } = c.get("session");
  return {
    viewer: user,
    sessionId: id,
    csrfToken,
    assets: assets.urls,
    display: displayOf(c),
    path: page.paths[0] ?? "/",
    nav: navigationOf(deps.run.mode),
    sessionEndsAtMs: expiresAtMs,
    isClear: connectionOf(c).isClear ?? false,
    notice,
  };
}
