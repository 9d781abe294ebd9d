/** What the gate is told of the account: a limit of counts holds only when the counts are right. */
import { describe, expect, test } from "bun:test";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";

const denialsOf = (tape: Tape) =>
  entriesOf(tape.ticks, "denial").map(({ denial }) => denial.reason);
const submitsOf = (tape: Tape) =>
  tape.effects.filter((effect) => effect.kind === "submit").map(({ order }) => order.symbolId);

describe("limits of orders", () => {
  test("over all symbols: the second symbol finds no room", () => {
    const tape = new Tape({ limits: { ...DEFAULT_LIMITS, openOrdersMax: 2 } }, 2).ready();
    expect(submitsOf(tape)).toEqual<number[]>([0, 0]);
    expect(denialsOf(tape)[0]).toEqual({ code: "OPEN_ORDERS_ABOVE_MAX", count: 2, countMax: 2 });
  });

  test("of one symbol: its second quote finds none, another symbol's first one does", () => {
    const tape = new Tape({ limits: { ...DEFAULT_LIMITS, symbolOrdersMax: 1 } }, 2).ready();
    expect(submitsOf(tape)).toEqual<number[]>([0, 1]);
    expect(denialsOf(tape)[0]).toEqual({ code: "SYMBOL_ORDERS_ABOVE_MAX", count: 1, countMax: 1 });
  });
});

test("nothing is entered in a symbol while the fate of one order there is open", () => {
  const tape = new Tape().ready();
  const told = tape.play(`unknown #1\nreport #2 new\nreport #2 cancelled\nwait 1700\n${BOOK}`);
  expect(told.filter((line) => line.startsWith("submit"))).toEqual([]);
  expect(denialsOf(tape)).toContainEqual({ code: "UNKNOWN_OUTCOME_PENDING", count: 1 });
});

test("a lost day closes the way in at once, before the next look that halts", () => {
  const tape = new Tape().ready();
  tape.play("exec - 100 1000 buy A\nexec - 100 400 sell A\nposition A 0");
  expect(tape.state.dayLossUsdt).toBeGreaterThan(50);
  expect(tape.state.control.armed).toBe(true);
  const told = tape.play(BOOK);
  expect(told.filter((line) => line.startsWith("submit"))).toEqual([]);
  expect(denialsOf(tape)[0]).toMatchObject({ code: "DAILY_LOSS_LIMIT", maxUsdt: 50 });
});

test("a denial that lasts is told again, not once in a life and not with each decision", () => {
  const tape = new Tape({ limits: { ...DEFAULT_LIMITS, symbolOrdersMax: 1 } }).ready();
  const countAfter = (seconds: number) => {
    for (let second = 0; second < seconds; second++) tape.play(`wait 1000\n${BOOK}`);
    return denialsOf(tape).length;
  };
  tape.play("report #1 new");
  expect(countAfter(8)).toBe(1);
  expect(countAfter(5)).toBe(2);
  expect(countAfter(20)).toBe(4);
});
