/** HALT and FLATTEN: one is a state and stays, the other is a command and is taken once. */
import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandFiles } from "../../../src/control/command-files.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import type { CommandWish } from "../../../src/runtime/ports/commands.ts";
import { sampleIntervention } from "../record/samples.ts";

function setup() {
  const dir = mkdtempSync(join(tmpdir(), "scalper-test-"));
  const clock = virtualClock(Date.now());
  const given: CommandWish[] = [];
  const state = { isTrading: true, isStubborn: false, isLate: false };
  const files = new CommandFiles({
    dataDir: dir,
    runId: "run1",
    desk: () => ({
      stamp: () => "",
      find: () => null,
      give(wish) {
        given.push(wish);
        if (!state.isStubborn) state.isTrading = false;
        return state.isLate ? sampleIntervention({ verdict: "expired" }) : null;
      },
    }),
    isTrading: () => state.isTrading,
    clock,
    wallMs: clock.nowMs,
    log: { info() {}, warn() {}, error() {} },
  });
  const put = (name: string, text = "") => writeFileSync(join(dir, name), text);
  const pass = (ms: number) => clock.advanceTo(clock.nowMs() + ms);
  const actions = () => given.map(({ action }) => action);
  return { dir, clock, files, given, put, pass, actions, state };
}

describe("HALT", () => {
  test("is noticed within a second, with its first line as the reason, and stays", () => {
    const { dir, files, given, put, pass } = setup();
    files.start();
    put("HALT", "storm\u0007ahead\nmore");
    pass(1_000);
    pass(5_000);
    expect(given).toMatchObject([{ action: "halt", by: "file", reason: "storm ahead" }]);
    expect(existsSync(join(dir, "HALT"))).toBe(true);
    expect(files.whyHalted()).toContain("remove it first");
    rmSync(join(dir, "HALT"));
    expect(files.whyHalted()).toBe("");
    files.stop();
  });

  test("that lies there at the start halts before anything can be traded", () => {
    const { files, put, actions } = setup();
    put("HALT");
    files.start();
    expect(actions()).toEqual(["halt"]);
    files.stop();
  });

  test("halts again when trading is on all the same, and when it comes back, under new ids", () => {
    const { dir, files, given, put, pass, state } = setup();
    state.isStubborn = true;
    put("HALT");
    files.start();
    pass(300);
    state.isTrading = false;
    pass(300);
    rmSync(join(dir, "HALT"));
    pass(300);
    put("HALT");
    pass(300);
    expect(given.map(({ action }) => action)).toEqual(["halt", "halt", "halt"]);
    expect(new Set(given.map(({ id }) => id)).size).toBe(3);
    files.stop();
  });
});

describe("FLATTEN", () => {
  test("is taken once, with its age, and is renamed", () => {
    const { dir, files, given, put, pass } = setup();
    files.start();
    put("FLATTEN");
    pass(3_000);
    expect(given).toMatchObject([{ action: "flatten", symbol: "" }]);
    expect(existsSync(join(dir, "FLATTEN"))).toBe(false);
    expect(existsSync(join(dir, "FLATTEN.taken"))).toBe(true);
    files.stop();
  });

  test("that came too late is named so, and not as if it had been carried out", () => {
    const { dir, files, put, state } = setup();
    state.isLate = true;
    put("FLATTEN");
    files.start();
    expect(existsSync(join(dir, "FLATTEN.expired"))).toBe(true);
    expect(existsSync(join(dir, "FLATTEN.taken"))).toBe(false);
    files.stop();
  });

  test("that waited for a frozen process says how long", () => {
    const { clock, files, given, put } = setup();
    put("FLATTEN");
    clock.advanceTo(clock.nowMs() + 8_000);
    files.start();
    const [{ age } = { age: null }] = given;
    expect(age).toMatchObject({ by: "file" });
    expect(age?.by === "file" && age.ageMs).toBeGreaterThan(7_500);
    files.stop();
  });
});
