/** Opening a database, apart from support.ts so that a child process needs no test runner. */
import { join } from "node:path";
import { openDatabase } from "../../../src/store/database.ts";

export const MIGRATIONS = join(import.meta.dir, "../../../migrations");
export const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export function openTemp(dir: string, nowMs = () => START_MS) {
  return openDatabase({ path: join(dir, "scalper.db"), migrationsDir: MIGRATIONS, nowMs });
}
