import { expect, test } from "bun:test";
import { heldLimits, writeLimitChanges } from "../../../src/record/held-limits.ts";
import type { LimitChange } from "../../../src/runtime/ports/limit-changes.ts";
import { openTemp } from "./support.ts";

const change = (terms: Partial<LimitChange>): LimitChange => ({
  atMs: 1,
  by: "ann",
  reason: "test",
  name: "leverageMax",
  before: 10,
  after: 5,
  isHeld: true,
  ...terms,
});

test("the newest change of a limit holds over a restart, by account", () => {
  const database = openTemp();
  const live = { account: "mainnet live", runId: "r1" };
  writeLimitChanges(database, live, [change({}), change({ name: "stopOutsMax", after: 2 })]);
  writeLimitChanges(database, { ...live, runId: "r2" }, [change({ before: 5, after: 3 })]);
  writeLimitChanges(database, { ...live, account: "sim paper" }, [change({ after: 50 })]);
  const held = heldLimits(database, "mainnet live");
  expect([...held].map(([name, { after }]) => [name, after])).toEqual([
    ["leverageMax", 3],
    ["stopOutsMax", 2],
  ]);
  expect(heldLimits(database, "testnet live").size).toBe(0);
});

test("a limit that was given back comes from the settings again", () => {
  const database = openTemp();
  const of = { account: "a", runId: "r1" };
  writeLimitChanges(database, of, [change({})]);
  writeLimitChanges(database, of, [change({ before: 5, after: 10, isHeld: false })]);
  expect(heldLimits(database, "a").size).toBe(0);
});

test("a row that no limit takes any more is left out", () => {
  const database = openTemp();
  const of = { account: "a", runId: "r1" };
  writeLimitChanges(database, of, [change({ after: 100_000 })]);
  expect(heldLimits(database, "a").size).toBe(0);
});
