/**
 * The tables of what is known and said of symbols. Each row is of an account, as in schema.ts, or
 * of the place alone where the account begins anew with each start (`profileKeyOf`).
 */
import { integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

const accountKey = () => text("account_key").notNull().default("");

/** Who entered and left the active set, and why; the oldest rows are pruned beyond a limit. */
export const universeChanges = sqliteTable("universe_changes", {
  id: integer("id").primaryKey(),
  atMs: integer("at_ms").notNull(),
  runId: text("run_id").notNull(),
  accountKey: accountKey(),
  symbol: text("symbol").notNull(),
  verb: text("verb", { enum: ["in", "out"] }).notNull(),
  score: real("score").notNull(),
  reason: text("reason").notNull(),
  /** What the score was made of, as JSON. */
  parts: text("parts").notNull(),
});

/** What people said of a symbol: pin, block, note, numbers of their own. One row a symbol. */
export const symbolWords = sqliteTable(
  "symbol_words",
  {
    /** As in `symbol_profiles`. */
    accountKey: accountKey(),
    symbol: text("symbol").notNull(),
    /** Who, why and when as JSON; null while there is none. */
    pin: text("pin"),
    block: text("block"),
    note: text("note").notNull(),
    /** Numbers by name, as JSON. */
    overrides: text("overrides").notNull(),
    by: text("by").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountKey, table.symbol] })],
);

/**
 * What a symbol is like at an hour of the week, Monday 00:00 UTC first: 168 rows a symbol at most.
 * The rows by age are the last week, hour by hour.
 */
export const symbolHours = sqliteTable(
  "symbol_hours",
  {
    /** As in `symbol_profiles`. */
    accountKey: accountKey(),
    symbol: text("symbol").notNull(),
    hour: integer("hour").notNull(),
    samples: integer("samples").notNull(),
    spreadBps: real("spread_bps").notNull(),
    depthUsdt: real("depth_usdt").notNull(),
    volatilityBps: real("volatility_bps").notNull(),
    tradesPerMin: real("trades_per_min").notNull(),
    /** Mean of the newest time at this hour. */
    score: real("score").notNull(),
    /** Our own entries there that ended, and how many of them were filled. */
    entries: integer("entries").notNull(),
    entriesFilled: integer("entries_filled").notNull(),
    /** Of fills that took: how far from the mid price, summed. */
    slippageBpsSum: real("slippage_bps_sum").notNull(),
    slippageFills: integer("slippage_fills").notNull(),
    /** Of fills: how far the price went against us within 5 s, summed. */
    adverseBpsSum: real("adverse_bps_sum").notNull(),
    adverseFills: integer("adverse_fills").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountKey, table.symbol, table.hour] })],
);

export const symbolProfiles = sqliteTable(
  "symbol_profiles",
  {
    /** Or the place alone, where the account begins anew with each start (`profileKeyOf`). */
    accountKey: accountKey(),
    symbol: text("symbol").notNull(),
    samples: integer("samples").notNull(),
    spreadBps: real("spread_bps").notNull(),
    volatilityBps1m: real("volatility_bps_1m").notNull(),
    tradesPerMin: real("trades_per_min").notNull(),
    turnover24hUsdt: real("turnover_24h_usdt").notNull(),
    topDepthUsdt: real("top_depth_usdt").notNull(),
    fills: integer("fills").notNull(),
    makerFills: integer("maker_fills").notNull(),
    netPnlUsdt: real("net_pnl_usdt").notNull(),
    category: text("category").notNull(),
    score: real("score").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountKey, table.symbol] })],
);
