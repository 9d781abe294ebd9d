/** How much stands ahead of our orders, and the ladder it is shown on. */
import { describe, expect, test } from "bun:test";
import { ladderOf, levelIn } from "../../../src/charts/ladder.ts";
import { QueueWatch, WATCHED_ORDERS_MAX } from "../../../src/charts/queue-watch.ts";
import {
  asClientOrderId,
  asExecId,
  asSteps,
  asSymbolId,
  asTicks,
  type Side,
} from "../../../src/domain/units.ts";
import { OrderBook } from "../../../src/market/book.ts";

const A = asSymbolId(0);
const MINE = asClientOrderId("mine-1");
const ORDER = { clientId: MINE, symbolId: A, side: "buy", leftSteps: 40, isLive: true } as const;
const at =
  (qtySteps: number | null, venueAtMs = 1_000) =>
  () => ({ qtySteps, venueAtMs });

function trades(side: Side, ticks: number, steps: number, venueAtMs = 2_000) {
  const price = { priceTicks: asTicks(ticks), qtySteps: asSteps(steps) };
  return [{ execId: asExecId("x"), side, ...price, venueAtMs }];
}

describe("ahead of an order", () => {
  test("stands what was shown when it was placed, less what traded there", () => {
    const watch = new QueueWatch(true);
    watch.onOrder({ ...ORDER, priceTicks: 100 }, at(500));
    expect(watch.aheadOf(MINE)).toBe(500);
    watch.onTrades(A, trades("sell", 100, 120));
    expect(watch.aheadOf(MINE)).toBe(380);
    // Buyers do not meet bids, and other symbols and prices are other queues.
    watch.onTrades(A, trades("buy", 100, 50));
    watch.onTrades(A, trades("sell", 101, 50));
    watch.onTrades(asSymbolId(1), trades("sell", 100, 50));
    expect(watch.aheadOf(MINE)).toBe(380);
    watch.onTrades(A, trades("sell", 99, 1));
    expect(watch.aheadOf(MINE)).toBe(0);
  });

  test("is never more than others show at the price; ours is not counted", () => {
    const watch = new QueueWatch(true);
    watch.onOrder({ ...ORDER, priceTicks: 100 }, at(500));
    watch.look(at(300, 3_000));
    expect(watch.aheadOf(MINE)).toBe(260);
    const inProcess = new QueueWatch(false);
    inProcess.onOrder({ ...ORDER, priceTicks: 100 }, at(500));
    inProcess.look(at(300, 3_000));
    expect(inProcess.aheadOf(MINE)).toBe(300);
  });

  test("begins anew at another price, is unknown out of sight, and ends with the order", () => {
    const watch = new QueueWatch(true);
    watch.onOrder({ ...ORDER, priceTicks: 100 }, at(500));
    watch.onOrder({ ...ORDER, priceTicks: 99 }, at(70));
    expect(watch.aheadOf(MINE)).toBe(70);
    watch.onOrder({ ...ORDER, priceTicks: 20 }, at(null));
    expect(watch.aheadOf(MINE)).toBeNull();
    watch.onOrder({ ...ORDER, priceTicks: 100 }, at(5));
    watch.onOrder({ ...ORDER, priceTicks: 100, isLive: false }, at(5));
    expect(watch.aheadOf(MINE)).toBeNull();
  });

  test("is watched of a named number of orders", () => {
    const watch = new QueueWatch(true);
    for (let count = 0; count <= WATCHED_ORDERS_MAX; count++) {
      const clientId = asClientOrderId(`mine-${count}`);
      watch.onOrder({ ...ORDER, clientId, priceTicks: 100 }, at(9));
    }
    expect(watch.aheadOf(asClientOrderId("mine-0"))).toBe(9);
    expect(watch.aheadOf(asClientOrderId(`mine-${WATCHED_ORDERS_MAX}`))).toBeNull();
  });
});

test("a ladder is a copy of the best levels, and a level says what stands there", () => {
  const book = new OrderBook(A);
  const bids = new Float64Array([100, 5, 99, 6, 97, 7]);
  const asks = new Float64Array([101, 8, 102, 9]);
  const frame = { kind: "book", symbolId: A, depth: 50, isSnapshot: true, sequence: 1 } as const;
  book.apply({ ...frame, venueAtMs: 7, bidCount: 3, askCount: 2, bids, asks }, 1_000);
  const ladder = ladderOf(book, 2);
  expect(ladder.bids).toEqual([
    { priceTicks: 100, qtySteps: 5 },
    { priceTicks: 99, qtySteps: 6 },
  ]);
  expect(ladder.asks).toHaveLength(2);
  expect(levelIn(book, "buy", 97)).toEqual({ qtySteps: 7, venueAtMs: 7 });
  expect(levelIn(book, "buy", 98).qtySteps).toBe(0);
  expect(levelIn(book, "buy", 101).qtySteps).toBe(0);
  expect(levelIn(book, "sell", 103).qtySteps).toBeNull();
  book.quarantine("a frame was missed");
  expect(ladderOf(book, 8)).toMatchObject({ bids: [], asks: [] });
  expect(levelIn(book, "buy", 97).qtySteps).toBeNull();
});
