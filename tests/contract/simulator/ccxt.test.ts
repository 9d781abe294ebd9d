/** ccxt and ccxt.pro trade on the simulator: the calls a bot uses, and what they must have done. */
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import ccxt from "ccxt";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ccxtOn } from "./ccxt-client.ts";
import { type Sim, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const BTC = "BTC/USDT:USDT";
let sim: Sim;
let exchange: any;

beforeAll(async () => {
  sim = await startSim({ symbols: 20 });
  exchange = await ccxtOn(sim);
});
afterEach(async () => {
  await exchange.cancelAllOrders(BTC);
  for (const position of await exchange.fetchPositions([BTC])) {
    if (!position.contracts) continue;
    const side = position.side === "long" ? "sell" : "buy";
    await exchange.createOrder(BTC, "market", side, position.contracts, undefined, {
      reduceOnly: true,
    });
  }
});
afterAll(async () => {
  await exchange.close();
  await sim.stop();
});

const far = async (): Promise<number> => {
  const { bid } = await exchange.fetchTicker(BTC);
  return Number(exchange.priceToPrecision(BTC, bid * 0.985));
};

describe("ccxt market data", () => {
  test("loadMarkets knows contracts and spot pairs with their precision", () => {
    expect(exchange.market(BTC)).toMatchObject({
      id: "BTCUSDT",
      linear: true,
      swap: true,
      precision: { price: 0.1, amount: 0.001 },
      limits: { amount: { min: 0.001 } },
    });
    expect(exchange.market("BTC/USDT").spot).toBe(true);
    expect(
      Object.values(exchange.markets).filter((market: any) => market.swap && market.active),
    ).toHaveLength(20);
  });

  test("fetchTicker, fetchTickers, fetchOrderBook agree with each other", async () => {
    const ticker = await exchange.fetchTicker(BTC);
    expect(ticker.bid).toBeLessThan(ticker.ask);
    expect(ticker.high).toBeGreaterThanOrEqual(ticker.low);
    expect(ticker.quoteVolume).toBeGreaterThan(1_000_000);
    const all = await exchange.fetchTickers();
    expect(Object.keys(all)).toHaveLength(20);
    const book = await exchange.fetchOrderBook(BTC, 50);
    expect(book.bids).toHaveLength(50);
    expect(Math.abs(book.bids[0][0] / ticker.bid - 1)).toBeLessThan(0.01);
  });

  test("fetchOHLCV, fetchTrades, funding and time", async () => {
    const bars = await exchange.fetchOHLCV(BTC, "5m", undefined, 20);
    expect(bars).toHaveLength(20);
    for (let at = 1; at < bars.length; at++) expect(bars[at][0] - bars[at - 1][0]).toBe(300_000);
    const trades = await exchange.fetchTrades(BTC);
    expect(trades[0].symbol).toBe(BTC);
    const history = await exchange.fetchFundingRateHistory(BTC, undefined, 3);
    expect(history.length).toBeGreaterThan(0);
    expect(Math.abs((await exchange.fetchTime()) - Date.now())).toBeLessThan(5_000);
    expect((await exchange.fetchFundingRate(BTC)).fundingRate).toBeNumber();
    expect((await exchange.fetchOpenInterest(BTC)).openInterestAmount).toBeGreaterThan(0);
  });

  test("watchTicker, watchTrades, watchOrderBook, watchOHLCV", async () => {
    const ticker = await exchange.watchTicker(BTC);
    expect(ticker.bid).toBeLessThan(ticker.ask);
    const trades = await exchange.watchTrades(BTC);
    expect(["buy", "sell"]).toContain(trades[0].side);
    let book = await exchange.watchOrderBook(BTC, 50);
    for (let update = 0; update < 20; update++) book = await exchange.watchOrderBook(BTC, 50);
    expect(book.bids[0][0]).toBeLessThan(book.asks[0][0]);
    expect((await exchange.watchOHLCV(BTC, "1m"))[0]).toHaveLength(6);
  });
});

describe("ccxt trading", () => {
  test("a limit order is open, edited in place, and cancelled", async () => {
    const price = await far();
    const order = await exchange.createOrder(BTC, "limit", "buy", 0.002, price, {
      clientOrderId: "ccxt-1",
    });
    const [open] = await exchange.fetchOpenOrders(BTC);
    expect(open).toMatchObject({
      id: order.id,
      clientOrderId: "ccxt-1",
      status: "open",
      side: "buy",
      amount: 0.002,
      price,
      filled: 0,
    });
    const edited = await exchange.editOrder(order.id, BTC, "limit", "buy", 0.003, price);
    expect(edited.id).toBe(order.id);
    expect((await exchange.fetchOpenOrders(BTC))[0].amount).toBe(0.003);
    await exchange.cancelOrder(order.id, BTC);
    expect(await exchange.fetchOpenOrders(BTC)).toHaveLength(0);
    const [closed] = await exchange.fetchCanceledOrders(BTC);
    expect(closed).toMatchObject({ id: order.id, status: "canceled" });
    await expect(exchange.cancelOrder(order.id, BTC)).rejects.toThrow(ccxt.OrderNotFound);
  });

  test("a market order makes a position, pays its fee, and closes reduce-only", async () => {
    const before = (await exchange.fetchBalance()).USDT.total;
    const { id } = await exchange.createOrder(BTC, "market", "buy", 0.01);
    const [position] = await exchange.fetchPositions([BTC]);
    expect(position).toMatchObject({ symbol: BTC, side: "long", contracts: 0.01, hedged: false });
    const fills = (await exchange.fetchMyTrades(BTC)).filter((trade: any) => trade.order === id);
    const cost = fills.reduce((sum: number, trade: any) => sum + trade.cost, 0);
    const fee = fills.reduce((sum: number, trade: any) => sum + trade.fee.cost, 0);
    expect(fills[0]).toMatchObject({
      side: "buy",
      takerOrMaker: "taker",
      fee: { currency: "USDT" },
    });
    expect(fee).toBeCloseTo(cost * 0.00055, 6);
    const closing = await exchange.createOrder(BTC, "market", "sell", 0.01, undefined, {
      reduceOnly: true,
    });
    expect(
      (await exchange.fetchPositions([BTC])).filter((row: any) => row.contracts > 0),
    ).toHaveLength(0);
    const exits = (await exchange.fetchMyTrades(BTC)).filter(
      (trade: any) => trade.order === closing.id,
    );
    const proceeds = exits.reduce((sum: number, trade: any) => sum + trade.cost, 0);
    const exitFee = exits.reduce((sum: number, trade: any) => sum + trade.fee.cost, 0);
    const after = (await exchange.fetchBalance()).USDT.total;
    expect(after).toBeCloseTo(before + proceeds - cost - fee - exitFee, 4);
  });

  test("a position shows the margin that clients work with", async () => {
    await exchange.setLeverage(5, BTC).catch(() => {});
    await exchange.createOrder(BTC, "market", "buy", 0.02);
    const [held] = await exchange.fetchPositions([BTC]);
    const { collateral, initialMargin, liquidationPrice, percentage, markPrice } = held;
    expect(collateral).toBeGreaterThan((held.notional / 5) * 0.9);
    expect(collateral).toBeLessThan((held.notional / 5) * 1.1);
    expect(initialMargin).toBeCloseTo(collateral, 2);
    expect(percentage).toBeCloseTo((held.unrealizedPnl / initialMargin) * 100, 1);
    expect(held.maintenanceMargin).toBeLessThan(initialMargin);
    // Cross margin: a wallet many times the position leaves no liquidation above zero.
    expect(liquidationPrice ?? 0).toBeLessThan(markPrice);
    await exchange.createOrder(BTC, "market", "sell", 0.02, undefined, { reduceOnly: true });
  });

  test("post-only, reduce-only without a position, too little money", async () => {
    const { ask } = await exchange.fetchTicker(BTC);
    const crossing = Number(exchange.priceToPrecision(BTC, ask * 1.002));
    const { id } = await exchange.createOrder(BTC, "limit", "buy", 0.001, crossing, {
      postOnly: true,
    });
    const [cancelled] = (await exchange.fetchCanceledOrders(BTC)).filter(
      (order: any) => order.id === id,
    );
    expect(cancelled).toMatchObject({ status: "canceled", filled: 0 });
    const reduce = exchange.createOrder(BTC, "market", "sell", 0.001, undefined, {
      reduceOnly: true,
    });
    await expect(reduce).rejects.toThrow(ccxt.InvalidOrder);
    await expect(exchange.createOrder(BTC, "market", "buy", 100)).rejects.toThrow(
      ccxt.InsufficientFunds,
    );
  });

  test("take profit, stop loss and trigger orders wait", async () => {
    const { last } = await exchange.fetchTicker(BTC);
    const at = (factor: number): number => Number(exchange.priceToPrecision(BTC, last * factor));
    await exchange.createOrder(BTC, "market", "buy", 0.001, undefined, {
      takeProfit: { triggerPrice: at(1.05) },
      stopLoss: { triggerPrice: at(0.95) },
    });
    const [position] = await exchange.fetchPositions([BTC]);
    expect(position).toMatchObject({ takeProfitPrice: at(1.05), stopLossPrice: at(0.95) });
    const trigger = await exchange.createOrder(BTC, "market", "buy", 0.001, undefined, {
      triggerPrice: at(1.04),
      triggerDirection: "ascending",
    });
    const waiting = await exchange.fetchOpenOrders(BTC, undefined, undefined, { trigger: true });
    const found = waiting.find((order: any) => order.id === trigger.id);
    expect(found).toMatchObject({ triggerPrice: at(1.04), status: "open" });
    expect(waiting.length).toBe(3);
  });

  test("cancelAllOrders, setLeverage, hedge mode", async () => {
    const price = await far();
    for (let count = 0; count < 3; count++)
      await exchange.createOrder(BTC, "limit", "buy", 0.001, price);
    expect(await exchange.fetchOpenOrders(BTC)).toHaveLength(3);
    await exchange.cancelAllOrders(BTC);
    expect(await exchange.fetchOpenOrders(BTC)).toHaveLength(0);
    await exchange.setLeverage(7, "ETH/USDT:USDT");
    expect((await exchange.fetchPosition("ETH/USDT:USDT")).leverage).toBe(7);
    await exchange.setPositionMode(true, "ETH/USDT:USDT");
    await exchange.setPositionMode(false, "ETH/USDT:USDT");
  });

  test("watchOrders, watchMyTrades, watchPositions see an order of the trade socket", async () => {
    let isTold = false;
    const told = Promise.all([
      exchange.watchOrders(BTC),
      exchange.watchMyTrades(BTC),
      untilHeld(),
    ]).then((all) => {
      isTold = true;
      return all;
    });
    const placedIds: string[] = [];
    while (!isTold) {
      placedIds.push((await exchange.createOrderWs(BTC, "market", "buy", 0.002)).id);
      await Bun.sleep(20);
    }
    const [orders, trades, held] = await told;
    expect(placedIds).toContain(orders[0].id);
    expect(orders[0]).toMatchObject({ symbol: BTC, side: "buy", amount: 0.002 });
    expect(placedIds).toContain(trades[0].order);
    expect(trades[0]).toMatchObject({ symbol: BTC, side: "buy" });
    expect(held.some((row: any) => row.symbol === BTC)).toBe(true);
  });
});

/** Its first answer is the REST list, which may be from before the order. */
async function untilHeld(): Promise<any[]> {
  for (;;) {
    const held = await exchange.watchPositions([BTC]);
    if (held.some((row: any) => row.symbol === BTC)) return held;
  }
}
