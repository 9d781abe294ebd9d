import { describe, expect, test } from "bun:test";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { check, options, play, type Shown } from "./tape.ts";

const FILLS: { show: Shown[] } = { show: ["fills", "positions", "wallets"] };
const money = (text: string) => parseFixed(text) ?? -1n;

describe("positions", () => {
  test("average entry by quantity on adds, unchanged on reduces", () => {
    check(
      `house sell 2 @ 100
       house sell 4 @ 103
       a buy 2 @ 100
       ---
       a buy 4 @ 103
       house buy 3 @ 101
       a sell 3 @ 101`,
      `a Buy 4 @ 103 taker fee 0.206
       a position 6 entry 612 tp 0 sl 0 trail 0
       a wallet 99999.694
       a Sell 3 @ 101 taker fee 0.1515 closed 3 pnl -3
       a position 3 entry 306 tp 0 sl 0 trail 0
       a wallet 99996.5425`,
      FILLS,
    );
  });

  test("through zero: closes, then opens the rest at the fill's price", () => {
    check(
      `house sell 2 @ 100
       a buy 2 @ 100
       house buy 9 @ 110
       ---
       a sell 5 @ 110`,
      `a Sell 5 @ 110 taker fee 0.275 closed 2 pnl 20
       a position -3 entry 330 tp 0 sl 0 trail 0
       a wallet 100019.625`,
      FILLS,
    );
  });

  test("an average that is not a whole tick loses no money over the position's life", () => {
    const exchange = check(
      `house sell 1 @ 100
       house sell 2 @ 101
       a buy 3 @ 101
       house buy 9 @ 100
       a sell 1 @ 100
       a sell 1 @ 100
       ---
       a sell 1 @ 100`,
      `a Sell 1 @ 100 taker fee 0.05 closed 1 pnl -0.666666666666666667
       a position 0 entry 0 tp 0 sl 0 trail 0
       a wallet 99997.699`,
      FILLS,
    );
    const closed = exchange.transactions("a").map(({ cashFlow }) => cashFlow);
    expect(closed.reduce((sum, value) => sum + value, 0n)).toBe(money("-2"));
  });

  test("hedge mode holds both sides at once", () => {
    const exchange = check(
      `a mode hedge
       house sell 5 @ 100
       house buy 9 @ 99
       ---
       a buy 5 @ 100 idx=1
       a sell 4 @ 99 idx=2
       a sell 9 @ 99 idx=1`,
      `a Buy 5 @ 100 taker fee 0.25
       a position 5 entry 500 tp 0 sl 0 trail 0
       a wallet 99999.75
       a Sell 4 @ 99 taker fee 0.198
       a position -4 entry 396 tp 0 sl 0 trail 0
       a wallet 99999.552
       a Sell 5 @ 99 taker fee 0.2475 closed 5 pnl -5
       a position 0 entry 0 tp 0 sl 0 trail 0
       a wallet 99994.3045`,
      FILLS,
    );
    expect(exchange.positionsOf("a", 0).map(({ positionIdx }) => positionIdx)).toEqual([1, 2]);
    expect(exchange.positions("a")).toHaveLength(1);
  });

  test("open interest counts clients and whoever holds the other side", () => {
    const exchange = check("house sell 5 @ 100\na buy 5 @ 100\n---", "");
    expect(exchange.openInterestSteps(0)).toBe(10);
    play(exchange, "a sell 2 @ 100\nb buy 2 @ 100", []);
    expect(exchange.openInterestSteps(0)).toBe(10);
    play(exchange, "house buy 5 @ 99\na sell 3 @ 99", []);
    expect(exchange.openInterestSteps(0)).toBe(4);
  });

  test("a copy handed out does not follow, and flat rows are shown for a named symbol", () => {
    const exchange = createExchange(options());
    const [flat] = exchange.positionsOf("a", 0);
    expect(flat).toMatchObject({ sizeSteps: 0, seq: -1, liqTicks: 0 });
    play(exchange, "house sell 5 @ 100\na buy 5 @ 100", []);
    expect(flat?.sizeSteps).toBe(0);
    expect(exchange.positions("b")).toEqual([]);
  });
});

describe("reduce-only orders on the book", () => {
  const long = "house sell 5 @ 100\na buy 5 @ 100\nhouse buy 9 @ 99";

  test("are cut when the position shrinks and cancelled when it is gone", () => {
    check(
      `${long}
       a sell 5 @ 105 reduce link=exit
       ---
       a sell 2 @ 99
       a sell 3 @ 99`,
      `a Sell 2 @ 99 taker fee 0.099 closed 2 pnl -2
       a Filled 2/2 @ 99
       a#exit New 0/3 @ 105
       a Sell 3 @ 99 taker fee 0.1485 closed 3 pnl -3
       a Filled 3/3 @ 99
       a#exit Cancelled 0/3 @ 105 CancelByReduceOnly`,
    );
  });

  test("are cut to the position when placed", () => {
    check(`${long}\n---\na sell 50 @ 105 reduce`, "a New 0/5 @ 105");
  });

  test("two of them never turn the position within one sweep", () => {
    const exchange = check(
      `${long}
       a sell 4 @ 105 reduce link=one
       a sell 4 @ 105 reduce link=two
       ---
       house buy 9 @ 105 ioc`,
      `a#one Sell 4 @ 105 maker fee 0.084 closed 4 pnl 20
       a#one Filled 4/4 @ 105
       a#two Sell 1 @ 105 maker fee 0.021 closed 1 pnl 5
       a#two PartiallyFilled 1/4 @ 105
       a#two Cancelled 1/4 @ 105 CancelByReduceOnly`,
    );
    expect(exchange.positions("a")).toEqual([]);
    expect(exchange.levels(0, "Sell", 1)).toEqual([]);
  });

  test("quantity 0 closes the whole position", () => {
    check(
      `${long}\n---\na sell 0 market reduce close`,
      `a Sell 5 @ 99 taker fee 0.2475 closed 5 pnl -5
       a Filled 5/5 @ 1`,
    );
  });

  test("hold no margin", () => {
    const exchange = check(`${long}\na sell 5 @ 105 reduce\n---`, "");
    expect(exchange.wallet("a").orderIm).toBe(0n);
  });
});

describe("closed profit", () => {
  test("one record per closing order, fees of both ends taken off", () => {
    const exchange = check(
      `house sell 10 @ 100
       a buy 10 @ 100
       a sell 6 @ 110 link=exit
       house buy 2 @ 110
       house buy 4 @ 110
       ---`,
      "",
    );
    const records = exchange.closedPnl("a");
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      side: "Sell",
      qtySteps: 6,
      closedSteps: 6,
      fillCount: 2,
      entryValue: money("600"),
      exitValue: money("660"),
      openFee: money("0.3"),
      closeFee: money("0.132"),
      closedPnl: money("59.568"),
      leverage: 10,
    });
    expect(exchange.findOrder("a", { orderLinkId: "exit" })?.closedPnl).toBe(money("59.568"));
    const [position] = exchange.positions("a");
    expect(position?.curRealised).toBe(money("60") - money("0.5") - money("0.132"));
  });

  test("a fill through zero shares its fee between closing and opening", () => {
    const exchange = check(
      "house sell 2 @ 100\na buy 2 @ 100\nhouse buy 8 @ 100\na sell 8 @ 100\n---",
      "",
    );
    expect(exchange.closedPnl("a")[0]).toMatchObject({ closedSteps: 2, closeFee: money("0.1") });
    play(exchange, "house sell 6 @ 100\na buy 6 @ 100", []);
    expect(exchange.closedPnl("a")[0]).toMatchObject({ closedSteps: 6, openFee: money("0.3") });
  });
});

describe("transaction log", () => {
  test("change is cash flow minus fee, newest first, with the balance after", () => {
    const exchange = check(
      "house sell 2 @ 100\na buy 2 @ 100\nhouse buy 2 @ 110\na sell 2 @ 110\n---",
      "",
    );
    const [close, open] = exchange.transactions("a");
    expect(close).toMatchObject({
      type: "TRADE",
      side: "Sell",
      sizeAfterSteps: 0,
      cashFlow: money("20"),
      fee: money("0.11"),
      feeRate: "0.0005",
      change: money("19.89"),
      balanceAfter: money("100019.79"),
    });
    expect(open).toMatchObject({ sizeAfterSteps: 2, change: money("-0.1"), funding: 0n });
  });
});

describe("leverage", () => {
  const cases: [string, string, string][] = [
    ["is set", "a leverage 20", ""],
    ["unchanged", "a leverage 10", "refused 110043 leverage not modified"],
    ["above the maximum", "a leverage 51", tooHigh()],
    ["below one", "a leverage 0", tooHigh()],
    [
      "unequal in one-way mode",
      "a leverage 5 6",
      "refused 10001 buy leverage not equal sell leverage",
    ],
    [
      "that would need more margin than there is",
      "poor leverage 50\npoor buy 40 @ 100\n---\npoor leverage 10",
      "refused 110044 Available margin is insufficient",
    ],
  ];
  for (const [name, tape, expected] of cases) {
    test(name, () => {
      check(tape.includes("---") ? tape : `---\n${tape}`, expected);
    });
  }

  test("starts at no more than the contract allows", () => {
    const exchange = check("---", "", { instrument: { maxLeverage: 5 } });
    expect(exchange.positionsOf("a", 0)[0]?.leverage).toBe(5);
  });
});

function tooHigh(): string {
  return "refused 110013 cannot set leverage: it is outside 1 to the maximum of the risk limit";
}

describe("position mode", () => {
  const cases: [string, string, string][] = [
    ["unchanged", "a mode oneway", "refused 110025 Position mode is not modified"],
    [
      "with a position",
      "house sell 1 @ 100\na buy 1 @ 100\n---\na mode hedge",
      "refused 110024 You have an existing position, so position mode cannot be switched",
    ],
    [
      "with orders",
      "a buy 1 @ 100\n---\na mode hedge",
      "refused 110028 You have existing open orders, so position mode cannot be switched",
    ],
  ];
  for (const [name, tape, expected] of cases) {
    test(name, () => {
      check(tape.includes("---") ? tape : `---\n${tape}`, expected);
    });
  }

  test("by coin spares symbols in use and becomes the default", () => {
    const exchange = createExchange(options());
    play(exchange, "a buy 1 @ 100 link=x", []);
    expect(exchange.switchMode("a", null, 3).code).toBe(0);
    expect(exchange.positionsOf("a", 0)).toHaveLength(1);
    exchange.list({ ...exchange.instruments[0], index: 1, symbol: "NEWUSDT" } as never);
    expect(exchange.positionsOf("a", 1)).toHaveLength(2);
  });
});

describe("margin mode", () => {
  test("switches an idle account only", () => {
    const exchange = createExchange(options());
    expect(exchange.marginMode("a")).toBe("REGULAR_MARGIN");
    expect(exchange.setMarginMode("a", "REGULAR_MARGIN").code).toBe(110026);
    expect(exchange.setMarginMode("a", "ISOLATED_MARGIN").code).toBe(0);
    play(exchange, "a buy 1 @ 100", []);
    expect(exchange.setMarginMode("a", "REGULAR_MARGIN").code).toBe(3400045);
    expect(exchange.marginMode("a")).toBe("ISOLATED_MARGIN");
  });
});

describe("wallet", () => {
  test("margins at the mark price", () => {
    const exchange = check("house sell 10 @ 100\na buy 10 @ 100\nprice 110\n---", "");
    // position IM 1100 × 0.10095, MM 1100 × 0.01 + 1100 × 0.0005
    expect(exchange.wallet("a")).toMatchObject({
      walletBalance: money("99999.5"),
      unrealised: money("100"),
      positionIm: money("111.045"),
      positionMm: money("11.55"),
      orderIm: 0n,
      cumRealised: money("-0.5"),
    });
  });

  test("a tier's maintenance deduction is taken off", () => {
    const tier = { id: 1, initialRate: 0.02, maxLeverage: 50 };
    const exchange = check("house sell 10 @ 100\na buy 10 @ 100\nprice 100\n---", "", {
      instrument: {
        riskTiers: [
          { ...tier, limitUsdt: 500, maintenanceRate: 0.01, mmDeductionUsdt: 0 },
          { ...tier, limitUsdt: 5000, maintenanceRate: 0.02, mmDeductionUsdt: 5 },
        ],
      },
    });
    expect(exchange.wallet("a").positionMm).toBe(money("15.5"));
  });
});
