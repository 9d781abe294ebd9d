/**
 * Who entered and left the active set and why, in SQLite and in the trade log, as an audit reader.
 */
import type { AuditTick } from "../engine/audit.ts";
import type { UniverseChange } from "../engine/universe-change.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import { universeChanges } from "../store/schema.ts";
import type { Hold, RecordBatch } from "./batch.ts";
import { slots } from "./statements.ts";

/** A set of eight that changes as fast as it may for a week. */
const CHANGES_KEPT_MAX = 100_000;
/** Deletes stay as short as a flush. */
const PRUNE_ROWS_MAX = 2_000;

type ChangeRow = Omit<typeof universeChanges.$inferSelect, "id">;

interface HistoryOptions {
  readonly database: JournalDatabase;
  readonly batch: RecordBatch;
  readonly runId: string;
  readonly tradeLog: LogPort;
}

export class UniverseHistory implements AuditReader {
  readonly name = "universe-history";
  private readonly options: HistoryOptions;
  private readonly hold: Hold<ChangeRow>;
  private accountKey = "";

  constructor(options: HistoryOptions) {
    this.options = options;
    const { database, batch } = options;
    const insert = database.orm.insert(universeChanges).values(slots(universeChanges)).prepare();
    this.hold = batch.table((row) => insert.run({ ...row }));
    const prune = database.sqlite.query<unknown, [number, number]>(
      "DELETE FROM universe_changes WHERE id IN (SELECT id FROM universe_changes " +
        "WHERE id <= (SELECT max(id) FROM universe_changes) - ? ORDER BY id LIMIT ?)",
    );
    batch.onUpkeep(() => void prune.run(CHANGES_KEPT_MAX, PRUNE_ROWS_MAX));
  }

  /** Rows are of this account from now on. */
  openAccount(accountKey: string): void {
    this.accountKey = accountKey;
  }

  onTick(tick: AuditTick): void {
    for (const entry of tick.entries) {
      if (entry.kind === "universe_change") this.take(entry.change);
    }
  }

  private take(change: UniverseChange): void {
    const { accountKey, options } = this;
    const { batch, runId, tradeLog } = options;
    const { atMs, symbol, verb, score, reason } = change;
    const row = { atMs, runId, accountKey, symbol, verb, score, reason };
    batch.take(() => {
      tradeLog.info("universe", row);
      this.hold({ ...row, parts: JSON.stringify(change.parts) });
    });
  }
}
