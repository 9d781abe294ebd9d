import { describe, expect, test } from "bun:test";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { check, options, play } from "./tape.ts";

describe("amend and queue position", () => {
  const queue = `a buy 5 @ 100 link=first
    b buy 5 @ 100 link=second
    ---`;
  const cases: [string, string, string][] = [
    [
      "a smaller quantity keeps its place",
      "a amend first qty=3",
      `a#first New 0/3 @ 100
       a#first Buy 1 @ 100 maker fee 0.02
       a#first PartiallyFilled 1/3 @ 100`,
    ],
    [
      "a larger quantity goes to the back",
      "a amend first qty=6",
      `a#first New 0/6 @ 100
       b#second Buy 1 @ 100 maker fee 0.02
       b#second PartiallyFilled 1/5 @ 100`,
    ],
    [
      "a price there and back goes to the back",
      "a amend first price=99\na amend first price=100",
      `a#first New 0/5 @ 99
       a#first New 0/5 @ 100
       b#second Buy 1 @ 100 maker fee 0.02
       b#second PartiallyFilled 1/5 @ 100`,
    ],
    [
      "a take-profit alone keeps its place",
      "a amend first tp=120",
      `a#first New 0/5 @ 100
       a#first Buy 1 @ 100 maker fee 0.02
       a#first PartiallyFilled 1/5 @ 100
       a#TakeProfit Untriggered 0/1 trigger up 120`,
    ],
  ];
  for (const [name, act, expected] of cases) {
    test(name, () => {
      check(`${queue}\n${act}\nhouse sell 1 @ 100`, expected);
    });
  }

  test("a price that crosses takes at once", () => {
    check(
      `house sell 2 @ 102
       a buy 3 @ 100 link=x
       ---
       a amend x price=102`,
      `a#x Buy 2 @ 102 taker fee 0.102
       a#x PartiallyFilled 2/3 @ 102`,
    );
  });

  test("post-only that would cross after the change is cancelled", () => {
    check(
      `house sell 2 @ 102
       a buy 3 @ 100 post link=x
       ---
       a amend x price=102`,
      "a#x Cancelled 0/3 @ 102 EC_PostOnlyWillTakeLiquidity",
    );
  });

  test("the book and the margin follow the change", () => {
    const exchange = check(
      "a buy 9 @ 100 link=x\n---\na amend x qty=4 price=50",
      "a#x New 0/4 @ 50",
    );
    expect(exchange.levels(0, "Buy", 5)).toEqual([50, 4]);
    expect(exchange.wallet("a").orderIm).toBe((200n * 10n ** 18n * 10095n) / 100_000n);
  });
});

const UNCHANGED = "The order remains unchanged as the parameters entered match the existing ones.";

describe("amend is refused", () => {
  const cases: [string, string, string][] = [
    [
      "an unknown order",
      "a amend y qty=3",
      "refused 110001 order not exists or too late to replace",
    ],
    [
      "another account's order",
      "b amend x qty=3",
      "refused 110001 order not exists or too late to replace",
    ],
    [
      "a finished order",
      "a cancel x\n---\na amend x qty=3",
      "refused 110001 order not exists or too late to replace",
    ],
    ["without a change", "a amend x qty=5 price=100", `refused 10001 ${UNCHANGED}`],
    [
      "to what is filled already",
      "house sell 2 @ 100\n---\na amend x qty=2",
      "refused 110064 The modified quantity must be larger than the filled quantity",
    ],
    ["to quantity zero", "a amend x qty=0", "refused 10001 Qty invalid"],
    ["to a price outside the range", "a amend x price=100001", "refused 110003 price is invalid"],
    [
      "below the smallest value",
      "a amend x qty=4 price=1",
      "refused 110094 Order does not meet minimum order value 5USDT",
    ],
    [
      "to what it cannot afford",
      "poor buy 5 @ 100 link=p\n---\npoor amend p qty=50",
      "refused 110007 ab not enough for new order",
    ],
    [
      "to a trigger that a plain order does not have",
      "a amend x trigger=120",
      "refused 10001 params error: the order has no trigger price",
    ],
  ];
  for (const [name, act, expected] of cases) {
    test(name, () => {
      const tape = act.includes("---") ? act : `---\n${act}`;
      check(`a buy 5 @ 100 link=x\n${tape}`, expected);
    });
  }
});

describe("cancel", () => {
  test("says who cancelled and keeps what was filled", () => {
    check(
      `a buy 5 @ 100 link=x
       house sell 2 @ 100
       ---
       a cancel x
       a cancel x`,
      `a#x Cancelled 2/5 @ 100 CancelByUser EC_PerCancelRequest
       refused 110001 order not exists or too late to cancel`,
    );
  });

  test("an untriggered order is deactivated", () => {
    check(
      "a buy 5 @ 100 trigger=110:up link=x\n---\na cancel x",
      "a#x Deactivated 0/5 @ 100 CancelByUser EC_PerCancelRequest",
    );
  });

  test("the venue's id wins over the client's, and one of them is needed", () => {
    const exchange = createExchange(options());
    play(exchange, "a buy 5 @ 100 link=x\na buy 5 @ 100 link=y", []);
    const y = exchange.findOrder("a", { orderLinkId: "y" })?.orderId ?? "";
    expect(exchange.cancel("a", 0, { orderId: y, orderLinkId: "x" }).orderLinkId).toBe("y");
    expect(exchange.cancel("a", 0, {}).code).toBe(10001);
    expect(exchange.openOrders("a").map(({ orderLinkId }) => orderLinkId)).toEqual(["x"]);
  });

  test("frees the book and the margin", () => {
    const exchange = check(
      "a buy 5 @ 100 link=x\n---\na cancel x",
      "a#x Cancelled 0/5 @ 100 CancelByUser EC_PerCancelRequest",
    );
    expect(exchange.levels(0, "Buy", 1)).toEqual([]);
    expect(exchange.wallet("a").orderIm).toBe(0n);
  });
});

describe("cancel-all", () => {
  const orders = `house sell 5 @ 100
    a buy 5 @ 100
    a stop sl=50
    a buy 1 @ 90 link=plain
    a buy 1 @ 95 trigger=110:up link=stop
    b buy 1 @ 90 link=other
    ---`;
  const cases: [string, string[]][] = [
    ["", ["StopLoss", "plain", "stop"]],
    ["Order", ["plain"]],
    ["StopOrder", ["StopLoss", "stop"]],
    ["OpenOrder", ["plain", "stop"]],
  ];
  for (const [filter, expected] of cases) {
    test(`with filter "${filter}"`, () => {
      const exchange = createExchange(options());
      const lines = play(exchange, `${orders}\na cancel-all ${filter}`.trim(), ["orders"]);
      expect(lines.map((line) => line.split(" ")[0])).toEqual(expected.map((name) => `a#${name}`));
      expect(exchange.openOrders("b")).toHaveLength(1);
    });
  }

  test("sparing take-profit and stop-loss", () => {
    const exchange = createExchange(options());
    play(exchange, orders, []);
    exchange.cancelAll("a", { orderFilter: "StopOrder", onlyStop: true });
    expect(exchange.openOrders("a").map(({ stopOrderType }) => stopOrderType)).toEqual([
      "StopLoss",
      "",
    ]);
  });

  test("of another symbol touches nothing", () => {
    const exchange = createExchange(options());
    play(exchange, "a buy 1 @ 90", []);
    expect(exchange.cancelAll("a", { symbolIndex: 3 })).toEqual([]);
    expect(exchange.openOrders("a")).toHaveLength(1);
  });
});
