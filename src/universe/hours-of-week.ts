/**
 * What symbols are like at each hour of the week: markets have a rhythm, and what Sunday night is
 * like is known from the last Sunday nights before the first trade of this one.
 *
 * Monday 00:00 UTC is hour 0. Means are of the last four weeks or so; the score is of the newest
 * time at an hour, so that the rows by age are the last week, hour by hour. Held in columns of 168
 * numbers: about 10 kB a symbol.
 */
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

const HOURS_OF_WEEK = 168;
const HOUR_MS = 3_600_000;
/** The epoch was a Thursday. */
const THURSDAY_HOURS = 72;
/** Looks of four weeks at one hour, five seconds apart: beyond them the mean fades. */
const SAMPLES_MAX = 4 * 720;
/** Part of a look in the running score: about two minutes. */
const SCORE_WEIGHT = 0.04;
/** Rows handed out at a time: a fifth of the market a minute writes every symbol in five. */
const TAKE_SHARE = 5;

const NAMES = [
  "samples",
  "spreadBps",
  "depthUsdt",
  "volatilityBps",
  "tradesPerMin",
  "score",
  "entries",
  "entriesFilled",
  "slippageBpsSum",
  "slippageFills",
  "adverseBpsSum",
  "adverseFills",
] as const;
type Name = (typeof NAMES)[number];

/** One hour of the week of one symbol. */
export interface HourRow extends Readonly<Record<Name, number>> {
  readonly symbol: string;
  /** 0 … 167. */
  readonly hour: number;
  /** Our clock: the beginning of the hour that was added to last. */
  readonly updatedAtMs: number;
}

/** One look. */
type Look = Readonly<
  Record<"spreadBps" | "depthUsdt" | "volatilityBps" | "tradesPerMin" | "score", number>
>;

/** Whose hour it is, and which. */
interface OfHour {
  readonly id: SymbolId;
  readonly symbol: string;
  readonly atMs: number;
}

interface Week {
  readonly symbol: string;
  readonly columns: Readonly<Record<Name, Float32Array>>;
  /** Hours since the epoch of each row's newest look; 0 before the first. */
  readonly updatedHours: Float64Array;
}

function emptyWeek(symbol: string): Week {
  const column = () => new Float32Array(HOURS_OF_WEEK);
  return {
    symbol,
    updatedHours: new Float64Array(HOURS_OF_WEEK),
    columns: {
      samples: column(),
      spreadBps: column(),
      depthUsdt: column(),
      volatilityBps: column(),
      tradesPerMin: column(),
      score: column(),
      entries: column(),
      entriesFilled: column(),
      slippageBpsSum: column(),
      slippageFills: column(),
      adverseBpsSum: column(),
      adverseFills: column(),
    },
  };
}

const NO_FILLS = { bpsSum: 0, fills: 0 };

const hoursOf = (atMs: number): number => Math.floor(atMs / HOUR_MS);
const hourOfWeek = (hours: number): number => (hours + THURSDAY_HOURS) % HOURS_OF_WEEK;

export class HoursOfWeek {
  private readonly weeks = new Map<SymbolId, Week>();
  /** Sums over the week, kept while they are counted: every look asks for them. */
  private readonly adverseOf = new Map<SymbolId, { bpsSum: number; fills: number }>();
  private taken = 0;

  /** Takes what earlier runs measured. */
  restore(id: SymbolId, rows: readonly HourRow[]): void {
    for (const row of rows) {
      if (!(row.hour >= 0 && row.hour < HOURS_OF_WEEK)) continue;
      const week = this.week(id, row.symbol);
      for (const name of NAMES) week.columns[name][row.hour] = row[name];
      week.updatedHours[row.hour] = hoursOf(row.updatedAtMs);
      this.addAdverse(id, row.adverseBpsSum, row.adverseFills);
    }
  }

  /** Folds a look in. */
  look(of: OfHour, look: Look): void {
    const { columns, hour, isNew } = this.now(of);
    const samples = Math.min(SAMPLES_MAX, columns.samples[hour] ?? 0);
    const weight = 1 / (samples + 1);
    for (const name of ["spreadBps", "depthUsdt", "volatilityBps", "tradesPerMin"] as const) {
      const before = columns[name][hour] ?? 0;
      columns[name][hour] = before + weight * (look[name] - before);
    }
    const score = columns.score[hour] ?? 0;
    columns.score[hour] = isNew ? look.score : score + SCORE_WEIGHT * (look.score - score);
    columns.samples[hour] = samples + 1;
  }

  /** Counts something of our own at this hour. */
  count(of: OfHour, name: Name, by: number): void {
    assert(Number.isFinite(by), "what is counted is a number");
    const { columns, hour } = this.now(of);
    columns[name][hour] = (columns[name][hour] ?? 0) + by;
    if (name === "adverseBpsSum") this.addAdverse(of.id, by, 0);
    if (name === "adverseFills") this.addAdverse(of.id, 0, by);
  }

  /** The row of this hour of the week; null when nobody has looked at it yet. */
  at(id: SymbolId, atMs: number): HourRow | null {
    const week = this.weeks.get(id);
    const hour = hourOfWeek(hoursOf(atMs));
    return week === undefined || (week.columns.samples[hour] ?? 0) === 0 ? null : rowOf(week, hour);
  }

  /** Adverse move of our fills over the whole week: summed, and how many. */
  adverse(id: SymbolId): { readonly bpsSum: number; readonly fills: number } {
    return this.adverseOf.get(id) ?? NO_FILLS;
  }

  /** The next part of the market's rows that changed in this hour or the last one. */
  take(atMs: number): readonly HourRow[] {
    const weeks = [...this.weeks.values()];
    const part = this.taken++ % TAKE_SHARE;
    const hours = hoursOf(atMs);
    return weeks
      .filter((_, index) => index % TAKE_SHARE === part)
      .flatMap((week) =>
        [hours - 1, hours].flatMap((one) => {
          const hour = hourOfWeek(one);
          return week.updatedHours[hour] === one ? [rowOf(week, hour)] : [];
        }),
      );
  }

  private addAdverse(id: SymbolId, bps: number, fills: number): void {
    const before = this.adverseOf.get(id) ?? NO_FILLS;
    this.adverseOf.set(id, { bpsSum: before.bpsSum + bps, fills: before.fills + fills });
  }

  private now({ id, symbol, atMs }: OfHour) {
    const week = this.week(id, symbol);
    const hours = hoursOf(atMs);
    const hour = hourOfWeek(hours);
    const isNew = week.updatedHours[hour] !== hours;
    week.updatedHours[hour] = hours;
    return { columns: week.columns, hour, isNew };
  }

  private week(id: SymbolId, symbol: string): Week {
    const known = this.weeks.get(id) ?? emptyWeek(symbol);
    this.weeks.set(id, known);
    return known;
  }
}

function rowOf({ symbol, columns, updatedHours }: Week, hour: number): HourRow {
  const value = (name: Name): number => columns[name][hour] ?? 0;
  return {
    symbol,
    hour,
    samples: value("samples"),
    spreadBps: value("spreadBps"),
    depthUsdt: value("depthUsdt"),
    volatilityBps: value("volatilityBps"),
    tradesPerMin: value("tradesPerMin"),
    score: value("score"),
    entries: value("entries"),
    entriesFilled: value("entriesFilled"),
    slippageBpsSum: value("slippageBpsSum"),
    slippageFills: value("slippageFills"),
    adverseBpsSum: value("adverseBpsSum"),
    adverseFills: value("adverseFills"),
    updatedAtMs: (updatedHours[hour] ?? 0) * HOUR_MS,
  };
}
