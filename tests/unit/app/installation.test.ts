import { expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installationOf } from "../../../src/app/installation.ts";

const newDir = () => mkdtempSync(join(tmpdir(), "scalper-installation-"));

test("a data directory keeps its name, another one has another", () => {
  const [one, other] = [newDir(), newDir()];
  const name = installationOf(one);
  expect(name).toMatch(/^[0-9a-z]{8}$/);
  expect(installationOf(one)).toBe(name);
  expect(installationOf(other)).not.toBe(name);
});

test("a damaged file is never replaced: its orders would become another engine's", () => {
  const dir = newDir();
  writeFileSync(join(dir, "installation"), "not a name\n");
  expect(() => installationOf(dir)).toThrow('found "not a name"');
});
