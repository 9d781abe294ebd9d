/** A day of health points: a short outage, a longer trouble, a night in which nothing ran. */
import { type HealthPast, type HealthPoint, healthPast } from "../../src/domain/health-past.ts";
import { FIXTURE_NOW_MS } from "./web-rows.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

const POINTS: readonly HealthPoint[] = Array.from({ length: DAY_MINUTES }, (_, minute) => {
  const isDown = minute >= 600 && minute < 603;
  const isDegraded = minute >= 900 && minute < 960;
  return {
    atMs: FIXTURE_NOW_MS - (DAY_MINUTES - minute) * MINUTE_MS,
    stepMs: MINUTE_MS,
    runId: minute < 700 ? "before" : "k3f9a2",
    statuses: isDown ? "oxxxdooo" : isDegraded ? "ooooodoo" : "oooooooo",
    downs: [0, 1, 1, 1, 0, 0, 0, 0].map((each) => (isDown ? each * 60 : 0)),
    samples: 60,
    figures: {
      loopLagMs: minute % 7,
      rssBytes: 160e6 + minute * 1_000,
      cpuPct: 20 + (minute % 11),
      heapBytes: 40e6,
      openFiles: 40,
      ackMs: isDown ? 900 : 4,
      databaseBytes: 20e6 + minute * 5_000,
      logBytes: 50e6 + minute * 20_000,
      freeBytes: 70e9 - minute * 25_000,
    },
  };
}).filter((_, minute) => minute < 650 || minute >= 700);

/** As the product answers from such points. */
export function fixtureHealthPast(hours: 24 | 168): HealthPast {
  const fromMs = FIXTURE_NOW_MS - hours * 60 * MINUTE_MS;
  return healthPast(POINTS, { fromMs, toMs: FIXTURE_NOW_MS, cells: hours === 24 ? 48 : 56 });
}
