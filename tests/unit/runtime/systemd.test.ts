import { afterEach, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notifierOf } from "../../../src/runtime/systemd.ts";
import { type NotifySocket, notifySocket } from "../../support/notify-socket.ts";

const open: NotifySocket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** Listens until the test is over; returns a reader of the next datagram. */
function listen(name: string): () => string | null {
  const socket = notifySocket(name);
  open.push(socket);
  return socket.next;
}

const unexpected = (text: string) => {
  throw new Error(text);
};

test.each([
  ["a path", join(mkdtempSync(join(tmpdir(), "notify-")), "socket")],
  ["the abstract namespace", `@scalper-test-${process.pid}`],
])("a message arrives whole over %s", (_where, name) => {
  const next = listen(name);
  const notifier = notifierOf({ notifySocket: name, watchdogUsec: "30000000" }, unexpected);
  expect(notifier.watchdogMs).toBe(30_000);
  expect(notifier.send("READY=1\nSTATUS=trading")).toBe(true);
  expect(next()).toBe("READY=1\nSTATUS=trading");
  expect(next()).toBeNull();
});

test("outside systemd nothing is sent and nothing is expected", () => {
  const notifier = notifierOf({ notifySocket: undefined, watchdogUsec: undefined }, unexpected);
  expect([notifier.send("READY=1"), notifier.watchdogMs]).toEqual([false, null]);
});

test("a socket that is gone is a refusal, not a crash", () => {
  const notifier = notifierOf({ notifySocket: "/nowhere/socket", watchdogUsec: "" }, unexpected);
  expect(notifier.send("READY=1")).toBe(false);
});

test("a receiver that does not read is a refusal, not a stop", () => {
  const name = `@scalper-test-full-${process.pid}`;
  const next = listen(name);
  const notifier = notifierOf({ notifySocket: name, watchdogUsec: "" }, unexpected);
  // The kernel keeps a few datagrams for it (net.unix.max_dgram_qlen), then has no room.
  const sent = Array.from({ length: 5_000 }, () => notifier.send("WATCHDOG=1"));
  expect(sent[0]).toBe(true);
  expect(sent.at(-1)).toBe(false);
  expect(notifier.send("READY=1\nSTATUS=trading")).toBe(false);
  while (next() !== null);
  expect(notifier.send("WATCHDOG=1")).toBe(true);
  expect(next()).toBe("READY=1\nWATCHDOG=1");
  expect(notifier.send("WATCHDOG=1")).toBe(true);
  expect(next()).toBe("WATCHDOG=1");
});
