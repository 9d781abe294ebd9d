/** What an adapter knows of its venue, over a restart. */
import { expect, test } from "bun:test";
import { venueMemory } from "../../../src/record/venue-rows.ts";
import { handClock, memoryLog, openTemp, START_MS, tempDir } from "./support.ts";

const ROWS = [{ symbol: "BTCUSDT", lotSizeFilter: { qtyStep: "0.001" } }, { symbol: "ETHUSDT" }];

function memoryIn(dir: string, place = "mainnet https://one") {
  const database = openTemp(dir);
  const log = memoryLog();
  return { database, log, memory: venueMemory({ database, clock: handClock(), log, place }) };
}

test("list and account are there after a death, each for its place and key", () => {
  const dir = tempDir();
  const { database, memory } = memoryIn(dir);
  expect(memory.contracts()).toBeNull();
  expect(memory.accountId("key")).toBeNull();
  memory.keepContracts({ rows: [{ symbol: "OLD" }], readAtMs: START_MS - 5 });
  memory.keepContracts({ rows: ROWS, readAtMs: START_MS });
  memory.keepAccountId("key", "7");
  database.close();
  const next = memoryIn(dir);
  expect(next.memory.contracts()).toEqual({ rows: ROWS, readAtMs: START_MS });
  expect(next.memory.accountId("key")).toBe("7");
  expect(next.memory.accountId("another key")).toBeNull();
  const keys = next.database.sqlite.query("SELECT name FROM venue_memories").all();
  expect(JSON.stringify(keys)).not.toContain("account of key");
  next.database.close();
  expect(memoryIn(dir, "mainnet https://two").memory.contracts()).toBeNull();
});

test("what cannot be read is no memory, and is told", () => {
  const { database, memory, log } = memoryIn(tempDir());
  memory.keepContracts({ rows: ROWS, readAtMs: START_MS });
  database.sqlite.run("UPDATE venue_memories SET value = x'00'");
  expect(memory.contracts()).toBeNull();
  expect(JSON.stringify(log)).toContain("cannot be read");
});
