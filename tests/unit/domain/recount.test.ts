/** A changed tick or step: the same decimals in units that hold both grids, whichever they are. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { averagePriceOf, valueAt } from "../../../src/domain/cost.ts";
import { type Instrument, notionalOf } from "../../../src/domain/instrument.ts";
import { gridChangeOf, recounted, ticksOnLot } from "../../../src/domain/recount.ts";
import type { PriceTicks, QtySteps, SymbolId } from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { toText, toUnits, trimZeros } from "../../../src/kernel/decimal.ts";
import { FIXED_ONE } from "../../../src/kernel/fixed.ts";
import { Ledger } from "../../../src/portfolio/ledger.ts";
import { instrumentOf } from "../../support/instruments.ts";

const grids = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(1, 2, 5, 10, 25, 50))
  .map(([decimals, mantissa]) => {
    const digits = String(mantissa).padStart(decimals + 1, "0");
    const cut = digits.length - decimals;
    return decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  });

const contract = (tick: string, step: string) => instrumentOf({ symbol: "AUSDT", tick, step });
const after = (known: Instrument, tick: string, step: string) =>
  must(recounted(known, contract(tick, step)), "these grids have a common unit");

describe("a changed grid", () => {
  test("keeps every amount in decimals, for any two grids and any position", () => {
    const sizes = fc.integer({ min: -100_000, max: 100_000 });
    const prices = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.tuple(grids, grids),
        fc.tuple(grids, grids),
        fc.tuple(sizes, prices),
        (was, is, what) => {
          const [[tick, step], [tick2, step2], [held, at]] = [was, is, what];
          const before = contract(tick, step);
          const now = recounted(before, contract(tick2, step2));
          fc.pre(now !== null);
          const change = gridChangeOf(before, now);
          if (change === null) {
            // The same unit, however many zeros the venue writes behind it.
            const unitsOf = ({ price, qty }: Instrument) =>
              [price, qty].map(({ unitText }) => trimZeros(unitText));
            expect(unitsOf(now)).toEqual(unitsOf(before));
            return;
          }
          const ledger = new Ledger();
          const position = ledger.position(0 as SymbolId);
          position.steps = held;
          position.cost = valueAt(before, held, 123_456_789n * FIXED_ONE);
          position.stopLossTicks = at as PriceTicks;
          const told = (instrument: Instrument) => ({
            size: trimZeros(toText(instrument.qty, position.steps)),
            stop: trimZeros(toText(instrument.price, position.stopLossTicks ?? 0)),
            cost: position.cost,
            entry: averagePriceOf(position, instrument),
            worth: valueAt(instrument, position.steps, 7n * FIXED_ONE),
            exposure: notionalOf(
              instrument,
              position.stopLossTicks ?? (0 as PriceTicks),
              Math.abs(position.steps) as QtySteps,
            ),
            realised: ledger.realised,
          });
          const wanted = told(before);
          ledger.recount(change);
          expect(told(now)).toEqual(wanted);
          // What either grid can say can be read: an old order's fill, and a new book's level.
          for (const text of [tick, tick2]) expect(toUnits(now.price, text)).toBeGreaterThan(0);
          expect(toUnits(now.price, tick2)).toBe(now.priceLotTicks);
          expect(toUnits(now.qty, step2)).toBe(now.qtyLotSteps);
        },
      ),
    );
  });

  test.each([
    ["0.01", "0.1", "0.01", 10],
    ["0.1", "0.01", "0.01", 1],
    ["0.10", "0.5", "0.10", 5],
    ["0.5", "0.2", "0.1", 2],
    ["1", "10", "1", 10],
    ["0.10", "0.1", "0.1", 1],
  ])("tick %s became %s: counted in %s, orders on lots of %i", (was, is, unit, lot) => {
    const now = after(contract(was, "1"), is, "1");
    expect([now.price.unitText, Number(now.priceLotTicks)]).toEqual([unit, lot]);
  });

  test("limits of quantity are the venue's own", () => {
    const now = after(contract("1", "0.01"), "1", "0.1");
    expect(toText(now.qty, now.qtyStepsMin)).toBe("0.1");
    expect(now.marketQtyStepsMax % now.qtyLotSteps).toBe(0);
  });

  test("two changes on end, and back: units never grow, lots follow the venue", () => {
    const first = after(contract("0.01", "1"), "0.1", "1");
    const second = after(first, "0.01", "1");
    expect([Number(first.priceLotTicks), Number(second.priceLotTicks)]).toEqual([10, 1]);
    expect(gridChangeOf(first, second)?.tickRatio).toBe(1);
    expect(gridChangeOf(second, after(second, "0.01", "1"))).toBeNull();
  });

  test("a grid without a sensible common unit is none", () => {
    expect(recounted(contract("1", "1"), contract("0.00000001", "1"))).toBeNull();
  });

  test("a price is put on the lot that is no better for the other side", () => {
    const now = after(contract("0.01", "1"), "0.1", "1");
    const at = (side: "buy" | "sell", ticks: number) =>
      Number(ticksOnLot(now, side, ticks as PriceTicks));
    expect([at("buy", 1_005), at("sell", 1_005), at("buy", 1_010), at("sell", 1_010)]).toEqual([
      1_000, 1_010, 1_010, 1_010,
    ]);
  });
});
