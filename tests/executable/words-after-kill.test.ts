/** What people said of symbols, and what was learned of them, is there again after kill −9. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
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

const PASSWORD = "correct horse battery staple";
const READY_MS_MAX = 60_000;
const dir = freshDir();
const dataDir = join(dir, "data");
let product: Product;

afterAll(() => product?.stop());

const start = () =>
  startProduct({
    command: FROM_SOURCE,
    dir,
    args: ["--data-dir", dataDir, "--sim-symbols", "40"],
    env: { SCALPER_ADMIN_PASSWORD: PASSWORD },
  });

async function say(...args: string[]): Promise<string> {
  const child = Bun.spawn([...FROM_SOURCE, ...args, "--data-dir", dataDir, "--json"], {
    env: { PATH: process.env.PATH ?? "", LOGNAME: "ann" },
    stdout: "pipe",
    stderr: "inherit",
  });
  const [out, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  expect(code).toBe(0);
  return out;
}

/** As the page's program does: signs in, learns its token, puts. */
async function put(symbol: string, body: unknown): Promise<Response> {
  const { dashboard } = product;
  const login = await fetch(`${dashboard}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: dashboard, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ name: "admin", password: PASSWORD }),
  });
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const session = await fetch(`${dashboard}/api/session`, { headers: { cookie } });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  const headers = { cookie, "content-type": "application/json", origin: dashboard };
  return fetch(`${dashboard}/api/symbol/${symbol}/profile`, {
    method: "PUT",
    headers: { ...headers, "x-csrf-token": csrfToken },
    body: JSON.stringify(body),
  });
}

const profile = (symbol: string) => getJson(`${product.monitor}/api/symbol/${symbol}/profile`);
const looked = (symbol: string) =>
  eventually("a look", READY_MS_MAX, async () => (await profile(symbol)).updatedAtMs > 0);

test("pins, blocks, notes and numbers outlive kill −9", async () => {
  product = await start();
  await looked("BTCUSDT");
  await eventually("the account", READY_MS_MAX, async () =>
    (await say("status")).includes('"trading":'),
  );
  await eventually("a pin is taken", READY_MS_MAX, async () => {
    const told = await put("BTCUSDT", { note: "thin on Sundays", overrides: { adverseBps: 3 } });
    return told.status === 200;
  });
  expect(await say("pin", "BTCUSDT", "--reason", "listing")).toContain("pinned");
  expect(await say("block", "ETHUSDT", "--reason", "news")).toContain("blocked");
  expect((await put("BTCUSDT", { note: 7 })).status).toBe(400);
  product.kill("SIGKILL");
  await product.exited;

  product = await start();
  await eventually("what was said", READY_MS_MAX, async () => {
    return (await profile("BTCUSDT")).pin !== null;
  });
  const { pin, note, overrides } = await profile("BTCUSDT");
  expect(pin).toMatchObject({ by: "ann (terminal)", reason: "listing" });
  expect(note).toBe("thin on Sundays");
  expect(overrides).toMatchObject({ adverseBps: 3, enterScore: null });
  expect((await profile("ETHUSDT")).block).toMatchObject({ reason: "news" });
  await eventually("the pinned one is active", READY_MS_MAX, async () => {
    const { active } = await getJson(`${product.monitor}/api/monitor/universe`);
    return active.includes("BTCUSDT") && !active.includes("ETHUSDT");
  });
});
