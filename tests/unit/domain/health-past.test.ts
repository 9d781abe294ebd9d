import { describe, expect, test } from "bun:test";
import {
  growthOf,
  type HealthPoint,
  healthPast,
  worseLetters,
} from "../../../src/domain/health-past.ts";

const HOUR_MS = 3_600_000;
const point = (atMs: number, more: Partial<HealthPoint> = {}): HealthPoint => ({
  atMs,
  stepMs: 60_000,
  runId: "a",
  statuses: "oooooooo",
  downs: [0, 0, 0, 0, 0, 0, 0, 0],
  samples: 60,
  figures: {},
  ...more,
});

describe("the past", () => {
  const span = { fromMs: 0, toMs: 24 * HOUR_MS, cells: 48 };

  test("shows the worst of each cell, and nothing where nothing ran", () => {
    const points = [
      point(0),
      point(60_000, { statuses: "oxoooooo", downs: [0, 30, 0, 0, 0, 0, 0, 0] }),
      point(HOUR_MS, { statuses: "odoooooo", runId: "b" }),
    ];
    const past = healthPast(points, span);
    const feed = past.services[1];
    expect(feed?.cells.slice(0, 4)).toEqual(["down", "off", "degraded", "off"]);
    expect(feed?.uptimePct).toBeCloseTo(100 * (1 - 30 / 180));
    expect(past.services[0]?.uptimePct).toBe(100);
    expect(past.starts).toBe(2);
    expect(past.services[0]?.cells).toHaveLength(48);
  });

  test("of nothing knows no uptime", () => {
    expect(healthPast([], span).services[0]?.uptimePct).toBeNull();
  });

  test("tells how long the disk lasts at its pace", () => {
    const points = [
      point(0, { figures: { databaseBytes: 0, logBytes: 0, freeBytes: 10e9 } }),
      point(12 * HOUR_MS, { figures: { databaseBytes: 1e9, logBytes: 2e9, freeBytes: 7e9 } }),
    ];
    expect(growthOf(points)).toEqual({
      databaseBytesPerDay: 2e9,
      logBytesPerDay: 4e9,
      daysLeft: 7 / 6,
    });
    expect(growthOf(points.slice(1))).toBeNull();
  });

  test("takes service by service the worse of two", () => {
    expect(worseLetters("odxo", "xodo")).toBe("xdxo");
    expect(worseLetters("", "xodo")).toBe("xodo");
  });
});
