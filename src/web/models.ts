/** Builds the model that pages and live regions are functions of. */

import { z } from "zod";
import {
  type ActionRow,
  type EquityPoint,
  type Model,
  SYMBOL_SORTS,
  SYMBOLS_QUERY,
  type SymbolsQuery,
  type TradesPage,
} from "../../views/page-model.ts";
import type { WebDeps } from "./deps.ts";
import { fileParam, symbolParam, textParam, wholeParam } from "./params.ts";

/** One screen of executions, and one page of the database. */
const TRADES_PER_PAGE = 50;

/** Empty text in a form field means "not given". */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const oneOf = <Name extends string>(names: readonly Name[]) =>
  z.enum(names, { error: `one of ${names.join(", ")}` });

export const SYMBOLS_PARAMS = z.object({
  q: optional(textParam(40)),
  category: optional(textParam(40)),
  sort: optional(oneOf(SYMBOL_SORTS)),
  dir: optional(oneOf(["asc", "desc"] as const)),
  page: optional(wholeParam(1, 10_000)),
});

export const TRADES_PARAMS = z.object({
  symbol: optional(symbolParam()),
  before: optional(wholeParam(1, Number.MAX_SAFE_INTEGER)),
});

export const LOGS_PARAMS = z.object({
  file: optional(fileParam()),
  q: optional(textParam(200)),
});

export const SYMBOL_PARAMS = z.object({ symbol: symbolParam() });

export function symbolsQueryOf(params: z.infer<typeof SYMBOLS_PARAMS>): SymbolsQuery {
  return {
    q: params.q ?? SYMBOLS_QUERY.q,
    category: params.category ?? SYMBOLS_QUERY.category,
    sort: params.sort ?? SYMBOLS_QUERY.sort,
    dir: params.dir ?? SYMBOLS_QUERY.dir,
    page: params.page ?? SYMBOLS_QUERY.page,
  };
}

const NO_TRADES: TradesPage = { rows: [], symbol: "", olderThan: null, isOlder: false };

/** What this process remembers for the pages beyond the read model. */
export interface PageMemory {
  readonly equity: () => readonly EquityPoint[];
  readonly actions: () => readonly ActionRow[];
}

/** The model of a page without parameters; pages with parameters override their own. */
export function modelOf(
  deps: WebDeps,
  memory: PageMemory,
  extra: Partial<Pick<Model, "symbol" | "symbolsQuery" | "trades">> = {},
): Model {
  return {
    run: deps.run,
    view: deps.view(),
    health: deps.health(),
    nowMs: deps.nowMs(),
    equity: memory.equity(),
    actions: memory.actions(),
    symbolsQuery: SYMBOLS_QUERY,
    symbol: "",
    trades: NO_TRADES,
    ...extra,
  };
}

/** One page of executions, newest first; `before` is a row id. */
export function tradesPage(
  deps: Pick<WebDeps, "trades">,
  params: z.infer<typeof TRADES_PARAMS>,
): TradesPage {
  const { symbol, before } = params;
  const found = deps.trades.trades({ symbol, before, limit: TRADES_PER_PAGE + 1 });
  const rows = found.slice(0, TRADES_PER_PAGE);
  const last = rows.at(-1);
  return {
    rows,
    symbol: symbol ?? "",
    olderThan: found.length > rows.length && last !== undefined ? last.id : null,
    isOlder: before !== undefined,
  };
}
