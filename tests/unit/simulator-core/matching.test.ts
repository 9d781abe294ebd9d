import { describe, expect, test } from "bun:test";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { check, options, play } from "./tape.ts";

describe("price-time priority", () => {
  test("better prices first, then earlier orders, at the resting price", () => {
    check(
      `house sell 2 @ 102
       a sell 3 @ 101 link=first
       b sell 3 @ 101 link=second
       ---
       house buy 5 @ 102`,
      `trade Buy 3 @ 101
       a#first Sell 3 @ 101 maker fee 0.0606
       a#first Filled 3/3 @ 101
       trade Buy 2 @ 101
       b#second Sell 2 @ 101 maker fee 0.0404
       b#second PartiallyFilled 2/3 @ 101`,
      { show: ["orders", "fills", "trades"] },
    );
  });

  test("a limit that crosses takes up to its price and rests with what is left", () => {
    const exchange = check(
      `house sell 2 @ 100
       house sell 2 @ 101
       house sell 2 @ 103
       ---
       a buy 10 @ 102 link=x`,
      `a#x Buy 2 @ 100 taker fee 0.1
       a#x Buy 2 @ 101 taker fee 0.101
       a#x PartiallyFilled 4/10 @ 102`,
    );
    expect(exchange.levels(0, "Buy", 5)).toEqual([102, 6]);
    expect(exchange.levels(0, "Sell", 5)).toEqual([103, 2]);
    expect(exchange.lastTicks(0)).toBe(101);
  });

  test("both sides can be clients", () => {
    check(
      `a buy 4 @ 100 link=bid
       ---
       b sell 4 @ 100 link=ask`,
      `b#ask Sell 4 @ 100 taker fee 0.2
       a#bid Buy 4 @ 100 maker fee 0.08
       a#bid Filled 4/4 @ 100
       b#ask Filled 4/4 @ 100`,
    );
  });
});

describe("time in force", () => {
  const book = `house sell 2 @ 100
    house sell 2 @ 101
    ---`;
  const cases: [string, string, string][] = [
    ["GTC that meets nothing rests", "a buy 3 @ 99", "a New 0/3 @ 99"],
    [
      "IOC keeps what it got and loses the rest",
      "a buy 3 @ 100 ioc",
      "a Buy 2 @ 100 taker fee 0.1\na Cancelled 2/3 @ 100 EC_CancelForNoFullFill",
    ],
    [
      "IOC that meets nothing is cancelled",
      "a buy 3 @ 99 ioc",
      "a Cancelled 0/3 @ 99 EC_NoImmediateQtyToFill",
    ],
    [
      "FOK that fits fills",
      "a buy 4 @ 101 fok",
      `a Buy 2 @ 100 taker fee 0.1
       a Buy 2 @ 101 taker fee 0.101
       a Filled 4/4 @ 101`,
    ],
    [
      "FOK that fits in part takes nothing",
      "a buy 5 @ 101 fok",
      "a Cancelled 0/5 @ 101 EC_NoEnoughQtyToFill",
    ],
    ["FOK that meets nothing", "a buy 5 @ 99 fok", "a Cancelled 0/5 @ 99 EC_NoImmediateQtyToFill"],
    [
      "post-only that would cross is accepted, then cancelled",
      "a buy 3 @ 100 post",
      "a Cancelled 0/3 @ 100 EC_PostOnlyWillTakeLiquidity",
    ],
    ["post-only below the ask rests", "a buy 3 @ 99 post", "a New 0/3 @ 99"],
    [
      "a market order takes what it needs and shows its protective price",
      "a buy 3 market",
      `a Buy 2 @ 100 taker fee 0.1
       a Buy 1 @ 101 taker fee 0.0505
       a Filled 3/3 @ 100000`,
    ],
    [
      "a market order larger than the book loses the rest",
      "a buy 9 market",
      `a Buy 2 @ 100 taker fee 0.1
       a Buy 2 @ 101 taker fee 0.101
       a Cancelled 4/9 @ 100000 EC_CancelForNoFullFill`,
    ],
    [
      "a market order without the other side is cancelled",
      "a sell 9 market",
      "a Cancelled 0/9 @ 1 EC_NoImmediateQtyToFill",
    ],
  ];
  for (const [name, act, expected] of cases) {
    test(name, () => {
      check(`${book}\n${act}`, expected);
    });
  }
});

describe("price band", () => {
  // mark 100, X 10 %, Y 20 %: highest buy min(120, max(index, 110)), lowest sell mirrored
  const cases: [string, string, string, string][] = [
    ["a buy above moves to the border", "price 100", "a buy 1 @ 500", "a New 0/1 @ 110"],
    ["a sell below moves to the border", "price 100", "a sell 1 @ 50", "a New 0/1 @ 90"],
    ["the index lifts the border", "price 100\nindex 115", "a buy 1 @ 500", "a New 0/1 @ 115"],
    ["but not past Y", "price 100\nindex 200", "a buy 1 @ 500", "a New 0/1 @ 120"],
    ["inside stays", "price 100", "a buy 1 @ 109", "a New 0/1 @ 109"],
    [
      "a market order does not reach past the border",
      "price 100\nhouse sell 5 @ 130",
      "a buy 1 market",
      "a Cancelled 0/1 @ 110 EC_NoImmediateQtyToFill",
    ],
  ];
  for (const [name, before, act, expected] of cases) {
    test(name, () => {
      check(`${before}\n---\n${act}`, expected);
    });
  }

  test("a premium of the book over 30 seconds lifts the highest buy", () => {
    const exchange = check(
      `price 100
       house buy 1 @ 113
       house sell 1 @ 115
       time 40000
       ---
       a buy 1 @ 500 post`,
      "a Cancelled 0/1 @ 120 EC_PostOnlyWillTakeLiquidity",
    );
    expect(exchange.priceBand(0)).toEqual({ highestBuyTicks: 120, lowestSellTicks: 90 });
  });
});

describe("self-match prevention: the taker's flag decides", () => {
  const book = `a sell 2 @ 100 link=own smp=CancelBoth
    b sell 2 @ 100 link=other
    ---`;
  const cases: [string, string][] = [
    [
      "None",
      `a#in Buy 2 @ 100 taker fee 0.1
       a#own Sell 2 @ 100 maker fee 0.04 closed 2 pnl 0
       a#own Filled 2/2 @ 100
       a#in Buy 1 @ 100 taker fee 0.05
       b#other Sell 1 @ 100 maker fee 0.02
       b#other PartiallyFilled 1/2 @ 100
       a#in Filled 3/3 @ 100`,
    ],
    [
      "CancelMaker",
      `a#own Cancelled 0/2 @ 100 CancelBySmp EC_BySelfMatch
       a#in Buy 2 @ 100 taker fee 0.1
       b#other Sell 2 @ 100 maker fee 0.04
       b#other Filled 2/2 @ 100
       a#in PartiallyFilled 2/3 @ 100`,
    ],
    ["CancelTaker", "a#in Cancelled 0/3 @ 100 CancelBySmp EC_BySelfMatch"],
    [
      "CancelBoth",
      `a#own Cancelled 0/2 @ 100 CancelBySmp EC_BySelfMatch
       a#in Cancelled 0/3 @ 100 CancelBySmp EC_BySelfMatch`,
    ],
  ];
  for (const [smpType, expected] of cases) {
    test(smpType, () => {
      check(`${book}\na buy 3 @ 100 link=in smp=${smpType}`, expected);
    });
  }

  test("the cancelled order names the other; the executions of a self-trade differ in id", () => {
    const exchange = createExchange(options());
    play(exchange, "a sell 2 @ 100 link=own\na buy 2 @ 100 link=in smp=CancelMaker", []);
    const own = exchange.findOrder("a", { orderLinkId: "own" });
    expect(own?.smpOrderId).toBe(exchange.findOrder("a", { orderLinkId: "in" })?.orderId ?? "");
    play(exchange, "a sell 2 @ 100 link=again", []);
    const ids = exchange.executions("a").map(({ execId }) => execId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test("fill-or-kill does not count own orders that would be cancelled", () => {
    check(
      `${book}\na buy 3 @ 100 fok smp=CancelMaker`,
      "a Cancelled 0/3 @ 100 EC_NoEnoughQtyToFill",
    );
  });
});

describe("house orders", () => {
  test("rest under a handle, lose steps to trades, and can be cancelled once", () => {
    const exchange = createExchange(options());
    const handle = exchange.housePlace(0, {
      side: "Sell",
      priceTicks: 100,
      qtySteps: 10,
      timeInForce: "GTC",
    });
    expect(handle).toBeGreaterThan(0);
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 100, qtySteps: 4, timeInForce: "IOC" }),
    ).toBe(0);
    expect(exchange.houseLeft(0, handle)).toBe(6);
    expect(exchange.houseCancel(0, handle)).toBe(true);
    expect(exchange.houseCancel(0, handle)).toBe(false);
    expect(exchange.houseLeft(0, handle)).toBe(0);
    expect(exchange.levels(0, "Sell", 5)).toEqual([]);
  });

  test("a stale handle does not hit the order that took its place", () => {
    const exchange = createExchange(options());
    const stale = exchange.housePlace(0, {
      side: "Buy",
      priceTicks: 99,
      qtySteps: 1,
      timeInForce: "GTC",
    });
    exchange.houseCancel(0, stale);
    const fresh = exchange.housePlace(0, {
      side: "Buy",
      priceTicks: 98,
      qtySteps: 1,
      timeInForce: "GTC",
    });
    expect(fresh).not.toBe(stale);
    expect(exchange.houseCancel(0, stale)).toBe(false);
    expect(exchange.houseLeft(0, fresh)).toBe(1);
  });

  test("a handle never reaches a client's order", () => {
    const exchange = createExchange(options());
    const handle = exchange.housePlace(0, {
      side: "Buy",
      priceTicks: 99,
      qtySteps: 1,
      timeInForce: "GTC",
    });
    exchange.houseCancel(0, handle);
    play(exchange, "a buy 1 @ 99", []); // takes the freed slot
    for (let guess = 0; guess < 4; guess++) {
      expect(exchange.houseCancel(0, guess * 2 ** 20 + 1)).toBe(false);
    }
    expect(exchange.levels(0, "Buy", 1)).toEqual([99, 1]);
  });

  test("post-only and fill-or-kill rest or do nothing", () => {
    const exchange = createExchange(options());
    exchange.housePlace(0, { side: "Sell", priceTicks: 100, qtySteps: 1, timeInForce: "GTC" });
    expect(
      exchange.housePlace(0, {
        side: "Buy",
        priceTicks: 100,
        qtySteps: 1,
        timeInForce: "PostOnly",
      }),
    ).toBe(0);
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 100, qtySteps: 2, timeInForce: "FOK" }),
    ).toBe(0);
    expect(exchange.drain()).toEqual([]);
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 99, qtySteps: 1, timeInForce: "PostOnly" }),
    ).toBeGreaterThan(0);
  });

  test("are refused outside the price range and while the contract does not trade", () => {
    const exchange = createExchange(options());
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 0, qtySteps: 1, timeInForce: "GTC" }),
    ).toBe(0);
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 100_001, qtySteps: 1, timeInForce: "GTC" }),
    ).toBe(0);
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 100, qtySteps: 0, timeInForce: "GTC" }),
    ).toBe(0);
    exchange.setStatus(0, "PreLaunch");
    expect(
      exchange.housePlace(0, { side: "Buy", priceTicks: 100, qtySteps: 1, timeInForce: "GTC" }),
    ).toBe(0);
    expect(exchange.levels(0, "Buy", 1)).toEqual([]);
  });

  test("a house account's own orders trade without fees, positions or private events", () => {
    const exchange = check(
      `agent sell 5 @ 100 link=quote
       ---
       a buy 2 @ 100`,
      `trade Buy 2 @ 100
       a Buy 2 @ 100 taker fee 0.1
       a Filled 2/2 @ 100`,
      { show: ["orders", "fills", "trades"] },
    );
    expect(exchange.wallet("agent").walletBalance).toBe(0n);
    expect(exchange.positions("agent")).toEqual([]);
    expect(exchange.openOrders("agent")[0]).toMatchObject({ cumSteps: 2, qtySteps: 5 });
  });

  test("every visible change moves the book's version and the venue's sequence", () => {
    const exchange = createExchange(options());
    const seen = new Set([exchange.bookVersion(0)]);
    let seq = exchange.seq;
    const handle = exchange.housePlace(0, {
      side: "Buy",
      priceTicks: 99,
      qtySteps: 5,
      timeInForce: "GTC",
    });
    const steps = [
      () =>
        exchange.housePlace(0, { side: "Sell", priceTicks: 99, qtySteps: 1, timeInForce: "IOC" }),
      () => exchange.houseCancel(0, handle),
    ];
    for (const step of steps) {
      step();
      expect(seen.has(exchange.bookVersion(0))).toBe(false);
      seen.add(exchange.bookVersion(0));
      expect(exchange.seq).toBeGreaterThan(seq);
      seq = exchange.seq;
    }
  });
});
