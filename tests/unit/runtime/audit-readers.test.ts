/** Readers of the audit: equals that cannot hurt each other or the engine. */
import { describe, expect, test } from "bun:test";
import type { AuditTick } from "../../../src/engine/audit.ts";
import { Monitor } from "../../../src/monitor/monitor.ts";
import { emptyView } from "../../../src/monitor/project.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import {
  AuditReaders,
  COMPLAIN_EVERY_MS,
  READER_MS_MAX,
} from "../../../src/runtime/audit-readers.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import type { AuditReader } from "../../../src/runtime/ports/audit-reader.ts";
import { AlertReader } from "../../support/alert-reader.ts";
import { tickOf } from "../../support/audit-ticks.ts";
import { Tape } from "../engine/tape.ts";
import { memoryLog } from "../record/samples.ts";

function world(make: (clock: ReturnType<typeof virtualClock>) => readonly AuditReader[]) {
  const clock = virtualClock(0);
  const log = memoryLog();
  const readers = new AuditReaders({ readers: make(clock), clock, log });
  return { readers, log };
}

function keeper(name: string): AuditReader & { readonly got: AuditTick[] } {
  const got: AuditTick[] = [];
  return { name, got, onTick: (tick) => got.push(tick) };
}

describe("readers of the audit", () => {
  test("all get every tick, in order", () => {
    const [left, right] = [keeper("left"), keeper("right")];
    const { readers } = world(() => [left, right]);
    const ticks = [tickOf(1), tickOf(2)];
    for (const tick of ticks) readers.deliver(tick);
    expect(left.got).toEqual(ticks);
    expect(right.got).toEqual(ticks);
  });

  test("one that throws loses that tick alone, and nobody else does", () => {
    const after = keeper("after");
    const seen: number[] = [];
    const moody: AuditReader = {
      name: "moody",
      onTick(tick) {
        if (tick.seq === 2) throw new Error("no");
        seen.push(tick.seq);
      },
    };
    const { readers, log } = world(() => [moody, after]);
    for (const seq of [1, 2, 3]) readers.deliver(tickOf(seq));
    expect(seen).toEqual([1, 3]);
    expect(after.got.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(readers.stats()).toEqual([
      { name: "moody", failures: 1, slow: 0, lastError: "no", failedAtMs: 500 },
      { name: "after", failures: 0, slow: 0, lastError: "", failedAtMs: 0 },
    ]);
    expect(log.lines.map(({ level, text }) => `${level} ${text}`)).toEqual([
      "error audit reader moody failed on tick 2; it goes on with the next",
    ]);
  });

  test("one that always throws is counted every time and told once a minute", () => {
    const broken: AuditReader = {
      name: "broken",
      onTick() {
        throw new Error("always");
      },
    };
    const { readers, log } = world(() => [broken]);
    const count = COMPLAIN_EVERY_MS / 250 + 1;
    for (let seq = 1; seq <= count; seq++) readers.deliver(tickOf(seq));
    expect(readers.stats()[0]?.failures).toBe(count);
    expect(log.lines.map(({ data }) => data.failures)).toEqual([1, count]);
  });

  test("a rejection that comes later is counted too, and does not reach the process", async () => {
    const late: AuditReader = { name: "late", onTick: () => Promise.reject(new Error("later")) };
    const { readers } = world(() => [late]);
    readers.deliver(tickOf(1));
    await Promise.resolve();
    expect(readers.stats()[0]).toMatchObject({ failures: 1, lastError: "later" });
  });

  test("one that holds the engine up is named", () => {
    const { readers, log } = world((clock) => [
      { name: "quick", onTick: () => clock.advanceTo(clock.nowMs() + READER_MS_MAX) },
      { name: "slow", onTick: () => clock.advanceTo(clock.nowMs() + READER_MS_MAX + 1) },
    ]);
    readers.deliver(tickOf(1));
    expect(readers.stats().map(({ slow }) => slow)).toEqual([0, 1]);
    expect(log.lines[0]?.text).toBe("audit reader slow held the engine up");
  });

  test("two of one name are a mistake of the program", () => {
    expect(() => world(() => [keeper("same"), keeper("same")])).toThrow("the same name");
  });
});

test("an alert is one more reader: a file of its own, and its name in the list", () => {
  const alerts = new AlertReader();
  const monitor = new Monitor(emptyView(0));
  const { readers } = world(() => [monitor, alerts]);
  const limits = { ...DEFAULT_LIMITS, dailyLossUsdtMax: 1 };
  const tape = new Tape({ limits }).ready();
  tape.play("report #1 new\nreport #2 new\nexec #1 100 1000\nposition A 100 992");
  tape.play("feed market down\nwait 700\nfeed market up\noperator cancel_all");
  tape.play("ticker A 98.5\nwait 1100");
  for (const tick of tape.ticks) readers.deliver(tick);
  expect(alerts.lines).toEqual([
    "market-feed is down: test",
    "market-feed is up after 700 ms",
    "halt: lost 1.50 USDT since 00:00 UTC, the limit is 1",
  ]);
  expect(monitor.view().seq).toBe(tape.ticks.length);
  expect(readers.stats().map(({ failures }) => failures)).toEqual([0, 0]);
});
