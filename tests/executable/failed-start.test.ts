/**
 * A start that cannot succeed, with the shipped file: one text that says what was found and what to
 * do, the right exit code, no stack, no source, nothing left running, and the next start works.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executableIn } from "../support/executable.ts";
import { leftBehind } from "../support/left-behind.ts";
import { MAY_MOUNT, mountDisk, takePort } from "../support/machine.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { freshDir } from "../support/product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const UNAVAILABLE = 69;
const NO_INPUT = 66;
/** Far above the worst start that was seen on a busy machine; a hang is longer. */
const END_MS_MAX = 15_000;
/** Sizes at which another part of a first start is the one that finds no room. */
const SMALL_DISKS = ["4k", "16k", "64k", "128k", "160k"];
const PORTS = ["SCALPER_HTTP_PORT", "SCALPER_MONITOR_PORT", "SCALPER_SIM_PORT"];

let binary = "";

beforeAll(() => {
  binary = executableIn(freshDir());
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command until it ends by itself; one that does not is killed and has code null. */
async function command(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = Bun.spawn([binary, ...args], {
    cwd: freshDir(),
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PATH: process.env.PATH ?? "",
      ...Object.fromEntries(PORTS.map((name) => [name, "0"])),
      ...env,
    },
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  clearTimeout(timer);
  return { code: child.signalCode === null ? child.exitCode : null, out, err };
}

/** What every failure has in common. */
function expectOneLine({ out, err }: Ended, ...parts: string[]): void {
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(err).toStartWith("scalper: cannot ");
  for (const part of parts) expect(err).toContain(part);
  expect(err).not.toMatch(/\n\s+at |\/\$bunfs|fault of the program/);
  expect(out).toBe("");
}

describe("a taken port", () => {
  test.each(PORTS)("%s is named with its cure", async (name) => {
    const { port, server } = await takePort();
    const dataDir = join(freshDir(), "data");
    try {
      const ended = await command(["serve", "--data-dir", dataDir], { [name]: String(port) });
      expect(ended.code).toBe(UNAVAILABLE);
      expectOneLine(ended, `127.0.0.1:${port}: the port is taken`, `set ${name} to another port`);
      const { run, isHeld } = leftBehind(dataDir);
      expect(run?.endedAtMs).toBeNumber();
      expect(run?.exitReason).toContain("the port is taken");
      expect(isHeld).toBe(false);
    } finally {
      server.close();
    }
  });

  test("an address that this machine has not is another sentence", async () => {
    const ended = await command(["serve", "--host", "192.0.2.1", "--plain-http", "on"]);
    expect(ended.code).toBe(UNAVAILABLE);
    expectOneLine(ended, "no such address", "SCALPER_HOST");
  });

  test("an address that others reach wants encryption, or a word", async () => {
    const ended = await command(["serve", "--host", "0.0.0.0"]);
    expect(ended.code).toBe(78);
    expect(ended.err).toContain("SCALPER_HOST: wanted a loopback address");
    expect(ended.err).toContain("SCALPER_ALLOW_PLAIN_HTTP=on");
  });

  test("a certificate that is none is named", async () => {
    const none = await command(["serve", "--tls-cert", "/no/such", "--tls-key", "/no/such"]);
    expect(none.code).toBe(UNAVAILABLE);
    expectOneLine(none, "cannot read the certificate /no/such", "SCALPER_TLS_CERT");
    const other = await command(["serve", "--tls-cert", "/etc/passwd", "--tls-key", "/no/such"]);
    expect(other.code).toBe(UNAVAILABLE);
    expectOneLine(other, "wanted PEM", "SCALPER_TLS_CERT");
  });

  test("of the simulator alone", async () => {
    const { port, server } = await takePort();
    const ended = await command(["sim", "--sim-port", String(port)]);
    server.close();
    expect(ended.code).toBe(UNAVAILABLE);
    expectOneLine(ended, "the port is taken");
  });
});

describe("what lies on disk", () => {
  test("a data or log directory that is a file", async () => {
    const file = join(freshDir(), "file");
    writeFileSync(file, "x");
    const data = await command(["serve", "--data-dir", file]);
    expect(data.code).toBe(UNAVAILABLE);
    expectOneLine(data, `cannot use the data directory ${file}`, "SCALPER_DATA_DIR");
    const below = await command(["serve", "--data-dir", join(file, "below")]);
    expect(below.code).toBe(UNAVAILABLE);
    expectOneLine(below, "SCALPER_DATA_DIR");
    const logs = await command(["serve", "--log-dir", file]);
    expect(logs.code).toBe(UNAVAILABLE);
    expectOneLine(logs, `cannot use the log directory ${file}`, "SCALPER_LOG_DIR");
  });

  test("a parent that cannot be made", async () => {
    const ended = await command(["serve", "--data-dir", "/proc/none/data"]);
    expect(ended.code).toBe(UNAVAILABLE);
    expectOneLine(ended, "cannot use the data directory /proc/none/data");
  });

  test("a database that is none, and a lock that is none", async () => {
    const text = "this is a letter to somebody and no database whatever it may be called".repeat(
      20,
    );
    const dir = freshDir();
    writeFileSync(join(dir, "scalper.db"), text);
    const database = await command(["serve", "--data-dir", dir]);
    expect(database.code).toBe(NO_INPUT);
    expectOneLine(database, "scalper.db as a database", "Put a snapshot back");
    const users = await command(["user", "list", "--data-dir", dir]);
    expect(users.code).toBe(NO_INPUT);
    expectOneLine(users, "scalper.db as a database");
    const other = freshDir();
    writeFileSync(join(other, "scalper.lock"), text);
    const lock = await command(["serve", "--data-dir", other]);
    expect(lock.code).toBe(UNAVAILABLE);
    expectOneLine(lock, "damaged");
  });

  test("a database that is a directory", async () => {
    const dir = freshDir();
    mkdirSync(join(dir, "scalper.db"));
    const ended = await command(["serve", "--data-dir", dir]);
    expect(ended.code).toBe(UNAVAILABLE);
    expectOneLine(ended, "cannot open the record in");
  });

  test.skipIf(!MAY_MOUNT)("a disk that may not be written", async () => {
    const disk = mountDisk("ro");
    if (disk === null) throw new Error("cannot mount");
    try {
      for (const dir of [disk.dir, join(disk.dir, "data")]) {
        const ended = await command(["serve", "--data-dir", dir]);
        expect(ended.code).toBe(UNAVAILABLE);
        expectOneLine(ended, `cannot use the data directory ${dir}`, "Make it writable");
      }
      const logs = await command(["serve", "--log-dir", disk.dir]);
      expect(logs.code).toBe(UNAVAILABLE);
      expectOneLine(logs, `cannot use the log directory ${disk.dir}`);
    } finally {
      disk.unmount();
    }
  });

  test.skipIf(!MAY_MOUNT)(
    "a full disk, wherever it fills up; with room the next start works",
    async () => {
      for (const size of SMALL_DISKS) {
        const disk = mountDisk(`size=${size}`);
        if (disk === null) throw new Error("cannot mount");
        try {
          const dataDir = join(disk.dir, "data");
          const ended = await command(["serve", "--data-dir", dataDir]);
          expect([size, ended.code]).toEqual([size, UNAVAILABLE]);
          expectOneLine(ended, dataDir, "SCALPER_DATA_DIR");
          disk.remount("size=64m");
          expect((await command(["user", "list", "--data-dir", dataDir])).code).toBe(0);
        } finally {
          disk.unmount();
        }
      }
    },
  );
});
