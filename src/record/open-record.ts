/** The record of a run: the audit readers that keep it, and the one batch that they share. */
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import { type BatchStats, RecordBatch } from "./batch.ts";
import { EquityHistory } from "./equity-history.ts";
import { ADDED_ROWS_MAX, FillHours } from "./fill-hours.ts";
import { MoneyRollup } from "./money-rollup.ts";
import { beginAccount } from "./runs.ts";
import { UniverseHistory } from "./universe-history.ts";
import { type AccountKeys, Journal } from "./writer.ts";

interface RecordOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly runId: string;
  readonly tradeLog: LogPort;
  /** In whose midnight the days of the sums begin; UTC when left out. */
  readonly dayTimeZone?: string;
}

export interface RecordStats extends BatchStats {
  /** Denials left out on purpose: they are not lost. */
  readonly deniedUnrecorded: number;
}

export interface TradingRecord {
  readonly journal: AuditReader;
  readonly equity: AuditReader;
  readonly universe: AuditReader;
  /** Rows are of this account from now on, also those that this run has written already. */
  openAccount(keys: AccountKeys): void;
  /** Commits everything now; false when the database refused and the rows are still held. */
  flush(): boolean;
  stats(): RecordStats;
  /** Flushes a last time and stops the timer. */
  close(): void;
}

/** Nothing is written before a reader gets a tick. */
export function openRecord(options: RecordOptions): TradingRecord {
  const { database, clock, runId, tradeLog } = options;
  const batch = new RecordBatch(database, clock);
  const journal = new Journal({ database, batch, runId, tradeLog });
  const equity = new EquityHistory({ database, batch, clock, runId });
  const universe = new UniverseHistory({ database, batch, runId, tradeLog });
  let hours: FillHours | null = null;
  batch.onUpkeep(() => hours?.advance(ADDED_ROWS_MAX));
  const money = new MoneyRollup({ database, clock, timeZone: options.dayTimeZone ?? "UTC" });
  batch.onUpkeep(() => money.catchUp());
  return {
    journal,
    equity,
    universe,
    openAccount(keys) {
      batch.flush();
      const wholeUntil = beginAccount(database, {
        accountKey: keys.accountKey,
        runId,
        nowMs: clock.nowMs(),
      });
      journal.openAccount(keys, wholeUntil);
      equity.openAccount(keys.accountKey);
      universe.openAccount(keys);
      // From now on no row changes its account any more.
      hours = new FillHours(database);
      money.openAccount(keys.accountKey);
    },
    flush: () => batch.flush(),
    stats: () => ({ ...batch.stats(), deniedUnrecorded: journal.deniedUnrecorded }),
    close() {
      money.close();
      batch.close();
    },
  };
}
