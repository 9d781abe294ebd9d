/**
 * An engine that dies with orders at the venue, and two engines on one account: the exchange is a
 * process of its own, so that it lives on.
 */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ExchangeApart, startExchangeApart } from "../support/exchange-apart.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import {
  eventually,
  FROM_SOURCE,
  freshDir,
  getJson,
  type Product,
  startProduct,
} from "../support/product.ts";

setDefaultTimeout(4 * PRODUCT_MS_MAX);

/** Quotes begin with the first look at the universe, a second or two after the start. */
const QUOTES_MS_MAX = 60_000;
/** The guard reads the account twice and cancels in between; a loaded machine is slow. */
const GONE_MS_MAX = 10_000;

let exchange: ExchangeApart;
const running: Product[] = [];

// A fresh one each: who traded there a minute ago counts as another engine.
beforeEach(async () => {
  exchange = await startExchangeApart(30);
});

afterEach(() => {
  for (const product of running.splice(0)) product.kill("SIGKILL");
  exchange.stop();
});

/** Starts an engine there, and waits until it quotes. */
async function quoting(dir: string, env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const product = await startProduct({
    command: FROM_SOURCE,
    dir,
    env: { ...exchange.env, ...env },
  });
  running.push(product);
  await eventually("it quotes", QUOTES_MS_MAX, async () => (await exchange.entries()).length >= 2);
  return product;
}

const guardLog = (dir: string): string => {
  const path = join(dir, "data/logs/guard.log");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

const allGone = async () => (await exchange.entries()).length === 0;

describe("an engine that is killed", () => {
  test("leaves no entry behind, its successor keeps its own, and a clean end needs nobody", async () => {
    const dir = freshDir();
    const first = await quoting(dir);
    first.kill("SIGKILL");
    await first.exited;
    await eventually("no entry is left", GONE_MS_MAX, allGone);
    await eventually("the guard says so", 20_000, async () =>
      guardLog(dir).includes("no entry of the engine is left"),
    );
    expect(guardLog(dir)).toContain("the engine ended without a farewell");
    const acts = guardLog(dir).split("taking back").length;
    const second = await quoting(dir);
    // The successor's entries stand although its predecessor's guard has just been at work.
    expect(guardLog(dir).split("taking back").length).toBe(acts);
    expect(await second.stop()).toBe(0);
    await eventually("no entry is left", GONE_MS_MAX, allGone);
    expect(guardLog(dir).split("taking back").length).toBe(acts);
  });

  test("without a guard its entries stay, until they are swept", async () => {
    const dir = freshDir();
    const product = await quoting(dir, { SCALPER_GUARD: "off" });
    product.kill("SIGKILL");
    await product.exited;
    await Bun.sleep(2_000);
    const left = (await exchange.entries()).length;
    const sweep = Bun.spawn([...FROM_SOURCE, "sweep"], {
      cwd: dir,
      stdout: "pipe",
      stderr: "pipe",
      env: { PATH: "", ...exchange.env },
    });
    const said = await new Response(sweep.stdout).text();
    expect([await sweep.exited, await allGone()]).toEqual([0, true]);
    // The market goes on between the two looks: an entry may be filled before the sweep reads.
    const swept = Number(/took back (\d+) entr/.exec(said)?.[1]);
    expect(swept).toBeGreaterThan(0);
    expect(swept).toBeLessThanOrEqual(left);
    expect(existsSync(join(dir, "data/logs/guard.log"))).toBe(false);
  });
});

test("an engine that was frozen finds its entries gone, and goes on", async () => {
  const dir = freshDir();
  const product = await quoting(dir, { SCALPER_GUARD_SILENCE_SEC: "2" });
  const before = (await exchange.entries()).map(({ orderLinkId }) => orderLinkId);
  product.kill("SIGSTOP");
  await eventually("no entry is left", 20_000, allGone);
  expect(guardLog(dir)).toContain("no heartbeat of the engine for 2000 ms");
  product.kill("SIGCONT");
  await eventually(
    "it quotes again",
    QUOTES_MS_MAX,
    async () => (await exchange.entries()).length > 0,
  );
  const after = (await exchange.entries()).map(({ orderLinkId }) => orderLinkId);
  expect(after.filter((id) => before.includes(id))).toEqual([]);
  const open = await getJson(`${product.monitor}/api/monitor/orders`);
  expect(JSON.stringify(open.open)).not.toContain(before[0] ?? "none");
  expect(await product.stop()).toBe(0);
});

test("the second engine on an account halts, and cancels nothing of the first", async () => {
  const first = await quoting(freshDir());
  const second = await startProduct({ command: FROM_SOURCE, dir: freshDir(), env: exchange.env });
  running.push(second);
  const trading = async (product: Product) =>
    JSON.stringify(await getJson(`${product.monitor}/api/health`));
  await eventually("the second one sees the first", QUOTES_MS_MAX, async () =>
    (await trading(second)).includes("another engine trades"),
  );
  const ids = () => exchange.entries().then((rows) => rows.map(({ orderLinkId }) => orderLinkId));
  const installation = (await ids())[0]?.slice(0, 8) ?? "";
  for (let look = 0; look < 10; look++) {
    expect((await ids()).filter((id) => !id.startsWith(installation))).toEqual([]);
    await Bun.sleep(200);
  }
  expect(await trading(first)).not.toContain("another engine trades");
  expect(await second.stop()).toBe(0);
  expect((await ids()).length).toBeGreaterThan(0);
  expect(await first.stop()).toBe(0);
});
