/** A flatten fetches the news that does not come, and one read proves it. */
import { describe, expect, test } from "bun:test";
import { tradingOf } from "../../../src/engine/control.ts";
import { Tape } from "./tape.ts";

const LONG =
  "report #1 new\nreport #2 new\nexec #1 100 1000\nreport #1 filled 100\nposition A 100 992";

/** Long 100 steps of A, its exit resting, made flat by a person: the market order is out. */
function leaving(): Tape {
  const tape = new Tape().ready();
  tape.play(`${LONG}\nwait 500\noperator flatten\nreport #3 cancelled`);
  return tape;
}
const isProved = (tape: Tape) => tradingOf(tape.state).reason.startsWith("flat, by ann");

describe("a flatten", () => {
  test("whose fill is not heard of reads the account within a round trip, and that is the proof", () => {
    const tape = leaving();
    tape.play("report #2 cancelled\nreport o#4 filled 100");
    const lines = tape.play("wait 300");
    expect(lines).toContain("reconcile flattening");
    expect(isProved(tape)).toBe(false);
    tape.play("snapshot exec:o#4:100:999");
    expect(isProved(tape)).toBe(true);
  });

  test("sends another exit after a third of a second of silence, and asks what became of the first", () => {
    const tape = leaving();
    const lines = tape.play("wait 500");
    expect(lines).toContain("ask o#4");
    expect(lines).toContain("submit o#5 A sell 100 market flatten ioc");
  });

  test("is flat with a market exit of unknown fate, which could only reduce", () => {
    const tape = leaving();
    tape.play("report #2 cancelled\nunknown o#4\nwait 400\nsnapshot exec:-:100:999:sell:A");
    expect(tape.state.ledger.stepsOf(0 as never)).toBe(0);
    expect(tape.state.orders.liveCount).toBeGreaterThan(0);
    expect(isProved(tape)).toBe(true);
  });

  test("is not proved by a read that was asked for before the button", () => {
    const tape = leaving();
    tape.play("report #2 cancelled\nreport o#4 filled 100\nexec o#4 100 999");
    tape.play("snapshot asked:-600");
    expect(isProved(tape)).toBe(false);
    tape.play("wait 10\nsnapshot");
    expect(isProved(tape)).toBe(true);
  });
});
