/**
 * Pages of a list behind an opaque cursor, which clients send back raw, decoded, or encoded twice.
 */
import { keyOf as keyOfText } from "../../market/cascade.ts";
import { parameterError } from "../wire/reply.ts";

interface Page<Item> {
  readonly items: Item[];
  readonly cursor: string;
}

/** `limit` from text, or the default; null when it is not a whole number in 1…max. */
export function parseLimit(text: string | undefined, standard: number, max: number): number | null {
  if (text === undefined || text === "") return standard;
  const limit = Number(text);
  return Number.isInteger(limit) && limit >= 1 && limit <= max ? limit : null;
}

/**
 * The page after the item whose key the cursor names, null for a cursor that was never given out.
 * Keys are unique in the list, so a page stays right when new items arrive in front. A cursor whose
 * item has left the list since gives the empty page.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  cursor: string | undefined,
  limit: number,
): Page<Item> | null {
  let from = 0;
  if (cursor !== undefined && cursor !== "") {
    const wanted = cursorKey(cursor);
    if (wanted === null) return null;
    const at = items.findIndex((item) => keyOf(item) === wanted);
    from = at < 0 ? items.length : at + 1;
  }
  const page = items.slice(from, from + limit);
  const last = page.at(-1);
  const more = last !== undefined && from + limit < items.length;
  return { items: page, cursor: more ? cursorOf(keyOf(last)) : "" };
}

export const WRONG_CURSOR = parameterError("cursor");

/** The key with a check behind it: only what was given out comes back as a key. */
function cursorOf(key: string): string {
  return encodeURIComponent(`last=${key}&check=${checkOf(key)}`);
}

function cursorKey(cursor: string): string | null {
  let text = cursor;
  for (let round = 0; round < 2 && !text.startsWith("last="); round++) text = decode(text);
  const match = /^last=(.*)&check=([0-9a-f]+)$/.exec(text);
  const key = match?.[1];
  return key !== undefined && match?.[2] === checkOf(key) ? key : null;
}

function checkOf(key: string): string {
  return (keyOfText(key) >>> 0).toString(16);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface TimeWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * The venue's rule for historical lists: neither bound is the last 7 days, one bound reaches 7 days
 * from it, two bounds span at most 7 days. Null when the rule is broken.
 */
export function parseWindow(
  start: string | undefined,
  end: string | undefined,
  nowMs: number,
): TimeWindow | null {
  const fromMs = start === undefined || start === "" ? null : Number(start);
  const untilMs = end === undefined || end === "" ? null : Number(end);
  if (fromMs !== null && !Number.isFinite(fromMs)) return null;
  if (untilMs !== null && !Number.isFinite(untilMs)) return null;
  if (fromMs === null) {
    const until = untilMs ?? nowMs;
    return { fromMs: until - WEEK_MS, untilMs: until };
  }
  if (untilMs === null) return { fromMs, untilMs: fromMs + WEEK_MS };
  return untilMs >= fromMs && untilMs - fromMs <= WEEK_MS ? { fromMs, untilMs } : null;
}
