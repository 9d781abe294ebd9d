/** A bug that somebody could have written, planted to see whether a test notices. */

import { readdirSync } from "node:fs";
import { join } from "node:path";

export interface Bug {
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What would go wrong. */
  readonly means: string;
  /** Why no test can notice it, where that is so: it changes nothing that anybody can see. */
  readonly equivalent?: string;
}

export interface Bugs {
  readonly file: string;
  /** The smallest tests that should notice: run first, together. */
  readonly tests: readonly string[];
  readonly bugs: readonly Bug[];
}

const ROOT = join(import.meta.dir, "../..");

/** Those that notice most go first. */
const FIRST = [
  "recovery.test.ts",
  "trading.test.ts",
  "operator.test.ts",
  "gate-context.test.ts",
  "silence.test.ts",
  "account.test.ts",
];
const placeOf = (name: string): number =>
  FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;

/** The engine's own tests, save the one that takes as long as all others together. */
export const ENGINE_TESTS: readonly string[] = readdirSync(join(ROOT, "tests/unit/engine"))
  .filter((name) => name.endsWith(".test.ts") && name !== "determinism.test.ts")
  .toSorted((left, right) => placeOf(left) - placeOf(right))
  .map((name) => `tests/unit/engine/${name}`);
