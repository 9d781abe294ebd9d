/**
 * Being asked to stop, at any moment and in every way that the README names: the program takes its
 * orders back, ends its run in the record, leaves the directory free and exits with 0.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join, resolve } from "node:path";
import { executableIn } from "../support/executable.ts";
import { leftBehind } from "../support/left-behind.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { eventually, FROM_SOURCE, freshDir, getJson, startProduct } from "../support/product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const ROOT = resolve(import.meta.dir, "../..");
const ANY_PORTS = { SCALPER_HTTP_PORT: "0", SCALPER_MONITOR_PORT: "0", SCALPER_SIM_PORT: "0" };
/** From before the first line of the program to after its ports are open. */
const MOMENTS_MS = [0, 10, 20, 30, 45, 60, 80, 100, 130, 160, 200, 260, 330, 400, 600];
/** Quotes begin with the first look at the universe, a second or two after the start. */
const ORDERS_MS_MAX = 60_000;
const CTRL_C = "\x03";

let binary = "";

beforeAll(() => {
  binary = executableIn(freshDir());
});

describe("a signal during the start", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s stops cleanly at any moment", async (signal) => {
    const dataDir = join(freshDir(), "data");
    for (const moment of MOMENTS_MS) {
      const child = Bun.spawn([binary, "serve", "--data-dir", dataDir], {
        env: { PATH: process.env.PATH ?? "", ...ANY_PORTS },
        stdout: "pipe",
        stderr: "pipe",
      });
      await Bun.sleep(moment);
      child.kill(signal);
      const err = await new Response(child.stderr).text();
      await child.exited;
      // Before its first line runs, the system ends it: nothing had been opened.
      const ended = child.signalCode ?? child.exitCode;
      expect([moment, ended === signal ? 0 : ended, err]).toEqual([moment, 0, ""]);
      const { run, isHeld } = leftBehind(dataDir);
      expect([moment, isHeld]).toEqual([moment, false]);
      if (run !== null) expect(run.exitReason).toContain(signal);
    }
    expect(leftBehind(dataDir).run?.endedAtMs).toBeNumber();
  });
});

/** Starts a command in a terminal, presses Ctrl-C once it quotes, and returns how it ended. */
async function pressCtrlC(command: readonly string[], cwd: string) {
  const dataDir = join(freshDir(), "data");
  const decoder = new TextDecoder();
  let text = "";
  const child = Bun.spawn([...command], {
    cwd,
    env: { ...process.env, ...ANY_PORTS, SCALPER_DATA_DIR: dataDir, NO_COLOR: "1" },
    terminal: {
      cols: 200,
      rows: 50,
      data(_terminal, bytes) {
        text += decoder.decode(bytes, { stream: true });
      },
    },
  });
  const monitor = await eventually("its address", ORDERS_MS_MAX, async () => {
    if (child.exitCode !== null) throw new Error(text);
    return /monitor +(http:\/\/[\d.:]+)/.exec(text)?.[1];
  });
  await eventually("an order at the venue", ORDERS_MS_MAX, async () => {
    const { open } = await getJson(`${monitor}/api/monitor/orders`);
    return open.length > 0;
  });
  child.terminal?.write(CTRL_C);
  const code = await child.exited;
  await eventually("the last words", 5_000, async () => /stopped|error/.test(text));
  return { code, text, ...leftBehind(dataDir) };
}

describe("Ctrl-C in a terminal", () => {
  const commands = (): [string, readonly string[], string][] => [
    ["bun start", [process.execPath, "start"], ROOT],
    ["bun src/main.ts serve", [process.execPath, "src/main.ts", "serve"], ROOT],
    ["the executable", [binary, "serve"], freshDir()],
  ];
  test.each([0, 1, 2])("command %i takes the orders back and ends the run", async (index) => {
    const [name = "", command = [], cwd = ""] = commands()[index] ?? [];
    const { code, text, run, liveOrders, isHeld } = await pressCtrlC(command, cwd);
    expect([name, code, liveOrders, isHeld]).toEqual([name, 0, 0, false]);
    expect(text).toContain("stopped");
    expect(text).not.toContain("error");
    expect(run?.exitReason).toBe("SIGINT");
    expect(run?.endedAtMs).toBeNumber();
  });
});

describe("a second signal", () => {
  test("within a second is the same one", async () => {
    const product = await startProduct({ command: [binary] });
    for (let press = 0; press < 5; press++) {
      product.kill("SIGINT");
      await Bun.sleep(2);
    }
    expect(await product.exited).toBe(0);
    expect(leftBehind(join(product.dir, "data")).run?.exitReason).toBe("SIGINT");
  });
});

describe("from source", () => {
  test("runs in any directory and serves its pages", async () => {
    const product = await startProduct({ command: FROM_SOURCE });
    const login = await fetch(`${product.dashboard}/login`);
    expect([login.status, await login.text()]).toEqual([200, expect.stringContaining("<form")]);
    expect(await product.stop()).toBe(0);
  });
});
