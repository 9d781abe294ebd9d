/** Holds what the market did around an execution, beside the execution, as it becomes known. */
import type { AuditEntry } from "../engine/audit.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { MarkHorizonMs } from "../portfolio/mark-outs.ts";
import type { JournalDatabase } from "../store/database.ts";
import type { Hold, RecordBatch } from "./batch.ts";

interface MarkRow {
  readonly accountKey: string;
  readonly execId: string;
  readonly mid: string;
}

const LATER = {
  1000: "mid_after_1s",
  5000: "mid_after_5s",
  30000: "mid_after_30s",
} as const satisfies Record<Exclude<MarkHorizonMs, 0>, string>;

export class MarkRows {
  private readonly holds: Readonly<Record<MarkHorizonMs, Hold<MarkRow>>>;

  constructor(batch: RecordBatch, { sqlite }: JournalDatabase) {
    const insert = sqlite.query<unknown, [string, string, string]>(
      "INSERT INTO mark_outs (account_key, exec_id, mid_at_fill) VALUES (?, ?, ?) " +
        "ON CONFLICT DO NOTHING",
    );
    const first = batch.table<MarkRow>((row) => insert.run(row.accountKey, row.execId, row.mid));
    const later = (column: string): Hold<MarkRow> => {
      const update = sqlite.query<unknown, [string, string, string]>(
        `UPDATE mark_outs SET ${column} = ? WHERE account_key = ? AND exec_id = ?`,
      );
      return batch.table((row) => update.run(row.mid, row.accountKey, row.execId));
    };
    this.holds = {
      0: first,
      1000: later(LATER[1_000]),
      5000: later(LATER[5_000]),
      30000: later(LATER[30_000]),
    };
  }

  /** Nothing is kept for an account that is not known. */
  take(entry: AuditEntry, accountKey: string): void {
    if (entry.kind !== "mark_out" || accountKey === "") return;
    const { execId, horizonMs, mid } = entry.markOut;
    this.holds[horizonMs]({ accountKey, execId, mid: fixedToText(mid) });
  }
}
