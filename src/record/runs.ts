/** The rows of starts and of the accounts that they work with. */
import { and, desc, eq, ne } from "drizzle-orm";
import type { JournalDatabase } from "../store/database.ts";
import {
  accounts,
  denials,
  equityPoints,
  interventions,
  orders,
  runs,
  trades,
} from "../store/schema.ts";

interface RunStart {
  readonly venue: string;
  readonly version: string;
  readonly seed: string;
}

/** Records a start and returns its id: base 36 of the start in ms, moved on until it is unused. */
export function beginRun({ orm }: JournalDatabase, nowMs: number, start: RunStart): string {
  for (let candidateMs = nowMs; ; candidateMs++) {
    const id = candidateMs.toString(36);
    const row = { ...start, id, startedAtMs: nowMs, endedAtMs: null, exitReason: null };
    const written = orm.insert(runs).values(row).onConflictDoNothing().returning().all();
    if (written.length === 1) return id;
  }
}

/** The newest run that there is; null in a new record. Ask before a run begins. */
export function lastRun({ orm }: JournalDatabase): RunRow | null {
  const { id: runId, startedAtMs, endedAtMs } = runs;
  const fields = { runId, startedAtMs, endedAtMs };
  return orm.select(fields).from(runs).orderBy(desc(startedAtMs)).limit(1).get() ?? null;
}

interface RunRow {
  readonly runId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

/** The ids of all runs but this one: a few bytes each, one a start. */
export function runsBefore({ orm }: JournalDatabase, runId: string): ReadonlySet<string> {
  const rows = orm.select({ id: runs.id }).from(runs).where(ne(runs.id, runId)).all();
  return new Set(rows.map(({ id }) => id));
}

export function endRun(
  { orm }: JournalDatabase,
  run: { readonly id: string; readonly nowMs: number; readonly exitReason: string },
): void {
  orm
    .update(runs)
    .set({ endedAtMs: run.nowMs, exitReason: run.exitReason })
    .where(eq(runs.id, run.id))
    .run();
}

/**
 * This run works with that account: what it has written without knowing so is the account's too.
 * The account's own row is made when it is met for the first time. Returns up to which venue time
 * its executions are whole, null when none are. Throws when the disk refuses.
 */
export function beginAccount(
  { orm }: JournalDatabase,
  { accountKey, runId, nowMs }: AccountStart,
): number | null {
  return orm.transaction((tx) => {
    tx.insert(accounts)
      .values({
        accountKey,
        firstRunId: runId,
        firstSeenAtMs: nowMs,
        ...{ realised: "0", fees: "0", funding: "0", apart: "0" },
      })
      .onConflictDoNothing()
      .run();
    tx.update(runs).set({ accountKey }).where(eq(runs.id, runId)).run();
    for (const table of [interventions, orders, trades, denials, equityPoints]) {
      tx.update(table)
        .set({ accountKey })
        .where(and(eq(table.runId, runId), eq(table.accountKey, "")))
        .run();
    }
    const row = tx.select().from(accounts).where(eq(accounts.accountKey, accountKey)).get();
    return row?.wholeUntilVenueAtMs ?? null;
  });
}

interface AccountStart {
  readonly accountKey: string;
  readonly runId: string;
  readonly nowMs: number;
}
