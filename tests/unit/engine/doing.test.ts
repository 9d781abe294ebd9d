/** What is told of each watched symbol: what the program does there, and why. */
import { describe, expect, test } from "bun:test";
import { entriesOf } from "../../support/audit-ticks.ts";
import { setupsOf } from "../../support/strategies.ts";
import { EAGER_MAKER, Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
const LONG = `${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled\nreport #3 new`;

/** The last row that was told of symbol A, after the timer of the audit has fired. */
function rowOf(tape: Tape) {
  tape.play("wait 300");
  const told = entriesOf(tape.ticks, "doings").at(-1)?.doings ?? [];
  return told.find(({ symbol }) => symbol === "A");
}

const saidOf = (tape: Tape): string => {
  const row = rowOf(tape);
  return row === undefined ? "not watched" : `${row.doing}: ${row.why}`;
};

describe("what is done in a symbol", () => {
  test("both sides quoted, with the numbers that decided", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    expect(saidOf(tape)).toBe("quoting: quoting both sides · imbalance 0.50, edge 6.0");
    tape.play("report #2 cancelled");
    expect(saidOf(tape)).toStartWith("quoting: quoting bid · ");
  });
  test("a position on its way out, with its age on the ladder", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 7000\n${BOOK}`);
    expect(saidOf(tape)).toMatch(/^exiting: exit quoted · aged [78]\/45 s, \+5\.0 bps$/);
    tape.play("exec #3 30 1001");
    expect(saidOf(tape)).toStartWith("exiting: exit partly filled 0.30 · aged ");
  });
  test("a position that nobody may touch yet", () => {
    const tape = new Tape({ autoTrade: false });
    tape.play("instruments\nfeed market up\nfeed private up\nsnapshot position:A:100:990");
    tape.play(`ticker A 100.05\n${BOOK}`);
    expect(saidOf(tape)).toBe("exiting: left alone until trading is resumed");
  });
  test("a flatten, by whom", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\noperator flatten`);
    expect(saidOf(tape)).toBe("closing: flatten by ann");
  });
  test("a symbol that a person paused, with the person and the reason", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator pause_symbol A`);
    tape.play("report #1 cancelled\nreport #2 cancelled");
    expect(saidOf(tape)).toBe("paused: by ann: test");
  });
});

describe("why nothing is quoted", () => {
  test("the strategy's own condition, with what it asks for", () => {
    const strategies = setupsOf({ maker: { ...EAGER_MAKER, edgeBpsMin: 20 } });
    const tape = new Tape({ strategies }).ready();
    expect(rowOf(tape)).toMatchObject({
      doing: "waiting",
      cause: "spread too small",
      why: "no quote: edge 6.0 < 20 bps at a spread of 10.0",
    });
  });
  test("trading is halted", () => {
    const tape = Tape.halted().ready();
    expect(rowOf(tape)).toMatchObject({ doing: "waiting", cause: "trading is not on" });
  });
  test("a cancel is seen to work first, with the seconds that are left", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator cancel_all\nreport #1 cancelled\nreport #2 cancelled`);
    expect(saidOf(tape)).toBe("waiting: entries return in 5 s");
  });
  test("the book is old", () => {
    const strategies = setupsOf({ maker: { ...EAGER_MAKER, edgeBpsMin: 20 } });
    const tape = new Tape({ strategies }).ready();
    tape.play("wait 6000");
    expect(saidOf(tape)).toBe("waiting: no quote: book old");
  });
});

test("what a symbol made today, with its open position", () => {
  const tape = new Tape().ready();
  expect(rowOf(tape)?.netTodayUsdt).toBe(0);
  tape.play(`${LONG}\nexec #3 100 1001\nwait 1500`);
  // A tick on a size of one is 0.1, less two fees of 0.002.
  expect(rowOf(tape)?.netTodayUsdt).toBeCloseTo(0.096, 9);
});
