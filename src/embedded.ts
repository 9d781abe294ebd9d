/**
 * Addresses of what the executable carries. In it every source file lies in one bundle at the root
 * of the embedded tree; in a checkout they lie below and beside src/. Both are resolved against the
 * file that names them, so this one must stay at the root of src/.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

function assetDir(name: string): string {
  const embedded = join(import.meta.dir, name);
  return existsSync(embedded) ? embedded : join(import.meta.dir, "..", name);
}

export const STATIC_DIR = assetDir("static");
export const MIGRATIONS_DIR = assetDir("migrations");

/** What starts this program once more: the executable, or the runtime and the entry file. */
export const OWN_COMMAND: readonly string[] = import.meta.dir.startsWith("/$bunfs")
  ? [process.execPath]
  : [process.execPath, join(import.meta.dir, "main.ts")];

/** The embedded exchange's entry, for `new Worker`. */
export const SIMULATOR_WORKER_URL = new URL("./simulator/worker.ts", import.meta.url).href;

/** The entry of the thread that searches logs, for `new Worker`. */
export const LOG_SEARCH_WORKER_URL = new URL("./logs/search-worker.ts", import.meta.url).href;

/** The entry of the thread that reads the record for the blotter, for `new Worker`. */
export const BLOTTER_WORKER_URL = new URL("./record/blotter-worker.ts", import.meta.url).href;
