/**
 * Rows as CSV and as NDJSON, from one list of columns.
 *
 * Money, prices and quantities are exact decimal text and stay so: in CSV they are plain numbers,
 * in NDJSON strings, as a JSON number would lose digits. A text cell of a CSV that a spreadsheet
 * would take for a formula gets an apostrophe before it; numbers are never touched.
 */

/** What a column holds. Exact decimals are text that reads as a number. */
type CellKind = "text" | "decimal" | "number" | "yes_no" | "time";

export interface CellColumn<Row> {
  /** Ends in its unit. */
  readonly name: string;
  readonly kind: CellKind;
  /** Null or empty when there is none; times in ms since 1970. */
  readonly of: (row: Row) => string | number | boolean | null;
}

export const FORMATS = ["csv", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

export function headerText<Row>(columns: readonly CellColumn<Row>[], format: Format): string {
  return format === "csv" ? `${columns.map(({ name }) => name).join(",")}\r\n` : "";
}

export function rowText<Row>(
  columns: readonly CellColumn<Row>[],
  format: Format,
  row: Row,
): string {
  if (format === "ndjson") return `${JSON.stringify(rowObject(columns, row))}\n`;
  return `${columns.map(({ kind, of }) => csvCell(kind, of(row))).join(",")}\r\n`;
}

/** The row by names, as the API gives it. */
export function rowObject<Row>(columns: readonly CellColumn<Row>[], row: Row) {
  return Object.fromEntries(columns.map(({ name, kind, of }) => [name, jsonValue(kind, of(row))]));
}

type Value = string | number | boolean | null;

function jsonValue(kind: CellKind, value: Value): Value {
  if (value === null || (kind !== "text" && value === "")) return null;
  if (kind === "time" && typeof value === "number") return isoOf(value);
  return typeof value === "number" && !Number.isFinite(value) ? null : value;
}

function csvCell(kind: CellKind, value: Value): string {
  const found = jsonValue(kind, value);
  if (found === null) return "";
  if (kind === "yes_no") return found === true ? "yes" : "no";
  return kind === "text" ? csvText(String(found)) : String(found);
}

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isoOf(atMs: number): string | null {
  return Number.isFinite(atMs) && atMs > 0 ? new Date(atMs).toISOString() : null;
}
