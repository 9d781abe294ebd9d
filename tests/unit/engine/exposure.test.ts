import { describe, expect, test } from "bun:test";
import { totalExposureOf } from "../../../src/engine/account-exposure.ts";
import { Tape } from "./tape.ts";

const exposureOf = (tape: Tape): number => Math.round(totalExposureOf(tape.state));

/** A quote of 100 USDT each side, both resting at the venue. */
function quoting(): Tape {
  const tape = new Tape().ready();
  tape.play("report #1 new\nreport #2 new");
  expect(exposureOf(tape)).toBe(199);
  return tape;
}

describe("exposure while news is outstanding", () => {
  test("a fill that is reported before its execution leaves no gap", () => {
    const tape = quoting();
    tape.play("report #1 filled 100");
    expect(exposureOf(tape)).toBe(199);
    tape.play("exec #1 100 1000");
    expect(exposureOf(tape)).toBe(199);
  });

  test("a part that is reported as filled counts once, rested or awaited", () => {
    const tape = quoting();
    tape.play("report #1 partially_filled 40");
    expect(exposureOf(tape)).toBe(199);
    tape.play("exec #1 40 1000");
    expect(exposureOf(tape)).toBe(199);
  });

  test("a size that only the venue knows counts, and so does one that only we know", () => {
    const tape = new Tape().ready();
    const before = exposureOf(tape);
    tape.play("position A 1000");
    expect([before, exposureOf(tape)]).toEqual([199, 1_200]);
    tape.play("position A 0");
    expect(exposureOf(tape)).toBe(199);
  });

  test("the larger of two sizes in doubt counts, not both", () => {
    const tape = quoting();
    tape.play("report #1 filled 100\nposition A 100");
    expect(exposureOf(tape)).toBe(199);
  });

  test("an exit that is reported as filled frees nothing before its execution", () => {
    const tape = quoting();
    tape.play("exec #1 100 1000\nreport #1 filled 100\nreport #2 cancelled\nreport #3 new");
    const held = exposureOf(tape);
    tape.play("report #3 filled 100");
    expect(exposureOf(tape)).toBe(held);
  });
});
