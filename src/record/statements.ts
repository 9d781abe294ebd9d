/**
 * The statements of the journal writer, prepared once: building one on each call costs six times
 * as much.
 */
import { getTableColumns, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { JournalDatabase } from "../store/database.ts";
import { denials, operatorActions, orders, symbolProfiles, trades } from "../store/schema.ts";

export type JournalStatements = ReturnType<typeof journalStatements>;

export function journalStatements({ orm, sqlite }: JournalDatabase) {
  return {
    trade: orm.insert(trades).values(slots(trades)).onConflictDoNothing().prepare(),
    order: orm
      .insert(orders)
      .values(slots(orders))
      .onConflictDoUpdate({
        target: orders.clientId,
        set: {
          venueOrderId: sql`excluded.venue_order_id`,
          filledSteps: sql`excluded.filled_steps`,
          state: sql`excluded.state`,
          detail: sql`excluded.detail`,
          updatedAtMs: sql`excluded.updated_at_ms`,
        },
      })
      .prepare(),
    denial: orm.insert(denials).values(slots(denials)).prepare(),
    action: orm.insert(operatorActions).values(slots(operatorActions)).prepare(),
    profile: orm
      .insert(symbolProfiles)
      .values({ ...slots(symbolProfiles), symbol: sql.placeholder("symbol") })
      .onConflictDoUpdate({ target: symbolProfiles.symbol, set: excluded(symbolProfiles) })
      .prepare(),
    // By row number, not by time: the oldest rows lie together and need no index.
    // An order that a killed run left open is as finished as the run.
    pruneOrders: sqlite.query<unknown, [number, string, number]>(
      "DELETE FROM orders WHERE id IN (SELECT id FROM orders " +
        "WHERE id <= (SELECT max(id) FROM orders) - ? " +
        "AND (state IN ('closed', 'rejected', 'failed') OR run_id <> ?) ORDER BY id LIMIT ?)",
    ),
    pruneDenials: sqlite.query<unknown, [number, number]>(
      "DELETE FROM denials WHERE id IN (SELECT id FROM denials " +
        "WHERE id <= (SELECT max(id) FROM denials) - ? ORDER BY id LIMIT ?)",
    ),
  };
}

/** A placeholder for every column but the row number, typed as the row that will fill them. */
function slots<Table extends SQLiteTable>(table: Table): Table["$inferInsert"] {
  const names = Object.keys(getTableColumns(table)).filter((name) => name !== "id");
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));
}

/** Every column set to the value that the insert would have written. */
function excluded(table: SQLiteTable) {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
  );
}
