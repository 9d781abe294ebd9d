/**
 * Walking a list of the record from its newest row to its oldest, or back, for the rows that a
 * filter finds.
 *
 * The database narrows by what it can judge by itself, always with parameters; whether a row is
 * found is said by `blotter/row-match.ts` alone. A walk goes by windows of row numbers and each is
 * read by itself, so that no read stays open while somebody waits: the log of the database can be
 * cut, and what is asked next does not wait behind a long walk.
 */
import type { SQLQueryBindings } from "bun:sqlite";
import type { ChoiceField, Term } from "../blotter/filter-terms.ts";
import { type Facts, isWholeSymbol, matches } from "../blotter/row-match.ts";
import type { JournalDatabase } from "../store/database.ts";

export type Sqlite = Pick<JournalDatabase, "sqlite">;

/** Row numbers read at once: a few tens of ms where all of them are looked at. */
const WINDOW_IDS = 20_000;

/** Row numbers, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLQueryBindings[];
}

/** One list: how it is read, and what its rows are. */
export interface ListOf<Raw extends { readonly id: number }, Row> {
  /** Everything from FROM to WHERE, with one `?` for the account; `id` is the row's number. */
  readonly select: (terms: readonly Term[]) => string;
  readonly id: string;
  /** What the database can judge; a superset of what matches. */
  readonly conditions: (terms: readonly Term[]) => readonly Condition[];
  /** Where rows can be at all, newest first. */
  readonly spans: (sqlite: Sqlite, accountKey: string, terms: readonly Term[]) => readonly Span[];
  readonly facts: (raw: Raw) => Facts;
  readonly row: (raw: Raw) => Row;
}

interface Walk {
  readonly accountKey: string;
  readonly terms: readonly Term[];
  /** Newest first by default. */
  readonly isUpwards?: boolean;
  /** Only rows below, or above, this number. */
  readonly beyond?: number | undefined;
}

/** The rows of one window. */
type Window<Raw> = readonly Raw[];

/** The rows that are found, by windows; an empty one is told too, so that a walk may rest. */
export function* windowsOf<Raw extends { readonly id: number }, Row>(
  sqlite: Sqlite,
  list: ListOf<Raw, Row>,
  walk: Walk,
): Generator<Window<Raw>> {
  const { accountKey, terms, isUpwards = false } = walk;
  const conditions = list.conditions(terms);
  const where = conditions.map(({ sql }) => ` AND ${sql}`).join("");
  const rows = sqlite.sqlite.prepare<Raw, SQLQueryBindings[]>(
    `${list.select(terms)}${where} AND ${list.id} BETWEEN ? AND ? ` +
      `ORDER BY ${list.id} ${isUpwards ? "ASC" : "DESC"}`,
  );
  const values = conditions.flatMap((condition) => condition.values);
  try {
    for (const { from, to } of windowSpans(list.spans(sqlite, accountKey, terms), walk)) {
      const found = rows.all(accountKey, ...values, from, to);
      yield terms.length === 0 ? found : found.filter((raw) => matches(terms, list.facts(raw)));
    }
  } finally {
    rows.finalize();
  }
}

function* windowSpans(
  spans: readonly Span[],
  { beyond, isUpwards = false }: Walk,
): Generator<Span> {
  const ordered = isUpwards ? [...spans].reverse() : spans;
  for (const span of ordered) {
    const from = isUpwards ? Math.max(span.from, (beyond ?? 0) + 1) : span.from;
    const to = isUpwards ? span.to : Math.min(span.to, (beyond ?? Number.MAX_SAFE_INTEGER) - 1);
    // The first window is small: a page is most often full after it.
    let size = WINDOW_IDS / 20;
    if (isUpwards) {
      for (let at = from; at <= to; at += size, size = WINDOW_IDS) {
        yield { from: at, to: Math.min(to, at + size - 1) };
      }
    } else {
      for (let at = to; at >= from; at -= size, size = WINDOW_IDS) {
        yield { from: Math.max(from, at - size + 1), to: at };
      }
    }
  }
}

/** All row numbers of a table. */
export function wholeTable(table: "orders" | "denials"): ListOf<{ id: number }, never>["spans"] {
  return ({ sqlite }) => {
    const ends = sqlite
      .query<{ from: number | null; to: number | null }, []>(
        `SELECT (SELECT min(id) FROM ${table}) AS "from", (SELECT max(id) FROM ${table}) AS "to"`,
      )
      .get();
    if (ends === null || ends.from === null || ends.to === null) return [];
    return [{ from: ends.from, to: ends.to }];
  };
}

/** Columns by what a term may ask of a list's rows; what has none is left to the exact look. */
interface AskedColumns {
  readonly time: string;
  readonly symbol: string;
  readonly choices: Readonly<Partial<Record<ChoiceField, string>>>;
}

/** What SQL may look for of a term about time, symbol or a choice; nothing for the others. */
export function conditionsOf(term: Term, { time, symbol, choices }: AskedColumns): Condition[] {
  switch (term.kind) {
    case "time":
      return [timeCondition(time, term)];
    case "text":
      return term.field === "symbol" ? [symbolCondition(symbol, term)] : [];
    case "choice": {
      const column = choices[term.field];
      return column === undefined ? [] : [among(column, term.isNot, term.values)];
    }
    default:
      return [];
  }
}

/** A property as one of the words that were asked for, or as none of them. */
function among(column: string, isNot: boolean, values: readonly string[]): Condition {
  const slots = values.map(() => "?").join(", ");
  return { sql: `lower(${column}) ${isNot ? "NOT IN" : "IN"} (${slots})`, values };
}

/** A symbol by whole names or parts. */
function symbolCondition(
  column: string,
  { isNot, values }: Extract<Term, { kind: "text" }>,
): Condition {
  if (!isNot && values.every(isWholeSymbol)) {
    return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, values };
  }
  const parts = values.map((value) =>
    isWholeSymbol(value) ? `${column} = ?` : `instr(${column}, ?) > 0`,
  );
  return { sql: `${isNot ? "NOT " : ""}(${parts.join(" OR ")})`, values };
}

function timeCondition(
  column: string,
  { field, atMs }: Extract<Term, { kind: "time" }>,
): Condition {
  return { sql: `${column} ${field === "from" ? ">=" : "<"} ?`, values: [atMs] };
}
