/** @jsxImportSource hono/jsx */
/** All symbols: search, category, order, pages. The rows of the page shown are a live region. */
import { z } from "zod";
import { optional, wholeParam } from "../../src/monitor/params.ts";
import {
  DEFAULT_ORDER,
  DEFAULT_SORT,
  SYMBOLS_CHOICE,
  type SymbolSort,
  selectSymbols,
} from "../../src/monitor/symbols-query.ts";
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { compact, fixed, grouped, NONE } from "../format.ts";
import { Change, cell, type Html, SymbolLink } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { addressText, regionOf } from "../region.tsx";
import { V } from "../value.tsx";
import { BookBadge } from "./book.tsx";

/** What the symbols page takes; pages count from 1. */
export const SYMBOLS_QUERY = z.object({
  ...SYMBOLS_CHOICE,
  page: optional(wholeParam(1, 10_000)),
});
export type SymbolsQuery = z.infer<typeof SYMBOLS_QUERY>;

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

/** The page with these choices; the first page needs no number. */
export function symbolsPath(query: SymbolsQuery): string {
  const text = addressText({ ...query, page: query.page === 1 ? undefined : query.page });
  return text === "" ? "/symbols" : `/symbols?${text}`;
}

function pagesOf(total: number): number {
  return Math.max(1, Math.ceil(total / SYMBOL_ROWS_PER_PAGE));
}

/** The asked page, or the last one there is: an old bookmark must not show an empty table. */
export function pageWithin(page: number, total: number): number {
  return Math.min(page, pagesOf(total));
}

/** Rows of the asked page: the live part. */
export const symbolRows = regionOf({
  name: "symbol-rows",
  params: SYMBOLS_QUERY,
  load: (_, query) => query,
  view: SymbolRows,
  element: ({ id, data, children }) => (
    <SymbolsTable query={data}>
      <tbody id={id}>{children}</tbody>
    </SymbolsTable>
  ),
});

function SymbolRows({ view }: Model, query: SymbolsQuery): Html {
  const rows = selectSymbols(view.symbols.values(), query);
  const from = (pageWithin(query.page ?? 1, rows.length) - 1) * SYMBOL_ROWS_PER_PAGE;
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
      <td class={cell({ num: true, from: "mid" })}>
        <V id={`${row.symbol}.score`}>{fixed(row.score, 1)}</V>
      </td>
      <td class="r price" data-price={row.symbol}>
        <V id={`${row.symbol}.last`}>{grouped(row.lastText)}</V>
      </td>
      <td class="r">
        <Change pct={row.change24hPct} v={`${row.symbol}.change`} />
      </td>
      <td class={cell({ num: true, from: "mid" })}>
        <V id={`${row.symbol}.turnover`}>{compact(row.turnover24hUsdt)}</V>
      </td>
      <td class={cell({ num: true, from: "wide" })}>
        <V id={`${row.symbol}.spread`}>{fixed(row.spreadBps, 2)}</V>
      </td>
      <td class={cell({ num: true, from: "wide" })}>
        <V id={`${row.symbol}.volatility`}>{fixed(row.volatilityBps, 1)}</V>
      </td>
      <td class={cell({ num: true, from: "wide" })}>
        <V id={`${row.symbol}.funding`}>
          {row.fundingRateText === "" ? NONE : `${fixed(Number(row.fundingRateText) * 100, 4)}%`}
        </V>
      </td>
      <td>
        <BookBadge row={row} />
      </td>
    </tr>
  );
}

/** The head with its order links, and the body as `children`. */
function SymbolsTable(props: { query: SymbolsQuery; children: Html }) {
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
  const { order = DEFAULT_ORDER } = query;
  const isCurrent = (query.sort ?? DEFAULT_SORT) === sort;
  const firstOrder = sort === "symbol" || sort === "category" ? "asc" : "desc";
  const next = isCurrent ? (order === "asc" ? "desc" : "asc") : firstOrder;
  const current = order === "asc" ? "ascending" : "descending";
  return (
    <th scope="col" class={cell(column)} aria-sort={isCurrent ? current : "none"}>
      <a href={symbolsPath({ ...query, sort, order: next, page: 1 })}>
        {column.label}
        <span aria-hidden="true">{isCurrent ? (order === "asc" ? " ▲" : " ▼") : ""}</span>
      </a>
    </th>
  );
}

export function Pager(props: { query: SymbolsQuery; total: number }) {
  const { query, total } = props;
  const pages = pagesOf(total);
  const current = query.page ?? 1;
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
      {link(current - 1, "‹ Previous")}
      <span>
        page {current} of {pages} · {total} {total === 1 ? "symbol" : "symbols"}
      </span>
      {link(current + 1, "Next ›")}
    </nav>
  );
}
