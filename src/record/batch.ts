/**
 * Rows on their way into the database, behind the engine's back.
 *
 * Rows are held and a timer commits what has gathered in one transaction, ten times a second. A row
 * is never dropped for want of room before a named limit: at a lower one the caller pays for one
 * commit. A failed transaction keeps its rows and is tried again; a single row that the database
 * refuses is counted as lost and must not hold up the others.
 */
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { JournalDatabase } from "../store/database.ts";
import { isDiskRefusal } from "../store/disk-refusal.ts";

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
/** Old rows go in small steps: a delete stays as short as a flush. */
const UPKEEP_EVERY_MS = 60_000;

export interface BatchStats {
  /** Rows not yet committed. */
  readonly pending: number;
  /** Rows that will never be in the database. */
  readonly lost: number;
  readonly lastOkAtMs: number | null;
  /** Empty while writing works. */
  readonly lastError: string;
}

/** Puts a row into its table's queue. A row under a known key replaces the earlier one. */
export type Hold<Row extends object> = (row: Row, key?: string) => void;

/** Rows of one table that wait for the next commit. */
interface Waiting {
  readonly size: () => number;
  readonly clear: () => void;
  /** Hands over the call that writes it, for each row in order. */
  readonly each: (visit: (write: () => void) => void) => void;
}

export class RecordBatch {
  private readonly database: JournalDatabase;
  private readonly clock: Clock;
  private readonly commit: (write: () => void) => void;
  private readonly tables: Waiting[] = [];
  private readonly upkeeps: (() => void)[] = [];
  private serial = 0;
  private lost = 0;
  private lastOkAtMs: number | null = null;
  private lastError = "";
  private retryNotBeforeMs = 0;
  private upkeepNotBeforeMs: number;
  private cancelTimer: (() => void) | null = null;
  private closed = false;

  constructor(database: JournalDatabase, clock: Clock) {
    this.database = database;
    this.clock = clock;
    const transaction = database.sqlite.transaction((write: () => void) => write());
    this.commit = (write) => transaction.immediate(write);
    this.upkeepNotBeforeMs = clock.nowMs() + UPKEEP_EVERY_MS;
  }

  /** A table by the call that writes one row of it. Tables are committed in the order of these. */
  table<Row extends object>(write: (row: Row) => void): Hold<Row> {
    const rows = new Map<string | number, Row>();
    this.tables.push({
      size: () => rows.size,
      clear: () => rows.clear(),
      each(visit) {
        for (const row of rows.values()) visit(() => write(row));
      },
    });
    return (row, key) => {
      const isKnown = key !== undefined && rows.has(key);
      if (isKnown || this.pending < HELD_MAX) rows.set(key ?? this.serial++, row);
      else this.lost++;
    };
  }

  /** Called about once a minute after a commit; what it throws is told and tried again. */
  onUpkeep(upkeep: () => void): void {
    this.upkeeps.push(upkeep);
  }

  /** Runs `take`, which holds rows, and sees to their commit. A throw of it is a lost row. */
  take(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.lost++;
      this.lastError = errorText(error);
    }
    if (this.pending >= PENDING_MAX && this.clock.nowMs() >= this.retryNotBeforeMs) this.flush();
    if (this.pending > 0) this.schedule(FLUSH_EVERY_MS);
  }

  /** Commits everything now; false when the database refused and the rows are still held. */
  flush(): boolean {
    if (this.pending === 0) return true;
    try {
      this.commit(() => {
        for (const table of this.tables) table.each((write) => write());
      });
      this.succeeded();
      return true;
    } catch (error) {
      if (isDiskRefusal(error)) return this.failed(error);
      return this.flushOneByOne();
    }
  }

  stats(): BatchStats {
    const { pending, lost, lastOkAtMs } = this;
    const isInPlace = this.database.isInPlace();
    const lastError = isInPlace ? this.lastError : "the database file was deleted or replaced";
    return { pending, lost, lastOkAtMs, lastError };
  }

  /** Flushes a last time and stops the timer. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelTimer?.();
    if (!this.flush()) this.lost += this.pending;
  }

  private get pending(): number {
    let pending = 0;
    for (const table of this.tables) pending += table.size();
    return pending;
  }

  private schedule(afterMs: number): void {
    if (this.cancelTimer !== null || this.closed) return;
    this.cancelTimer = this.clock.after(afterMs, () => {
      this.cancelTimer = null;
      const ok = this.flush();
      if (ok) this.upkeep();
      if (this.pending > 0) this.schedule(ok ? FLUSH_EVERY_MS : RETRY_AFTER_MS);
    });
  }

  /**
   * A row broke the transaction: again, but step over what is refused so that only that is lost.
   */
  private flushOneByOne(): boolean {
    const refused: unknown[] = [];
    try {
      this.commit(() => {
        refused.length = 0;
        for (const table of this.tables) {
          table.each((write) => stepOver(write, refused));
        }
      });
    } catch (error) {
      return this.failed(error);
    }
    this.succeeded();
    this.lost += refused.length;
    if (refused.length > 0) this.lastError = errorText(refused[0]);
    return true;
  }

  private succeeded(): void {
    for (const table of this.tables) table.clear();
    this.lastOkAtMs = this.clock.nowMs();
    this.lastError = "";
  }

  private failed(error: unknown): false {
    this.lastError = errorText(error);
    this.retryNotBeforeMs = this.clock.nowMs() + RETRY_AFTER_MS;
    return false;
  }

  private upkeep(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs < this.upkeepNotBeforeMs) return;
    this.upkeepNotBeforeMs = nowMs + UPKEEP_EVERY_MS;
    for (const upkeep of this.upkeeps) {
      try {
        upkeep();
      } catch (error) {
        this.lastError = errorText(error); // The next minute tries again.
      }
    }
  }
}

function stepOver(write: () => void, refused: unknown[]): void {
  try {
    write();
  } catch (error) {
    if (isDiskRefusal(error)) throw error;
    refused.push(error);
  }
}
