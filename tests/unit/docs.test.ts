import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { block, readmeBlock } from "../support/settings-table.ts";

const ROOT = resolve(import.meta.dir, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("the README's settings are those of the schema (bun tests/support/settings-table.ts)", async () => {
  expect(await readmeBlock()).toBe(block());
});

test("the pinned Bun version is the same everywhere", () => {
  const { packageManager, engines } = JSON.parse(read("package.json"));
  const pinned = packageManager.replace("bun@", "");
  expect(engines.bun).toBe(pinned);
  for (const path of ["README.md", ".ci/run"]) {
    const versions = [...read(path).matchAll(/bun@([\d.]+\d)/g)].map(([, version]) => version);
    expect(versions.length).toBeGreaterThan(0);
    expect(new Set(versions)).toEqual(new Set([pinned]));
  }
});

test("every dependency has its reason in ARCHITECTURE.md", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const text = read("ARCHITECTURE.md");
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const reasoned = (name: string) => name.startsWith("@types/") || text.includes(name);
  expect(names.filter((name) => !reasoned(name))).toEqual([]);
});
