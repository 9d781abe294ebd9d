/**
 * Charts in a real browser: they paint, their tables say what the server says, they follow the
 * stream, and whatever breaks in one of them takes neither the page nor its numbers away.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { FIXTURE_PASSWORD } from "../support/web-deps.ts";
import { launchBrowser } from "./browser.ts";
import { type FixtureProduct, startFixture } from "./fixture-product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const WAIT_MS = 15_000;
const SYMBOL_PAGE = "/symbols/BTCUSDT";
const CANDLES = "#chart-symbol-BTCUSDT";
const browser: Browser | null = await launchBrowser();
if (browser === null) console.log("skipped: no Chromium can be started; set CHROMIUM_PATH");

let product: FixtureProduct;

beforeAll(async () => {
  if (browser !== null) product = await startFixture();
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and warnings, page errors, requests to other hosts. */
  readonly troubles: string[];
}

interface Wish {
  readonly width?: number;
  readonly height?: number;
  readonly path?: string;
  readonly colorScheme?: "light" | "dark";
  /** Done before the chart's page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

async function open(wish: Wish = {}): Promise<Opened> {
  if (browser === null) throw new Error("a test that is skipped without a browser ran");
  const { width = 1440, height = 900, path = SYMBOL_PAGE, colorScheme = "dark" } = wish;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: "en-US",
    hasTouch: width < 500,
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (told) => {
    // What reading pixels back costs is the test's own doing.
    if (told.text().includes("willReadFrequently")) return;
    if (["error", "warning"].includes(told.type())) troubles.push(`console: ${told.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).host !== new URL(product.dashboard).host)
      troubles.push(`elsewhere: ${request.url()}`);
  });
  await page.goto(`${product.dashboard}/login`);
  await page.fill("[name=name]", "operator");
  await page.fill("[name=password]", FIXTURE_PASSWORD);
  await page.click("button[type=submit]");
  await page.waitForURL(`${product.dashboard}/`);
  await wish.prepare?.(page);
  troubles.length = 0;
  await page.goto(`${product.dashboard}${path}`);
  return { page, context, troubles };
}

/** Colours on a chart's canvas, each with how many pixels it has. */
function coloursOn(page: Page, chart: string): Promise<Record<string, number>> {
  return page.evaluate((selector) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`${selector} canvas`);
    const found: Record<string, number> = {};
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return found;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      if ((data[at + 3] ?? 0) < 250) continue;
      const name = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      found[name] = (found[name] ?? 0) + 1;
    }
    return found;
  }, chart);
}

const painted = (page: Page, chart: string) =>
  page.waitForSelector(`${chart}.on canvas`, { timeout: WAIT_MS });

const noteOf = (page: Page, chart: string) => page.locator(`${chart} .chart-note`).textContent();

/** What a token is now, as a canvas has it: "76,195,138". */
function token(page: Page, name: string): Promise<string> {
  return page.evaluate((wanted) => {
    const probe = document.createElement("i");
    document.body.append(probe);
    probe.style.color = `var(${wanted})`;
    const text = getComputedStyle(probe).color;
    probe.remove();
    return (text.match(/\d+/g) ?? []).join(",");
  }, name);
}

/** The fixture leaves 20 bars of every 400 out: so long no bar of a second is new. */
const GAP_MS = 20_000;

async function changes(page: Page, read: () => Promise<string | null>): Promise<void> {
  const before = await read();
  const deadline = Date.now() + WAIT_MS + GAP_MS;
  while ((await read()) === before) {
    if (Date.now() > deadline) throw new Error(`still "${before}"`);
    await page.waitForTimeout(100);
  }
}

describe.skipIf(browser === null)("candles", () => {
  test("paint in the page's colours, follow the stream, and react to theme and palette", async () => {
    const { page, context, troubles } = await open();
    await painted(page, CANDLES);
    const good = await token(page, "--good");
    expect((await coloursOn(page, CANDLES))[good]).toBeGreaterThan(200);
    await page.click(`${CANDLES} [data-interval="1s"]`);
    await changes(page, () => noteOf(page, CANDLES));
    await page.evaluate(() => document.documentElement.classList.add("palette-blue-orange"));
    const blue = await token(page, "--good");
    expect(blue).not.toBe(good);
    await page.waitForTimeout(200);
    expect((await coloursOn(page, CANDLES))[blue]).toBeGreaterThan(200);
    await page.evaluate(() => {
      document.documentElement.dataset.theme = "light";
    });
    const light = await token(page, "--good");
    await page.waitForTimeout(200);
    expect((await coloursOn(page, CANDLES))[light]).toBeGreaterThan(200);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("say in their table what the route says, bar by bar, with what is ours", async () => {
    const { page, context } = await open();
    await painted(page, CANDLES);
    await page.click(`${CANDLES} [data-interval="1h"]`);
    await page.waitForFunction(
      (chart) =>
        document
          .querySelector(`${chart} .chart-canvas`)
          ?.getAttribute("aria-label")
          ?.includes("1h"),
      CANDLES,
      { timeout: WAIT_MS },
    );
    await page.click(`${CANDLES} summary`);
    await page.waitForFunction(
      (chart) => document.querySelectorAll(`${chart} tbody tr`).length > 100,
      CANDLES,
    );
    const { rows, told } = await page.evaluate(async (chart) => {
      const answer = await fetch("/api/symbol/BTCUSDT/bars?interval=1h");
      const lines = [...document.querySelectorAll(`${chart} tbody tr`)];
      const rows = lines.map((line) => [...line.children].map((cell) => cell.textContent ?? ""));
      return { rows, told: await answer.json() };
    }, CANDLES);
    expect(rows).toHaveLength(told.t.length);
    const number = (text: string) => Number(text.replaceAll(",", ""));
    // The running bar may have moved in between.
    for (const [at, row] of rows.toReversed().slice(0, -1).entries()) {
      const prices = row.slice(1, 5).map(number);
      expect(prices).toEqual([told.o[at], told.h[at], told.l[at], told.c[at]]);
      expect(row[0]).toEndWith(new Date(told.t[at]).toISOString().slice(11, 19));
    }
    const marks = rows.flatMap((row) => (row[6] ?? "").split(", ")).filter((text) => text !== "");
    expect(marks).toHaveLength(told.fills.length);
    await context.close();
  });

  test("move and scale by keys and wheel, and follow again", async () => {
    const { page, context, troubles } = await open();
    await painted(page, CANDLES);
    await page.focus(`${CANDLES} .chart-canvas`);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("+");
    expect(await noteOf(page, CANDLES)).toContain("moved");
    await page.keyboard.press("End");
    expect(await noteOf(page, CANDLES)).not.toContain("moved");
    const box = await page.locator(`${CANDLES} .chart-canvas`).boundingBox();
    if (box === null) throw new Error("the chart has a place");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    // The bar under the pointer is the one that is said.
    expect(await noteOf(page, CANDLES)).toMatch(/O [\d,.]+ {2}H /);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    expect(await noteOf(page, CANDLES)).toContain("moved");
    await page.click(`${CANDLES} [data-now]`);
    expect(await noteOf(page, CANDLES)).not.toContain("moved");
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("are scaled by two fingers on a phone, where the page does not overflow", async () => {
    const { page, context, troubles } = await open({ width: 375, height: 812 });
    await painted(page, CANDLES);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    const before = await coloursOn(page, CANDLES);
    await page.evaluate((chart) => {
      const canvas = document.querySelector(`${chart} .chart-canvas`);
      const { left, top, width } = canvas?.getBoundingClientRect() ?? new DOMRect();
      const send = (type: string, pointerId: number, share: number) =>
        canvas?.dispatchEvent(
          new PointerEvent(type, {
            pointerId,
            pointerType: "touch",
            clientX: left + width * share,
            clientY: top + 40,
            bubbles: true,
          }),
        );
      Object.assign(canvas ?? {}, { setPointerCapture: () => {} });
      send("pointerdown", 1, 0.4);
      send("pointerdown", 2, 0.6);
      send("pointermove", 1, 0.1);
      send("pointermove", 2, 0.9);
      send("pointerup", 1, 0.1);
      send("pointerup", 2, 0.9);
    }, CANDLES);
    await page.waitForTimeout(200);
    expect(await coloursOn(page, CANDLES)).not.toEqual(before);
    expect(troubles).toEqual([]);
    await context.close();
  });
});

describe.skipIf(browser === null)("equity", () => {
  test("paints on the desk, changes its range, and its table says what the route says", async () => {
    const { page, context, troubles } = await open({ path: "/" });
    await painted(page, "#chart-equity");
    await page.click('#chart-equity [data-range="24h"]');
    await page.waitForFunction(
      () => document.querySelector("#chart-equity .chart-canvas")?.ariaLabel?.includes("24 hours"),
      undefined,
      { timeout: WAIT_MS },
    );
    await page.click("#chart-equity summary");
    const { rows, told } = await page.evaluate(async () => {
      const answer = await fetch("/api/chart/equity?range=24h");
      const lines = [...document.querySelectorAll("#chart-equity tbody tr")];
      const rows = lines.map((line) => [...line.children].map((cell) => cell.textContent ?? ""));
      return { rows, told: await answer.json() };
    });
    expect(rows.length).toBe(told.t.length);
    const worths = rows.map((row) => Number((row[1] ?? "").replaceAll(",", ""))).reverse();
    expect(worths).toEqual(told.equity.map((each: number) => Number(each.toFixed(2))));
    expect(troubles).toEqual([]);
    await context.close();
  });
});

describe.skipIf(browser === null)("a chart that cannot be", () => {
  const pageLives = async (page: Page) => {
    await page.waitForSelector(`${CANDLES}.failed`, { timeout: WAIT_MS });
    expect(await page.locator(`${CANDLES} .chart-twin`).getAttribute("open")).not.toBeNull();
    expect(await page.locator(`${CANDLES} tbody tr`).count()).toBeGreaterThan(5);
    expect(await page.locator(`${CANDLES} tbody tr`).first().isVisible()).toBe(true);
    expect(await noteOf(page, CANDLES)).toContain("cannot be drawn");
    // The numbers beside it go on.
    const last = () => page.locator('#live-symbol-now [data-v="now.last"]').textContent();
    await changes(page, last);
  };

  test("drawn: what it throws is its own, its table opens, and the page goes on", async () => {
    const { page, context } = await open({
      prepare: (page) =>
        page.addInitScript(() => {
          CanvasRenderingContext2D.prototype.fillRect = () => {
            throw new Error("planted");
          };
        }),
    });
    await pageLives(page);
    await context.close();
  });

  test("loaded: the same without the library", async () => {
    const { page, context } = await open({
      prepare: (page) =>
        page.route("**/uPlot.iife.min.js", (route) =>
          route.fulfill({ contentType: "text/javascript", body: "throw new Error('planted')" }),
        ),
    });
    await pageLives(page);
    await context.close();
  });

  test("in a locale that is no BCP 47 tag: it is drawn all the same", async () => {
    const { page, context, troubles } = await open({
      prepare: (page) =>
        page.addInitScript(() => {
          Object.defineProperty(Navigator.prototype, "language", {
            get: () => "en-US@posix",
            configurable: true,
          });
        }),
    });
    await painted(page, CANDLES);
    expect(await page.evaluate(() => navigator.language)).not.toBe("");
    expect(await noteOf(page, CANDLES)).toMatch(/O [\d,.]+/);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("scripted at all: tables are there without a script", async () => {
    if (browser === null) throw new Error("a test that is skipped without a browser ran");
    const { page, context } = await open();
    const cookies = await context.cookies();
    await page.close();
    const plain = await browser.newContext({ javaScriptEnabled: false });
    await plain.addCookies(cookies);
    const bare = await plain.newPage();
    await bare.goto(`${product.dashboard}${SYMBOL_PAGE}`);
    expect(await bare.locator(`${CANDLES} .chart-twin summary`).isVisible()).toBe(true);
    expect(await bare.locator(`${CANDLES} tbody tr`).count()).toBeGreaterThan(5);
    expect(await bare.locator(`${CANDLES} .chart-canvas`).isVisible()).toBe(false);
    await bare.screenshot({ path: join(import.meta.dir, "screenshots", "symbol-no-script.png") });
    await plain.close();
    await context.close();
  });
});
