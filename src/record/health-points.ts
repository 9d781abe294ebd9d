/**
 * Keeps how the program was in SQLite: a row each 10 s for a day, each minute for a month, each
 * hour for good (9 thousand rows a year). A coarser row is not picked out of the finer ones but
 * made of all of them, so that the one bad second of an hour is still there in ten years.
 */
import { and, asc, eq, getTableColumns, gte, lt, lte, sql } from "drizzle-orm";
import {
  type HealthFigures,
  type HealthPoint,
  highestOf,
  lettersOf,
  worseLetters,
} from "../domain/health-past.ts";
import type { ServiceStatus } from "../domain/service.ts";
import { isRecord } from "../kernel/json.ts";
import type { JournalDatabase } from "../store/database.ts";
import { healthPoints } from "../store/schema.ts";
import { slots } from "./statements.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long a row stands for, how long it is kept, and up to which span it is what is read. */
const STEPS = [
  { stepMs: 10_000, keptMs: DAY_MS, spanMs: HOUR_MS },
  { stepMs: MINUTE_MS, keptMs: 30 * DAY_MS, spanMs: 25 * HOUR_MS },
  { stepMs: HOUR_MS, keptMs: null, spanMs: Number.POSITIVE_INFINITY },
] as const;
/** Deleted at once: what a minute adds, many times over. */
const PRUNE_EVERY_MS = MINUTE_MS;

type Growing = { -readonly [Key in keyof HealthPoint]: HealthPoint[Key] };

export class HealthPoints {
  private readonly runId: string;
  private readonly statements: ReturnType<typeof statementsOf>;
  private readonly open = new Map<number, Growing>();
  private pruneNotBeforeMs = 0;

  constructor(database: JournalDatabase, runId: string) {
    this.statements = statementsOf(database);
    this.runId = runId;
  }

  /** A look at everything, once a second. Never throws: a full disk loses history, nothing else. */
  take(atMs: number, statuses: readonly ServiceStatus[], figures: HealthFigures): void {
    for (const { stepMs } of STEPS) {
      const startMs = Math.floor(atMs / stepMs) * stepMs;
      const before = this.open.get(stepMs);
      // With each minute the hour so far: a process that is killed loses no more than that.
      if (before !== undefined && before.atMs !== startMs) {
        if (stepMs === MINUTE_MS) this.flush();
        else this.write(before);
      }
      const open =
        before === undefined || before.atMs !== startMs
          ? this.begun(stepMs, startMs, statuses.length)
          : before;
      open.statuses = worseLetters(open.statuses, lettersOf(statuses));
      open.downs = open.downs.map((count, at) => count + (statuses[at] === "down" ? 1 : 0));
      open.samples++;
      open.figures = highestOf(open.figures, figures);
      this.open.set(stepMs, open);
    }
    if (atMs >= this.pruneNotBeforeMs) this.prune(atMs);
  }

  /** Writes what is not whole yet: the end of a run, or a reader who wants all. */
  flush(): void {
    for (const point of this.open.values()) this.write(point);
  }

  /** Of the finest step that reaches back so far, oldest first. */
  since(fromMs: number, toMs: number): readonly HealthPoint[] {
    const { stepMs } = STEPS.find(({ spanMs }) => toMs - fromMs <= spanMs) ?? STEPS[2];
    const rows = this.statements.between.all({ stepMs, fromMs, toMs });
    const kept = rows.map(pointOf);
    const open = this.open.get(stepMs);
    return open === undefined ? kept : [...kept.filter(({ atMs }) => atMs !== open.atMs), open];
  }

  /** The hour goes on where the last run of it left off. */
  private begun(stepMs: number, atMs: number, services: number): Growing {
    const { runId } = this;
    const downs = Array.from({ length: services }, () => 0);
    const fresh = { stepMs, atMs, runId, statuses: "", downs, samples: 0, figures: {} };
    try {
      const known = this.statements.at.get({ stepMs, atMs });
      return known === undefined ? fresh : { ...pointOf(known), runId };
    } catch {
      return fresh;
    }
  }

  private write(point: HealthPoint): void {
    const { downs, figures, ...plain } = point;
    const row = { ...plain, downs: downs.join(","), figures: JSON.stringify(figures) };
    this.ifDiskLets(() => this.statements.write.run(row));
  }

  private prune(nowMs: number): void {
    this.pruneNotBeforeMs = nowMs + PRUNE_EVERY_MS;
    for (const { stepMs, keptMs } of STEPS) {
      if (keptMs === null) continue;
      const before = nowMs - keptMs;
      this.ifDiskLets(() => this.statements.prune.run({ stepMs, before }));
    }
  }

  /** The record meets the same disk and reports it. */
  private ifDiskLets(work: () => void): void {
    try {
      work();
    } catch {
      // History is the least that a full disk costs.
    }
  }
}

/** Prepared once: this runs beside trading. */
function statementsOf({ orm }: JournalDatabase) {
  const { stepMs, atMs } = healthPoints;
  const ofStep = eq(stepMs, sql.placeholder("stepMs"));
  const columns = getTableColumns(healthPoints);
  return {
    write: orm
      .insert(healthPoints)
      .values({ ...slots(healthPoints) })
      .onConflictDoUpdate({
        target: [stepMs, atMs],
        set: Object.fromEntries(
          Object.entries(columns).map(([name, column]) => [
            name,
            sql.raw(`excluded.${column.name}`),
          ]),
        ),
      })
      .prepare(),
    at: orm
      .select()
      .from(healthPoints)
      .where(and(ofStep, eq(atMs, sql.placeholder("atMs"))))
      .prepare(),
    between: orm
      .select()
      .from(healthPoints)
      .where(and(ofStep, gte(atMs, sql.placeholder("fromMs")), lte(atMs, sql.placeholder("toMs"))))
      .orderBy(asc(atMs))
      .prepare(),
    prune: orm
      .delete(healthPoints)
      .where(and(ofStep, lt(atMs, sql.placeholder("before"))))
      .prepare(),
  };
}

function pointOf(row: typeof healthPoints.$inferSelect): HealthPoint {
  return {
    ...row,
    downs: row.downs.split(",").map(Number),
    figures: numbersIn(row.figures),
  };
}

function numbersIn(text: string): Record<string, number> {
  const found: unknown = JSON.parse(text);
  if (!isRecord(found)) return {};
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(found)) {
    if (typeof value === "number") numbers[name] = value;
  }
  return numbers;
}
