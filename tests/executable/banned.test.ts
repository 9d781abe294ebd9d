/**
 * The whole program, real money's way, on an exchange that shuts its address out: entries stop and
 * that is said, while a flatten still closes what is open.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { KEY, SECRET, type Sim, startSim } from "../contract/simulator/support.ts";
import {
  eventually,
  FROM_SOURCE,
  getJson,
  type Product,
  startProduct,
} from "../support/product.ts";

const PASSWORD = "of-this-test-alone";
/** Everything but the list of positions, which the test itself reads. */
const SHUT = ["/v5/market", "/v5/order", "/v5/account", "/v5/execution", "/v5/position/trading"];

let sim: Sim;
let product: Product;
let headers: Record<string, string> = {};

beforeAll(async () => {
  sim = await startSim();
  product = await startProduct({
    command: FROM_SOURCE,
    env: {
      SCALPER_VENUE: "mainnet",
      SCALPER_TRADING: "live",
      SCALPER_BYBIT_REST_URL: sim.base,
      SCALPER_BYBIT_WS_URL: sim.ws,
      BYBIT_API_KEY: KEY,
      BYBIT_API_SECRET: SECRET,
      SCALPER_ADMIN_PASSWORD: PASSWORD,
    },
  });
  const ready = async () => (await fetch(`${product.monitor}/readyz`)).ok;
  await eventually("the program is ready", 30_000, ready);
  headers = await signedIn();
}, 60_000);

afterAll(async () => {
  await product.stop();
  await sim.stop();
});

async function signedIn(): Promise<Record<string, string>> {
  const form = new URLSearchParams({ name: "admin", password: PASSWORD });
  const login = { method: "POST", redirect: "manual", body: form } as const;
  const answer = await fetch(`${product.dashboard}/login`, login);
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const session = await fetch(`${product.dashboard}/api/session`, { headers: { cookie } });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  return { cookie, "x-csrf-token": csrfToken, "content-type": "application/json" };
}

async function command(action: string): Promise<void> {
  const body = JSON.stringify({ action, reason: "test" });
  const answer = await fetch(`${product.dashboard}/commands`, { method: "POST", headers, body });
  expect(answer.ok).toBe(true);
}

type Row = Readonly<Record<"symbol" | "side" | "size", string>>;

async function held(): Promise<string[]> {
  const query = "category=linear&settleCoin=USDT&limit=200";
  const { list } = (await sim.get("/v5/position/list", query)).result;
  const open = (list as Row[]).filter(({ size }) => Number(size) !== 0);
  return open.map(({ symbol, side, size }) => `${symbol} ${side} ${size}`);
}

/** How a service is, in one line. */
async function service(name: string): Promise<string> {
  const { services } = await getJson(`${product.monitor}/api/health`);
  const { status, detail } = services.find((row: { name: string }) => row.name === name);
  return `${status}: ${detail}`;
}

test("a flatten closes everything while every request is answered with 403", async () => {
  await command("resume");
  const market = { category: "linear", side: "Buy", orderType: "Market" };
  for (const [symbol, qty] of [
    ["BTCUSDT", "0.001"],
    ["ETHUSDT", "0.02"],
  ]) {
    expect((await sim.post("/v5/order/create", { ...market, symbol, qty })).retCode).toBe(0);
  }
  await eventually("both positions are open", 10_000, async () => (await held()).length >= 2);

  for (const path of SHUT) {
    const body = JSON.stringify({ kind: "http_error", status: 403, path });
    await sim.send("/sim/faults", { method: "POST", body });
  }
  const isBanned = async () => (await service("rest")).startsWith("down: address banned until ");
  await eventually("the ban shows", 10_000, isBanned);
  const paused = /trading is on: entries paused: address banned until \d\d:\d\d:\d\d UTC/;
  expect(await service("engine")).toMatch(paused);

  const fromMs = Date.now();
  await command("flatten");
  await eventually("nothing is held", 10_000, async () => (await held()).length === 0);
  expect(Date.now() - fromMs).toBeLessThan(10_000);
  const told = await eventually("the flatten waits for its proof", 5_000, async () => {
    const [newest] = await getJson(`${product.monitor}/api/monitor/interventions?limit=1`);
    return /to be proved after the ban/.test(newest.outcome) ? newest : null;
  });
  expect(told).toMatchObject({ action: "flatten", isDone: false });
}, 60_000);
