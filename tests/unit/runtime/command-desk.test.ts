/** How old a command is, whichever way it came, and that a known one is not given again. */
import { describe, expect, test } from "bun:test";
import type { OperatorCommand } from "../../../src/domain/event.ts";
import type { Intervention } from "../../../src/engine/audit.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { createCommandDesk } from "../../../src/runtime/command-desk.ts";
import type { CommandAge } from "../../../src/runtime/ports/commands.ts";
import { StallWatch } from "../../../src/runtime/stall-watch.ts";
import { sampleIntervention } from "../record/samples.ts";

const START_MS = 1_000_000;

function setup(recorded: Intervention[] = []) {
  const clock = virtualClock(START_MS);
  const stalls = new StallWatch(clock);
  const taken: OperatorCommand[] = [];
  const told: Intervention[] = [];
  const commits: number[] = [];
  const disk = { fault: "", told: [] as string[] };
  const desk = createCommandDesk({
    clock,
    runId: "run1",
    accept(event) {
      if (event.kind === "record_status") disk.told.push(event.detail);
      if (event.kind !== "command") return;
      taken.push(event);
      told.unshift(sampleIntervention({ commandId: event.id }));
    },
    told: () => told,
    recorded: (id) => recorded.find(({ commandId }) => commandId === id) ?? null,
    commit: () => {
      commits.push(told.length);
      return disk.fault;
    },
    waitedMs: () => stalls.waitedMs(),
    whyHalted: () => "a file",
  });
  const wish = { id: "c1", symbol: "", by: "ann", reason: "test" } as const;
  const give = (age: CommandAge, action: "halt" | "resume" = "halt") => {
    desk.give({ ...wish, action, age });
    return taken.at(-1);
  };
  return { clock, desk, give, taken, wish, stalls, commits, disk };
}

/** Lets time pass without a beat of anything: the process stands still. */
function freeze(clock: ReturnType<typeof virtualClock>, forMs: number) {
  const { monotonicMs } = clock;
  Object.assign(clock, { monotonicMs: () => monotonicMs() + forMs });
}

describe("the age of a command", () => {
  test("is counted from the stamp that its giver heard, less what the giver measured since", () => {
    const { clock, desk, give } = setup();
    const stamp = desk.stamp();
    clock.advanceTo(START_MS + 10_000);
    expect(give({ by: "stamp", stamp, sinceMs: 9_900 })?.ageMs).toBe(100);
  });

  test("does not depend on the wall clock of either side", () => {
    const { clock, desk, give } = setup();
    const stamp = desk.stamp();
    clock.nowMs = () => 7; // Set back by hours.
    expect(give({ by: "stamp", stamp, sinceMs: 0 })?.ageMs).toBe(0);
  });

  test("is never negative, whatever the giver measured", () => {
    const { desk, give } = setup();
    expect(give({ by: "stamp", stamp: desk.stamp(), sinceMs: 60_000 })?.ageMs).toBe(0);
  });

  test("of another run's stamp is unknown, and so is a made-up one: both are refused", () => {
    for (const stamp of ["run0@5", "nonsense", "run1@-4", "run1@"]) {
      const { give } = setup();
      expect(give({ by: "stamp", stamp, sinceMs: 0 })?.obstacle).toContain("an earlier run");
    }
  });

  test("without a stamp is what the process stood still before it read the command", () => {
    const { clock, give } = setup();
    clock.advanceTo(START_MS + 5_000);
    expect(give({ by: "receipt" })?.ageMs).toBe(0);
  });

  test("after a stall counts all of it, whichever of pulse and request came first", () => {
    for (const beatFirst of [true, false]) {
      const { clock, give } = setup();
      clock.advanceTo(START_MS + 1_000);
      freeze(clock, 8_000);
      if (beatFirst) clock.advanceTo(START_MS + 1_200);
      expect(give({ by: "receipt" })?.ageMs).toBeGreaterThanOrEqual(8_000);
    }
  });

  test("is young again once the leftovers of a stall are read", () => {
    const { clock, give } = setup();
    freeze(clock, 8_000);
    clock.advanceTo(START_MS + 2_000);
    expect(give({ by: "receipt" })?.ageMs).toBe(0);
  });

  test("of a file is that of the file", () => {
    expect(setup().give({ by: "file", ageMs: 6_000 })?.ageMs).toBe(6_000);
    expect(setup().give({ by: "file", ageMs: -3 })?.ageMs).toBe(0);
  });
});

test("a command that is known, of this run or from the record, is not handed over again", () => {
  const { desk, give, taken, wish } = setup([sampleIntervention({ commandId: "old" })]);
  give({ by: "receipt" });
  give({ by: "receipt" });
  const old = desk.give({ ...wish, id: "old", action: "flatten", age: { by: "receipt" } });
  expect(old?.commandId).toBe("old");
  expect(taken).toHaveLength(1);
  expect(desk.find("never")).toBeNull();
});

test("what forbids a resume forbids nothing else", () => {
  expect(setup().give({ by: "receipt" }, "resume")?.obstacle).toBe("a file");
  expect(setup().give({ by: "receipt" }, "halt")?.obstacle).toBe("");
});

describe("an outcome that is handed out", () => {
  test("is written before, when it is given and when it is asked for", () => {
    const { give, desk, commits } = setup();
    give({ by: "receipt" });
    expect(commits).toEqual([1]);
    desk.find("c1");
    expect(commits).toEqual([1, 1]);
    expect(desk.find("never given")).toBeNull();
    expect(commits.length).toBe(2);
  });

  test("that the disk refuses is told to the engine at once, with the reason", () => {
    const { give, disk } = setup();
    disk.fault = "writing fails: database or disk is full";
    give({ by: "receipt" });
    expect(disk.told).toEqual(["writing fails: database or disk is full"]);
  });
});
