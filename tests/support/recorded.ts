/** Where the recorded payloads of the exchange lie: beside the repository, never inside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const RECORDED = resolve(import.meta.dir, "../../../shared/bybit/fixtures");
export const hasRecorded = existsSync(RECORDED);
export const SKIPPED = "skipped: no recorded payloads";

export const recordedPath = (...parts: string[]): string => join(RECORDED, ...parts);

/** File names of one folder, sorted; empty when the recordings are absent. */
export function recordedFiles(folder: string): string[] {
  return hasRecorded ? readdirSync(recordedPath(folder)).sort() : [];
}

/** Every payload text of a file: the lines of a .jsonl, the whole of a .json. */
export function payloadsOf(folder: string, file: string): string[] {
  const text = readFileSync(recordedPath(folder, file), "utf8");
  return file.endsWith(".jsonl") ? text.split("\n").filter((line) => line !== "") : [text];
}
