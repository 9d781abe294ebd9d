/** What systemd is told, and when: READY means that somebody can look, sign in, and order. */
import { Database } from "bun:sqlite";
import { afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { executableIn } from "../support/executable.ts";
import { takePort } from "../support/machine.ts";
import { type NotifySocket, notifySocket } from "../support/notify-socket.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { freshDir } from "../support/product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const START_MS_MAX = 20_000;
let binary = "";
let socket: NotifySocket | null = null;

beforeAll(() => {
  binary = executableIn(freshDir());
});

afterEach(() => {
  socket?.close();
});

function start(simPort: number) {
  const dir = freshDir();
  const address = join(dir, "notify");
  socket = notifySocket(address);
  const { next } = socket;
  const messages: string[] = [];
  const child = Bun.spawn([binary, "serve"], {
    cwd: dir,
    env: {
      PATH: process.env.PATH ?? "",
      SCALPER_HTTP_PORT: "0",
      SCALPER_MONITOR_PORT: "0",
      SCALPER_SIM_PORT: String(simPort),
      NOTIFY_SOCKET: address,
      WATCHDOG_USEC: "3000000",
    },
    stdout: "ignore",
    stderr: "ignore",
  });
  const hear = () => {
    for (let text = next(); text !== null; text = next()) messages.push(text);
    return messages.join("\n");
  };
  return { child, dir, hear };
}

async function until(what: () => boolean): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await Bun.sleep(1);
  }
}

describe("systemd", () => {
  test("hears READY once exchange and login are there, then a fed watchdog, then STOPPING", async () => {
    const { port, server } = await takePort();
    await new Promise((resolve) => server.close(resolve));
    const { child, dir, hear } = start(port);
    await until(() => hear().includes("READY=1"));
    const time = await fetch(`http://127.0.0.1:${port}/v5/market/time`);
    expect(time.status).toBe(200);
    const database = new Database(join(dir, "data/scalper.db"), { readonly: true });
    expect(database.query("SELECT name, role FROM users").all()).toEqual([
      { name: "admin", role: "admin" },
    ]);
    database.close();
    const fed = () => hear().split("WATCHDOG=1").length;
    const before = fed();
    await until(() => fed() >= before + 2);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(hear()).toContain("STOPPING=1");
  });

  test("never hears READY of a start that fails", async () => {
    const { port, server } = await takePort();
    const { child, hear } = start(port);
    expect(await child.exited).toBe(69);
    server.close();
    expect(hear()).not.toContain("READY");
    expect(hear()).toContain("STOPPING=1");
  });
});
