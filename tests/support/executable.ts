/**
 * The shipped file for tests and benchmarks. It is built when there is none or when a source is
 * younger, so that a test never speaks of an executable that nobody would ship.
 */
import { cpSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
const EXECUTABLE = join(ROOT, "dist/scalper");
const SOURCES = "{src,views,static,migrations}/**/*";
const MANIFESTS = ["package.json", "bun.lock", "tsconfig.json"];

/**
 * A copy of the executable of this checkout in `dir`, alone as on a server; returns its path.
 * Throws with the builder's words when it cannot be built. SCALPER_TEST_EXECUTABLE names another
 * one, for figures of another commit.
 */
export function executableIn(dir: string): string {
  const path = join(dir, "scalper");
  const other = process.env.SCALPER_TEST_EXECUTABLE;
  if (other === undefined && !isFresh()) build();
  cpSync(other ?? EXECUTABLE, path);
  return path;
}

function isFresh(): boolean {
  if (!existsSync(EXECUTABLE)) return false;
  const builtAtMs = statSync(EXECUTABLE).mtimeMs;
  const sources = [...new Bun.Glob(SOURCES).scanSync(ROOT), ...MANIFESTS];
  return sources.every((path) => statSync(join(ROOT, path)).mtimeMs <= builtAtMs);
}

function build(): void {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "run", "build"], { cwd: ROOT });
  if (exitCode !== 0) throw new Error(`the executable cannot be built:\n${stderr}`);
}
