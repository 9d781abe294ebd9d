/** The monitor API: shapes, limits, refusals, and bytes built once per change. */

import { describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { given } from "../support/given.ts";
import { webFixture } from "../support/web-deps.ts";

const { deps } = webFixture();
const app = monitorApp(deps);

async function json(url: string, status = 200): Promise<any> {
  const answer = await app.request(url);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toStartWith("application/json");
  return answer.json();
}

describe("what is there", () => {
  test("symbols: all 611 with score, price, turnover and spread", async () => {
    const rows = await json("/api/symbols");
    expect(rows).toHaveLength(611);
    expect(rows[0]).toMatchObject({ symbol: "BTCUSDT", category: "major", active: true });
    for (const row of rows) {
      expect(row.lastPrice).toMatch(/^\d+(\.\d+)?$/);
      for (const name of ["score", "turnover24hUsdt", "spreadBps"]) expect(row[name]).toBeNumber();
    }
  });
  test("symbols: chosen, in an order, a part of them", async () => {
    const symbolsOf = async (query: string) =>
      (await json(`/api/symbols?${query}`)).map((row: any) => row.symbol);
    const all = await json("/api/symbols");
    expect(await symbolsOf("limit=3")).toEqual(all.slice(0, 3).map((row: any) => row.symbol));
    expect(await symbolsOf("limit=3&offset=609")).toHaveLength(2);
    const majors = all.filter((row: any) => row.category === "major");
    const byScore = majors.toSorted((left: any, right: any) => left.score - right.score);
    expect(await symbolsOf("category=major&sort=score&order=asc")).toEqual(
      byScore.map((row: any) => row.symbol),
    );
    const doges = await symbolsOf("q=doge&sort=symbol&order=asc");
    expect(doges).toContain("DOGEUSDT");
    expect(doges).toEqual(doges.toSorted());
    expect(await symbolsOf("q=doge&sort=symbol&order=asc&limit=2&offset=1")).toEqual(
      doges.slice(1, 3),
    );
    const answer = await app.request("/api/symbols?category=major&limit=2");
    expect(answer.headers.get("x-total-count")).toBe(String(majors.length));
    expect(await answer.json()).toEqual(majors.slice(0, 2));
  });
  test("tickers: an object by symbol, in the venue's own words", async () => {
    const tickers = await json("/api/monitor/tickers");
    expect(Object.keys(tickers)).toHaveLength(611);
    expect(tickers.BTCUSDT.lastPrice).toBe(given(deps.view().symbols.get("BTCUSDT")).lastText);
  });
  test("trades: our executions, newest first, money exact", async () => {
    const rows = await json("/api/monitor/trades?limit=3");
    expect(rows.map((row: any) => row.id)).toEqual([1284, 1283, 1282]);
    expect(rows[1]).toMatchObject({
      symbol: "ETHUSDT",
      side: "sell",
      notionalUsdt: "1156.9476",
      feeUsdt: "0.23138952",
      fundingUsdt: "0",
      realisedUsdt: "-0.17733",
      isMaker: true,
      strategy: "maker",
      venueAt: "2026-11-21T05:39:24.988Z",
      venueAtMs: Date.parse("2026-11-21T05:39:24.988Z"),
    });
    expect(rows[1].orderId).not.toBe("");
  });
  test("trades: paged by row id and filtered by symbol, in any case", async () => {
    const rows = await json("/api/monitor/trades?limit=2&before=1283&symbol=btcusdt");
    expect(rows.map((row: any) => [row.id, row.symbol])).toEqual([
      [1280, "BTCUSDT"],
      [1276, "BTCUSDT"],
    ]);
  });
  test("logs: an array of lines, the newest last", async () => {
    const lines = await json("/api/monitor/logs?lines=2&q=profile");
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain("profile saved");
    expect(await json("/api/monitor/logs?file=trades.log")).toEqual([]);
    const answer = await app.request("/api/monitor/logs?q=no-such-text");
    expect(await answer.json()).toEqual([]);
    expect(answer.headers.get("x-complete")).toBe("yes");
    expect(answer.headers.get("x-searched-bytes")).toBe(answer.headers.get("x-total-bytes"));
    expect(await json("/api/monitor/logs")).toHaveLength(100);
  });
  test("universe: counts by category that add up", async () => {
    const universe = await json("/api/monitor/universe");
    const counts: number[] = Object.values(universe.counts);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(611);
    expect(universe.active).toHaveLength(12);
    expect(universe.parameters.activeMax).toBe(12);
    expect(Date.parse(universe.updatedAt)).toBe(universe.updatedAtMs);
  });
  test("storage: database, logs and disk", async () => {
    expect(Object.keys(await json("/api/monitor/storage"))).toContainValues([
      "database",
      "logs",
      "disk",
    ]);
  });
  test("a symbol's basics, in the venue's own steps", async () => {
    const basic = await json("/api/symbol/btcusdt/basic");
    expect(basic).toMatchObject({ symbol: "BTCUSDT", tickSize: "0.10", qtyStep: "0.001" });
    expect(basic.market.lastPrice).toBe(given(deps.view().symbols.get("BTCUSDT")).lastText);
  });
  test("a symbol's profile; a new symbol's says zero samples", async () => {
    expect((await json("/api/symbol/BTCUSDT/profile")).samples).toBe(1440);
    const fresh = [...deps.view().symbols.keys()].at(-1);
    expect(await json(`/api/symbol/${fresh}/profile`)).toMatchObject({
      samples: 0,
      spreadBps: null,
    });
  });
  test("health: eight services", async () => {
    const health = await json("/api/health");
    expect(health.services.map((service: any) => service.name)).toEqual([
      "engine",
      "market-feed",
      "private-feed",
      "rest",
      "universe",
      "storage",
      "logs",
      "web",
    ]);
  });
  test("positions: the open ones; with all=1 what became flat too", async () => {
    const sides = async (query: string) =>
      (await json(`/api/monitor/positions${query}`)).map((row: any) => row.side);
    expect(await sides("")).toEqual(["long", "short", "long"]);
    expect(await sides("?all=0")).toEqual(["long", "short", "long"]);
    expect(await sides("?all=1")).toEqual(["long", "short", "long", "flat"]);
  });
  test("orders and the account, with the day and the limits", async () => {
    expect((await json("/api/monitor/orders")).open).toHaveLength(6);
    expect(await json("/api/monitor/account")).toMatchObject({
      equityUsdt: "10042.718344125",
      netRealisedUsdt: "37.693747904",
      exposureUsdt: 980.44,
      dayLossUsdt: 16.504,
      limits: {
        orderNotionalUsdtMax: 250,
        symbolExposureUsdtMax: 500,
        totalExposureUsdtMax: 2_000,
        dailyLossUsdtMax: 50,
      },
    });
  });
  test("strategies, with what each owns and made", async () => {
    const rows = await json("/api/monitor/strategies");
    expect(rows.map((row: any) => row.name)).toEqual(["maker", "momentum"]);
    expect(rows[0]).toEqual({
      name: "maker",
      title: "Maker at the touch",
      symbols: ["BTCUSDT", "ETHUSDT"],
      openPositions: 1,
      fillCount: 12,
      realisedUsdt: "60.482210004",
      feeUsdt: "0.5",
      fundingUsdt: "0",
      netRealisedUsdt: "59.982210004",
      unrealisedUsdt: "0.25",
    });
  });
  test("alive always, ready only when nothing is waited for", async () => {
    const fixture = webFixture({ symbols: 5 });
    fixture.ready = { ok: false, waitingFor: ["account snapshot"] };
    const waiting = monitorApp(fixture.deps);
    expect((await waiting.request("/livez")).status).toBe(200);
    const answer = await waiting.request("/readyz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ok: false, waitingFor: ["account snapshot"] });
    fixture.ready = { ok: true, waitingFor: [] };
    expect((await waiting.request("/readyz")).status).toBe(200);
  });
});

describe("what is refused, in one shape", () => {
  const BAD = [
    ["/api/monitor/trades?limit=0", "limit"],
    ["/api/monitor/trades?limit=1001", "limit"],
    ["/api/monitor/trades?limit=ten", "limit"],
    ["/api/monitor/trades?limit=1e3", "limit"],
    ["/api/monitor/trades?before=-1", "before"],
    ["/api/monitor/trades?symbol=BTC%2FUSDT", "symbol"],
    ["/api/monitor/logs?lines=10001", "lines"],
    ["/api/monitor/logs?lines=1.5", "lines"],
    ["/api/monitor/logs?file=../scalper.db", "file"],
    ["/api/monitor/logs?file=.hidden", "file"],
    ["/api/monitor/logs?file=a%00b", "file"],
    [`/api/monitor/logs?q=${"x".repeat(201)}`, "q"],
    ["/api/monitor/positions?all=yes", "all"],
    ["/api/symbol/%3Cb%3E/basic", "symbol"],
    ["/api/symbols?category=nope", "category"],
    ["/api/symbols?sort=luck", "sort"],
    ["/api/symbols?order=up", "order"],
    ["/api/symbols?limit=0", "limit"],
    ["/api/symbols?offset=-1", "offset"],
    ["/api/symbols?limit=1&limit=2", "limit"],
  ] as const;
  for (const [url, parameter] of BAD) {
    test(`400 names "${parameter}" for ${url.slice(0, 60)}`, async () => {
      const { error } = await json(url, 400);
      expect(error.code).toBe("BAD_PARAMETER");
      expect(error.message).toContain(`"${parameter}" must be`);
    });
  }
  test("400 says what a program needs: the parameter and what it takes", async () => {
    expect((await json("/api/symbols?category=nope", 400)).error).toMatchObject({
      code: "BAD_PARAMETER",
      parameter: "category",
      wanted: "one of major, liquid, mid, thin, new, halted",
    });
  });
  const ROUTES = new Set(app.routes.map(({ path }) => path).filter((path) => !path.includes("*")));
  for (const path of ROUTES) {
    const url = path.replace(":symbol", "BTCUSDT");
    test(`400 for a parameter that ${path} does not know`, async () => {
      const { error } = await json(`${url}?colour=red`, 400);
      expect(error.parameter).toBe("colour");
      expect(error.message).toStartWith('Parameter "colour" is not known: this address takes ');
    });
  }
  for (const url of ["basic", "profile"].map((what) => `/api/symbol/NOSUCHUSDT/${what}`)) {
    test(`404 for ${url}`, async () => {
      expect((await json(url, 404)).error).toEqual({
        code: "UNKNOWN_SYMBOL",
        message: "No instrument is called NOSUCHUSDT.",
      });
    });
  }
  test("404 for trades of a symbol that never existed", async () => {
    const { error } = await json("/api/monitor/trades?symbol=NOSUCHUSDT", 404);
    expect(error.code).toBe("UNKNOWN_SYMBOL");
  });
  test("404 for a log that does not exist, with those that do", async () => {
    const { error } = await json("/api/monitor/logs?file=nope.log", 404);
    expect(error.message).toBe(
      "There is no log file nope.log. There are: engine.log, access.log, trades.log.",
    );
  });
  test("404 for anything else", async () => {
    expect((await json("/api/nothing", 404)).error.code).toBe("NOT_FOUND");
  });
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    test(`405 for ${method}`, async () => {
      const answer = await app.request("/api/symbols", { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("GET, HEAD");
      expect(((await answer.json()) as any).error.code).toBe("METHOD_NOT_ALLOWED");
    });
  }
  test("a name that a web page could point at this machine", async () => {
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8090"]) {
      expect((await app.request("/livez", { headers: { host } })).status).toBe(421);
    }
    for (const host of ["127.0.0.1:8090", "localhost", "[::1]:8090", "192.168.1.4"]) {
      expect((await app.request("/livez", { headers: { host } })).status).toBe(200);
    }
  });
  test("500 says nothing of the inside and logs it", async () => {
    const fixture = webFixture({ symbols: 5 });
    Object.assign(fixture.deps, { storage: () => Promise.reject(new Error("disk on /secret")) });
    const answer = await monitorApp(fixture.deps).request("/api/monitor/storage");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("/secret");
    expect(JSON.stringify(fixture.logLines)).toContain("disk on /secret");
  });
});

describe("bytes", () => {
  test("HEAD has the headers and no body", async () => {
    const answer = await app.request("/api/symbols", { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(100_000);
    expect(await answer.text()).toBe("");
  });
  for (const url of [
    "/api/health",
    "/livez",
    "/readyz",
    "/api/monitor/logs",
    "/api/monitor/trades?limit=1000",
    "/api/monitor/storage",
    "/api/nothing",
    "/api/monitor/trades?limit=0",
  ]) {
    test(`HEAD of ${url} says the length that GET has`, async () => {
      const got = await app.request(url);
      const bytes = (await got.arrayBuffer()).byteLength;
      expect(bytes).toBeGreaterThan(10);
      expect(got.headers.get("content-length")).toBe(String(bytes));
      const head = await app.request(url, { method: "HEAD" });
      expect(head.status).toBe(got.status);
      expect(head.headers.get("content-length")).toBe(String(bytes));
      expect(await head.text()).toBe("");
    });
  }
  test("big answers are compressed when asked, small ones never", async () => {
    const ask = (url: string, encoding: string) =>
      app.request(url, { headers: { "accept-encoding": encoding } });
    const trades = "/api/monitor/trades?limit=200";
    const plain = await ask(trades, "identity");
    const text = await plain.text();
    expect(plain.headers.get("content-encoding")).toBeNull();
    const packed = await ask(trades, "zstd, gzip");
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.headers.get("vary")).toContain("accept-encoding");
    expect(packed.headers.get("content-type")).toStartWith("application/json");
    expect(packed.headers.get("x-content-type-options")).toBe("nosniff");
    const bytes = await packed.arrayBuffer();
    expect(packed.headers.get("content-length")).toBe(String(bytes.byteLength));
    expect(bytes.byteLength).toBeLessThan(text.length / 4);
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect((await ask(trades, "gzip;q=0")).headers.get("content-encoding")).toBeNull();
    expect((await ask("/livez", "gzip")).headers.get("content-encoding")).toBeNull();
  });
  test("gzip and zstd carry the same text", async () => {
    const plain = await (await app.request("/api/symbols")).text();
    const ask = async (encoding: string): Promise<Response> =>
      app.request("/api/symbols", { headers: { "accept-encoding": encoding } });
    const gzip = await ask("gzip, deflate, br");
    expect(gzip.headers.get("content-encoding")).toBe("gzip");
    expect(gzip.headers.get("vary")).toContain("accept-encoding");
    expect(gunzipSync(await gzip.arrayBuffer()).toString()).toBe(plain);
    const zstd = await ask("gzip, zstd");
    expect(zstd.headers.get("content-encoding")).toBe("zstd");
    expect(Bun.zstdDecompressSync(await zstd.arrayBuffer()).toString()).toBe(plain);
    expect((await ask("gzip;q=0")).headers.get("content-encoding")).toBeNull();
  });
  test("an unchanged list is 304, a changed one is not", async () => {
    const fixture = webFixture({ symbols: 40 });
    const own = monitorApp(fixture.deps);
    const etag = (await own.request("/api/symbols")).headers.get("etag") ?? "";
    const again = async (tag: string): Promise<number> =>
      (await own.request("/api/symbols", { headers: { "if-none-match": tag } })).status;
    expect(await again(etag)).toBe(304);
    expect(await again(`"other", ${etag}`)).toBe(304);
    expect(await again('"other"')).toBe(200);
    fixture.tick();
    expect(await again(etag)).toBe(200);
  });
  test("is built once per change, and at most every 250 ms", async () => {
    const fixture = webFixture({ symbols: 40 });
    let version = 1;
    let built = 0;
    Object.assign(fixture.deps.tickers, {
      version: () => version,
      tickers: () => ({ BTCUSDT: { built: String(++built) } }),
    });
    const own = monitorApp(fixture.deps);
    const read = async () =>
      ((await (await own.request("/api/monitor/tickers")).json()) as any).BTCUSDT;
    await read();
    expect(await read()).toEqual({ built: "1" });
    version++;
    expect(await read()).toEqual({ built: "1" });
    fixture.nowMs += 250;
    expect(await read()).toEqual({ built: "2" });
    fixture.nowMs += 10_000;
    expect(await read()).toEqual({ built: "2" });
  });
});
