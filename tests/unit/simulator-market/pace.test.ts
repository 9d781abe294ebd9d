/** What sets the market's pace: the day's rhythm, the touch, planted parts, kept answers. */

import { describe, expect, test } from "bun:test";
import { prngOf } from "../../../src/kernel/prng.ts";
import { Cascade, keyOf, RememberedCascade } from "../../../src/simulator/market/cascade.ts";
import { makeCatalogue } from "../../../src/simulator/market/catalogue.ts";
import { SharedPaths } from "../../../src/simulator/market/coin-path.ts";
import { pastMarket } from "../../../src/simulator/market/past.ts";
import { Signals } from "../../../src/simulator/market/regime.ts";
import { SimVenue } from "../../../src/simulator/world/world.ts";
import { given } from "../../support/given.ts";

const MIDNIGHT = Date.UTC(2026, 10, 21);
const HOUR_MS = 3_600_000;
const PATIENCE_MS = 60_000;

test("variance and volume rise and fall with the hour together", () => {
  const seed = "rhythm";
  const { instrument, activity } = given(makeCatalogue({ seed, symbols: 1, nowMs: MIDNIGHT })[0]);
  const past = pastMarket({
    seed,
    symbol: instrument.symbol,
    law: activity,
    shared: new SharedPaths(seed, "history"),
    startAtMs: MIDNIGHT,
    startPrice: activity.startPrice,
    turnover24hUsdt: activity.turnover24hUsdt,
  });
  const sums = { night: { size: 0, volume: 0 }, day: { size: 0, volume: 0 } };
  for (let back = 1; back <= 60; back++) {
    for (const [name, hour] of [
      ["night", 4],
      ["day", 16],
    ] as const) {
      for (let minute = 0; minute < 120; minute += 5) {
        const atMs = MIDNIGHT - back * 24 * HOUR_MS + hour * HOUR_MS + minute * 60_000;
        sums[name].size += Math.abs(Math.log(past.priceAt(atMs + 300_000) / past.priceAt(atMs)));
        sums[name].volume += past.volumeOf(atMs, 300_000);
      }
    }
  }
  expect(sums.day.size / sums.night.size).toBeGreaterThan(1.25);
  expect(sums.day.volume / sums.night.volume).toBeGreaterThan(1.5);
});

test("what is remembered is what would be computed", () => {
  const options = { key: keyOf("kept"), marketKey: keyOf("market"), sharing: 0.7 };
  const [plain, kept] = [new Cascade(options), new RememberedCascade(options)];
  const prng = prngOf("order");
  for (let count = 0; count < 2_000; count++) {
    const atMs = MIDNIGHT - prng.int(200) * HOUR_MS;
    if (prng.next() < 0.5) expect(kept.at(atMs)).toBe(plain.at(atMs));
    else expect(kept.hourRate(atMs)).toBe(plain.hourRate(atMs));
  }
});

test(
  "the touch of a busy contract changes a few times a second",
  () => {
    const venue = new SimVenue({ seed: "touch", symbols: 3, accounts: [], startAtMs: MIDNIGHT });
    let [changes, before] = [0, ""];
    for (let atMs = MIDNIGHT; atMs < MIDNIGHT + 120_000; atMs += 20) {
      venue.advance(atMs);
      if (atMs % 100 !== 0) continue;
      const touch = `${venue.core.levels(0, "Buy", 1)}/${venue.core.levels(0, "Sell", 1)}`;
      if (touch !== before) changes++;
      before = touch;
    }
    expect(changes / 120).toBeGreaterThan(2);
    expect(changes / 120).toBeLessThan(6);
  },
  PATIENCE_MS,
);

describe("a planted edge", () => {
  const edge = { bps: 25, horizonS: 10, everyS: 30, symbolIndexes: [] };

  test("makes all of each move and no more, however rarely its contract is looked at", () => {
    const prng = prngOf("looks");
    const signals = new Signals(prngOf("signals"), MIDNIGHT);
    let [made, ended] = [0, 0];
    for (let atMs = MIDNIGHT; ended < 200; atMs += 7_000 * prng.next()) {
      const before = signals.side;
      made += signals.advance(edge, atMs);
      if (before === 0 || signals.side === before) continue;
      ended++;
      expect(made).toBeCloseTo(1, 12);
      made = 0;
    }
  });

  test("promises nothing any more when it is taken away", () => {
    const signals = new Signals(prngOf("signals"), MIDNIGHT);
    signals.advance(edge, MIDNIGHT);
    expect(signals.side).not.toBe(0);
    signals.stop();
    expect(signals.side).toBe(0);
    expect(signals.advance(edge, MIDNIGHT + 1_000)).toBe(0);
  });
});
