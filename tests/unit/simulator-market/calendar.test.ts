/** Halts and delistings: rare on the clock, so the tests let weeks pass in strides. */

import { describe, expect, test } from "bun:test";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { makeCatalogue } from "../../../src/simulator/market/catalogue.ts";
import { MarketModel } from "../../../src/simulator/market/market-model.ts";
import { Tape } from "../../../src/simulator/market/trade-tape.ts";
import { given } from "../../support/given.ts";

const START = Date.UTC(2026, 10, 21);
const SYMBOLS = 90;
const PROTECTED = 60;

function market(seed: string) {
  const listings = makeCatalogue({ seed, symbols: SYMBOLS, nowMs: START });
  const core = createExchange({
    idSeed: seed,
    startAtMs: START,
    instruments: listings.map(({ instrument }) => instrument),
    accounts: [
      {
        id: "me",
        house: false,
        walletUsdt: "100000",
        makerFeeRate: "0.0002",
        takerFeeRate: "0.00055",
      },
    ],
  });
  const tape = new Tape(listings, seed, START);
  const model = new MarketModel({ seed, core, listings, tape, startAtMs: START });
  const advance = (toMs: number) => {
    model.advance(toMs);
    core.drain();
  };
  return { core, advance };
}

describe("delistings", () => {
  test("are announced hours ahead, then end the contract with empty books", () => {
    const { core, advance } = market("end");
    const ending = () => core.instruments.find(({ deliveryAtMs }) => deliveryAtMs > 0);
    let atMs = START;
    while (ending() === undefined) {
      atMs += 60_000;
      advance(atMs);
    }
    const { index, deliveryAtMs } = given(ending());
    expect(index).toBeGreaterThanOrEqual(PROTECTED);
    expect(deliveryAtMs - atMs).toBeGreaterThanOrEqual(3 * 3_600_000);
    expect(given(core.instruments[index]).status).toBe("Trading");

    const placed = core.place("me", {
      symbolIndex: index,
      side: "Buy",
      type: "Limit",
      qtySteps: given(core.instruments[index]).maxMarketQtySteps,
      priceTicks: core.bestTicks(index, "Buy"),
      timeInForce: "PostOnly",
    });
    expect(placed.code).toBe(0);
    advance(deliveryAtMs + 1_000);
    expect(given(core.instruments[index]).status).toBe("Closed");
    expect(core.bestTicks(index, "Buy")).toBe(0);
    expect(core.bestTicks(index, "Sell")).toBe(0);
    expect(core.openOrders("me")).toHaveLength(0);
    expect(core.positions("me")).toHaveLength(0);
    const order = given(core.findOrder("me", { orderId: placed.orderId }));
    expect(["Cancelled", "PartiallyFilledCanceled", "Filled"]).toContain(order.status);
  });
});

/** Hours of a market, second by second: two seconds of work here, more on a busy machine. */
const HOURS_MS_MAX = 60_000;

describe("halts", () => {
  test(
    "freeze a quiet contract's book for half a minute to two, then it goes on",
    () => {
      const { core, advance } = market("halt");
      const versions = () => core.instruments.map(({ index }) => core.bookVersion(index));
      let atMs = START;
      let still = new Array<number>(SYMBOLS).fill(0);
      let before = versions();
      let halted = -1;
      for (let second = 0; second < 8 * 3_600 && halted < 0; second++) {
        atMs += 1_000;
        advance(atMs);
        const now = versions();
        still = still.map((seconds, index) => (now[index] === before[index] ? seconds + 1 : 0));
        before = now;
        halted = still.findIndex((seconds) => seconds >= 29);
      }
      expect(halted).toBeGreaterThanOrEqual(PROTECTED);
      expect(core.bestTicks(halted, "Buy")).toBeGreaterThan(0);
      const frozen = before[halted];
      for (let second = 1; second <= 100; second++) advance(atMs + second * 1_000);
      expect(core.bookVersion(halted)).not.toBe(frozen);
    },
    HOURS_MS_MAX,
  );
});
