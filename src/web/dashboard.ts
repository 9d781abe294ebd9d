/**
 * The dashboard: pages rendered on the server, kept alive by one stream a tab, and four operator
 * actions. Order of the gates in front of a page: headers, body size, session, origin and token.
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { METHOD_NAME_ALL } from "hono/router";
import type { GalleryState } from "../../views/gallery.tsx";
import { NotThere } from "../../views/page.tsx";
import { BadParameter } from "../monitor/params.ts";
import type { Session } from "../runtime/ports/accounts.ts";
import { BlotterBusyError } from "../runtime/ports/blotter.ts";
import { LogSearchError, LogsBusyError } from "../runtime/ports/log.ts";
import { accessLog } from "./access-log.ts";
import { auditChanges, noteGuest } from "./audited.ts";
import { exportRoutes } from "./blotter-routes.ts";
import { chartRoutes, equityRoutes } from "./chart-routes.ts";
import type { WebDeps } from "./deps.ts";
import { galleryRoutes } from "./gallery-routes.ts";
import { limitsRoutes } from "./limits-routes.ts";
import { createLive, type Live } from "./live.ts";
import { liveRoutes } from "./live-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { loginRoutes } from "./login.ts";
import { accountRoutes } from "./own-account.ts";
import { pageRoutes } from "./pages.ts";
import { paletteRoutes } from "./palette-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { profileRoutes } from "./profile-routes.ts";
import { type Dashboard, type DashboardEnv, formOf, problem, wantsFragment } from "./respond.ts";
import { addressAsked, loginFor, pageBehind } from "./return-address.ts";
import { scenarioRoutes } from "./scenario-routes.ts";
import { hostGate, isOwnOrigin, securityHeaders, sessionToken, tokenMatches } from "./security.ts";
import { type Assets, loadAssets } from "./static-assets.ts";
import { tradingRoutes } from "./trading-routes.ts";
import { wholeBody } from "./whole-body.ts";

/** The largest form has a reason of 200 characters; this is far above it. */
const BODY_BYTES_MAX = 16 * 1024;

interface DashboardOptions {
  /** Folder with the style sheets; the executable carries it inside. */
  readonly staticDir: string;
  /** Hub and log channels, when the server drives them; a private one otherwise. */
  readonly live?: Live;
  /** States for /dev/views, in development and tests; without them there is no such page. */
  readonly gallery?: readonly GalleryState[];
}

/** Builds the app; it opens nothing by itself. */
export function dashboardApp(deps: WebDeps, options: DashboardOptions): Hono<DashboardEnv> {
  const app = new Hono<DashboardEnv>();
  const assets = loadAssets(options.staticDir);
  const dashboard: Dashboard = { app, deps, assets, live: options.live ?? createLive(deps) };

  app.use(accessLog(deps, "dashboard"));
  app.use((c, next) => (c.req.raw.method === "HEAD" ? wholeBody(c, next) : next()));
  app.use(compress({ encoding: "gzip" }));
  app.use(securityHeaders);
  app.use(hostGate);
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c) =>
        problem(c, assets, 413, {
          title: "Too large",
          text: "The form is larger than any of ours.",
        }),
    }),
  );
  app.get("/assets/:hash/:name", (c) => assets.serve(c));
  app.get("/assets/*", (c) => c.text("Not found", 404));
  loginRoutes(dashboard);
  app.use(sessionGate(dashboard));
  app.use(auditChanges(dashboard));
  app.use(changeGate(assets));
  pageRoutes(dashboard);
  exportRoutes(dashboard);
  accountRoutes(dashboard);
  peopleRoutes(dashboard);
  liveRoutes(dashboard);
  paletteRoutes(dashboard);
  logRoutes(dashboard);
  tradingRoutes(dashboard);
  limitsRoutes(dashboard);
  profileRoutes(dashboard);
  scenarioRoutes(dashboard);
  chartRoutes(app, deps);
  equityRoutes(app, deps);
  galleryRoutes(dashboard, options.gallery ?? []);
  app.notFound((c) => notFound(c, dashboard));
  app.onError((error, c) => failed(error, c, dashboard));
  return app;
}

/** Nothing behind this is reachable without a session. */
function sessionGate({ deps, live }: Dashboard): MiddlewareHandler<DashboardEnv> {
  return async (c, next) => {
    const token = sessionToken(c);
    const session = token === "" ? null : sessionFor(c, deps, token);
    if (session === null) return guest(c, deps);
    c.set("session", session);
    c.set("token", token);
    c.set("userName", session.user.name);
    live.hub.touch(token, session.expiresAtMs);
    return await next();
  };
}

/** What a page asks for by itself; none of it keeps a session alive that nobody uses. */
const BY_ITSELF = ["/live/", "/fragments/", "/api/"];

/** The session, rolled by what a person does. */
function sessionFor(c: Context, { auth }: WebDeps, token: string): Session | null {
  const isRead = c.req.raw.method === "GET" || c.req.raw.method === "HEAD";
  const isByItself = isRead && BY_ITSELF.some((start) => c.req.path.startsWith(start));
  return isByItself ? auth.peek(token) : auth.session(token);
}

/** People are sent to the login page; fragments and streams get no page into their place. */
function guest(c: Context, deps: WebDeps): Response {
  const isRead = c.req.raw.method === "GET" || c.req.raw.method === "HEAD";
  if (!isRead) {
    const what = `${c.req.method} ${c.req.path}`;
    noteGuest(deps, c, { by: "", what, outcome: "refused: no session" });
  }
  if (wantsFragment(c)) return c.body(null, 401, { "hx-redirect": loginFor(pageBehind(c)) });
  return isRead ? c.redirect(loginFor(addressAsked(c)), 302) : c.text("Sign in first.", 401);
}

/** Every state change: from our own page, with the session's token. */
function changeGate(assets: Assets): MiddlewareHandler<DashboardEnv> {
  return async (c, next) => {
    const { method } = c.req;
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") return await next();
    const form = await formOf(c);
    const token = c.req.header("x-csrf-token") ?? form.csrf;
    if (!isOwnOrigin(c) || !tokenMatches(c.get("session").csrfToken, token)) {
      const text = "The form is out of date or came from another site. Reload the page and retry.";
      return problem(c, assets, 403, { title: "Not accepted", text });
    }
    c.set("form", form);
    return await next();
  };
}

/** 404, or 405 with what the address takes: both follow from the routes that there are. */
function notFound(c: Context<DashboardEnv>, { app, assets }: Dashboard): Response {
  const routes = app.routes.filter(
    ({ method, path }) => method !== METHOD_NAME_ALL && matches(path, c.req.path),
  );
  // An address that is written out is none of those that a pattern also fits.
  const own = routes.filter(({ path }) => path === c.req.path);
  const methods = (own.length > 0 ? own : routes).flatMap(({ method }) =>
    method === "GET" ? ["GET", "HEAD"] : [method],
  );
  if (methods.length === 0)
    return problem(c, assets, 404, { title: "Not found", text: "There is no such page." });
  const allow = [...new Set(methods)].join(", ");
  c.header("allow", allow);
  return problem(c, assets, 405, {
    title: "Not possible",
    text: `This address takes ${allow} only.`,
  });
}

/** Whether a route's pattern of fixed parts and `:names` fits a path. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const found = path.split("/");
  if (wanted.length !== found.length) return false;
  return wanted.every((part, at) => (part.startsWith(":") ? found[at] !== "" : part === found[at]));
}

function failed(error: Error, c: Context, { assets, deps }: Dashboard): Response {
  if (error instanceof NotThere)
    return problem(c, assets, 404, { title: error.title, text: error.message });
  if (error instanceof BadParameter) {
    return problem(c, assets, 400, { title: "Not understood", text: error.message });
  }
  if (error instanceof LogsBusyError || error instanceof BlotterBusyError)
    return problem(c, assets, 429, { title: "Busy", text: error.message });
  if (error instanceof LogSearchError)
    return problem(c, assets, 422, { title: "Not searched", text: error.message });
  deps.log.error("dashboard request failed", {
    method: c.req.method,
    path: c.req.path,
    error: error.stack ?? error.message,
  });
  const text = "This page could not be made; trading is not affected. engine.log says why.";
  return problem(c, assets, 500, { title: "Something broke", text });
}
