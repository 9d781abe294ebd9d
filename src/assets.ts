/**
 * Where the embedded directories are: below the bundle in the executable, beside src/ in a checkout.
 * Like workers.ts this file must lie at the root of src/.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

function assetDir(name: string): string {
  const embedded = join(import.meta.dir, name);
  return existsSync(embedded) ? embedded : join(import.meta.dir, "..", name);
}

export const STATIC_DIR = assetDir("static");
export const MIGRATIONS_DIR = assetDir("migrations");
