/**
 * What one public message costs the whole engine process, beside a bare socket client with the same
 * subscriptions that drops every frame and one that only calls JSON.parse.
 *
 * The market is `scalper sim` in a process of its own. Readers take turns, each in a fresh process
 * that is warm before its window opens, so that all meet the same load; a meter in this process
 * counts the frames of every window. `--rounds 5 --seconds 30 --warm 15 --symbols 611`;
 * `--only engine` measures that reader alone.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FROM_SOURCE, freshDir } from "../support/product.ts";
import { settingsFor, startExchange } from "./clients/exchange.ts";
import { type CpuTime, cpuTimeOf, median, optionOf, spread } from "./clients/measure.ts";

const ROUNDS = optionOf("rounds", 5);
const SECONDS = optionOf("seconds", 30);
const WARM_S = optionOf("warm", 15);
const SYMBOLS = optionOf("symbols", 611);
const BARE = join(import.meta.dir, "clients/bare.ts");

type Child = Bun.Subprocess<"ignore", "pipe", "inherit">;
interface Reader {
  readonly name: string;
  readonly start: () => Child;
}
interface Sample {
  readonly processUs: number;
  readonly mainUs: number;
  readonly userUs: number;
  readonly systemUs: number;
  readonly threads: ReadonlyMap<string, number>;
}

const { restUrl, wsUrl, stop } = await startExchange(SYMBOLS);

let metered = 0;
const meter = spawn([process.execPath, BARE, "drop", restUrl, wsUrl], {});
follow(meter, (line) => {
  metered = Number(/^frames (\d+)/.exec(line)?.[1] ?? metered);
});

const bare = (mode: string) => () => spawn([process.execPath, BARE, mode, restUrl, wsUrl], {});
const READERS: readonly Reader[] = [
  { name: "bare client, drops every frame", start: bare("drop") },
  { name: "bare client, JSON.parse only", start: bare("parse") },
  { name: "engine, whole process", start: startEngine },
];
const only = process.argv.indexOf("--only");
const wanted = READERS.filter(
  ({ name }) => only === -1 || name.includes(process.argv[only + 1] ?? ""),
);

const samples = new Map<string, Sample[]>(wanted.map(({ name }) => [name, []]));
const rates: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const reader of wanted) samples.get(reader.name)?.push(await measured(reader));
}
meter.kill();
stop();

console.log(
  `${SYMBOLS} symbols, ${median(rates).toFixed(0)} public messages a second, ` +
    `${ROUNDS} rounds of ${SECONDS} s; µs of processor time a message, median (lowest to highest)`,
);
const base = median(samples.get(wanted[0]?.name ?? "")?.map(({ processUs }) => processUs) ?? []);
for (const [name, rows] of samples) {
  const of = (key: "processUs" | "mainUs" | "userUs" | "systemUs") => rows.map((row) => row[key]);
  const ratio = median(of("processUs")) / base;
  console.log(`  ${name}`);
  console.log(`    process      ${spread(of("processUs"))}   ${ratio.toFixed(2)} ×`);
  console.log(`    main thread  ${spread(of("mainUs"))}`);
  console.log(`    user, system ${spread(of("userUs"))}, ${spread(of("systemUs"))}`);
  const threads = [...new Set(rows.flatMap((row) => [...row.threads.keys()]))]
    .map((thread) => [thread, median(rows.map((row) => row.threads.get(thread) ?? 0))] as const)
    .filter(([, us]) => us >= 0.05)
    .sort((one, other) => other[1] - one[1])
    .map(([thread, us]) => `${thread} ${us.toFixed(2)}`);
  console.log(`    by thread    ${threads.join(", ")}`);
}
process.exit(0);

function startEngine(): Child {
  const dir = freshDir();
  return spawn([...FROM_SOURCE, "serve", ...(process.env.BENCH_SERVE_ARGS?.split(" ") ?? [])], {
    HOME: dir,
    SCALPER_DATA_DIR: join(dir, "data"),
    SCALPER_HTTP_PORT: "0",
    SCALPER_MONITOR_PORT: "0",
    ...settingsFor(restUrl, wsUrl),
  });
}

async function measured(reader: Reader): Promise<Sample> {
  const child = reader.start();
  follow(child, () => {});
  await Bun.sleep(WARM_S * 1_000);
  const from = { cpu: cpuTimeOf(child.pid), frames: metered, atMs: performance.now() };
  await Bun.sleep(SECONDS * 1_000);
  const to = { cpu: cpuTimeOf(child.pid), frames: metered, atMs: performance.now() };
  if (child.exitCode !== null) throw new Error(`${reader.name} ended with ${child.exitCode}`);
  child.kill("SIGTERM");
  await child.exited;
  const frames = to.frames - from.frames;
  rates.push(frames / ((to.atMs - from.atMs) / 1_000));
  const us = (read: (cpu: CpuTime) => number) => ((read(to.cpu) - read(from.cpu)) * 1_000) / frames;
  const sample = {
    processUs: us(({ processMs }) => processMs),
    mainUs: us(({ mainMs }) => mainMs),
    userUs: us(({ userMs }) => userMs),
    systemUs: us(({ systemMs }) => systemMs),
    threads: new Map(
      [...to.cpu.threads.keys()].map((name) => [name, us(({ threads }) => threads.get(name) ?? 0)]),
    ),
  };
  console.log(
    `  ${reader.name.padEnd(32)} ${sample.processUs.toFixed(2).padStart(6)} µs, ` +
      `main ${sample.mainUs.toFixed(2)}`,
  );
  return sample;
}

function spawn(command: readonly string[], env: Readonly<Record<string, string>>): Child {
  return Bun.spawn([...command], {
    cwd: tmpdir(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), ...bunSettings(), ...env },
  });
}

/** BUN_… and MIMALLOC_… variables go through, so that settings of the runtime can be compared. */
function bunSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(BUN|MIMALLOC)_/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function follow(child: Child, onLine: (line: string) => void): void {
  void (async () => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of child.stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    }
  })();
}
