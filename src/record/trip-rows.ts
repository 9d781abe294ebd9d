/** Closed round trips to rows and back, with the reasons that the orders give. */
import { fixedToText } from "../kernel/fixed.ts";
import type { RoundTripQuery, RoundTripRow } from "../pnl/reading.ts";
import type { RoundTrip } from "../pnl/round-trip.ts";
import type { JournalDatabase } from "../store/database.ts";
import { exactOf, nanoOf, restOf } from "./exact-sums.ts";
import { moneyOf } from "./record-rows.ts";

type Sqlite = Pick<JournalDatabase, "sqlite">;

/** Why an order was wanted; empty when it is not ours or no longer kept. */
function reasonReader({ sqlite }: Sqlite): (clientId: string) => string {
  const reason = sqlite.query<{ reason: string }, [string]>(
    "SELECT reason FROM orders WHERE client_id = ?",
  );
  return (clientId) => (clientId === "" ? "" : (reason.get(clientId)?.reason ?? ""));
}

/** Completes trips with the reasons of their orders. */
export function tripCompleter(database: Sqlite): (trip: RoundTrip) => RoundTripRow {
  const reasonOf = reasonReader(database);
  return ({ qty, entryPrice, exitPrice, ...trip }) => ({
    ...trip,
    qtyText: fixedToText(qty),
    entryPriceText: fixedToText(entryPrice),
    exitPriceText: fixedToText(exitPrice),
    entryReason: reasonOf(trip.entryClientId),
    exitReason: reasonOf(trip.exitClientId),
  });
}

const COLUMNS = [
  "id",
  "account_key",
  "symbol",
  "side",
  "strategy",
  "opened_at_ms",
  "closed_at_ms",
  "qty_text",
  "entry_price_text",
  "exit_price_text",
  "entered_value",
  "gross",
  "fees",
  "funding",
  "net_nano",
  "net_rest",
  "net_bps",
  "fills",
  "maker_share",
  "entry_client_id",
  "exit_client_id",
  "entry_reason",
  "exit_reason",
  "exit_kind",
  "is_whole",
] as const;

export function tripWriter(database: Sqlite): (accountKey: string, trip: RoundTrip) => void {
  const insert = database.sqlite.query<unknown, (string | number | bigint | null)[]>(
    `INSERT OR REPLACE INTO round_trips (${COLUMNS.join(", ")}) ` +
      `VALUES (${COLUMNS.map(() => "?").join(", ")})`,
  );
  const completed = tripCompleter(database);
  return (accountKey, trip) => {
    const row = completed(trip);
    insert.run(
      ...[row.id, accountKey, row.symbol, row.side, row.strategy, row.openedAtMs, row.closedAtMs],
      ...[row.qtyText, row.entryPriceText, row.exitPriceText, fixedToText(row.enteredValue)],
      ...[fixedToText(row.gross), fixedToText(row.fees), fixedToText(row.funding)],
      ...[nanoOf(row.net), restOf(row.net), row.netBps, row.fills, row.makerShare],
      ...[row.entryClientId, row.exitClientId, row.entryReason, row.exitReason, row.exitKind],
      row.isWhole ? 1 : 0,
    );
  };
}

interface StoredTrip {
  readonly id: number;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly strategy: string;
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly qtyText: string;
  readonly entryPriceText: string;
  readonly exitPriceText: string;
  readonly enteredValue: string;
  readonly gross: string;
  readonly fees: string;
  readonly funding: string;
  readonly netNano: string;
  readonly netRest: number;
  readonly netBps: number | null;
  readonly fills: number;
  readonly makerShare: number;
  readonly entryClientId: string;
  readonly exitClientId: string;
  readonly entryReason: string;
  readonly exitReason: string;
  readonly exitKind: string;
  readonly isWhole: number;
}

/** As {@link StoredTrip} names them. */
const SELECTED = COLUMNS.filter((column) => column !== "account_key")
  .map((column) => {
    const name = column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    return column === "net_nano" ? `CAST(${column} AS TEXT) AS ${name}` : `${column} AS ${name}`;
  })
  .join(", ");

interface StoredTripQuery extends RoundTripQuery {
  readonly accountKey: string;
}

/** Kept trips, newest first. */
export function tripReader({ sqlite }: Sqlite): (query: StoredTripQuery) => RoundTripRow[] {
  type Slots = [number, string, string | null, string | null, number, number, number];
  // The plus keeps the planner on the row number, which is the order that is asked for.
  const rows = sqlite.query<StoredTrip, Slots>(
    `SELECT ${SELECTED} FROM round_trips WHERE id < ?1 AND +account_key = ?2 ` +
      "AND (?3 IS NULL OR symbol = ?3) AND (?4 IS NULL OR strategy = ?4) " +
      "AND +closed_at_ms >= ?5 AND +closed_at_ms < ?6 ORDER BY id DESC LIMIT ?7",
  );
  return ({ accountKey, limit, before, symbol, strategy, fromMs, toMs }) =>
    rows
      .all(
        before ?? Number.MAX_SAFE_INTEGER,
        accountKey,
        symbol ?? null,
        strategy ?? null,
        fromMs ?? 0,
        toMs ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(tripOf);
}

function tripOf({ netNano, netRest, ...row }: StoredTrip): RoundTripRow {
  return {
    ...row,
    enteredValue: moneyOf(row.enteredValue),
    gross: moneyOf(row.gross),
    fees: moneyOf(row.fees),
    funding: moneyOf(row.funding),
    net: exactOf(netNano, netRest),
    isWhole: row.isWhole === 1,
  };
}
