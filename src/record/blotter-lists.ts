/**
 * The lists of the blotter as one reads them: a page, the totals, all of it as text, the story of
 * one order. Everything that may be long is a generator that rests between two windows of rows, so
 * that who calls it decides how much is done at once.
 */
import { type CellColumn, type Format, headerText, rowText } from "../blotter/cells.ts";
import {
  FILL_COLUMNS,
  ORDER_COLUMNS,
  REFUSAL_COLUMNS,
  TRIP_COLUMNS,
} from "../blotter/file-columns.ts";
import type { Term } from "../blotter/filter-terms.ts";
import { matches } from "../blotter/row-match.ts";
import type {
  BlotterPage,
  BlotterTotals,
  ListQuery,
  OrderStory,
  PageWanted,
} from "../blotter/rows.ts";
import { unreachable } from "../kernel/assert.ts";
import type { RoundTripRow } from "../pnl/reading.ts";
import { FILLS, type RawFill } from "./blotter-fills.ts";
import { ORDER_SELECT, ORDERS, orderRowOf, type RawOrder } from "./blotter-orders.ts";
import { REFUSALS } from "./blotter-refusals.ts";
import { type ListOf, type Sqlite, windowsOf } from "./blotter-scan.ts";
import { totalsOf } from "./blotter-totals.ts";
import { factsOfTrip, type TripsOf, tripWindows } from "./blotter-trips.ts";
import { lifeOf } from "./order-life.ts";

/** Rows of a page at most. */
const PAGE_ROWS_MAX = 1_000;
/** Executions of one order that its story tells: far more than one has. */
const STORY_FILLS_MAX = 500;
/** Rows that are looked at for "so many new". */
const NEWER_ROWS_MAX = 1_000;

/** One list with its columns, as one value whose types belong together. */
interface Told<Raw extends { readonly id: number }, Row> {
  readonly list: ListOf<Raw, Row>;
  readonly columns: readonly CellColumn<Row>[];
}

/** What questions are answered from. */
export type Source = Sqlite & TripsOf;

interface Asked extends ListQuery {
  readonly accountKey: string;
}

/** A page of a list. */
export function* pageOf(
  database: Source,
  query: Asked,
  wanted: PageWanted,
): Generator<void, BlotterPage<unknown>> {
  switch (query.list) {
    case "trips":
      return yield* tripPage(database, query, wanted);
    case "fills":
      return yield* page(database, FILLS, { query, wanted });
    case "orders":
      return yield* page(database, ORDERS, { query, wanted });
    case "refusals":
      return yield* page(database, REFUSALS, { query, wanted });
    default:
      return unreachable(query.list);
  }
}

interface PageOf {
  readonly query: Asked;
  readonly wanted: PageWanted;
}

function* page<Raw extends { readonly id: number }, Row>(
  database: Sqlite,
  list: ListOf<Raw, Row>,
  { query: { accountKey, terms }, wanted }: PageOf,
): Generator<void, BlotterPage<Row>> {
  const limit = Math.min(Math.max(1, wanted.limit), PAGE_ROWS_MAX);
  const { before, after } = wanted;
  const isUpwards = before === undefined && after !== undefined;
  const walk = { accountKey, terms, isUpwards, beyond: isUpwards ? after : before };
  const found: Raw[] = [];
  for (const rows of windowsOf(database, list, walk)) {
    found.push(...rows.slice(0, limit + 1 - found.length));
    if (found.length > limit) break;
    yield;
  }
  const hasMore = found.length > limit;
  const rows = found.slice(0, limit).map(list.row);
  if (isUpwards) return { rows: rows.reverse(), hasOlder: true, hasNewer: hasMore };
  return { rows, hasOlder: hasMore, hasNewer: before !== undefined };
}

/** Upwards as downwards: there are far fewer round trips than executions. */
function* tripPage(
  database: TripsOf,
  { terms }: Asked,
  { limit, before, after }: PageWanted,
): Generator<void, BlotterPage<RoundTripRow>> {
  const isUpwards = before === undefined && after !== undefined;
  let found: RoundTripRow[] = [];
  let isCut = false;
  for (const rows of tripWindows(database, terms, before)) {
    found.push(...rows.filter(({ id }) => !isUpwards || id > after));
    if (isUpwards && (rows.at(-1)?.id ?? after + 1) <= after) break;
    if (!isUpwards && found.length > limit) break;
    if (isUpwards && found.length > limit) {
      found = found.slice(-limit);
      isCut = true;
    }
    yield;
  }
  if (isUpwards) {
    const hasNewer = isCut || found.length > limit;
    return { rows: found.slice(-limit), hasOlder: true, hasNewer };
  }
  const hasOlder = found.length > limit;
  return { rows: found.slice(0, limit), hasOlder, hasNewer: before !== undefined };
}

/** The list as text, newest first: a header, then each window's rows. */
export function textOf(database: Source, query: Asked, format: Format): Generator<string> {
  switch (query.list) {
    case "trips":
      return textOfWindows(TRIP_COLUMNS, format, tripWindows(database, query.terms), asItIs);
    case "fills":
      return text(database, { list: FILLS, columns: FILL_COLUMNS }, { query, format });
    case "orders":
      return text(database, { list: ORDERS, columns: ORDER_COLUMNS }, { query, format });
    case "refusals":
      return text(database, { list: REFUSALS, columns: REFUSAL_COLUMNS }, { query, format });
    default:
      return unreachable(query.list);
  }
}

const asItIs = <Row>(row: Row): Row => row;

/** Rows that become one part of a text: some 200 kB. */
const PART_ROWS = 500;

function* text<Raw extends { readonly id: number }, Row>(
  database: Sqlite,
  { list, columns }: Told<Raw, Row>,
  { query, format }: { readonly query: Asked; readonly format: Format },
): Generator<string> {
  const rows = windowsOf(database, list, query);
  yield* textOfWindows(columns, format, rows, list.row);
}

function* textOfWindows<Raw, Row>(
  columns: readonly CellColumn<Row>[],
  format: Format,
  windows: Iterable<readonly Raw[]>,
  rowOf: (raw: Raw) => Row,
): Generator<string> {
  yield headerText(columns, format);
  for (const rows of windows) {
    if (rows.length === 0) yield "";
    for (let at = 0; at < rows.length; at += PART_ROWS) {
      const part = rows.slice(at, at + PART_ROWS);
      yield part.map((raw) => rowText(columns, format, rowOf(raw))).join("");
    }
  }
}

export function totals(database: Source, query: Asked): Generator<void, BlotterTotals> {
  return totalsOf(database, query.list, query);
}

/** How many of the newest rows are younger and found. */
export function newerOf(database: Source, query: Asked, sinceMs: number): number {
  switch (query.list) {
    case "trips": {
      const rows = database.roundTrips({ limit: NEWER_ROWS_MAX, fromMs: sinceMs + 1 });
      return rows.filter((row) => matches(query.terms, factsOfTrip(row))).length;
    }
    case "fills":
      return newer(database, FILLS, { query, sinceMs, at: "t.at_ms" });
    case "orders":
      return newer(database, ORDERS, { query, sinceMs, at: "o.created_at_ms" });
    case "refusals":
      return newer(database, REFUSALS, { query, sinceMs, at: "d.at_ms" });
    default:
      return unreachable(query.list);
  }
}

interface Newer {
  readonly query: Asked;
  readonly sinceMs: number;
  /** When a row was made, by our clock. */
  readonly at: "t.at_ms" | "o.created_at_ms" | "d.at_ms";
}

function newer<Raw extends { readonly id: number }, Row>(
  { sqlite }: Sqlite,
  list: ListOf<Raw, Row>,
  { query: { accountKey, terms }, sinceMs, at }: Newer,
): number {
  const rows = sqlite
    .query<Raw & { readonly madeAtMs: number }, [string, number]>(
      `${list.select([]).replace("SELECT ", `SELECT ${at} AS madeAtMs, `)} ` +
        `ORDER BY ${list.id} DESC LIMIT ?`,
    )
    .iterate(accountKey, NEWER_ROWS_MAX);
  let found = 0;
  for (const row of rows) {
    if (row.madeAtMs <= sinceMs) break;
    if (matches(terms, list.facts(row))) found++;
  }
  return found;
}

/** One order by our id or the venue's. */
export function storyOf(database: Sqlite, accountKey: string, id: string): OrderStory | null {
  const { sqlite } = database;
  const raw =
    sqlite
      .query<RawOrder & { readonly life: string }, [string, string]>(
        `${ORDER_SELECT}, o.life FROM orders AS o WHERE o.client_id = ? AND o.account_key = ?`,
      )
      .get(id, accountKey) ?? byVenueId(database, accountKey, id);
  if (raw === null) return null;
  const { life, ...order } = raw;
  return {
    order: orderRowOf(order),
    steps: lifeOf(life),
    fills: fillsOf(database, accountKey, order).map(FILLS.row),
  };
}

/** Has no index: orders are looked for by our own id, save where somebody has the venue's. */
function byVenueId({ sqlite }: Sqlite, accountKey: string, id: string) {
  return sqlite
    .query<RawOrder & { readonly life: string }, [string, string]>(
      `${ORDER_SELECT}, o.life FROM orders AS o WHERE o.venue_order_id = ? AND o.account_key = ? ` +
        "ORDER BY o.id DESC LIMIT 1",
    )
    .get(id, accountKey);
}

/** By the order's symbol, which has an index, and about its time. */
function fillsOf(database: Sqlite, accountKey: string, order: RawOrder): RawFill[] {
  const { clientId, symbol, createdAtMs, updatedAtMs } = order;
  const terms: readonly Term[] = [
    { kind: "text", field: "symbol", isNot: false, values: [symbol] },
    { kind: "time", field: "from", atMs: createdAtMs - CLOCKS_APART_MS, text: "" },
    { kind: "time", field: "to", atMs: updatedAtMs + CLOCKS_APART_MS, text: "" },
  ];
  const found: RawFill[] = [];
  for (const rows of windowsOf(database, FILLS, { accountKey, terms })) {
    found.push(...rows.filter((row) => row.clientId === clientId));
    if (found.length >= STORY_FILLS_MAX) break;
  }
  return found.slice(0, STORY_FILLS_MAX).reverse();
}

/** The venue's clock and ours, an order's last news and a late execution of it. */
const CLOCKS_APART_MS = 120_000;
