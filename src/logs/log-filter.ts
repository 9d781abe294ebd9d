/**
 * Which lines of a log somebody wants: a text or an expression that they hold, a text that they do
 * not, levels, and a span of time. A line is NDJSON as ours are, or any text: such a line has no
 * level and no time, and a filter that asks for one leaves it out.
 */
import type { LogFilter } from "../runtime/ports/log.ts";

/** pino's numbers, for files of other programs. */
const LEVEL_NUMBERS: Readonly<Record<string, string>> = {
  "10": "trace",
  "20": "debug",
  "30": "info",
  "40": "warn",
  "50": "error",
  "60": "fatal",
};

const LEVEL = /"level":\s*"?(\w+)/;
const TIME = /"(?:time|ts)":\s*(?:"([^"]+)"|(\d{10,16}))/;

/** "warn" of a line that says so, empty of one that does not. */
export function levelOf(line: string): string {
  const found = LEVEL.exec(line)?.[1] ?? "";
  return LEVEL_NUMBERS[found] ?? found;
}

/** When a line was written, ms; null when it does not say. */
export function timeOf(line: string): number | null {
  const found = TIME.exec(line);
  if (found === null) return null;
  const [, text, number] = found;
  const atMs = text === undefined ? Number(number) : Date.parse(text);
  return Number.isFinite(atMs) ? atMs : null;
}

/** A filter made ready to be asked about millions of lines. */
export interface LineTest {
  /**
   * Bytes without which no line fits, so that only lines around them need a look; null when every
   * line has to be read.
   */
  readonly needle: Buffer | null;
  /** True when the needle alone decides. */
  readonly isPlain: boolean;
  /** Everything but the level. */
  fits(line: string): boolean;
  hasLevel(level: string): boolean;
}

/** Throws SyntaxError for an expression that is none. */
export function lineTest(filter: LogFilter): LineTest {
  const { q = "", isRegex = false, not = "", levels = [], fromMs, untilMs } = filter;
  const pattern = isRegex && q !== "" ? new RegExp(q) : null;
  const isTimed = fromMs !== undefined || untilMs !== undefined;
  const wanted = new Set(levels);
  const needle = pattern === null && q !== "" ? q : onlyLevel(levels);
  const isInTime = (line: string): boolean => {
    const atMs = timeOf(line);
    return atMs !== null && atMs >= (fromMs ?? -Infinity) && atMs <= (untilMs ?? Infinity);
  };
  return {
    needle: needle === null ? null : Buffer.from(needle, "utf8"),
    isPlain: pattern === null && not === "" && !isTimed,
    fits: (line) =>
      (pattern === null || pattern.test(line)) &&
      (not === "" || !line.includes(not)) &&
      (!isTimed || isInTime(line)),
    hasLevel: (level) => wanted.size === 0 || wanted.has(level),
  };
}

/** Our lines say their level first; one level alone is a text to look for. */
function onlyLevel(levels: readonly string[]): string | null {
  const [level] = levels;
  return levels.length === 1 && level !== undefined ? `"level":"${level}"` : null;
}
