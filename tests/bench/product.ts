/**
 * The shipped executable as its user meets it: memory after half a minute of trading, and what each
 * route of the monitor API takes while it trades. Its start is measured by start.ts.
 */
import { executableIn } from "../support/executable.ts";
import { freshDir, residentMb, startProduct } from "../support/product.ts";

const CALLS = 100;
const TRADE_MS = 30_000;
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
