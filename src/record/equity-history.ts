/**
 * The equity curve in SQLite, as an audit reader.
 *
 * A point every ten seconds would be three million rows a year. Older points are thinned in small
 * steps: what is older than a day keeps the last of each minute, older than a month the last of
 * each hour, and that stays for good: 9 thousand rows a year.
 */
import type { AuditTick } from "../engine/audit.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { JournalDatabase } from "../store/database.ts";
import { equityPoints } from "../store/schema.ts";
import type { Hold, RecordBatch } from "./batch.ts";
import { type EquityRow, equityRowOf } from "./record-rows.ts";
import { slots } from "./statements.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Points older than `afterMs` keep the last of each `stepMs`. */
const THINNINGS = [
  { afterMs: DAY_MS, stepMs: MINUTE_MS },
  { afterMs: 30 * DAY_MS, stepMs: HOUR_MS },
] as const;
/** Points looked at in one step of upkeep: an hour and a half of them, about a millisecond. */
const THIN_ROWS_MAX = 500;

interface HistoryOptions {
  readonly database: JournalDatabase;
  readonly batch: RecordBatch;
  readonly clock: Clock;
  readonly runId: string;
}

export class EquityHistory implements AuditReader {
  readonly name = "equity-history";
  private readonly options: HistoryOptions;
  private readonly hold: Hold<EquityRow>;
  private accountKey = "";
  /** Each with our clock of the last point that it has looked at; a start looks at all again. */
  private readonly thinners: readonly (() => void)[];

  constructor(options: HistoryOptions) {
    this.options = options;
    const { database, batch, clock } = options;
    const insert = database.orm
      .insert(equityPoints)
      .values({ ...slots(equityPoints) })
      .onConflictDoNothing()
      .prepare();
    this.hold = batch.table((row) => insert.run({ ...row }));
    this.thinners = THINNINGS.map((thinning) => thinner(database, clock, thinning));
    batch.onUpkeep(() => {
      for (const thin of this.thinners) thin();
    });
  }

  /** Points are of this account from now on. */
  openAccount(accountKey: string): void {
    this.accountKey = accountKey;
  }

  onTick(tick: AuditTick): void {
    const { accountKey } = this;
    const owner = { runId: this.options.runId, accountKey };
    for (const entry of tick.entries) {
      if (entry.kind !== "equity") continue;
      const row = equityRowOf(entry.point, owner);
      this.options.batch.take(() => this.hold(row));
    }
  }
}

function thinner(
  { sqlite }: JournalDatabase,
  clock: Clock,
  { afterMs, stepMs }: (typeof THINNINGS)[number],
): () => void {
  const lastOf = sqlite.query<{ toMs: number | null }, [number, number, number]>(
    "SELECT max(at_ms) AS toMs FROM (SELECT at_ms FROM equity_points " +
      "WHERE at_ms > ? AND at_ms <= ? ORDER BY at_ms LIMIT ?)",
  );
  const thin = sqlite.query<unknown, [number, number]>(
    "DELETE FROM equity_points WHERE at_ms > ? AND at_ms <= ? AND EXISTS (" +
      "SELECT 1 FROM equity_points AS later WHERE later.at_ms > equity_points.at_ms " +
      `AND later.at_ms < (equity_points.at_ms / ${stepMs} + 1) * ${stepMs})`,
  );
  let seenMs = 0;
  return () => {
    const oldMs = clock.nowMs() - afterMs;
    const toMs = lastOf.get(seenMs, oldMs, THIN_ROWS_MAX)?.toMs ?? null;
    if (toMs === null) return;
    thin.run(seenMs, toMs);
    seenMs = toMs;
  };
}
