/**
 * The tables of what trading came to: where days began, what the market did around each execution,
 * and what is derived from the executions so that a page need not read a million of them.
 * `schema.ts` says how tables are written here.
 */
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Where a day began: net result of the account at its border, open positions at their marks. */
export const days = sqliteTable(
  "days",
  {
    accountKey: text("account_key").notNull(),
    startsAtMs: integer("starts_at_ms").notNull(),
    net: text("net").notNull(),
    /** False when it was computed later, as the program was down at the border. */
    isSeen: integer("is_seen", { mode: "boolean" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountKey, table.startsAtMs] })],
);

/**
 * Middle of the market at an execution and after it, as exact decimal text; null where it is not
 * known. A row comes with its execution and is filled in as time passes; there is none when nothing
 * is known.
 */
export const markOuts = sqliteTable(
  "mark_outs",
  {
    accountKey: text("account_key").notNull(),
    execId: text("exec_id").notNull(),
    midAtFill: text("mid_at_fill").notNull(),
    midAfter1s: text("mid_after_1s"),
    midAfter5s: text("mid_after_5s"),
    midAfter30s: text("mid_after_30s"),
  },
  (table) => [primaryKey({ columns: [table.accountKey, table.execId] })],
);

/**
 * Sums of exact money that SQLite itself can add up: whole billionths of a USDT, and the rest below
 * them in units of 10^-18, which is never negative.
 */
const nano = (name: string) => integer(`${name}_nano`).notNull();
const rest = (name: string) => integer(`${name}_rest`).notNull();

/**
 * Closed round trips, derived from `trades` (src/pnl/round-trip.ts): the row number is that of the
 * execution that closed it. Can be made anew at any time.
 */
export const roundTrips = sqliteTable(
  "round_trips",
  {
    id: integer("id").primaryKey(),
    accountKey: text("account_key").notNull(),
    symbol: text("symbol").notNull(),
    side: text("side", { enum: ["buy", "sell"] }).notNull(),
    strategy: text("strategy").notNull(),
    openedAtMs: integer("opened_at_ms").notNull(),
    closedAtMs: integer("closed_at_ms").notNull(),
    qtyText: text("qty_text").notNull(),
    entryPriceText: text("entry_price_text").notNull(),
    exitPriceText: text("exit_price_text").notNull(),
    enteredValue: text("entered_value").notNull(),
    gross: text("gross").notNull(),
    fees: text("fees").notNull(),
    funding: text("funding").notNull(),
    netNano: nano("net"),
    netRest: rest("net"),
    /** Null when a size was taken over, so that what was paid is not known. */
    netBps: real("net_bps"),
    fills: integer("fills").notNull(),
    makerShare: real("maker_share").notNull(),
    entryClientId: text("entry_client_id").notNull(),
    exitClientId: text("exit_client_id").notNull(),
    /** As the orders say, kept here since orders are pruned; empty when none of ours was it. */
    entryReason: text("entry_reason").notNull(),
    exitReason: text("exit_reason").notNull(),
    exitKind: text("exit_kind").notNull(),
    isWhole: integer("is_whole", { mode: "boolean" }).notNull(),
  },
  (table) => [index("round_trips_closed").on(table.accountKey, table.closedAtMs)],
);

/** The money bridge by trading day, symbol and strategy, derived from `trades` and `mark_outs`. */
export const moneyDays = sqliteTable(
  "money_days",
  {
    accountKey: text("account_key").notNull(),
    startsAtMs: integer("starts_at_ms").notNull(),
    symbol: text("symbol").notNull(),
    strategy: text("strategy").notNull(),
    spreadNano: nano("spread"),
    spreadRest: rest("spread"),
    movedNano: nano("moved"),
    movedRest: rest("moved"),
    notKnownNano: nano("not_known"),
    notKnownRest: rest("not_known"),
    makerFeesNano: nano("maker_fees"),
    makerFeesRest: rest("maker_fees"),
    takerFeesNano: nano("taker_fees"),
    takerFeesRest: rest("taker_fees"),
    fundingNano: nano("funding"),
    fundingRest: rest("funding"),
    otherNano: nano("other"),
    otherRest: rest("other"),
    trips: integer("trips").notNull(),
    won: integer("won").notNull(),
    fills: integer("fills").notNull(),
    value: real("value").notNull(),
    makerValue: real("maker_value").notNull(),
    knownFills: integer("known_fills").notNull(),
    knownValue: real("known_value").notNull(),
    edge: real("edge").notNull(),
    value1s: real("value_1s").notNull(),
    move1s: real("move_1s").notNull(),
    value5s: real("value_5s").notNull(),
    move5s: real("move_5s").notNull(),
    value30s: real("value_30s").notNull(),
    move30s: real("move_30s").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.accountKey, table.startsAtMs, table.symbol, table.strategy],
    }),
  ],
);

/** Net by hour of the trading day and symbol: hours since the day began. */
export const moneyHours = sqliteTable(
  "money_hours",
  {
    accountKey: text("account_key").notNull(),
    dayStartsAtMs: integer("day_starts_at_ms").notNull(),
    hour: integer("hour").notNull(),
    symbol: text("symbol").notNull(),
    netNano: nano("net"),
    netRest: rest("net"),
    fills: integer("fills").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountKey, table.dayStartsAtMs, table.hour, table.symbol] }),
  ],
);

/** Up to where the three above have been made, and what is open there. */
export const moneyCursors = sqliteTable("money_cursors", {
  accountKey: text("account_key").primaryKey(),
  /** In whose midnight the days begin: in another zone they are made anew. */
  timeZone: text("time_zone").notNull(),
  throughTradeId: integer("through_trade_id").notNull(),
  /** Open trips by symbol, as JSON. */
  openTrips: text("open_trips").notNull(),
});
