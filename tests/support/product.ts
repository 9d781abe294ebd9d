/**
 * Starts the real product as its user does, as a process of its own, and reads the addresses that
 * it prints. Ports are 0, so that any number of them can run beside each other.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Product {
  readonly pid: number;
  readonly dir: string;
  readonly dashboard: string;
  readonly monitor: string;
  /** Empty when no simulator is embedded. */
  readonly exchange: string;
  /** All that was printed so far. */
  readonly output: () => string;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number>;
}

interface ProductOptions {
  /** What to run before "serve": the executable, or bun and main.ts. */
  readonly command: readonly string[];
  /** Working directory; a fresh one by default. */
  readonly dir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const START_MS_MAX = 20_000;
const ROOT = join(import.meta.dir, "../..");

export const FROM_SOURCE = [process.execPath, join(ROOT, "src/main.ts")];

export const freshDir = (): string => mkdtempSync(join(tmpdir(), "scalper-test-"));

/** Resolves when the addresses are printed; rejects with the output when the process ends first. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const dir = options.dir ?? freshDir();
  const child = Bun.spawn([...options.command, "serve", ...(options.args ?? [])], {
    cwd: dir,
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PATH: process.env.PATH ?? "",
      HOME: dir,
      SCALPER_HTTP_PORT: "0",
      SCALPER_MONITOR_PORT: "0",
      SCALPER_SIM_PORT: "0",
      ...options.env,
    },
  });
  let text = "";
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  };
  void collect(child.stdout);
  void collect(child.stderr);
  const address = (name: string) => new RegExp(`^ *${name} +(http\\S+)`, "m").exec(text)?.[1];
  const deadline = Date.now() + START_MS_MAX;
  while (!/^ *stop +/m.test(text)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`the product did not start (exit ${child.exitCode}):\n${text}`);
    }
    await Bun.sleep(10);
  }
  return {
    pid: child.pid,
    dir,
    dashboard: address("dashboard") ?? "",
    monitor: address("monitor")?.replace(/\/api.*$/, "") ?? "",
    exchange: address("exchange") ?? "",
    output: () => text,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    stop() {
      child.kill("SIGTERM");
      return child.exited;
    },
  };
}

/** Repeats `probe` until it returns something, at most `msMax`; then fails with `what`. */
export async function eventually<Value>(
  what: string,
  msMax: number,
  probe: () => Promise<Value | null | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + msMax;
  let last: unknown = null;
  while (Date.now() < deadline) {
    try {
      const value = await probe();
      if (value !== null && value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await Bun.sleep(100);
  }
  throw new Error(`waited ${msMax} ms in vain: ${what}${last === null ? "" : ` (${last})`}`);
}

/** Resident memory of a process in MB, from /proc. */
export async function residentMb(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

export async function getJson(url: string): Promise<any> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
