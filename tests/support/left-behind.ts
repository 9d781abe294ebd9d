/** What a process that has ended left in its data directory. */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";

interface LeftBehind {
  /** The youngest run, null when none had begun. */
  readonly run: { readonly endedAtMs: number | null; readonly exitReason: string | null } | null;
  /** Orders that the record believes to be at the venue. */
  readonly liveOrders: number;
  /** The process is still named as the holder of the directory. */
  readonly isHeld: boolean;
}

export function leftBehind(dataDir: string): LeftBehind {
  const path = join(dataDir, "scalper.db");
  const isHeld = existsSync(join(dataDir, "scalper.pid"));
  if (!existsSync(path)) return { run: null, liveOrders: 0, isHeld };
  const database = new Database(path, { readwrite: true });
  try {
    const run = database
      .query<NonNullable<LeftBehind["run"]>, []>(
        "SELECT ended_at_ms AS endedAtMs, exit_reason AS exitReason FROM runs " +
          "ORDER BY started_at_ms DESC",
      )
      .get();
    const live = database
      .query<{ count: number }, []>(
        "SELECT count(*) AS count FROM orders WHERE state NOT IN ('closed', 'rejected', 'failed')",
      )
      .get();
    return { run, liveOrders: live?.count ?? 0, isHeld };
  } finally {
    database.close();
  }
}
