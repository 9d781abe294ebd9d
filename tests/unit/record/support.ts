/** What the tests of the journal share: temporary directories, a hand-moved clock, sample rows. */
import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTemp as openIn, START_MS } from "./support-open.ts";

export * from "./samples.ts";
export { MIGRATIONS, START_MS } from "./support-open.ts";

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "scalper-journal-"));
  made.push(dir);
  return dir;
}

export const openTemp = (dir = tempDir(), nowMs = () => START_MS) => openIn(dir, nowMs);
