/**
 * Reads a recorded socket session: one JSON object a line, `{ts, dir, data}`, where `ts` is our
 * receive time in seconds, `dir` is "recv" or "send", and `data` is the frame's text as it came.
 * Files that end in .gz are unpacked on the way. A line that is not that is reported, not skipped.
 */

import { isRecord } from "../../kernel/json.ts";
import { parseJson } from "../bybit/codec/fields.ts";

/** The longest frame of the venue is a 1000-level snapshot of about 60 kB. */
const LINE_CHARS_MAX = 4_194_304;

type RecordedLine =
  | { readonly kind: "received"; readonly atMs: number; readonly text: string }
  | { readonly kind: "sent" }
  | { readonly kind: "blank" }
  | { readonly kind: "bad"; readonly reason: string };

export function parseLine(line: string): RecordedLine {
  if (line.trim() === "") return { kind: "blank" };
  if (line.length > LINE_CHARS_MAX) {
    return { kind: "bad", reason: `longer than ${LINE_CHARS_MAX} characters` };
  }
  const entry = parseJson(line);
  if (!isRecord(entry)) return { kind: "bad", reason: "not a JSON object" };
  if (typeof entry.ts !== "number" || !(entry.ts >= 0)) {
    return { kind: "bad", reason: '"ts" is not a time in seconds' };
  }
  if (entry.dir === "send") return { kind: "sent" };
  if (entry.dir !== "recv") return { kind: "bad", reason: '"dir" is neither "recv" nor "send"' };
  if (typeof entry.data !== "string") return { kind: "bad", reason: '"data" is not a text' };
  return { kind: "received", atMs: entry.ts * 1_000, text: entry.data };
}

/**
 * Calls `onLine` for every line of the file with its number, counted from 1. Memory stays within
 * one block and one line. Rejects when the file cannot be read or unpacked.
 */
export async function readLines(
  file: string,
  onLine: (line: string, number: number) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let number = 0;
  let rest = "";
  for await (const block of blocksOf(file)) {
    const lines = (rest + decoder.decode(block, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LINE_CHARS_MAX) rest = rest.slice(0, LINE_CHARS_MAX + 1);
    for (const line of lines) onLine(line, ++number);
  }
  rest += decoder.decode();
  if (rest !== "") onLine(rest, ++number);
}

function blocksOf(file: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const blocks = Bun.file(file).stream();
  return file.endsWith(".gz") ? blocks.pipeThrough(new DecompressionStream("gzip")) : blocks;
}
