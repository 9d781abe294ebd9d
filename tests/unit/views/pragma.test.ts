/** Views say themselves how they are compiled. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

test("every view begins with the name of its JSX: tsconfig.json is read in the working directory only", () => {
  const root = join(import.meta.dir, "../../..");
  const silent = [...new Bun.Glob("{src,views,tests}/**/*.tsx").scanSync(root)].filter(
    (path) =>
      !readFileSync(join(root, path), "utf8").startsWith("/** @jsxImportSource hono/jsx */\n"),
  );
  expect(silent).toEqual([]);
});
