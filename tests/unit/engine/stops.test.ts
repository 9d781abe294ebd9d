/** Every position has a stop that protects it, or is closed. */
import { describe, expect, test } from "bun:test";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
/** Held by hand, without a stop; entries are stopped. */
const HELD = "exec - 100 1000 buy A\nposition A 100";

function holding(script = HELD): Tape {
  const tape = Tape.halted().ready();
  tape.play(`${script}\nreport #1 new`);
  return tape;
}

/** What is asked for in so many seconds, the book going on: each with the second it was in. */
function bySecond(tape: Tape, seconds: number, verb: string): string[] {
  return Array.from({ length: seconds }, (_, second) =>
    tape
      .play(`wait 1000\n${BOOK}`)
      .filter((line) => line.startsWith(verb))
      .map((line) => `${second + 1} ${line}`),
  ).flat();
}

describe("a stop that does not protect is replaced within seconds", () => {
  test("one so far away that it never would", () => {
    const tape = holding("exec - 100 1000 buy A\nposition A 100 1");
    const put = bySecond(tape, 4, "protect");
    expect(put).toHaveLength(1);
    expect(put[0]).toMatch(/^[23] protect A 992$/);
  });

  test("the long's own, once a hand has flipped it to a short and the message was lost", () => {
    const tape = holding("exec - 100 1000 buy A\nposition A 100 992");
    expect(bySecond(tape, 10, "protect")).toEqual([]);
    tape.play("exec - 200 1000 sell A");
    expect(tape.state.ledger.stepsOf(tape.state.market.instrument(0 as never).id)).toBe(-100);
    const put = bySecond(tape, 4, "protect");
    expect(put).toHaveLength(1);
    expect(put[0]).toMatch(/^[23] protect A 1008$/);
  });

  test("not one that stands well, however long", () => {
    const tape = holding("exec - 100 1000 buy A\nposition A 100 990");
    expect(bySecond(tape, 30, "protect")).toEqual([]);
  });

  test("the venue's yes is believed until its report comes", () => {
    const tape = holding();
    expect(bySecond(tape, 3, "protect")).toHaveLength(1);
    tape.play("stop A accepted 992");
    expect(bySecond(tape, 20, "protect")).toEqual([]);
    tape.play("position A 100");
    expect(bySecond(tape, 4, "protect")).toHaveLength(1);
  });
});

describe("a stop that cannot be put", () => {
  test("refused twice: closed at market within seconds, the symbol halted, and told so", () => {
    const tape = holding();
    tape.play(`wait 2000\n${BOOK}\nstop A refused`);
    const second = tape.play(`wait 1000\n${BOOK}`);
    expect(second).toContain("protect A 992");
    tape.play("stop A refused");
    const close = tape.play(`wait 1000\n${BOOK}\nreport #1 cancelled`);
    expect(close).toContain("submit o#2 A sell 100 market flatten ioc");
    const told = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    expect(told.at(-1)).toMatchObject({
      action: "close_symbol",
      cause: "stop_refused",
      symbol: "A",
      by: "scalper",
      isAutomatic: true,
    });
    expect(tape.state.control.symbolHalts.get("A")?.cause).toBe("stop_refused");
  });

  test("entries stay away from the symbol afterwards until it is resumed", () => {
    const tape = new Tape().ready();
    tape.play("report #1 new\nreport #2 new\nexec - 100 1000 buy A\nposition A 100");
    tape.play(`wait 2000\n${BOOK}\nstop A refused\nwait 1000\n${BOOK}\nstop A refused`);
    tape.play(`wait 1000\n${BOOK}`);
    const close = [...tape.state.orders.all()].find(({ intent }) => intent.purpose === "flatten");
    for (const { clientId, state } of [...tape.state.orders.all()]) {
      if (state === "cancelling") tape.play(`report ${clientId} cancelled`);
    }
    tape.play(`wait 1000\n${BOOK}`);
    const exit = close ?? [...tape.state.orders.all()].find(({ intent }) => intent.reduceOnly);
    tape.play(`exec ${exit?.clientId} 100 1000\nposition A 0`);
    expect(bySecond(tape, 20, "submit").filter((line) => line.includes("entry"))).toEqual([]);
    expect(tape.state.ledger.position(0 as never).steps).toBe(0);
  });

  test("what never left counts as no refusal, but nobody waits for ever", () => {
    const tape = holding();
    const closes: string[] = [];
    for (let second = 0; second < 18 && closes.length === 0; second++) {
      const lines = tape.play(`wait 1000\n${BOOK}`);
      if (lines.some((line) => line.startsWith("protect"))) tape.play("stop A unsent");
      closes.push(...lines.filter((line) => line.startsWith("error A is closed")));
      if (second < 14) expect(closes).toEqual([]);
    }
    expect(closes).toHaveLength(1);
  });

  test("an account that was never armed is left alone in this too", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play(HELD);
    expect(bySecond(tape, 30, "protect")).toEqual([]);
    expect(tape.state.control.symbolHalts.size).toBe(0);
  });
});
