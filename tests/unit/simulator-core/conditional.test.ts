import { describe, expect, test } from "bun:test";
import { check } from "./tape.ts";

/** Account a holds 5 long from 100 and the last price is 100. */
const LONG = `price 100
  house sell 5 @ 100
  a buy 5 @ 100`;

describe("conditional orders", () => {
  test("wait, trigger on the last price and then live like any order", () => {
    const exchange = check(
      `price 100
       ---
       a buy 2 @ 105 trigger=103:up link=x
       house sell 1 @ 102
       house buy 1 @ 102 ioc
       house sell 9 @ 103
       house buy 1 @ 103 ioc`,
      `a#x Untriggered 0/2 @ 105 trigger up 103
       a#x Triggered 0/2 @ 105
       a#x Buy 2 @ 103 taker fee 0.103
       a#x Filled 2/2 @ 105`,
    );
    expect(exchange.findOrder("a", { orderLinkId: "x" })?.stopOrderType).toBe("Stop");
  });

  test("hold no margin and are not on the book until they trigger", () => {
    const exchange = check(
      "price 100\n---\npoor buy 50 @ 100 trigger=105:up:MarkPrice link=x\nmark 105",
      `poor#x Untriggered 0/50 @ 100 trigger up 105
       poor#x Triggered 0/50 @ 100
       poor#x Cancelled 0/50 @ 100 EC_Others`,
    );
    expect(exchange.levels(0, "Buy", 1)).toEqual([]);
  });

  test("watch the price they name", () => {
    check(
      `price 100
       a sell 1 @ 90 trigger=95:down:MarkPrice link=mark
       a sell 1 @ 90 trigger=95:down:IndexPrice link=index
       ---
       index 95
       mark 95`,
      `a#index Triggered 0/1 @ 90
       a#index New 0/1 @ 90
       a#mark Triggered 0/1 @ 90
       a#mark New 0/1 @ 90`,
    );
  });

  test("one trigger's trades set off the next", () => {
    check(
      `price 100
       house buy 1 @ 99
       house buy 1 @ 98
       house buy 5 @ 97
       a sell 1 market trigger=99:down link=first
       a sell 1 market trigger=98:down link=second
       ---
       house sell 1 @ 99 ioc`,
      `a#first Triggered 0/1
       a#first Sell 1 @ 98 taker fee 0.049
       a#first Filled 1/1 @ 90
       a#second Triggered 0/1
       a#second Sell 1 @ 97 taker fee 0.0485
       a#second Filled 1/1 @ 90`,
    );
  });

  test("a spike inside one sweep triggers although the price came back", () => {
    check(
      `price 100
       house sell 1 @ 104
       a sell 3 @ 99 trigger=104:up link=x
       ---
       house buy 1 @ 104 ioc`,
      `a#x Triggered 0/3 @ 99
       a#x New 0/3 @ 99`,
    );
  });

  test("what traded before an order was placed does not trigger it", () => {
    check(
      `house sell 1 @ 90
       house buy 1 @ 90
       house sell 1 @ 100
       house buy 1 @ 100
       ---
       a sell 1 @ 95 trigger=95:down link=x
       house sell 1 @ 99
       house buy 1 @ 99`,
      "a#x Untriggered 0/1 @ 95 trigger down 95",
    );
  });

  test("reduce-only is cut to the position when it triggers, cancelled when that is gone", () => {
    check(
      `${LONG}
       house buy 20 @ 99
       a sell 9 market reduce trigger=95:down:MarkPrice link=x
       a sell 9 market reduce trigger=94:down:MarkPrice link=y
       ---
       mark 94`,
      `a#x Triggered 0/9
       a#x Sell 5 @ 99 taker fee 0.2475 closed 5 pnl -5
       a#x Filled 5/5 @ 85
       a#y Triggered 0/9
       a#y Cancelled 0/9 @ 85 CancelByReduceOnly`,
    );
  });

  test("the trigger price can be changed to the right side only", () => {
    check(
      `price 100
       a sell 1 @ 90 trigger=95:down:MarkPrice link=x
       ---
       a amend x trigger=101
       a amend x trigger=97
       mark 97`,
      `refused 110093 expect Falling, but trigger_price[1010000] >= current[1000000]??MarkPrice
       a#x Untriggered 0/1 @ 90 trigger down 97
       a#x Triggered 0/1 @ 90
       a#x New 0/1 @ 90`,
    );
  });
});

describe("take-profit and stop-loss of an entry", () => {
  test("Full protects the whole position once the entry fills, and vanishes with it", () => {
    const exchange = check(
      `price 100
       ---
       a buy 4 @ 100 tp=110 sl=95
       house sell 3 @ 100
       house buy 9 @ 96
       house sell 1 @ 100
       a sell 4 @ 96`,
      `a New 0/4 @ 100
       a Buy 3 @ 100 maker fee 0.06
       a PartiallyFilled 3/4 @ 100
       a#TakeProfit Untriggered 0/3 trigger up 110
       a#StopLoss Untriggered 0/3 trigger down 95
       a Buy 1 @ 100 maker fee 0.02
       a Filled 4/4 @ 100
       a#TakeProfit Untriggered 0/3 trigger up 110
       a#StopLoss Untriggered 0/3 trigger down 95
       a#TakeProfit Untriggered 0/4 trigger up 110
       a#StopLoss Untriggered 0/4 trigger down 95
       a Sell 4 @ 96 taker fee 0.192 closed 4 pnl -16
       a Filled 4/4 @ 96
       a#TakeProfit Deactivated 0/4 CancelByTpSlTsClear
       a#StopLoss Deactivated 0/4 CancelByTpSlTsClear`,
    );
    expect(exchange.positionsOf("a", 0)[0]).toMatchObject({ takeProfitTicks: 0, stopLossTicks: 0 });
  });

  test("a stop-loss closes at market and takes the take-profit with it", () => {
    check(
      `price 100
       house sell 4 @ 100
       a buy 4 @ 100 tp=110 sl=95
       house buy 9 @ 95
       ---
       house sell 1 @ 95 ioc`,
      `a#StopLoss Triggered 0/4
       a#StopLoss Sell 4 @ 95 taker fee 0.19 closed 4 pnl -20
       a#StopLoss Filled 4/4 @ 90
       a#TakeProfit Deactivated 0/4 CancelByTpSlTsClear`,
    );
  });

  test("Partial has the filled quantity; one leg takes the other with it", () => {
    check(
      `price 100
       house sell 6 @ 100
       a buy 2 @ 100
       ---
       a buy 4 @ 100 tp=110 sl=95 tpsl=Partial tplimit=109
       house buy 9 @ 95
       house sell 1 @ 95 ioc`,
      `a Buy 4 @ 100 taker fee 0.2
       a Filled 4/4 @ 100
       a#PartialTakeProfit Untriggered 0/4 @ 109 trigger up 110
       a#PartialStopLoss Untriggered 0/4 trigger down 95
       a#PartialTakeProfit Deactivated 0/4 @ 109 CancelByTpSlTsClear
       a#PartialStopLoss Triggered 0/4
       a#PartialStopLoss Sell 4 @ 95 taker fee 0.19 closed 4 pnl -20
       a#PartialStopLoss Filled 4/4 @ 90`,
    );
  });

  test("Partial grows with the entry's fills", () => {
    check(
      `price 100
       a buy 4 @ 100 sl=95 tpsl=Partial
       ---
       house sell 1 @ 100
       house sell 2 @ 100`,
      `a Buy 1 @ 100 maker fee 0.02
       a PartiallyFilled 1/4 @ 100
       a#PartialStopLoss Untriggered 0/1 trigger down 95
       a Buy 2 @ 100 maker fee 0.04
       a PartiallyFilled 3/4 @ 100
       a#PartialStopLoss Untriggered 0/3 trigger down 95`,
    );
  });

  test("an order that only reduces protects nothing; one that turns protects the new side", () => {
    check(
      `${LONG}
       house buy 20 @ 100
       ---
       a sell 2 @ 100 tp=90
       a sell 5 @ 100 tp=90`,
      `a Sell 2 @ 100 taker fee 0.1 closed 2 pnl 0
       a Filled 2/2 @ 100
       a Sell 5 @ 100 taker fee 0.25 closed 3 pnl 0
       a Filled 5/5 @ 100
       a#TakeProfit Untriggered 0/2 trigger down 90`,
    );
  });

  test("turning the position takes the old side's protection away", () => {
    check(
      `${LONG}
       a stop sl=50
       house buy 20 @ 100
       ---
       a sell 6 @ 100`,
      `a Sell 6 @ 100 taker fee 0.3 closed 5 pnl 0
       a Filled 6/6 @ 100
       a#StopLoss Deactivated 0/5 CancelByTpSlTsClear`,
    );
  });
});

describe("trading stop", () => {
  test("sets, moves and removes", () => {
    const exchange = check(
      `${LONG}
       ---
       a stop tp=110 sl=90
       a stop sl=92
       a stop tp=0`,
      `a#TakeProfit Untriggered 0/5 trigger up 110
       a#StopLoss Untriggered 0/5 trigger down 90
       a#StopLoss Untriggered 0/5 trigger down 92
       a#TakeProfit Deactivated 0/5 CancelByTpSlTsClear`,
    );
    expect(exchange.positions("a")[0]).toMatchObject({ takeProfitTicks: 0, stopLossTicks: 92 });
  });

  test("follows the size of the position", () => {
    check(
      `${LONG}
       a stop sl=90
       house buy 2 @ 99
       ---
       a sell 2 @ 99`,
      `a Sell 2 @ 99 taker fee 0.099 closed 2 pnl -2
       a Filled 2/2 @ 99
       a#StopLoss Untriggered 0/3 trigger down 90`,
    );
  });

  test("the client may cancel it like an order", () => {
    const exchange = check(
      `${LONG}\na stop sl=90\n---\na cancel-all`,
      "a#StopLoss Deactivated 0/5 CancelByUser EC_PerCancelRequest",
    );
    expect(exchange.positions("a")[0]?.stopLossTicks).toBe(0);
  });

  const refusals: [string, string, string][] = [
    [
      "while flat",
      "price 100\n---\na stop sl=90",
      "refused 10001 can not set tp/sl/ts for zero position",
    ],
    ["unchanged", `${LONG}\na stop sl=90\n---\na stop sl=90`, "refused 34040 not modified"],
    [
      "on the wrong side",
      `${LONG}\n---\na stop sl=101`,
      "refused 10001 StopLoss set for Buy position should be lower than base_price",
    ],
    [
      "partial with unequal sizes",
      `${LONG}\n---\na stop tp=110 sl=90 tpsl=Partial tpsize=2 slsize=1`,
      "refused 10001 params error: tpSize and slSize must be equal",
    ],
  ];
  for (const [name, tape, expected] of refusals) {
    test(`is refused ${name}`, () => {
      check(tape, expected);
    });
  }

  test("at most 20 partial pairs", () => {
    const pairs = Array.from(
      { length: 20 },
      () => "a stop tp=110 sl=90 tpsl=Partial tpsize=1 slsize=1",
    );
    check(
      `${LONG}\n${pairs.join("\n")}\n---\na stop sl=90 tpsl=Partial slsize=1`,
      "refused 110061 There are too many partial TP/SL orders",
    );
  });
});

describe("trailing stop", () => {
  test("follows the best price and fires when the price falls by the distance", () => {
    check(
      `${LONG}
       house buy 9 @ 94
       a stop trail=5
       house sell 3 @ 104
       house buy 1 @ 104 ioc
       house sell 1 @ 103
       house buy 1 @ 103 ioc
       house buy 1 @ 99
       ---
       house sell 1 @ 99 ioc`,
      `a#TrailingStop Triggered 0/5
       a#TrailingStop Sell 5 @ 94 taker fee 0.235 closed 5 pnl -30
       a#TrailingStop Filled 5/5 @ 90`,
    );
  });

  test("waits for its activation price", () => {
    check(
      `${LONG}
       a stop trail=2 active=103
       house buy 9 @ 90
       ---
       house buy 1 @ 97
       house sell 1 @ 97
       house sell 1 @ 103
       house buy 1 @ 103
       house buy 1 @ 101
       house sell 1 @ 101`,
      `a#TrailingStop Triggered 0/5
       a#TrailingStop Sell 5 @ 90 taker fee 0.225 closed 5 pnl -50
       a#TrailingStop Filled 5/5 @ 90`,
    );
  });

  test("is shown on the position and removed with 0", () => {
    const exchange = check(
      `${LONG}\na stop trail=5\n---\na stop trail=0`,
      "a#TrailingStop Deactivated 0/5 CancelByTpSlTsClear",
    );
    expect(exchange.positions("a")[0]?.trailingTicks).toBe(0);
  });
});
