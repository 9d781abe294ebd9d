/**
 * Many lives, each in a process of its own, on all cores: `bun tests/soak/lives.ts [--seeds 2000]
 * [--hours 2] [--from 1] [--jobs N] [--borders kill,wire] [--every SEC] [--failures 3] [--anew]
 * [--slice]`. `--every` is the mean time between two borders in seconds.
 *
 * Seeds are the numbers from `--from` on. What was done is noted in a file of the temporary
 * directory under a name that changes with the sources, so that a run that was stopped goes on
 * where it was, and code that changed begins anew. It stops after a few failures, each with the
 * command that repeats it. `--slice` is the short run of the ok command.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { BORDERS_DEFAULT } from "./life/borders/list.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seeds: { type: "string", default: "2000" },
    hours: { type: "string", default: "2" },
    from: { type: "string", default: "1" },
    jobs: { type: "string", default: String(availableParallelism()) },
    borders: { type: "string", default: BORDERS_DEFAULT.join(",") },
    every: { type: "string", default: "90" },
    failures: { type: "string", default: "3" },
    anew: { type: "boolean", default: false },
    slice: { type: "boolean", default: false },
  },
});

const ROOT = join(import.meta.dir, "../..");
const hours = values.slice ? "0.25" : values.hours;
const seeds = values.slice ? 4 : Number(values.seeds);
const from = Number(values.from);
const what = ["--hours", hours, "--borders", values.borders, "--every", values.every];
const TELL_EVERY_MS = 10_000;

/** What a life tells of itself with `--json`. */
const Told = z.object({
  sha256: z.string(),
  complaints: z.array(z.string()),
  crossed: z.record(z.string(), z.number()),
  starts: z.number(),
  executions: z.number(),
  virtualSec: z.number(),
  unprotectedMsMax: z.number(),
  cpuSec: z.number(),
});

const Progress = z.object({
  done: z.array(z.number()),
  starts: z.number(),
  executions: z.number(),
  virtualSec: z.number(),
  cpuSec: z.number(),
  unprotectedMsMax: z.number(),
  crossed: z.record(z.string(), z.number()),
});
type Progress = z.infer<typeof Progress>;

const NOTHING: Progress = {
  done: [],
  starts: 0,
  executions: 0,
  virtualSec: 0,
  cpuSec: 0,
  unprotectedMsMax: 0,
  crossed: {},
};

const path = join(tmpdir(), `scalper-lives-${sourceKey()}.json`);
const resumes = !values.anew && !values.slice && existsSync(path);
const progress: Progress = resumes
  ? Progress.parse(JSON.parse(readFileSync(path, "utf8")))
  : structuredClone(NOTHING);
const done = new Set(progress.done);
const waiting = Array.from({ length: seeds }, (_, index) => from + index)
  .filter((seed) => !done.has(seed))
  .toReversed();
let failures = 0;
let toldAtMs = performance.now();

if (resumes) console.log(`going on after ${done.size} seeds (${path}; --anew begins again)`);
const isOver = () => failures >= Number(values.failures);
await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));
tell();
if (failures > 0) process.exit(1);
console.log(`${progress.done.length} lives of ${hours} virtual hours are clean`);

async function work(): Promise<void> {
  for (let seed = waiting.pop(); seed !== undefined && !isOver(); seed = waiting.pop()) {
    const command = ["tests/soak/life.ts", "--seed", String(seed), ...what];
    const child = Bun.spawn([process.execPath, ...command, "--json"], {
      cwd: ROOT,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    const told = toldBy(out);
    if (told !== null && told.complaints.length === 0) note(seed, told);
    else {
      failures++;
      console.error(`seed ${seed} fails:`);
      for (const text of told?.complaints.slice(0, 10) ?? [err.slice(-2_000)]) {
        console.error(`  ${text}`);
      }
      console.error(`  repeat: bun ${command.join(" ")} --log`);
    }
    if (performance.now() - toldAtMs > TELL_EVERY_MS) tell();
  }
}

function toldBy(out: string): z.infer<typeof Told> | null {
  const line = out.trim().split("\n").at(-1) ?? "";
  return line.startsWith("{") ? Told.parse(JSON.parse(line)) : null;
}

function note(seed: number, told: z.infer<typeof Told>): void {
  progress.done.push(seed);
  progress.starts += told.starts;
  progress.executions += told.executions;
  progress.virtualSec += told.virtualSec;
  progress.cpuSec += told.cpuSec;
  progress.unprotectedMsMax = Math.max(progress.unprotectedMsMax, told.unprotectedMsMax);
  for (const [name, count] of Object.entries(told.crossed)) {
    progress.crossed[name] = (progress.crossed[name] ?? 0) + count;
  }
  if (!values.slice) writeFileSync(path, JSON.stringify(progress));
}

function tell(): void {
  toldAtMs = performance.now();
  const { virtualSec, cpuSec, starts, executions, unprotectedMsMax } = progress;
  const hoursDone = virtualSec / 3_600;
  const pace = (hoursDone / Math.max(1 / 60, cpuSec / 60)).toFixed(1);
  const crossed = Object.entries(progress.crossed).map(([name, count]) => `${name} ${count}`);
  console.log(
    `${progress.done.length} seeds, ${hoursDone.toFixed(1)} virtual h, ${pace} h a CPU minute; ` +
      `${starts} starts, ${executions} executions, ${crossed.join(", ")}; ` +
      `unprotected ${unprotectedMsMax} ms at most; ${failures} failed`,
  );
}

/** Changes with the sources and with what is asked for. */
function sourceKey(): string {
  const hash = new Bun.CryptoHasher("sha256");
  const files = ["src", "tests/soak"].flatMap((dir) =>
    [...new Bun.Glob("**/*.ts").scanSync({ cwd: join(ROOT, dir), absolute: true })].toSorted(),
  );
  for (const file of files) hash.update(readFileSync(file));
  return hash.update(what.join(" ")).digest("hex").slice(0, 12);
}
