/**
 * The statements of the journal writer, prepared once: building one on each call costs six times
 * as much.
 */
import { getTableColumns, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { JournalDatabase } from "../store/database.ts";
import {
  days,
  denials,
  incidents,
  interventions,
  orders,
  positions,
  symbolProfiles,
  trades,
} from "../store/schema.ts";

/** Named as SQLite takes them. */
export type AccountSums = {
  readonly $accountKey: string;
  readonly $realised: string;
  readonly $fees: string;
  readonly $funding: string;
  readonly $apart: string;
  readonly $wholeUntil: number | null;
};

/** Slots of the statement that keeps the last agreement of wallet and record. */
export type AgreedWallet = {
  readonly $accountKey: string;
  readonly $wallet: string;
  readonly $cash: string;
  readonly $venueAtMs: number;
};

export type JournalStatements = ReturnType<typeof journalStatements>;

export function journalStatements({ orm, sqlite }: JournalDatabase) {
  return {
    trade: orm.insert(trades).values(slots(trades)).onConflictDoNothing().prepare(),
    order: orderStatement(orm),
    ...bookStatements({ orm, sqlite }),
    denial: orm.insert(denials).values(slots(denials)).prepare(),
    intervention: orm
      .insert(interventions)
      .values(slots(interventions))
      .onConflictDoUpdate({
        target: interventions.interventionId,
        set: {
          outcome: sql`excluded.outcome`,
          isDone: sql`excluded.is_done`,
          outcomeAtMs: sql`excluded.outcome_at_ms`,
        },
      })
      .prepare(),
    incident: orm
      .insert(incidents)
      .values(slots(incidents))
      .onConflictDoUpdate({
        target: incidents.incidentId,
        set: {
          severity: sql`excluded.severity`,
          cause: sql`excluded.cause`,
          untilMs: sql`excluded.until_ms`,
        },
      })
      .prepare(),
    profile: orm
      .insert(symbolProfiles)
      .values(slots(symbolProfiles))
      .onConflictDoUpdate({
        target: [symbolProfiles.accountKey, symbolProfiles.symbol],
        set: excluded(symbolProfiles),
      })
      .prepare(),
    // By row number, not by time: the oldest rows lie together and need no index.
    // An order that a killed run left open is as finished as the run.
    pruneOrders: sqlite.query<unknown, [number, string, number]>(
      "DELETE FROM orders WHERE id IN (SELECT id FROM orders " +
        "WHERE id <= (SELECT max(id) FROM orders) - ? " +
        "AND (state IN ('closed', 'rejected', 'failed') OR run_id <> ?) ORDER BY id LIMIT ?)",
    ),
    pruneDenials: pruneOldest(sqlite, "denials"),
    pruneIncidents: pruneOldest(sqlite, "incidents"),
  };
}

/** The account's book: its sums, what it holds, where its days began. */
function bookStatements({ orm, sqlite }: Pick<JournalDatabase, "orm" | "sqlite">) {
  return {
    account: sqlite.query<unknown, AccountSums>(
      "UPDATE accounts SET realised = $realised, fees = $fees, funding = $funding, " +
        "apart = $apart, whole_until_venue_at_ms = $wholeUntil, " +
        "since_venue_at_ms = coalesce(since_venue_at_ms, $wholeUntil) " +
        "WHERE account_key = $accountKey",
    ),
    agreed: sqlite.query<unknown, AgreedWallet>(
      "UPDATE accounts SET agreed_wallet = $wallet, agreed_cash = $cash, " +
        "agreed_venue_at_ms = $venueAtMs WHERE account_key = $accountKey",
    ),
    position: orm
      .insert(positions)
      .values(slots(positions))
      .onConflictDoUpdate({
        target: [positions.accountKey, positions.symbol],
        set: excluded(positions),
      })
      .prepare(),
    day: orm
      .insert(days)
      .values(slots(days))
      .onConflictDoUpdate({ target: [days.accountKey, days.startsAtMs], set: excluded(days) })
      .prepare(),
  };
}

/** Inserts an order, or brings the row of an earlier state of it up to date. */
function orderStatement(orm: JournalDatabase["orm"]) {
  return orm
    .insert(orders)
    .values(slots(orders))
    .onConflictDoUpdate({
      target: orders.clientId,
      set: {
        venueOrderId: sql`excluded.venue_order_id`,
        filledSteps: sql`excluded.filled_steps`,
        filledText: sql`excluded.filled_text`,
        // An amendment that holds moves them.
        priceTicks: sql`excluded.price_ticks`,
        priceText: sql`excluded.price_text`,
        stopLossTicks: sql`excluded.stop_loss_ticks`,
        stopLossText: sql`excluded.stop_loss_text`,
        reason: sql`excluded.reason`,
        state: sql`excluded.state`,
        detail: sql`excluded.detail`,
        updatedAtMs: sql`excluded.updated_at_ms`,
        life: sql`excluded.life`,
      },
    })
    .prepare();
}

/** Takes how many of the newest rows stay, and how many go at most. */
function pruneOldest(sqlite: JournalDatabase["sqlite"], table: "denials" | "incidents") {
  return sqlite.query<unknown, [number, number]>(
    `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} ` +
      `WHERE id <= (SELECT max(id) FROM ${table}) - ? ORDER BY id LIMIT ?)`,
  );
}

/** A placeholder for every column but the row number, typed as the row that will fill them. */
export function slots<Table extends SQLiteTable>(table: Table): Table["$inferInsert"] {
  const names = Object.keys(getTableColumns(table)).filter((name) => name !== "id");
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));
}

/** Every column set to the value that the insert would have written. */
export function excluded(table: SQLiteTable) {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
  );
}
