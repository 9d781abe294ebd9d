import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listLogFiles } from "../../../src/logs/log-reader.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import { createStorageReporter, REPORT_KEPT_MS } from "../../../src/record/storage.ts";
import {
  handClock,
  memoryLog,
  openTemp,
  sampleFill,
  sampleOrder,
  tell,
  tellFill,
  tempDir,
} from "./support.ts";

test("the storage report counts rows, bytes and what is left of the disk, and is kept briefly", async () => {
  const dir = tempDir();
  const logDir = tempDir();
  const database = openTemp(dir);
  const clock = handClock();
  const journal = openRecord({
    database,
    clock,
    runId: "run1",
    tradeLog: memoryLog(),
  });
  const report = createStorageReporter({
    database,
    logs: { dir: logDir, capBytes: 1_000, files: () => listLogFiles(logDir) },
    journal,
    nowMs: clock.nowMs,
  });
  const empty = await report();
  expect(empty.database.rows).toMatchObject({ trades: 0, orders: 0, denials: 0, users: 0 });

  writeFileSync(join(logDir, "engine.log"), "x".repeat(70));
  writeFileSync(join(logDir, "trade.log"), "x".repeat(30));
  for (let n = 0; n < 3; n++) tellFill(journal, sampleFill(`e${n}`));
  for (let n = 0; n < 5; n++) tell(journal, { kind: "order", order: sampleOrder("c1") });
  journal.flush();
  tell(journal, { kind: "order", order: sampleOrder("c1", { state: "closed" }) });
  tell(journal, { kind: "order", order: sampleOrder("c2") });
  journal.flush();
  expect(await report()).toBe(empty);

  clock.advance(REPORT_KEPT_MS);
  const full = await report();
  expect(full.database.rows).toMatchObject({ trades: 3, orders: 2, denials: 0 });
  expect(full.database.bytes).toBeGreaterThan(0);
  expect(full.database.walBytes).toBeGreaterThan(0);
  expect(full.database.lostWrites).toBe(0);
  expect(full.logs).toMatchObject({ dir: logDir, bytes: 100, capBytes: 1_000 });
  expect(full.logs.files.map((file) => file.name)).toEqual(["engine.log", "trade.log"]);
  expect(full.disk.freeBytes).toBeGreaterThan(0);
  expect(full.disk.totalBytes).toBeGreaterThan(full.disk.freeBytes);
  expect(full.checkedAtMs).toBe(clock.nowMs());
});
