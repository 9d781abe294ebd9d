/** What happened to trading, its services and its account, over all runs, from the record. */
import type { Context, Hono } from "hono";
import { z } from "zod";
import { commandRow } from "../monitor/command-row.ts";
import { BadParameter, wholeParam } from "../monitor/params.ts";
import type { WebDeps } from "./deps.ts";
import type { EdgeEnv } from "./edge.ts";
import { equityRow, incidentRow, interventionRow } from "./history-rows.ts";
import { paramsOf } from "./parameters.ts";

const ROWS_MAX = 1_000;
/** More than a chart has pixels; the thinned curve of a year has twice as many. */
const POINTS_MAX = 5_000;
const DAY_MS = 86_400_000;

const PAGE = z.object({
  limit: wholeParam(1, ROWS_MAX).default(100),
  before: wholeParam(1, Number.MAX_SAFE_INTEGER).optional(),
});
const COMMAND = z.object({ id: z.string().min(1).max(64) });
/** Times in ms since the epoch; the last day when none is given. */
const EQUITY = z.object({
  from: wholeParam(0, Number.MAX_SAFE_INTEGER).optional(),
  to: wholeParam(0, Number.MAX_SAFE_INTEGER).optional(),
  points: wholeParam(1, POINTS_MAX).default(500),
});

export function historyRoutes(app: Hono<EdgeEnv>, { commands, history, nowMs }: WebDeps): void {
  app.get("/api/commands/:id", (c) => {
    const told = commands.find(paramsOf(c, COMMAND).id);
    return told === null ? unheard(c) : c.json(commandRow(told));
  });
  app.get("/api/monitor/interventions", (c) =>
    c.json(history.interventions(paramsOf(c, PAGE)).map(interventionRow)),
  );
  app.get("/api/monitor/incidents", (c) =>
    c.json(history.incidents(paramsOf(c, PAGE)).map(incidentRow)),
  );
  app.get("/api/monitor/equity", (c) => {
    const { from, to, points } = paramsOf(c, EQUITY);
    const toMs = to ?? nowMs();
    const fromMs = from ?? Math.max(0, toMs - DAY_MS);
    if (fromMs > toMs) {
      const wanted = `a time up to ${toMs}, which is "to"`;
      throw new BadParameter(
        "from",
        wanted,
        `Parameter "from" must be ${wanted}; found ${fromMs}.`,
      );
    }
    return c.json(history.equity({ fromMs, toMs, points }).map(equityRow));
  });
}

/** Never arrived, so that nothing came or will come of it. */
export function unheard(c: Context): Response {
  const message = "No command of this id has arrived.";
  return c.json({ error: { code: "UNKNOWN_COMMAND", message } }, 404);
}
