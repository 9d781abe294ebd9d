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
