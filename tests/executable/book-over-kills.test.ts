/**
 * The product killed with trades under way, its exchange living on: at the end the record, the
 * page's day and the venue's wallet say the same, to the last decimal.
 */
import { Database } from "bun:sqlite";
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { fixedToText, parseFixed } from "../../src/kernel/fixed.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { eventually, FROM_SOURCE, freshDir, getJson, startProduct } from "../support/product.ts";

setDefaultTimeout(2 * PRODUCT_MS_MAX);

const WALLET = "10000";
const KEYS = { SCALPER_SIM_API_KEY: "key", SCALPER_SIM_API_SECRET: "secret" };
const FILLS_MS_MAX = 60_000;
const LIVES = 3;
const FILLS_A_LIFE = 2;
/** Exits and stops rest at the venue: some of them are filled meanwhile. */
const DOWN_MS = 4_000;

let exchange: Bun.Subprocess | null = null;
afterAll(() => exchange?.kill());

const money = (text: string) => parseFixed(text) ?? 0n;

test("record, day and wallet are one over kills", async () => {
  const dir = freshDir();
  const url = await startExchange();
  const env = {
    ...KEYS,
    SCALPER_BYBIT_REST_URL: url,
    SCALPER_BYBIT_WS_URL: url.replace("http", "ws"),
  };
  for (let life = 0; life < LIVES; life++) {
    const product = await startProduct({ command: FROM_SOURCE, dir, env });
    const fills = async () => (await accountOf(product.monitor)).fillCount;
    await eventually("it trades", FILLS_MS_MAX, async () => (await fills()) >= FILLS_A_LIFE);
    product.kill("SIGKILL");
    await product.exited;
    await Bun.sleep(DOWN_MS);
  }
  const last = await startProduct({ command: FROM_SOURCE, dir, env });
  await eventually("it goes on", FILLS_MS_MAX, async () => {
    const { trading } = await accountOf(last.monitor);
    return trading.state === "on" && trading.reason === "";
  });
  const flatten = Bun.spawn([...FROM_SOURCE, "flatten"], {
    cwd: dir,
    stdout: "ignore",
    env: { PATH: process.env.PATH ?? "" },
  });
  await flatten.exited;
  const isFlat = async () => (await accountOf(last.monitor)).trading.reason.startsWith("flat, by");
  await eventually("it is flat", FILLS_MS_MAX, isFlat);
  const { equityUsdt, todayUsdt } = await accountOf(last.monitor);
  await last.stop();
  expect(fixedToText(money(equityUsdt) - money(WALLET))).toBe(todayUsdt);
  expect(fixedToText(recordedIn(dir))).toBe(todayUsdt);
});

interface Account {
  readonly equityUsdt: string;
  readonly todayUsdt: string;
  readonly fillCount: number;
  readonly trading: { readonly state: string; readonly reason: string };
}

const accountOf = (monitor: string): Promise<Account> => getJson(`${monitor}/api/monitor/account`);

async function startExchange(): Promise<string> {
  const taken = Bun.serve({ port: 0, fetch: () => new Response("") });
  const port = String(taken.port);
  await taken.stop(true);
  const dir = freshDir();
  exchange = Bun.spawn([...FROM_SOURCE, "sim", "--sim-port", port, "--sim-symbols", "30"], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? "", HOME: dir, ...KEYS },
    stdout: "ignore",
    stderr: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    "the exchange answers",
    FILLS_MS_MAX,
    async () => (await fetch(`${url}/v5/market/time`)).ok,
  );
  return url;
}

function recordedIn(dir: string): bigint {
  const database = new Database(join(dir, "data/scalper.db"), { readonly: true });
  const rows = database
    .query<{ realised: string; fee: string; funding: string }, []>(
      "SELECT realised_pnl AS realised, fee, funding FROM trades WHERE is_ours = 1",
    )
    .all();
  database.close();
  let net = 0n;
  for (const { realised, fee, funding } of rows)
    net += money(realised) - money(fee) - money(funding);
  return net;
}
