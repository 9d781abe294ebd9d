/** All symbols: search, category, order, pages. The rows of the page shown are a live region. */
import type { SymbolAudit } from "../../src/engine/audit.ts";
import { compact, fixed, grouped, NONE } from "../format.ts";
import { Change, cell, type Html, SymbolLink } from "../html.tsx";
import type { Model, SymbolSort, SymbolsQuery } from "../page-model.ts";
import { BookBadge } from "./book.tsx";

/** What fits two screens; 611 rows make 13 pages. */
const SYMBOL_ROWS_PER_PAGE = 50;

interface SymbolColumn {
  readonly label: string;
  readonly sort?: SymbolSort;
  readonly num?: true;
  readonly from?: "mid" | "wide";
}

const COLUMNS: readonly SymbolColumn[] = [
  { label: "Symbol", sort: "symbol" },
  { label: "Category", sort: "category", from: "wide" },
  { label: "Score", sort: "score", num: true, from: "mid" },
  { label: "Last", num: true },
  { label: "24 h", sort: "change", num: true },
  { label: "Turnover 24 h, USDT", sort: "turnover", num: true, from: "mid" },
  { label: "Spread, bps", sort: "spread", num: true, from: "wide" },
  { label: "Volatility, bps", sort: "volatility", num: true, from: "wide" },
  { label: "Funding", sort: "funding", num: true, from: "wide" },
  { label: "Book" },
];

const SORT_VALUE: Readonly<Record<SymbolSort, (row: SymbolAudit) => number | string>> = {
  score: (row) => row.score,
  symbol: (row) => row.symbol,
  category: (row) => row.category,
  change: (row) => row.change24hPct,
  turnover: (row) => row.turnover24hUsdt,
  spread: (row) => row.spreadBps,
  volatility: (row) => row.volatilityBps,
  funding: (row) => Number(row.fundingRateText),
};

/** The symbols that match, in the asked order. */
export function selectSymbols(
  symbols: Iterable<SymbolAudit>,
  query: SymbolsQuery,
): readonly SymbolAudit[] {
  const text = query.q.trim().toUpperCase();
  const keyOf = SORT_VALUE[query.sort];
  const sign = query.dir === "asc" ? 1 : -1;
  return [...symbols]
    .filter((row) => text === "" || row.symbol.includes(text))
    .filter((row) => query.category === "" || row.category === query.category)
    .sort((left, right) => sign * compare(keyOf(left), keyOf(right)) || compareNames(left, right));
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

export function symbolsPath(query: SymbolsQuery): string {
  const parameters = new URLSearchParams();
  if (query.q !== "") parameters.set("q", query.q);
  if (query.category !== "") parameters.set("category", query.category);
  parameters.set("sort", query.sort);
  parameters.set("dir", query.dir);
  if (query.page > 1) parameters.set("page", String(query.page));
  return `/symbols?${parameters}`;
}

function pagesOf(total: number): number {
  return Math.max(1, Math.ceil(total / SYMBOL_ROWS_PER_PAGE));
}

/** The asked page, or the last one there is: an old bookmark must not show an empty table. */
export function pageWithin(page: number, total: number): number {
  return Math.min(page, pagesOf(total));
}

/** Rows of the asked page: the live part. */
export function SymbolRows({ view, symbolsQuery }: Model): Html {
  const rows = selectSymbols(view.symbols.values(), symbolsQuery);
  const from = (pageWithin(symbolsQuery.page, rows.length) - 1) * SYMBOL_ROWS_PER_PAGE;
  return (
    <>
      {rows.slice(from, from + SYMBOL_ROWS_PER_PAGE).map((row) => (
        <SymbolRow row={row} />
      ))}
    </>
  );
}

function SymbolRow({ row }: { row: SymbolAudit }) {
  return (
    <tr id={`symbol-${row.symbol}`}>
      <th scope="row">
        <SymbolLink symbol={row.symbol} />
        {row.active ? (
          <span class="dot" title="Quoted by a strategy now">
            <span aria-hidden="true">●</span>
            <span class="sr">active</span>
          </span>
        ) : null}
      </th>
      <td class={cell({ from: "wide" })}>{row.category}</td>
      <td class={cell({ num: true, from: "mid" })}>{fixed(row.score, 1)}</td>
      <td class="r price" data-price={row.symbol}>
        {grouped(row.lastText)}
      </td>
      <td class="r">
        <Change pct={row.change24hPct} />
      </td>
      <td class={cell({ num: true, from: "mid" })} title={`${fixed(row.turnover24hUsdt, 0)} USDT`}>
        {compact(row.turnover24hUsdt)}
      </td>
      <td class={cell({ num: true, from: "wide" })}>{fixed(row.spreadBps, 2)}</td>
      <td class={cell({ num: true, from: "wide" })}>{fixed(row.volatilityBps, 1)}</td>
      <td class={cell({ num: true, from: "wide" })} title={row.fundingRateText}>
        {row.fundingRateText === "" ? NONE : `${fixed(Number(row.fundingRateText) * 100, 4)}%`}
      </td>
      <td>
        <BookBadge row={row} />
      </td>
    </tr>
  );
}

/** The head with its order links, and the body as `children`. */
export function SymbolsTable(props: { query: SymbolsQuery; children: Html }) {
  const { query } = props;
  return (
    <section class="scroll" aria-label="Symbols" tabindex={0}>
      <table>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <HeadCell column={column} query={query} />
            ))}
          </tr>
        </thead>
        {props.children}
      </table>
    </section>
  );
}

function HeadCell({ column, query }: { column: SymbolColumn; query: SymbolsQuery }) {
  const { sort } = column;
  if (sort === undefined) {
    return (
      <th scope="col" class={cell(column)}>
        {column.label}
      </th>
    );
  }
  const isCurrent = query.sort === sort;
  const firstDir = sort === "symbol" || sort === "category" ? "asc" : "desc";
  const dir = isCurrent ? (query.dir === "asc" ? "desc" : "asc") : firstDir;
  const current = query.dir === "asc" ? "ascending" : "descending";
  return (
    <th scope="col" class={cell(column)} aria-sort={isCurrent ? current : "none"}>
      <a href={symbolsPath({ ...query, sort, dir, page: 1 })}>
        {column.label}
        <span aria-hidden="true">{isCurrent ? (query.dir === "asc" ? " ▲" : " ▼") : ""}</span>
      </a>
    </th>
  );
}

export function Pager(props: { query: SymbolsQuery; total: number }) {
  const { query, total } = props;
  const pages = pagesOf(total);
  const link = (page: number, label: string) =>
    page < 1 || page > pages ? (
      <span class="button ghost" aria-disabled="true">
        {label}
      </span>
    ) : (
      <a class="button" href={symbolsPath({ ...query, page })}>
        {label}
      </a>
    );
  return (
    <nav class="pager" aria-label="Pages of symbols">
      {link(query.page - 1, "‹ Previous")}
      <span>
        page {query.page} of {pages} · {total} {total === 1 ? "symbol" : "symbols"}
      </span>
      {link(query.page + 1, "Next ›")}
    </nav>
  );
}
