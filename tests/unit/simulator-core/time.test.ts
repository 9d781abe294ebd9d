import { describe, expect, test } from "bun:test";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { check, instrument, options, play, START_MS } from "./tape.ts";

const HOUR_MS = 3_600_000;
const money = (text: string) => parseFixed(text) ?? -1n;
const HELD = `price 100
  b sell 10 @ 100
  a buy 10 @ 100`;

describe("funding", () => {
  test("a positive rate is paid by longs to shorts at the contract's own time", () => {
    const exchange = check(
      `${HELD}
       rate 0.001
       mark 110
       ---
       time ${8 * HOUR_MS - 1}
       time ${8 * HOUR_MS}`,
      `a Buy 10 @ 110 Funding fee 1.1
       b Sell 10 @ 110 Funding fee -1.1
       a wallet 99998.4
       b wallet 100000.9`,
      { show: ["fills", "wallets"] },
    );
    const [paid] = exchange.transactions("a");
    const [received] = exchange.transactions("b");
    expect(paid).toMatchObject({
      type: "SETTLEMENT",
      side: "Buy",
      funding: money("-1.1"),
      feeRate: "0.001",
      fee: 0n,
      cashFlow: 0n,
      change: money("-1.1"),
      qtySteps: 10,
      sizeAfterSteps: 10,
      atMs: START_MS + 8 * HOUR_MS,
    });
    expect(received).toMatchObject({ side: "Sell", funding: money("1.1"), feeRate: "-0.001" });
    expect(exchange.executions("a")[0]).toMatchObject({
      execType: "Funding",
      orderType: "UNKNOWN",
      fee: money("1.1"),
      feeRate: "0.001",
    });
    expect(exchange.positions("a")[0]?.curRealised).toBe(money("-1.6"));
  });

  test("a negative rate is paid by shorts", () => {
    const exchange = check(`${HELD}\nrate -0.001\n---\ntime ${8 * HOUR_MS}`, "", { show: [] });
    expect(exchange.transactions("a")[0]?.funding).toBe(money("1"));
    expect(exchange.transactions("b")[0]?.funding).toBe(money("-1"));
  });

  test("every due time is settled when time jumps, each at its own time", () => {
    const exchange = check(`${HELD}\nrate 0.0001\n---\ntime ${25 * HOUR_MS}`, "", { show: [] });
    const settled = exchange.transactions("a").filter(({ type }) => type === "SETTLEMENT");
    const hours = settled.map(({ atMs }) => (atMs - START_MS) / HOUR_MS);
    expect(hours).toEqual([24, 16, 8]);
    expect(exchange.nextFundingAtMs(0)).toBe(START_MS + 32 * HOUR_MS);
  });

  test("intervals differ per contract and count from midnight UTC", () => {
    const cases = [
      [60, 1],
      [240, 4],
      [480, 8],
    ] as const;
    for (const [fundingIntervalMin, hours] of cases) {
      const exchange = createExchange(options({ fundingIntervalMin }));
      expect(exchange.nextFundingAtMs(0)).toBe(START_MS + hours * HOUR_MS);
    }
    expect(createExchange(options({ fundingIntervalMin: 0 })).nextFundingAtMs(0)).toBe(0);
  });

  test("the rate stays between floor and cap", () => {
    const exchange = createExchange(options());
    exchange.setFundingRate(0, 0.5);
    expect(exchange.fundingRate(0)).toBe(0.01);
    exchange.setFundingRate(0, -0.5);
    expect(exchange.fundingRate(0)).toBe(-0.01);
  });

  test("who is flat at the instant neither pays nor receives", () => {
    const exchange = check(
      `${HELD}\na sell 10 @ 100\nb buy 10 @ 100\nrate 0.001\n---\ntime ${8 * HOUR_MS}`,
      "",
    );
    expect(exchange.positions("a")).toEqual([]);
  });
});

test("time never goes back", () => {
  const exchange = createExchange(options());
  exchange.advanceTo(START_MS + 5_000);
  exchange.advanceTo(START_MS + 1_000);
  expect(exchange.nowMs).toBe(START_MS + 5_000);
});

describe("liquidation", () => {
  test("cross: orders go first, then the position at its bankruptcy price", () => {
    // at 90 equity 99.55 − 90 = 9.55 > MM 810 × 0.0105 = 8.505; at 89 it is 0.55
    const exchange = check(
      `price 100
       poor leverage 50
       house sell 9 @ 100
       poor buy 9 @ 100
       poor sell 1 @ 109 link=exit
       poor sell 1 @ 80 trigger=70:down:MarkPrice link=stop
       mark 90
       ---
       mark 89`,
      `poor#exit Cancelled 0/1 @ 109 CancelAllBeforeLiq
       poor#stop Deactivated 0/1 @ 80 CancelAllBeforeLiq
       poor Sell 9 @ 89 BustTrade fee 0.4005 closed 9 pnl -99
       poor Filled 9/9 @ 89
       liquidated Buy 9 @ 89`,
    );
    expect(exchange.wallet("poor").walletBalance).toBe(money("0.1495"));
    expect(exchange.transactions("poor")[0]?.type).toBe("LIQUIDATION");
    const [order] = exchange.closedOrders("poor");
    expect(order?.createType).toBe("CreateByLiq");
    expect(exchange.positions("poor")).toEqual([]);
  });

  test("a gap past bankruptcy costs the wallet no more than it has", () => {
    for (const mark of [85, 60, 10]) {
      const exchange = check(
        `price 100\npoor leverage 50\nhouse sell 9 @ 100\npoor buy 9 @ 100\n---\nmark ${mark}`,
        "",
        { show: [] },
      );
      expect(exchange.wallet("poor").walletBalance).toBeGreaterThanOrEqual(0n);
      expect(exchange.wallet("poor").walletBalance).toBeLessThan(money("9"));
    }
  });

  test("a short is liquidated on a rise", () => {
    const exchange = check(
      `price 100\npoor leverage 50\nhouse buy 9 @ 100\npoor sell 9 @ 100\n---\nmark 111`,
      `poor Buy 9 @ 111 BustTrade fee 0.4995 closed 9 pnl -99
       poor Filled 9/9 @ 111
       liquidated Sell 9 @ 111`,
    );
    expect(exchange.wallet("poor").walletBalance).toBe(money("0.0505"));
  });

  test("isolated: one position's loss does not reach the rest of the wallet", () => {
    // margin 100: at 91 equity 10 > MM 9.555; at 90 nothing is left, bankruptcy with fee 90.05
    const exchange = check(
      `price 100
       a margin isolated
       house sell 10 @ 100
       a buy 10 @ 100
       mark 91
       ---
       mark 90`,
      `a Sell 10 @ 91 BustTrade fee 0.455 closed 10 pnl -90
       a Filled 10/10 @ 91
       liquidated Buy 10 @ 91`,
    );
    expect(exchange.wallet("a").walletBalance).toBe(money("99909.045"));
  });

  test("the shown liquidation price is where it happens", () => {
    for (const mode of ["isolated", "cross"]) {
      const who = mode === "cross" ? "poor" : "a";
      const setup = mode === "cross" ? "poor leverage 50" : "a margin isolated";
      const exchange = createExchange(options());
      play(exchange, `price 1000\n${setup}\nhouse sell 1 @ 1000\n${who} buy 1 @ 1000`, []);
      const liqTicks = exchange.positions(who)[0]?.liqTicks ?? 0;
      expect(liqTicks).toBeGreaterThan(800);
      play(exchange, `mark ${liqTicks + 2}`, []);
      expect(exchange.positions(who)).toHaveLength(1);
      play(exchange, `mark ${liqTicks - 2}`, []);
      expect(exchange.positions(who)).toEqual([]);
    }
  });

  test("a healthy account is left alone", () => {
    check(`${HELD}\n---\nmark 60`, "");
  });
});

describe("listing", () => {
  test("a closed contract cancels orders and settles positions at the index without a fee", () => {
    const exchange = check(
      `${HELD}
       a buy 1 @ 90 link=rest
       house buy 5 @ 95
       index 105
       ---
       status Closed`,
      `a#rest Cancelled 0/1 @ 90 CancelBySettle
       a Sell 10 @ 105 Settle fee 0 closed 10 pnl 50
       a Filled 10/10 @ 105
       b Buy 10 @ 105 Settle fee 0 closed 10 pnl -50
       b Filled 10/10 @ 105`,
    );
    expect(exchange.levels(0, "Buy", 9)).toEqual([]);
    expect(exchange.openInterestSteps(0)).toBe(0);
  });

  test("an announced delivery happens by itself, at its time", () => {
    const deliveryAtMs = START_MS + 10 * HOUR_MS;
    const exchange = createExchange(options({ deliveryAtMs }));
    play(exchange, HELD, []);
    exchange.advanceTo(deliveryAtMs - 1);
    expect(exchange.positions("a")).toHaveLength(1);
    exchange.advanceTo(deliveryAtMs + 9 * HOUR_MS);
    expect(exchange.positions("a")).toEqual([]);
    expect(exchange.instruments[0]?.status).toBe("Closed");
    expect(exchange.executions("a")[0]).toMatchObject({ execType: "Settle", atMs: deliveryAtMs });
  });

  test("a new contract takes the next index and trades", () => {
    const exchange = createExchange(options());
    exchange.list(instrument({ index: 1, symbol: "NEWUSDT" }));
    expect(
      exchange.housePlace(1, { side: "Buy", priceTicks: 10, qtySteps: 3, timeInForce: "GTC" }),
    ).toBeGreaterThan(0);
    expect(exchange.levels(1, "Buy", 1)).toEqual([10, 3]);
    expect(exchange.levels(0, "Buy", 1)).toEqual([]);
    expect(() => exchange.list(instrument({ index: 7 }))).toThrow("takes the next index");
  });
});
