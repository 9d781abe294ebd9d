/**
 * Choosing symbols: by text, by state, by class on every axis, in an order, a part of them; and how
 * many there would be of each choice. One rule for the page, its live rows and the JSON list.
 */
import { z } from "zod";
import { AXIS_NAMES } from "../universe/axes.ts";
import { CATEGORIES } from "../universe/category.ts";
import { DATA_QUALITIES } from "../universe/data-axis.ts";
import { FUNDING_PRESSURES } from "../universe/funding-axis.ts";
import { LIFE_CYCLES } from "../universe/life-cycle-axis.ts";
import { LIQUIDITIES } from "../universe/liquidity-axis.ts";
import { TICK_SIZES } from "../universe/tick-axis.ts";
import { TRENDS } from "../universe/trend-axis.ts";
import { VOLATILITIES } from "../universe/volatility-axis.ts";
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

/** What may be asked of a symbol beside its classes. */
const SYMBOL_STATES = ["active", "next", "pinned", "blocked", "paused", "noted"] as const;
type SymbolState = (typeof SYMBOL_STATES)[number];

/** What a chooser of symbols may say; empty means "not said". */
export const SYMBOLS_CHOICE = {
  q: optional(textParam(40)),
  category: optional(oneOf(CATEGORIES)),
  state: optional(oneOf(SYMBOL_STATES)),
  liquidity: optional(oneOf(LIQUIDITIES)),
  volatility: optional(oneOf(VOLATILITIES)),
  trend: optional(oneOf(TRENDS)),
  life: optional(oneOf(LIFE_CYCLES)),
  tick: optional(oneOf(TICK_SIZES)),
  fundingPressure: optional(oneOf(FUNDING_PRESSURES)),
  data: optional(oneOf(DATA_QUALITIES)),
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

const FACETS = ["category", "state", ...AXIS_NAMES] as const;
export type Facet = (typeof FACETS)[number];

type SymbolsChoice = Partial<Readonly<Record<Facet, string | undefined>>> & {
  /** Part of the name, in any case. */
  readonly q?: string | undefined;
  readonly sort?: SymbolSort | undefined;
  readonly order?: (typeof ORDERS)[number] | undefined;
};

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

/** Symbols whose entries are stopped. */
export type Paused = ReadonlySet<string>;
const NOBODY: Paused = new Set();

/** The symbols that match, in the asked order; ties stand by name. */
export function selectSymbols(
  symbols: Iterable<SymbolAudit>,
  choice: SymbolsChoice,
  paused: Paused = NOBODY,
): readonly SymbolAudit[] {
  return inOrder(matching(symbols, choice, paused), choice);
}

/** How many symbols match. */
export function countSymbols(
  symbols: Iterable<SymbolAudit>,
  choice: SymbolsChoice,
  paused: Paused = NOBODY,
): number {
  return matching(symbols, choice, paused).length;
}

/** A part of the list, and how many match. Without `sort` and `order` it keeps the venue's. */
export function listSymbols(
  symbols: Iterable<SymbolAudit>,
  list: z.infer<typeof SYMBOLS_LIST>,
  paused: Paused = NOBODY,
): { readonly rows: readonly SymbolAudit[]; readonly total: number } {
  const { sort, order, limit = ROWS_MAX, offset = 0 } = list;
  const found = matching(symbols, list, paused);
  const rows = sort === undefined && order === undefined ? found : inOrder(found, list);
  return { rows: rows.slice(offset, offset + limit), total: found.length };
}

/** How many symbols there would be with each value of a facet, all else as it is chosen. */
export function facetCounts(
  symbols: Iterable<SymbolAudit>,
  choice: SymbolsChoice,
  facet: Facet,
  paused: Paused = NOBODY,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of matching(symbols, { ...choice, [facet]: undefined }, paused)) {
    for (const value of valuesOf(row, facet, paused)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return counts;
}

/** What a symbol is in a facet: one class, or any number of states. */
function valuesOf(row: SymbolAudit, facet: Facet, paused: Paused): readonly string[] {
  if (facet === "category") return [row.category];
  if (facet === "state") return SYMBOL_STATES.filter((state) => isIn(row, state, paused));
  return row.axes === null ? [] : [row.axes[facet].value];
}

/** Whether a symbol is in a state. */
function isIn(row: SymbolAudit, state: SymbolState, paused: Paused): boolean {
  const { words } = row;
  const held: Readonly<Record<SymbolState, boolean>> = {
    active: row.active,
    next: row.standing.place > 0,
    pinned: words.pin !== null,
    blocked: words.block !== null,
    paused: paused.has(row.symbol),
    noted: words.note !== "",
  };
  return held[state];
}

function matching(
  symbols: Iterable<SymbolAudit>,
  choice: SymbolsChoice,
  paused: Paused,
): readonly SymbolAudit[] {
  const text = (choice.q ?? "").trim().toUpperCase();
  const asked = FACETS.flatMap((facet) => {
    const value = choice[facet];
    return value === undefined ? [] : [{ facet, value }];
  });
  return [...symbols].filter(
    (row) =>
      (text === "" || row.symbol.includes(text)) &&
      asked.every(({ facet, value }) => valuesOf(row, facet, paused).includes(value)),
  );
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
