/**
 * The exchange's best-known SDK trades on the simulator: business results, not just absence of
 * errors.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { RestClientV5, WebsocketAPIClient, WebsocketClient } from "bybit-api";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { KEY, SECRET, type Sim, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let sim: Sim;
let rest: RestClientV5;
const sockets: { closeAll(force?: boolean): void }[] = [];

const quiet = { trace() {}, info() {}, error() {} };
const auth = { key: KEY, secret: SECRET };

beforeAll(async () => {
  sim = await startSim({ symbols: 20, rateLimits: { addressMax: 0 } });
  rest = new RestClientV5({ ...auth, baseUrl: sim.base, parseAPIRateLimits: true });
});
afterAll(async () => {
  for (const socket of sockets) socket.closeAll(true);
  await sim.stop();
});

/** Updates of one socket, and a wait for the first that a condition likes. */
function updatesOf(client: WebsocketClient) {
  const seen: any[] = [];
  const waiting: (() => void)[] = [];
  client.on("update", (frame: any) => {
    seen.push(frame);
    for (const wake of waiting.splice(0)) wake();
  });
  client.on("exception" as any, () => {});
  return async (wanted: (frame: any) => boolean): Promise<any> => {
    for (;;) {
      const found = seen.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
}

function socketClient(path: string): WebsocketClient {
  const client = new WebsocketClient({ ...auth, wsUrl: `${sim.ws}${path}` } as any, quiet as any);
  sockets.push(client);
  return client;
}

describe("bybit-api", () => {
  test("REST market data", async () => {
    const info = await rest.getInstrumentsInfo({ category: "linear", limit: 1000 });
    expect(info.result.list).toHaveLength(20);
    const book = await rest.getOrderbook({ category: "linear", symbol: "BTCUSDT", limit: 50 });
    expect(Number(book.result.b[0]![0])).toBeLessThan(Number(book.result.a[0]![0]));
    const bars = await rest.getKline({
      category: "linear",
      symbol: "BTCUSDT",
      interval: "15",
      limit: 10,
    });
    expect(bars.result.list).toHaveLength(10);
    const funding = await rest.getFundingRateHistory({
      category: "linear",
      symbol: "BTCUSDT",
      limit: 3,
    });
    expect(funding.result.list).toHaveLength(3);
    const time = await rest.fetchServerTime();
    expect(Math.abs(time - Date.now() / 1_000)).toBeLessThan(5);
  });

  test("REST paging: the cursor that it encodes again is understood", async () => {
    const first = await rest.getInstrumentsInfo({ category: "linear", limit: 12 });
    const rest2 = await rest.getInstrumentsInfo({
      category: "linear",
      limit: 12,
      cursor: first.result.nextPageCursor!,
    });
    const symbols = [...first.result.list, ...rest2.result.list].map((item: any) => item.symbol);
    expect(new Set(symbols).size).toBe(20);
  });

  test("REST trading: place, amend, read, cancel; limits are parsed from the headers", async () => {
    const { result } = await rest.getTickers({ category: "linear", symbol: "BTCUSDT" });
    const price = (Number((result.list[0] as any).bid1Price) * 0.985).toFixed(1);
    const order = {
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Limit",
      qty: "0.002",
    } as const;
    const created = await rest.submitOrder({ ...order, price, orderLinkId: "sdk-1" });
    expect(created.retCode).toBe(0);
    expect((created as any).rateLimitApi).toMatchObject({ maxRequests: 10, remainingRequests: 9 });
    const amended = await rest.amendOrder({
      category: "linear",
      symbol: "BTCUSDT",
      orderLinkId: "sdk-1",
      qty: "0.003",
    });
    expect(amended.result.orderId).toBe(created.result.orderId);
    const open = await rest.getActiveOrders({ category: "linear", symbol: "BTCUSDT" });
    expect(open.result.list[0]).toMatchObject({
      orderLinkId: "sdk-1",
      qty: "0.003",
      orderStatus: "New",
    });
    const cancelled = await rest.cancelOrder({
      category: "linear",
      symbol: "BTCUSDT",
      orderLinkId: "sdk-1",
    });
    expect(cancelled.retCode).toBe(0);
    const batch = await rest.batchSubmitOrders("linear", [
      { symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.001", price },
      { symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.001", price: "1" },
    ] as any);
    expect((batch.result as any).list[0].orderId).not.toBe("");
    const all = await rest.cancelAllOrders({ category: "linear", settleCoin: "USDT" });
    expect((all.result as any).success).toBe("1");
    const account = await rest.getWalletBalance({ accountType: "UNIFIED" });
    expect(account.result.list[0]!.coin[0]!.walletBalance).toBe("10000");
  });

  test("REST positions: leverage, trading stop, closed P&L", async () => {
    expect(
      (
        await rest.setLeverage({
          category: "linear",
          symbol: "ETHUSDT",
          buyLeverage: "5",
          sellLeverage: "5",
        })
      ).retCode,
    ).toBe(0);
    const order = {
      category: "linear",
      symbol: "ETHUSDT",
      orderType: "Market",
      qty: "0.10",
    } as const;
    await rest.submitOrder({ ...order, side: "Buy" });
    const held = (await rest.getPositionInfo({ category: "linear", symbol: "ETHUSDT" })).result
      .list[0]!;
    expect(held).toMatchObject({ side: "Buy", size: "0.10", leverage: "5" });
    const stopLoss = (Number(held.avgPrice) * 0.95).toFixed(2);
    const stop = await rest.setTradingStop({
      category: "linear",
      symbol: "ETHUSDT",
      positionIdx: 0,
      tpslMode: "Full",
      stopLoss,
    });
    expect(stop.retCode).toBe(0);
    expect(
      (await rest.getPositionInfo({ category: "linear", symbol: "ETHUSDT" })).result.list[0]!
        .stopLoss,
    ).toBe(stopLoss);
    await rest.submitOrder({ ...order, side: "Sell", reduceOnly: true });
    const closed = (await rest.getClosedPnL({ category: "linear", symbol: "ETHUSDT" })).result
      .list[0]!;
    expect(closed).toMatchObject({ symbol: "ETHUSDT", side: "Sell", closedSize: "0.10" });
    const left = await rest.getActiveOrders({ category: "linear", symbol: "ETHUSDT" });
    expect(left.result.list).toHaveLength(0);
  });

  test("public sockets: book, trades, ticker, bars", async () => {
    const client = socketClient("/v5/public/linear");
    const until = updatesOf(client);
    const topics = ["orderbook.50", "publicTrade", "tickers", "kline.1"];
    await Promise.all(
      client.subscribeV5(
        topics.map((topic) => `${topic}.BTCUSDT`),
        "linear",
      ),
    );
    const snapshot = await until(
      (frame) => frame.topic === "orderbook.50.BTCUSDT" && frame.type === "snapshot",
    );
    expect(snapshot.data.b).toHaveLength(50);
    const delta = await until(
      (frame) => frame.topic === "orderbook.50.BTCUSDT" && frame.type === "delta",
    );
    expect(delta.data.u).toBeGreaterThan(snapshot.data.u);
    await until((frame) => frame.topic === "publicTrade.BTCUSDT" && frame.data[0].s === "BTCUSDT");
    await until((frame) => frame.topic === "tickers.BTCUSDT" && frame.type === "delta");
    await until((frame) => frame.topic === "kline.1.BTCUSDT");
  });

  test("private and trade sockets: an order over the socket fills and is told on the stream", async () => {
    const client = socketClient("/v5/private");
    const until = updatesOf(client);
    const topics = ["order", "execution", "position", "wallet"];
    await Promise.all(client.subscribeV5(topics, "linear"));
    const desk = new WebsocketAPIClient(
      { ...auth, wsUrl: `${sim.ws}/v5/trade` } as any,
      quiet as any,
    );
    sockets.push(desk.getWSClient());
    const order = {
      category: "linear",
      symbol: "SOLUSDT",
      orderType: "Market",
      qty: "1.0",
    } as const;
    const placed = await desk.submitNewOrder({
      ...order,
      side: "Buy",
      orderLinkId: "sdk-ws",
    } as any);
    expect(placed).toMatchObject({ retCode: 0, op: "order.create" });
    expect((placed.data as any).orderLinkId).toBe("sdk-ws");
    const told = await until(
      (frame) =>
        frame.topic === "order" &&
        frame.data.some((row: any) => row.orderLinkId === "sdk-ws" && row.orderStatus === "Filled"),
    );
    expect(told.data.at(-1)).toMatchObject({
      category: "linear",
      symbol: "SOLUSDT",
      cumExecQty: "1.0",
    });
    const fill = await until(
      (frame) => frame.topic === "execution" && frame.data[0].orderLinkId === "sdk-ws",
    );
    expect(fill.data[0]).toMatchObject({ execType: "Trade", isMaker: false });
    await until((frame) => frame.topic === "position" && frame.data[0].symbol === "SOLUSDT");
    await until((frame) => frame.topic === "wallet");
    const refused = await desk.submitNewOrder({ ...order, side: "Up" } as any).then(
      () => null,
      (error: any) => error,
    );
    expect(refused.retCode).toBe(10001);
    await desk.submitNewOrder({ ...order, side: "Sell", reduceOnly: true } as any);
  });
});
