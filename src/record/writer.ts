/**
 * The record behind the engine's back.
 *
 * `write` copies the entry and returns; a timer commits what has gathered in one transaction, ten
 * times a second. A fill is never dropped for want of room: at the limit it is written at once. A
 * failed transaction keeps its rows and is tried again; a single row that the database refuses is
 * counted as lost and must not hold up the others. Every entry is also a line of the trade log.
 */
import type { SymbolId } from "../domain/units.ts";
import type { JournalEntry } from "../engine/effect.ts";
import { unreachable } from "../kernel/assert.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalPort } from "../runtime/ports/record.ts";
import type { JournalDatabase } from "../store/database.ts";
import {
  denialRowOf,
  type NewDenialRow,
  type NewOrderRow,
  type NewTradeRow,
  orderRowOf,
  type ProfileRow,
  profileRowOf,
  type RowContext,
  tradeRowOf,
} from "./record-rows.ts";
import { type JournalStatements, journalStatements } from "./statements.ts";

/**
 * A trader sees a fill in the table within a tenth of a second; a commit costs far less than that.
 */
export const FLUSH_EVERY_MS = 100;
/** A disk that refused is asked again once a second: soon enough to notice room, no load. */
export const RETRY_AFTER_MS = 1_000;
/** Twenty times a busy second; at this many the caller pays for one commit. */
export const PENDING_MAX = 2_000;
/** About 50 MB of rows: what is held in memory while the disk refuses, then rows are lost. */
const HELD_MAX = 50_000;
/**
 * A gate that denies on every tick must not fill the record or push fills out of the trade log: one
 * row a second for each symbol, side and reason, and this many in all. The rest is counted.
 */
export const DENIALS_PER_SEC_MAX = 50;
/** Some days of a busy maker; fills are kept for good in their own table. */
export const ORDERS_KEPT_MAX = 500_000;
const DENIALS_KEPT_MAX = 100_000;
/** Deletes stay as short as a flush. */
const PRUNE_ROWS_MAX = 2_000;
const PRUNE_EVERY_MS = 60_000;

interface JournalOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly runId: string;
  /** Symbol of an id of this run; rows must outlive the ids. */
  readonly symbolOf: (symbolId: SymbolId) => string;
  readonly tradeLog: LogPort;
}

export interface JournalStats {
  /** Rows not yet committed. */
  readonly pending: number;
  /** Rows that will never be in the database; denials left out on purpose are counted apart. */
  readonly lost: number;
  readonly deniedUnrecorded: number;
  readonly lastOkAtMs: number | null;
  /** Empty while writing works. */
  readonly lastError: string;
}

export interface Journal extends JournalPort {
  /** Commits everything now; false when the database refused and the rows are still held. */
  flush(): boolean;
  stats(): JournalStats;
  /** Flushes a last time and stops the timer. */
  close(): void;
}

interface ActionRow {
  readonly atMs: number;
  readonly runId: string;
  readonly action: string;
  readonly by: string;
  readonly reason: string;
}

export function createJournal(options: JournalOptions): Journal {
  return new JournalWriter(options);
}

class JournalWriter implements Journal {
  private readonly options: JournalOptions;
  private readonly context: RowContext;
  private readonly statements: JournalStatements;
  private readonly commit: (write: () => void) => void;
  private trades: NewTradeRow[] = [];
  private actions: ActionRow[] = [];
  private denials: NewDenialRow[] = [];
  /** The table holds the latest state only, so states in between need not be written. */
  private readonly orders = new Map<string, NewOrderRow>();
  private readonly profiles = new Map<string, ProfileRow>();
  private lost = 0;
  private deniedUnrecorded = 0;
  /** What was denied in the running second. */
  private readonly deniedKeys = new Set<string>();
  private deniedSecond = 0;
  private lastOkAtMs: number | null = null;
  private lastError = "";
  private retryNotBeforeMs = 0;
  private pruneNotBeforeMs: number;
  private cancelTimer: (() => void) | null = null;
  private closed = false;

  constructor(options: JournalOptions) {
    this.options = options;
    this.context = { runId: options.runId, symbolOf: options.symbolOf };
    this.statements = journalStatements(options.database);
    const transaction = options.database.sqlite.transaction((write: () => void) => write());
    this.commit = (write) => transaction.immediate(write);
    this.pruneNotBeforeMs = options.clock.nowMs() + PRUNE_EVERY_MS;
  }

  write(entry: JournalEntry): void {
    try {
      this.take(entry);
    } catch (error) {
      this.lost++;
      this.lastError = textOf(error);
    }
    if (this.pending >= PENDING_MAX && this.options.clock.nowMs() >= this.retryNotBeforeMs) {
      this.flush();
    }
    this.schedule(FLUSH_EVERY_MS);
  }

  flush(): boolean {
    if (this.pending === 0) return true;
    try {
      this.commit(() => {
        for (const write of this.writes()) write();
      });
      this.succeeded();
      return true;
    } catch (error) {
      if (isTransient(error)) return this.failed(error);
      return this.flushOneByOne();
    }
  }

  stats(): JournalStats {
    const { pending, lost, deniedUnrecorded, lastOkAtMs } = this;
    const isInPlace = this.options.database.isInPlace();
    const lastError = isInPlace ? this.lastError : "the database file was deleted or replaced";
    return { pending, lost, deniedUnrecorded, lastOkAtMs, lastError };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelTimer?.();
    if (!this.flush()) this.lost += this.pending;
  }

  private get pending(): number {
    const { trades, actions, denials, orders, profiles } = this;
    return trades.length + actions.length + denials.length + orders.size + profiles.size;
  }

  private take(entry: JournalEntry): void {
    const { tradeLog, runId } = this.options;
    switch (entry.kind) {
      case "fill": {
        const row = tradeRowOf(entry.fill, runId);
        tradeLog.info("fill", row);
        this.hold(this.trades, row);
        return;
      }
      case "order": {
        const row = orderRowOf(entry.order, this.context);
        tradeLog.info("order", row);
        if (this.orders.has(row.clientId) || this.pending < HELD_MAX) {
          this.orders.set(row.clientId, row);
        } else this.lost++;
        return;
      }
      case "denied":
        this.takeDenial(denialRowOf(entry, this.context));
        return;
      case "command": {
        const { atMs, action, by, reason } = entry;
        tradeLog.info("command", { action, by, reason });
        this.hold(this.actions, { atMs, runId, action, by, reason });
        return;
      }
      case "profile":
        this.profiles.set(entry.profile.symbol, profileRowOf(entry.profile));
        return;
      default:
        unreachable(entry);
    }
  }

  private takeDenial(row: NewDenialRow): void {
    const second = Math.floor(row.atMs / 1_000);
    if (second !== this.deniedSecond) this.deniedKeys.clear();
    this.deniedSecond = second;
    const key = `${row.symbol} ${row.side} ${row.code}`;
    if (this.deniedKeys.has(key) || this.deniedKeys.size >= DENIALS_PER_SEC_MAX) {
      this.deniedUnrecorded++;
      return;
    }
    this.deniedKeys.add(key);
    this.options.tradeLog.info("denied", row);
    this.hold(this.denials, row);
  }

  private hold<Row>(rows: Row[], row: Row): void {
    if (this.pending < HELD_MAX) rows.push(row);
    else this.lost++;
  }

  private schedule(afterMs: number): void {
    if (this.cancelTimer !== null || this.closed) return;
    this.cancelTimer = this.options.clock.after(afterMs, () => {
      this.cancelTimer = null;
      const ok = this.flush();
      if (ok) this.prune();
      if (this.pending > 0) this.schedule(ok ? FLUSH_EVERY_MS : RETRY_AFTER_MS);
    });
  }

  /** Each pending row as the call that writes it; order does not matter between tables. */
  private *writes(): Generator<() => void> {
    const { trade, action, denial, order, profile } = this.statements;
    for (const row of this.trades) yield () => trade.run({ ...row });
    for (const row of this.actions) yield () => action.run({ ...row });
    for (const row of this.orders.values()) yield () => order.run({ ...row });
    for (const row of this.denials) yield () => denial.run({ ...row });
    for (const row of this.profiles.values()) yield () => profile.run({ ...row });
  }

  /**
   * A row broke the transaction: again, but step over what is refused so that only that is lost.
   */
  private flushOneByOne(): boolean {
    const refused: unknown[] = [];
    try {
      this.commit(() => {
        refused.length = 0;
        for (const write of this.writes()) {
          try {
            write();
          } catch (error) {
            if (isTransient(error)) throw error;
            refused.push(error);
          }
        }
      });
    } catch (error) {
      return this.failed(error);
    }
    this.succeeded();
    this.lost += refused.length;
    if (refused.length > 0) this.lastError = textOf(refused[0]);
    return true;
  }

  private succeeded(): void {
    this.trades = [];
    this.actions = [];
    this.denials = [];
    this.orders.clear();
    this.profiles.clear();
    this.lastOkAtMs = this.options.clock.nowMs();
    this.lastError = "";
  }

  private failed(error: unknown): false {
    this.lastError = textOf(error);
    this.retryNotBeforeMs = this.options.clock.nowMs() + RETRY_AFTER_MS;
    return false;
  }

  private prune(): void {
    const nowMs = this.options.clock.nowMs();
    if (nowMs < this.pruneNotBeforeMs) return;
    this.pruneNotBeforeMs = nowMs + PRUNE_EVERY_MS;
    try {
      this.statements.pruneOrders.run(ORDERS_KEPT_MAX, this.options.runId, PRUNE_ROWS_MAX);
      this.statements.pruneDenials.run(DENIALS_KEPT_MAX, PRUNE_ROWS_MAX);
    } catch (error) {
      this.lastError = textOf(error); // The next minute tries again.
    }
  }
}

/** Errors of the disk or of another writer, which pass; others are about a row and stay. */
const TRANSIENT = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/;

function isTransient(error: unknown): boolean {
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : null);
  return code !== null && TRANSIENT.test(code);
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error ? String(error.code) : null;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
