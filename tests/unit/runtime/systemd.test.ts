import { dlopen, FFIType, ptr } from "bun:ffi";
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notifierOf } from "../../../src/runtime/systemd.ts";

const libc = dlopen("libc.so.6", {
  socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  bind: { args: [FFIType.i32, FFIType.ptr, FFIType.u32], returns: FFIType.i32 },
  recv: { args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32], returns: FFIType.i64 },
  close: { args: [FFIType.i32], returns: FFIType.i32 },
});
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;
const open: number[] = [];

afterEach(() => {
  for (const descriptor of open.splice(0)) libc.symbols.close(descriptor);
});

/** Listens as systemd does; returns a reader of the next datagram, null when there is none. */
function listen(name: string): () => string | null {
  const bytes = new TextEncoder().encode(name.startsWith("@") ? `\0${name.slice(1)}` : `${name}\0`);
  const address = new Uint8Array(2 + bytes.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(bytes, 2);
  const descriptor = libc.symbols.socket(AF_UNIX, SOCK_DGRAM, 0);
  open.push(descriptor);
  expect(libc.symbols.bind(descriptor, ptr(address), address.length)).toBe(0);
  return () => {
    const buffer = new Uint8Array(512);
    const length = Number(libc.symbols.recv(descriptor, ptr(buffer), buffer.length, MSG_DONTWAIT));
    return length < 0 ? null : new TextDecoder().decode(buffer.subarray(0, length));
  };
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
