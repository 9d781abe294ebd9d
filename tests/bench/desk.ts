/**
 * The desk's budgets, each beside its target: weight of the first load, bytes of the stream,
 * time to the first byte, what 50 desks cost the process, a hidden tab, a command's outcome,
 * a lost link, layout shift, heap and long tasks of a tab that stays open.
 *
 * The product trades on its embedded exchange. `--seconds 20` of every window, `--stay-min 1` of
 * the open tab (ten for the budget of the layout, sixty for that of the heap), `--warm 30`.
 */
import { rmSync } from "node:fs";
import type { Browser, CDPSession, Page } from "playwright-core";
import { launchBrowser } from "../e2e/browser.ts";
import { FROM_SOURCE, type Product, residentMb, startProduct } from "../support/product.ts";
import { addPerson, readStreams } from "./clients/desk-reader.ts";
import { cpuTimeOf, optionOf, quantile } from "./clients/measure.ts";
import { PASSWORD, signIn } from "./clients/sign-in.ts";

const SECONDS = optionOf("seconds", 20);
const STAY_MIN = optionOf("stay-min", 1);
const WARM_S = optionOf("warm", 30);
const DESKS = 50;
const CALLS = 200;
const WAIT_MS = 30_000;

const product = await startProduct({
  command: FROM_SOURCE,
  env: { SCALPER_ADMIN_PASSWORD: PASSWORD },
});
await addPerson(product.dir, "second");
await Bun.sleep(WARM_S * 1_000);
const cookies = [
  await signIn(product.dashboard),
  await signIn(product.dashboard, "second"),
] as const;

console.log(`${"".padEnd(44)} ${"found".padStart(14)}   target`);
await firstByte();
await streams();
await manyDesks();
const browser = await launchBrowser();
if (browser === null) console.log("no Chromium can be started: what a browser sees is left out");
else await inBrowser(browser);
await product.stop();
rmSync(product.dir, { recursive: true, force: true });

function line(what: string, found: string, target: string): void {
  console.log(`${what.padEnd(44)} ${found.padStart(14)}   ${target}`);
}

async function firstByte(): Promise<void> {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const startedAt = performance.now();
    const answer = await fetch(`${product.dashboard}/`, { headers: { cookie: cookies[0] } });
    times.push(performance.now() - startedAt);
    await answer.arrayBuffer();
  }
  line("first byte of the desk, p95", `${quantile(times, 0.95).toFixed(1)} ms`, "≤ 20 ms");
}

async function streams(): Promise<void> {
  for (const [key, target] of [
    ["desk", "≤ 3 kB/s"],
    ["symbols", "≤ 3 kB/s"],
    ["symbol?symbol=BTCUSDT", "≤ 3 kB/s"],
    ["blotter", "≤ 3 kB/s"],
    ["health", "≤ 3 kB/s"],
  ] as const) {
    const reading = await readStreams(`${product.dashboard}/live/${key}`, cookies, 1);
    await Bun.sleep(1_500);
    const before = reading.bytes();
    await Bun.sleep(SECONDS * 1_000);
    const perS = (reading.bytes() - before) / SECONDS / 1_000;
    reading.stop();
    line(`stream of ${key}, compressed`, `${perS.toFixed(2)} kB/s`, target);
  }
  const state = await fetch(`${product.dashboard}/live/state`, {
    headers: { cookie: cookies[0], "accept-encoding": "gzip" },
    decompress: false,
  });
  const head = [...state.headers].reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    0,
  );
  const bytes = head + (await state.arrayBuffer()).byteLength;
  line("a hidden tab", `${(bytes / 15).toFixed(0)} B/s`, "next to nothing");
}

/** Processor time of a window, in percent of a core, and the memory at its end. */
async function window(): Promise<{ readonly percent: number; readonly mb: number }> {
  const before = cpuTimeOf(product.pid).processMs;
  await Bun.sleep(SECONDS * 1_000);
  const percent = (cpuTimeOf(product.pid).processMs - before) / (SECONDS * 10);
  return { percent, mb: await residentMb(product.pid) };
}

async function manyDesks(): Promise<void> {
  const alone = await window();
  const reading = await readStreams(`${product.dashboard}/live/desk`, cookies, DESKS);
  await Bun.sleep(3_000);
  const busy = await window();
  reading.stop();
  await Bun.sleep(2_000);
  const again = await window();
  const usual = (alone.percent + again.percent) / 2;
  line(`${DESKS} desks, processor`, `${(busy.percent - usual).toFixed(1)} %`, "≤ 10 % of a core");
  line(`${DESKS} desks, memory`, `${(busy.mb - alone.mb).toFixed(0)} MB`, "≤ 30 MB");
  line("the product without desks", `${usual.toFixed(1)} %`, "(for comparison)");
}

async function inBrowser(chromium: Browser): Promise<void> {
  for (const [path, target] of [
    ["/health", "≤ 60 KB without charts"],
    ["/", "≤ 90 KB with charts"],
  ] as const) {
    const kb = await firstLoad(chromium, path);
    line(`first load of ${path}`, `${kb.toFixed(1)} KB`, target);
  }
  const { page, wire } = await openDesk(chromium);
  await stay(page, wire);
  await command(page);
  await lostLink(page, product);
  await chromium.close();
}

async function openDesk(chromium: Browser): Promise<{ page: Page; wire: CDPSession }> {
  const context = await chromium.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
  });
  const [name = "", value = ""] = cookies[0].split("=");
  const { hostname } = new URL(product.dashboard);
  await context.addCookies([{ name, value, domain: hostname, path: "/" }]);
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Performance.enable");
  await page.addInitScript(() => {
    const seen = { shift: 0, tasks: [] as number[] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, "hadRecentInput") !== true) {
          seen.shift += Number(Reflect.get(entry, "value"));
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(`${product.dashboard}/`);
  return { page, wire };
}

async function firstLoad(chromium: Browser, path: string): Promise<number> {
  const { page, wire } = await openDesk(chromium);
  await page.goto("about:blank");
  await wire.send("Network.clearBrowserCache");
  let bytes = 0;
  const streams = new Set<string>();
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (new URL(request.url).pathname.startsWith("/live/")) streams.add(requestId);
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!streams.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(`${product.dashboard}${path}`);
  await Bun.sleep(3_000);
  await page.context().close();
  return bytes / 1_024;
}

async function stay(page: Page, wire: CDPSession): Promise<void> {
  await Bun.sleep(STAY_MIN * 60_000);
  const seen = await page.evaluate(() => Reflect.get(window, "seen"));
  const { shift, tasks }: { shift: number; tasks: number[] } = seen;
  await wire.send("HeapProfiler.collectGarbage");
  const { metrics } = await wire.send("Performance.getMetrics");
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
  const p99 = tasks.length === 0 ? "none" : `${quantile(tasks, 0.99).toFixed(0)} ms`;
  line(`layout shift in ${STAY_MIN} min`, shift.toFixed(3), "≤ 0.1 in 10 min");
  line(`heap after ${STAY_MIN} min`, `${(heap / 1e6).toFixed(1)} MB`, "≤ 12 MB after 1 h");
  line(`tasks of 50 ms and more, ${tasks.length}, p99`, p99, "≤ 50 ms");
}

/** From the second press to the words on the screen; trading goes on afterwards. */
async function command(page: Page): Promise<void> {
  await page.evaluate(() => {
    let pressedAtMs = performance.now();
    Object.assign(window, { outcomeMs: 0 });
    document.addEventListener("keydown", () => {
      pressedAtMs = performance.now();
    });
    new MutationObserver(() => {
      const text = document.getElementById("commands")?.textContent ?? "";
      if (Reflect.get(window, "outcomeMs") === 0 && /done|accepted/.test(text)) {
        Object.assign(window, { outcomeMs: performance.now() - pressedAtMs });
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.keyboard.press("Shift+H");
  await page.keyboard.press("Shift+H");
  await page.waitForFunction(() => Number(Reflect.get(window, "outcomeMs")) > 0, undefined, {
    timeout: WAIT_MS,
  });
  const ms = Number(await page.evaluate(() => Reflect.get(window, "outcomeMs")));
  line("a command's outcome shown", `${ms.toFixed(0)} ms`, "≤ 300 ms");
}

async function lostLink(page: Page, server: Product): Promise<void> {
  const until = async (isLate: boolean): Promise<number> => {
    const fromMs = performance.now();
    const holds = (late: boolean) => document.body.classList.contains("late") === late;
    await page.waitForFunction(holds, isLate, { timeout: WAIT_MS, polling: 20 });
    return performance.now() - fromMs;
  };
  server.kill("SIGSTOP");
  line("a lost link shown", `${(await until(true)).toFixed(0)} ms`, "≤ 2000 ms");
  await Bun.sleep(2_000);
  server.kill("SIGCONT");
  line("back after the server", `${(await until(false)).toFixed(0)} ms`, "≤ 2000 ms");
}
