/** When systemd may be told that the program is alive. */
import { describe, expect, test } from "bun:test";
import { createPulse, type Signs } from "../../../src/app/pulse.ts";

const START_MS = 1_000_000;
const WELL = { pending: 0, lastOkAtMs: null, lastError: "" };
const HEARD = (atMs: number) => ({ up: true, detail: "", lastFrameAtMs: atMs });

/** Signs of a program that is well at `afterMs`, but for the changes. */
function signs(afterMs: number, change: Partial<Signs> = {}): Signs {
  const atMs = START_MS + afterMs;
  const well = { atMs, lastStepAtMs: atMs, record: WELL, isTrading: true, market: HEARD(atMs) };
  return { ...well, ...change };
}

describe("the pulse", () => {
  test("is there while everything moves, and before the venue exists", () => {
    const pulse = createPulse(START_MS);
    for (let afterMs = 0; afterMs <= 120_000; afterMs += 10_000) {
      expect(pulse.stuck(signs(afterMs))).toEqual([]);
      expect(pulse.stuck(signs(afterMs, { market: null }))).toEqual([]);
    }
  });

  test("stops when the engine does not step for 20 s", () => {
    const pulse = createPulse(START_MS);
    expect(pulse.stuck(signs(20_000, { lastStepAtMs: START_MS }))).toEqual([]);
    expect(pulse.stuck(signs(20_001, { lastStepAtMs: START_MS }))).toEqual([
      "the engine does not step",
    ]);
  });

  test("stops when rows wait and nothing is written, though nothing complains", () => {
    const pulse = createPulse(START_MS);
    const waiting = { pending: 3, lastOkAtMs: START_MS + 5_000, lastError: "" };
    expect(pulse.stuck(signs(25_000, { record: waiting }))).toEqual([]);
    const stuck = ["the record is not written"];
    expect(pulse.stuck(signs(25_001, { record: waiting }))).toEqual(stuck);
    expect(
      pulse.stuck(signs(30_000, { record: { ...waiting, lastOkAtMs: START_MS + 29_000 } })),
    ).toEqual([]);
  });

  test("goes on with a disk that refuses once trading is halted for it, not while it trades on", () => {
    const failing = { pending: 3, lastOkAtMs: START_MS, lastError: "disk is full" };
    const known = createPulse(START_MS);
    const unknown = createPulse(START_MS);
    expect(known.stuck(signs(60_000, { record: failing, isTrading: false }))).toEqual([]);
    expect(unknown.stuck(signs(60_000, { record: failing }))).toEqual([
      "the record is not written",
    ]);
  });

  test("stops with a feed that says it is up and is silent, goes on with one known to be down", () => {
    const pulse = createPulse(START_MS);
    const silent = { up: true, detail: "", lastFrameAtMs: START_MS };
    expect(pulse.stuck(signs(20_001, { market: silent }))).toEqual([
      "the market feed is silent and nobody noticed",
    ]);
    expect(pulse.stuck(signs(20_001, { market: { ...silent, up: false } }))).toEqual([]);
  });
});
