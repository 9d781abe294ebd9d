import { describe, expect, test } from "bun:test";
import type { Stamp } from "../../../src/domain/event.ts";
import type { EngineInput } from "../../../src/engine/account-past.ts";
import type { Effect } from "../../../src/engine/effect.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { EngineLoop } from "../../../src/runtime/loop.ts";

const fired = (name: string): EngineInput => ({ kind: "timer", name });
const timer = (name: string, dueAtMs: number): Effect => ({ kind: "set_timer", name, dueAtMs });

function setUp(onEvent: (event: EngineInput) => readonly Effect[]) {
  const clock = virtualClock(1_000);
  const seen: { seq: number; atMs: number; name: string }[] = [];
  const fatal: string[] = [];
  const loop: EngineLoop = new EngineLoop({
    clock,
    step(event: EngineInput, stamp: Stamp) {
      seen.push({ ...stamp, name: event.kind === "timer" ? event.name : event.kind });
      return onEvent(event);
    },
    tell: () => [],
    perform(effect) {
      if (effect.kind === "set_timer") loop.setTimer(effect.name, effect.dueAtMs);
      if (effect.kind === "reconcile") loop.accept(fired(effect.cause));
    },
    onFatal: (error, doing) => fatal.push(`${doing}: ${error}`),
  });
  return { clock, seen, fatal, loop };
}

describe("the engine's loop", () => {
  test("does what a step wants before it asks for the story of it, event by event", () => {
    const order: string[] = [];
    const loop: EngineLoop = new EngineLoop({
      clock: virtualClock(0),
      step(event) {
        order.push(`step ${event.kind === "timer" ? event.name : ""}`);
        return event.kind === "timer" && event.name === "a"
          ? [{ kind: "reconcile", cause: "b" }]
          : [];
      },
      tell({ seq }) {
        order.push(`tell ${seq}`);
        return [timer("told", 5)];
      },
      perform(effect) {
        order.push(effect.kind);
        if (effect.kind === "reconcile") loop.accept(fired("b"));
      },
      onFatal: (error) => order.push(String(error)),
    });
    loop.accept(fired("a"));
    expect(order).toEqual([
      ...["step a", "reconcile", "tell 1", "set_timer"],
      ...["step b", "tell 2", "set_timer"],
    ]);
  });

  test("stamps events with a sequence and our clock", () => {
    const { clock, seen, loop } = setUp(() => []);
    loop.accept(fired("a"));
    clock.advanceTo(1_500);
    loop.accept(fired("b"));
    expect(seen).toEqual([
      { seq: 1, atMs: 1_000, name: "a" },
      { seq: 2, atMs: 1_500, name: "b" },
    ]);
  });

  test("timers come back as events in order of due time; one set again moves", () => {
    const { clock, seen, loop } = setUp((event) =>
      event.kind === "timer" && event.name === "start"
        ? [
            timer("late", 3_000),
            timer("early", 2_000),
            timer("moved", 2_500),
            timer("moved", 4_000),
          ]
        : [],
    );
    loop.accept(fired("start"));
    clock.advanceTo(10_000);
    expect(seen.map(({ name, atMs }) => `${name}@${atMs}`)).toEqual([
      "start@1000",
      "early@2000",
      "late@3000",
      "moved@4000",
    ]);
  });

  test("an event caused by an effect waits for the running step", () => {
    const order: string[] = [];
    const { loop } = setUp((event) => {
      const name = event.kind === "timer" ? event.name : "";
      order.push(`in ${name}`);
      const effects: Effect[] = name === "a" ? [{ kind: "reconcile", cause: "b" }] : [];
      order.push(`out ${name}`);
      return effects;
    });
    loop.accept(fired("a"));
    expect(order).toEqual(["in a", "out a", "in b", "out b"]);
  });

  test("a throw out of a step stops the loop for good and is told once", () => {
    const { clock, fatal, loop, seen } = setUp((event) => {
      if (event.kind === "timer" && event.name === "bad") throw new Error("books crossed");
      return [timer("later", 2_000)];
    });
    loop.accept(fired("good"));
    loop.accept(fired("bad"));
    loop.accept(fired("after"));
    clock.advanceTo(5_000);
    expect(fatal).toEqual(["stepping timer: Error: books crossed"]);
    expect(seen.map(({ name }) => name)).toEqual(["good", "bad"]);
  });
});
