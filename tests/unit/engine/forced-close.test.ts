/** Executions without an order of ours: all of them move money, two of them stop entries. */
import { describe, expect, test } from "bun:test";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const LONG = `report #1 new\nreport #2 new\nexec #1 100 1000\nposition A 100 992
  report #2 cancelled\nreport #3 new`;

const A = 0 as never;
const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;
const halts = (tape: Tape) =>
  entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);

describe.each([
  ["settle", "on", []],
  ["delivery", "on", []],
  ["block_trade", "on", []],
  ["move_position", "on", []],
  ["corporate_action", "on", []],
  ["liquidation", "halted", ["liquidation"]],
  ["adl", "halted", ["adl"]],
] as const)("an execution of kind %s", (kind, state, causes) => {
  test("closes what it closes, at its price", () => {
    const tape = new Tape().ready();
    tape.play(LONG);
    tape.play(`forced ${kind} - 100 900 sell A\nposition A 0`);
    expect(tape.state.ledger.stepsOf(A)).toBe(0);
    expect(tape.state.ledger.realised).toBe(parseFixed("-10") ?? 0n);
    tape.play("wait 1100");
    expect(tape.state.dayLossUsdt).toBeGreaterThan(10);
  });

  test(`leaves trading ${state}`, () => {
    const tape = new Tape().ready();
    tape.play(LONG);
    tape.play(`forced ${kind} - 60 900 sell A\nforced ${kind} - 40 900 sell A`);
    expect(tradingOf(tape)?.state).toBe(state);
    expect(halts(tape).map(({ cause }) => cause)).toEqual([...causes]);
    if (causes.length > 0) {
      expect(halts(tape)[0]).toMatchObject({ by: "scalper", action: "halt", isAutomatic: true });
      expect(tradingOf(tape)?.reason).toContain("of A: sell 0.60 at 90.0");
    }
  });
});
