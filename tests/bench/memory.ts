/**
 * What the shipped executable holds in memory, part by part, and what grows.
 *
 * Two set-ups, one after the other: the default command (embedded exchange in the process), and the
 * engine alone beside `scalper sim` in a process of its own. The kernel's account (smaps_rollup)
 * gives resident, anonymous and file pages; a probe that is preloaded into the process gives its
 * JavaScript heap: what lives, what the collector has reserved, what buffers hold outside of it.
 * What is left of the anonymous pages is code of the JIT, stacks, SQLite (its cache is capped at
 * 4 MiB) and, in the default command, the heap of the embedded exchange's thread.
 *
 * The slope is a least squares line over the second half of a run, so that warm-up is not growth.
 *
 * `bun run bench memory --minutes 240 --setup engine`; both set-ups without `--setup`.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { executableIn } from "../support/executable.ts";
import { freshDir, startProduct } from "../support/product.ts";

const { values: options } = parseArgs({
  strict: false,
  options: { minutes: { type: "string", default: "3" }, setup: { type: "string" } },
});
const MINUTES = Number(options.minutes);
const SETUPS = typeof options.setup === "string" ? [options.setup] : ["default", "engine"];
const SAMPLE_MS = 5_000;
/** Rows of the printed table; the slopes use every sample. */
const ROWS = 10;
const KEYS = { SCALPER_SIM_API_KEY: "memory-bench", SCALPER_SIM_API_SECRET: "memory-bench-secret" };
const PROBE = join(import.meta.dir, "memory-probe.ts");

/** MB each, but for the counts. */
interface Sample {
  readonly minutes: number;
  readonly resident: number;
  readonly anonymous: number;
  readonly file: number;
  readonly heapLive: number;
  readonly heapReserved: number;
  readonly buffers: number;
  /** Anonymous pages that are no heap of the main thread. */
  readonly other: number;
  readonly database: number;
  readonly objects: number;
}

const COLUMNS = [
  "resident",
  "anonymous",
  "file",
  "heapLive",
  "heapReserved",
  "buffers",
  "other",
  "database",
] as const satisfies readonly (keyof Sample)[];

const binary = executableIn(freshDir());
for (const setup of SETUPS) await measure(setup);

async function measure(setup: string): Promise<void> {
  const simulator = setup === "engine" ? await startSimulator() : null;
  const probeFile = join(freshDir(), "heap.json");
  const product = await startProduct({
    command: [binary],
    env: {
      ...KEYS,
      ...simulator?.env,
      BUN_OPTIONS: `--preload ${PROBE}`,
      SCALPER_PROBE_FILE: probeFile,
    },
  });
  const samples: Sample[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < MINUTES * 60_000) {
    await Bun.sleep(SAMPLE_MS);
    const minutes = (performance.now() - startedAt) / 60_000;
    samples.push(sampleOf(product.pid, probeFile, join(product.dir, "data"), minutes));
  }
  await product.stop();
  simulator?.stop();
  print(setup, samples);
}

async function startSimulator() {
  const child = Bun.spawn([binary, "sim", "--sim-port", "0"], {
    stdout: "pipe",
    env: { PATH: process.env.PATH ?? "", ...KEYS },
  });
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of child.stdout) {
    text += decoder.decode(bytes, { stream: true });
    const url = /REST +(http:\/\/[\d.:]+)/.exec(text)?.[1];
    if (url === undefined) continue;
    const env = { SCALPER_BYBIT_REST_URL: url, SCALPER_BYBIT_WS_URL: url.replace("http", "ws") };
    return { env, stop: () => child.kill("SIGTERM") };
  }
  throw new Error(`the simulator did not start:\n${text}`);
}

function sampleOf(pid: number, probeFile: string, dataDir: string, minutes: number): Sample {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kernel = (name: string) =>
    Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(rollup)?.[1]) / 1_024;
  const heap = JSON.parse(readFileSync(probeFile, "utf8"));
  const [resident, anonymous] = [kernel("Rss"), kernel("Anonymous")];
  const heapReserved = heap.heapCapacity / 2 ** 20;
  const buffers = heap.extraMemorySize / 2 ** 20;
  return {
    minutes,
    resident,
    anonymous,
    file: resident - anonymous,
    heapLive: heap.heapSize / 2 ** 20,
    heapReserved,
    buffers,
    other: anonymous - heapReserved - buffers,
    database: megabytes(join(dataDir, "scalper.db")) + megabytes(join(dataDir, "scalper.db-wal")),
    objects: heap.objectCount,
  };
}

function megabytes(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) / 2 ** 20;
}

function print(setup: string, samples: readonly Sample[]): void {
  console.log(`\n${setup}, MB (${samples.length} samples)`);
  console.log(["min".padStart(6), ...COLUMNS.map((name) => name.padStart(13))].join(""));
  const every = Math.max(1, Math.floor(samples.length / ROWS));
  for (const sample of samples.filter((_, index) => index % every === every - 1)) {
    const cells = COLUMNS.map((name) => sample[name].toFixed(1).padStart(13));
    console.log([sample.minutes.toFixed(1).padStart(6), ...cells].join(""));
  }
  const settled = samples.slice(Math.floor(samples.length / 2));
  const slopes = COLUMNS.map((name) => slopeOf(settled, name).toFixed(2).padStart(13));
  console.log(["MB/h".padStart(6), ...slopes].join(""));
}

/** Growth in MB an hour, by least squares. */
function slopeOf(samples: readonly Sample[], name: keyof Sample): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const hours = samples.map(({ minutes }) => minutes / 60);
  const values = samples.map((sample) => sample[name]);
  const [meanHours, meanValue] = [mean(hours), mean(values)];
  const spread = hours.map((hour) => hour - meanHours);
  const product = spread.map((hour, index) => hour * ((values[index] ?? 0) - meanValue));
  return mean(product) / mean(spread.map((hour) => hour ** 2));
}
