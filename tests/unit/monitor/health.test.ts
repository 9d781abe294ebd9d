import { describe, expect, test } from "bun:test";
import { SERVICE_NAMES, type ServiceName } from "../../../src/domain/service.ts";
import { type HealthInputs, healthReport } from "../../../src/monitor/health.ts";

const AT_MS = 1_000_000;
const LINK = { up: true, detail: "connected", lastOkAtMs: AT_MS - 10 };
const SERVICE = { status: "ok", detail: "fine", lastOkAtMs: AT_MS } as const;

const WELL: HealthInputs = {
  version: "1.2.3",
  startedAtMs: AT_MS - 61_900,
  atMs: AT_MS,
  engine: {
    lastStepAtMs: AT_MS - 5,
    trading: { state: "on", reason: "" },
    clockAheadMs: 0,
    audit: "",
  },
  market: { ...LINK, booksLive: 600, booksQuarantined: 3 },
  private: LINK,
  rest: LINK,
  universe: { symbols: 611, active: 8, updatedAtMs: AT_MS - 2_000 },
  venueCounters: { public_unknown_topic: 2 },
  storage: SERVICE,
  logs: SERVICE,
  web: SERVICE,
};

const down = { ...LINK, up: false, detail: "connection refused" };

describe("health", () => {
  test("all well: the eight services in order, ok", () => {
    const report = healthReport(WELL);
    expect(report).toMatchObject({
      status: "ok",
      version: "1.2.3",
      uptimeSec: 61,
      checkedAtMs: AT_MS,
    });
    expect(report.services.map(({ name }) => name)).toEqual([...SERVICE_NAMES]);
    expect(report.services.every(({ status }) => status === "ok")).toBe(true);
  });

  const cases: readonly [ServiceName, string, Partial<HealthInputs>, string][] = [
    [
      "engine",
      "down",
      { engine: { ...WELL.engine, lastStepAtMs: AT_MS - 3_001 } },
      "no step for 3001 ms",
    ],
    ["engine", "down", { engine: { ...WELL.engine, lastStepAtMs: null } }, "no event yet"],
    [
      "engine",
      "degraded",
      {
        engine: {
          ...WELL.engine,
          trading: { state: "starting", reason: "waiting for instruments" },
        },
      },
      "waiting for instruments",
    ],
    [
      "engine",
      "ok",
      { engine: { ...WELL.engine, trading: { state: "halted", reason: "by ann" } } },
      "trading is halted: by ann",
    ],
    [
      "engine",
      "degraded",
      { engine: { ...WELL.engine, audit: "audit reader journal failed 2×: no" } },
      "trading is on; audit reader journal failed 2×: no",
    ],
    [
      "engine",
      "down",
      {
        engine: {
          ...WELL.engine,
          trading: { state: "halted", reason: "not armed", unmanaged: ["AUSDT", "BUSDT"] },
        },
      },
      "nobody stops or closes the position of AUSDT, BUSDT: resume trading, or flatten",
    ],
    [
      "engine",
      "down",
      {
        engine: {
          ...WELL.engine,
          trading: { state: "on", reason: "", walletFault: "wallet and record differ: 500" },
        },
      },
      "trading is on; wallet and record differ: 500",
    ],
    [
      "engine",
      "degraded",
      { engine: { ...WELL.engine, clockAheadMs: -300_000 } },
      "the system clock was set: it is 300 s behind the times here",
    ],
    ["market-feed", "down", { market: { ...WELL.market, ...down } }, "connection refused"],
    [
      "market-feed",
      "degraded",
      { market: { ...WELL.market, booksQuarantined: 40 } },
      "40 quarantined",
    ],
    ["private-feed", "down", { private: down }, "connection refused"],
    ["rest", "down", { rest: down }, "connection refused"],
    ["universe", "down", { universe: { symbols: 0, active: 0, updatedAtMs: 0 } }, "no symbols"],
    [
      "universe",
      "degraded",
      { startedAtMs: AT_MS - 4_000, universe: { symbols: 611, active: 0, updatedAtMs: 0 } },
      "no symbols scored yet",
    ],
    [
      "universe",
      "degraded",
      { universe: { ...WELL.universe, updatedAtMs: AT_MS - 20_001 } },
      "20001 ms ago",
    ],
    [
      "storage",
      "degraded",
      { storage: { ...SERVICE, status: "degraded", detail: "3 rows lost" } },
      "3 rows lost",
    ],
    ["logs", "down", { logs: { ...SERVICE, status: "down", detail: "disk full" } }, "disk full"],
    ["web", "degraded", { web: { ...SERVICE, status: "degraded", detail: "slow" } }, "slow"],
  ];
  test.each(cases)("%s is %s", (name, status, inputs, detail) => {
    const report = healthReport({ ...WELL, ...inputs });
    const service = report.services.find((candidate) => candidate.name === name);
    expect(service?.status as string).toBe(status);
    expect(service?.detail).toContain(detail);
    expect(report.status as string).toBe(status);
  });

  test("an account that is another's is down, and named", () => {
    const why = "the venue answers for account 2, this run began with 1; start again";
    const trading = { state: "halted", reason: why, otherAccount: why } as const;
    const report = healthReport({ ...WELL, engine: { ...WELL.engine, trading } });
    expect(report.status).toBe("down");
    expect(report.services[0]).toMatchObject({ name: "engine", status: "down" });
    expect(report.services[0]?.detail).toContain("account 2");
  });

  test("down outweighs degraded", () => {
    const report = healthReport({
      ...WELL,
      private: down,
      web: { ...SERVICE, status: "degraded" },
    });
    expect(report.status).toBe("down");
  });
});
