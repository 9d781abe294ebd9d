/** The embedded exchange's worker, when it does not do what it should. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedExchange } from "../../../src/app/embedded-simulator.ts";
import { StartError } from "../../../src/app/start-error.ts";
import { systemClock, virtualClock } from "../../../src/runtime/clocks.ts";
import type { Clock } from "../../../src/runtime/ports/clock.ts";

const dir = mkdtempSync(join(tmpdir(), "scalper-worker-"));
const LATER_MS = 60_000;
const DELAY_MS = [0, 0] as const;
const LISTENS = `postMessage({ kind: "listening", port: 4711 });`;

afterAll(() => rmSync(dir, { recursive: true }));

/** An exchange whose worker runs this program instead of the simulator. */
function exchangeOf(program: string, clock: Clock = systemClock) {
  const workerUrl = join(dir, `${Bun.hash(program)}.js`);
  writeFileSync(workerUrl, program);
  const lines: string[] = [];
  const log = (text: string) => void lines.push(text);
  const place = { port: 8091, host: "127.0.0.1" };
  const simulator = { seed: "s", symbols: 1, delayMs: DELAY_MS, accounts: [], ...place };
  const logs = { info: log, warn: log, error: log };
  return { exchange: embeddedExchange({ simulator, clock, log: logs, workerUrl }), lines };
}

/** What opening fails with. */
async function failure(program: string): Promise<unknown> {
  const { exchange } = exchangeOf(program);
  const error: unknown = await exchange.open().catch((reason: unknown) => reason);
  await exchange.stop();
  return error;
}

describe("a worker that dies at its start", () => {
  test.each([
    ["throws", `throw new Error("no such luck");`, "no such luck"],
    ["cannot be parsed", "const const = 1;", "cannot open the embedded exchange"],
    ["ends", "process.exit(3);", "its thread ended"],
    ["says why", `postMessage({ kind: "error", text: "cannot list 0 symbols" });`, "cannot list 0"],
    ["finds its port taken", `postMessage({ kind: "error", text: "EADDRINUSE" });`, "is taken"],
  ])("%s: one sentence for the operator", async (_how, program, text) => {
    const error = await failure(program);
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toContain("cannot open the embedded exchange on 127.0.0.1:8091");
    expect(String(error)).toContain(text);
    expect(String(error)).not.toContain("\n");
  });

  test("says nothing at all: it is not waited for without end", async () => {
    const clock = virtualClock(0);
    const { exchange } = exchangeOf("setInterval(() => {}, 1000);", clock);
    const opened = exchange.open().catch(String);
    clock.advanceTo(LATER_MS);
    expect(await opened).toContain("did not answer");
    await exchange.stop();
  });
});

describe("stopping", () => {
  test("while it opens ends the wait", async () => {
    const { exchange } = exchangeOf("setInterval(() => {}, 1000);");
    const opened = exchange.open().catch(String);
    await exchange.stop();
    expect(await opened).toContain("it was stopped");
  });

  test("of a worker that does not answer is bounded", async () => {
    const { exchange } = exchangeOf(`${LISTENS} setInterval(() => {}, 1000);`);
    expect(await exchange.open()).toBe(4711);
    await exchange.stop();
  });
});

test("a worker that dies later is started again on its port", async () => {
  const { exchange, lines } = exchangeOf(`${LISTENS} setTimeout(() => process.exit(1), 50);`);
  await exchange.open();
  const untilMs = performance.now() + 10_000;
  const deaths = () => lines.filter((line) => line.includes("died")).length;
  while (deaths() < 2 && performance.now() < untilMs) await Bun.sleep(20);
  expect(deaths()).toBeGreaterThanOrEqual(2);
  await exchange.stop();
}, 15_000);
