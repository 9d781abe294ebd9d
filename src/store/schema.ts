/**
 * The tables of the one SQLite file.
 *
 * Money, prices and quantities are exact decimal text; times are ms since the epoch by our clock
 * unless the name says `venue`. `bunx drizzle-kit generate` turns a change here into the next
 * numbered file under migrations/; "STRICT" is then added to each new table by hand, because the
 * generator cannot write it.
 *
 * Indexes are few on purpose: a second index on a table that is written with every fill costs ten
 * to twenty times the insert. Rows come out newest first by their row number, which is free.
 */
import {
  blob,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

export * from "./house-schema.ts";
export * from "./symbol-tables.ts";

/**
 * Whose row it is: place and the venue's id of the account (`accountKeyOf`). Empty: an unknown
 * account, which is nobody's: rows from before rows said so, and what happened before the venue
 * had answered who we are. No reader of an account counts them.
 */
const accountKey = () => text("account_key").notNull().default("");

const ACTIONS = [
  "halt",
  "resume",
  "cancel_all",
  "cancel_halt",
  "flatten",
  "close_symbol",
  "pause_symbol",
  "resume_symbol",
  "pin_symbol",
  "unpin_symbol",
  "block_symbol",
  "unblock_symbol",
  "edit_profile",
] as const;

/** What people and the program's own rules did to trading, and what came of it; kept for good. */
export const interventions = sqliteTable(
  "interventions",
  {
    id: integer("id").primaryKey(),
    interventionId: text("intervention_id").notNull(),
    atMs: integer("at_ms").notNull(),
    runId: text("run_id").notNull(),
    accountKey: accountKey(),
    action: text("action", { enum: ACTIONS }).notNull(),
    cause: text("cause", {
      enum: [
        "operator",
        "daily_loss",
        "difference",
        "wallet",
        "account",
        "risk",
        "record",
        "stopping",
        "stop_refused",
        "another_engine",
        "liquidation",
        "adl",
      ],
    }).notNull(),
    isAutomatic: integer("is_automatic", { mode: "boolean" }).notNull(),
    by: text("by").notNull(),
    reason: text("reason").notNull(),
    outcome: text("outcome").notNull(),
    /** False while more may come of it, and for ever when the process was killed before. */
    isDone: integer("is_done", { mode: "boolean" }).notNull(),
    outcomeAtMs: integer("outcome_at_ms").notNull(),
    /** As a person's page, terminal or file called the command; empty for the program's own. */
    commandId: text("command_id").notNull().default(""),
    /** The contract that it is about; empty when it is about all of trading. */
    symbol: text("symbol").notNull().default(""),
    verdict: text("verdict", { enum: ["executed", "refused", "expired"] })
      .notNull()
      .default("executed"),
  },
  (table) => [
    uniqueIndex("interventions_id").on(table.interventionId),
    // People press buttons a few times a day: what finds a command costs nothing to keep.
    index("interventions_command").on(table.commandId),
  ],
);

const SERVICES = [
  "engine",
  "market-feed",
  "private-feed",
  "rest",
  "universe",
  "storage",
  "logs",
  "web",
] as const;

/** Services that were ill; the oldest rows are pruned beyond a limit. */
export const incidents = sqliteTable(
  "incidents",
  {
    id: integer("id").primaryKey(),
    incidentId: text("incident_id").notNull(),
    runId: text("run_id").notNull(),
    service: text("service", { enum: SERVICES }).notNull(),
    severity: text("severity", { enum: ["degraded", "down"] }).notNull(),
    cause: text("cause").notNull(),
    fromMs: integer("from_ms").notNull(),
    /** Null while it lasts, and for ever when the process ended before it did. */
    untilMs: integer("until_ms"),
  },
  (table) => [uniqueIndex("incidents_id").on(table.incidentId)],
);

/**
 * The equity curve, thinned with age: points 10 s apart for a day, 1 min for a month, 1 h for good.
 */
export const equityPoints = sqliteTable("equity_points", {
  atMs: integer("at_ms").primaryKey(),
  runId: text("run_id").notNull(),
  accountKey: accountKey(),
  equity: text("equity").notNull(),
  unrealised: text("unrealised").notNull(),
  exposureUsdt: real("exposure_usdt").notNull(),
  /** Paid over the life of the account, exact; empty in rows from before it was kept. */
  fees: text("fees").notNull().default(""),
});

// ----------------------------------------------------------------------------- trading

export const runs = sqliteTable("runs", {
  id: text("id").primaryKey(),
  startedAtMs: integer("started_at_ms").notNull(),
  /** Null while it runs, and for ever when the process was killed. */
  endedAtMs: integer("ended_at_ms"),
  venue: text("venue").notNull(),
  accountKey: accountKey(),
  version: text("version").notNull(),
  seed: text("seed").notNull(),
  exitReason: text("exit_reason"),
});

/** Whether trading may happen on an account: what the next start begins with. */
export const tradingStates = sqliteTable("trading_states", {
  /** Whose orders and positions: venue and kind of trading. */
  account: text("account").primaryKey(),
  /** The run that wrote it: how that ended says whether this was a crash. */
  runId: text("run_id").notNull(),
  armed: integer("armed", { mode: "boolean" }).notNull(),
  /** It was at least once: positions are looked after. */
  wasArmed: integer("was_armed", { mode: "boolean" }).notNull(),
  haltReason: text("halt_reason").notNull(),
  haltedBy: text("halted_by").notNull(),
  haltCause: text("halt_cause").notNull(),
  /** The intervention that is under way as JSON, "null" when none is. */
  flatten: text("flatten").notNull(),
  /** The symbols whose entries are stopped, as a JSON list. */
  symbolHalts: text("symbol_halts").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

/** Risk limits that an operator changed while the program ran, newest last; kept for good. */
export const limitChanges = sqliteTable("limit_changes", {
  id: integer("id").primaryKey(),
  atMs: integer("at_ms").notNull(),
  /** Whose money: a limit of the simulator's is none of a real account's. */
  account: text("account").notNull(),
  runId: text("run_id").notNull(),
  /** Login name. */
  by: text("by").notNull(),
  reason: text("reason").notNull(),
  /** The limit's name. */
  name: text("name").notNull(),
  /** As it held before and from then on. */
  before: real("before").notNull(),
  after: real("after").notNull(),
  /** False: it was given back to the settings, and the next start has it from there. */
  isHeld: integer("is_held", { mode: "boolean" }).notNull(),
});

/** One row per execution: the ledger. Never pruned. */
export const trades = sqliteTable(
  "trades",
  {
    id: integer("id").primaryKey(),
    execId: text("exec_id").notNull(),
    execKind: text("exec_kind", {
      enum: [
        "trade",
        "funding",
        "liquidation",
        "adl",
        "settle",
        "delivery",
        "block_trade",
        "move_position",
        "corporate_action",
        "other",
      ],
    }).notNull(),
    runId: text("run_id").notNull(),
    accountKey: accountKey(),
    /**
     * False for what strangers did while we were away and what was done before our first start on
     * the account: known, and neither our execution nor our result.
     */
    isOurs: integer("is_ours", { mode: "boolean" }).notNull().default(true),
    /** Index of the symbol in the run that wrote the row; only `symbol` is stable over runs. */
    symbolId: integer("symbol_id").notNull(),
    symbol: text("symbol").notNull(),
    venueOrderId: text("venue_order_id").notNull(),
    clientId: text("client_id").notNull(),
    strategy: text("strategy").notNull(),
    side: text("side", { enum: ["buy", "sell"] }).notNull(),
    priceTicks: integer("price_ticks").notNull(),
    qtySteps: integer("qty_steps").notNull(),
    priceText: text("price_text").notNull(),
    qtyText: text("qty_text").notNull(),
    value: text("value").notNull(),
    fee: text("fee").notNull(),
    funding: text("funding").notNull(),
    realisedPnl: text("realised_pnl").notNull(),
    positionSteps: integer("position_steps").notNull(),
    isMaker: integer("is_maker", { mode: "boolean" }).notNull(),
    venueAtMs: integer("venue_at_ms").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("trades_exec").on(table.accountKey, table.execId),
    // Holds (account, symbol, row number): one symbol's newest fills without a scan of years of
    // rows. Fills are tens a second at most, so the dearer insert is paid where it is cheapest.
    index("trades_symbol").on(table.accountKey, table.symbol),
  ],
);

/**
 * Sums of `trades` by the hour, exact: what all executions came to is not added up anew for each
 * reader. Behind the trades by at most a minute (`record/fill-hours.ts`); never pruned.
 */
export const fillHours = sqliteTable(
  "fill_hours",
  {
    accountKey: text("account_key").notNull(),
    isOurs: integer("is_ours", { mode: "boolean" }).notNull(),
    /** Venue time, UTC. */
    hourAtMs: integer("hour_at_ms").notNull(),
    symbol: text("symbol").notNull(),
    strategy: text("strategy").notNull(),
    side: text("side").notNull(),
    isMaker: integer("is_maker", { mode: "boolean" }).notNull(),
    execKind: text("exec_kind").notNull(),
    count: integer("count").notNull(),
    value: text("value").notNull(),
    fee: text("fee").notNull(),
    funding: text("funding").notNull(),
    realisedPnl: text("realised_pnl").notNull(),
    /** Row numbers of the first and last trade in it. */
    firstId: integer("first_id").notNull(),
    lastId: integer("last_id").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.accountKey,
        table.isOurs,
        table.hourAtMs,
        table.symbol,
        table.strategy,
        table.side,
        table.isMaker,
        table.execKind,
      ],
    }),
    // Up to where the trades are added up: the greatest of these.
    index("fill_hours_last").on(table.lastId),
  ],
);

/** The latest state of each order of ours; finished rows are pruned beyond a limit. */
export const orders = sqliteTable(
  "orders",
  {
    id: integer("id").primaryKey(),
    clientId: text("client_id").notNull(),
    runId: text("run_id").notNull(),
    accountKey: accountKey(),
    symbol: text("symbol").notNull(),
    venueOrderId: text("venue_order_id"),
    side: text("side", { enum: ["buy", "sell"] }).notNull(),
    type: text("type").notNull(),
    timeInForce: text("time_in_force").notNull(),
    /** In ticks and steps of the contract as it was in this run. */
    priceTicks: integer("price_ticks"),
    qtySteps: integer("qty_steps").notNull(),
    filledSteps: integer("filled_steps").notNull(),
    stopLossTicks: integer("stop_loss_ticks"),
    reduceOnly: integer("reduce_only", { mode: "boolean" }).notNull(),
    purpose: text("purpose").notNull(),
    strategy: text("strategy").notNull(),
    state: text("state").notNull(),
    detail: text("detail").notNull(),
    reason: text("reason").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    /**
     * The same in decimal text: the contract's tick and step may change, and then the units above
     * mean something else. Empty in rows that were written before there were texts, and where
     * there is none: a market order has no price, an order that only reduces no stop.
     */
    priceText: text("price_text").notNull().default(""),
    qtyText: text("qty_text").notNull().default(""),
    filledText: text("filled_text").notNull().default(""),
    stopLossText: text("stop_loss_text").notNull().default(""),
    /** The steps of its life as JSON (`record/order-life.ts`), oldest first; kept with the row. */
    life: text("life").notNull().default("[]"),
  },
  (table) => [uniqueIndex("orders_client").on(table.clientId)],
);

/** Orders that our own risk gate refused; the oldest rows are pruned beyond a limit. */
export const denials = sqliteTable("denials", {
  id: integer("id").primaryKey(),
  atMs: integer("at_ms").notNull(),
  runId: text("run_id").notNull(),
  accountKey: accountKey(),
  symbol: text("symbol").notNull(),
  side: text("side").notNull(),
  purpose: text("purpose").notNull(),
  strategy: text("strategy").notNull(),
  code: text("code").notNull(),
  /** The reason with the numbers that decided, as JSON. */
  reason: text("reason").notNull(),
  /** This one and those of its kind since the row before that were not written by themselves. */
  times: integer("times").notNull().default(1),
});

// ----------------------------------------------------------------------------- the account's book

/**
 * What it takes to go on booking after a start, written in one transaction with the executions
 * that made it: the sums, and up to when the executions are whole.
 */
export const accounts = sqliteTable("accounts", {
  accountKey: text("account_key").primaryKey(),
  firstRunId: text("first_run_id").notNull(),
  firstSeenAtMs: integer("first_seen_at_ms").notNull(),
  /** Venue time of the first snapshot: what was executed before is not ours. Null before it. */
  sinceVenueAtMs: integer("since_venue_at_ms"),
  /** Venue time up to which no execution is missing. */
  wholeUntilVenueAtMs: integer("whole_until_venue_at_ms"),
  /** Of all that is ours. */
  realised: text("realised").notNull(),
  fees: text("fees").notNull(),
  funding: text("funding").notNull(),
  /** Cash that moved by executions that are not ours, and since when nothing moves ours. */
  apart: text("apart").notNull(),
  /** The wallet when it last agreed with the record, the record's cash then, and the venue time. */
  agreedWallet: text("agreed_wallet"),
  agreedCash: text("agreed_cash"),
  agreedVenueAtMs: integer("agreed_venue_at_ms"),
});

/** Open parts as they were left: one row a symbol, gone when flat. */
export const positions = sqliteTable(
  "positions",
  {
    accountKey: text("account_key").notNull(),
    symbol: text("symbol").notNull(),
    /** Signed decimal text: the contract's step may change. */
    qtyText: text("qty_text").notNull(),
    /** Signed value paid, exact. */
    cost: text("cost").notNull(),
    /** Last known mark price, empty when unknown. */
    markText: text("mark_text").notNull(),
    /** Name of the strategy that owns the symbol, empty when none does. */
    owner: text("owner").notNull(),
    /** Wholly made by strangers while we were away. */
    isForeign: integer("is_foreign", { mode: "boolean" }).notNull(),
    openedAtMs: integer("opened_at_ms").notNull(),
    /** As in the ledger: executions up to here are inside a size that was taken over. */
    adoptedVenueAtMs: integer("adopted_venue_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountKey, table.symbol] })],
);

/**
 * What the adapter knew of its venue: the contract list, and whose account a key opens. A start
 * that the venue does not answer begins with it.
 */
export const venueMemories = sqliteTable(
  "venue_memories",
  {
    /** The venue, with its address where that was set. */
    place: text("place").notNull(),
    name: text("name").notNull(),
    value: blob("value", { mode: "buffer" }).notNull(),
    /** Our clock when it was read. */
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.place, table.name] })],
);

export * from "./money-schema.ts";
