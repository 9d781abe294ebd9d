/** Round trips and the money bridge: by hand for the cases that have a name, then by many seeds. */
import { describe, expect, test } from "bun:test";
import { asClientOrderId, asExecId, type QtySteps } from "../../../src/domain/units.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import type { ExecutionRow } from "../../../src/pnl/execution-row.ts";
import { MoneyFold } from "../../../src/pnl/money-fold.ts";
import { addBridge, NO_BRIDGE, netOfBridge } from "../../../src/pnl/money-lines.ts";
import type { LedgerFill } from "../../../src/portfolio/fill.ts";
import { Ledger } from "../../../src/portfolio/ledger.ts";
import { given } from "../../support/given.ts";
import { moneyRows, netOfRows } from "../../support/money-rows.ts";
import { BOOKING, executionOf, type Trade } from "../portfolio/support.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const dayOf = (atMs: number) => {
  const startsAtMs = Math.floor(atMs / DAY_MS) * DAY_MS;
  return { startsAtMs, endsAtMs: startsAtMs + DAY_MS };
};
const foldOf = (rows: readonly ExecutionRow[]): MoneyFold => {
  const fold = new MoneyFold({ open: new Map(), throughId: 0 }, dayOf);
  for (const row of rows) fold.add(row);
  return fold;
};
const totalOf = (fold: MoneyFold) =>
  [...fold.days.values()].reduce((sum, { bridge }) => addBridge(sum, bridge), NO_BRIDGE);
const text = (amount: bigint): string => fixedToText(amount);
const price = (amount: string): bigint => given(parseFixed(amount));

interface Case extends Trade {
  /** Mid at the fill, in USDT; none when it is not known. */
  readonly mid?: string;
  readonly after5s?: string;
}

/** Executions of one symbol, tick 0.1 and step 0.01, a minute apart. */
function rowsOf(trades: readonly Case[]): ExecutionRow[] {
  const ledger = new Ledger();
  return trades.map((trade, at) => {
    const clientId = asClientOrderId(`t-maker-${at}`);
    const booking = { ...BOOKING, clientId, atMs: DAY_MS + at * 60_000 };
    const fill = given(ledger.book(executionOf(trade, at), booking));
    const mids =
      trade.mid === undefined
        ? null
        : {
            atFill: price(trade.mid),
            after1s: null,
            after5s: trade.after5s === undefined ? null : price(trade.after5s),
            after30s: null,
          };
    return { id: 10 + at, fill, isOurs: true, mids };
  });
}

describe("a round trip", () => {
  test("from flat to flat: averages, gross, fees, net, basis points and maker share", () => {
    const { trips, open } = foldOf(
      rowsOf([
        { side: "buy", qty: 100, price: 1000, fee: "0.02" },
        { side: "buy", qty: 100, price: 1010, fee: "0.02" },
        { side: "sell", qty: 200, price: 1020, fee: "0.1" },
      ]),
    );
    expect(open.size).toBe(0);
    expect(trips).toHaveLength(1);
    const trip = given(trips[0]);
    expect(trip).toMatchObject({ id: 12, side: "buy", fills: 3, isWhole: true, makerShare: 1 });
    expect(trip.closedAtMs - trip.openedAtMs).toBe(120_000);
    expect([trip.entryClientId, trip.exitClientId]).toEqual([
      asClientOrderId("t-maker-0"),
      asClientOrderId("t-maker-2"),
    ]);
    expect([trip.qty, trip.entryPrice, trip.exitPrice].map(text)).toEqual(["2", "100.5", "102"]);
    expect([trip.gross, trip.fees, trip.net].map(text)).toEqual(["3", "0.14", "2.86"]);
    expect(trip.netBps).toBeCloseTo((2.86 / 201) * 10_000, 9);
  });

  test("a partial close does not end it, and its money is the trip's", () => {
    const rows = rowsOf([
      { side: "sell", qty: 300, price: 1000 },
      { side: "buy", qty: 100, price: 990, fee: "0.01" },
      { side: "buy", qty: 200, price: 1010, fee: "0.02" },
    ]);
    expect(foldOf(rows.slice(0, 2)).trips).toHaveLength(0);
    const trip = given(foldOf(rows).trips[0]);
    expect(trip).toMatchObject({ side: "sell", fills: 3 });
    expect([trip.gross, trip.fees].map(text)).toEqual(["-1", "0.03"]);
  });

  test("an execution that turns the position ends one trip and begins the next", () => {
    const { trips, open } = foldOf(
      rowsOf([
        { side: "buy", qty: 100, price: 1000, fee: "0.01" },
        { side: "sell", qty: 300, price: 1010, fee: "0.03" },
        { side: "buy", qty: 200, price: 1000, fee: "0.02" },
      ]),
    );
    expect(open.size).toBe(0);
    expect(trips.map(({ id, side }) => [id, side])).toEqual([
      [11, "buy"],
      [12, "sell"],
    ]);
    expect(trips.map(({ gross }) => text(gross))).toEqual(["1", "2"]);
    expect(trips.map(({ fees }) => text(fees))).toEqual(["0.02", "0.04"]);
    expect(trips.map(({ qty }) => text(qty))).toEqual(["1", "2"]);
  });

  test("funding belongs to the trip that is open; after it, to none", () => {
    const rows = rowsOf([
      { side: "buy", qty: 100, price: 1000 },
      { side: "buy", qty: 100, price: 1000, kind: "funding", fee: "0.5" },
      { side: "sell", qty: 100, price: 1000 },
      { side: "buy", qty: 100, price: 1000, kind: "funding", fee: "0.25" },
    ]);
    const fold = foldOf(rows);
    expect(text(given(fold.trips[0]).net)).toBe("-0.5");
    expect(text(totalOf(fold).sums.funding)).toBe("-0.75");
    expect(text(netOfBridge(totalOf(fold)))).toBe("-0.75");
  });

  test("a size that was taken over makes a trip that is not whole and has no basis points", () => {
    const ledger = new Ledger();
    const report = { kind: "position_report", symbolId: BOOKING.instrument.id } as const;
    const rest = { entryPriceText: "100", stopLossTicks: null, venueAtMs: 5 };
    const adopted = ledger.adjust({ ...report, ...rest, positionSteps: 100 }, BOOKING, 0n);
    const sold = given(
      ledger.book(executionOf({ side: "sell", qty: 100, price: 1010 }, 1), BOOKING),
    );
    const fills: readonly LedgerFill[] = [adopted, sold];
    const { trips } = foldOf(
      fills.map((fill, at) => ({ id: at + 1, fill, isOurs: true, mids: null })),
    );
    expect(trips).toHaveLength(1);
    expect(given(trips[0])).toMatchObject({ isWhole: false, netBps: null, exitKind: "trade" });
    expect(text(given(trips[0]).net)).toBe("1");
  });

  test("a contract counted in another unit goes on with the same trip", () => {
    const [entry, exit] = rowsOf([
      { side: "buy", qty: 100, price: 1000 },
      { side: "sell", qty: 100, price: 1010 },
    ]);
    const fill = {
      ...given(entry).fill,
      qtySteps: 1 as QtySteps,
      positionSteps: 1,
      execId: asExecId("coarse"),
    };
    const { trips, open } = foldOf([{ ...given(entry), fill }, given(exit)]);
    expect(open.size).toBe(0);
    expect(trips.map(({ net, isWhole }) => [text(net), isWhole])).toEqual([["1", true]]);
  });
});

describe("the bridge", () => {
  test("what the spread earned at entry and exit, what the middle moved, what fees took", () => {
    const total = totalOf(
      foldOf(
        rowsOf([
          { side: "buy", qty: 100, price: 1000, fee: "0.02", mid: "100.5", after5s: "100.2" },
          { side: "sell", qty: 100, price: 1003, fee: "0.03", mid: "100.1", after5s: "100.4" },
        ]),
      ),
    );
    const { sums, readings } = total;
    // Bought 0.5 below and sold 0.2 above the middle, which fell by 0.4 between them.
    expect([sums.spread, sums.moved, sums.makerFees].map(text)).toEqual(["0.7", "-0.4", "-0.05"]);
    expect(text(netOfBridge(total))).toBe("0.25");
    expect(readings).toMatchObject({ trips: 1, won: 1, fills: 2, knownFills: 2 });
    expect(readings.edge).toBeCloseTo(0.7, 12);
    expect(readings.move5s).toBeCloseTo(-0.6, 12);
    expect(readings.value1s).toBe(0);
  });

  test("without a mid at entry or exit the whole profit is not known how, and still counted", () => {
    const total = totalOf(
      foldOf(
        rowsOf([
          { side: "buy", qty: 100, price: 1000 },
          { side: "sell", qty: 100, price: 1010, mid: "101" },
          { side: "buy", qty: 100, price: 1000, mid: "100" },
          { side: "sell", qty: 100, price: 990 },
        ]),
      ),
    );
    expect([total.sums.spread, total.sums.moved, total.sums.notKnown].map(text)).toEqual([
      "0",
      "0",
      "0",
    ]);
    const half = totalOf(
      foldOf(
        rowsOf([
          { side: "buy", qty: 100, price: 1000 },
          { side: "sell", qty: 100, price: 1010, mid: "101" },
        ]),
      ),
    );
    expect(text(half.sums.notKnown)).toBe("1");
    expect(text(netOfBridge(half))).toBe("1");
  });

  test("what was forced on us stands apart, with its fee", () => {
    const { sums } = totalOf(
      foldOf(
        rowsOf([
          { side: "buy", qty: 100, price: 1000, mid: "100" },
          { side: "sell", qty: 100, price: 900, kind: "liquidation", fee: "0.5" },
        ]),
      ),
    );
    expect([sums.other, sums.makerFees, sums.spread].map(text)).toEqual(["-10.5", "0", "0"]);
  });

  test("six accounts of 500 executions: it adds up to the last decimal, as do hours and trips", () => {
    for (let seed = 0; seed < 6; seed++) {
      const onlyTrades = seed % 2 === 0;
      const time = { fromMs: DAY_MS, toMs: 9 * DAY_MS };
      const rows = moneyRows({ seed: `bridge-${seed}`, count: 500, ...time, onlyTrades });
      const fold = foldOf(rows);
      const net = netOfRows(rows);
      expect(netOfBridge(totalOf(fold))).toBe(net);
      expect([...fold.hours.values()].reduce((sum, hour) => sum + hour.net, 0n)).toBe(net);
      expect(fold.trips.length).toBeGreaterThan(50);
      expect(totalOf(fold).readings.trips).toBe(fold.trips.length);
      if (!onlyTrades) continue;
      const ended = fold.trips.reduce((sum, trip) => sum + trip.net, 0n);
      const open = [...fold.open.values()].reduce(
        (sum, trip) => sum + trip.gross - trip.fees - trip.funding,
        0n,
      );
      expect(ended + open).toBe(net);
    }
  });
});
