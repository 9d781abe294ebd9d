/** What the benches share: processor time of a process from /proc, and figures of many rounds. */
import { readdirSync, readFileSync } from "node:fs";

export interface CpuTime {
  /** Of all threads, those that ended included. */
  readonly processMs: number;
  readonly mainMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  /** By thread name. */
  readonly threads: ReadonlyMap<string, number>;
}

/** Linux counts a process's time in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICK_MS = 10;

/** Processor time that a process has used so far: its sum in ticks, each thread in nanoseconds. */
export function cpuTimeOf(pid: number): CpuTime {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const userMs = Number(fields[11]) * TICK_MS;
  const systemMs = Number(fields[12]) * TICK_MS;
  const threads = new Map<string, number>();
  let mainMs = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const onCpu = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0];
      const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim();
      const ms = Number(onCpu) / 1e6;
      threads.set(name, (threads.get(name) ?? 0) + ms);
      if (Number(thread) === pid) mainMs = ms;
    } catch {
      // The thread ended while we looked; the sum of the process has its time.
    }
  }
  return { processMs: userMs + systemMs, mainMs, userMs, systemMs, threads };
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** "12.34 (11.90 to 13.01)": the median of the rounds, and the lowest and the highest. */
export function spread(values: readonly number[], decimals = 2): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(decimals)} (${low.toFixed(decimals)} to ${high.toFixed(decimals)})`;
}

/** `--name 5` of the command line. */
export function optionOf(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : Number(process.argv[at + 1]);
}
