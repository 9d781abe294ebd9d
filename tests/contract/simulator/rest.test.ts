import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { KEY, type Sim, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let sim: Sim;
beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim.stop());

describe("signing", () => {
  test("S-01 a signed read answers with the account", async () => {
    const reply = await sim.get("/v5/account/wallet-balance", "accountType=UNIFIED");
    expect(reply.retCode).toBe(0);
    expect(reply.result.list[0].totalWalletBalance).toBe("10000");
    expect(reply.result.list[0].coin[0].coin).toBe("USDT");
  });

  test("S-02 the signature covers the bytes as sent, in any order and encoding", async () => {
    const reply = await sim.get(
      "/v5/order/realtime",
      "settleCoin=USDT&category=linear&baseCoin=a%253Db",
    );
    expect(reply.retCode).toBe(0);
  });

  test("S-03 an unknown key is 10003, a wrong secret 10004 with the origin string", async () => {
    expect((await sim.get("/v5/account/info", "", { key: "nobody" })).retCode).toBe(10003);
    const forged = await sim.get("/v5/account/info", "", {
      secret: "guess",
      timestamp: Date.now(),
    });
    expect(forged.retCode).toBe(10004);
    expect(forged.retMsg).toMatch(new RegExp(`^error sign! origin_string\\[\\d{13}${KEY}5000\\]$`));
  });

  test("S-04 a clock behind the window or a second ahead is 10002", async () => {
    const late = await sim.get("/v5/account/info", "", { timestamp: Date.now() - 6_000 });
    expect(late.retCode).toBe(10002);
    expect(late.retMsg).toContain("recv_window[5000]");
    expect((await sim.get("/v5/account/info", "", { timestamp: Date.now() + 1_500 })).retCode).toBe(
      10002,
    );
    const wide = { timestamp: Date.now() - 6_000, recvWindow: "20000" };
    expect((await sim.get("/v5/account/info", "", wide)).retCode).toBe(0);
  });

  test("S-05 missing headers are 401, an unknown path 404", async () => {
    const unsigned = await sim.send("/v5/account/info", {});
    expect(unsigned.status).toBe(401);
    expect(((await unsigned.json()) as any).result).toBeNull();
    expect((await sim.send("/v5/market/nothing", {})).status).toBe(404);
    expect((await sim.send("/v5/order/create", {})).status).toBe(404);
  });

  test("S-06 a body that is not declared or not JSON is 10001", async () => {
    const plain = await sim.post("/v5/order/create", "{}", { contentType: "text/plain" });
    expect(plain.retCode).toBe(10001);
    expect((await sim.post("/v5/order/create", "{oops")).retCode).toBe(10001);
    expect((await sim.post("/v5/order/create", "[]")).retCode).toBe(10001);
  });
});

describe("market data", () => {
  test("M-01 time agrees with itself in three units", async () => {
    const { result, time } = await sim.get("/v5/market/time");
    expect(Number(result.timeSecond)).toBe(Math.floor(time / 1_000));
    expect(result.timeNano).toStartWith(String(time));
  });

  test("M-02 the list pages by a cursor that may be encoded again, without loss", async () => {
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 10; page++) {
      const sent = page % 2 === 0 ? cursor : encodeURIComponent(cursor);
      const query = `category=linear&limit=7${cursor === "" ? "" : `&cursor=${sent}`}`;
      const { result } = await sim.get("/v5/market/instruments-info", query);
      for (const item of result.list) seen.push(item.symbol);
      cursor = result.nextPageCursor;
      if (cursor === "") break;
    }
    expect(seen).toHaveLength(30);
    expect(new Set(seen).size).toBe(30);
  });

  test("M-03 the default shows trading contracts only, PreLaunch on request", async () => {
    const trading = await sim.get("/v5/market/instruments-info", "category=linear&limit=1000");
    expect(trading.result.list.every((item: any) => item.status === "Trading")).toBe(true);
    const soon = await sim.get("/v5/market/instruments-info", "category=linear&status=PreLaunch");
    expect(soon.result.list).toHaveLength(2);
    expect(soon.result.list[0].isPreListing).toBe(true);
  });

  test("M-04 a limit beyond the maximum and an unknown category are refused", async () => {
    expect(
      (await sim.get("/v5/market/instruments-info", "category=linear&limit=1001")).retCode,
    ).toBe(10001);
    expect((await sim.get("/v5/market/tickers", "category=nope")).retCode).toBe(10001);
    expect((await sim.get("/v5/market/tickers", "category=linear&symbol=NOPEUSDT")).retMsg).toBe(
      "Not supported symbols",
    );
  });

  test("M-05 a ticker is consistent: bid under ask, last inside the day, OI both sides", async () => {
    const { result } = await sim.get("/v5/market/tickers", "category=linear");
    expect(result.list).toHaveLength(30);
    for (const item of result.list) {
      expect(Number(item.bid1Price)).toBeLessThan(Number(item.ask1Price));
      expect(Number(item.lastPrice)).toBeGreaterThanOrEqual(Number(item.lowPrice24h));
      expect(Number(item.lastPrice)).toBeLessThanOrEqual(Number(item.highPrice24h));
      expect(Number(item.turnover24h)).toBeGreaterThan(100_000);
      expect(Number(item.nextFundingTime)).toBeGreaterThan(Date.now());
    }
  });

  test("M-06 the book has both sides sorted and as deep as asked", async () => {
    const { result } = await sim.get(
      "/v5/market/orderbook",
      "category=linear&symbol=BTCUSDT&limit=50",
    );
    const prices = (side: string[][]): number[] => side.map(([price]) => Number(price));
    expect(result.b).toHaveLength(50);
    expect(result.a).toHaveLength(50);
    expect(prices(result.b)).toEqual(prices(result.b).toSorted((x, y) => y - x));
    expect(prices(result.a)).toEqual(prices(result.a).toSorted((x, y) => x - y));
    expect(prices(result.b)[0]!).toBeLessThan(prices(result.a)[0]!);
    expect(result.u).toBeGreaterThan(1);
  });

  test("M-07 bars are newest first, gapless, and the hour is the sum of its minutes", async () => {
    const hourMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;
    const range = `category=linear&symbol=ETHUSDT&start=${hourMs}&end=${hourMs + 3_599_999}`;
    const minutes = (await sim.get("/v5/market/kline", `${range}&interval=1`)).result.list;
    const hours = (await sim.get("/v5/market/kline", `${range}&interval=60`)).result.list;
    expect(minutes).toHaveLength(60);
    expect(hours).toHaveLength(1);
    minutes.forEach((row: string[], at: number) => {
      expect(Number(row[0])).toBe(hourMs + (59 - at) * 60_000);
      expect(row).toHaveLength(7);
    });
    expect(hours[0][1]).toBe(minutes[59][1]);
    expect(hours[0][4]).toBe(minutes[0][4]);
    expect(Number(hours[0][2])).toBe(Math.max(...minutes.map((row: string[]) => Number(row[2]))));
    expect(Number(hours[0][3])).toBe(Math.min(...minutes.map((row: string[]) => Number(row[3]))));
  });

  test("M-08 history does not change between two questions", async () => {
    const query = `category=linear&symbol=BTCUSDT&interval=D&end=${Date.now() - 86_400_000}&limit=300`;
    const [first, again] = [
      await sim.get("/v5/market/kline", query),
      await sim.get("/v5/market/kline", query),
    ];
    expect(first.result.list.length).toBe(300);
    expect(again.result.list).toEqual(first.result.list);
  });

  test("M-09 price bars of mark, index and premium have five columns", async () => {
    for (const kind of ["mark-price", "index-price", "premium-index-price"]) {
      const { result } = await sim.get(
        `/v5/market/${kind}-kline`,
        "category=linear&symbol=BTCUSDT&interval=5&limit=3",
      );
      expect(result.list).toHaveLength(3);
      expect(result.list[0]).toHaveLength(5);
    }
  });

  test("M-10 funding history lies on the interval and needs an end with a start", async () => {
    const { result } = await sim.get(
      "/v5/market/funding/history",
      "category=linear&symbol=BTCUSDT&limit=5",
    );
    expect(result.list).toHaveLength(5);
    for (const row of result.list) expect(Number(row.fundingRateTimestamp) % 28_800_000).toBe(0);
    const half = await sim.get(
      "/v5/market/funding/history",
      "category=linear&symbol=BTCUSDT&startTime=1",
    );
    expect(half.retCode).toBe(10001);
  });

  test("M-11 statistics page backwards in time", async () => {
    const query = "category=linear&symbol=BTCUSDT&intervalTime=1h&limit=5";
    const first = (await sim.get("/v5/market/open-interest", query)).result;
    const next = (
      await sim.get("/v5/market/open-interest", `${query}&cursor=${first.nextPageCursor}`)
    ).result;
    expect(Number(next.list[0].timestamp)).toBe(Number(first.list[4].timestamp) - 3_600_000);
    const ratio = (
      await sim.get("/v5/market/account-ratio", "category=linear&symbol=BTCUSDT&period=1h")
    ).result.list[0];
    expect(Number(ratio.buyRatio) + Number(ratio.sellRatio)).toBeCloseTo(1, 4);
  });

  test("M-12 the band holds the mark, tiers grow and lower the leverage", async () => {
    const band = (await sim.get("/v5/market/price-limit", "category=linear&symbol=BTCUSDT")).result;
    const ticker = (await sim.get("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).result
      .list[0];
    expect(Number(band.buyLmt)).toBeGreaterThan(Number(ticker.markPrice));
    expect(Number(band.sellLmt)).toBeLessThan(Number(ticker.markPrice));
    const tiers = (await sim.get("/v5/market/risk-limit", "category=linear&symbol=BTCUSDT")).result
      .list;
    for (let at = 1; at < tiers.length; at++) {
      expect(Number(tiers[at].riskLimitValue)).toBeGreaterThan(
        Number(tiers[at - 1].riskLimitValue),
      );
      expect(Number(tiers[at].maxLeverage)).toBeLessThan(Number(tiers[at - 1].maxLeverage));
    }
  });

  test("M-13 spot shows a few pairs without a cursor", async () => {
    const { result } = await sim.get("/v5/market/instruments-info", "category=spot");
    expect(result.list.map((item: any) => item.symbol)).toContain("BTCUSDT");
    expect(result.nextPageCursor).toBeUndefined();
  });
});

describe("limits", () => {
  test("L-01 the eleventh order in a second is 10006 with a reset time, cancels count apart", async () => {
    const limited = await startSim({ symbols: 3, rateLimits: { addressMax: 0 } });
    const cancel = { category: "linear", symbol: "BTCUSDT", orderId: "none" };
    const codes: number[] = [];
    for (let at = 0; at < 12; at++)
      codes.push((await limited.post("/v5/order/cancel", cancel)).retCode);
    expect(codes.slice(0, 10)).toEqual(Array(10).fill(110001));
    expect(codes[10]).toBe(10006);
    expect((await limited.post("/v5/order/amend", { ...cancel, qty: "1" })).retCode).toBe(110001);
    await limited.stop();
  });

  test("L-02 the address limit is HTTP 403", async () => {
    const limited = await startSim({ symbols: 3, rateLimits: { addressMax: 5 } });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++)
      statuses.push((await limited.send("/v5/market/time", {})).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 403]);
    await limited.stop();
  });
});
