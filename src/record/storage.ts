/**
 * What the product takes of the disk, for the health check and the storage page. Asked by many,
 * measured every few seconds at most.
 */
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { LogReader } from "../runtime/ports/log.ts";
import type { StorageReport } from "../runtime/ports/record.ts";
import type { JournalDatabase } from "../store/database.ts";
import type { RecordStats } from "./open-record.ts";

/** Disks do not fill faster than a person can read. */
export const REPORT_KEPT_MS = 5_000;

interface StorageOptions {
  readonly database: JournalDatabase;
  readonly logs: Pick<LogReader, "files"> & { readonly dir: string; readonly capBytes: number };
  readonly journal: { stats(): RecordStats };
  readonly nowMs: () => number;
}

export function createStorageReporter(options: StorageOptions): () => Promise<StorageReport> {
  const countRows = rowCounter(options.database);
  let report: Promise<StorageReport> | null = null;
  let takenAtMs = 0;

  async function take(nowMs: number): Promise<StorageReport> {
    const { database, logs, journal } = options;
    const files = logs.files();
    const disk = await statfs(dirname(database.path));
    return {
      database: {
        path: database.path,
        bytes: bytesOf(database.path),
        walBytes: bytesOf(`${database.path}-wal`),
        rows: countRows(),
        lostWrites: journal.stats().lost,
      },
      logs: {
        dir: logs.dir,
        bytes: files.reduce((sum, file) => sum + file.bytes, 0),
        capBytes: logs.capBytes,
        files,
      },
      disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
      checkedAtMs: nowMs,
    };
  }

  return () => {
    const nowMs = options.nowMs();
    if (report === null || nowMs - takenAtMs >= REPORT_KEPT_MS) {
      takenAtMs = nowMs;
      report = take(nowMs);
      report.catch(() => {
        report = null;
      });
    }
    return report;
  };
}

/**
 * Counts without a scan: the big tables are numbered without holes and pruned from their old end
 * only, so that the newest row number and the oldest one tell; the others are small.
 */
function rowCounter({ sqlite }: JournalDatabase): () => Record<string, number> {
  const numbered = ["trades", "orders", "denials", "incidents", "interventions"] as const;
  const small = ["users", "sessions", "runs", "symbol_profiles", "equity_points"] as const;
  const count = (table: string, expression: string) =>
    sqlite.query<{ rows: number }, []>(`SELECT ${expression} AS rows FROM ${table}`);
  const queries = [
    // Two look-ups; min and max in one SELECT would scan.
    ...numbered.map((table) => {
      const newest = `coalesce((SELECT max(id) FROM ${table}), 0)`;
      const oldest = `coalesce((SELECT min(id) FROM ${table}), 1)`;
      const query = sqlite.query<{ rows: number }, []>(`SELECT ${newest} - ${oldest} + 1 AS rows`);
      return { table, query };
    }),
    ...small.map((table) => ({ table, query: count(table, "count(*)") })),
  ];
  return () =>
    Object.fromEntries(queries.map(({ table, query }) => [table, query.get()?.rows ?? 0]));
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
