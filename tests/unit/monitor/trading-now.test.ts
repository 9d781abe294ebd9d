/** The few words of the status bar, for every state that trading can be in. */
import { describe, expect, test } from "bun:test";
import type { Intervention } from "../../../src/engine/audit.ts";
import { emptyView } from "../../../src/monitor/project.ts";
import { tradingNow } from "../../../src/monitor/trading-now.ts";
import type { MonitorView } from "../../../src/monitor/view.ts";

const NOW_MS = 1_763_700_000_000;

function command(change: Partial<Intervention>): Intervention {
  return {
    id: "1",
    commandId: "",
    atMs: NOW_MS - 200_000,
    action: "halt",
    symbol: "",
    verdict: "executed",
    cause: "operator",
    by: "admin",
    reason: "",
    isAutomatic: false,
    outcome: "entries stopped",
    isDone: true,
    outcomeAtMs: NOW_MS - 200_000,
    ...change,
  };
}

function label(change: Partial<MonitorView>): string {
  return tradingNow({ ...emptyView(NOW_MS), ...change }, NOW_MS).label;
}

const HALTED = { trading: { state: "halted", reason: "admin" } } as const;

describe("the state of trading in a few words", () => {
  test("on, with how many symbols", () => {
    const universe = { ...emptyView(0).universe, active: ["AUSDT", "BUSDT"] };
    expect(label({ trading: { state: "on", reason: "" }, universe })).toBe("TRADING 2");
  });
  test("on, but nothing may be entered", () => {
    expect(label({ trading: { state: "on", reason: "entries paused" } })).toBe("NO ENTRIES");
  });
  test("starting, with how far it is", () => {
    expect(label({ missing: ["private feed", "account snapshot"] })).toBe("STARTING 2 of 4");
    expect(label({ missing: ["a", "b", "c", "d", "a ban"] })).toBe("STARTING 0 of 4");
  });
  for (const [ago, said] of [
    [40_900, "HALTED 40 s by admin"],
    [200_000, "HALTED 3 min by admin"],
    [7_200_000, "HALTED 2 h by admin"],
    [500_000_000, "HALTED 5 d by admin"],
  ] as const) {
    test(`halted: ${said}`, () => {
      expect(label({ ...HALTED, interventions: [command({ atMs: NOW_MS - ago })] })).toBe(said);
    });
  }
  test("halted by nobody that is known", () => {
    expect(label({ ...HALTED })).toBe("HALTED");
    const resumed = [command({ action: "resume" }), command({})];
    expect(label({ ...HALTED, interventions: resumed })).toBe("HALTED");
  });
  test("neither what was refused nor what was about one symbol halted trading", () => {
    const others = [
      command({ verdict: "refused", by: "eve" }),
      command({ action: "close_symbol", symbol: "AUSDT", by: "eve" }),
      command({ action: "cancel_all", by: "eve" }),
    ];
    const all = [...others, command({ action: "cancel_halt" })];
    expect(label({ ...HALTED, interventions: all })).toBe("HALTED 3 min by admin");
  });
  test("while everything is being closed", () => {
    const flatten = command({ action: "flatten", isDone: false });
    expect(label({ ...HALTED, interventions: [flatten] })).toBe("FLATTENING");
  });
});
