/**
 * What may be asked about a log, as it stands in an address: the page and the API take the same.
 * Moments are a time of day ("13:05:41", UTC, the last one there was), an age ("-10m"), or whole.
 */
import { z } from "zod";
import { BadParameter, fileParam, oneOf, optional, wholeParam } from "./params.ts";

/** What most people look for. */
export const DEFAULT_LOG = "engine.log";
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
const TEXT_CHARS_MAX = 200;
const DAY_MS = 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
};
const AGE = /^-(\d{1,6})([smhd])$/;
const TIME_OF_DAY = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/;
const WHOLE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?)?$/;
const MOMENT = "a time such as 13:05:41, -10m or 2026-11-21T13:05:41";

/** Control characters stand in no line of a log: a search for one would read for nothing. */
function lineText() {
  const message = `text of at most ${TEXT_CHARS_MAX} characters without control characters`;
  return z
    .string({ error: message })
    .max(TEXT_CHARS_MAX, message)
    .regex(/^\P{Cc}*$/u, message);
}

/** A moment as people write it; {@link momentOf} says which it is. */
export function momentParam() {
  return z
    .string({ error: MOMENT })
    .refine((text) => AGE.test(text) || TIME_OF_DAY.test(text) || WHOLE.test(text), MOMENT);
}

function levelsParam() {
  const message = `levels out of ${LOG_LEVELS.join(", ")} with commas between`;
  return z
    .string({ error: message })
    .transform((text) => text.split(","))
    .refine((names) => names.every((name) => LOG_LEVELS.some((known) => known === name)), message);
}

export const LOG_FILTER_SHAPE = {
  file: optional(fileParam()),
  q: optional(lineText()),
  regex: optional(oneOf(["1"])),
  not: optional(lineText()),
  level: optional(levelsParam()),
  from: optional(momentParam()),
  until: optional(momentParam()),
  before: optional(wholeParam(0, Number.MAX_SAFE_INTEGER)),
};

const SHAPE = z.object(LOG_FILTER_SHAPE);
export type LogFilterParams = z.infer<typeof SHAPE>;

/** Which lines are wanted, as a search takes it. */
export interface LineFilter {
  readonly q?: string | undefined;
  readonly isRegex?: boolean | undefined;
  readonly not?: string | undefined;
  readonly levels?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** Null when every line is wanted. Throws {@link BadParameter} for an expression that is none. */
export function filterOf(params: LogFilterParams, nowMs: number): LineFilter | null {
  const { q, regex, not, level, from, until } = params;
  const isRegex = regex === "1" && q !== undefined;
  if (isRegex) mustCompile(q);
  const all = [q, not, level, from, until];
  if (all.every((value) => value === undefined)) return null;
  return {
    q,
    isRegex,
    not,
    levels: level,
    fromMs: from === undefined ? undefined : momentOf(from, nowMs),
    untilMs: until === undefined ? undefined : momentOf(until, nowMs),
  };
}

function mustCompile(pattern: string): void {
  try {
    RegExp(pattern);
  } catch {
    const wanted = "a regular expression";
    throw new BadParameter("q", wanted, `Parameter "q" must be ${wanted}; found "${pattern}".`);
  }
}

/** In ms. A time of day that has not come yet today was yesterday's. */
export function momentOf(text: string, nowMs: number): number {
  const age = AGE.exec(text);
  if (age !== null) return nowMs - Number(age[1]) * (UNIT_MS[age[2] ?? ""] ?? 0);
  const time = TIME_OF_DAY.exec(text);
  if (time === null)
    return Date.parse(`${text.replace(" ", "T").replace(/Z$/, "")}${zoneOf(text)}`);
  const [, hours, minutes, seconds = "0", thousandths = "0"] = time;
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const ofDayMs =
    (Number(hours) * 60 + Number(minutes)) * 60_000 +
    Number(seconds) * 1_000 +
    Number(thousandths.padEnd(3, "0"));
  return dayMs + ofDayMs > nowMs ? dayMs + ofDayMs - DAY_MS : dayMs + ofDayMs;
}

/** A date alone is read as UTC; with a time it needs to be said. */
const zoneOf = (text: string): string => (text.length > 10 ? "Z" : "");
