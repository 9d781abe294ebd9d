/**
 * How long a market frame takes to become a risk-approved order on an authenticated socket.
 *
 * The whole product trades against `scalper sim` in another process, through a relay that stamps
 * frames and orders on loopback; a tap inside the product stamps the same in process. bybit-api's
 * clients answer frames of the same market with submitNewOrder in the same run. Then again with ten
 * dashboards open. Only orders that a frame caused count; timers and fills cause some too.
 * `--rounds 5 --seconds 60 --warm 20 --symbols 611`.
 */
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, FROM_SOURCE, freshDir, startProduct } from "../support/product.ts";
import { KEYS, MANY_ORDERS, settingsFor, startExchange } from "./clients/exchange.ts";
import { optionOf, quantile, spread } from "./clients/measure.ts";
import { startRelay } from "./clients/relay.ts";
import { PASSWORD, signIn } from "./clients/sign-in.ts";

const ROUNDS = optionOf("rounds", 5);
const SECONDS = optionOf("seconds", 60);
const WARM_S = optionOf("warm", 20);
const SYMBOLS = optionOf("symbols", 611);
const DASHBOARDS = 10;
/** Two people: a desk is rarely one person with ten tabs. */
const DASHBOARDS_PER_LOGIN = 5;
const CLIENTS = join(import.meta.dir, "clients");
const TAP = ["--preload", join(CLIENTS, "socket-tap.ts")];
const REFERENCE_SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT"];
/** Microseconds of each order that a frame caused. */
interface Answers {
  readonly inProcess: readonly number[];
  readonly loopback: readonly number[];
}

const dir = freshDir();
const exchange = await startExchange(SYMBOLS);

const cases = [
  { name: "bybit-api, submitNewOrder on a book frame", run: reference },
  { name: "product", run: () => product(0) },
  { name: `product, ${DASHBOARDS} dashboards open`, run: () => product(DASHBOARDS) },
];
const results = new Map<string, Answers[]>(cases.map(({ name }) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, run } of cases) {
    const answers = await run();
    results.get(name)?.push(answers);
    const [near, far] = [answers.inProcess, answers.loopback].map(
      (us) => `${quantile(us, 0.5).toFixed(0)} / ${quantile(us, 0.99).toFixed(0)}`,
    );
    const count = answers.inProcess.length;
    console.log(`  ${name.padEnd(42)} ${count} orders, in process ${near} µs, loopback ${far} µs`);
  }
}
exchange.stop();

console.log(
  `${SYMBOLS} symbols, ${ROUNDS} rounds of ${SECONDS} s, µs; ` +
    "p50 as the median of the rounds (lowest to highest), p99 over the orders of all rounds",
);
for (const [name, rounds] of results) {
  const orders = rounds.reduce((sum, { inProcess }) => sum + inProcess.length, 0);
  console.log(`  ${name}, ${orders} orders`);
  for (const where of ["inProcess", "loopback"] as const) {
    const p50 = spread(
      rounds.map((round) => quantile(round[where], 0.5)),
      0,
    );
    const p99 = quantile(
      rounds.flatMap((round) => round[where]),
      0.99,
    );
    console.log(`    ${where.padEnd(10)} p50 ${p50.padEnd(22)} p99 ${p99.toFixed(0)}`);
  }
}
process.exit(0);

async function reference(): Promise<Answers> {
  const tap = join(dir, "reference.tap");
  const relay = startRelay(exchange.wsUrl);
  const script = join(CLIENTS, "bybit-orders.ts");
  const args = [relay.url, KEYS.apiKey, KEYS.apiSecret, ...REFERENCE_SYMBOLS];
  const child = Bun.spawn([process.execPath, ...TAP, script, ...args], {
    cwd: tmpdir(),
    stdout: "ignore",
    stderr: "ignore", // It prints what the exchange refuses, and most of it is meant to be refused.
    env: { PATH: process.env.PATH ?? "", BENCH_TAP: tap, BENCH_TAP_ASYNC: "1" },
  });
  await Bun.sleep((WARM_S + SECONDS) * 1_000);
  child.kill("SIGTERM");
  await child.exited;
  return answersOf(tap, relay);
}

async function product(dashboards: number): Promise<Answers> {
  const tap = join(dir, "product.tap");
  const relay = startRelay(exchange.wsUrl);
  const [bun = "", ...source] = FROM_SOURCE;
  const running = await startProduct({
    command: [bun, ...TAP, ...source],
    env: {
      ...settingsFor(exchange.restUrl, relay.url),
      SCALPER_ADMIN_PASSWORD: PASSWORD,
      ...MANY_ORDERS,
      BENCH_TAP: tap,
    },
  });
  await eventually("readyz", 30_000, async () => (await fetch(`${running.monitor}/readyz`)).ok);
  const leave = new AbortController();
  for (let open = 0; open < dashboards; open += DASHBOARDS_PER_LOGIN) {
    const cookie = await signIn(running.dashboard);
    for (let tab = 0; tab < DASHBOARDS_PER_LOGIN; tab++) {
      void watch(`${running.dashboard}/live/desk`, cookie, leave.signal);
    }
  }
  await Bun.sleep((WARM_S + SECONDS) * 1_000);
  leave.abort();
  await running.stop();
  rmSync(running.dir, { recursive: true, force: true });
  return answersOf(tap, relay);
}

/** One tab: reads the stream as it comes. */
async function watch(url: string, cookie: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { headers: { cookie }, signal });
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`);
  try {
    for await (const _chunk of answer.body) if (signal.aborted) return;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What both ends saw of the orders that frames caused, without those of the warm-up. */
function answersOf(tap: string, relay: ReturnType<typeof startRelay>): Answers {
  relay.stop();
  const lines = readFileSync(tap, "utf8").trim().split("\n");
  const orders = lines
    .slice(Math.floor((lines.length * WARM_S) / (WARM_S + SECONDS)))
    .map((line) => line.split(" "))
    .map(([id = "", us]) => ({ inProcess: Number(us), loopback: relay.answers.get(id) ?? -1 }))
    .filter(({ inProcess }) => inProcess >= 0);
  return {
    inProcess: orders.map(({ inProcess }) => inProcess),
    loopback: orders.map(({ loopback }) => loopback).filter((us) => us >= 0),
  };
}
