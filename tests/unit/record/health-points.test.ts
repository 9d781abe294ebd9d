import { describe, expect, test } from "bun:test";
import type { ServiceStatus } from "../../../src/domain/service.ts";
import { HealthPoints } from "../../../src/record/health-points.ts";
import { openTemp, tempDir } from "./support.ts";

const DAY_MS = 86_400_000;
const FROM_MS = 1_700_000_400_000;
const all = (status: ServiceStatus): ServiceStatus[] => Array.from({ length: 8 }, () => status);
const rowsOf = (database: ReturnType<typeof openTemp>, stepMs: number): number =>
  database.sqlite
    .query<{ rows: number }, [number]>(
      "SELECT count(*) AS rows FROM health_points WHERE step_ms = ?",
    )
    .get(stepMs)?.rows ?? 0;

describe("health points", () => {
  test("are rows each 10 s, minute and hour, each with the worst and the highest of its time", () => {
    const database = openTemp();
    const points = new HealthPoints(database, "a");
    for (let second = 0; second < 7_200; second++) {
      const status = second === 1_000 ? "down" : "ok";
      points.take(FROM_MS + second * 1_000, all(status), { cpuPct: second % 100 });
    }
    points.flush();
    expect(rowsOf(database, 10_000)).toBe(720);
    expect(rowsOf(database, 60_000)).toBe(120);
    const hours = points.since(FROM_MS - 10 * DAY_MS, FROM_MS + 3 * 3_600_000);
    expect(hours.filter(({ statuses }) => statuses === "xxxxxxxx")).toHaveLength(1);
    expect(hours.reduce((sum, { samples }) => sum + samples, 0)).toBe(7_200);
    expect(hours.reduce((sum, { downs }) => sum + (downs[0] ?? 0), 0)).toBe(1);
    expect(hours[0]?.figures).toEqual({ cpuPct: 99 });
  });

  test("stay bounded: fine rows of a day, minutes of a month, hours for good", () => {
    const database = openTemp();
    const points = new HealthPoints(database, "a");
    for (let minute = 0; minute < 40 * 1_440; minute += 60) {
      points.take(FROM_MS + minute * 60_000, all("ok"), {});
    }
    expect(rowsOf(database, 10_000)).toBeLessThanOrEqual(25);
    expect(rowsOf(database, 60_000)).toBeLessThanOrEqual(30 * 24 + 1);
    expect(rowsOf(database, 3_600_000)).toBeGreaterThanOrEqual(40 * 24 - 1);
  });

  test("go on in the hour that the last run began", () => {
    const dir = tempDir();
    const first = openTemp(dir);
    const before = new HealthPoints(first, "a");
    before.take(FROM_MS, all("down"), {});
    before.flush();
    first.close();
    const second = openTemp(dir);
    const after = new HealthPoints(second, "b");
    after.take(FROM_MS + 60_000, all("ok"), {});
    after.flush();
    const [hour] = after.since(FROM_MS - 2 * DAY_MS, FROM_MS + 3_600_000);
    expect(hour).toMatchObject({ statuses: "xxxxxxxx", samples: 2, runId: "b" });
  });

  test("cost a full disk nothing but themselves", () => {
    const database = openTemp();
    const points = new HealthPoints(database, "a");
    database.sqlite.run("PRAGMA query_only = ON");
    for (let second = 0; second < 120; second++)
      points.take(FROM_MS + second * 1_000, all("ok"), {});
    database.sqlite.run("PRAGMA query_only = OFF");
    points.flush();
    expect(rowsOf(database, 10_000)).toBe(1);
  });
});
