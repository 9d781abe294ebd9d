/**
 * What must hold for every sequence of executions, whatever the order and however often repeated.
 */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { notionalOf } from "../../../src/domain/instrument.ts";
import { type SymbolId, signOf } from "../../../src/domain/units.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { Ledger } from "../../../src/portfolio/ledger.ts";
import { unrealisedAt } from "../../../src/portfolio/position.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { BOOKING, executionOf, INSTRUMENT, type Trade } from "./support.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const ID = 0 as SymbolId;
const trade: fc.Arbitrary<Trade> = fc.record({
  side: fc.constantFrom("buy", "sell"),
  qty: fc.integer({ min: 1, max: 5_000 }),
  price: fc.integer({ min: 1, max: 100_000 }),
  fee: fc
    .integer({ min: -500, max: 5_000 })
    .map((mils) => `${mils < 0 ? "-" : ""}0.${String(Math.abs(mils)).padStart(6, "0")}`),
  kind: fc.constantFrom("trade", "trade", "trade", "funding", "liquidation", "adl"),
});
const trades = fc.array(trade, { maxLength: 40 });
const RUNS = { numRuns: 300, seed: 20_260_105 };

function booked(list: readonly (readonly [Trade, number])[]): Ledger {
  const ledger = new Ledger();
  for (const [item, index] of list) ledger.book(executionOf(item, index), BOOKING);
  return ledger;
}

const numbered = (list: readonly Trade[]) => list.map((item, index) => [item, index] as const);

/** Cash that moved by trading alone: what was sold minus what was bought. */
function cashOf(list: readonly Trade[]): bigint {
  let cash = 0n;
  for (const [item, index] of numbered(list)) {
    if (item.kind === "funding") continue;
    const { side, priceTicks, qtySteps } = executionOf(item, index);
    cash -= BigInt(signOf(side)) * notionalOf(INSTRUMENT, priceTicks, qtySteps);
  }
  return cash;
}

describe("ledger properties", () => {
  test("realised minus remaining cost is the cash that moved, to the last decimal", () => {
    fc.assert(
      fc.property(trades, (list) => {
        const position = booked(numbered(list)).position(ID);
        expect(position.realised - position.cost).toBe(cashOf(list));
      }),
      RUNS,
    );
  });

  test("realised plus unrealised at any mark is cash plus the value held at that mark", () => {
    fc.assert(
      fc.property(trades, fc.integer({ min: 1, max: 1_000_000 }), (list, markTicks) => {
        const position = booked(numbered(list)).position(ID);
        const mark = parseFixed((markTicks / 10).toFixed(1)) ?? 0n;
        const held = (BigInt(position.steps) * mark) / 100n;
        const worth = position.realised + unrealisedAt(position, INSTRUMENT, mark);
        expect(worth).toBe(cashOf(list) + held);
      }),
      RUNS,
    );
  });

  test("applying every execution again, anywhere, changes nothing", () => {
    fc.assert(
      fc.property(trades, fc.array(fc.nat(), { maxLength: 40 }), (list, repeats) => {
        const once = booked(numbered(list));
        const again = [...numbered(list)];
        for (const at of repeats) {
          const original = again[at % Math.max(1, again.length)];
          if (original !== undefined) again.splice(at % again.length, 0, original);
        }
        const first = new Map(again.map(([item, index]) => [index, item] as const));
        const twice = booked(again);
        expect(first.size).toBe(list.length);
        expect(twice.stepsOf(ID)).toBe(once.stepsOf(ID));
        expect(twice.fees).toBe(once.fees);
        expect(twice.funding).toBe(once.funding);
        expect(twice.fillCount).toBe(once.fillCount);
      }),
      RUNS,
    );
  });

  test("any order of arrival ends at the same size, costs and net worth", () => {
    const shuffled = trades.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(numbered(list).slice(), { minLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([list, order]) => {
        const straight = booked(numbered(list)).position(ID);
        const mixed = booked(order).position(ID);
        expect(mixed.steps).toBe(straight.steps);
        expect(mixed.fees).toBe(straight.fees);
        expect(mixed.funding).toBe(straight.funding);
        expect(mixed.realised - mixed.cost).toBe(straight.realised - straight.cost);
        if (mixed.steps === 0) expect(mixed.realised).toBe(straight.realised);
      }),
      RUNS,
    );
  });

  test("the ledger's totals are the sums of its positions and rows", () => {
    fc.assert(
      fc.property(trades, (list) => {
        const ledger = new Ledger();
        let realised = 0n;
        for (const [item, index] of numbered(list)) {
          realised += ledger.book(executionOf(item, index), BOOKING)?.realisedPnl ?? 0n;
        }
        const position = ledger.position(ID);
        expect(realised).toBe(ledger.realised);
        expect(position.realised).toBe(ledger.realised);
        expect(ledger.net()).toBe(ledger.realised - ledger.fees - ledger.funding);
        expect(position.fees).toBe(ledger.fees);
      }),
      RUNS,
    );
  });

  test("the lines of strategies add up to the account, and each to its own bookings", () => {
    const owned = fc.array(fc.tuple(trade, fc.constantFrom("maker", "momentum", "operator", "")), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(owned, (list) => {
        const ledger = new Ledger();
        const own = { realised: 0n, fees: 0n, funding: 0n, fillCount: 0 };
        for (const [index, [item, strategy]] of list.entries()) {
          const fill = ledger.book(executionOf(item, index), { ...BOOKING, strategy });
          if (fill === null || strategy !== "maker") continue;
          own.realised += fill.realisedPnl;
          own.fees += fill.fee;
          own.funding += fill.funding;
          if (fill.execKind === "trade") own.fillCount++;
        }
        const { realised, fees, funding, fillCount } = ledger;
        expect(ledger.lines.total()).toEqual({ realised, fees, funding, fillCount });
        expect(ledger.lines.line("maker")).toEqual(own);
      }),
      RUNS,
    );
  });
});
