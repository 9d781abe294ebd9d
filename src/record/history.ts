/**
 * What is read back of interventions, incidents and the equity curve, over all runs.
 */
import { and, desc, eq, lt, ne, or, sql } from "drizzle-orm";
import type { Incident } from "../engine/audit.ts";
import type {
  EquityQuery,
  HistoryReader,
  Page,
  StoredEquity,
  StoredIncident,
  StoredIntervention,
} from "../runtime/ports/record.ts";
import type { JournalDatabase } from "../store/database.ts";
import { interventions } from "../store/schema.ts";
import { interventionOf } from "./record-rows.ts";

const ROWS_PER_QUERY_MAX = 1_000;
/** A chart has no more pixels than this. */
const POINTS_PER_QUERY_MAX = 5_000;

interface HistoryOf {
  /** The run that goes on: only its incidents may last. */
  readonly runId: string;
  /** Asked at each call: empty until it is known, and then rows without an account are shown. */
  readonly accountKey: () => string;
}

/**
 * What happened to one account, over all runs; services are those of its venue, whichever account.
 * Statements are prepared once.
 */
export function createHistoryReader(database: JournalDatabase, of: HistoryOf): HistoryReader {
  return {
    interventions: interventionsOf(database, of),
    command: commandOf(database),
    incidents: incidentsOf(database, of.runId),
    equity: equityOf(database, of),
  };
}

const limitOf = ({ limit }: Page): number => Math.min(Math.max(0, limit), ROWS_PER_QUERY_MAX);

function interventionsOf(
  { orm }: JournalDatabase,
  { runId, accountKey }: HistoryOf,
): HistoryReader["interventions"] {
  const rows = orm
    .select()
    .from(interventions)
    .where(
      and(
        or(
          and(
            eq(interventions.accountKey, sql.placeholder("accountKey")),
            ne(interventions.accountKey, ""),
          ),
          eq(interventions.runId, runId),
        ),
        lt(interventions.id, sql.placeholder("before")),
      ),
    )
    .orderBy(desc(interventions.id))
    .limit(sql.placeholder("limit"))
    .prepare();
  return (page): readonly StoredIntervention[] =>
    rows
      .all({
        accountKey: accountKey(),
        before: page.before ?? Number.MAX_SAFE_INTEGER,
        limit: limitOf(page),
      })
      .map((row) => ({ row: row.id, runId: row.runId, intervention: interventionOf(row) }));
}

function commandOf({ orm }: JournalDatabase): HistoryReader["command"] {
  const rows = orm
    .select()
    .from(interventions)
    .where(eq(interventions.commandId, sql.placeholder("id")))
    .limit(1)
    .prepare();
  return (id) => {
    const row = rows.get({ id });
    return row === undefined ? null : interventionOf(row);
  };
}

interface IncidentText extends Omit<Incident, "id"> {
  readonly row: number;
  readonly id: string;
  readonly runId: string;
  /** When its run ended, or was found to have ended at the start of the next one. */
  readonly runEndedMs: number | null;
}

function incidentsOf({ sqlite }: JournalDatabase, runId: string): HistoryReader["incidents"] {
  const rows = sqlite.query<IncidentText, [string, number, number]>(
    "SELECT i.id AS row, i.incident_id AS id, i.run_id AS runId, i.service, i.severity, i.cause, " +
      "i.from_ms AS fromMs, i.until_ms AS untilMs, coalesce(r.ended_at_ms, " +
      "(SELECT min(next.started_at_ms) FROM runs AS next " +
      "WHERE next.started_at_ms > r.started_at_ms)) AS runEndedMs " +
      "FROM incidents AS i LEFT JOIN runs AS r ON r.id = i.run_id " +
      "WHERE coalesce(r.venue, '') = coalesce((SELECT venue FROM runs WHERE id = ?), '') " +
      "AND i.id < ? ORDER BY i.id DESC LIMIT ?",
  );
  return (page): readonly StoredIncident[] =>
    rows
      .all(runId, page.before ?? Number.MAX_SAFE_INTEGER, limitOf(page))
      .map(({ row, runId: ofRun, runEndedMs, ...incident }) => {
        const isCut = incident.untilMs === null && ofRun !== runId;
        const untilMs = isCut ? runEndedMs : incident.untilMs;
        return { row, runId: ofRun, isCut, incident: { ...incident, untilMs } };
      });
}

interface EquityText {
  readonly atMs: number;
  readonly runId: string;
  readonly equityText: string;
  readonly unrealisedText: string;
  readonly feesText: string;
  readonly exposureUsdt: number;
}

/** The last point of each of `points` equal parts of the time asked for. */
function equityOf({ sqlite }: JournalDatabase, { accountKey }: HistoryOf): HistoryReader["equity"] {
  const rows = sqlite.query<EquityText, [string, number, number, number, number]>(
    // The other columns of a group are those of the row that max() took.
    "SELECT max(at_ms) AS atMs, run_id AS runId, equity AS equityText, " +
      "unrealised AS unrealisedText, fees AS feesText, exposure_usdt AS exposureUsdt FROM equity_points " +
      "WHERE account_key = ? AND account_key <> '' AND at_ms >= ? AND at_ms <= ? " +
      "GROUP BY CAST((at_ms - ?) / ? AS INTEGER) ORDER BY at_ms",
  );
  return ({ fromMs, toMs, points }: EquityQuery): readonly StoredEquity[] => {
    const count = Math.min(Math.max(1, points), POINTS_PER_QUERY_MAX);
    const partMs = Math.max(1, Math.ceil((toMs - fromMs + 1) / count));
    const key = accountKey();
    return rows
      .all(key, fromMs, toMs, fromMs, partMs)
      .map(({ runId, ...point }) => ({ runId, point }));
  };
}
