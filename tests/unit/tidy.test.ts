/**
 * Conventions as tests, with the cure in the message: sizes, circles, dead exports, casts, names,
 * assertions. What stood when a rule came is in tidy.ratchet.json and may only shrink.
 */
import { describe, expect, test } from "bun:test";
import { ASSERTION_FLOORS, ASSERTIONS } from "./tidy.data.ts";
import { readFacts } from "./tidy.facts.ts";
import ratchet from "./tidy.ratchet.json" with { type: "json" };
import { beyond, type Ratchet, RULES, shrunk } from "./tidy.rules.ts";

const files = await readFacts();

describe("tidy", () => {
  test("the tree was read", () => {
    const sources = files.filter(({ path }) => path.startsWith("src/"));
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.flatMap(({ functions }) => functions).length).toBeGreaterThan(1_000);
  });

  for (const rule of RULES) {
    test(rule.name, () => {
      expect(beyond(rule, rule.find(files), ratchet)).toEqual([]);
    });
  }

  test("the ratchet forgives nothing that is mended (cure: bun tests/unit/tidy.shrink.ts)", () => {
    expect(shrunk(files, ratchet)).toEqual(ratchet as Ratchet);
  });

  for (const [room, floor] of Object.entries(ASSERTION_FLOORS)) {
    test(`${room} states at least ${floor} facts a function`, () => {
      const own = files.filter(({ path }) => path.startsWith(`src/${room}/`));
      const functions = own.flatMap((file) =>
        file.functions.filter(({ hasBody, isCallback }) => hasBody && !isCallback),
      ).length;
      const facts = ASSERTIONS.flatMap((name) => own.map(({ calls }) => calls.get(name) ?? 0));
      const share = facts.reduce((sum, count) => sum + count, 0) / Math.max(1, functions);
      // Cure: assert what the new functions take for granted (src/kernel/assert.ts).
      expect(share, `src/${room}: assertions ÷ functions`).toBeGreaterThanOrEqual(floor);
    });
  }
});
