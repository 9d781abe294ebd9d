/**
 * The dashboard in a real browser: signs in, sees prices change without reloading, halts and
 * resumes, follows a log, reads on a phone, and never asks another host for anything.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { FIXTURE_PASSWORD } from "../support/web-deps.ts";
import { launchBrowser } from "./browser.ts";
import { type Product, startFixture, startProduct } from "./product.ts";

const SHOTS = join(import.meta.dir, "screenshots");
const PAGES = ["/", "/symbols", "/symbols/BTCUSDT", "/trades", "/logs", "/health", "/account"];
const SIZES = [
  { width: 1440, height: 900 },
  { width: 375, height: 812 },
];
/** The real product where it exists, the same pages over literals otherwise. */
const HAS_PRODUCT = existsSync(join(import.meta.dir, "../../src/main.ts"));
const WAIT_MS = 15_000;
const TEST_MS = 90_000;

let browser: Browser | null = null;

beforeAll(async () => {
  browser = await launchBrowser();
  await mkdir(SHOTS, { recursive: true });
}, TEST_MS);

afterAll(async () => {
  await browser?.close();
});

interface Seen {
  /** Console errors, CSP violations, page errors, failed answers, requests to other hosts. */
  readonly troubles: string[];
  readonly page: Page;
  readonly context: BrowserContext;
}

async function open(
  product: Product,
  options: { width: number; height: number; colorScheme: "light" | "dark" },
): Promise<Seen> {
  if (browser === null) throw new Error("no Chromium found: set CHROMIUM_PATH");
  const { width, height, colorScheme } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const troubles: string[] = [];
  const host = new URL(product.dashboardUrl).host;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`page: ${error.message}`));
  page.on("response", (answer) => {
    if (answer.status() >= 400) troubles.push(`${answer.status()} ${answer.url()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).host !== host) troubles.push(`elsewhere: ${request.url()}`);
  });
  return { troubles, page, context };
}

async function signIn(product: Product, page: Page): Promise<void> {
  await page.goto(product.dashboardUrl);
  expect(new URL(page.url()).pathname).toBe("/login");
  await page.fill("[name=name]", product.user);
  await page.fill("[name=password]", product.password);
  await page.click("button[type=submit]");
  await page.waitForURL(`${product.dashboardUrl}/`);
}

/** Waits until the text of `selector` is another one, without any navigation in between. */
async function changes(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { timeout: WAIT_MS });
  await page.evaluate((found) => {
    Object.assign(window, { notReloaded: true });
    const before = document.querySelector(found)?.textContent ?? "";
    Object.assign(window, { textBefore: before });
  }, selector);
  await page.waitForFunction(
    (found) => {
      const now = document.querySelector(found)?.textContent ?? "";
      const before: unknown = Reflect.get(window, "textBefore");
      return now !== "" && now !== before && Reflect.get(window, "notReloaded") === true;
    },
    selector,
    { timeout: WAIT_MS },
  );
}

async function overflowPx(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

function nameOf(path: string): string {
  return path === "/" ? "overview" : path.slice(1).replaceAll("/", "-");
}

describe.skipIf(!HAS_PRODUCT)("the product", () => {
  test(
    "signs in, and prices change without reloading",
    async () => {
      const product = await startProduct();
      try {
        const { page, troubles, context } = await open(product, {
          width: 1440,
          height: 900,
          colorScheme: "light",
        });
        await signIn(product, page);
        await changes(page, "[data-price]");
        await changes(page, "#clock");
        await page.goto(`${product.dashboardUrl}/symbols`);
        await changes(page, "#live-symbol-rows");
        expect(await page.textContent(".pager")).toContain("611 symbols");
        for (const path of PAGES) {
          await page.goto(product.dashboardUrl + path);
          await page.waitForTimeout(1_200);
          await page.screenshot({ path: join(SHOTS, `product-${nameOf(path)}.png`) });
        }
        await context.close();
        expect(troubles).toEqual([]);
      } finally {
        await product.stop();
      }
    },
    TEST_MS,
  );
});

describe("the pages", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startFixture(FIXTURE_PASSWORD);
  }, TEST_MS);
  afterAll(async () => {
    await product.stop();
  });

  for (const { width, height } of SIZES) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(
        `fit ${width} px, ${colorScheme}, without a complaint`,
        async () => {
          const { page, troubles, context } = await open(product, { width, height, colorScheme });
          const shot = (name: string) =>
            page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`) });
          await page.goto(product.dashboardUrl);
          await shot("login");
          await signIn(product, page);
          for (const path of PAGES) {
            await page.goto(product.dashboardUrl + path);
            await changes(page, "#live-status, #clock");
            expect(await overflowPx(page), `${path} scrolls sideways`).toBe(0);
            await shot(nameOf(path));
          }
          await context.close();
          expect(troubles).toEqual([]);
        },
        TEST_MS,
      );
    }
  }

  test(
    "live values, search, log tail, dialogs",
    async () => {
      const desk = { width: 1440, height: 900, colorScheme: "dark" } as const;
      const { page, troubles, context } = await open(product, desk);
      await signIn(product, page);
      for (const region of ["#live-kpis", "#live-positions", "#live-watch"]) {
        await changes(page, region);
      }
      await haltByDialog(page);
      await page.goto(`${product.dashboardUrl}/symbols`);
      await page.fill("[name=q]", "sol");
      await page.waitForSelector("#symbol-BTCUSDT", { state: "detached" });
      expect(await page.inputValue("[name=q]")).toBe("sol");
      expect(page.url()).toContain("q=sol");
      await changes(page, "#symbol-SOLUSDT [data-price]");
      expect(await page.locator("#stream").count()).toBe(1);
      await page.goto(`${product.dashboardUrl}/logs`);
      await changes(page, "#log-lines li:last-child");
      const atEnd = await page.evaluate(() => {
        const box = document.querySelector("[data-follow]");
        return box === null ? -1 : box.scrollHeight - box.scrollTop - box.clientHeight;
      });
      expect(atEnd).toBeLessThan(24);
      await context.close();
      expect(troubles).toEqual([]);
    },
    TEST_MS,
  );

  test(
    "a log page keeps no more rows than it says",
    async () => {
      const desk = { width: 1440, height: 900, colorScheme: "dark" } as const;
      const { page, context } = await open(product, desk);
      await signIn(product, page);
      await page.goto(`${product.dashboardUrl}/logs`);
      await page.evaluate(() => {
        const list = document.querySelector("#log-lines");
        for (let index = 0; index < 700; index++) list?.append(document.createElement("li"));
      });
      await page.waitForFunction(
        () => document.querySelectorAll("#log-lines > li").length <= 500,
        undefined,
        { timeout: WAIT_MS },
      );
      await context.close();
    },
    TEST_MS,
  );

  test(
    "signing out elsewhere sends this tab to the login",
    async () => {
      const desk = { width: 1440, height: 900, colorScheme: "light" } as const;
      const { page, context } = await open(product, desk);
      await signIn(product, page);
      const other = await context.newPage();
      await other.goto(product.dashboardUrl);
      await other.click("text=Sign out");
      await page.bringToFront();
      await page.waitForURL(`${product.dashboardUrl}/login`, { timeout: WAIT_MS });
      await context.close();
    },
    TEST_MS,
  );
});

/** Opens the halt dialog, thinks better of it, opens it again and means it. */
async function haltByDialog(page: Page): Promise<void> {
  await page.click("text=Halt trading");
  await page.click("#dialog-halt >> text=Keep things as they are");
  expect(await page.locator("#dialog-halt[open]").count()).toBe(0);
  await page.click("text=Halt trading");
  await page.fill("#dialog-halt [name=reason]", "spread looks wrong");
  await page.click("#dialog-halt button[type=submit]");
  await page.waitForSelector("#notice >> text=spread looks wrong", { timeout: WAIT_MS });
  expect(await page.locator("dialog[open]").count()).toBe(0);
  await page.waitForSelector("#live-actions >> text=spread looks wrong", { timeout: WAIT_MS });
}
