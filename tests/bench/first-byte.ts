/**
 * How long a page takes to its first byte while the product trades: a signed-in browser's request
 * over a kept connection, one after the other. `--calls 200 --seconds 30`: how often each page is
 * asked for, and how long the product trades before.
 */
import { rmSync } from "node:fs";
import { FROM_SOURCE, startProduct } from "../support/product.ts";
import { optionOf, quantile } from "./clients/measure.ts";
import { PASSWORD, signIn } from "./clients/sign-in.ts";

const CALLS = optionOf("calls", 200);
const TRADE_S = optionOf("seconds", 30);
const PAGES = ["/login", "/", "/symbols", "/symbols/BTCUSDT", "/blotter", "/health", "/logs"];

const product = await startProduct({
  command: FROM_SOURCE,
  env: { SCALPER_ADMIN_PASSWORD: PASSWORD },
});
await Bun.sleep(TRADE_S * 1_000);
const cookie = await signIn(product.dashboard);
console.log(
  `${"page".padEnd(20)} ${"p50 ms".padStart(8)} ${"p99 ms".padStart(8)} ${"kB".padStart(7)}`,
);
for (const page of PAGES) {
  const times: number[] = [];
  let bytes = 0;
  for (let call = 0; call < CALLS; call++) {
    const startedAt = performance.now();
    // Resolves with the head of the answer; the body is read before the next call.
    const answer = await fetch(`${product.dashboard}${page}`, {
      headers: { cookie: page === "/login" ? "" : cookie },
      redirect: "manual",
    });
    times.push(performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(`wanted 200 from ${page}, found ${answer.status}`);
    bytes = (await answer.arrayBuffer()).byteLength;
  }
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(times, share).toFixed(2));
  const size = (bytes / 1_024).toFixed(1);
  console.log(`${page.padEnd(20)} ${p50?.padStart(8)} ${p99?.padStart(8)} ${size.padStart(7)}`);
}
await product.stop();
rmSync(product.dir, { recursive: true, force: true });
