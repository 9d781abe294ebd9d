/**
 * What is read back: trades for the page, the day's result and the profiles for the next start.
 */
import { and, desc, eq, inArray, lt, ne, sql } from "drizzle-orm";
import type { Fixed } from "../kernel/fixed.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { TradeQuery, TradeReader } from "../runtime/ports/record.ts";
import type { JournalDatabase } from "../store/database.ts";
import { interventions, runs, symbolProfiles, trades } from "../store/schema.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import { fillOf, moneyOf } from "./record-rows.ts";

/** Rows of one page or API answer. */
const TRADES_PER_QUERY_MAX = 1_000;
type StoredFill = LedgerFill & { readonly id: number };

/** Newest first, with statements prepared once. */
export function createTradeReader({ orm }: JournalDatabase): TradeReader {
  const before = lt(trades.id, sql.placeholder("before"));
  const ofSymbol = eq(trades.symbol, sql.placeholder("symbol"));
  const select = () => orm.select().from(trades).orderBy(desc(trades.id));
  const all = select().where(before).limit(sql.placeholder("limit")).prepare();
  const one = select().where(and(ofSymbol, before)).limit(sql.placeholder("limit")).prepare();
  return {
    trades: (query: TradeQuery): readonly StoredFill[] => {
      const limit = Math.min(Math.max(0, Math.trunc(query.limit)), TRADES_PER_QUERY_MAX);
      const page = { before: query.before ?? Number.MAX_SAFE_INTEGER, limit };
      const rows =
        query.symbol === undefined ? all.all(page) : one.all({ ...page, symbol: query.symbol });
      return rows.map(fillOf);
    },
  };
}

/** Profiles of all symbols as they were last written. */
export function loadProfiles({ orm }: JournalDatabase): SymbolProfile[] {
  return orm.select().from(symbolProfiles).all();
}

/**
 * Net result (realised − fees − funding) of the fills booked at or after `sinceMs`. Reads from the
 * newest row backwards and stops at the first older one, since rows are written in order of time.
 */
export function netSince({ sqlite }: JournalDatabase, sinceMs: number): Fixed {
  const rows = sqlite
    .query<{ realised: string; fee: string; funding: string; atMs: number }, []>(
      "SELECT realised_pnl AS realised, fee, funding, at_ms AS atMs FROM trades ORDER BY id DESC",
    )
    .iterate();
  let net = 0n;
  for (const row of rows) {
    if (row.atMs < sinceMs) break;
    net += moneyOf(row.realised) - moneyOf(row.fee) - moneyOf(row.funding);
  }
  return net;
}

/**
 * The last word on trading that a person said, or the program for want of a record, when it was to
 * halt or to flatten; else undefined. Halts by the engine's own rules are judged anew by the next
 * run: what the day has lost, it still knows.
 */
export function haltBefore({ orm }: JournalDatabase): string | undefined {
  const last = orm
    .select()
    .from(interventions)
    .where(
      and(
        inArray(interventions.action, ["halt", "resume", "cancel_halt", "flatten"]),
        eq(interventions.verdict, "executed"),
        inArray(interventions.cause, ["operator", "record"]),
      ),
    )
    .orderBy(desc(interventions.id))
    .limit(1)
    .get();
  if (last === undefined || last.action === "resume") return undefined;
  if (last.action === "flatten" && !last.isDone) {
    return `flatten by ${last.by} was unfinished before the restart, order it again: ${last.reason}`;
  }
  const word = last.action === "flatten" ? "flattened" : "halted";
  return `${word} by ${last.by} before the restart: ${last.reason}`;
}

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
