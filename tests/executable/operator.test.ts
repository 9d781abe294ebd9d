/**
 * The shipped file's ways to stop it that need no page: sub-commands over the control socket,
 * files, a signal; with the process frozen, the disk full, and with nobody there.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executableIn } from "../support/executable.ts";
import { MAY_MOUNT, mountDisk } from "../support/machine.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { eventually, freshDir, getJson, type Product, startProduct } from "../support/product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const READY_MS_MAX = 60_000;
/** Longer than any command holds. */
const FROZEN_MS = 8_000;
const PASSWORD = "executable-test-password";

let binary = "";
let product: Product;
let dataDir = "";

beforeAll(async () => {
  const dir = freshDir();
  binary = executableIn(dir);
  dataDir = join(dir, "data");
  product = await startProduct({
    command: [binary],
    dir,
    args: ["--data-dir", dataDir, "--sim-symbols", "40"],
  });
  await isIn("ON");
});

afterAll(async () => {
  await product.stop();
});

async function run(...args: string[]) {
  const child = Bun.spawn([binary, ...args, "--data-dir", dataDir], {
    env: { PATH: process.env.PATH ?? "", LOGNAME: "ann" },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

async function isIn(state: string): Promise<void> {
  await eventually(`trading is ${state}`, READY_MS_MAX, async () =>
    (await run("status")).out.includes(`trading    ${state}`),
  );
}

const holdsSomething = () =>
  eventually("a position", READY_MS_MAX, async () => {
    const { monitor } = product;
    return (await getJson(`${monitor}/api/monitor/positions`)).length > 0;
  });

interface Row {
  readonly action: string;
  readonly by: string;
  readonly verdict: string;
  readonly commandId: string;
  readonly isAutomatic: boolean;
}

/** The record is committed ten times a second. */
const COMMIT_MS = 500;

async function interventions(): Promise<readonly Row[]> {
  await Bun.sleep(COMMIT_MS);
  return getJson(`${product.monitor}/api/monitor/interventions?limit=50`);
}

describe("sub-commands", () => {
  test("halt, resume, pause and close one contract, cancel, status: done or refused, by code", async () => {
    expect(statSync(join(dataDir, "control.sock")).mode & 0o777).toBe(0o600);
    expect(await run("halt", "--reason", "lunch")).toMatchObject({ code: 0, err: "" });
    const status = JSON.parse((await run("status", "--json")).out);
    expect(status).toMatchObject({ engine: "running", pid: product.pid, trading: "halted" });
    expect(status.reason).toBe("halted by ann (terminal): lunch");
    expect((await run("resume")).code).toBe(0);
    expect((await run("pause", "BTCUSDT")).out).toContain("pause BTCUSDT: done");
    const again = await run("resume", "ETHUSDT");
    expect(again).toMatchObject({ code: 77 });
    expect(again.err).toContain("ETHUSDT is neither paused nor closed");
    expect((await run("status")).out).toContain("no entries BTCUSDT: halted by ann (terminal)");
    expect((await run("close", "BTCUSDT")).out).toContain("proved flat after");
    expect((await run("resume", "BTCUSDT")).code).toBe(0);
    expect((await run("cancel", "--keep-trading")).out).toContain("trading goes on");
    expect((await run("cancel")).out).toContain("entries stopped");
    const rows = await interventions();
    expect(rows[0]).toMatchObject({
      action: "cancel_halt",
      by: "ann (terminal)",
      verdict: "executed",
    });
    const commandId = rows[0]?.commandId;
    expect(await getJson(`${product.monitor}/api/commands/${commandId}`)).toMatchObject({
      commandId,
      state: "done",
    });
    expect((await run("resume")).code).toBe(0);
  });

  test("flatten waits for the proof", async () => {
    await holdsSomething();
    const { out, code } = await run("flatten", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ action: "flatten", state: "done" });
    expect(JSON.parse(out).outcome).toContain("proved flat after");
    expect((await run("resume")).code).toBe(0);
  });

  test("a frozen engine is told nothing, and does nothing when it wakes", async () => {
    await isIn("ON");
    const before = (await interventions()).length;
    product.kill("SIGSTOP");
    const [flatten, status] = await Promise.all([run("flatten"), run("status", "--json")]);
    writeFileSync(join(dataDir, "FLATTEN"), "");
    product.kill("SIGUSR2");
    await Bun.sleep(FROZEN_MS);
    product.kill("SIGCONT");
    expect(flatten).toMatchObject({ code: 75 });
    expect(flatten.err).toContain(`Process ${product.pid} stands still`);
    expect(JSON.parse(status.out)).toMatchObject({ engine: "frozen", pid: product.pid });
    await eventually("the file to be taken", READY_MS_MAX, async () =>
      existsSync(join(dataDir, "FLATTEN.expired")),
    );
    await isIn("ON");
    const rows = await interventions();
    const mine = rows.slice(0, rows.length - before);
    expect(mine.filter((row) => row.verdict === "executed" && !row.isAutomatic)).toEqual([]);
    expect(mine.map((row) => `${row.action} ${row.by} ${row.verdict}`).sort()).toEqual([
      "flatten file expired",
      "halt SIGUSR2 expired",
    ]);
  });

  test("where no engine runs they say so and end with their own code", async () => {
    const none = Bun.spawnSync([binary, "halt", "--data-dir", freshDir()], { env: {} });
    expect(none.exitCode).toBe(69);
    expect(none.stderr.toString()).toContain("no engine runs in");
  });

  test("they ask for no keys and no right settings but the directory", async () => {
    const child = Bun.spawnSync([binary, "status", "--data-dir", dataDir], {
      env: { SCALPER_VENUE: "mainnet", SCALPER_TRADING: "live", SCALPER_HTTP_PORT: "none" },
    });
    expect([child.exitCode, child.stderr.toString()]).toEqual([0, ""]);
  });
});

describe("without any program", () => {
  test("the file HALT halts within a second and forbids a resume; FLATTEN ends flat", async () => {
    await isIn("ON");
    writeFileSync(join(dataDir, "HALT"), "storm\n");
    await Bun.sleep(1_000);
    expect((await run("status")).out).toContain("HALTED: halted by file: storm");
    const refused = await run("resume");
    expect([refused.code, refused.err.includes("remove it first")]).toEqual([77, true]);
    await Bun.file(join(dataDir, "HALT")).delete();
    expect((await run("resume")).code).toBe(0);
    await holdsSomething();
    writeFileSync(join(dataDir, "FLATTEN"), "");
    await isIn("HALTED: flat, by file");
    expect(existsSync(join(dataDir, "FLATTEN"))).toBe(false);
    expect((await run("resume")).code).toBe(0);
  });

  test("SIGUSR2 halts", async () => {
    await isIn("ON");
    product.kill("SIGUSR2");
    await isIn("HALTED: halted by SIGUSR2");
  });
});

describe("on a full disk", () => {
  test.skipIf(!MAY_MOUNT)(
    "a person signs in and flattens from the page, and the terminal works",
    async () => {
      const disk = mountDisk("size=16m");
      if (disk === null) throw new Error("cannot mount");
      const dir = join(disk.dir, "data");
      const full = await startProduct({
        command: [binary],
        env: { SCALPER_ADMIN_PASSWORD: PASSWORD },
        args: ["--data-dir", dir, "--sim-symbols", "40", "--log-file-mb", "1"],
      });
      try {
        await eventually("a position", READY_MS_MAX, async () => {
          const rows = await getJson(`${full.monitor}/api/monitor/positions`);
          return rows.length > 0;
        });
        fill(disk.dir);
        const signedIn = await fetch(`${full.dashboard}/login`, {
          method: "POST",
          redirect: "manual",
          body: new URLSearchParams({ name: "admin", password: PASSWORD }),
        });
        expect(signedIn.status).toBe(303);
        const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
        const session = await fetch(`${full.dashboard}/api/session`, { headers: { cookie } });
        const { csrfToken, stamp } = (await session.json()) as Record<string, string>;
        const flatten = await fetch(`${full.dashboard}/commands`, {
          method: "POST",
          headers: { cookie, "x-csrf-token": csrfToken ?? "", "content-type": "application/json" },
          body: JSON.stringify({ action: "flatten", id: "full-1", stamp }),
        });
        expect(flatten.ok).toBe(true);
        await eventually("flat", READY_MS_MAX, async () => {
          const told = await getJson(`${full.monitor}/api/commands/full-1`);
          return told.outcome.startsWith("proved flat after");
        });
        const halt = Bun.spawnSync([binary, "halt", "--data-dir", dir], { env: {} });
        expect(halt.exitCode).toBe(0);
        expect(halt.stdout.toString()).toStartWith("halt: done: was halted already");
        expect(halt.stdout.toString()).toContain("not durable: writing fails");
      } finally {
        await full.stop();
        disk.unmount();
      }
    },
  );
});

/** Writes until nothing more goes in. */
function fill(dir: string): void {
  const block = new Uint8Array(64 * 1_024);
  for (let size = block.byteLength; size >= 1; size = size >> 4) {
    try {
      for (;;) appendFileSync(join(dir, "filler"), block.subarray(0, size));
    } catch {
      // Full for pieces of this size.
    }
  }
}
