/** The band that REST and the stream tell is the one that the core holds orders to. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { type Sim, SocketClient, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let sim: Sim;
beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim.stop());

test("a buy far above the market rests nowhere above the told band", async () => {
  const socket = await SocketClient.open(`${sim.ws}/v5/public/linear`);
  socket.send({ op: "subscribe", args: ["priceLimit.BTCUSDT"] });
  const told = (await socket.until((frame) => frame.topic === "priceLimit.BTCUSDT")).data;
  const { result } = await sim.get("/v5/market/price-limit", "category=linear&symbol=BTCUSDT");
  const { list } = (await sim.get("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).result;
  const mark = Number(list[0].markPrice);
  for (const { buyLmt, sellLmt } of [told, result]) {
    expect(Number(buyLmt)).toBeGreaterThan(mark * 1.009);
    expect(Number(buyLmt)).toBeLessThan(mark * 1.021);
    expect(Number(sellLmt)).toBeLessThan(mark * 0.991);
    expect(Number(sellLmt)).toBeGreaterThan(mark * 0.979);
  }
  socket.close();
});

test("an order beyond the band is moved to its border", async () => {
  const { result } = await sim.get("/v5/market/price-limit", "category=linear&symbol=BTCUSDT");
  const placed = await sim.post("/v5/order/create", {
    category: "linear",
    symbol: "BTCUSDT",
    side: "Sell",
    orderType: "Limit",
    qty: "0.001",
    price: (Number(result.sellLmt) / 2).toFixed(1),
    timeInForce: "GTC",
  });
  expect(placed.retCode).toBe(0);
  const { list } = (
    await sim.get("/v5/order/history", `category=linear&orderId=${placed.result.orderId}`)
  ).result;
  expect(Number(list[0].price) / Number(result.sellLmt)).toBeCloseTo(1, 3);
});
