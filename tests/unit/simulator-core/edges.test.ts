/** Corners of triggers, brackets and margin that ordinary use passes by. */
import { describe, expect, test } from "bun:test";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { ACTIVE_ORDERS_MAX } from "../../../src/simulator/core/exchange-state.ts";
import { check, instrument, options, play } from "./tape.ts";

const LONG = `price 100
  house sell 5 @ 100
  a buy 5 @ 100`;
const money = (text: string) => parseFixed(text) ?? -1n;

describe("triggers", () => {
  test("an earlier spike does not trigger what is placed later, upwards either", () => {
    check(
      `a buy 1 @ 100 trigger=500:up
       house sell 1 @ 108
       house buy 1 @ 108
       house sell 1 @ 100
       house buy 1 @ 100
       ---
       a buy 1 @ 95 trigger=105:up link=x
       house sell 1 @ 101
       house buy 1 @ 101`,
      "a#x Untriggered 0/1 @ 95 trigger up 105",
    );
  });

  test("a stop-loss that the entry's own sweep already passed fires at once", () => {
    check(
      `price 100
       a buy 1 @ 100 sl=95
       house buy 1 @ 94
       house buy 5 @ 91
       ---
       house sell 2 @ 94 ioc`,
      `a Buy 1 @ 100 maker fee 0.02
       a Filled 1/1 @ 100
       a#StopLoss Untriggered 0/1 trigger down 95
       a#StopLoss Triggered 0/1
       a#StopLoss Sell 1 @ 91 taker fee 0.0455 closed 1 pnl -9
       a#StopLoss Filled 1/1 @ 90`,
    );
  });

  test("so does one that an entry moved past the price", () => {
    check(
      `${LONG}
       a stop sl=80
       a buy 1 @ 99 sl=96
       house buy 1 @ 95
       house buy 9 @ 91
       ---
       house sell 2 @ 95 ioc`,
      `a Buy 1 @ 99 maker fee 0.0198
       a Filled 1/1 @ 99
       a#StopLoss Untriggered 0/5 trigger down 96
       a#StopLoss Untriggered 0/6 trigger down 96
       a#StopLoss Triggered 0/6
       a#StopLoss Sell 6 @ 91 taker fee 0.273 closed 6 pnl -53
       a#StopLoss Filled 6/6 @ 90`,
    );
  });

  test("a stop-loss that finds no buyer is gone, and the position says so", () => {
    check(
      `${LONG}
       a stop sl=95
       ---
       house sell 1 @ 94
       house buy 1 @ 94`,
      `a#StopLoss Triggered 0/5
       a#StopLoss Cancelled 0/5 @ 90 EC_NoImmediateQtyToFill
       a position 5 entry 500 tp 0 sl 0 trail 0`,
      { show: ["orders", "positions"] },
    );
  });
});

describe("trailing stop", () => {
  test("counts from the price at which it was set", () => {
    check(
      `${LONG}
       house buy 1 @ 94
       house buy 9 @ 91
       a stop trail=5
       ---
       house sell 1 @ 94 ioc`,
      `a#TrailingStop Triggered 0/5
       a#TrailingStop Sell 5 @ 91 taker fee 0.2275 closed 5 pnl -45
       a#TrailingStop Filled 5/5 @ 90`,
    );
  });

  test("is not fired by the low of a sweep that rose", () => {
    check(
      `${LONG}
       a stop trail=2
       house sell 1 @ 101
       house sell 1 @ 104
       ---
       house buy 2 @ 104`,
      "",
    );
  });

  test("of a short trails above the lowest price", () => {
    check(
      `price 100
       house buy 5 @ 100
       a sell 5 @ 100
       a stop trail=3
       house buy 1 @ 95
       house sell 1 @ 95
       house sell 9 @ 98
       ---
       house buy 1 @ 98`,
      `a#TrailingStop Triggered 0/5
       a#TrailingStop Buy 5 @ 98 taker fee 0.245 closed 5 pnl 10
       a#TrailingStop Filled 5/5 @ 110`,
    );
  });
});

describe("brackets", () => {
  test("Partial protects only what an order through zero opened", () => {
    check(
      `${LONG}
       house buy 20 @ 100
       ---
       a sell 7 @ 100 tp=90 tpsl=Partial`,
      `a Sell 7 @ 100 taker fee 0.35 closed 5 pnl 0
       a Filled 7/7 @ 100
       a#PartialTakeProfit Untriggered 0/2 trigger down 90`,
    );
  });

  test("a leg whose other leg was cancelled still fires alone", () => {
    const exchange = createExchange(options());
    play(exchange, `${LONG}\na stop tp=110 sl=95 tpsl=Partial tpsize=2 slsize=2`, []);
    const leg = exchange
      .openOrders("a")
      .find(({ stopOrderType }) => stopOrderType.includes("Take"));
    exchange.cancel("a", 0, { orderId: leg?.orderId ?? "" });
    play(exchange, "house buy 9 @ 95\nhouse sell 1 @ 95", []);
    expect(exchange.positions("a")[0]?.sizeSteps).toBe(3);
    expect(exchange.openOrders("a")).toEqual([]);
  });

  test("changing a leg's trigger as an order shows on the position", () => {
    const exchange = createExchange(options());
    play(exchange, `${LONG}\na stop tp=110 sl=95`, []);
    for (const { orderId, stopOrderType } of exchange.openOrders("a")) {
      const triggerTicks = stopOrderType === "TakeProfit" ? 120 : 90;
      expect(exchange.amend("a", { symbolIndex: 0, orderId, triggerTicks }).code).toBe(0);
    }
    expect(exchange.positions("a")[0]).toMatchObject({ takeProfitTicks: 120, stopLossTicks: 90 });
  });
});

describe("margin", () => {
  test("an account without free margin may still close", () => {
    check(
      `price 100
       house sell 9 @ 100
       poor buy 9 @ 100
       mark 95
       house buy 9 @ 95
       ---
       poor buy 1 @ 94
       poor sell 9 @ 95`,
      `refused 110007 ab not enough for new order
       poor Sell 9 @ 95 taker fee 0.4275 closed 9 pnl -45
       poor Filled 9/9 @ 95`,
    );
  });

  test("profit of an open position is free margin in cross mode only", () => {
    const setup = "house sell 9 @ 100\npoor buy 9 @ 100\nprice 200\n---\npoor buy 4 @ 180";
    check(`price 100\n${setup}`, "poor New 0/4 @ 180");
    check(
      `price 100\npoor margin isolated\n${setup}`,
      "refused 110007 ab not enough for new order",
    );
  });

  test("a refused leverage is not kept", () => {
    const exchange = createExchange(options());
    play(exchange, "poor leverage 50\npoor buy 40 @ 100\npoor leverage 10", []);
    expect(exchange.positionsOf("poor", 0)[0]?.leverage).toBe(50);
  });

  test("two positions share what is left when both are liquidated", () => {
    // long 9, short 3: at 92 equity 99.4 − 48 = 51.4 against MM 12 × 92 × 0.0505 = 55.752
    const tier = { id: 1, limitUsdt: 1e6, initialRate: 0.06, maxLeverage: 50, mmDeductionUsdt: 0 };
    const exchange = check(
      `price 100
       poor leverage 50
       poor mode hedge
       house sell 9 @ 100
       poor buy 9 @ 100 idx=1
       house buy 3 @ 100
       poor sell 3 @ 100 idx=2
       ---
       mark 92`,
      `poor Sell 9 @ 88 BustTrade fee 0.396 closed 9 pnl -108
       poor Filled 9/9 @ 88
       liquidated Buy 9 @ 88
       poor Buy 3 @ 96 BustTrade fee 0.144 closed 3 pnl 12
       poor Filled 3/3 @ 96
       liquidated Sell 3 @ 96`,
      { instrument: { riskTiers: [{ ...tier, maintenanceRate: 0.05 }] } },
    );
    expect(exchange.wallet("poor").walletBalance).toBe(money("2.86"));
  });
});

describe("risk limit", () => {
  const tier = { id: 1, initialRate: 0.02, maintenanceRate: 0.01, mmDeductionUsdt: 0 };
  const riskTiers = [
    { ...tier, limitUsdt: 1_000, maxLeverage: 50 },
    { ...tier, limitUsdt: 5_000, maxLeverage: 10 },
  ];
  const refusal =
    "refused 110090 Risk limit exceeded: the position would be too large for its leverage";

  test("an order past the largest tier of its leverage is refused, earlier ones included", () => {
    const how = { instrument: { riskTiers } };
    check("---\na buy 51 @ 100", refusal, how);
    check("---\na buy 50 @ 100", "a New 0/50 @ 100", how);
    check("a buy 30 @ 100\n---\na buy 21 @ 100", refusal, how);
    check("a leverage 20\n---\na buy 11 @ 100", refusal, how);
    check("a leverage 20\n---\na buy 10 @ 100", "a New 0/10 @ 100", how);
  });

  test("an order that reduces first may be larger", () => {
    const tape = "house sell 50 @ 100\na buy 50 @ 100\n---\na sell 100 @ 100";
    check(tape, "a New 0/100 @ 100", { instrument: { riskTiers } });
  });

  test("a position keeps the leverage that its tier allows", () => {
    check(
      "house sell 50 @ 100\na buy 50 @ 100\n---\na leverage 11\na leverage 9",
      "refused 110013 cannot set leverage: the position needs a tier with a lower maximum",
      { instrument: { riskTiers } },
    );
  });
});

describe("symbols are apart", () => {
  test("limits count per symbol, and an id is looked up in the named symbol", () => {
    const exchange = createExchange(options());
    exchange.list(instrument({ index: 1, symbol: "OTHERUSDT" }));
    for (let count = 0; count < ACTIVE_ORDERS_MAX; count++) play(exchange, "a buy 1 @ 5", []);
    expect(play(exchange, "---\na buy 1 @ 5 symbol=1 link=there", ["orders"])).toEqual([
      "a#there New 0/1 @ 5",
    ]);
    expect(exchange.cancel("a", 0, { orderLinkId: "there" }).code).toBe(110001);
    expect(exchange.cancel("a", 1, { orderLinkId: "there" }).code).toBe(0);
  });
});
