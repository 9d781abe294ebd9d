/**
 * Reading JSON that somebody else wrote: every accessor is total, and a missing, null or mistyped
 * field becomes a harmless default instead of an exception.
 */
import { isRecord, type JsonRecord } from "../../../kernel/json.ts";

/** Parses text; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const [OPEN_LIST, OPEN_RECORD, CLOSE_LIST, CLOSE_RECORD] = [91, 123, 93, 125];
const [QUOTE, BACKSLASH] = [34, 92];

/** Whether lists and records stand in each other more than `depthMax` times. */
export function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (isInText) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) isInText = false;
    } else if (char === QUOTE) isInText = true;
    else if (char === OPEN_LIST || char === OPEN_RECORD) {
      if (++depth > depthMax) return true;
    } else if (char === CLOSE_LIST || char === CLOSE_RECORD) depth--;
  }
  return false;
}

/** The value as a record, empty when it is none. */
export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text field; numbers become their text, everything else is "". */
export function textOf(record: JsonRecord, key: string): string {
  const value = record[key];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : "";
}

/** A number field, also when it travels as text. NaN when missing or not a number. */
export function numberOf(record: JsonRecord, key: string): number {
  const value = record[key];
  if (typeof value === "number") return value;
  return typeof value === "string" && value !== "" ? Number(value) : Number.NaN;
}

/** {@link numberOf} with another answer for missing and for nonsense. */
export function numberOr(record: JsonRecord, key: string, fallback: number): number {
  const value = numberOf(record, key);
  return Number.isFinite(value) ? value : fallback;
}
