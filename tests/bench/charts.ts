/**
 * What a chart costs a browser: a symbol's page with 1,200 candles and 400 marks that gets four
 * updates a second. The server's answer is replaced by that many bars, and the updates are handed
 * in as the values lane hands them in. Says the share of a core that the process took, beside
 * the same page without updates, and the heap after a collection.
 * `--seconds 20 --rounds 5`.
 */

import { launchBrowser } from "../e2e/browser.ts";
import { startFixture } from "../e2e/fixture-product.ts";
import { FIXTURE_PASSWORD } from "../support/web-deps.ts";
import { optionOf, quantile } from "./clients/measure.ts";

const SECONDS = optionOf("seconds", 20);
const ROUNDS = optionOf("rounds", 5);
const BARS = 1_200;
const MARKS = 400;
const UPDATE_MS = 250;
const SPAN_MS = 1_000;

const browser = await launchBrowser();
if (browser === null) throw new Error("no Chromium can be started; set CHROMIUM_PATH");
const product = await startFixture();
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  locale: "en-US",
});
const page = await context.newPage();
await page.goto(`${product.dashboard}/login`);
await page.fill("[name=name]", "operator");
await page.fill("[name=password]", FIXTURE_PASSWORD);
await page.click("button[type=submit]");
await page.waitForURL(`${product.dashboard}/`);

const lastAtMs = Math.floor(Date.now() / SPAN_MS) * SPAN_MS;
const wave = (at: number) => 96_000 + 40 * Math.sin(at / 17) + 9 * Math.sin(at / 3);
const column = (of: (at: number) => number) => Array.from({ length: BARS }, (_, at) => of(at));
await page.route("**/api/symbol/BTCUSDT/bars*", (route) =>
  route.fulfill({
    json: {
      symbol: "BTCUSDT",
      interval: "1s",
      spanMs: SPAN_MS,
      atMs: lastAtMs,
      decimals: 2,
      t: column((at) => lastAtMs - (BARS - 1 - at) * SPAN_MS),
      o: column(wave),
      h: column((at) => wave(at) + 6),
      l: column((at) => wave(at) - 6),
      c: column((at) => wave(at + 1)),
      v: column((at) => at % 90),
      partAtMs: [],
      fills: Array.from({ length: MARKS }, (_, at) => ({
        atMs: lastAtMs - at * 3 * SPAN_MS,
        side: at % 2 === 0 ? "buy" : "sell",
        price: String(wave(BARS - 1 - at * 3)),
        qty: "0.012",
        netUsdt: "0.01",
        isMaker: true,
      })),
      orders: [{ clientId: "x", side: "buy", purpose: "entry", price: "95990", leftQty: "0.012" }],
      side: "long",
      qty: "0.012",
      entryPrice: "95980",
      stopLoss: "95960",
      halts: [],
      bookState: "live",
      bookFault: "",
    },
  }),
);
const session = await context.newCDPSession(page);
await session.send("Performance.enable");
await page.goto(`${product.dashboard}/symbols/BTCUSDT`);
await page.waitForSelector("#chart-symbol-BTCUSDT.on canvas");
await page.click('#chart-symbol-BTCUSDT [data-interval="1s"]');
// All of the 1,200 bars are in the window.
await page.focus("#chart-symbol-BTCUSDT .chart-canvas");
for (let press = 0; press < 12; press++) await page.keyboard.press("-");

async function metric(name: string): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
}

const processes = await browser.newBrowserCDPSession();

/** Processor seconds of what draws pages, whatever else the machine does. */
async function renderedS(): Promise<number> {
  const { processInfo } = await processes.send("SystemInfo.getProcessInfo");
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Percent of a core that the page took for a while. */
async function shareOf(): Promise<number> {
  const before = await renderedS();
  const startedMs = performance.now();
  await page.waitForTimeout(SECONDS * 1_000);
  const tookS = (performance.now() - startedMs) / 1_000;
  return (100 * ((await renderedS()) - before)) / tookS;
}

const drive = (updateMs: number) =>
  page.evaluate(
    ({ updateMs, spanMs }) => {
      const cell = document.querySelector('[data-v="bars.BTCUSDT"]');
      let tick = 0;
      const timer = setInterval(() => {
        tick++;
        const atMs = Math.floor(Date.now() / spanMs) * spanMs;
        const close = 96_000 + 30 * Math.sin(tick / 9);
        const bar = [atMs, close - 2, close + 5, close - 5, close, tick];
        cell?.setAttribute("data-stamp", JSON.stringify([null, bar, null, null, null, null]));
        document.dispatchEvent(new CustomEvent("values", { detail: { data: "[]" } }));
      }, updateMs);
      Object.assign(window, { stopDriving: () => clearInterval(timer) });
    },
    { updateMs, spanMs: SPAN_MS },
  );

const idle: number[] = [];
const driven: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  idle.push(await shareOf());
  await drive(UPDATE_MS);
  driven.push(await shareOf());
  await page.evaluate(() => Reflect.get(window, "stopDriving")());
}
await session.send("HeapProfiler.collectGarbage");
const heapMb = (await metric("JSHeapUsedSize")) / 1e6;
const told = (values: number[]) =>
  [0, 0.5, 1].map((share) => `${quantile(values, share).toFixed(2)} %`).join(" / ");
console.log(`least / median / most of a core over ${ROUNDS} rounds of ${SECONDS} s`);
console.log(`page as the stream drives it   ${told(idle)}`);
console.log(`with 4 chart updates a second  ${told(driven)}`);
console.log(`heap after a collection        ${heapMb.toFixed(1)} MB`);
await browser.close();
await product.stop();
