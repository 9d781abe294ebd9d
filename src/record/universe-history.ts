/**
 * Who entered and left the active set and why, in SQLite and in the trade log, and what was learned
 * of symbols by hour of the week: an audit reader.
 */
import { and, eq } from "drizzle-orm";
import type { AuditTick } from "../engine/audit.ts";
import type { UniverseChange } from "../engine/universe-change.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import { symbolHours, universeChanges } from "../store/schema.ts";
import type { HourRow } from "../universe/hours-of-week.ts";
import type { Hold, RecordBatch } from "./batch.ts";
import { excluded, slots } from "./statements.ts";
import type { AccountKeys } from "./writer.ts";

/** A set of eight that changes as fast as it may for a week. */
const CHANGES_KEPT_MAX = 100_000;
/** Deletes stay as short as a flush. */
const PRUNE_ROWS_MAX = 2_000;

type HourTableRow = typeof symbolHours.$inferSelect;
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
  private readonly holdHour: Hold<HourTableRow>;
  private accountKey = "";
  private profileKey: string | null = null;

  constructor(options: HistoryOptions) {
    this.options = options;
    const { database, batch } = options;
    const insert = database.orm.insert(universeChanges).values(slots(universeChanges)).prepare();
    this.hold = batch.table((row) => insert.run({ ...row }));
    const upsert = database.orm
      .insert(symbolHours)
      .values(slots(symbolHours))
      .onConflictDoUpdate({
        target: [symbolHours.accountKey, symbolHours.symbol, symbolHours.hour],
        set: excluded(symbolHours),
      })
      .prepare();
    this.holdHour = batch.table((row) => upsert.run({ ...row }));
    const prune = database.sqlite.query<unknown, [number, number]>(
      "DELETE FROM universe_changes WHERE id IN (SELECT id FROM universe_changes " +
        "WHERE id <= (SELECT max(id) FROM universe_changes) - ? ORDER BY id LIMIT ?)",
    );
    batch.onUpkeep(() => void prune.run(CHANGES_KEPT_MAX, PRUNE_ROWS_MAX));
  }

  /** Rows are of this account from now on. */
  openAccount({ accountKey, profileKey }: AccountKeys): void {
    this.accountKey = accountKey;
    this.profileKey = profileKey;
  }

  onTick(tick: AuditTick): void {
    for (const entry of tick.entries) {
      if (entry.kind === "universe_change") this.take(entry.change);
      if (entry.kind === "symbol_hours") this.takeHours(entry.rows);
    }
  }

  /** Statistics of nobody are of no use to anybody: they wait for the account. */
  private takeHours(rows: readonly HourRow[]): void {
    const { profileKey: accountKey } = this;
    if (accountKey === null) return;
    this.options.batch.take(() => {
      for (const row of rows) this.holdHour({ ...row, accountKey }, `${row.symbol} ${row.hour}`);
    });
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

/** What was learned under this key, of all symbols or of one. */
export function loadHours(
  { orm }: JournalDatabase,
  profileKey: string,
  symbol?: string,
): readonly HourRow[] {
  const ofKey = eq(symbolHours.accountKey, profileKey);
  const wanted = symbol === undefined ? ofKey : and(ofKey, eq(symbolHours.symbol, symbol));
  const rows = orm.select().from(symbolHours).where(wanted).all();
  return rows.map(({ accountKey: _key, ...row }) => row);
}
