/** A page of the fixture in a real browser, signed in, with everything that went wrong. */
import type { Browser, BrowserContext, Page } from "playwright-core";

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors other than those of a server that is gone on purpose, CSP, page errors. */
  readonly troubles: string[];
}

/** What Chromium itself prints while a server is away. */
const EXPECTED =
  /net::ERR_|htmx:sse:error|Failed to load resource|the server responded with a status of/;

/** Opens `path` as the fixture's user of that role: his session is there from the start. */
export async function openPage(
  browser: Browser,
  address: { readonly dashboard: string; readonly path?: string },
  role: "viewer" | "operator" | "admin" = "operator",
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Asia/Tokyo",
  });
  const { hostname } = new URL(address.dashboard);
  const value = `token-${role}`;
  await context.addCookies([{ name: "scalper_session", value, domain: hostname, path: "/" }]);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !EXPECTED.test(text)) troubles.push(`console: ${text}`);
  });
  page.on("pageerror", (error) => troubles.push(`page: ${error.message}`));
  await page.goto(`${address.dashboard}${address.path ?? "/"}`);
  await page.waitForFunction(() => document.getElementById("link-age")?.textContent === "live");
  return { page, context, troubles };
}

/** How long until `holds` is true in the page, ms; rejects after `msMax`. */
export async function msUntil(page: Page, holds: () => boolean, msMax: number): Promise<number> {
  const fromMs = performance.now();
  await page.waitForFunction(holds, undefined, { timeout: msMax, polling: 50 });
  return performance.now() - fromMs;
}

export const isLate = (): boolean => document.body.classList.contains("late");
export const isLive = (): boolean => !document.body.classList.contains("late");
