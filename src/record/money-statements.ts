/** The statements that keep and add up what trading came to. Column names follow from the lines. */
import {
  addBridge,
  BRIDGE_LINES,
  BRIDGE_READINGS,
  type Bridge,
  bridgeOf,
  NO_BRIDGE,
} from "../pnl/money-lines.ts";
import type { JournalDatabase } from "../store/database.ts";
import { exactOf, nanoOf, restOf } from "./exact-sums.ts";

/** "makerFees" → "maker_fees", "value30s" → "value_30s": as the schema writes them. */
const columnOf = (name: string): string =>
  name.replaceAll(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);

const LINE_COLUMNS = BRIDGE_LINES.flatMap((line) => [
  `${columnOf(line)}_nano`,
  `${columnOf(line)}_rest`,
]);
const COLUMNS = [...LINE_COLUMNS, ...BRIDGE_READINGS.map(columnOf)];

/** Adds a row's figures to those that are there. Takes the key's values, then the figures. */
function adding(table: string, keys: readonly string[], columns: readonly string[]): string {
  const all = [...keys, ...columns];
  const sums = columns.map((column) => `${column} = ${column} + excluded.${column}`);
  return (
    `INSERT INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")}) ` +
    `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${sums.join(", ")}`
  );
}

export const ADD_DAY = adding(
  "money_days",
  ["account_key", "starts_at_ms", "symbol", "strategy"],
  COLUMNS,
);
export const ADD_HOUR = adding(
  "money_hours",
  ["account_key", "day_starts_at_ms", "hour", "symbol"],
  ["net_nano", "net_rest", "fills"],
);

/** A bridge in the order of the columns of {@link ADD_DAY}. */
export const figuresOf = ({ sums, readings }: Bridge): readonly (bigint | number)[] => [
  ...BRIDGE_LINES.flatMap((line) => [nanoOf(sums[line]), restOf(sums[line])]),
  ...BRIDGE_READINGS.map((name) => readings[name]),
];

const SUMS = COLUMNS.map((column) =>
  column.endsWith("_nano")
    ? `CAST(sum(${column}) AS TEXT) AS ${column}`
    : `sum(${column}) AS ${column}`,
).join(", ");

/** One group of days: what it is grouped by, and its sums; null sums where nothing was found. */
type GroupRow = Readonly<Record<string, string | number | null>>;

export interface DaysWanted {
  readonly accountKey: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly symbol: string | null;
  readonly strategy: string | null;
}

type Slots = [string, number, number, string | null, string | null];

/** Reads the kept sums in groups of a column. */
export function dayGroups(
  { sqlite }: Pick<JournalDatabase, "sqlite">,
  by: "starts_at_ms" | "symbol",
) {
  const rows = sqlite.query<GroupRow, Slots>(
    `SELECT ${by} AS group_key, ${SUMS} FROM money_days WHERE account_key = ?1 ` +
      "AND starts_at_ms >= ?2 AND starts_at_ms < ?3 AND (?4 IS NULL OR symbol = ?4) " +
      `AND (?5 IS NULL OR strategy = ?5) GROUP BY ${by}`,
  );
  return ({ accountKey, fromMs, toMs, symbol, strategy }: DaysWanted) =>
    rows
      .all(accountKey, fromMs, toMs, symbol, strategy)
      .map((row) => ({ key: row.group_key ?? "", bridge: bridgeOfRow(row) }));
}

function bridgeOfRow(row: GroupRow): Bridge {
  return bridgeOf(
    (line) =>
      exactOf(String(row[`${columnOf(line)}_nano`] ?? "0"), Number(row[`${columnOf(line)}_rest`])),
    (name) => Number(row[columnOf(name)]),
  );
}

/** Adds to the group of that key. */
export function addTo<Key>(groups: Map<Key, Bridge>, key: Key, bridge: Bridge): void {
  groups.set(key, addBridge(groups.get(key) ?? NO_BRIDGE, bridge));
}
