/** The state of trading on disk: written at once, read by the next start. */
import { expect, test } from "bun:test";
import type { KeptTrading } from "../../../src/engine/kept-trading.ts";
import { beginRun, endRun } from "../../../src/record/runs.ts";
import { keptTrading, restartOf, tradingKeeper } from "../../../src/record/trading-state.ts";
import {
  handClock,
  memoryLog,
  openTemp,
  START_MS,
  sampleIntervention,
  tempDir,
} from "./support.ts";

const ACCOUNT = "mainnet live";
const HALT = { by: "ada", cause: "operator", reason: "odd", sinceMs: 7 } as const;
const CLOSE = sampleIntervention({
  action: "close_symbol",
  symbol: "CUSDT",
  commandId: "page-1",
  isDone: false,
});
const FLATTEN: KeptTrading = {
  armed: false,
  wasArmed: true,
  haltReason: "flatten by ada: storm",
  haltedBy: "ada",
  haltCause: "operator",
  flatten: sampleIntervention({ action: "flatten", by: "ada", isDone: false }),
  symbolHalts: new Map([
    ["BUSDT", { symbol: "BUSDT", by: "ada", cause: "operator", reason: "odd", sinceMs: 7 }],
    ["CUSDT", { ...HALT, symbol: "CUSDT", closing: CLOSE }],
    ["DUSDT", { ...HALT, symbol: "DUSDT", isClosed: true }],
  ]),
};

function setup(dir = tempDir()) {
  const database = openTemp(dir);
  const runId = beginRun(database, START_MS, { venue: "mainnet", version: "1", seed: "" });
  const clock = handClock();
  const log = memoryLog();
  const keep = tradingKeeper({ database, clock, log, runId, account: ACCOUNT });
  return { dir, database, clock, log, keep, runId };
}

test("what was kept is there after a death in the next moment, for its account alone", () => {
  const { dir, database, keep, runId } = setup();
  expect(keptTrading(database, ACCOUNT)).toBeUndefined();
  expect(restartOf(database, ACCOUNT)).toBe("none");
  keep(FLATTEN);
  // Nothing was flushed or closed in order: another connection sees it all the same.
  database.close();
  const next = openTemp(dir);
  expect(keptTrading(next, ACCOUNT)).toEqual(FLATTEN);
  expect(keptTrading(next, "sim paper")).toBeUndefined();
  expect(restartOf(next, ACCOUNT)).toBe("crash");
  endRun(next, { id: runId, nowMs: START_MS + 1, exitReason: "SIGTERM" });
  expect(restartOf(next, ACCOUNT)).toBe("clean");
});

test("a disk that refuses holds nobody up; the newest state is written when it takes it again", () => {
  const { database, clock, log, keep } = setup();
  database.sqlite.run("PRAGMA query_only = ON");
  keep(FLATTEN);
  keep({ ...FLATTEN, haltReason: "newer" });
  expect(log.lines[0]).toMatchObject({ level: "error" });
  database.sqlite.run("PRAGMA query_only = OFF");
  clock.advance(1_000);
  expect(keptTrading(database, ACCOUNT)?.haltReason).toBe("newer");
  expect(clock.waiting()).toBe(0);
});

test("a row that cannot be read does not begin to trade, and says so", () => {
  const { database, keep } = setup();
  keep({ ...FLATTEN, armed: true, haltCause: "none" });
  database.sqlite.run("UPDATE trading_states SET symbol_halts = '{'");
  expect(keptTrading(database, ACCOUNT)).toMatchObject({ armed: false, wasArmed: true });
  expect(keptTrading(database, ACCOUNT)?.haltReason).toContain("cannot be read");
});
