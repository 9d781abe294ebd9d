/** What the server has to do with keys, palette and display: words, classes, symbols, manifest. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const fixture = webFixture({ symbols: 60 });
const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
const cookie = fixture.cookieOf("viewer");
const get = (path: string, extra = "") =>
  app.request(path, { headers: { cookie: `${cookie}${extra}` } });

describe("how this browser shows things", () => {
  test("stands on <html> before the first paint, and nothing else that a cookie says", async () => {
    const chosen = "; scalper_display=density-comfort.keys-off.evil%22%3E.zone-local";
    const html = await (await get("/", chosen)).text();
    expect(html).toContain('class="density-comfort zone-local keys-off"');
    expect(html).not.toContain("evil");
    expect(await (await get("/")).text()).toContain('<html lang="en" data-theme="system">');
  });
  test("every page has the map, the switches and the letters of its links", async () => {
    const html = await (await get("/logs")).text();
    for (const part of ['id="dialog-keys"', 'id="dialog-palette"', 'data-display="zone"']) {
      expect(html).toContain(part);
    }
    expect(html).toContain('data-go="l"');
    expect(html).toContain("<kbd>g l</kbd>");
    expect(html).not.toMatch(/<script(?! defer)/);
  });
});

describe("the palette's symbols", () => {
  test("are those with the text, trading ones first, few", async () => {
    const found: readonly { symbol: string; note: string }[] = await (
      await get("/palette?q=us")
    ).json();
    expect(found).toHaveLength(8);
    for (const { symbol } of found) expect(symbol).toContain("US");
    expect(found[0]?.note).toContain("trading");
  });
  test("want a text, and nothing else", async () => {
    expect((await get("/palette")).status).toBe(400);
    expect((await get("/palette?q=a&x=1")).status).toBe(400);
    expect((await app.request("/palette?q=a")).status).toBe(302);
  });
});

test("the manifest and its icons are there, without a service worker", async () => {
  const html = await (await get("/")).text();
  const url = /<link rel="manifest" href="([^"]+)"/.exec(html)?.[1] ?? "";
  const answer = await get(url);
  expect(answer.headers.get("content-type")).toBe("application/manifest+json");
  const { icons, display } = await answer.json();
  expect(display).toBe("standalone");
  for (const { src, type } of icons) {
    const icon = await get(src);
    expect(icon.headers.get("content-type")).toBe(type);
    expect((await icon.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  }
  expect(html).not.toContain("serviceWorker");
});
