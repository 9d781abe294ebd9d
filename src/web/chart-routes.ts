/** What charts are drawn from: bars of a symbol, for programs too, and the account's worth. */
import type { Context, Env, Hono } from "hono";
import { z } from "zod";
import { CHART_SPANS } from "../charts/chart-tape.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { CHART_FILLS_MAX, type ChartPicture, pictureOf } from "../monitor/chart-picture.ts";
import {
  EQUITY_CHART_POINTS,
  EQUITY_RANGES,
  type EquityRange,
  equityPictureOf,
} from "../monitor/equity-picture.ts";
import { oneOf, symbolParam, wholeParam } from "../monitor/params.ts";
import type { WebDeps } from "./deps.ts";
import { paramsOf } from "./parameters.ts";

const BARS = z.object({
  symbol: symbolParam(),
  interval: oneOf(CHART_SPANS).default("1m"),
  /** ms since the epoch: for who has the older bars already. */
  from: wholeParam(0, Number.MAX_SAFE_INTEGER).default(0),
});

const RANGES: readonly EquityRange[] = ["5m", "1h", "24h", "7d", "30d"];
const EQUITY = z.object({ range: oneOf(RANGES).default("1h") });

/** For the dashboard's own script. */
export function equityRoutes<E extends Env>(app: Hono<E>, deps: WebDeps): void {
  app.get("/api/chart/equity", (c) => {
    const { range } = paramsOf(c, EQUITY);
    const atMs = deps.nowMs();
    const asked = { fromMs: atMs - EQUITY_RANGES[range], toMs: atMs, points: EQUITY_CHART_POINTS };
    const points = deps.history.equity(asked).map(({ runId, point }) => ({ runId, ...point }));
    const fees = feesOf(deps, asked.fromMs);
    c.header("cache-control", "no-store");
    return c.json(equityPictureOf(deps.view(), { range, points, fees, atMs }));
  });
}

/** A few weeks of a calm account, some hours of a busy one: beyond it fees are not drawn. */
const FEES_MAX = 1_000;

function feesOf({ trades }: WebDeps, fromMs: number) {
  const rows = trades.trades({ limit: FEES_MAX });
  const isWhole = rows.length < FEES_MAX || (rows.at(-1)?.atMs ?? 0) < fromMs;
  const within = rows.filter(({ atMs }) => atMs >= fromMs);
  const paid = within.map(({ atMs, fee }) => ({ atMs, feeUsdt: fixedToNumber(fee) }));
  return { paid, isWhole };
}

/** Puts the route into an app; both apps serve it. */
export function chartRoutes<E extends Env>(app: Hono<E>, deps: WebDeps): void {
  app.get("/api/symbol/:symbol/bars", (c) => {
    const asked = paramsOf(c, BARS);
    const picture = readPicture(deps, asked);
    if (picture === null) return unknown(c, asked.symbol);
    c.header("cache-control", "no-store");
    return c.json(picture);
  });
}

function readPicture(
  { charts, trades, view: viewNow, nowMs }: WebDeps,
  { symbol, interval, from: fromMs }: z.infer<typeof BARS>,
): ChartPicture | null {
  const view = viewNow();
  const instrument = view.instruments.get(symbol);
  if (instrument === undefined) return null;
  const bars = charts.bars(symbol, interval);
  // Executions reach the record some milliseconds after the view, and leave the view early.
  const newest = view.recentFills.filter((fill) => fill.symbol === symbol);
  const known = new Set(newest.map(({ execId }) => execId));
  const recorded = trades.trades({ symbol, limit: CHART_FILLS_MAX });
  const fills = [...newest, ...recorded.filter(({ execId }) => !known.has(execId))];
  return pictureOf({ view, instrument, interval, bars, fills, fromMs, atMs: nowMs() });
}

function unknown(c: Context, symbol: string): Response {
  const message = `No instrument is called ${symbol}.`;
  return c.json({ error: { code: "UNKNOWN_SYMBOL", message } }, 404);
}
