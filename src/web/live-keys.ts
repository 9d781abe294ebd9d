/**
 * The address of a live stream and the keys it stands for. A key is a region and the parameters it
 * depends on, as text, so that two readers of the same thing share one rendering.
 */
import { z } from "zod";
import type { Model } from "../../views/page-model.ts";
import {
  PAGE_REGIONS,
  type PageName,
  partial,
  type RegionName,
  regionId,
  renderRegion,
} from "../../views/regions.tsx";
import type { WebDeps } from "./deps.ts";
import type { LogTopic } from "./log-channels.ts";
import {
  LOGS_PARAMS,
  SYMBOL_PARAMS,
  SYMBOLS_PARAMS,
  symbolsQueryOf,
  TRADES_PARAMS,
  tradesPage,
} from "./models.ts";
import { readParams } from "./params.ts";

const PAGE_NAMES = Object.keys(PAGE_REGIONS) as PageName[];
const PAGE = z.object({
  page: z.enum(PAGE_NAMES, { error: `one of ${PAGE_NAMES.join(", ")}` }),
});

/** Which parameters a region depends on; the others share one rendering. */
const DEPENDS: Partial<Record<RegionName, "symbols" | "symbol" | "trades">> = {
  "symbol-rows": "symbols",
  "symbol-now": "symbol",
  "symbol-position": "symbol",
  orders: "symbol",
  fills: "symbol",
  trades: "trades",
};

interface LiveRequest {
  readonly keys: readonly string[];
  readonly log: LogTopic | null;
}

export const DEFAULT_LOG_FILE = "engine.log";

/** Address of a page's stream with the page's own parameters. */
export function liveUrl(page: PageName, params: Readonly<Record<string, string>> = {}): string {
  return `/live?${new URLSearchParams({ page, ...params })}`;
}

/** Reads the query of /live. Throws BadParameter. */
export function liveRequestOf(query: Readonly<Record<string, string>>): LiveRequest {
  const { page } = readParams(PAGE, query);
  const keys = PAGE_REGIONS[page].map((region) => keyOf(region, page, query));
  return { keys, log: page === "logs" ? logTopicOf(query) : null };
}

function logTopicOf(query: Readonly<Record<string, string>>): LogTopic {
  const { file, q } = readParams(LOGS_PARAMS, query);
  return { file: file ?? DEFAULT_LOG_FILE, q: q ?? "" };
}

function keyOf(
  region: RegionName,
  page: PageName,
  query: Readonly<Record<string, string>>,
): string {
  const depends = DEPENDS[region];
  if (depends === "symbols") {
    // "page" is the page's name here; the number of a page of rows is "number".
    const params = readParams(SYMBOLS_PARAMS, { ...query, page: query.number ?? "" });
    return `${region} ${JSON.stringify(symbolsQueryOf(params))}`;
  }
  if (depends === "trades") return `${region} ${readParams(TRADES_PARAMS, query).symbol ?? ""}`;
  if (depends === "symbol" && page === "symbol") {
    return `${region} ${readParams(SYMBOL_PARAMS, query).symbol}`;
  }
  return `${region} `;
}

/** The swap message of a key, from the present model. */
export function renderKey(deps: Pick<WebDeps, "trades">, model: Model, key: string): string {
  const space = key.indexOf(" ");
  const region = key.slice(0, space) as RegionName;
  const html = renderRegion(region, { ...model, ...paramsOf(deps, region, key.slice(space + 1)) });
  return partial(regionId(region), html);
}

function paramsOf(deps: Pick<WebDeps, "trades">, region: RegionName, text: string): Partial<Model> {
  const depends = DEPENDS[region];
  if (depends === "symbols") return { symbolsQuery: JSON.parse(text) };
  if (depends === "trades")
    return { trades: tradesPage(deps, text === "" ? {} : { symbol: text }) };
  return depends === "symbol" ? { symbol: text } : {};
}
