/** After the machine slept, nothing of before is believed. */
import { expect, test } from "bun:test";
import { tradingOf, unmanagedOf } from "../../../src/engine/control.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";

test("ten minutes of sleep: account and books first, then entries", () => {
  const tape = new Tape().ready();
  tape.play("report #1 cancelled\nreport #2 cancelled");
  tape.atMs += 600_000;
  // Nothing fired on the way: what comes first lay in a socket's buffer.
  const lines = tape.play("ticker A 100.05");
  expect(lines.some((line) => line.startsWith("reconcile this process stood still"))).toBe(true);
  expect(tape.state.market.book(tape.state.market.instrument(0 as never).id).state).toBe(
    "quarantined",
  );
  expect(tradingOf(tape.state).reason).toContain("waiting for account snapshot");
  const early = tape.play(`wait 200\n${BOOK}\nwait 500\n${BOOK}`);
  expect(early.filter((line) => line.startsWith("submit"))).toEqual([]);
  tape.play(`snapshot\n${BOOK}`);
  expect(tradingOf(tape.state)).toEqual({ state: "on", reason: "" });
});

test("a busy moment is no sleep", () => {
  const tape = new Tape().ready();
  tape.atMs += 5_000;
  expect(tape.play("ticker A 100.05").filter((line) => line.startsWith("reconcile"))).toEqual([]);
  expect(tradingOf(tape.state).state).toBe("on");
});

test("a position that nobody looks after is named until somebody does", () => {
  const tape = new Tape({ autoTrade: false }).ready();
  tape.play("exec - 100 1000 buy A\nposition A 100 992");
  expect(unmanagedOf(tape.state)).toEqual(["A"]);
  tape.play("wait 300");
  expect(tape.ticks.at(-1)?.trading.unmanaged).toEqual(["A"]);
  tape.play("operator resume");
  expect(unmanagedOf(tape.state)).toEqual([]);
});
