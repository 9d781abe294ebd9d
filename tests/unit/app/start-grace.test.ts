import { expect, test } from "bun:test";
import { StartGrace } from "../../../src/app/start-grace.ts";
import type { ServiceStatus } from "../../../src/domain/service.ts";

const looks = (statuses: readonly ServiceStatus[], everyMs: number): readonly ServiceStatus[] => {
  const grace = new StartGrace();
  return statuses.flatMap((status, at) =>
    grace.statuses([{ name: "rest", status }], 1_000_000 + at * everyMs),
  );
};

test("a service that starts is not down, one that was there and went is", () => {
  expect(looks(["down", "down", "ok", "down"], 1_000)).toEqual([
    "degraded",
    "degraded",
    "ok",
    "down",
  ]);
});

test("who does not come within a minute is down", () => {
  expect(looks(["down", "down", "down"], 30_000)).toEqual(["degraded", "degraded", "down"]);
});

test("each service has a start of its own", () => {
  const grace = new StartGrace();
  grace.statuses(
    [
      { name: "rest", status: "ok" },
      { name: "market-feed", status: "down" },
    ],
    0,
  );
  const next = grace.statuses(
    [
      { name: "rest", status: "down" },
      { name: "market-feed", status: "down" },
    ],
    1_000,
  );
  expect(next).toEqual(["down", "degraded"]);
});
