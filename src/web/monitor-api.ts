/**
 * The monitor API: what runs, as JSON, for curl, scripts and other dashboards. It has no login, so
 * it listens on loopback only and answers only to names that a web page elsewhere cannot point at
 * this machine (DNS rebinding). It can be read and never changes anything.
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { isTrustedHost } from "../kernel/host-name.ts";
import { DEFAULT_LOG, filterOf, LOG_FILTER_SHAPE } from "../monitor/log-params.ts";
import { BadParameter, NO_PARAMS, oneOf, symbolParam, wholeParam } from "../monitor/params.ts";
import { listSymbols, SYMBOLS_LIST } from "../monitor/symbols-query.ts";
import { BlotterBusyError } from "../runtime/ports/blotter.ts";
import { type LogFound, LogSearchError, LogsBusyError } from "../runtime/ports/log.ts";
import { accessLog } from "./access-log.ts";
import { blotterApi } from "./blotter-routes.ts";
import { cachedJson } from "./byte-cache.ts";
import { chartRoutes } from "./chart-routes.ts";
import type { WebDeps } from "./deps.ts";
import type { EdgeEnv } from "./edge.ts";
import { historyRoutes } from "./history-routes.ts";
import { moneyRoutes } from "./money-routes.ts";
import {
  accountRow,
  healthRow,
  orderRow,
  positionRow,
  storageRow,
  strategyRow,
  symbolBasic,
  symbolRow,
  tradeRow,
  universeRow,
} from "./monitor-rows.ts";
import { paramsOf } from "./parameters.ts";
import { profileOf } from "./universe-rows.ts";
import { wholeBody } from "./whole-body.ts";

/** A screenful many times over; a reader of more should read the file. */
const LOG_LINES_MAX = 10_000;
/** One page of executions: about 400 kB of JSON. `before` reaches the rest. */
const TRADES_MAX = 1_000;

/** What one answer may hold and how long it may search: the rest is asked for by `before`. */
const LOG_BYTES_MAX = 4 * 1024 * 1024;
const LOG_SEARCH_MS_MAX = 8_000;

const LOGS = z.object({
  ...LOG_FILTER_SHAPE,
  lines: wholeParam(1, LOG_LINES_MAX).default(100),
});
const TRADES = z.object({
  symbol: symbolParam().optional(),
  limit: wholeParam(1, TRADES_MAX).default(100),
  before: wholeParam(1, Number.MAX_SAFE_INTEGER).optional(),
});
/** `all=1` adds the flat rows: what each symbol realised since this start. */
const POSITIONS = z.object({
  all: oneOf(["0", "1"]).default("0"),
});
/** A day in half hours, or a week in cells of three. */
const HEALTH_HISTORY = z.object({ hours: oneOf(["24", "168"]).default("24") });
const SYMBOL = z.object({ symbol: symbolParam() });

/** In front of what takes no parameters. */
const bare: MiddlewareHandler = (c, next) => {
  paramsOf(c, NO_PARAMS);
  return next();
};

/** Builds the app; it opens nothing by itself. */
export function monitorApp(deps: WebDeps): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>();
  app.use(accessLog(deps, "monitor"));
  app.use(wholeBody);
  app.use(async (c, next) => {
    c.header("x-content-type-options", "nosniff");
    c.header("cache-control", "no-store");
    if (!isTrustedHost(c.req.header("host"))) {
      return fail(c, 421, "HOST_NOT_ALLOWED", "Ask by IP address or as localhost.");
    }
    if (c.req.method !== "GET" && c.req.method !== "HEAD") {
      c.header("allow", "GET, HEAD");
      return fail(c, 405, "METHOD_NOT_ALLOWED", `${c.req.method} is not possible; use GET.`);
    }
    return await next();
  });
  bigLists(app, deps);
  account(app, deps);
  symbols(app, deps);
  chartRoutes(app, deps);
  historyRoutes(app, deps);
  moneyRoutes(app, deps);
  blotterApi(app, deps);
  service(app, deps);
  app.notFound((c) => fail(c, 404, "NOT_FOUND", `There is nothing at ${c.req.path}.`));
  app.onError((error, c) => {
    if (error instanceof BadParameter) return refuseParameter(c, error);
    if (error instanceof LogsBusyError || error instanceof BlotterBusyError)
      return fail(c, 429, "BUSY", error.message);
    if (error instanceof LogSearchError) return fail(c, 422, "SEARCH_FAILED", error.message);
    deps.log.error("monitor request failed", {
      method: c.req.method,
      path: c.req.path,
      error: error.stack ?? error.message,
    });
    return fail(c, 500, "INTERNAL", "The request failed; engine.log says why.");
  });
  return app;
}

function fail(c: Context, status: ContentfulStatusCode, code: string, message: string): Response {
  return c.json({ error: { code, message } }, status);
}

/** The field and what it takes, for programs too. */
function refuseParameter(c: Context, { message, parameter, wanted }: BadParameter): Response {
  return c.json({ error: { code: "BAD_PARAMETER", message, parameter, wanted } }, 400);
}

function unknownSymbol(c: Context, symbol: string): Response {
  return fail(c, 404, "UNKNOWN_SYMBOL", `No instrument is called ${symbol}.`);
}

/** The three that everyone polls. */
function bigLists(app: Hono<EdgeEnv>, deps: WebDeps): void {
  const { nowMs } = deps;
  const symbolsVersion = (): number => deps.view().symbolsVersion;
  const allSymbols = cachedJson({
    nowMs,
    version: symbolsVersion,
    build: () => JSON.stringify([...deps.view().symbols.values()].map(symbolRow)),
  });
  app.get("/api/symbols", (c) => {
    const choice = paramsOf(c, SYMBOLS_LIST);
    const isWhole = Object.values(choice).every((value) => value === undefined);
    if (isWhole) return allSymbols(c);
    const view = deps.view();
    const paused = new Set(view.symbolHalts.map(({ symbol }) => symbol));
    const { rows, total } = listSymbols(view.symbols.values(), choice, paused);
    c.header("x-total-count", String(total));
    return c.json(rows.map(symbolRow));
  });
  app.get(
    "/api/monitor/tickers",
    bare,
    cachedJson({
      nowMs,
      version: () => deps.tickers.version(),
      build: () => JSON.stringify(deps.tickers.tickers()),
    }),
  );
  app.get(
    "/api/monitor/universe",
    bare,
    cachedJson({
      nowMs,
      version: () => deps.view().universe,
      build: () => JSON.stringify(universeRow(deps.view())),
    }),
  );
}

function account(app: Hono<EdgeEnv>, deps: WebDeps): void {
  app.get("/api/monitor/trades", (c) => {
    const query = paramsOf(c, TRADES);
    const rows = deps.trades.trades(query);
    const { symbol } = query;
    if (rows.length === 0 && symbol !== undefined && !deps.view().instruments.has(symbol)) {
      return unknownSymbol(c, symbol);
    }
    return c.json(rows.map(tradeRow));
  });
  app.get("/api/monitor/positions", (c) => {
    const { all } = paramsOf(c, POSITIONS);
    const rows = [...deps.view().positions.values()];
    return c.json(rows.filter((row) => all === "1" || row.side !== "flat").map(positionRow));
  });
  app.get("/api/monitor/orders", bare, (c) => {
    const view = deps.view();
    return c.json({
      open: [...view.openOrders.values()].map(orderRow),
      recent: view.recentOrders.map(orderRow),
    });
  });
  app.get("/api/monitor/account", bare, (c) => c.json(accountRow(deps.view())));
  app.get("/api/monitor/strategies", bare, (c) => c.json(deps.view().strategies.map(strategyRow)));
}

function symbols(app: Hono<EdgeEnv>, deps: WebDeps): void {
  app.get("/api/symbol/:symbol/basic", (c) => {
    const { symbol } = paramsOf(c, SYMBOL);
    const view = deps.view();
    const instrument = view.instruments.get(symbol);
    if (instrument === undefined) return unknownSymbol(c, symbol);
    return c.json(symbolBasic(instrument, view.symbols.get(symbol)));
  });
  app.get("/api/symbol/:symbol/profile", (c) => {
    const { symbol } = paramsOf(c, SYMBOL);
    const profile = profileOf(deps, symbol);
    return profile === null ? unknownSymbol(c, symbol) : c.json(profile);
  });
}

function service(app: Hono<EdgeEnv>, deps: WebDeps): void {
  app.get("/api/monitor/logs", async (c) => {
    const { lines: hitsMax, before, file = DEFAULT_LOG, ...query } = paramsOf(c, LOGS);
    const filter = filterOf(query, deps.nowMs());
    if (filter === null && before === undefined) {
      const lines = await deps.logs.tail({ file, lines: hitsMax });
      if (lines !== null) return c.json(lines.map(({ text }) => text));
    } else {
      const asked = { file, filter: filter ?? {}, order: "newest", before } as const;
      const limits = { hitsMax, bytesMax: LOG_BYTES_MAX, forMs: LOG_SEARCH_MS_MAX };
      const found = await deps.logs.find(asked, limits, c.req.raw.signal);
      if (found !== null) return foundLines(c, found);
    }
    const names = deps.logs.files().map((file) => file.name);
    return fail(
      c,
      404,
      "NO_SUCH_FILE",
      `There is no log file ${file}. There are: ${names.join(", ") || "none yet"}.`,
    );
  });
  app.get("/api/monitor/storage", bare, async (c) => {
    const { growth } = deps.healthPast(24);
    return c.json({ ...storageRow(await deps.storage()), growth });
  });
  app.get("/api/health/history", (c) => {
    const { hours } = paramsOf(c, HEALTH_HISTORY);
    const { fromMs, toMs, ...past } = deps.healthPast(hours === "168" ? 168 : 24);
    return c.json({ fromAtMs: fromMs, toAtMs: toMs, ...past });
  });
  app.get("/api/health", bare, (c) => c.json(healthRow(deps.health())));
  app.get("/livez", bare, (c) => c.json({ ok: true }));
  app.get("/readyz", bare, (c) => {
    const ready = deps.ready();
    return c.json(ready, ready.ok ? 200 : 503);
  });
}

/**
 * The lines, oldest first; the headers say how much was read for them, and where to go on when that
 * was not all.
 */
function foundLines(c: Context, found: LogFound): Response {
  const { hits, searchedBytes, totalBytes, before, isDone } = found;
  c.header("x-searched-bytes", String(searchedBytes));
  c.header("x-total-bytes", String(totalBytes));
  c.header("x-complete", isDone ? "yes" : "no");
  if (!isDone) c.header("x-next-before", String(before));
  return c.json(hits.map(({ text }) => text).reverse());
}
