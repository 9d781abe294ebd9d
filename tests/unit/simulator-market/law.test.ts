/** The market's law: one for past and live, memory and tails, impact that stays, marks that lag. */

import { describe, expect, test } from "bun:test";
import { toNumber } from "../../../src/kernel/decimal.ts";
import { Cascade, keyOf } from "../../../src/simulator/market/cascade.ts";
import { callScenario } from "../../../src/simulator/shell/rest/scenario.ts";
import { SimVenue } from "../../../src/simulator/world/world.ts";
import { given } from "../../support/given.ts";

const START = Date.UTC(2026, 10, 21, 6, 17, 30);
const MINUTE_MS = 60_000;
/** The machine may be busy: whole minutes of a market are simulated here. */
const PATIENCE_MS = 60_000;

function venueOf(seed: string, symbols = 3): SimVenue {
  const accounts = [{ apiKey: "k", apiSecret: "s", walletUsdt: "1000000000" }];
  return new SimVenue({ seed, symbols, accounts, startAtMs: START });
}

function run(venue: SimVenue, seconds: number, each: () => void = () => {}): void {
  const untilMs = venue.nowMs + seconds * 1_000;
  for (let atMs = venue.nowMs + 20; atMs <= untilMs; atMs += 20) {
    venue.advance(atMs);
    each();
  }
}

const middleOf = ({ core }: SimVenue, index: number): number =>
  (core.bestTicks(index, "Buy") + core.bestTicks(index, "Sell")) / 2;

describe("the path", () => {
  const key = keyOf("law");
  const cascade = () => new Cascade({ key, marketKey: key, sharing: 0 });

  test("gives the same value whatever was asked before", () => {
    const [straight, jumping] = [cascade(), cascade()];
    const times = Array.from({ length: 200 }, (_, at) => START + at * 37_123);
    const inOrder = times.map((atMs) => straight.at(atMs));
    const shuffled = [...times.keys()].sort((a, b) => ((a * 71) % 200) - ((b * 71) % 200));
    for (const at of shuffled) {
      jumping.minuteRate(given(times[at]) - 86_400_000);
      expect(jumping.at(given(times[at]))).toBe(given(inOrder[at]));
    }
  });

  test("has fat tails, remembers its size and not its direction", () => {
    const path = cascade();
    const moves: number[] = [];
    let before = path.at(START - 20_000 * MINUTE_MS);
    for (let at = 19_999; at >= 0; at--) {
      const now = path.at(START - at * MINUTE_MS);
      moves.push(now - before);
      before = now;
    }
    expect(kurtosis(moves)).toBeGreaterThan(8);
    expect(autocorrelation(moves.map(Math.abs), 1)).toBeGreaterThan(0.2);
    expect(autocorrelation(moves.map(Math.abs), 20)).toBeGreaterThan(0.05);
    expect(Math.abs(autocorrelation(moves, 1))).toBeLessThan(0.04);
    const variance = moves.reduce((sum, move) => sum + move * move, 0) / moves.length / 60;
    expect(variance).toBeGreaterThan(0.4);
    expect(variance).toBeLessThan(2.5);
  });
});

test(
  "the live market walks the path that history is made of",
  () => {
    const venue = venueOf("seam");
    const { past } = venue.tape.of(0);
    const tick = toNumber(venue.instrumentAt(0).price, 1);
    for (let minute = 1; minute <= 3; minute++) {
      run(venue, 60);
      const path = past.priceAt(venue.nowMs) / tick;
      expect(Math.abs(middleOf(venue, 0) / path - 1)).toBeLessThan(15e-4);
    }
  },
  PATIENCE_MS,
);

test(
  "what a client holds has moved the price, for good and in proportion",
  () => {
    const moved = (usdt: number): number => {
      const [still, pushed] = [venueOf("impact", 1), venueOf("impact", 1)];
      run(still, 5);
      run(pushed, 5);
      const { price, qty } = pushed.instrumentAt(0);
      const stepUsdt = toNumber(price, middleOf(pushed, 0)) * toNumber(qty, 1);
      for (let part = 0; part < 10; part++) {
        const qtySteps = Math.round(usdt / 10 / stepUsdt);
        const order = { symbolIndex: 0, side: "Buy", type: "Market", qtySteps } as const;
        pushed.core.place("account-1", { ...order, priceTicks: 0, timeInForce: "IOC" });
        run(pushed, 1);
        run(still, 1);
      }
      run(pushed, 60);
      run(still, 60);
      return Math.log(middleOf(pushed, 0) / middleOf(still, 0)) * 1e4;
    };
    const [small, large] = [moved(2_000_000), moved(8_000_000)];
    expect(large).toBeGreaterThan(4);
    expect(large).toBeGreaterThan(1.5 * small);
  },
  PATIENCE_MS,
);

test(
  "the mark follows the book: a gap between them closes by the mark's move as well",
  () => {
    const venue = venueOf("mark", 12);
    const pairs: [gap: number, move: number][] = [];
    let step = 0;
    let [gap, middle] = [0, 0];
    run(venue, 240, () => {
      if (step++ % 100 !== 0) return;
      const now = middleOf(venue, 4);
      if (middle !== 0) pairs.push([gap, Math.log(now / middle)]);
      middle = now;
      gap = venue.core.prices(4).markTicks / now - 1;
    });
    const cross = pairs.reduce((sum, [left, right]) => sum + left * right, 0);
    const [x, y] = [0, 1].map((at) =>
      pairs.reduce((sum, pair) => sum + (pair[at] ?? 0) ** 2, 0),
    ) as [number, number];
    expect(Math.abs(cross / Math.sqrt(x * y))).toBeLessThan(0.35);
  },
  PATIENCE_MS,
);

test(
  "takers come in bursts: several trades in one instant, and one order brings others",
  () => {
    const venue = venueOf("bursts", 1);
    const times: number[] = [];
    venue.listen({
      onTrades: (trades) => void times.push(...trades.map(({ atMs }) => atMs)),
      onPrivate() {},
    });
    run(venue, 300);
    expect(times.length / new Set(times).size).toBeGreaterThan(1.8);
    const counts = new Array<number>(300).fill(0);
    for (const atMs of times) {
      const second = Math.min(299, Math.floor((atMs - START) / 1_000));
      counts[second] = (counts[second] ?? 0) + 1;
    }
    const mean = times.length / 300;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 300;
    expect(variance / mean).toBeGreaterThan(5);
  },
  PATIENCE_MS,
);

describe("scenarios", () => {
  test(
    "a crash falls and breaks longs, a squeeze rises and breaks shorts",
    () => {
      for (const [kind, sign] of [
        ["crash", -1],
        ["squeeze", 1],
      ] as const) {
        const venue = venueOf(`storm/${kind}`, 2);
        run(venue, 5);
        const before = middleOf(venue, 0);
        callScenario(venue, [{ kind, symbols: ["BTCUSDT"], forS: 120 }]);
        run(venue, 125);
        expect(sign * Math.log(middleOf(venue, 0) / before)).toBeGreaterThan(0.02);
        const broken = venue.market.drainLiquidations().filter((one) => one.symbolIndex === 0);
        const losing = broken.filter(({ side }) => side === (kind === "crash" ? "Buy" : "Sell"));
        expect(losing.length).toBeGreaterThan(3);
        expect(losing.length).toBeGreaterThan(broken.length / 2);
      }
    },
    PATIENCE_MS,
  );

  test(
    "calm is calmer than chop, and both end",
    () => {
      const venue = venueOf("weather", 1);
      const deviation = (): number => {
        const moves: number[] = [];
        let middle = middleOf(venue, 0);
        for (let second = 0; second < 60; second++) {
          run(venue, 1);
          moves.push(Math.log(middleOf(venue, 0) / middle));
          middle = middleOf(venue, 0);
        }
        return Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / 60);
      };
      callScenario(venue, { regimes: [{ kind: "calm", forS: 60 }] });
      const calm = deviation();
      callScenario(venue, { regimes: [{ kind: "chop", forS: 60, strength: 3 }] });
      expect(deviation()).toBeGreaterThan(1.3 * calm);
      run(venue, 1);
      expect(venue.market.scenario.all()).toEqual([]);
    },
    PATIENCE_MS,
  );

  test("a contract that is not listed and a regime that is none are refused", () => {
    const venue = venueOf("wrong", 1);
    expect(() => callScenario(venue, [{ kind: "crash", symbols: ["NOPE"] }])).toThrow(RangeError);
    expect(() => callScenario(venue, [{ kind: "sunshine" }])).toThrow("Invalid option");
  });

  test(
    "a planted edge pays what it says",
    () => {
      const venue = venueOf("edge", 1);
      callScenario(venue, { edge: { bps: 60, horizonS: 5, everyS: 5 } });
      const spots: { side: number; middle: number }[] = [];
      const moves: number[] = [];
      let usual = 0;
      run(venue, 240, () => {
        const [bid, ask] = (["Buy", "Sell"] as const).map(
          (side) => venue.core.levels(0, side, 1)[1] ?? 0,
        ) as [number, number];
        usual = usual === 0 ? Math.min(bid, ask) : usual + (Math.min(bid, ask) - usual) / 500;
        const side = bid > 10 * usual ? 1 : ask > 10 * usual ? -1 : 0;
        spots.push({ side, middle: middleOf(venue, 0) });
        const then = spots.at(-251);
        const earlier = spots.at(-252);
        if (then === undefined || then.side === 0 || earlier?.side === then.side) return;
        moves.push(then.side * Math.log(middleOf(venue, 0) / then.middle) * 1e4);
      });
      const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
      expect(moves.length).toBeGreaterThan(8);
      expect(mean).toBeGreaterThan(25);
      expect(mean).toBeLessThan(75);
    },
    PATIENCE_MS,
  );
});

function autocorrelation(values: readonly number[], lag: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [top, bottom] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    bottom += (given(values[at]) - mean) ** 2;
    if (at + lag < values.length)
      top += (given(values[at]) - mean) * (given(values[at + lag]) - mean);
  }
  return top / bottom;
}

function kurtosis(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moment = (power: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return moment(4) / moment(2) ** 2;
}
