/**
 * The truth about the link: killed, frozen, started anew, cut, disk full. For each, what the page
 * shows within two seconds, and within two after the return.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { loadavg } from "node:os";
import type { Browser } from "playwright-core";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { launchBrowser } from "./browser.ts";
import { type FixtureProduct, startFixture } from "./fixture-product.ts";
import { isLate, isLive, msUntil, type Opened, openPage } from "./pages.ts";
import { startWire, type Wire } from "./wire.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const SHOWN_MS_MAX = 2_000;
/** On a loaded machine the browser's own timers come late, and a new server starts late. */
const SLACK_MS = 1_000 * Math.max(1, loadavg()[0] ?? 1);
const WAIT_MS = 40_000;

const browser: Browser | null = await launchBrowser();
if (browser === null) console.log("skipped: no Chromium can be started; set CHROMIUM_PATH");
afterAll(async () => {
  await browser?.close();
});

function opened(dashboard: string): Promise<Opened> {
  if (browser === null) throw new Error("a test that is skipped without a browser ran");
  return openPage(browser, { dashboard });
}

const textOf = async (page: Opened["page"], selector: string): Promise<string> =>
  (await page.locator(selector).textContent()) ?? "";

describe.skipIf(browser === null)("a server that goes away", () => {
  let server: FixtureProduct;
  let desk: Opened;
  beforeAll(async () => {
    server = await startFixture();
    desk = await opened(server.dashboard);
  });
  afterAll(async () => {
    await desk.context.close();
    await server.stop();
  });

  test("frozen: grey with an age within two seconds, alive within two after it wakes", async () => {
    const { page } = desk;
    server.signal("SIGSTOP");
    const lateMs = await msUntil(page, isLate, WAIT_MS);
    expect(lateMs).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    expect(await textOf(page, "#link-age")).toMatch(/^late \d+ s$/);
    expect(await page.locator("#trading-state .badge").getAttribute("data-age")).toMatch(/\d+ s/);
    await page.waitForFunction(() => document.body.classList.contains("lost"));
    expect(await page.locator("#link-lost").isVisible()).toBe(true);
    expect(await textOf(page, "#link-age")).toMatch(/^lost \d+ s$/);
    await page.waitForFunction(() => document.title.startsWith("? no link"));
    server.signal("SIGCONT");
    expect(await msUntil(page, isLive, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    expect(await page.locator("#link-lost").isVisible()).toBe(false);
    expect(await page.locator("#trading-state .badge").getAttribute("data-age")).toBeNull();
  });
  test("killed, then another run on the same address: the band names the run before", async () => {
    const { page } = desk;
    const port = Number(new URL(server.dashboard).port);
    server.signal("SIGKILL");
    expect(await msUntil(page, isLate, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    await Bun.sleep(4_000);
    server = await startFixture(port, "k3f9b0", "k3f9a2");
    expect(await msUntil(page, isLive, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    await page.waitForSelector('[data-run="k3f9b0"]', { timeout: WAIT_MS });
    const band = await textOf(page, '[data-run="k3f9b0"]');
    expect(band).toContain("as run k3f9b0");
    expect(band).toContain("run k3f9a2");
    expect(band).toContain("cut off without an end");
    // The foot is no region: it follows with the next values.
    const isFootNew = () =>
      document.querySelector(".foot")?.textContent?.includes("run k3f9b0") === true;
    expect(await msUntil(page, isFootNew, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    expect(await textOf(page, "[data-gaps]")).toContain("restart: run k3f9a2 ended");
  });
  test("stopped in order: the page says so before any silence", async () => {
    const { page } = desk;
    const port = Number(new URL(server.dashboard).port);
    await server.stop();
    expect(await msUntil(page, isLate, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    server = await startFixture(port, "k3f9b1", "k3f9b0");
    await msUntil(page, isLive, WAIT_MS);
  });
  test("disk full: halted and storage down in words, and away when it is free", async () => {
    const { page } = desk;
    server.signal("SIGUSR2");
    const isHalted = () => document.querySelector('#trading-state[data-state="halted"]') !== null;
    expect(await msUntil(page, isHalted, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    await page.waitForFunction(() => document.title.startsWith("■ HALTED"));
    expect(await textOf(page, "#live-banner")).toContain("disk is full");
    expect(await textOf(page, "#live-status")).toContain("storage down");
    server.signal("SIGUSR2");
    const isOn = () => document.querySelector('#trading-state[data-state="on"]') !== null;
    expect(await msUntil(page, isOn, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    await page.waitForFunction(() => /^[+−]?[\d.]+ ● \d+/.test(document.title));
  });
  test("and nothing broke in the page", () => {
    expect(desk.troubles).toEqual([]);
  });
});

describe.skipIf(browser === null)("a link that is cut", () => {
  let server: FixtureProduct;
  let wire: Wire;
  beforeAll(async () => {
    server = await startFixture();
    wire = await startWire(Number(new URL(server.dashboard).port));
  });
  afterAll(async () => {
    wire.stop();
    await server.stop();
  });

  test("without a word: old within two seconds; the gap is marked after the return", async () => {
    const { page, context, troubles } = await opened(wire.url);
    wire.cut();
    expect(await msUntil(page, isLate, WAIT_MS)).toBeLessThan(SHOWN_MS_MAX + SLACK_MS);
    await Bun.sleep(5_000);
    wire.mend();
    // A try that the cut wire has swallowed is given up when something else is answered.
    expect(await msUntil(page, isLive, WAIT_MS)).toBeLessThan(2 * SHOWN_MS_MAX + SLACK_MS);
    await page.waitForSelector(".gap-mark", { timeout: WAIT_MS });
    expect(await textOf(page, "[data-gaps]")).toMatch(/gap \d\d:\d\d:\d\d–\d\d:\d\d:\d\d/);
    expect(troubles).toEqual([]);
    await context.close();
  });
});
