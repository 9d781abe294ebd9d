/**
 * What the kept health points say: cells of a strip, worst first, the share of the time in which a
 * service was not down, and how fast the disk fills. A time without a point is one in which nothing
 * ran.
 */
import { assert } from "../kernel/assert.ts";
import { SERVICE_NAMES, type ServiceName, type ServiceStatus } from "./service.ts";

/** How the program was for a while: the worst of it, and the highest of its figures. */
export interface HealthPoint {
  readonly atMs: number;
  readonly stepMs: number;
  readonly runId: string;
  /** A letter a service, in the order of their names: o, d or x. */
  readonly statuses: string;
  /** How many of the looks found each service down. */
  readonly downs: readonly number[];
  readonly samples: number;
  readonly figures: HealthFigures;
}

/** Of the process and its disk; what could not be measured is left out. */
export interface HealthFigures {
  readonly loopLagMs?: number;
  readonly rssBytes?: number;
  readonly cpuPct?: number;
  readonly heapBytes?: number;
  readonly openFiles?: number;
  /** From an order's sending to the venue's word that it has it, the longest. */
  readonly ackMs?: number;
  readonly streams?: number;
  readonly databaseBytes?: number;
  readonly logBytes?: number;
  readonly freeBytes?: number;
}

export type CellStatus = ServiceStatus | "off";

export interface ServiceStrip {
  readonly name: ServiceName;
  /** Oldest first. */
  readonly cells: readonly CellStatus[];
  /** Of the time in which the program ran; null when it never did. */
  readonly uptimePct: number | null;
}

export interface HealthPast {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cellMs: number;
  readonly services: readonly ServiceStrip[];
  /** Runs that began in this time. */
  readonly starts: number;
  /** The highest of each in this time, and what it is now. */
  readonly highest: HealthFigures;
  readonly latest: HealthFigures;
  readonly growth: Growth | null;
}

/** How fast the disk fills. */
interface Growth {
  readonly databaseBytesPerDay: number;
  readonly logBytesPerDay: number;
  /** Until the disk is full at this pace; null when it does not fill. */
  readonly daysLeft: number | null;
}

const STATUS_OF: Readonly<Record<string, ServiceStatus>> = { o: "ok", d: "degraded", x: "down" };
const LETTER_OF: Readonly<Record<ServiceStatus, string>> = { ok: "o", degraded: "d", down: "x" };
const WEIGHT: Readonly<Record<CellStatus, number>> = { off: 0, ok: 1, degraded: 2, down: 3 };
const DAY_MS = 86_400_000;
/** A start makes files of its own; a pace from less than this means nothing. */
const PACE_MS_MIN = 600_000;

export function lettersOf(statuses: readonly ServiceStatus[]): string {
  assert(statuses.length === SERVICE_NAMES.length, "every service has a word");
  return statuses.map((status) => LETTER_OF[status]).join("");
}

/** Service by service the worse of two. */
export function worseLetters(one: string, other: string): string {
  if (one === "") return other;
  assert(one.length === other.length, "both stand for the same services");
  return [...one]
    .map((letter, at) => {
      const left = STATUS_OF[letter] ?? "ok";
      const right = STATUS_OF[other[at] ?? "o"] ?? "ok";
      return LETTER_OF[WEIGHT[left] >= WEIGHT[right] ? left : right];
    })
    .join("");
}

export function highestOf(one: HealthFigures, other: HealthFigures): HealthFigures {
  const found: Record<string, number> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    if (typeof value === "number") found[name] = Math.max(found[name] ?? value, value);
  }
  return found;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cells: number;
}

/** From points of one step, oldest first. */
export function healthPast(points: readonly HealthPoint[], span: Span): HealthPast {
  const { fromMs, toMs, cells } = span;
  assert(toMs > fromMs && cells > 0, "a past has a length and parts");
  const cellMs = (toMs - fromMs) / cells;
  const samples = points.reduce((sum, point) => sum + point.samples, 0);
  const services = SERVICE_NAMES.map((name, index): ServiceStrip => {
    const strip = Array.from({ length: cells }, (): CellStatus => "off");
    let downs = 0;
    for (const { atMs, statuses, downs: counts } of points) {
      const at = Math.min(cells - 1, Math.max(0, Math.floor((atMs - fromMs) / cellMs)));
      const status = STATUS_OF[statuses[index] ?? "o"] ?? "ok";
      if (WEIGHT[status] > WEIGHT[strip[at] ?? "off"]) strip[at] = status;
      downs += counts[index] ?? 0;
    }
    assert(downs <= samples, "nothing was down more often than it was looked at");
    const uptimePct = samples === 0 ? null : 100 * (1 - downs / samples);
    return { name, cells: strip, uptimePct };
  });
  return {
    fromMs,
    toMs,
    cellMs,
    services,
    starts: new Set(points.map(({ runId }) => runId)).size,
    highest: points.reduce<HealthFigures>((high, { figures }) => highestOf(high, figures), {}),
    latest: points.at(-1)?.figures ?? {},
    growth: growthOf(points),
  };
}

/** The pace between the first and the last point; null when they are too near to each other. */
export function growthOf(points: readonly HealthPoint[]): Growth | null {
  const measured = points.filter(({ figures }) => figures.freeBytes !== undefined);
  const first = measured[0];
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return null;
  assert(first.atMs <= last.atMs, "points come oldest first");
  const days = (last.atMs - first.atMs) / DAY_MS;
  if (last.atMs - first.atMs < PACE_MS_MIN) return null;
  const per = (name: "databaseBytes" | "logBytes" | "freeBytes"): number =>
    ((last.figures[name] ?? 0) - (first.figures[name] ?? 0)) / days;
  const filling = -per("freeBytes");
  return {
    databaseBytesPerDay: per("databaseBytes"),
    logBytesPerDay: per("logBytes"),
    daysLeft: filling > 0 ? (last.figures.freeBytes ?? 0) / filling : null,
  };
}
