import { describe, expect, test } from "bun:test";
import { decodeBars, intervalOf } from "../../../../src/venue/bybit/codec/decode-bars.ts";
import { instrumentOf } from "../../../support/instruments.ts";

const instrument = instrumentOf({ symbol: "BTCUSDT", tick: "0.1", step: "0.001" });
const T = 1_700_000_100_000;
/** Newest first, as the venue lists them. */
const ROWS = [
  [String(T + 600_000), "101.0", "101.0", "101.0", "101.0", "0", "0"],
  [String(T + 300_000), "100.0", "101.5", "99.9", "101.0", "0.030", "3.015"],
  [String(T), "100.5", "100.5", "100.0", "100.0", "0.001", "0.1"],
];

function decode(list: unknown, venueAtMs = T + 600_001) {
  return decodeBars({ list }, { instrument, span: "5m", venueAtMs });
}

describe("bars of a REST reply", () => {
  test("come oldest first, in ticks and steps, without the one that still runs", () => {
    expect(decode(ROWS)).toEqual([
      {
        startAtMs: T,
        openTicks: 1_005,
        highTicks: 1_005,
        lowTicks: 1_000,
        closeTicks: 1_000,
        volumeSteps: 1,
        turnover: 0.1 / (0.1 * 0.001),
        isComplete: true,
      },
      {
        startAtMs: T + 300_000,
        openTicks: 1_000,
        highTicks: 1_015,
        lowTicks: 999,
        closeTicks: 1_010,
        volumeSteps: 30,
        turnover: 3.015 / (0.1 * 0.001),
        isComplete: true,
      },
    ]);
    expect(decode(ROWS, T + 900_000)).toHaveLength(3);
    expect(decode([])).toEqual([]);
    expect(decode(undefined)).toEqual([]);
  });

  test.each([
    ["a hole", [ROWS[0], ROWS[2]], "does not follow"],
    ["a start between two", [[String(T + 1), ...(ROWS[2] ?? []).slice(1)]], "cannot be used"],
    ["a price off the tick", [[String(T), "100.55", "101", "99", "100", "1", "1"]], "cannot be"],
    ["a high below its close", [[String(T), "100", "100", "99", "101", "1", "1"]], "cannot be"],
    ["a row too short", [[String(T), "100", "100", "99"]], "cannot be used"],
    ["a row of numbers", [[T, 100, 100, 99, 100, 1, 1]], "cannot be used"],
    ["no row at all", ["x"], "cannot be used"],
  ])("%s spoils the answer: none can be trusted", (_name, list, text) => {
    expect(decode(list)).toContain(text);
  });

  test("spans have the venue's names; it keeps none below a minute", () => {
    expect((["1m", "5m", "15m", "1h"] as const).map(intervalOf)).toEqual(["1", "5", "15", "60"]);
    expect((["1s", "5s"] as const).map(intervalOf)).toEqual([null, null]);
  });
});
