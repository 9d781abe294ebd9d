/**
 * How long the shipped executable takes from its start to the first answer and to `/readyz`, first
 * in empty directories (migrations, a login to make), then over an existing record.
 *
 * `bun run bench start --rounds 12`. SCALPER_TEST_EXECUTABLE=path measures another build beside it,
 * turn by turn, so that both meet the same machine. Asked over one plain connection a try, every
 * millisecond: a few hundred microseconds of each figure are ours.
 */
import { connect } from "node:net";
import { parseArgs } from "node:util";
import { executableIn } from "../support/executable.ts";
import { takePort } from "../support/machine.ts";
import { freshDir } from "../support/product.ts";

const { values: options } = parseArgs({
  strict: false,
  options: { rounds: { type: "string", default: "12" } },
});
const ROUNDS = Number(options.rounds);
const POLL_MS = 1;
const ANSWER_MS_MAX = 30_000;

interface Start {
  readonly firstMs: number;
  readonly readyMs: number;
}

const other = process.env.SCALPER_TEST_EXECUTABLE;
delete process.env.SCALPER_TEST_EXECUTABLE;
const builds: [string, string][] = [["this", executableIn(freshDir())]];
if (other !== undefined) builds.push(["other", other]);

for (const kind of ["empty directory", "existing record"] as const) {
  const kept = new Map(builds.map(([name]) => [name, freshDir()]));
  const starts = new Map<string, Start[]>(builds.map(([name]) => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, binary] of builds) {
      const dir = kind === "empty directory" ? freshDir() : (kept.get(name) ?? "");
      const start = await measure(binary, dir, await freePort());
      // The round before the first warms the page cache, and makes the record.
      if (round >= 0) starts.get(name)?.push(start);
    }
  }
  for (const [name, list] of starts) {
    const first = list.map(({ firstMs }) => firstMs);
    const ready = list.map(({ readyMs }) => readyMs);
    console.log(`${kind}, ${name.padEnd(5)}  first answer ${told(first)}   /readyz ${told(ready)}`);
  }
}

async function measure(binary: string, dir: string, monitorPort: number): Promise<Start> {
  const startedAt = performance.now();
  const child = Bun.spawn([binary, "serve", "--monitor-port", String(monitorPort)], {
    cwd: dir,
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: process.env.PATH ?? "", SCALPER_HTTP_PORT: "0", SCALPER_SIM_PORT: "0" },
  });
  const until = async (path: string, wanted: RegExp) => {
    while (!wanted.test(await ask(monitorPort, path))) {
      if (performance.now() - startedAt > ANSWER_MS_MAX) throw new Error(`no ${path} in time`);
      await Bun.sleep(POLL_MS);
    }
    return performance.now() - startedAt;
  };
  try {
    const firstMs = await until("/livez", /^HTTP\/1\.1 \d/);
    const readyMs = await until("/readyz", /^HTTP\/1\.1 200/);
    return { firstMs, readyMs };
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
}

async function freePort(): Promise<number> {
  const { port, server } = await takePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The first bytes of an answer; empty while nobody listens. */
function ask(port: number, path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, "127.0.0.1");
  socket.once("connect", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`));
  socket.once("data", (bytes) => {
    resolve(String(bytes));
    socket.destroy();
  });
  socket.once("error", () => resolve(""));
  socket.once("close", () => resolve(""));
  return promise;
}

/** Median with the least and the most, in ms. */
function told(values: readonly number[]): string {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number) => (sorted[Math.round((sorted.length - 1) * share)] ?? 0).toFixed(0);
  return `${at(0.5).padStart(5)} ms (${at(0)} to ${at(1)})`;
}
