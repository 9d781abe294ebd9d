/**
 * The journal: the audit reader that keeps the record of trading in SQLite and in the trade log.
 *
 * A tick is copied into rows and the engine goes on; the batch behind it commits them. Every fact
 * and every change of an order is also a line of the trade log.
 */
import type { AuditEntry, AuditTick } from "../engine/audit.ts";
import { unreachable } from "../kernel/assert.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import { type BatchStats, type Hold, RecordBatch } from "./batch.ts";
import {
  denialRowOf,
  type NewDenialRow,
  type NewOrderRow,
  type NewTradeRow,
  orderRowOf,
  type ProfileRow,
  profileRowOf,
  tradeRowOf,
} from "./record-rows.ts";
import { type JournalStatements, journalStatements } from "./statements.ts";

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

interface JournalOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly runId: string;
  readonly tradeLog: LogPort;
}

export interface JournalStats extends BatchStats {
  /** Denials left out on purpose: they are not lost. */
  readonly deniedUnrecorded: number;
}

export interface Journal extends AuditReader {
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

/** Never blocks for a disk beyond one commit, never throws, counts what it lost. */
export function createJournal(options: JournalOptions): Journal {
  return new JournalWriter(options);
}

class JournalWriter implements Journal {
  readonly name = "journal";
  private readonly runId: string;
  private readonly tradeLog: LogPort;
  private readonly batch: RecordBatch;
  private readonly holds: Holds;
  private deniedUnrecorded = 0;
  /** What was denied in the running second. */
  private readonly deniedKeys = new Set<string>();
  private deniedSecond = 0;

  constructor({ database, clock, runId, tradeLog }: JournalOptions) {
    this.runId = runId;
    this.tradeLog = tradeLog;
    this.batch = new RecordBatch(database, clock);
    const statements = journalStatements(database);
    this.holds = holdsOf(this.batch, statements);
    this.batch.onUpkeep(() => {
      statements.pruneOrders.run(ORDERS_KEPT_MAX, runId, PRUNE_ROWS_MAX);
      statements.pruneDenials.run(DENIALS_KEPT_MAX, PRUNE_ROWS_MAX);
    });
  }

  onTick(tick: AuditTick): void {
    for (const entry of tick.entries) this.batch.take(() => this.take(entry));
  }

  flush(): boolean {
    return this.batch.flush();
  }

  stats(): JournalStats {
    return { ...this.batch.stats(), deniedUnrecorded: this.deniedUnrecorded };
  }

  close(): void {
    this.batch.close();
  }

  private take(entry: AuditEntry): void {
    const { tradeLog, runId, holds } = this;
    switch (entry.kind) {
      case "fill": {
        const row = tradeRowOf(entry.fill, runId);
        tradeLog.info("fill", row);
        holds.trade(row);
        break;
      }
      case "order": {
        const row = orderRowOf(entry.order, runId);
        tradeLog.info("order", row);
        // The table holds the latest state only, so states in between need not be written.
        holds.order(row, row.clientId);
        break;
      }
      case "denial":
        this.takeDenial(denialRowOf(entry.denial, runId));
        break;
      case "command": {
        const { atMs, action, by, reason } = entry;
        tradeLog.info("command", { action, by, reason });
        holds.action({ atMs, runId, action, by, reason });
        break;
      }
      case "profiles":
        if (!entry.isSampled) break;
        for (const profile of entry.profiles) {
          if (profile.samples > 0) holds.profile(profileRowOf(profile), profile.symbol);
        }
        break;
      case "symbols":
      case "position":
      case "account":
      case "feeds":
      case "instruments":
      case "universe":
      case "counters":
        break;
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
    this.tradeLog.info("denied", row);
    this.holds.denial(row);
  }
}

interface Holds {
  readonly trade: Hold<NewTradeRow>;
  readonly action: Hold<ActionRow>;
  readonly order: Hold<NewOrderRow>;
  readonly denial: Hold<NewDenialRow>;
  readonly profile: Hold<ProfileRow>;
}

/** Order does not matter between tables, save that fills go first. */
function holdsOf(batch: RecordBatch, statements: JournalStatements): Holds {
  const { trade, action, order, denial, profile } = statements;
  return {
    trade: batch.table((row) => trade.run({ ...row })),
    action: batch.table((row) => action.run({ ...row })),
    order: batch.table((row) => order.run({ ...row })),
    denial: batch.table((row) => denial.run({ ...row })),
    profile: batch.table((row) => profile.run({ ...row })),
  };
}
