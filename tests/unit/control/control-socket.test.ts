/** The control socket in one process: whose it is, what it says, and what it gives up on. */
import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../../src/control/protocol.ts";
import { ControlClient, NoAnswer } from "../../../src/control/socket-client.ts";
import { type ControlSocket, openControlSocket } from "../../../src/control/socket-server.ts";
import type { CommandWish } from "../../../src/runtime/ports/commands.ts";
import { sampleIntervention } from "../record/samples.ts";

const STATUS: Status = {
  runId: "run1",
  mode: "SIM",
  version: "1",
  trading: "on",
  reason: "",
  openOrders: 0,
  positions: [],
  symbolHalts: [],
  health: "ok",
  down: [],
  underWay: null,
};

const given: CommandWish[] = [];
let socket: ControlSocket | null = null;

async function open(dataDir: string): Promise<ControlSocket> {
  given.length = 0;
  socket = await openControlSocket({
    dataDir,
    desk: {
      stamp: () => "run1@77",
      find: (id) => (id === "c1" ? sampleIntervention({ commandId: id }) : null),
      give(wish) {
        given.push(wish);
        return sampleIntervention({ commandId: wish.id, action: wish.action });
      },
    },
    status: () => STATUS,
    log: { info() {}, warn() {}, error() {} },
  });
  return socket;
}

const freshDir = () => mkdtempSync(join(tmpdir(), "scalper-test-"));

afterEach(() => {
  socket?.stop();
  socket = null;
});

const COMMAND = {
  id: "c1",
  action: "flatten",
  symbol: "",
  by: "ann",
  reason: "test",
  stamp: "run1@77",
  sinceMs: 3,
  lifeMs: 2_000,
} as const;

const silenceIn = async (dataDir: string): Promise<string> => {
  try {
    (await ControlClient.open(dataDir)).client.close();
    return "none";
  } catch (error) {
    return error instanceof NoAnswer ? error.silence : String(error);
  }
};

describe("the control socket", () => {
  test("is its owner's alone, says hello first, takes a command and tells of it", async () => {
    const dir = freshDir();
    const { path } = await open(dir);
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    const { client, hello } = await ControlClient.open(dir);
    expect(hello).toMatchObject({ stamp: "run1@77", pid: process.pid, hello: { trading: "on" } });
    expect(await client.ask({ command: COMMAND })).toMatchObject({
      told: { commandId: "c1", action: "flatten", state: "done" },
    });
    expect(given[0]?.age).toEqual({ by: "stamp", stamp: "run1@77", sinceMs: 3 });
    expect(await client.ask({ look: "c1" })).toMatchObject({ told: { commandId: "c1" } });
    expect(await client.ask({ look: "other" })).toEqual({ unknown: "other" });
    expect(await client.ask({ status: true })).toMatchObject({ status: { runId: "run1" } });
    client.close();
  });

  test("takes over what a killed run left, and leaves nothing behind", async () => {
    const dir = freshDir();
    writeFileSync(join(dir, "control.sock"), "");
    const { path, stop } = await open(dir);
    expect(await silenceIn(dir)).toBe("none");
    stop();
    expect(existsSync(path)).toBe(false);
    expect(await silenceIn(dir)).toBe("absent");
  });

  test("works in a directory whose path is longer than a socket's may be", async () => {
    const dir = join(freshDir(), "x".repeat(90), "y".repeat(60));
    mkdirSync(dir, { recursive: true });
    await open(dir);
    expect(await silenceIn(dir)).toBe("none");
  });

  test.each([
    ["nonsense", "what it cannot read"],
    ['{"command":{"action":"sell everything"}}', "an action that there is not"],
    [JSON.stringify({ command: { ...COMMAND, lifeMs: 60_000 } }), "a life that is too long"],
  ])("%s is answered as not understood (%s)", async (line) => {
    const dir = freshDir();
    const { path } = await open(dir);
    const answers = await new Promise<string>((resolve) => {
      let text = "";
      const raw = connect(path, () => raw.write(`${line}\n`));
      raw.on("data", (chunk) => {
        text += String(chunk);
        if (text.split("\n").length < 3) return;
        raw.destroy();
        resolve(text);
      });
    });
    expect(answers.split("\n")[1]).toContain("not understood");
    expect(given).toEqual([]);
  });

  test("hangs up on a line without an end, and on too many at once", async () => {
    const dir = freshDir();
    const { path } = await open(dir);
    const closed = await new Promise<boolean>((resolve) => {
      const raw = connect(path, () => raw.write("x".repeat(100_000)));
      raw.on("close", () => resolve(true));
      raw.on("error", () => {});
      raw.resume();
    });
    expect(closed).toBe(true);
    const many = await Promise.all(Array.from({ length: 16 }, () => ControlClient.open(dir)));
    expect(await silenceIn(dir)).toBe("absent");
    for (const { client } of many) client.close();
  });

  test("a listener that says nothing is frozen, and gets no command", async () => {
    const dir = freshDir();
    const heard: string[] = [];
    const mute = createServer((raw) => raw.on("data", (chunk) => heard.push(String(chunk))));
    await new Promise<void>((resolve) => mute.listen(join(dir, "control.sock"), resolve));
    expect(await silenceIn(dir)).toBe("frozen");
    expect(heard).toEqual([]);
    mute.close();
  });
});
