import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { DEFAULT_LIMITS, limitsAt, scaledToLoss } from "../../../src/risk/limits.ts";
import { LossWatch } from "../../../src/risk/loss-watch.ts";

const A = 0 as SymbolId;
const B = 1 as SymbolId;

const RULES = {
  stopCooldownMs: 1_000,
  stopOutsMax: 3,
  stopOutWindowMs: 10_000,
  stopOutPauseMs: 5_000,
  symbolStreakMax: 2,
  accountStreakMax: 3,
  streakPauseMs: 2_000,
};

/** Opens and closes a round trip with this net result. */
function trip(watch: LossWatch, symbolId: SymbolId, terms: { net: bigint; atMs: number }): void {
  const { net, atMs } = terms;
  const part = { symbolId, isStopOut: false, atMs };
  watch.onExecution({ ...part, net: -1n, positionSteps: 5 }, RULES);
  watch.onExecution({ ...part, net: net + 1n, positionSteps: 0 }, RULES);
}

function stop(watch: LossWatch, symbolId: SymbolId, atMs: number): void {
  const part = { symbolId, atMs };
  watch.onExecution({ ...part, net: 0n, positionSteps: 5, isStopOut: false }, RULES);
  watch.onExecution({ ...part, net: 1n, positionSteps: 0, isStopOut: true }, RULES);
}

describe("after a stop-out", () => {
  test("its symbol rests, others do not, and the rest ends by itself", () => {
    const watch = new LossWatch();
    stop(watch, A, 100);
    expect(watch.pauseOf(A, 1_099)).toEqual({ cause: "stopped out", untilMs: 1_100 });
    expect(watch.pauseOf(A, 1_100)).toBeNull();
    expect(watch.pauseOf(B, 100)).toBeNull();
  });

  test("several within the window rest the account", () => {
    const watch = new LossWatch();
    for (const atMs of [0, 5_000, 9_999]) stop(watch, A, atMs);
    expect(watch.pauseOf(B, 9_999)).toEqual({
      cause: "3 stop-outs within the window",
      untilMs: 14_999,
    });
  });

  test("spread wider than the window they do not", () => {
    const watch = new LossWatch();
    for (const atMs of [0, 5_000, 10_000]) stop(watch, A, atMs);
    expect(watch.pauseOf(B, 10_000)).toBeNull();
  });
});

describe("losing streaks", () => {
  test("round trips that lose in a row rest their symbol, a gain between starts anew", () => {
    const watch = new LossWatch();
    trip(watch, A, { net: -5n, atMs: 0 });
    trip(watch, A, { net: 5n, atMs: 10 });
    trip(watch, A, { net: -5n, atMs: 20 });
    expect(watch.pauseOf(A, 20)).toBeNull();
    trip(watch, A, { net: -5n, atMs: 30 });
    expect(watch.pauseOf(A, 30)).toEqual({ cause: "2 losses in a row", untilMs: 2_030 });
    expect(watch.pauseOf(A, 2_030)).toBeNull();
  });

  test("over all symbols they rest the account", () => {
    const watch = new LossWatch();
    const C = 2 as SymbolId;
    [A, B, C].forEach((id, index) => {
      trip(watch, id, { net: -1n, atMs: index });
    });
    expect(watch.pauseOf(A, 3)?.cause).toBe("3 losses in a row over all symbols");
  });

  test("a turn through flat ends one trip and begins the next", () => {
    const watch = new LossWatch();
    const part = { symbolId: A, isStopOut: false, atMs: 0 };
    for (const positionSteps of [5, -5, 5]) {
      watch.onExecution({ ...part, net: -1n, positionSteps }, RULES);
    }
    expect(watch.pauseOf(A, 0)?.cause).toBe("2 losses in a row");
  });
});

describe("limits as shares of equity", () => {
  test("the smaller of amount and share holds, and nothing below zero", () => {
    const at = (equityUsdt: number | null) => limitsAt(DEFAULT_LIMITS, equityUsdt);
    expect(at(null)).toEqual(DEFAULT_LIMITS);
    expect(at(10_000)).toEqual(DEFAULT_LIMITS);
    expect(at(200)).toMatchObject({
      orderNotionalUsdtMax: 50,
      symbolExposureUsdtMax: 100,
      totalExposureUsdtMax: 400,
      dailyLossUsdtMax: 10,
    });
    expect(at(-5).totalExposureUsdtMax).toBe(0);
  });

  test("the other losses keep their proportion to the daily one", () => {
    expect(scaledToLoss(DEFAULT_LIMITS, 50)).toEqual(DEFAULT_LIMITS);
    expect(scaledToLoss(DEFAULT_LIMITS, 100)).toMatchObject({
      drawdownUsdtMax: 150,
      symbolLossUsdtMax: 40,
      strategyLossUsdtMax: 80,
    });
  });
});
