import { describe, expect, test } from "bun:test";
import { averagePriceOf } from "../../../src/domain/cost.ts";
import type { PriceTicks, SymbolId } from "../../../src/domain/units.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import { Ledger } from "../../../src/portfolio/ledger.ts";
import { entryTicksOf, unrealisedAt } from "../../../src/portfolio/position.ts";
import { SeenIds } from "../../../src/portfolio/seen.ts";
import { rowsOf } from "../engine/tape.ts";
import { BOOKING, executionOf, INSTRUMENT, type Trade } from "./support.ts";

const ID = 0 as SymbolId;
const money = (text: string) => parseFixed(text) ?? 0n;

/** `buy 100 1000 0.02`: side, steps, ticks, fee; answers "position cost realised fees funding". */
function check(script: string, expected: string): void {
  const ledger = new Ledger();
  const lines = rowsOf(script).map((line, index) => {
    const [word = "", qty = "0", price = "0", fee = "0"] = line.split(" ");
    const kind = word === "funding" ? "funding" : "trade";
    const side = word === "sell" ? "sell" : "buy";
    const trade: Trade = { side, qty: Number(qty), price: Number(price), fee, kind };
    const fill = ledger.book(executionOf(trade, index), BOOKING);
    const { steps, cost, realised, fees, funding } = ledger.position(ID);
    expect(fill?.positionSteps).toBe(steps);
    return [steps, ...[cost, realised, fees, funding].map((value) => fixedToText(value))].join(" ");
  });
  expect(lines).toEqual(rowsOf(expected));
}

describe("ledger", () => {
  test("opens, adds and closes at average cost", () => {
    check(
      `buy 100 1000 0.02
       buy 100 1010 0.02
       sell 100 1020 0.02
       sell 100 1000 0.02`,
      `100 100 0 0.02 0
       200 201 0 0.04 0
       100 100.5 1.5 0.06 0
       0 0 1 0.08 0`,
    );
  });

  test("a short earns when it is bought back lower", () => {
    check(
      `sell 100 1000
       buy 40 990
       buy 60 1010`,
      `-100 -100 0 0 0
       -60 -60 0.4 0 0
       0 0 -0.2 0 0`,
    );
  });

  test("crossing zero closes the old side and opens the new one at the fill's price", () => {
    check(
      `buy 100 1000
       sell 250 1010`,
      `100 100 0 0 0
       -150 -151.5 1 0 0`,
    );
  });

  test("funding is its own column, paid or received, and never moves the position", () => {
    check(
      `buy 100 1000 0.02
       funding 100 1000 0.01
       funding 100 1000 -0.03`,
      `100 100 0 0.02 0
       100 100 0 0.02 0.01
       100 100 0 0.02 -0.02`,
    );
  });

  test("a maker rebate is a negative fee", () => {
    check("buy 100 1000 -0.005", "100 100 0 -0.005 0");
  });

  test("an unknown mark is no profit and no loss, for one position and for all", () => {
    const ledger = new Ledger();
    ledger.book(executionOf({ side: "buy", qty: 100, price: 1000 }), BOOKING);
    const at = (mark: string) =>
      fixedToText(ledger.unrealised(() => ({ instrument: INSTRUMENT, mark: money(mark) })));
    expect([at("0"), at("99"), at("101")]).toEqual(["0", "-1", "1"]);
    expect(ledger.unrealised(() => null)).toBe(0n);
    expect(ledger.unrealisedOf(INSTRUMENT, "")).toBe(0n);
  });

  test("a position is as old as the fill that opened it, until it is flat or on the other side", () => {
    const ledger = new Ledger();
    let count = 0;
    const after = (side: "buy" | "sell", qty: number) => {
      const atMs = 1_000 * ++count;
      ledger.book(executionOf({ side, qty, price: 1000 }, count), { ...BOOKING, atMs });
      return ledger.position(ID).openedAtMs;
    };
    expect([after("buy", 100), after("buy", 50), after("sell", 120)]).toEqual([
      1_000, 1_000, 1_000,
    ]);
    expect(after("sell", 60)).toBe(4_000);
    expect(after("sell", 10)).toBe(4_000);
    after("buy", 40);
    expect(after("buy", 1)).toBe(7_000);
  });

  test("the same execution twice is applied once", () => {
    const ledger = new Ledger();
    const execution = executionOf({ side: "buy", qty: 100, price: 1000 });
    expect(ledger.book(execution, BOOKING)).not.toBeNull();
    expect(ledger.book(execution, BOOKING)).toBeNull();
    expect(ledger.stepsOf(ID)).toBe(100);
    expect(ledger.fillCount).toBe(1);
  });

  test.each([
    "liquidation",
    "adl",
    "settle",
    "delivery",
    "block_trade",
    "move_position",
    "corporate_action",
    "other",
  ] as const)("an execution of kind %s with a quantity moves and realises", (kind) => {
    const ledger = new Ledger();
    ledger.book(executionOf({ side: "buy", qty: 100, price: 1000, id: "a" }), BOOKING);
    const before = ledger.realised;
    ledger.book(executionOf({ side: "sell", qty: 60, price: 900, kind, id: "b" }), BOOKING);
    expect(ledger.stepsOf(ID)).toBe(40);
    expect(ledger.realised).toBeLessThan(before);
    ledger.book(executionOf({ side: "sell", qty: 0, price: 900, kind, id: "c" }), BOOKING);
    expect(ledger.stepsOf(ID)).toBe(40);
    expect(ledger.fillCount).toBe(1);
  });

  test("funding says a quantity and moves nothing", () => {
    const ledger = new Ledger();
    ledger.book(executionOf({ side: "buy", qty: 100, price: 1000, id: "a" }), BOOKING);
    const funding = executionOf({ side: "sell", qty: 100, price: 900, kind: "funding", id: "b" });
    ledger.book(funding, BOOKING);
    expect([ledger.stepsOf(ID), ledger.realised]).toEqual([100, 0n]);
  });

  test("an execution on the wrong instrument is a bug, not an input", () => {
    const ledger = new Ledger();
    const stray = { ...executionOf({ side: "buy", qty: 1, price: 1 }), symbolId: 1 as SymbolId };
    expect(() => ledger.book(stray, BOOKING)).toThrow("the booking is of the execution's symbol");
  });
});

describe("taking the venue's size over", () => {
  const report = {
    kind: "position_report",
    symbolId: ID,
    positionSteps: 70,
    entryPriceText: "99.5",
    stopLossTicks: 950 as PriceTicks,
    venueAtMs: 5_000,
  } as const;

  test("leaves a row with the difference and adopts size, cost and stop", () => {
    const ledger = new Ledger();
    ledger.book(executionOf({ side: "buy", qty: 100, price: 1000, venueAtMs: 4_000 }), BOOKING);
    const row = ledger.adjust(report, BOOKING, money("100"));
    expect(row).toMatchObject({ execKind: "other", side: "sell", qtySteps: 30, value: 0n });
    const position = ledger.position(ID);
    expect(position.steps).toBe(70);
    expect(fixedToText(position.cost)).toBe("69.65");
    expect(position.stopLossTicks).toBe(950 as PriceTicks);
  });

  test("the position keeps its age, unless it was flat or on the other side", () => {
    const ledger = new Ledger();
    ledger.book(executionOf({ side: "buy", qty: 100, price: 1000, venueAtMs: 4_000 }), BOOKING);
    const ageAfter = (positionSteps: number, atMs: number) => {
      ledger.adjust({ ...report, positionSteps }, { ...BOOKING, atMs }, money("100"));
      return ledger.position(ID).openedAtMs;
    };
    expect([ageAfter(70, 2_000), ageAfter(130, 3_000)]).toEqual([BOOKING.atMs, BOOKING.atMs]);
    expect([ageAfter(-20, 4_000), ageAfter(-30, 5_000)]).toEqual([4_000, 4_000]);
    ageAfter(0, 6_000);
    expect(ageAfter(10, 7_000)).toBe(7_000);
  });

  test("a late execution inside the adopted size is booked but not counted twice", () => {
    const ledger = new Ledger();
    ledger.adjust(report, BOOKING, money("100"));
    const late = { side: "sell", qty: 30, price: 1000, fee: "0.01", venueAtMs: 4_500 } as const;
    const fill = ledger.book(executionOf(late), BOOKING);
    expect(fill).toMatchObject({ positionSteps: 70, realisedPnl: 0n });
    expect(fixedToText(ledger.fees)).toBe("0.01");
    ledger.book(executionOf({ ...late, id: "next", venueAtMs: 5_001 }), BOOKING);
    expect(ledger.stepsOf(ID)).toBe(40);
  });

  test("without an entry price the mark stands in", () => {
    const ledger = new Ledger();
    ledger.adjust({ ...report, entryPriceText: "" }, BOOKING, money("101"));
    expect(fixedToText(averagePriceOf(ledger.position(ID), INSTRUMENT))).toBe("101");
    expect(entryTicksOf(ledger.position(ID), INSTRUMENT)).toBeCloseTo(1010, 9);
  });

  test("an entry price off the grid is kept exactly", () => {
    const ledger = new Ledger();
    ledger.adjust({ ...report, positionSteps: -3, entryPriceText: "100.123456789" }, BOOKING, 0n);
    const position = ledger.position(ID);
    expect(fixedToText(position.cost)).toBe("-3.00370370367");
    expect(fixedToText(unrealisedAt(position, INSTRUMENT, money("100")))).toBe("0.00370370367");
  });
});

test("the set of applied executions forgets the oldest at its limit", () => {
  const seen = new SeenIds(2);
  expect([seen.add("a"), seen.add("b"), seen.add("a")]).toEqual([true, true, false]);
  expect(seen.add("c")).toBe(true);
  expect(seen.size).toBe(2);
  expect(seen.add("a")).toBe(true);
});
