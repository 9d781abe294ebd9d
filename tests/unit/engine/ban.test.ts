/** The venue shuts this address out: entries wait, the way out does not. */
import { describe, expect, test } from "bun:test";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
const LONG = `${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled\nreport #3 new`;

const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;

describe("a ban of this address", () => {
  test("takes entries back, says so, and places no more until it is over", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    tape.check("banned", "error address banned until then\ncancel #1\ncancel #2");
    const paused = { state: "on", reason: "entries paused: address banned until then" } as const;
    expect(tradingOf(tape)).toEqual(paused);
    tape.check(`report #1 cancelled\nreport #2 cancelled\nwait 5000\n${BOOK}`, "");
    const placed = tape.play(`feed rest up\nwait 1000\n${BOOK}`);
    expect(placed.filter((line) => line.startsWith("submit"))).toHaveLength(2);
    expect(tradingOf(tape)).toEqual({ state: "on", reason: "" });
  });

  test("leaves exits where they are and lets new ones go", () => {
    const tape = new Tape().ready();
    tape.play(LONG);
    tape.check("banned", "error address banned until then");
    tape.check("report #3 cancelled", "");
    tape.check(`wait 1000\n${BOOK}`, "submit #4 A sell 100 @ 1001 exit post_only");
  });

  test("a flatten cancels each order by itself and closes", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nbanned`);
    tape.check("operator flatten", "cancel_all\ncancel #3");
    tape.check("report #3 cancelled", "submit o#4 A sell 100 market flatten ioc");
  });

  test("a cancel that was asked for by REST before is sent again, and again", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    tape.check("operator cancel_all", "cancel_all");
    tape.check("banned", "error address banned until then\ncancel #1\ncancel #2");
    tape.check("wait 4000", "cancel #1\ncancel #2");
  });
});

test("an order that never left pauses entries like one that was refused", () => {
  const tape = new Tape().ready();
  const submits = (script: string) =>
    tape.play(script).filter((line) => line.startsWith("submit")).length;
  expect(submits("failed #1\nfailed #2")).toBe(0);
  expect(submits(`wait 1000\n${BOOK}`)).toBe(0);
  for (let second = 2; second < 12; second++) expect(submits(`wait 1000\n${BOOK}`)).toBe(0);
  expect(submits(`wait 1000\n${BOOK}`)).toBe(2);
});
