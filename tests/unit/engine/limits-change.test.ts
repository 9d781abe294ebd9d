import { describe, expect, test } from "bun:test";
import { Tape } from "./tape.ts";

function quoting(): Tape {
  const tape = new Tape().ready();
  tape.play("report #1 new\nreport #2 new");
  return tape;
}

/** What the engine asks for in the step that brings the new limits. */
function changed(tape: Tape, changes: Record<string, number>): readonly string[] {
  const effects = tape.send({ kind: "limits_change", changes, by: "ann", reason: "test" });
  return effects.flatMap((effect) =>
    effect.kind === "cancel" ? [`cancel ${effect.clientId}`] : [],
  );
}

describe("limits while the program runs", () => {
  test("tightening takes back what rests above it in the same step, the youngest first", () => {
    const tape = quoting();
    expect(changed(tape, { totalExposureUsdtMax: 120 })).toEqual(["cancel t-maker-2"]);
    expect(changed(tape, { orderNotionalUsdtMax: 50 })).toEqual(["cancel t-maker-1"]);
  });

  test("and what is within it stays", () => {
    expect(changed(quoting(), { totalExposureUsdtMax: 200 })).toEqual([]);
  });

  test("the gate and the account's row have the new limits from then on", () => {
    const tape = quoting();
    changed(tape, { dailyLossUsdtMax: 40 });
    expect(tape.state.limits.dailyLossUsdtMax).toBe(40);
    const rows = tape.ticks.flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.kind === "account" ? [entry.account.limits] : [])),
    );
    expect(rows.at(-1)?.dailyLossUsdtMax).toBe(40);
  });

  test("another leverage is settled again with the venue", () => {
    const tape = quoting();
    changed(tape, { leverageMax: 5 });
    tape.play("wait 1000");
    expect(tape.effects.filter(({ kind }) => kind === "settle_terms").at(-1)).toMatchObject({
      leverageMax: 5,
    });
  });

  test("a loss that is beyond a new limit halts", () => {
    const tape = quoting();
    tape.play("exec - 100 1000 buy A\nexec - 100 990 sell A");
    changed(tape, { dailyLossUsdtMax: 0.5, stopCooldownMs: 600_000 });
    tape.play("wait 1000");
    expect(tape.state.control.armed).toBe(false);
  });
});
