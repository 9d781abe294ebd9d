/** @jsxImportSource hono/jsx */
/**
 * All symbols: search, classes, order, pages. The rows of the page shown are a live region.
 *
 * Which rows those are, and in which order, is settled when the page is made and stands in the
 * address of its stream: values move, rows never do, until somebody asks for a new order.
 */
import { z } from "zod";
import type { Bar } from "../../src/domain/bar.ts";
import { optional, textParam, wholeParam } from "../../src/monitor/params.ts";
import {
  DEFAULT_ORDER,
  DEFAULT_SORT,
  type Paused,
  SYMBOLS_CHOICE,
  type SymbolSort,
  selectSymbols,
} from "../../src/monitor/symbols-query.ts";
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { cell, type Html } from "../html.tsx";
import type { Model, Sources } from "../page-model.ts";
import { addressText, regionOf } from "../region.tsx";
import { COLUMN_SETS, type ColumnSet, DEFAULT_SET, SET_NAMES, SymbolRow } from "./symbol-row.tsx";

/** Fifty names of forty letters: what a page's stream names at most. */
const NAMES_CHARS_MAX = 2_100;

/** What the symbols page takes; pages count from 1. */
export const SYMBOLS_QUERY = z.object({
  ...SYMBOLS_CHOICE,
  columns: optional(z.enum(SET_NAMES, { error: `one of ${SET_NAMES.join(", ")}` })),
  page: optional(wholeParam(1, 10_000)),
  /** The rows as they stood when the page was made; asked for by nobody but its stream. */
  rows: optional(textParam(NAMES_CHARS_MAX)),
});
export type SymbolsQuery = z.infer<typeof SYMBOLS_QUERY>;

/** What fits two screens; 611 rows make 13 pages. */
const SYMBOL_ROWS_PER_PAGE = 50;
/** Stands between the names of `rows`: in no symbol's name. */
const BETWEEN = ".";

/** The page with these choices; the first page needs no number, and rows are chosen anew. */
export function symbolsPath(query: SymbolsQuery): string {
  const page = query.page === 1 ? undefined : query.page;
  const text = addressText({ ...query, page, rows: undefined });
  return text === "" ? "/symbols" : `/symbols?${text}`;
}

function pagesOf(total: number): number {
  return Math.max(1, Math.ceil(total / SYMBOL_ROWS_PER_PAGE));
}

/** The asked page, or the last one there is: an old bookmark must not show an empty table. */
export function pageWithin(page: number, total: number): number {
  return Math.min(page, pagesOf(total));
}

export const pausedIn = ({ view }: Model): Paused =>
  new Set(view.symbolHalts.map(({ symbol }) => symbol));

/** The rows of a page as they stand now, by name, in order. */
export function rowsNow(model: Model, query: SymbolsQuery): string {
  return chosen(model, query)
    .map(({ symbol }) => symbol)
    .join(BETWEEN);
}

function chosen(model: Model, query: SymbolsQuery): readonly SymbolAudit[] {
  const rows = selectSymbols(model.view.symbols.values(), query, pausedIn(model));
  const from = (pageWithin(query.page ?? 1, rows.length) - 1) * SYMBOL_ROWS_PER_PAGE;
  return rows.slice(from, from + SYMBOL_ROWS_PER_PAGE);
}

/** Rows of the asked page: the live part. */
export const symbolRows = regionOf({
  name: "symbol-rows",
  params: SYMBOLS_QUERY,
  load: ({ charts }, query) => ({ query, charts }),
  view: SymbolRows,
  element: ({ id, data, children }) => (
    <SymbolsTable query={data.query}>
      <tbody id={id}>{children}</tbody>
    </SymbolsTable>
  ),
});

interface RowsData {
  readonly query: SymbolsQuery;
  readonly charts: Sources["charts"];
}

/** Seconds of a row's line. */
const LINE_SEC = 60;

/** Closes of the last minute where that is followed: who is quoted, pinned or next. */
function minuteOf(charts: Sources["charts"], row: SymbolAudit): readonly Bar[] {
  const isFollowed = row.active || row.words.pin !== null || row.standing.place > 0;
  return isFollowed ? charts.newest(row.symbol, "1s", LINE_SEC).toReversed() : [];
}

function SymbolRows(model: Model, { query, charts }: RowsData): Html {
  const { symbols } = model.view;
  const names = query.rows?.split(BETWEEN);
  const rows = names?.flatMap((name) => symbols.get(name) ?? []) ?? chosen(model, query);
  const paused = pausedIn(model);
  return (
    <>
      {rows.map((row) => (
        <SymbolRow
          row={row}
          columns={columnsOf(query)}
          isPaused={paused.has(row.symbol)}
          nowMs={model.nowMs}
          minute={minuteOf(charts, row)}
        />
      ))}
    </>
  );
}

const columnsOf = ({ columns = DEFAULT_SET }: SymbolsQuery): ColumnSet => COLUMN_SETS[columns];

/** The head with its order links, and the body as `children`. */
function SymbolsTable(props: { query: SymbolsQuery; children: Html }) {
  const { query } = props;
  return (
    <section class="scroll" aria-label="Symbols" tabindex={0}>
      <table class="symbols">
        <thead>
          <tr>
            {columnsOf(query).map((column) => (
              <HeadCell column={column} query={query} />
            ))}
          </tr>
        </thead>
        {props.children}
      </table>
    </section>
  );
}

interface HeadProps {
  readonly column: {
    readonly label: string;
    readonly sort?: SymbolSort;
    readonly num?: true;
    readonly from?: "mid" | "wide";
  };
  readonly query: SymbolsQuery;
}

function HeadCell({ column, query }: HeadProps) {
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
      <a class="button ghost" href={symbolsPath(query)}>
        Order anew
      </a>
    </nav>
  );
}
