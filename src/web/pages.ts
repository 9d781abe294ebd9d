/** The pages. Each reads its parameters, builds the model, and calls one function of views/. */
import type { Context } from "hono";
import { Storage } from "../../views/fragments/storage.tsx";
import { pageWithin, selectSymbols } from "../../views/fragments/symbols.tsx";
import { type Html, render } from "../../views/html.tsx";
import type { PageFrame, Theme } from "../../views/page-model.ts";
import { AccountPage } from "../../views/pages/account.tsx";
import { HealthPage } from "../../views/pages/health.tsx";
import { LogsPage, LogsView } from "../../views/pages/logs.tsx";
import { OverviewPage } from "../../views/pages/overview.tsx";
import { SymbolPage } from "../../views/pages/symbol.tsx";
import { SymbolsPage, SymbolsView } from "../../views/pages/symbols.tsx";
import { TradesPage } from "../../views/pages/trades.tsx";
import type { PageName } from "../../views/regions.tsx";
import { addressOf, sourceOf } from "./edge.ts";
import { DEFAULT_LOG_FILE, liveUrl } from "./live-keys.ts";
import { LOG_RING_LINES } from "./log-channels.ts";
import {
  LOGS_PARAMS,
  modelOf,
  SYMBOL_PARAMS,
  SYMBOLS_PARAMS,
  symbolsQueryOf,
  TRADES_PARAMS,
  tradesPage,
} from "./models.ts";
import { readParams } from "./params.ts";
import { type Dashboard, type DashboardEnv, htmlPage, problem } from "./respond.ts";
import { keepSession } from "./security.ts";

type PageContext = Context<DashboardEnv>;

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function pageRoutes(dashboard: Dashboard): void {
  overview(dashboard);
  symbols(dashboard);
  trades(dashboard);
  logs(dashboard);
  health(dashboard);
  account(dashboard);
}

function frameOf(
  { assets }: Dashboard,
  c: PageContext,
  page: PageName,
  params: Readonly<Record<string, string>> = {},
): PageFrame {
  const { user, csrfToken } = c.get("session");
  return {
    viewer: user,
    csrfToken,
    assets: assets.urls,
    path: c.req.path === "/dashboard" ? "/" : c.req.path,
    liveUrl: liveUrl(page, params),
  };
}

/** The whole page, or only its changing part when a form of the page asked. */
function pageOrPart(c: PageContext, whole: () => Html, part: () => Html): Response {
  c.header("vary", "hx-request");
  if (c.req.header("hx-request") === "true") return c.html(render(part()));
  return htmlPage(c, render(whole()));
}

function overview(dashboard: Dashboard): void {
  const { app, deps, live } = dashboard;
  const show = (c: PageContext): Response => {
    const frame = frameOf(dashboard, c, "overview");
    return htmlPage(c, render(OverviewPage({ frame, model: modelOf(deps, live.memory) })));
  };
  app.get("/", show);
  app.get("/dashboard", show);
}

function symbols(dashboard: Dashboard): void {
  const { app, assets, deps, live } = dashboard;
  app.get("/symbols", (c) => {
    const asked = symbolsQueryOf(readParams(SYMBOLS_PARAMS, c.req.query()));
    const total = selectSymbols(deps.view().symbols.values(), asked).length;
    const symbolsQuery = { ...asked, page: pageWithin(asked.page, total) };
    const { page, ...rest } = symbolsQuery;
    const frame = frameOf(dashboard, c, "symbols", { ...rest, number: String(page) });
    const model = modelOf(deps, live.memory, { symbolsQuery });
    const props = { frame, model, total };
    return pageOrPart(
      c,
      () => SymbolsPage(props),
      () => SymbolsView(props),
    );
  });
  app.get("/symbols/:symbol", (c) => {
    const { symbol } = readParams(SYMBOL_PARAMS, c.req.param());
    const model = modelOf(deps, live.memory, { symbol });
    const instrument = model.view.instruments.get(symbol);
    if (instrument === undefined) {
      return problem(c, assets, 404, "Unknown symbol", `No instrument is called ${symbol}.`);
    }
    const frame = frameOf(dashboard, c, "symbol", { symbol });
    return htmlPage(c, render(SymbolPage({ frame, model, instrument })));
  });
}

function trades(dashboard: Dashboard): void {
  const { app, deps, live } = dashboard;
  app.get("/trades", (c) => {
    const params = readParams(TRADES_PARAMS, c.req.query());
    const page = tradesPage(deps, params);
    const frame = frameOf(dashboard, c, "trades", { symbol: page.symbol });
    const model = modelOf(deps, live.memory, { trades: page });
    return htmlPage(c, render(TradesPage({ frame, model })));
  });
}

function logs(dashboard: Dashboard): void {
  const { app, assets, deps, live } = dashboard;
  app.get("/logs", async (c) => {
    const params = readParams(LOGS_PARAMS, c.req.query());
    const file = params.file ?? DEFAULT_LOG_FILE;
    const q = params.q ?? "";
    const files = deps.logs.files();
    const query = { file, lines: LOG_RING_LINES, q: q === "" ? undefined : q };
    const lines = await deps.logs.tail(query);
    if (lines === null && params.file !== undefined) {
      return problem(c, assets, 404, "No such log", `There is no log file ${file}.`);
    }
    const frame = frameOf(dashboard, c, "logs", { file, q });
    const props = {
      frame,
      model: modelOf(deps, live.memory),
      logs: { files: files.map(({ name }) => name), file, q, lines: lines ?? [] },
    };
    return pageOrPart(
      c,
      () => LogsPage(props),
      () => LogsView(props),
    );
  });
}

function health(dashboard: Dashboard): void {
  const { app, deps, live } = dashboard;
  app.get("/health", async (c) => {
    const storage = await deps.storage();
    const frame = frameOf(dashboard, c, "health");
    return htmlPage(c, render(HealthPage({ frame, model: modelOf(deps, live.memory), storage })));
  });
  app.get("/fragments/storage", async (c) =>
    c.html(render(Storage({ storage: await deps.storage() }))),
  );
}

function account(dashboard: Dashboard): void {
  const { app, deps, live } = dashboard;
  const show = (c: PageContext, notice: AccountNotice | null): Response => {
    const frame = { ...frameOf(dashboard, c, "account"), path: "/account" };
    const { expiresAtMs } = c.get("session");
    const props = { frame, model: modelOf(deps, live.memory), notice, expiresAtMs };
    return htmlPage(c, render(AccountPage(props)), notice?.tone === "bad" ? 422 : 200);
  };
  app.get("/account", (c) => show(c, c.req.query("done") === "password" ? CHANGED : null));
  app.post("/account/theme", (c) => {
    const theme = THEMES.find((name) => name === c.get("form").theme);
    if (theme === undefined) {
      return show(c, { tone: "bad", text: `Choose one of ${THEMES.join(", ")}.` });
    }
    deps.auth.setTheme(c.get("session").user.id, theme);
    // The page has shown the choice already.
    if (c.req.header("hx-request") === "true") return c.body(null, 204);
    return c.redirect("/account", 303);
  });
  app.post("/account/password", async (c) => {
    const trouble = await changePassword(dashboard, c);
    if (trouble !== null) return show(c, { tone: "bad", text: trouble });
    return c.redirect("/account?done=password", 303);
  });
}

interface AccountNotice {
  readonly tone: "good" | "bad";
  readonly text: string;
}

const CHANGED: AccountNotice = {
  tone: "good",
  text: "The password is changed. Every other session of yours has ended.",
};

/** Null when done. A change ends every session, so that this browser gets a new one. */
async function changePassword({ deps, live }: Dashboard, c: PageContext): Promise<string | null> {
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
