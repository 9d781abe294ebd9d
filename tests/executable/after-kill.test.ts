/**
 * Killed with positions open and real money's rules, the venue living on: the next start protects
 * what is held within seconds, lets nobody enter, and finishes a flatten that was begun.
 */
import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { type RunningSimulator, startSimulatorServer } from "../../src/simulator/index.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import {
  eventually,
  FROM_SOURCE,
  freshDir,
  getJson,
  type Product,
  startProduct,
} from "../support/product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const KEYS = { apiKey: "after-kill-key", apiSecret: "after-kill-secret" };
const OWNER = { authorization: `Bearer ${KEYS.apiSecret}` };
const PASSWORD = "correct horse battery staple";
/** There and back. */
const LATENCY_MS = 20;
const SEEN_MS_MAX = 30_000;
/** Seconds on a machine of its own; before there was any of this it was half a minute, or never. */
const BUSY_MS_MAX = 15_000;

let exchange: RunningSimulator;
let url = "";
const running = new Set<Product>();

// An exchange for each test: to the next one, fills of this would be another engine's.
beforeEach(async () => {
  exchange = await startSimulatorServer({
    seed: "after-kill",
    symbols: 40,
    port: 0,
    host: "127.0.0.1",
    accounts: [{ ...KEYS, walletUsdt: "100000" }],
    delayMs: [LATENCY_MS, LATENCY_MS],
  });
  url = `http://127.0.0.1:${exchange.port}`;
});

afterEach(async () => {
  for (const product of running) await die(product);
  await exchange.stop();
});

const live = (dir: string) =>
  startProduct({
    command: FROM_SOURCE,
    dir,
    env: {
      SCALPER_VENUE: "mainnet",
      SCALPER_TRADING: "live",
      SCALPER_BYBIT_REST_URL: url,
      SCALPER_BYBIT_WS_URL: url.replace("http", "ws"),
      BYBIT_API_KEY: KEYS.apiKey,
      BYBIT_API_SECRET: KEYS.apiSecret,
      SCALPER_ADMIN_PASSWORD: PASSWORD,
    },
  }).then((product) => {
    running.add(product);
    return product;
  });

async function die(product: Product): Promise<void> {
  running.delete(product);
  product.kill("SIGKILL");
  await product.exited;
}

// ------------------------------------------------------------------------- the venue as referee

interface Held {
  readonly symbol: string;
  readonly side: string;
  readonly size: string;
  readonly stopLoss: string;
}

interface Working {
  readonly symbol: string;
  readonly reduceOnly: boolean;
  readonly stopOrderType: string;
}

interface Answer<Row> {
  readonly retCode: number;
  readonly result: { readonly list: readonly Row[] };
}

interface Listed {
  readonly symbol: string;
  readonly lotSizeFilter: { readonly minOrderQty: string; readonly minNotionalValue: string };
}

interface Told {
  readonly action: string;
  readonly cause: string;
  readonly symbol: string;
  readonly outcome: string;
  readonly isDone: boolean;
}

async function signed<Row>(
  method: "GET" | "POST",
  path: string,
  payload: string,
): Promise<Answer<Row>> {
  const stamp = String(Date.now());
  const sign = createHmac("sha256", KEYS.apiSecret)
    .update(`${stamp}${KEYS.apiKey}5000${payload}`)
    .digest("hex");
  const answer = await fetch(method === "GET" ? `${url}${path}?${payload}` : `${url}${path}`, {
    method,
    headers: {
      "X-BAPI-API-KEY": KEYS.apiKey,
      "X-BAPI-TIMESTAMP": stamp,
      "X-BAPI-RECV-WINDOW": "5000",
      "X-BAPI-SIGN": sign,
      "Content-Type": "application/json",
    },
    ...(method === "POST" && { body: payload }),
  });
  return answer.json();
}

async function positions(): Promise<readonly Held[]> {
  const query = "category=linear&settleCoin=USDT&limit=200";
  const { result } = await signed<Held>("GET", "/v5/position/list", query);
  return result.list.filter(({ size }) => Number(size) > 0);
}

/** Orders that work at the venue, stops held behind positions left out. */
async function working(): Promise<readonly Working[]> {
  const query = "category=linear&settleCoin=USDT&openOnly=0&limit=50";
  const { result } = await signed<Working>("GET", "/v5/order/realtime", query);
  return result.list.filter(({ stopOrderType }) => stopOrderType === "");
}

const order = (terms: object) =>
  signed(
    "POST",
    "/v5/order/create",
    JSON.stringify({ category: "linear", orderType: "Market", ...terms }),
  );

/** Opens positions without stops, as the maker of the youngest run would have, or by hand. */
async function hold(count: number, dir?: string): Promise<void> {
  const listed: Answer<Listed> = await getJson(
    `${url}/v5/market/instruments-info?category=linear&limit=100`,
  );
  const tickers: Answer<{ symbol: string; lastPrice: string }> = await getJson(
    `${url}/v5/market/tickers?category=linear`,
  );
  const prices = new Map(
    tickers.result.list.map(({ symbol, lastPrice }) => [symbol, Number(lastPrice)]),
  );
  const runId = dir === undefined ? null : youngestRun(dir);
  for (const [index, { symbol, lotSizeFilter }] of listed.result.list.slice(0, count).entries()) {
    const { minOrderQty, minNotionalValue } = lotSizeFilter;
    const price = prices.get(symbol) ?? 1;
    const lots = Math.ceil((Number(minNotionalValue) * 1.5) / price / Number(minOrderQty));
    const qty = (Math.max(1, lots) * Number(minOrderQty)).toFixed(
      (minOrderQty.split(".")[1] ?? "").length,
    );
    const own = runId === null ? {} : { orderLinkId: `${runId}-maker-9${index}` };
    const answer = await order({ symbol, side: "Buy", qty, ...own });
    if (answer.retCode !== 0) throw new Error(`${symbol} ${qty}: ${JSON.stringify(answer)}`);
    await Bun.sleep(110);
  }
  await eventually(`${count} positions`, SEEN_MS_MAX, async () => {
    return (await positions()).length === count;
  });
}

function youngestRun(dir: string): string {
  const database = new Database(join(dir, "data", "scalper.db"), { readonly: true });
  const row = database
    .query<{ id: string }, []>("SELECT id FROM runs ORDER BY started_at_ms DESC")
    .get();
  database.close();
  return row?.id ?? "";
}

/** No answer, no connection. */
const AWAY = [
  { kind: "maintenance", path: "/v5/" },
  { kind: "refuse_connect" },
  { kind: "disconnect" },
];

async function inject(...faults: readonly object[]): Promise<void> {
  const body = JSON.stringify(faults);
  expect((await fetch(`${url}/sim/faults`, { method: "POST", body, headers: OWNER })).status).toBe(
    201,
  );
}

// ------------------------------------------------------------------------- the operator

async function command(product: Product, action: string): Promise<void> {
  const { dashboard } = product;
  const login = await fetch(`${dashboard}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: dashboard },
    body: new URLSearchParams({ name: "admin", password: PASSWORD }),
  });
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const session = await (await fetch(`${dashboard}/api/session`, { headers: { cookie } })).json();
  const answer = await fetch(`${dashboard}/commands`, {
    method: "POST",
    headers: {
      cookie,
      origin: dashboard,
      "x-csrf-token": session.csrfToken,
      "content-type": "application/json",
      accept: "application/json",
    },
    body: JSON.stringify({ action, reason: "storm" }),
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
}

const ready = ({ monitor }: Product) =>
  eventually("readyz", SEEN_MS_MAX, async () => (await fetch(`${monitor}/readyz`)).ok);

async function engineHealth({ monitor }: Product): Promise<{ status: string; detail: string }> {
  const health: { services: { name: string; status: string; detail: string }[] } = await getJson(
    `${monitor}/api/health`,
  );
  const engine = health.services.find(({ name }) => name === "engine");
  return engine ?? { status: "absent", detail: "" };
}

/** Ms until `holds` says so, asked every 20 ms. */
async function timed(what: string, holds: () => Promise<boolean>): Promise<number> {
  const sinceMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - sinceMs > SEEN_MS_MAX) throw new Error(`in vain: ${what}`);
    await Bun.sleep(20);
  }
  return Math.round(performance.now() - sinceMs);
}

/** What is still held has its stop: an exit may have been filled meanwhile. */
const areStopped = async () => (await positions()).every(({ stopLoss }) => Number(stopLoss) > 0);

/** Shown with the test: how long it took this time. */
const tell = (what: string, ms: number) => console.log(`${what}: ${ms} ms`);

describe("killed with real money's rules", () => {
  test("inside the grace of a stop: the position has one soon after the next start", async () => {
    const dir = freshDir();
    const first = await live(dir);
    await ready(first);
    await command(first, "resume");
    await hold(1, dir);
    await die(first);
    expect((await positions()).map(({ stopLoss }) => Number(stopLoss))).toEqual([0]);
    const from = performance.now();
    const second = await live(dir);
    const afterPrint = await timed("a stop", () => areStopped());
    tell("start to the stop of one position", Math.round(performance.now() - from));
    expect(afterPrint).toBeLessThan(BUSY_MS_MAX);
    const health = await eventually("what trading is", SEEN_MS_MAX, async () => {
      const engine = await engineHealth(second);
      return engine.detail.includes("reducing") ? engine : null;
    });
    expect(health.detail).toContain("reducing: restarted after a crash, resume to trade");
    expect(health.status).toBe("ok");
    expect((await working()).filter(({ reduceOnly }) => !reduceOnly)).toEqual([]);
  });

  test("25 positions found without stops have them all, and exits", async () => {
    const dir = freshDir();
    const first = await live(dir);
    await ready(first);
    await command(first, "resume");
    await command(first, "halt");
    await die(first);
    await hold(25, dir);
    const from = performance.now();
    await live(dir);
    const stopsMs = await timed("25 stops", () => areStopped());
    tell("start to 25 stops", Math.round(performance.now() - from));
    expect(stopsMs).toBeLessThan(BUSY_MS_MAX);
    const exitsMs = await timed("25 exits", async () => {
      const exits = (await working()).filter(({ reduceOnly }) => reduceOnly);
      return new Set(exits.map(({ symbol }) => symbol)).size >= (await positions()).length;
    });
    tell("then to all exits", exitsMs);
  });

  test("inside a flatten with the venue away: it goes on by itself, and says so", async () => {
    const dir = freshDir();
    const first = await live(dir);
    await ready(first);
    await hold(3, dir);
    await command(first, "resume");
    await inject(...AWAY);
    await command(first, "flatten");
    await die(first);
    await fetch(`${url}/sim/faults`, { method: "DELETE", headers: OWNER });
    expect(await positions()).toHaveLength(3);
    const from = performance.now();
    const second = await live(dir);
    await timed("flat", async () => (await positions()).length === 0);
    tell("start to flat", Math.round(performance.now() - from));
    const row = await eventually("the proof", SEEN_MS_MAX, async () => {
      const rows: Told[] = await getJson(`${second.monitor}/api/monitor/interventions?limit=50`);
      const flattens = rows.filter(({ action }) => action === "flatten");
      expect(flattens).toHaveLength(1);
      return flattens.find(({ isDone }) => isDone);
    });
    expect(row.outcome).toContain("proved flat");
    await eventually("flat in health", SEEN_MS_MAX, async () =>
      (await engineHealth(second)).detail.includes("flat, by admin: storm"),
    );
  });

  test("an account that was never armed is left alone, and its position is red", async () => {
    await hold(1);
    const product = await live(freshDir());
    await ready(product);
    const health = await eventually("a red engine", SEEN_MS_MAX, async () => {
      const engine = await engineHealth(product);
      return engine.status === "down" ? engine : null;
    });
    const [{ symbol = "" } = {}] = await positions();
    expect(health.detail).toContain(`nobody stops or closes the position of ${symbol}`);
    expect((await positions()).map(({ stopLoss }) => Number(stopLoss))).toEqual([0]);
  });
});

describe("a venue in trouble, with real money's rules", () => {
  test("refuses a stop twice: the position is closed, its symbol halted", async () => {
    const product = await live(freshDir());
    await ready(product);
    await command(product, "resume");
    await inject({ kind: "ret_code", path: "/v5/position/trading-stop", code: 10_001 });
    await hold(1);
    const [{ symbol = "" } = {}] = await positions();
    const ms = await timed("closed", async () =>
      (await positions()).every((held) => held.symbol !== symbol),
    );
    tell("without a stop until closed", ms);
    expect(ms).toBeLessThan(BUSY_MS_MAX);
    const told = await eventually("the story of it", SEEN_MS_MAX, async () => {
      const rows: Told[] = await getJson(`${product.monitor}/api/monitor/interventions?limit=50`);
      return rows.find(({ action }) => action === "close_symbol");
    });
    expect(told).toMatchObject({ cause: "stop_refused", symbol });
  });

  test("is away for 8 s in a flatten: flat within seconds of its return", async () => {
    const dir = freshDir();
    const product = await live(dir);
    await ready(product);
    await hold(3, dir);
    await command(product, "resume");
    await inject(...AWAY);
    await command(product, "flatten");
    await Bun.sleep(8_000);
    await fetch(`${url}/sim/faults`, { method: "DELETE", headers: OWNER });
    const ms = await timed("flat", async () => (await positions()).length === 0);
    tell("return to flat", ms);
    expect(ms).toBeLessThan(BUSY_MS_MAX);
  });
});
