/**
 * What the venue does to a position by itself: steps of a liquidation, added margin, deleveraging.
 */
import { describe, expect, test } from "bun:test";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { check, options, play } from "./tape.ts";

const TIERS = {
  riskTiers: [
    {
      id: 1,
      limitUsdt: 500,
      maintenanceRate: 0.01,
      initialRate: 0.02,
      maxLeverage: 50,
      mmDeductionUsdt: 0,
    },
    {
      id: 2,
      limitUsdt: 2_000,
      maintenanceRate: 0.08,
      initialRate: 0.1,
      maxLeverage: 10,
      mmDeductionUsdt: 35,
    },
  ],
};
const AT = { symbolIndex: 0, positionIdx: 0 as const };
const usdt = (text: string) => parseFixed(text) ?? 0n;

describe("liquidation by risk tier", () => {
  test("cuts the position to the tier below and leaves what fits there", () => {
    // 9 long from 100: at 94 equity 45.55 against MM 846 × 0.0805 − 35 = 33; at 92 it is 27.6 to
    // 31.7
    const exchange = check(
      `price 100
       house sell 9 @ 100
       poor buy 9 @ 100
       mark 94
       ---
       mark 92`,
      `poor Sell 4 @ 89 BustTrade fee 0.178 closed 4 pnl -44
       poor Filled 4/4 @ 89
       liquidated Buy 4 @ 89`,
      { instrument: TIERS },
    );
    expect(exchange.positions("poor")[0]?.sizeSteps).toBe(5);
    const wallet = exchange.wallet("poor");
    expect(wallet.walletBalance + wallet.unrealised).toBeGreaterThan(wallet.positionMm);
  });

  test("takes all of it where no lower tier saves the account", () => {
    const exchange = createExchange(options(TIERS));
    play(exchange, "price 100\nhouse sell 9 @ 100\npoor buy 9 @ 100\nmark 60", []);
    expect(exchange.positions("poor")).toEqual([]);
    expect(exchange.wallet("poor").walletBalance).toBeGreaterThanOrEqual(0n);
  });
});

describe("added margin", () => {
  function isolated() {
    const exchange = createExchange(options());
    play(exchange, "price 100\na margin isolated\nhouse sell 10 @ 100\na buy 10 @ 100", []);
    return exchange;
  }

  test("moves the liquidation away and comes back only as far as it was added", () => {
    const exchange = isolated();
    const before = exchange.positions("a")[0]?.liqTicks ?? 0;
    expect(exchange.addMargin("a", AT, usdt("-1")).code).toBe(110044);
    expect(exchange.addMargin("a", AT, usdt("100")).code).toBe(0);
    const after = exchange.positions("a")[0];
    expect(after?.extraMargin).toBe(usdt("100"));
    expect(before - (after?.liqTicks ?? 0)).toBe(10);
    play(exchange, "mark 85", []);
    expect(exchange.positions("a")).toHaveLength(1);
    expect(exchange.addMargin("a", AT, usdt("-100")).code).toBe(110044);
    expect(exchange.addMargin("a", AT, usdt("1000000")).code).toBe(110007);
  });

  test("is refused with cross margin and without a position", () => {
    const exchange = createExchange(options());
    expect(exchange.addMargin("a", AT, usdt("1")).code).toBe(110073);
    play(exchange, "a margin isolated", []);
    expect(exchange.addMargin("a", AT, usdt("1")).code).toBe(10001);
  });

  test("by itself, once asked, before a liquidation", () => {
    const exchange = isolated();
    expect(exchange.setAutoAddMargin("a", AT, true).code).toBe(0);
    expect(exchange.setAutoAddMargin("a", AT, true).code).toBe(34040);
    play(exchange, "mark 90", []);
    expect(exchange.positions("a")[0]?.extraMargin).toBeGreaterThan(0n);
    play(exchange, "house buy 20 @ 100\na sell 10 @ 90", []);
    expect(exchange.positionsOf("a", 0)[0]?.extraMargin).toBe(0n);
  });
});

test("deleveraging takes half of the best position at the mark, orders of it first", () => {
  const exchange = createExchange(options());
  play(exchange, "price 100\nhouse sell 10 @ 100\na buy 10 @ 100\na sell 2 @ 150 link=exit", []);
  play(exchange, "price 120", []);
  exchange.drain();
  expect(exchange.deleverage({ symbolIndex: 0, side: "Sell" })).toBe(0);
  expect(exchange.deleverage({ symbolIndex: 0, side: "Buy" })).toBe(1);
  const [execution] = exchange.executions("a");
  expect(execution).toMatchObject({
    execType: "AdlTrade",
    createType: "CreateByAdl_PassThrough",
    qtySteps: 5,
    priceTicks: 120,
  });
  expect(exchange.positions("a")[0]?.sizeSteps).toBe(5);
  expect(exchange.transactions("a")[0]?.type).toBe("ADL");
  const ended = exchange.closedOrders("a").find(({ orderLinkId }) => orderLinkId === "exit");
  expect(ended?.cancelType).toBe("CancelByPrepareAdl");
});

describe("close on trigger", () => {
  test("ends the orders that would close the same position", () => {
    check(
      `price 100
       house sell 5 @ 100
       a buy 5 @ 100
       a sell 3 @ 130 reduce link=rival
       house buy 5 @ 89
       a sell 5 market trigger=90:down:MarkPrice close link=stop
       ---
       mark 90`,
      `a#stop Triggered 0/5
       a#rival Cancelled 0/3 @ 130 CancelByReduceOnly
       a#stop Sell 5 @ 89 taker fee 0.2225 closed 5 pnl -55
       a#stop Filled 5/5 @ 81`,
    );
  });

  test("and, while margin is short, orders that add to it", () => {
    const exchange = createExchange(options());
    play(
      exchange,
      `price 100
       poor leverage 50
       house sell 20 @ 100
       poor buy 20 @ 100
       poor buy 10 @ 80 link=adds
       poor sell 20 market trigger=97:down:MarkPrice close
       house buy 20 @ 97
       mark 97`,
      [],
    );
    const adds = exchange.closedOrders("poor").find(({ orderLinkId }) => orderLinkId === "adds");
    expect(adds?.cancelType).toBe("CancelByReduceOnly");
    expect(exchange.positions("poor")).toEqual([]);
  });
});

test("a partial protection larger than its position is refused", () => {
  const exchange = createExchange(options());
  play(exchange, "price 100\nhouse sell 5 @ 100\na buy 5 @ 100", []);
  const request = { symbolIndex: 0, positionIdx: 0, tpslMode: "Partial" } as const;
  const reply = exchange.setTradingStop("a", { ...request, takeProfitTicks: 120, tpSizeSteps: 6 });
  expect(reply.code).toBe(10001);
  expect(
    exchange.setTradingStop("a", { ...request, takeProfitTicks: 120, tpSizeSteps: 5 }).code,
  ).toBe(0);
});
