/** Bars and the features on them, through the engine: the seam, gaps, silence. */
import { describe, expect, test } from "bun:test";
import type { Bar } from "../../../src/domain/bar.ts";
import {
  asExecId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import type { Effect } from "../../../src/engine/effect.ts";
import type { FeatureName } from "../../../src/features/registry.ts";
import { START_MS, Tape } from "./tape.ts";

const A = 0 as SymbolId;
const FEATURES: readonly FeatureName[] = ["emaTicks20@1m", "returnBps1s"];
const MINUTE_MS = 60_000;
const BOOK = "book A 1000x9000 1001x9000";

function wanting(features = FEATURES): Tape {
  return new Tape({ features }).ready();
}

function trade(tape: Tape, priceTicks: number): void {
  const venueAtMs = tape.atMs;
  const [price, steps] = [priceTicks as PriceTicks, 5 as QtySteps];
  const one = { execId: asExecId("x"), side: "buy", priceTicks: price, qtySteps: steps } as const;
  tape.send({ kind: "trades", symbolId: A, trades: [{ ...one, venueAtMs }] });
}

/** The venue's closed minutes up to one that starts `back` minutes before the running one. */
function venueBars(tape: Tape, count: number, back = 1): Bar[] {
  const runningAtMs = Math.floor(tape.atMs / MINUTE_MS) * MINUTE_MS;
  return Array.from({ length: count }, (_, index) => ({
    startAtMs: runningAtMs - (count - 1 - index + back) * MINUTE_MS,
    openTicks: 1_000,
    highTicks: 1_001,
    lowTicks: 999,
    closeTicks: 1_000,
    volumeSteps: 7,
    turnover: 7_000,
    isComplete: true,
  }));
}

const asked = (tape: Tape): Extract<Effect, { kind: "load_bars" }>[] =>
  tape.effects.filter((effect) => effect.kind === "load_bars");

function answer(tape: Tape, bars: readonly Bar[], fault = ""): void {
  tape.send({ kind: "bars_loaded", symbolId: A, span: "1m", bars, fault });
}

/** Books keep coming, so that the feed is whole and the symbol stays active. */
function quietly(tape: Tape, seconds: number): void {
  for (let count = 0; count < seconds; count++) tape.play(`wait 1000\n${BOOK}`);
}

describe("history", () => {
  test("is asked for once a symbol is watched, and warms its features up", () => {
    const tape = wanting();
    quietly(tape, 2);
    expect(asked(tape)).toEqual([{ kind: "load_bars", symbolId: A, span: "1m", count: 100 }]);
    expect(tape.state.features.at("emaTicks20@1m", A)).toBeNaN();
    answer(tape, venueBars(tape, 100));
    expect(tape.state.features.at("emaTicks20@1m", A)).toBe(1_000);
    quietly(tape, 30);
    expect(asked(tape)).toHaveLength(1);
  });

  test("is asked for again when no answer comes, and when the venue could not give it", () => {
    const tape = wanting();
    quietly(tape, 15);
    expect(asked(tape)).toHaveLength(2);
    answer(tape, [], "refused");
    quietly(tape, 11);
    expect(asked(tape)).toHaveLength(3);
  });

  test("is nobody's business when nobody wants bars", () => {
    const tape = new Tape().ready();
    quietly(tape, 20);
    expect(asked(tape)).toEqual([]);
    expect(tape.state.bars.spans).toEqual([]);
    expect(tape.effects.some((one) => one.kind === "set_timer" && one.name === "clock")).toBe(
      false,
    );
  });

  test("waits while REST is down", () => {
    const tape = wanting();
    tape.play("feed rest down");
    const before = asked(tape).length;
    quietly(tape, 15);
    expect(asked(tape)).toHaveLength(before);
    tape.play("feed rest up");
    quietly(tape, 1);
    expect(asked(tape)).toHaveLength(before + 1);
  });
});

describe("live bars go on from history", () => {
  function joined(): Tape {
    const tape = wanting();
    // We come in the middle of a minute.
    tape.play("feed market down\nfeed market up");
    quietly(tape, 2);
    answer(tape, venueBars(tape, 100));
    return tape;
  }

  test("silence closes them by time", () => {
    const tape = joined();
    // The minute in which we came is not complete: it is asked for after its end.
    quietly(tape, 58);
    answer(tape, venueBars(tape, 1));
    const before = tape.state.bars.closed("1m", A)?.at(0)?.startAtMs ?? 0;
    quietly(tape, 61);
    const last = tape.state.bars.closed("1m", A)?.at(0);
    expect(last).toMatchObject({ startAtMs: before + MINUTE_MS, volumeSteps: 0, isComplete: true });
    expect(tape.state.features.at("emaTicks20@1m", A)).toBe(1_000);
  });

  test("the minute in which we came comes from the venue whole, not from both", () => {
    const tape = joined();
    trade(tape, 1_010);
    quietly(tape, 65);
    expect(tape.state.features.at("emaTicks20@1m", A)).toBeNaN();
    expect(asked(tape).at(-1)).toMatchObject({ span: "1m", count: 1 });
    answer(tape, venueBars(tape, 1));
    expect(tape.state.bars.closed("1m", A)?.at(0)).toMatchObject({ volumeSteps: 7 });
    expect(tape.state.features.at("emaTicks20@1m", A)).toBe(1_000);
  });

  test("a bar that the venue streams does the same without being asked", () => {
    const tape = joined();
    trade(tape, 1_010);
    quietly(tape, 59);
    const [bar] = venueBars(tape, 1);
    if (bar === undefined) return expect.unreachable();
    const frame = {
      ...bar,
      kind: "bar",
      symbolId: A,
      intervalMin: 1,
      openTicks: 1_000 as PriceTicks,
      highTicks: 1_001 as PriceTicks,
      lowTicks: 999 as PriceTicks,
      closeTicks: 1_000 as PriceTicks,
      volumeSteps: 7 as QtySteps,
      turnoverUsdt: 7,
    } as const;
    tape.send({ ...frame, isClosed: false });
    expect(tape.state.bars.closed("1m", A)?.at(0)?.volumeSteps).toBe(5);
    tape.send({ ...frame, isClosed: true });
    expect(tape.state.bars.closed("1m", A)?.at(0)).toMatchObject({
      volumeSteps: 7,
      turnover: 7_000,
    });
  });

  test("a lost feed leaves a gap that the venue fills", () => {
    const tape = joined();
    quietly(tape, 58);
    answer(tape, venueBars(tape, 1));
    expect(tape.state.bars.missing("1m", A, tape.atMs + 3_000)).toBe(0);
    quietly(tape, 20);
    tape.play("feed market down\nwait 5000\nfeed market up");
    quietly(tape, 45);
    expect(tape.state.bars.closed("1m", A)?.at(0)?.isComplete).toBe(false);
    expect(tape.state.features.at("emaTicks20@1m", A)).toBeNaN();
    expect(asked(tape).at(-1)?.count).toBe(1);
    answer(tape, venueBars(tape, 1));
    expect(tape.state.bars.missing("1m", A, tape.atMs)).toBe(0);
    expect(tape.state.features.at("emaTicks20@1m", A)).toBe(1_000);
  });

  test("a quarantined book breaks the bar that runs", () => {
    const tape = joined();
    quietly(tape, 62);
    answer(tape, venueBars(tape, 1));
    tape.play("fault A");
    expect(tape.state.bars.running("1m", A)?.isComplete).toBe(false);
  });
});

test("the clock's features move while nothing comes", () => {
  const tape = wanting();
  tape.play("book A 1010x9000 1011x9000\nwait 1000");
  expect(tape.state.features.at("returnBps1s", A)).not.toBe(0);
  tape.play("wait 2000");
  expect(tape.state.features.at("returnBps1s", A)).toBe(0);
  expect(tape.atMs).toBeGreaterThan(START_MS);
});
