/**
 * The shipped executable as its user meets it: time to the first answer and to ready, memory after
 * half a minute of trading, and what each route of the monitor API takes while it trades.
 *
 * Starts are spawned and polled from here, so a few ms of each are ours.
 */
import { executableIn } from "../support/executable.ts";
import { freshDir, residentMb, startProduct } from "../support/product.ts";

const STARTS = 5;
const CALLS = 100;
const TRADE_MS = 30_000;
const POLL_MS = 1;
const ROUTES = [
  "/livez",
  "/readyz",
  "/api/health",
  "/api/symbols",
  "/api/symbol/BTCUSDT/basic",
  "/api/symbol/BTCUSDT/profile",
  "/api/monitor/tickers",
  "/api/monitor/trades",
  "/api/monitor/universe",
  "/api/monitor/storage",
  "/api/monitor/logs?lines=100",
];

const dir = freshDir();
const binary = executableIn(dir);

const starts: { firstMs: number; readyMs: number }[] = [];
for (let round = 0; round < STARTS; round++) starts.push(await measureStart(41_090 + round));
const shown = starts.slice(1);
console.log(`start → first answer   ${median(shown.map((start) => start.firstMs)).toFixed(0)} ms`);
console.log(`start → /readyz green  ${median(shown.map((start) => start.readyMs)).toFixed(0)} ms`);

const product = await startProduct({ command: [binary], dir });
await Bun.sleep(TRADE_MS);
console.log(
  `resident after ${TRADE_MS / 1_000} s   ${(await residentMb(product.pid)).toFixed(0)} MB`,
);
console.log(`\n${"route".padEnd(34)} ${"p50 ms".padStart(8)} ${"p99 ms".padStart(8)}`);
for (const route of ROUTES) {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const startedAt = performance.now();
    await (await fetch(`${product.monitor}${route}`)).arrayBuffer();
    times.push(performance.now() - startedAt);
  }
  times.sort((left, right) => left - right);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  console.log(`${route.padEnd(34)} ${at(0.5).padStart(8)} ${at(0.99).padStart(8)}`);
}
await product.stop();

async function measureStart(monitorPort: number): Promise<{ firstMs: number; readyMs: number }> {
  const startedAt = performance.now();
  const child = Bun.spawn([binary, "serve", "--monitor-port", String(monitorPort)], {
    cwd: dir,
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: process.env.PATH ?? "", SCALPER_HTTP_PORT: "0", SCALPER_SIM_PORT: "0" },
  });
  const base = `http://127.0.0.1:${monitorPort}`;
  const firstMs = await until(async () => (await fetch(`${base}/livez`)).status > 0, startedAt);
  const readyMs = await until(async () => (await fetch(`${base}/readyz`)).ok, startedAt);
  child.kill("SIGTERM");
  await child.exited;
  return { firstMs, readyMs };
}

async function until(probe: () => Promise<boolean>, startedAt: number): Promise<number> {
  for (;;) {
    if (await probe().catch(() => false)) return performance.now() - startedAt;
    await Bun.sleep(POLL_MS);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
