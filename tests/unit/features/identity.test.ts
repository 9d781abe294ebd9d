/** The table against the plain recomputation, on drawn markets, bit by bit. */
import { describe, expect, test } from "bun:test";
import type { PublicTrade } from "../../../src/domain/event.ts";
import {
  asExecId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { type FeatureName, featureNameOf } from "../../../src/features/registry.ts";
import { toNumber } from "../../../src/kernel/decimal.ts";
import { type Prng, prngOf } from "../../../src/kernel/prng.ts";
import { instrumentOf } from "../engine/tape.ts";
import { bookOf } from "../strategy/support.ts";
import { PlainFeatures } from "./plain.ts";

const SEEDS = Array.from({ length: 8 }, (_, index) => `features-${index}`);
const EVENTS = 4_000;
const SYMBOLS = 3;
const NAMES = [
  "bidTicks",
  "askTicks",
  "bidSteps",
  "askSteps",
  "midTicks",
  "spreadBps",
  "imbalance",
  "micropriceTicks",
  "volatilityBps",
  "tradeFlow",
  "orderFlow",
  "tradesPerMin",
  "topDepthUsdt",
] as const satisfies readonly FeatureName[];

function tradesOf(prng: Prng): PublicTrade[] {
  return Array.from({ length: 1 + prng.int(4) }, (_, index) => ({
    execId: asExecId(String(index)),
    side: prng.int(2) === 0 ? "buy" : "sell",
    priceTicks: (10_000 + prng.int(50)) as PriceTicks,
    qtySteps: (1 + prng.int(900)) as QtySteps,
    venueAtMs: 0,
  }));
}

/** Mostly frames milliseconds apart, now and then a silence, rarely a very long one. */
function pauseOf(prng: Prng): number {
  const draw = prng.int(400);
  if (draw === 0) return 61_000 + prng.int(100_000);
  return draw < 8 ? 1_000 + prng.int(8_000) : prng.int(160);
}

class Pair {
  readonly table = new FeatureTable(NAMES);
  readonly plain: PlainFeatures[];
  private readonly prng: Prng;
  private mid = 10_000;
  atMs = 1_700_000_000_000;

  constructor(seed: string) {
    this.prng = prngOf(seed);
    const instruments = Array.from({ length: SYMBOLS }, (_, index) => instrumentOf(index));
    // One by one, so that columns widen while others already hold numbers.
    for (const instrument of instruments) this.table.load([instrument]);
    const unit = ({ price, qty }: (typeof instruments)[number]) =>
      toNumber(price, 1) * toNumber(qty, 1);
    this.plain = instruments.map((instrument) => new PlainFeatures(unit(instrument)));
  }

  next(): void {
    const { prng } = this;
    this.atMs += pauseOf(prng);
    const id = prng.int(SYMBOLS) as SymbolId;
    const plain = this.plain[id] as PlainFeatures;
    const draw = prng.int(100);
    if (draw < 70) this.book(id, plain);
    else if (draw < 97) {
      const trades = tradesOf(prng);
      this.table.onTrades(id, trades, this.atMs);
      plain.onTrades(trades, this.atMs);
    } else {
      this.table.sampleAll(this.atMs);
      for (const each of this.plain) each.sample(this.atMs);
    }
  }

  private book(id: SymbolId, plain: PlainFeatures): void {
    const { prng } = this;
    this.mid = Math.max(1_000, this.mid + prng.int(7) - 3);
    const bid = this.mid;
    const ask = this.mid + 1 + prng.int(5);
    const [bidQty, askQty] = [1 + prng.int(5_000), 1 + prng.int(5_000)];
    const book = bookOf([bid, bidQty], [ask, askQty]);
    const isEmpty = prng.int(50) === 0;
    if (isEmpty) book.askCount = 0;
    this.table.onBook(id, book, this.atMs);
    plain.onBook({ bid, bidQty, ask: isEmpty ? 0 : ask, askQty }, this.atMs);
  }
}

describe.each(SEEDS)("features of %s", (seed) => {
  test("are the plain ones bit by bit, and NaN only while those were never computed", () => {
    const pair = new Pair(seed);
    let compared = 0;
    for (let index = 0; index < EVENTS; index++) {
      pair.next();
      for (const [id, plain] of pair.plain.entries()) {
        for (const name of NAMES) {
          const value = pair.table.at(name, id as SymbolId);
          if (Number.isNaN(value)) {
            expect({ name, index, plain: plain[name] }).toEqual({ name, index, plain: 0 });
          } else {
            if (!Object.is(value, plain[name]))
              expect({ name, index, value }).toEqual({
                name,
                index,
                value: plain[name],
              });
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(EVENTS * SYMBOLS * NAMES.length * 0.9);
  });
});

test("a name from outside that nobody gives is an error that names the known ones", () => {
  expect(featureNameOf("spreadBps")).toBe("spreadBps");
  expect(() => featureNameOf("spread")).toThrow(
    'no feature is called "spread"; the known ones are bidTicks, askTicks,',
  );
});

test("only what was asked for, and what it needs, has a column", () => {
  const table = new FeatureTable(["topDepthUsdt"]);
  expect(table.column("midTicks").unit).toBe("ticks");
  expect(() => table.column("tradeFlow")).toThrow("asked for when the table was built");
});
