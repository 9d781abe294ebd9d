import { describe, expect, test } from "bun:test";
import {
  asClientOrderId,
  asTicks,
  asVenueOrderId,
  type SymbolId,
} from "../../../../src/domain/units.ts";
import {
  cancelBody,
  createBody,
  queryText,
  tradingStopBody,
} from "../../../../src/venue/bybit/codec/encode.ts";
import { retText } from "../../../../src/venue/bybit/codec/ret-codes.ts";
import {
  bookTopic,
  parseTopic,
  tickerTopic,
  tradesTopic,
} from "../../../../src/venue/bybit/codec/topics.ts";
import { instrumentOf } from "../../../support/instruments.ts";
import { approvedOf } from "../../orders/support.ts";

const instrument = instrumentOf({
  symbol: "DOGEUSDT",
  id: 0 as SymbolId,
  tick: "0.00001",
  step: "1",
});

describe("bodies", () => {
  test("the venue's id wins over ours", () => {
    expect(
      cancelBody(instrument, { clientId: asClientOrderId("c"), venueOrderId: asVenueOrderId("v") }),
    ).toEqual({
      category: "linear",
      symbol: "DOGEUSDT",
      orderId: "v",
    });
  });

  test("an entry goes out with its stop for the whole position, and only rests", () => {
    const entry = approvedOf("c", { priceTicks: asTicks(7_000), stopLossTicks: asTicks(6_900) });
    expect(createBody(entry, instrument)).toEqual({
      category: "linear",
      symbol: "DOGEUSDT",
      side: "Buy",
      orderType: "Limit",
      qty: "100",
      price: "0.07000",
      timeInForce: "PostOnly",
      positionIdx: 0,
      orderLinkId: "c",
      reduceOnly: false,
      smpType: "CancelMaker",
      tpslMode: "Full",
      stopLoss: "0.06900",
      slTriggerBy: "LastPrice",
    });
  });

  test.each([
    ["post_only", "PostOnly"],
    ["gtc", "GTC"],
    ["ioc", "IOC"],
    ["fok", "FOK"],
  ] as const)("%s is %s at the venue", (timeInForce, timeInForceText) => {
    expect(createBody(approvedOf("c", { timeInForce }), instrument).timeInForce).toBe(
      timeInForceText,
    );
  });

  test("an exit may only reduce, and brings no stop of its own", () => {
    const exit = { side: "sell", purpose: "exit", reduceOnly: true, stopLossTicks: null } as const;
    const body = createBody(approvedOf("c", exit), instrument);
    expect(body).toMatchObject({ side: "Sell", reduceOnly: true });
    expect(Object.keys(body).filter((name) => /stop|tpsl|trigger/i.test(name))).toEqual([]);
  });

  test("a stop covers the whole position", () => {
    expect(tradingStopBody(instrument, 6_900)).toEqual({
      category: "linear",
      symbol: "DOGEUSDT",
      positionIdx: 0,
      tpslMode: "Full",
      stopLoss: "0.06900",
      slTriggerBy: "LastPrice",
    });
  });

  test("a query is encoded once, in its own order", () => {
    expect(queryText({ b: 1, a: "x=y&z", cursor: "a%3D" })).toBe("b=1&a=x%3Dy%26z&cursor=a%253D");
    expect(queryText({})).toBe("");
  });
});

describe("topics", () => {
  test("go there and back", () => {
    expect(parseTopic(bookTopic("BTCUSDT", 50))).toEqual({
      kind: "book",
      symbol: "BTCUSDT",
      depth: 50,
    });
    expect(parseTopic(tradesTopic("BTCUSDT"))).toEqual({ kind: "trades", symbol: "BTCUSDT" });
    expect(parseTopic(tickerTopic("BTCUSDT"))).toEqual({ kind: "ticker", symbol: "BTCUSDT" });
    expect(parseTopic("kline.D.BTCUSDT")).toEqual({
      kind: "bar",
      symbol: "BTCUSDT",
      intervalMin: 1_440,
    });
  });

  test("anything else is unknown", () => {
    const strange = [
      "",
      ".",
      "tickers",
      "tickers.",
      "tickers.A.B",
      "orderbook.50",
      "orderbook.7.BTCUSDT",
      "orderbook.50.BTC.USDT",
      "kline.2.BTCUSDT",
      "kline.constructor.BTCUSDT",
      "publicTrade",
    ];
    for (const topic of strange) expect(parseTopic(topic)).toEqual({ kind: "unknown", topic });
  });
});

test("a code is told with its meaning and the venue's words", () => {
  expect(retText(10_006, "Too many visits!")).toBe(
    "10006 rate limit of this endpoint: Too many visits!",
  );
  expect(retText(0, "")).toBe("0 success");
});
