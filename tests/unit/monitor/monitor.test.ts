/** The view that pages read, through ticks that cannot be folded. */
import { expect, test } from "bun:test";
import { Monitor } from "../../../src/monitor/monitor.ts";
import { emptyView } from "../../../src/monitor/project.ts";
import { tickOf } from "../../support/audit-ticks.ts";

test("a tick that cannot be folded is missed, and the next one is taken", () => {
  const monitor = new Monitor(emptyView(0));
  monitor.onTick(tickOf(1));
  const broken = tickOf(2, { kind: "order", order: null as never });
  expect(() => monitor.onTick(broken)).toThrow();
  expect(monitor.view()).toMatchObject({ seq: 2, atMs: 250 });
  monitor.onTick(tickOf(3));
  expect(monitor.view()).toMatchObject({ seq: 3, atMs: 750 });
});

test("a gap is a failure of one tick, not of all that follow", () => {
  const monitor = new Monitor(emptyView(0));
  expect(() => monitor.onTick(tickOf(7))).toThrow("no audit tick is skipped");
  monitor.onTick(tickOf(8));
  expect(monitor.view().seq).toBe(8);
});
