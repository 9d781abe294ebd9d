/**
 * The blotter for programs: pages and totals as JSON, and the whole of what a filter finds as CSV
 * or NDJSON. A file is made while it is read: a slow reader holds it up and nothing else, and one
 * that leaves ends it.
 */
import type { Context, Hono } from "hono";
import { z } from "zod";
import { FORMATS, rowObject } from "../blotter/cells.ts";
import {
  bpsOf,
  FILL_COLUMNS,
  ORDER_COLUMNS,
  REFUSAL_COLUMNS,
  TRIP_COLUMNS,
} from "../blotter/file-columns.ts";
import type {
  BlotterRows,
  BlotterTotals,
  ListName,
  ListQuery,
  OrderStory,
} from "../blotter/rows.ts";
import { fixedToText } from "../kernel/fixed.ts";
import { BLOTTER_PAGE, filterOf, filterParam, LISTS } from "../monitor/blotter-params.ts";
import { oneOf } from "../monitor/params.ts";
import type { BlotterText } from "../runtime/ports/blotter.ts";
import type { WebDeps } from "./deps.ts";
import { addressOf, type EdgeEnv } from "./edge.ts";
import { isoOf } from "./monitor-rows.ts";
import { paramsOf } from "./parameters.ts";
import type { Dashboard } from "./respond.ts";

const TOTALS = z.object({ q: filterParam().optional() });
const EXPORT = z.object({ ...TOTALS.shape, format: oneOf(FORMATS), tab: oneOf(LISTS) });
const ORDER = z.object({ id: z.string().min(1).max(64) });

/** Rows of an answer that does not say how many it wants. */
const PAGE_ROWS = 100;
const TYPES = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson; charset=utf-8" };

/** On the monitor API. */
export function blotterApi(app: Hono<EdgeEnv>, deps: WebDeps): void {
  pageRoute(app, deps, "trips", (row) => rowObject(TRIP_COLUMNS, row));
  pageRoute(app, deps, "fills", (row) => rowObject(FILL_COLUMNS, row));
  pageRoute(app, deps, "orders", (row) => rowObject(ORDER_COLUMNS, row));
  pageRoute(app, deps, "refusals", (row) => rowObject(REFUSAL_COLUMNS, row));
  app.get("/api/orders/:id", async (c) => {
    const { id } = paramsOf(c, ORDER);
    const story = await deps.blotter.order(id);
    if (story !== null) return c.json(storyRow(story));
    const message = `The record has no order ${id}.`;
    return c.json({ error: { code: "UNKNOWN_ORDER", message } }, 404);
  });
}

function pageRoute<Name extends ListName>(
  app: Hono<EdgeEnv>,
  deps: WebDeps,
  list: Name,
  told: (row: BlotterRows[Name]) => Readonly<Record<string, unknown>>,
): void {
  app.get(`/api/blotter/${list}`, async (c) => {
    const { q, format, limit = PAGE_ROWS, ...place } = paramsOf(c, BLOTTER_PAGE);
    const query = { list, terms: termsOf(deps, list, q) };
    if (format !== undefined) return fileOf(c, deps, query, format);
    const wanted = { ...place, limit };
    const { rows, hasOlder, hasNewer } = await deps.blotter.page(query, wanted);
    return c.json({ rows: rows.map(told), hasOlder, hasNewer });
  });
  app.get(`/api/blotter/${list}/totals`, async (c) => {
    const { q } = paramsOf(c, TOTALS);
    return c.json(totalsRow(await deps.blotter.totals({ list, terms: termsOf(deps, list, q) })));
  });
}

/** On the dashboard: with a session, and a row in the audit trail of who took what. */
export function exportRoutes({ app, deps }: Dashboard): void {
  app.get("/blotter/export", (c) => {
    const { tab, format, q } = paramsOf(c, EXPORT);
    const query = { list: tab, terms: termsOf(deps, tab, q) };
    const { user, id: session } = c.get("session");
    deps.trail.note({
      ...{ kind: "other", by: user.name, address: addressOf(c), session },
      ...{ what: `export ${tab} as ${format}`, detail: q ?? "", outcome: "done" },
    });
    return fileOf(c, deps, query, format);
  });
}

function termsOf({ nowMs, run }: WebDeps, tab: ListName, q = ""): ListQuery["terms"] {
  return filterOf(q, { tab, nowMs: nowMs(), timeZone: run.timeZone }).terms;
}

type Format = (typeof FORMATS)[number];

function fileOf(c: Context, deps: WebDeps, query: ListQuery, format: Format): Response {
  const text = deps.blotter.text(query, format);
  // It may take longer than a quiet connection is left open.
  c.env?.liftIdleTimeout?.();
  const at = new Date(deps.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return c.body(streamOf(text), 200, {
    "content-type": TYPES[format],
    "content-disposition": `attachment; filename="scalper-${query.list}-${at}Z.${format}"`,
  });
}

function streamOf(text: BlotterText): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const part = await text.next();
        if (part !== null) return controller.enqueue(encoder.encode(part));
        text.close();
        controller.close();
      },
      cancel: () => text.close(),
    },
    { highWaterMark: 0 },
  );
}

function totalsRow(totals: BlotterTotals) {
  const { count, traded, volume, makerVolume, gross, fees, funding, net } = totals;
  const { filled, unfilled, rejected, live, times, won } = totals;
  return {
    count,
    tradedCount: traded,
    volumeUsdt: fixedToText(volume),
    makerVolumeUsdt: fixedToText(makerVolume),
    realisedUsdt: fixedToText(gross),
    feeUsdt: fixedToText(fees),
    fundingUsdt: fixedToText(funding),
    netUsdt: fixedToText(net),
    netBps: bpsOf(net, volume),
    filledCount: filled,
    unfilledCount: unfilled,
    rejectedCount: rejected,
    liveCount: live,
    timesCount: times,
    wonCount: won,
  };
}

function storyRow({ order, steps, fills }: OrderStory) {
  return {
    ...rowObject(ORDER_COLUMNS, order),
    steps: steps.map(({ atMs, kind, text }) => ({ at: isoOf(atMs), atMs, kind, text })),
    fills: fills.map((fill) => rowObject(FILL_COLUMNS, fill)),
  };
}
