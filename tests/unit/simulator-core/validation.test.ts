import { describe, expect, test } from "bun:test";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import {
  ACTIVE_ORDERS_MAX,
  CONDITIONAL_ORDERS_MAX,
} from "../../../src/simulator/core/exchange-state.ts";
import { check, options, play } from "./tape.ts";

describe("an order is refused with the venue's code and wording", () => {
  const minimum = "refused 10001 The number of contracts exceeds minimum limit allowed";
  const maximum = "refused 10001 The number of contracts exceeds maximum limit allowed";
  const cases: [string, string, string][] = [
    ["unknown symbol", "a buy 1 @ 100 symbol=7", "refused 10001 Not supported symbols"],
    ["position index in one-way mode", "a buy 1 @ 100 idx=1", idxRefusal()],
    ["no position index in hedge mode", "a mode hedge\n---\na buy 1 @ 100", idxRefusal()],
    ["quantity zero", "a buy 0 @ 100", "refused 10001 Qty invalid"],
    ["quantity below zero", "a buy -1 @ 100", "refused 10001 Qty invalid"],
    ["quantity with a fraction", "a buy 1.5 @ 100", "refused 10001 Qty invalid"],
    ["limit quantity above the maximum", "a buy 10001 @ 1", maximum],
    ["market quantity above the maximum", "price 1\n---\na buy 5001 market", maximum],
    ["price zero", "a buy 10 @ 0", "refused 110003 price is invalid"],
    ["price above the range", "a buy 1 @ 100001", "refused 110003 price is invalid"],
    ["price off the grid", "a buy 10 @ 1.5", "refused 110003 price is invalid"],
    [
      "value below the minimum",
      "a buy 4 @ 1",
      "refused 110094 Order does not meet minimum order value 5USDT",
    ],
    ["link with a bad character", "a buy 1 @ 100 link=a.b", linkRefusal()],
    [`link of 37 characters`, `a buy 1 @ 100 link=${"x".repeat(37)}`, linkRefusal()],
    [
      "link of an open order",
      "a buy 1 @ 100 link=x\n---\na buy 1 @ 100 link=x",
      "refused 110072 OrderLinkedID is duplicate",
    ],
    [
      "link of a finished order",
      "a buy 1 @ 100 link=x\na cancel x\n---\na buy 1 @ 100 link=x",
      "refused 110072 OrderLinkedID is duplicate",
    ],
    [
      "reduce-only while flat",
      "a sell 1 @ 100 reduce",
      "refused 110017 current position is zero, cannot fix reduce-only order qty",
    ],
    [
      "reduce-only that would add",
      "house sell 5 @ 100\na buy 5 @ 100\n---\na buy 1 @ 100 reduce",
      "refused 110017 Reduce-only rule not satisfied",
    ],
    [
      "closing side of a hedge without a position",
      "a mode hedge\n---\na sell 1 @ 100 idx=1",
      "refused 110017 current position is zero, cannot fix reduce-only order qty",
    ],
    ["too dear", "poor buy 11 @ 100", "refused 110007 ab not enough for new order"],
    [
      "together too dear",
      "poor buy 5 @ 100\n---\npoor buy 5 @ 100",
      "refused 110007 ab not enough for new order",
    ],
    [
      "market order too dear",
      "house sell 20 @ 100\n---\npoor buy 11 market",
      "refused 110007 ab not enough for new order",
    ],
    [
      "trigger of a rise below the price",
      "house sell 1 @ 100\nb buy 1 @ 100\n---\na buy 1 @ 100 trigger=99:up",
      "refused 110092 expect Rising, but trigger_price[990000] <= current[1000000]??LastPrice",
    ],
    [
      "trigger of a fall above the mark price",
      "price 100\n---\na sell 1 @ 100 trigger=100:down:MarkPrice",
      "refused 110093 expect Falling, but trigger_price[1000000] >= current[1000000]??MarkPrice",
    ],
    [
      "trigger without direction",
      "a buy 1 @ 100 trigger=99",
      "refused 10001 TriggerDirection invalid",
    ],
    [
      "conditional order with take-profit",
      "a buy 1 @ 100 trigger=110:up tp=130",
      "refused 110057 Conditional order can't set TP/SL",
    ],
    [
      "take-profit on the wrong side",
      "a buy 1 @ 100 tp=99",
      "refused 10001 TakeProfit set for Buy position should be higher than base_price",
    ],
    [
      "stop-loss of a short on the wrong side",
      "a sell 1 @ 100 sl=99",
      "refused 10001 StopLoss set for Sell position should be higher than base_price",
    ],
  ];
  for (const [name, tape, expected] of cases) {
    test(name, () => {
      check(tape.includes("---") ? tape : `---\n${tape}`, expected);
    });
  }

  test("quantity below the contract's minimum", () => {
    check("---\na buy 2 @ 100", minimum, { instrument: { minQtySteps: 3 } });
  });
});

function idxRefusal(): string {
  return "refused 10001 position idx not match position mode";
}

function linkRefusal(): string {
  return "refused 10001 params error: OrderLinkId invalid";
}

describe("contract status", () => {
  const cases: [string, string][] = [
    ["PreLaunch", "refused 110074 This contract is not live"],
    ["Closed", "refused 10001 Not supported symbols"],
    ["Delivering", "refused 30228 Symbol is being delisted, no new positions are allowed"],
  ];
  for (const [status, expected] of cases) {
    test(status, () => {
      check(`status ${status}\n---\na buy 1 @ 100`, expected);
    });
  }

  test("a contract that delivers still lets positions close", () => {
    check(
      `house sell 5 @ 100
       a buy 5 @ 100
       house buy 5 @ 99
       status Delivering
       ---
       a sell 5 @ 99 reduce`,
      `a Sell 5 @ 99 taker fee 0.2475 closed 5 pnl -5
       a Filled 5/5 @ 99`,
    );
  });
});

test("checks run in the venue's order: the earlier objection wins", () => {
  const dearest = "poor buy 10001 @ 100001 link=a.b reduce";
  check(`---\n${dearest}`, "refused 10001 The number of contracts exceeds maximum limit allowed");
  check("---\npoor buy 1000 @ 100001 link=a.b", "refused 110003 price is invalid");
  check("---\npoor buy 1000 @ 1000 link=a.b", "refused 10001 params error: OrderLinkId invalid");
  check("---\npoor buy 1000 @ 1000", "refused 110007 ab not enough for new order");
});

test("an order may cost exactly what is available, and no more", () => {
  // 1/10 + 0.0005 + 0.0005 × (1 − 1/10) = 0.10095 per unit of a buy: 990 cost 99.9405, 991 100.04
  check("---\npoor buy 990 @ 1 link=x", "poor#x New 0/990 @ 1");
  check("---\npoor buy 991 @ 1", "refused 110007 ab not enough for new order");
});

test("orders on both sides hold the dearer side only", () => {
  check("poor buy 9 @ 100\n---\npoor sell 9 @ 101", "poor New 0/9 @ 101");
});

test("higher leverage makes the same order affordable", () => {
  check("poor leverage 50\n---\npoor buy 40 @ 100", "poor New 0/40 @ 100");
});

test("a refused order leaves no trace", () => {
  const exchange = createExchange(options());
  play(exchange, "poor buy 11 @ 100 link=x", []);
  expect(exchange.drain()).toEqual([]);
  expect(exchange.openOrders("poor")).toEqual([]);
  play(exchange, "poor buy 1 @ 100 link=x", []);
  expect(exchange.openOrders("poor")).toHaveLength(1);
});

test("open orders per symbol are limited", () => {
  const exchange = createExchange(options());
  for (let count = 0; count < ACTIVE_ORDERS_MAX; count++) play(exchange, "a buy 1 @ 5", []);
  const refusals = play(exchange, "---\na buy 1 @ 5", []);
  expect(refusals).toEqual(["refused 110020 Not allowed to have more than 500 active orders"]);
  expect(exchange.openOrders("a")).toHaveLength(ACTIVE_ORDERS_MAX);
  expect(play(exchange, "---\na buy 1 @ 5 trigger=9:up", [])).toEqual([]);
});

test("conditional orders per symbol are limited", () => {
  const exchange = createExchange(options());
  for (let count = 0; count < CONDITIONAL_ORDERS_MAX; count++) {
    play(exchange, "a buy 1 @ 50 trigger=90:up", []);
  }
  expect(play(exchange, "---\na buy 1 @ 50 trigger=90:up", [])).toEqual([
    "refused 110009 The number of stop orders exceeds the maximum allowable limit",
  ]);
  expect(play(exchange, "---\na buy 1 @ 50", [])).toEqual([]);
});

test("an accepted order answers with its ids before anything is told", () => {
  const exchange = createExchange(options());
  const reply = exchange.place("a", {
    symbolIndex: 0,
    side: "Buy",
    type: "Limit",
    qtySteps: 1,
    priceTicks: 100,
    timeInForce: "GTC",
    orderLinkId: "mine",
  });
  expect(reply).toMatchObject({ code: 0, text: "OK", orderLinkId: "mine" });
  expect(exchange.findOrder("a", { orderId: reply.orderId })?.status).toBe("New");
  expect(exchange.findOrder("b", { orderId: reply.orderId })).toBeNull();
});
