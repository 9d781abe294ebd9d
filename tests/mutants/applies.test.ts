/** A planted bug whose text is gone tells nothing: each still stands where it is planted. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MUTANTS, planted } from "./list.ts";

const ROOT = join(import.meta.dir, "../..");
/** Fewer say too little about the tests. */
const MUTANTS_MIN = 100;

test("every mutant applies, exactly once (cure: match the line as it is now)", () => {
  const sources = new Map<string, string>();
  const stale = MUTANTS.filter((mutant) => {
    const { file } = mutant;
    const source = sources.get(file) ?? readFileSync(join(ROOT, file), "utf8");
    sources.set(file, source);
    return planted(source, mutant) === null;
  });
  expect(stale.map(({ id, find }) => `${id}: ${find.trim()}`)).toEqual([]);
});

test("there are enough of them, each with its meaning, and no two alike", () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(MUTANTS_MIN);
  expect(MUTANTS.filter(({ means }) => means === "")).toEqual([]);
  const changes = MUTANTS.map(({ file, find, replace }) => JSON.stringify([file, find, replace]));
  expect(new Set(changes).size).toBe(changes.length);
});
