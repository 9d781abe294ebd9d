/**
 * Gathers each look at the program's health with the figures of process and disk, keeps them, and
 * answers what pages and routes ask of the past.
 */
import { type HealthFigures, type HealthPast, healthPast } from "../domain/health-past.ts";
import type { HealthReport } from "../monitor/view.ts";
import { HealthPoints } from "../record/health-points.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { StorageReport } from "../runtime/ports/record.ts";
import type { JournalDatabase } from "../store/database.ts";
import { type AckTimes, processFigures } from "./process-figures.ts";
import { StartGrace } from "./start-grace.ts";

const HOUR_MS = 3_600_000;
/** A disk is looked at this often; its pace is told in days. */
const DISK_EVERY_MS = 60_000;
/** Pages may ask every second: the answer is made of thousands of rows. */
const KEPT_MS = 10_000;
/** Half an hour each of a day, three hours each of a week. */
const CELLS = { 24: 48, 168: 56 } as const;

type PastHours = keyof typeof CELLS;

interface DeskOptions {
  readonly database: JournalDatabase;
  readonly runId: string;
  readonly clock: Clock;
  readonly acks: AckTimes;
}

export class HealthPastDesk {
  private readonly clock: Clock;
  private readonly points: HealthPoints;
  private readonly grace = new StartGrace();
  private readonly figuresOf: (loopLagMs: number) => HealthFigures;
  private readonly kept = new Map<
    PastHours,
    { readonly atMs: number; readonly past: HealthPast }
  >();
  private storage: (() => Promise<StorageReport>) | null = null;
  private disk: HealthFigures = {};
  private diskNotBeforeMs = 0;

  constructor({ database, runId, clock, acks }: DeskOptions) {
    this.clock = clock;
    this.points = new HealthPoints(database, runId);
    this.figuresOf = processFigures(clock, acks);
  }

  /** From now on the disk is looked at too. */
  measures(storage: () => Promise<StorageReport>): void {
    this.storage = storage;
  }

  take(report: HealthReport, loopLagMs: number): void {
    const atMs = report.checkedAtMs;
    const statuses = this.grace.statuses(report.services, atMs);
    this.points.take(atMs, statuses, { ...this.figuresOf(loopLagMs), ...this.disk });
    if (atMs < this.diskNotBeforeMs) return;
    this.diskNotBeforeMs = atMs + DISK_EVERY_MS;
    this.lookAtDisk();
  }

  past(hours: PastHours): HealthPast {
    const toMs = this.clock.nowMs();
    const known = this.kept.get(hours);
    if (known !== undefined && toMs - known.atMs < KEPT_MS) return known.past;
    const fromMs = toMs - hours * HOUR_MS;
    const points = this.points.since(fromMs, toMs);
    const past = healthPast(points, { fromMs, toMs, cells: CELLS[hours] });
    this.kept.set(hours, { atMs: toMs, past });
    return past;
  }

  /** The end of a run writes what is not whole yet. */
  flush(): void {
    this.points.flush();
  }

  private lookAtDisk(): void {
    this.storage?.().then(
      ({ database, logs, disk }) => {
        const databaseBytes = database.bytes + database.walBytes;
        this.disk = { databaseBytes, logBytes: logs.bytes, freeBytes: disk.freeBytes };
      },
      () => {
        this.disk = {}; // What cannot be measured is left out.
      },
    );
  }
}
