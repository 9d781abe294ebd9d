/**
 * The dashboard in a real browser: signs in, sees prices change without reloading, halts and
 * resumes, follows a log, reads on a phone, and never asks another host for anything.
 */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { GALLERY } from "../support/gallery.ts";
import { ADDRESSES } from "../support/pages.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";
import { FROM_SOURCE, startProduct } from "../support/product.ts";
import { FIXTURE_PASSWORD, webFixture } from "../support/web-deps.ts";
import { launchBrowser } from "./browser.ts";
import { type FixtureProduct, startFixture } from "./fixture-product.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const SHOTS = join(import.meta.dir, "screenshots");
const SIZES = [
  { width: 1440, height: 900 },
  { width: 375, height: 812 },
];
/** Every page at every width, in both colours at the ends. */
const SIGHTS = [
  ...SIZES.flatMap((size) => (["light", "dark"] as const).map((scheme) => ({ size, scheme }))),
  { size: { width: 1024, height: 768 }, scheme: "dark" as const },
];
const DESK = { width: 1440, height: 900, colorScheme: "light" } as const;
const ADMIN_PASSWORD = "browser-test-password";
const WAIT_MS = 15_000;
const TEST_MS = 90_000;

/** Started before the tests are listed, so that they can be skipped where none can be started. */
const browser: Browser | null = await launchBrowser();
if (browser === null) console.log("skipped: no Chromium can be started; set CHROMIUM_PATH");

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true });
});

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
  dashboard: string,
  options: { width: number; height: number; colorScheme: "light" | "dark" },
): Promise<Seen> {
  if (browser === null) throw new Error("a test that is skipped without a browser ran");
  const { width, height, colorScheme } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const troubles: string[] = [];
  const host = new URL(dashboard).host;
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

interface Login {
  readonly dashboard: string;
  readonly user: string;
  readonly password: string;
}

async function signIn({ dashboard, user, password }: Login, page: Page): Promise<void> {
  await page.goto(dashboard);
  expect(new URL(page.url()).pathname).toBe("/login");
  await page.fill("[name=name]", user);
  await page.fill("[name=password]", password);
  await page.click("button[type=submit]");
  await page.waitForURL(`${dashboard}/`);
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
  return path === "/" ? "desk" : path.slice(1).replaceAll("/", "-");
}

describe.skipIf(browser === null)("the product", () => {
  test(
    "signs in, prices change without reloading, and the operator halts and resumes",
    async () => {
      const product = await startProduct({
        command: FROM_SOURCE,
        env: { SCALPER_ADMIN_PASSWORD: ADMIN_PASSWORD },
      });
      try {
        const { dashboard } = product;
        const { page, troubles, context } = await open(dashboard, DESK);
        await signIn({ dashboard, user: "admin", password: ADMIN_PASSWORD }, page);
        await page.goto(`${dashboard}/?focus=BTCUSDT`);
        await changes(page, "#live-focus-ladder .ladder tbody");
        await changes(page, "#clock");
        await page.waitForSelector("#trading-state[data-state=on]", { timeout: WAIT_MS });
        await haltByDialog(page);
        await page.waitForSelector("#trading-state[data-state=halted]", { timeout: WAIT_MS });
        await page.waitForSelector("#live-banner >> text=spread looks wrong", { timeout: WAIT_MS });
        await page.click("#stop-resume");
        await page.click("#dialog-resume button[type=submit]");
        await page.waitForSelector("#trading-state[data-state=on]", { timeout: WAIT_MS });
        await page.goto(`${dashboard}/symbols`);
        await changes(page, "#live-symbol-rows");
        expect(await page.textContent(".pager")).toContain("611 symbols");
        const order = await anOrder(page, dashboard);
        for (const address of ADDRESSES) {
          const path = address.startsWith("/orders/") ? order : address;
          await page.goto(dashboard + path);
          await page.waitForSelector("#live-status .badge", { timeout: WAIT_MS });
          await page.screenshot({ path: join(SHOTS, `product-${nameOf(path)}.png`) });
        }
        await page.goto(`${dashboard}/settings`);
        await changePassword(page);
        await context.close();
        expect(troubles).toEqual([]);
      } finally {
        await product.stop();
      }
    },
    TEST_MS,
  );
});

describe.skipIf(browser === null)("the pages", () => {
  let product: FixtureProduct;
  let dashboard = "";
  const signInHere = (page: Page): Promise<void> =>
    signIn({ dashboard, user: "operator", password: FIXTURE_PASSWORD }, page);
  beforeAll(async () => {
    product = await startFixture();
    dashboard = product.dashboard;
  }, TEST_MS);
  afterAll(async () => {
    await product.stop();
  });

  for (const { size, scheme: colorScheme } of SIGHTS) {
    const { width, height } = size;
    test(
      `fit ${width} px, ${colorScheme}, without a complaint`,
      async () => {
        const { page, troubles, context } = await open(dashboard, { width, height, colorScheme });
        const shot = (name: string) =>
          page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`) });
        await page.goto(dashboard);
        await shot("login");
        await signInHere(page);
        for (const path of ADDRESSES) {
          await page.goto(dashboard + path);
          if (path === "/") await changes(page, "#live-kpis");
          expect(await overflowPx(page), `${path} scrolls sideways`).toBe(0);
          await shot(nameOf(path));
        }
        await context.close();
        expect(troubles).toEqual([]);
      },
      TEST_MS,
    );
  }

  for (const { width, height } of SIZES) {
    test(
      `every region in every state fits ${width} px`,
      async () => {
        const { page, troubles, context } = await open(dashboard, {
          width,
          height,
          colorScheme: "dark",
        });
        await signInHere(page);
        for (const { name } of GALLERY) {
          await page.goto(`${dashboard}/dev/views/${name}`);
          expect(await page.locator("main .card").count()).toBeGreaterThan(15);
          expect(await overflowPx(page), `${name} scrolls sideways`).toBe(0);
          const path = join(SHOTS, `views-${name}-${width}.png`);
          await page.screenshot({ path, fullPage: true });
        }
        await context.close();
        expect(troubles).toEqual([]);
      },
      TEST_MS,
    );
  }

  test(
    "live values, search, log tail, dialogs",
    async () => {
      const { page, troubles, context } = await open(dashboard, DESK);
      await signInHere(page);
      for (const region of ["#live-kpis", "#live-desk-symbols"]) {
        await changes(page, region);
      }
      await haltByDialog(page);
      await page.goto(`${dashboard}/symbols`);
      await page.fill("[name=q]", "sol");
      await page.waitForSelector("#symbol-BTCUSDT", { state: "detached" });
      expect(await page.inputValue("[name=q]")).toBe("sol");
      expect(page.url()).toContain("q=sol");
      await changes(page, "#symbol-SOLUSDT [data-price]");
      expect(await page.locator("#stream").count()).toBe(1);
      await page.goto(`${dashboard}/logs`);
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
    "a chosen theme shows at once and stays",
    async () => {
      const { page, troubles, context } = await open(dashboard, DESK);
      await signInHere(page);
      await page.goto(`${dashboard}/settings`);
      const ground = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const before = await ground();
      await Promise.all([
        page.waitForResponse((answer) => answer.url().endsWith("/account/theme")),
        page.check("[name=theme][value=dark]"),
      ]);
      const after = await ground();
      expect(after).not.toBe(before);
      await page.goto(dashboard);
      expect(await ground()).toBe(after);
      await page.goto(`${dashboard}/settings`);
      await Promise.all([
        page.waitForResponse((answer) => answer.url().endsWith("/account/theme")),
        page.check("[name=theme][value=system]"),
      ]);
      await context.close();
      expect(troubles).toEqual([]);
    },
    TEST_MS,
  );

  test(
    "a log page keeps no more rows than it says",
    async () => {
      const { page, context } = await open(dashboard, DESK);
      await signInHere(page);
      await page.goto(`${dashboard}/logs`);
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
      const { page, context } = await open(dashboard, DESK);
      await signInHere(page);
      const other = await context.newPage();
      await other.goto(dashboard);
      await other.click("text=Sign out");
      await page.bringToFront();
      await page.waitForURL(`${dashboard}/login?next=%2F`, { timeout: WAIT_MS });
      await context.close();
    },
    TEST_MS,
  );

  test(
    "a server that goes away and comes back is said and survived",
    async () => {
      const first = await startFixture();
      const { page, context } = await open(first.dashboard, DESK);
      const [name = "", value = ""] = webFixture({ symbols: 5 }).cookieOf("operator").split("=");
      await context.addCookies([{ name, value, url: first.dashboard }]);
      await page.goto(first.dashboard);
      await changes(page, "#live-desk-symbols");
      await first.stop();
      await page.waitForSelector("#link-lost:not([hidden])", { timeout: WAIT_MS });
      await page.screenshot({ path: join(SHOTS, "link-lost.png") });
      const second = await startFixture(Number(new URL(first.dashboard).port));
      await page.waitForSelector("#link-lost", { state: "hidden", timeout: WAIT_MS });
      await changes(page, "#live-desk-symbols");
      await context.close();
      await second.stop();
    },
    TEST_MS,
  );
});

/** The path of some order of this run: that of the page's example is only in the fixture. */
async function anOrder(page: Page, dashboard: string): Promise<string> {
  await page.goto(`${dashboard}/blotter?tab=orders`);
  const link = await page.waitForSelector('main a[href^="/orders/"]', { timeout: WAIT_MS });
  return (await link.getAttribute("href")) ?? "";
}

/** The answer comes although the old session, and with it this page's stream, ends on the way. */
async function changePassword(page: Page): Promise<void> {
  await page.fill("[name=current]", ADMIN_PASSWORD);
  await page.fill("[name=next]", `${ADMIN_PASSWORD}-2`);
  await page.fill("[name=again]", `${ADMIN_PASSWORD}-2`);
  await page.click("text=Change password");
  await page.waitForSelector("main >> text=The password is changed", { timeout: WAIT_MS });
  await page.screenshot({ path: join(SHOTS, "product-password-changed.png") });
}

/** Opens the halt dialog, thinks better of it, opens it again and means it. */
async function haltByDialog(page: Page): Promise<void> {
  await page.click("#stop-halt");
  await page.click("#dialog-halt >> text=Keep things as they are");
  expect(await page.locator("#dialog-halt[open]").count()).toBe(0);
  await page.click("#stop-halt");
  await page.fill("#dialog-halt [name=reason]", "spread looks wrong");
  await page.click("#dialog-halt button[type=submit]");
  await page.waitForSelector("#commands >> text=spread looks wrong", { timeout: WAIT_MS });
  expect(await page.locator("dialog[open]").count()).toBe(0);
  await page.waitForSelector("#live-actions >> text=spread looks wrong", { timeout: WAIT_MS });
}
