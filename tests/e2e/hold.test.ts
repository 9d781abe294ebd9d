/** Halt under a thumb: a tap asks, a press that is held halts, and the next press asks again. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { launchBrowser } from "./browser.ts";
import { startFixture } from "./fixture-product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const WAIT_MS = 15_000;
const browser: Browser | null = await launchBrowser();
if (browser === null) console.log("skipped: no Chromium can be started; set CHROMIUM_PATH");
afterAll(async () => {
  await browser?.close();
});

test.skipIf(browser === null)("a tap asks, a held press halts, a key asks again", async () => {
  if (browser === null) throw new Error("a test that is skipped without a browser ran");
  const { dashboard, stop } = await startFixture();
  const context = await browser.newContext({
    viewport: { width: 375, height: 812 },
    hasTouch: true,
  });
  try {
    await context.addCookies([
      { name: "scalper_session", value: "token-operator", url: dashboard },
    ]);
    const page = await context.newPage();
    await page.goto(dashboard);
    await page.tap("#stop-halt");
    await page.waitForSelector("#dialog-halt[open]", { timeout: WAIT_MS });
    await page.keyboard.press("Escape");
    await page.waitForSelector("#dialog-halt:not([open])", { state: "attached" });
    expect(await page.textContent("#commands")).not.toContain("Halt");
    const box = await page.locator("#stop-halt").boundingBox();
    if (box === null) throw new Error("the button has a place");
    const touch = await context.newCDPSession(page);
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    await page.waitForSelector("#commands >> text=Halt", { timeout: WAIT_MS });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    expect(await page.locator("dialog[open]").count()).toBe(0);
    await page.waitForTimeout(1_000);
    await page.focus("#stop-halt");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#dialog-halt[open]", { timeout: WAIT_MS });
  } finally {
    await context.close();
    await stop();
  }
});
