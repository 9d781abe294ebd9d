import { describe, expect, test } from "bun:test";
import { correlationOf, togetherness } from "../../../src/risk/correlation.ts";

const wave = (phase: number) => Array.from({ length: 40 }, (_, at) => Math.sin(at * 0.7 + phase));

describe("correlation of returns", () => {
  test("is 1 of itself, -1 of its mirror, near 0 a quarter wave apart", () => {
    const series = wave(0);
    expect(correlationOf(series, series)).toBeCloseTo(1, 9);
    expect(
      correlationOf(
        series,
        series.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 9);
    expect(Math.abs(correlationOf(series, wave(Math.PI / 2)) ?? 1)).toBeLessThan(0.1);
  });

  test("compares the minutes that both have, the newest", () => {
    const long = [...Array.from({ length: 15 }, () => 9), ...wave(0)];
    expect(correlationOf(long, wave(0))).toBeCloseTo(1, 9);
  });

  test("with too few minutes, or a price that never moved, is not known: one group", () => {
    expect(correlationOf(wave(0).slice(0, 19), wave(0))).toBeNull();
    expect(correlationOf(Array(30).fill(0), wave(0))).toBeNull();
    expect(togetherness([], [], 70)).toBe("with");
  });

  test("says with, against or apart by the limit", () => {
    const against = wave(0).map((value) => -value);
    expect(togetherness(wave(0), wave(0.2), 70)).toBe("with");
    expect(togetherness(wave(0), against, 70)).toBe("against");
    expect(togetherness(wave(0), wave(Math.PI / 2), 70)).toBe("apart");
  });
});
