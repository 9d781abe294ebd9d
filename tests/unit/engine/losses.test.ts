import { describe, expect, test } from "bun:test";
import { DEFAULT_LIMITS, type RiskLimits } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";

const denialsOf = (tape: Tape) =>
  entriesOf(tape.ticks, "denial").map(({ denial }) => denial.reason);

/** Quotes rest on A; the first is filled, and a stranger's order closes it at `ticks`. */
function closedAt(ticks: number, limits: Partial<RiskLimits> = {}): Tape {
  const tape = new Tape({ limits: { ...DEFAULT_LIMITS, ...limits } }).ready();
  tape.play(`report #1 new
    report #2 new
    exec #1 100 1000
    position A 100 992
    report #1 filled 100
    report #2 cancelled
    report #3 new
    exec - 100 ${ticks} sell A
    position A 0
    report #3 cancelled
    wait 1000
    ${BOOK}`);
  return tape;
}

describe("losses and entries", () => {
  test("the exchange-held stop went: the symbol rests, with the time that is left", () => {
    const tape = closedAt(995, { stopCooldownMs: 3_000 });
    expect(denialsOf(tape)[0]).toMatchObject({ code: "PAUSED", cause: "stopped out" });
    expect(tape.play(`wait 1500\n${BOOK}`)).toEqual([]);
    const lines = tape.play(`wait 1000\n${BOOK}`);
    expect(lines.filter((line) => line.startsWith("submit"))).toHaveLength(2);
  });

  test("a gain by somebody else's hand is no stop-out", () => {
    expect(denialsOf(closedAt(1005))).toEqual([]);
  });

  test("a symbol that lost its part of the day is not entered", () => {
    const tape = closedAt(995, { symbolLossUsdtMax: 0.4, stopCooldownMs: 0 });
    const [denial] = denialsOf(tape);
    expect(denial).toMatchObject({ code: "SYMBOL_LOSS_LIMIT", maxUsdt: 0.4 });
    if (denial?.code !== "SYMBOL_LOSS_LIMIT") throw new Error("no denial");
    expect(denial.lossUsdt).toBeCloseTo(0.504, 3);
  });

  test("a strategy that lost its part enters nothing, by name", () => {
    const tape = closedAt(995, { strategyLossUsdtMax: 0.4, stopCooldownMs: 0 });
    expect(denialsOf(tape)[0]).toMatchObject({ code: "STRATEGY_LOSS_LIMIT", strategy: "maker" });
  });

  test("a new day forgets the losses of the last", () => {
    const tape = closedAt(995, { symbolLossUsdtMax: 0.4, stopCooldownMs: 0 });
    tape.atMs += 43_200_000;
    tape.play("wait 1000");
    expect(tape.state.losses.symbolLossUsdt.get(0 as never)).toBe(0);
  });

  test("what was won today and lost again halts, with the numbers", () => {
    const tape = closedAt(1100, { drawdownUsdtMax: 3 });
    expect(tape.state.control.armed).toBe(true);
    expect(tape.state.losses.peakUsdt).toBeCloseTo(9.996, 3);
    // Below the day's best by more than the limit, and still above where the day began.
    tape.play("exec - 100 1000 buy A\nexec - 100 960 sell A\nposition A 0\nwait 1000");
    expect(tape.state.dayLossUsdt).toBeLessThan(0);
    expect(tape.state.control.armed).toBe(false);
    expect(tape.state.control.haltReason).toContain(
      "below the day's best of 10.04, the limit is 3",
    );
  });

  test("quotes that rest are taken back when the symbol begins to rest", () => {
    const tape = new Tape().ready();
    tape.play("report #1 new\nreport #2 new");
    const lines = tape.play("exec - 100 1000 buy A\nexec - 100 990 sell A");
    expect(lines).toEqual(expect.arrayContaining(["cancel #1", "cancel #2"]));
  });
});
