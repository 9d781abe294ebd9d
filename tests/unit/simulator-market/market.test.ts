import { describe, expect, test } from "bun:test";
import type { SimTrade } from "../../../src/simulator/core/api.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { BarStore } from "../../../src/simulator/market/bars.ts";
import { makeCatalogue } from "../../../src/simulator/market/catalogue.ts";
import { SharedPaths } from "../../../src/simulator/market/coin-path.ts";
import { MarketModel } from "../../../src/simulator/market/market-model.ts";
import { pastMarket } from "../../../src/simulator/market/past.ts";
import { Tape } from "../../../src/simulator/market/trade-tape.ts";
import { given } from "../../support/given.ts";

const START = Date.UTC(2026, 10, 21, 6, 17, 30);
const STEP_MS = 20;

function market(seed: string, symbols = 30) {
  const listings = makeCatalogue({ seed, symbols, nowMs: START });
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
  const trades: SimTrade[] = [];
  let atMs = START;
  return {
    core,
    tape,
    model,
    listings,
    trades,
    run(seconds: number, eachStep: () => void = () => {}) {
      const untilMs = atMs + seconds * 1_000;
      while (atMs < untilMs) {
        atMs += STEP_MS;
        model.advance(atMs);
        for (const event of core.drain()) {
          if (event.kind !== "trade") continue;
          tape.of(event.trade.symbolIndex).trade(event.trade);
          trades.push(event.trade);
        }
        eachStep();
      }
    },
  };
}

function digest(seed: string): string {
  const { core, trades, run } = market(seed);
  run(20);
  const books = core.instruments.map(({ index }) => [
    core.levels(index, "Buy", 50),
    core.levels(index, "Sell", 50),
  ]);
  return Bun.hash(JSON.stringify([books, trades])).toString(16);
}

describe("the market model", () => {
  test("the same seed and the same steps give the same bytes, another seed others", () => {
    expect(digest("one")).toBe(digest("one"));
    expect(digest("one")).not.toBe(digest("two"));
  });

  test("books open two-sided and stay so, never crossed, with depth", () => {
    const { core, run } = market("depth");
    const check = () => {
      for (const { index, status } of core.instruments) {
        if (status !== "Trading") continue;
        const [bid, ask] = [core.bestTicks(index, "Buy"), core.bestTicks(index, "Sell")];
        expect(bid).toBeGreaterThan(0);
        expect(ask).toBeGreaterThan(bid);
      }
    };
    check();
    for (let minute = 0; minute < 3; minute++) {
      run(60);
      check();
    }
    for (let index = 0; index < 30; index++) {
      const wanted = index < 25 ? 50 : 20;
      expect(core.levels(index, "Buy", 500).length / 2).toBeGreaterThanOrEqual(wanted);
      expect(core.levels(index, "Sell", 500).length / 2).toBeGreaterThanOrEqual(wanted);
    }
  });

  test("spreads are a tick on majors and basis points on the tail", () => {
    const { core, run } = market("spread", 300);
    const sums = new Map([
      [0, 0],
      [2, 0],
      [280, 0],
    ]);
    let samples = 0;
    run(60, () => {
      samples++;
      for (const [index, sum] of sums) {
        const [bid, ask] = [core.bestTicks(index, "Buy"), core.bestTicks(index, "Sell")];
        sums.set(index, sum + (index === 280 ? ((ask - bid) / bid) * 10_000 : ask - bid));
      }
    });
    expect(given(sums.get(2)) / samples).toBeLessThan(1.5);
    expect(given(sums.get(280)) / samples).toBeGreaterThan(3);
    expect(given(sums.get(280)) / samples).toBeLessThan(40);
  });

  test("trade signs persist and volatility clusters", () => {
    const { trades, run, core } = market("facts", 5);
    const mids: number[] = [];
    let step = 0;
    run(900, () => {
      if (step++ % 50 === 0) mids.push((core.bestTicks(1, "Buy") + core.bestTicks(1, "Sell")) / 2);
    });
    const signs = trades
      .filter(({ symbolIndex }) => symbolIndex === 0)
      .map(({ side }) => (side === "Buy" ? 1 : -1));
    expect(signs.length).toBeGreaterThan(1_000);
    expect(correlation(signs, 1)).toBeGreaterThan(0.2);
    const returns = mids.slice(1).map((mid, at) => Math.log(mid / given(mids[at])));
    expect(Math.abs(correlation(returns, 1))).toBeLessThan(0.25);
    expect(correlation(returns.map(Math.abs), 1)).toBeGreaterThan(0.05);
  });

  test("contracts move together", () => {
    const { core, run } = market("beta", 10);
    const rows: number[][] = [];
    let step = 0;
    run(900, () => {
      if (step++ % 250 === 0) rows.push([0, 1].map((index) => core.bestTicks(index, "Buy")));
    });
    const returns = [0, 1].map((at) =>
      rows.slice(1).map((row, index) => Math.log(given(row[at]) / given(given(rows[index])[at]))),
    );
    expect(pearson(given(returns[0]), given(returns[1]))).toBeGreaterThan(0.3);
  });

  test("a passive order at the touch of a busy contract is filled within seconds", () => {
    const { core, run } = market("maker");
    for (const index of [0, 1, 2, 5, 10]) {
      const priceTicks = core.bestTicks(index, "Buy");
      const qtySteps =
        Math.ceil(20 / (priceTicks * 1e-9 + 1)) + given(core.instruments[index]).minQtySteps * 100;
      const reply = core.place("me", {
        symbolIndex: index,
        side: "Buy",
        type: "Limit",
        qtySteps,
        priceTicks,
        timeInForce: "PostOnly",
      });
      expect(reply.code).toBe(0);
      let waitedS = 0;
      const isFilled = () =>
        given(core.findOrder("me", { orderId: reply.orderId })).status === "Filled";
      for (; waitedS < 60 && !isFilled(); waitedS++) run(1);
      expect(isFilled()).toBe(true);
      core.place("me", {
        symbolIndex: index,
        side: "Sell",
        type: "Market",
        qtySteps,
        priceTicks: 0,
        timeInForce: "IOC",
        reduceOnly: true,
      });
    }
  });

  test("a suspended process jumps: the missed hour is not replayed", () => {
    const { core, model, run } = market("suspend");
    run(5);
    const before = model.events;
    model.advance(START + 3_600_000);
    expect(model.events - before).toBeLessThan(200);
    expect(core.nowMs).toBe(START + 3_600_000);
    model.advance(START + 3_601_000);
    expect(model.events).toBeGreaterThan(before);
  });

  test("announced contracts start trading at their launch", () => {
    const { core, model } = market("launch", 5);
    const upcoming = given(core.instruments[5]);
    expect(upcoming.status).toBe("PreLaunch");
    expect(core.bestTicks(5, "Buy")).toBe(0);
    model.advance(upcoming.launchAtMs + 2_000);
    expect(upcoming.status).toBe("Trading");
    expect(core.bestTicks(5, "Buy")).toBeGreaterThan(0);
  });
});

describe("the tape", () => {
  test("a day's sums hold the live trades and start believable", () => {
    const { tape, trades, listings, run, core } = market("tape", 5);
    const before = tape.of(0).day(START);
    expect(before.turnover).toBeGreaterThan(given(listings[0]).activity.turnover24hUsdt * 0.3);
    expect(before.turnover).toBeLessThan(given(listings[0]).activity.turnover24hUsdt * 3);
    expect(before.highTicks).toBeGreaterThanOrEqual(tape.of(0).lastTicks);
    expect(before.lowTicks).toBeLessThanOrEqual(tape.of(0).lastTicks);
    run(60);
    const after = tape.of(0).day(core.nowMs);
    const own = trades.filter(({ symbolIndex }) => symbolIndex === 0);
    expect(own.length).toBeGreaterThan(50);
    expect(after.highTicks).toBeGreaterThanOrEqual(
      Math.max(...own.map(({ priceTicks }) => priceTicks)),
    );
    expect(after.lowTicks).toBeLessThanOrEqual(
      Math.min(...own.map(({ priceTicks }) => priceTicks)),
    );
  });

  test("a live minute's bar is its trades", () => {
    const { tape, trades, run, core } = market("bars", 5);
    run(120);
    const minuteMs = Math.floor((START + 60_000) / 60_000) * 60_000;
    const inside = trades.filter(
      ({ symbolIndex, atMs }) => symbolIndex === 0 && atMs >= minuteMs && atMs < minuteMs + 60_000,
    );
    const bar = tape.of(0).bars.bar("1", minuteMs, core.nowMs);
    expect(tape.of(0).ticksOf(bar.high)).toBe(
      Math.max(...inside.map(({ priceTicks }) => priceTicks), tape.of(0).ticksOf(bar.open)),
    );
    expect(tape.of(0).ticksOf(bar.close)).toBe(given(inside.at(-1)).priceTicks);
    const volume = inside.reduce((sum, { qtySteps }) => sum + qtySteps, 0) * 0.001;
    expect(bar.volume).toBeCloseTo(volume, 2);
  });

  test("minutes that left the store still add up to their hour", () => {
    const past = pastMarket({
      seed: "minutes",
      symbol: "TESTUSDT",
      law: { sigma: 1e-4, marketWeight: 0.6, sectorWeight: 0, ownWeight: 0.8, sector: 0 },
      shared: new SharedPaths("minutes", "history"),
      startAtMs: 0,
      startPrice: 100,
      turnover24hUsdt: 1e6,
    });
    const store = new BarStore(past, 0, 100);
    for (let minute = 0; minute < 600; minute++)
      store.trade(minute * 60_000 + 5, 100 + (minute % 7), 1);
    const nowMs = 600 * 60_000;
    store.roll(nowMs);
    const hour = store.bar("60", 0, nowMs);
    const minutes = Array.from({ length: 60 }, (_, at) => store.bar("1", at * 60_000, nowMs));
    expect(hour.high).toBeCloseTo(106, 4);
    expect(hour.volume).toBeCloseTo(60, 4);
    expect(Math.max(...minutes.map(({ high }) => high))).toBeCloseTo(hour.high, 4);
    expect(Math.min(...minutes.map(({ low }) => low))).toBeCloseTo(hour.low, 4);
    expect(minutes.reduce((sum, { volume }) => sum + volume, 0)).toBeCloseTo(hour.volume, 4);
    expect(given(minutes[59]).close).toBeCloseTo(hour.close, 4);
  });

  test("history joins the live market without a jump", () => {
    const { tape, core } = market("join", 5);
    const { bars } = tape.of(0);
    const minuteMs = Math.floor(START / 60_000) * 60_000;
    const last = bars.bar("1", minuteMs - 60_000, core.nowMs);
    const first = bars.bar("1", minuteMs, core.nowMs);
    expect(tape.of(0).ticksOf(last.close)).toBeCloseTo(tape.of(0).ticksOf(first.open), -1);
  });
});

function correlation(values: readonly number[], lag: number): number {
  return pearson(values.slice(lag), values.slice(0, values.length - lag));
}

function pearson(left: readonly number[], right: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(left), mean(right)];
  let [cross, x, y] = [0, 0, 0];
  left.forEach((value, at) => {
    cross += (value - a) * (given(right[at]) - b);
    x += (value - a) ** 2;
    y += (given(right[at]) - b) ** 2;
  });
  return cross / Math.sqrt(x * y);
}
