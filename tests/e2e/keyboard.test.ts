/**
 * A trader's evening by keyboard alone: find a symbol, see why, pause it, close it, look at the
 * blotter, halt, flatten; and everything that keys must not do.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { launchBrowser } from "./browser.ts";
import { type FixtureProduct, startFixture } from "./fixture-product.ts";
import { type Opened, openPage } from "./pages.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const WAIT_MS = 40_000;
const browser: Browser | null = await launchBrowser();
if (browser === null) console.log("skipped: no Chromium can be started; set CHROMIUM_PATH");
afterAll(async () => {
  await browser?.close();
});

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? "");

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

describe.skipIf(browser === null)("by keyboard alone", () => {
  let server: FixtureProduct;
  let desk: Opened;
  let page: Page;
  beforeAll(async () => {
    server = await startFixture();
    if (browser === null) throw new Error("a test that is skipped without a browser ran");
    desk = await openPage(browser, { dashboard: server.dashboard }, "admin");
    page = desk.page;
  });
  afterAll(async () => {
    await desk.context.close();
    await server.stop();
  });
  const tray = (text: string) =>
    page.waitForFunction(
      (wanted) => document.getElementById("commands")?.textContent?.includes(wanted) === true,
      text,
      { timeout: WAIT_MS },
    );

  test("the map opens and closes, and names every page's letter", async () => {
    await press(page, "?");
    await page.waitForSelector("#dialog-keys[open]");
    expect(await page.locator("#dialog-keys").textContent()).toContain("g b");
    await press(page, "Escape");
    await page.waitForSelector("#dialog-keys:not([open])", { state: "attached" });
  });
  test("rows are walked and keep the focus while values change under it", async () => {
    await press(page, "j", "j");
    const name = await focused(page);
    expect(name).toMatch(/USDT$/);
    await Bun.sleep(2_500);
    expect(await focused(page)).toBe(name);
    await press(page, "k");
    expect(await focused(page)).not.toBe(name);
    // A chart names a symbol and is no row.
    expect(await page.locator("main figure[data-symbol]").count()).toBeGreaterThan(0);
    for (let row = 0; row < 60; row++) {
      await press(page, "j");
      expect(await page.locator("figure[data-symbol]:focus-within").count()).toBe(0);
    }
    for (let row = 0; row < 60; row++) await press(page, "k");
  });
  test("a row under the pointer does not move, and moves on when the hand is gone", async () => {
    const row = page.locator("main tr:has(a.symbol)").nth(2);
    await row.scrollIntoViewIfNeeded();
    const box = await row.boundingBox();
    if (box === null) throw new Error("the table has a third row");
    await page.mouse.move(box.x + 40, box.y + 5);
    /** A message of the stream that would empty the region under the pointer. */
    const isHeld = (): boolean => {
      const rows = document.querySelectorAll("main tr:has(a.symbol)");
      const region = rows[2]?.closest('[id^="live-"]');
      const data = `<hx-partial hx-target="#${region?.id}" hx-swap="innerMorph"><p id="anew">n</p></hx-partial>`;
      const detail = { message: { event: "", data } };
      const message = new CustomEvent("htmx:sse:before:message", {
        ...{ detail, bubbles: true, cancelable: true },
      });
      document.getElementById("stream")?.dispatchEvent(message);
      return message.defaultPrevented;
    };
    expect(await page.evaluate(isHeld)).toBe(true);
    expect(await page.locator("#anew").count()).toBe(0);
    await page.mouse.move(5, 5);
    await page.waitForSelector("#anew", { state: "attached", timeout: WAIT_MS });
    await page.reload();
    await page.waitForFunction(() => document.getElementById("link-age")?.textContent === "live");
    await press(page, "j");
  });
  test("x and p ask about the row's own symbol", async () => {
    await press(page, "j");
    const symbol = await focused(page);
    await press(page, "x");
    await page.waitForSelector("#dialog-symbol[open]");
    expect(await page.inputValue("#dialog-symbol [name=symbol]")).toBe(symbol);
    await press(page, "Escape");
    await page.waitForSelector("#dialog-symbol:not([open])", { state: "attached" });
  });
  test("the palette finds a symbol on the server and goes there", async () => {
    await press(page, "Control+k");
    await page.keyboard.type("btcusdt");
    await page.waitForSelector("#palette-list [role=option]");
    await press(page, "Enter");
    await page.waitForURL("**/symbols/*BTCUSDT", { timeout: WAIT_MS });
  });
  test("g and a letter go to a page; / searches there, and letters in a field are letters", async () => {
    await press(page, "g", "s");
    await page.waitForURL("**/symbols", { timeout: WAIT_MS });
    await press(page, "/");
    await page.keyboard.type("gd");
    expect(new URL(page.url()).pathname).toBe("/symbols");
    const field = page.locator("main input:focus");
    expect(await field.inputValue()).toBe("gd");
    await press(page, "Escape", "g", "b");
    await page.waitForURL("**/blotter", { timeout: WAIT_MS });
  });
  test("theme and zone are kept over pages, before the first paint", async () => {
    await press(page, "z");
    const zone = () => document.documentElement.classList.contains("zone-local");
    expect(await page.evaluate(zone)).toBe(true);
    const first = page.locator("main time").first();
    if ((await first.count()) > 0) {
      const iso = (await first.getAttribute("datetime")) ?? "";
      const hours = new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(11, 19);
      expect(await first.textContent()).toContain(hours);
    }
    await press(page, "g", "d");
    await page.waitForURL(`${server.dashboard}/`, { timeout: WAIT_MS });
    expect(await page.evaluate(zone)).toBe(true);
  });
  test("halt takes Shift+H twice, and one alone does nothing", async () => {
    await press(page, "Shift+H");
    expect(await page.locator("#key-note").textContent()).toContain("again to halt");
    await press(page, "Escape");
    await Bun.sleep(300);
    expect(await page.locator("#commands").textContent()).not.toContain("Halt");
    await press(page, "Shift+H", "Shift+H");
    await tray("Halt");
  });
  test("flatten wants the whole word", async () => {
    await press(page, "Shift+F");
    await page.keyboard.type("flip");
    await Bun.sleep(300);
    expect(await page.locator("#commands").textContent()).not.toContain("Flatten");
    await press(page, "Shift+F");
    await page.keyboard.type("flat");
    await tray("Flatten");
  });
  test("switched off, nothing happens; the button brings them back", async () => {
    await page.click('[data-display="keys"]');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await press(page, "?", "Shift+H", "Shift+H", "g", "s");
    await Bun.sleep(300);
    expect(await page.locator("#dialog-keys[open]").count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe("/");
    await page.click('[data-display="keys"]');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await press(page, "?");
    await page.waitForSelector("#dialog-keys[open]");
    await press(page, "Escape");
  });
  test("and nothing broke in the page", () => {
    expect(desk.troubles).toEqual([]);
  });
});
