/**
 * Choosing symbols: by text, by category, in an order, a part of them. One rule for the page, its
 * live rows and the JSON list.
 */
import { z } from "zod";
import { CATEGORIES } from "../universe/category.ts";
import { oneOf, optional, textParam, wholeParam } from "./params.ts";
import type { SymbolAudit } from "./view.ts";

const SYMBOL_SORTS = [
  "score",
  "symbol",
  "category",
  "change",
  "turnover",
  "spread",
  "volatility",
  "funding",
] as const;
export type SymbolSort = (typeof SYMBOL_SORTS)[number];

const ORDERS = ["asc", "desc"] as const;

/** What a chooser of symbols may say; empty means "not said". */
export const SYMBOLS_CHOICE = {
  q: optional(textParam(40)),
  category: optional(oneOf(CATEGORIES)),
  sort: optional(oneOf(SYMBOL_SORTS)),
  order: optional(oneOf(ORDERS)),
};
/** More rows than any venue lists: the largest answer is the whole list. */
const ROWS_MAX = 10_000;
/** The JSON list also takes a part of what was chosen. */
export const SYMBOLS_LIST = z.object({
  ...SYMBOLS_CHOICE,
  limit: optional(wholeParam(1, ROWS_MAX)),
  offset: optional(wholeParam(0, ROWS_MAX)),
});

interface SymbolsChoice {
  /** Part of the name, in any case. */
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly sort?: SymbolSort | undefined;
  readonly order?: (typeof ORDERS)[number] | undefined;
}

/** What is meant where nothing is said. */
export const DEFAULT_SORT: SymbolSort = "score";
export const DEFAULT_ORDER = "desc";

const SORT_VALUE: Readonly<Record<SymbolSort, (row: SymbolAudit) => number | string>> = {
  score: (row) => row.score,
  symbol: (row) => row.symbol,
  category: (row) => row.category,
  change: (row) => row.change24hPct,
  turnover: (row) => row.turnover24hUsdt,
  spread: (row) => row.spreadBps,
  volatility: (row) => row.volatilityBps,
  funding: (row) => (row.fundingRateText === "" ? Number.NaN : Number(row.fundingRateText)),
};

/** The symbols that match, in the asked order; ties stand by name. */
export function selectSymbols(
  symbols: Iterable<SymbolAudit>,
  choice: SymbolsChoice,
): readonly SymbolAudit[] {
  return inOrder(matching(symbols, choice), choice);
}

/** How many symbols match. */
export function countSymbols(symbols: Iterable<SymbolAudit>, choice: SymbolsChoice): number {
  return matching(symbols, choice).length;
}

/** A part of the list, and how many match. Without `sort` and `order` it keeps the venue's. */
export function listSymbols(
  symbols: Iterable<SymbolAudit>,
  list: z.infer<typeof SYMBOLS_LIST>,
): { readonly rows: readonly SymbolAudit[]; readonly total: number } {
  const { sort, order, limit = ROWS_MAX, offset = 0 } = list;
  const found = matching(symbols, list);
  const rows = sort === undefined && order === undefined ? found : inOrder(found, list);
  return { rows: rows.slice(offset, offset + limit), total: found.length };
}

function matching(
  symbols: Iterable<SymbolAudit>,
  { q = "", category }: SymbolsChoice,
): readonly SymbolAudit[] {
  const text = q.trim().toUpperCase();
  return [...symbols]
    .filter((row) => text === "" || row.symbol.includes(text))
    .filter((row) => category === undefined || row.category === category);
}

function inOrder(
  rows: readonly SymbolAudit[],
  { sort = DEFAULT_SORT, order = DEFAULT_ORDER }: SymbolsChoice,
): readonly SymbolAudit[] {
  const keyOf = SORT_VALUE[sort];
  const sign = order === "asc" ? 1 : -1;
  return rows.toSorted(
    (left, right) => sign * compare(keyOf(left), keyOf(right)) || compareNames(left, right),
  );
}

function compare(left: number | string, right: number | string): number {
  if (typeof left === "string" || typeof right === "string") {
    return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
  }
  // What is not known sorts below everything that is.
  const known = (value: number): number =>
    Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY;
  return known(left) < known(right) ? -1 : known(left) > known(right) ? 1 : 0;
}

function compareNames(left: SymbolAudit, right: SymbolAudit): number {
  return left.symbol < right.symbol ? -1 : 1;
}
