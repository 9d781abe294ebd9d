/**
 * What an operator sees of a command, in a real browser: its end with the proof; that it was not
 * delivered, within three seconds, when the server stands still or is gone; and that nothing of it
 * happens later. What is shown of trading never looks newer than it is.
 */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import {
  eventually,
  FROM_SOURCE,
  getJson,
  type Product,
  startProduct,
} from "../support/product.ts";
import { launchBrowser } from "./browser.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const SHOTS = join(import.meta.dir, "screenshots");
const PASSWORD = "browser-test-password";
const WAIT_MS = 15_000;
const TEST_MS = 120_000;
/** Longer than any command holds. */
const FROZEN_MS = 8_000;

const browser: Browser | null = await launchBrowser();
if (browser === null) console.log("skipped: no Chromium can be started; set CHROMIUM_PATH");
await mkdir(SHOTS, { recursive: true });

afterAll(async () => {
  await browser?.close();
});

interface Desk {
  readonly product: Product;
  readonly page: Page;
  readonly dataDir: string;
}

/** A trading product, and a page of it with an admin signed in. */
async function withDesk(
  size: { readonly width: number; readonly height: number },
  work: (desk: Desk) => Promise<void>,
): Promise<void> {
  if (browser === null) throw new Error("a test that is skipped without a browser ran");
  const env = { SCALPER_ADMIN_PASSWORD: PASSWORD, SCALPER_SIM_SYMBOLS: "40" };
  const product = await startProduct({ command: FROM_SOURCE, env });
  const context = await browser.newContext({ viewport: size, colorScheme: "dark" });
  try {
    const page = await context.newPage();
    await page.goto(product.dashboard);
    await page.fill("[name=name]", "admin");
    await page.fill("[name=password]", PASSWORD);
    await page.click("button[type=submit]");
    await page.waitForSelector("#trading-state[data-state=on]", { timeout: WAIT_MS });
    await work({ product, page, dataDir: join(product.dir, "data") });
  } finally {
    product.kill("SIGCONT");
    await context.close();
    await product.stop();
  }
}

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 812 };
const shot = (page: Page, name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });

const interventions = async ({ product }: Desk): Promise<readonly Record<string, unknown>[]> => {
  await Bun.sleep(500); // The record is committed ten times a second.
  return getJson(`${product.monitor}/api/monitor/interventions?limit=50`);
};

/** Presses a button of the bar and the default of its dialog. */
async function order(page: Page, id: string): Promise<void> {
  await page.click(`#stop-${id}`);
  await page.click(`#dialog-${id} button[type=submit]`);
}

/** Does that, and returns the ms from the press to the words on the page, by the page's clock. */
async function untilNotDelivered(page: Page, id: string): Promise<number> {
  const took = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let pressedAtMs = 0;
        document.addEventListener("submit", () => (pressedAtMs = performance.now()), true);
        const tray = document.getElementById("commands");
        const seen = new MutationObserver(() => {
          if (!tray?.textContent?.includes("NOT delivered")) return;
          resolve(performance.now() - pressedAtMs);
          seen.disconnect();
        });
        if (tray !== null) seen.observe(tray, { childList: true, subtree: true });
      }),
  );
  await order(page, id);
  return await took;
}

describe.skipIf(browser === null)("a command", () => {
  test(
    "is shown to its proof, on every page, for all and for one symbol",
    () =>
      withDesk(DESK, async (desk) => {
        const { page, product } = desk;
        await eventually("a position", PRODUCT_MS_MAX, async () => {
          const rows = await getJson(`${product.monitor}/api/monitor/positions`);
          return rows.length > 0;
        });
        await shot(page, "stop-bar-1440");
        await page.click("#stop-flatten");
        await page.waitForSelector("#dialog-flatten >> text=/worth \\d+ USDT/");
        await shot(page, "flatten-dialog-1440");
        await page.click("#dialog-flatten button[type=submit]");
        await page.waitForSelector("#commands >> text=proved flat after", { timeout: WAIT_MS });
        await shot(page, "flatten-done-1440");
        await page.goto(`${product.dashboard}/logs`);
        await order(page, "resume");
        await page.waitForSelector("#trading-state[data-state=on]", { timeout: WAIT_MS });
        await page.click("#stop-symbol");
        await page.fill("#dialog-symbol [name=symbol]", "btcusdt");
        await page.click("#dialog-symbol button[value=pause_symbol]");
        await page.waitForSelector("#live-banner >> text=BTCUSDT (stopped by admin)");
        await page.goto(`${product.dashboard}/symbols/BTCUSDT`);
        await page.click("#live-symbol-position a[data-symbol]");
        await shot(page, "symbol-dialog-1440");
        await page.click("#dialog-symbol button[value=resume_symbol]");
        await page.waitForSelector("#commands >> text=entries are allowed again");
        await page.click("#stop-clear");
        await page.waitForSelector("#dialog-clear >> text=trading goes on and entries return");
        await shot(page, "cancel-dialog-1440");
        await page.click("#dialog-clear button[value=cancel_all]");
        await page.waitForSelector("#commands >> text=trading goes on", { timeout: WAIT_MS });
        await order(page, "clear");
        await page.waitForSelector("#trading-state[data-state=halted]", { timeout: WAIT_MS });
        const rows = await interventions(desk);
        expect(rows.map(({ action }) => action)).toEqual([
          "cancel_halt",
          "cancel_all",
          "resume_symbol",
          "pause_symbol",
          "resume",
          "flatten",
        ]);
      }),
    TEST_MS,
  );

  test(
    "to a frozen server is not delivered within 3 s, says so, and is not carried out later",
    () =>
      withDesk(DESK, async (desk) => {
        const { page, product } = desk;
        const before = (await interventions(desk)).length;
        product.kill("SIGSTOP");
        const frozenAtMs = performance.now();
        await page.waitForSelector("body.late #trading-state .badge[data-age]");
        expect(performance.now() - frozenAtMs).toBeLessThan(3_000);
        const tookMs = await untilNotDelivered(page, "flatten");
        console.log(`not delivered after ${tookMs.toFixed(0)} ms`);
        expect(tookMs).toBeLessThan(3_000);
        const said = await page.textContent("#commands");
        expect(said).toContain("scalper flatten --data-dir");
        await page.waitForSelector("body.lost .not-connected", { timeout: WAIT_MS });
        await shot(page, "not-delivered-1440");
        await Bun.sleep(FROZEN_MS);
        product.kill("SIGCONT");
        await page.waitForSelector("body:not(.late)", { timeout: WAIT_MS });
        await page.waitForSelector("#commands >> text=/NOT done, too late|never arrived/", {
          timeout: WAIT_MS,
        });
        await shot(page, "after-thaw-1440");
        const rows = await interventions(desk);
        const mine = rows
          .slice(0, rows.length - before)
          .filter(({ cause }) => cause === "operator");
        expect(mine.filter(({ verdict }) => verdict === "executed")).toEqual([]);
        expect(await page.getAttribute("#trading-state", "data-state")).toBe("on");
      }),
    TEST_MS,
  );

  test(
    "to a server that is gone is not delivered, and stays on the screen over a change of page",
    () =>
      withDesk(PHONE, async ({ page, product }) => {
        await shot(page, "stop-bar-375");
        await page.click("#stop-flatten");
        await shot(page, "flatten-dialog-375");
        await page.keyboard.press("Escape");
        product.kill("SIGKILL");
        await product.exited;
        expect(await untilNotDelivered(page, "halt")).toBeLessThan(3_000);
        await page.waitForSelector("body.lost", { timeout: WAIT_MS });
        await shot(page, "server-gone-375");
        const kept = await page.evaluate(() => sessionStorage.getItem("scalper-commands"));
        expect(kept).toContain("scalper halt --data-dir");
      }),
    TEST_MS,
  );

  test(
    "survives any difference of the two clocks",
    () =>
      withDesk(DESK, async ({ page }) => {
        await page.addInitScript(() => {
          const { now } = Date;
          Date.now = () => now() - 86_400_000;
        });
        await page.reload();
        await page.waitForSelector("#trading-state[data-state=on]", { timeout: WAIT_MS });
        await order(page, "halt");
        await page.waitForSelector("#commands >> text=entries stopped", { timeout: WAIT_MS });
      }),
    TEST_MS,
  );
});
