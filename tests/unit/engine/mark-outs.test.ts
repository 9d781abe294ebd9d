/** What the market shows at an execution and 1, 5 and 30 s after it; and when nothing is said. */
import { describe, expect, test } from "bun:test";
import { asExecId, type SymbolId } from "../../../src/domain/units.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { MarkOuts } from "../../../src/portfolio/mark-outs.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const marksOf = (tape: Tape): (readonly [number, string])[] =>
  entriesOf(tape.ticks, "mark_out").map(({ markOut }) => [
    markOut.horizonMs,
    fixedToText(markOut.mid),
  ]);

/** Trading, with a book of 100.0 × 100.1 and a buy of ours that filled just now. */
function filled(): Tape {
  const tape = new Tape().ready();
  tape.play("accepted 1\nreport 1 open\nbook A 1000x9000 1001x9000\nexec 1 100 1000");
  return tape;
}

describe("mark-outs", () => {
  test("the mid at the fill, and as it is 1, 5 and 30 s later to the millisecond", () => {
    const tape = filled();
    expect(marksOf(tape)).toEqual([[0, "100.05"]]);
    tape.play("wait 999\nbook A 1001x9000 1002x9000");
    expect(marksOf(tape)).toHaveLength(1);
    tape.play("wait 1");
    expect(marksOf(tape).at(-1)).toEqual([1_000, "100.15"]);
    tape.play("wait 3900\nbook A 990x9000 992x9000\nwait 100");
    expect(marksOf(tape).at(-1)).toEqual([5_000, "99.1"]);
    for (let at = 0; at < 6; at++) tape.play("wait 4000\nbook A 990x9000 991x9000");
    tape.play("wait 1000");
    expect(marksOf(tape).at(-1)).toEqual([30_000, "99.05"]);
    tape.play("wait 60000");
    expect(marksOf(tape)).toHaveLength(4);
  });

  test("a book in quarantine or silent says nothing, and nothing is told", () => {
    const tape = filled();
    tape.play("fault A\nwait 1000");
    expect(marksOf(tape)).toEqual([[0, "100.05"]]);
    const silent = filled();
    silent.play("wait 30000");
    expect(marksOf(silent).map(([horizonMs]) => horizonMs)).toEqual([0, 1_000, 5_000]);
  });

  test("an execution that comes late is not marked: the market of now is not that of its fill", () => {
    const tape = new Tape().ready();
    tape.play("accepted 1\nreport 1 open\nwait 4000\nbook A 1000x9000 1001x9000\nexec 1 100 1000");
    expect(entriesOf(tape.ticks, "fill")).not.toHaveLength(0);
    expect(marksOf(tape)).toHaveLength(0);
  });

  test("a process that stood still over the time says nothing", () => {
    const tape = filled();
    tape.atMs += 2_000;
    tape.play("book A 1000x9000 1001x9000\nwait 0");
    expect(marksOf(tape).map(([horizonMs]) => horizonMs)).toEqual([0]);
    tape.play("wait 2900\nbook A 1000x9000 1001x9000\nwait 200");
    expect(marksOf(tape).map(([horizonMs]) => horizonMs)).toEqual([0, 5_000]);
  });

  test("what waits is bounded: at the limit an execution is left out", () => {
    const marks = new MarkOuts();
    for (let at = 0; at < 10_500; at++) marks.note(asExecId(`e${at}`), 0 as SymbolId, 1_000 + at);
    expect(marks.nextDueAtMs()).toBe(2_000);
    expect(marks.takeDue(100_000)).toHaveLength(30_000);
    expect(marks.nextDueAtMs()).toBeNull();
  });
});
