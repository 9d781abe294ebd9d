/**
 * Keeps what trading came to: closed round trips, and sums by day and by hour, so that a page of a
 * year need not read a million executions.
 *
 * Everything kept is derived from `trades` and `mark_outs` by one fold (src/pnl/money-fold.ts),
 * with a cursor that says up to where, in one transaction with it: a process killed at any moment
 * leaves both or neither. Executions are taken a minute after they were booked, when the market has
 * been looked at for the last time; readers fold what is younger themselves. Work is done in short
 * steps behind the writer's own commits. Days in another time zone are made anew from the start.
 */
import { dayOf } from "../domain/trading-day.ts";
import { MoneyFold } from "../pnl/money-fold.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { JournalDatabase } from "../store/database.ts";
import { nanoOf, restOf } from "./exact-sums.ts";
import { executionRows } from "./execution-rows.ts";
import { cursorReader, openText } from "./money-cursor.ts";
import { ADD_DAY, ADD_HOUR, figuresOf } from "./money-statements.ts";
import { tripWriter } from "./trip-rows.ts";

/** The last look at the market is 30 s after an execution; the rest is room for a late timer. */
const SETTLED_MS = 60_000;
/** Executions of one step: some milliseconds, as a flush. */
const STEP_ROWS = 200;
/** Between two steps of catching up: the trading loop has the rest. */
const STEP_PAUSE_MS = 50;

interface RollupOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly timeZone: string;
}

export class MoneyRollup {
  private readonly options: RollupOptions;
  private readonly rows: ReturnType<typeof executionRows>;
  private readonly cursor: ReturnType<typeof cursorReader>;
  private readonly write: (fold: MoneyFold) => void;
  private accountKey = "";
  private cancelTimer: (() => void) | null = null;
  private isClosed = false;

  constructor(options: RollupOptions) {
    const { database, timeZone } = options;
    this.options = options;
    this.rows = executionRows(database);
    this.cursor = cursorReader(database, timeZone);
    const writer = foldWriter(database, timeZone);
    const transaction = database.sqlite.transaction((fold: MoneyFold) =>
      writer(this.accountKey, fold),
    );
    this.write = (fold) => transaction.immediate(fold);
  }

  openAccount(accountKey: string): void {
    this.accountKey = accountKey;
  }

  /** Takes what has settled since the last call, in steps. Throws when the disk refuses. */
  catchUp(): void {
    if (this.accountKey === "" || this.cancelTimer !== null || this.isClosed) return;
    if (this.step() < STEP_ROWS) return;
    this.cancelTimer = this.options.clock.after(STEP_PAUSE_MS, () => {
      this.cancelTimer = null;
      try {
        this.catchUp();
      } catch {
        // The writer of executions tells of a disk that refuses; the next upkeep tries again.
      }
    });
  }

  close(): void {
    this.isClosed = true;
    this.cancelTimer?.();
  }

  /** Returns how many executions it took. */
  private step(): number {
    const { clock, timeZone } = this.options;
    const { accountKey } = this;
    const cursor = this.cursor(accountKey);
    const untilMs = clock.nowMs() - SETTLED_MS;
    const rows = this.rows({ accountKey, afterId: cursor.throughId, untilMs, limit: STEP_ROWS });
    if (rows.length === 0) return 0;
    const fold = new MoneyFold(cursor, (atMs) => dayOf(atMs, timeZone));
    for (const row of rows) fold.add(row);
    this.write(fold);
    return rows.length;
  }
}

/** Writes what a fold has added, and the cursor after it. */
function foldWriter({ sqlite }: JournalDatabase, timeZone: string) {
  const drops = ["round_trips", "money_days", "money_hours", "money_cursors"].map((table) =>
    sqlite.query<unknown, [string]>(`DELETE FROM ${table} WHERE account_key = ?`),
  );
  const zoneOf = sqlite.query<{ zone: string }, [string]>(
    "SELECT time_zone AS zone FROM money_cursors WHERE account_key = ?",
  );
  const addDay = sqlite.query<unknown, (string | number | bigint)[]>(ADD_DAY);
  const addHour = sqlite.query<unknown, (string | number | bigint)[]>(ADD_HOUR);
  const addTrip = tripWriter({ sqlite });
  const keepCursor = sqlite.query<unknown, [string, string, number, string]>(
    "INSERT OR REPLACE INTO money_cursors (account_key, time_zone, through_trade_id, open_trips) " +
      "VALUES (?, ?, ?, ?)",
  );
  return (accountKey: string, fold: MoneyFold): void => {
    const known = zoneOf.get(accountKey);
    if (known?.zone !== timeZone) for (const drop of drops) drop.run(accountKey);
    for (const { startsAtMs, symbol, strategy, bridge } of fold.days.values()) {
      addDay.run(accountKey, startsAtMs, symbol, strategy, ...figuresOf(bridge));
    }
    for (const { dayStartsAtMs, hour, symbol, net, fills } of fold.hours.values()) {
      addHour.run(accountKey, dayStartsAtMs, hour, symbol, nanoOf(net), restOf(net), fills);
    }
    for (const trip of fold.trips) addTrip(accountKey, trip);
    keepCursor.run(accountKey, timeZone, fold.throughId, openText(fold.open));
  };
}
