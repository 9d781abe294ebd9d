import { describe, expect, test } from "bun:test";
import type { BookFrame } from "../../../src/domain/event.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { levelSlackOf, OrderBook, QUIET_PERIOD_MS } from "../../../src/market/book.ts";
import { delta, snapshot } from "../../support/frames.ts";

const fresh = () => new OrderBook(0 as SymbolId);

function liveBook(): OrderBook {
  const book = fresh();
  expect(book.apply(snapshot(), 0)).toBeNull();
  return book;
}

const levels = (side: Float64Array, count: number) => [...side.subarray(0, count * 2)];

describe("a book that is told the truth", () => {
  test("is empty and of no state before the first snapshot", () => {
    const book = fresh();
    expect(book.apply(delta({ bids: [[99, 1]] }), 5)).toBeNull();
    expect(book.state).toBe("none");
    expect([book.bestBidTicks, book.bestAskTicks, book.bestBidSteps]).toEqual([0, 0, 0] as never);
    expect(book.updatedAtMs).toBe(0);
  });

  test("is live from its first snapshot on, without a quiet period", () => {
    const book = liveBook();
    expect(book.state).toBe("live");
    expect([book.bestBidTicks, book.bestBidSteps]).toEqual([99, 5] as never);
    expect([book.bestAskTicks, book.bestAskSteps]).toEqual([101, 7] as never);
  });

  test("inserts, replaces and deletes, and keeps best first", () => {
    const book = liveBook();
    const bids = [
      [100, 1],
      [98, 0],
      [97, 3],
      [99, 9],
    ] as const;
    const asks = [
      [101, 0],
      [103, 2],
    ] as const;
    expect(book.apply(delta({ bids, asks, seq: 1_001 }), 7)).toBeNull();
    expect(levels(book.bids, book.bidCount)).toEqual([100, 1, 99, 9, 97, 3]);
    expect(levels(book.asks, book.askCount)).toEqual([102, 8, 103, 2]);
    expect([book.sequence, book.updatedAtMs]).toEqual([1_001, 7]);
  });

  test("is replaced by a snapshot at any time, whatever its numbers", () => {
    const book = liveBook();
    expect(book.apply(snapshot({ seq: 3, bids: [[50, 1]], asks: [] }), 9)).toBeNull();
    expect(book.state).toBe("live");
    expect([book.bidCount, book.askCount, book.sequence]).toEqual([1, 0, 3]);
    expect(book.apply(delta({ seq: 3, asks: [[60, 1]] }), 10)).toBeNull();
  });

  test("counts deletions of levels that it does not hold", () => {
    const book = liveBook();
    expect(book.apply(delta({ bids: [[42, 0]] }), 1)).toBeNull();
    expect([book.strayDeletes, book.bidCount]).toEqual([1, 2]);
  });

  test("follows the deepest topic and ignores the others", () => {
    const book = fresh();
    book.apply(snapshot({ depth: 1, bids: [[99, 5]], asks: [[101, 1]] }), 1);
    book.apply(snapshot({ depth: 50, seq: 500 }), 2);
    expect(book.apply(snapshot({ depth: 1, seq: 3, bids: [[99, 6]], asks: [] }), 3)).toBeNull();
    expect([book.depth, book.sequence, book.bidCount]).toEqual([50, 500, 2]);
    expect(book.apply(delta({ depth: 200, seq: 900 }), 4)).toBeNull();
    expect([book.state, book.depth, book.sequence]).toEqual(["live", 50, 500]);
  });
});

describe("a broken promise puts the book into quarantine in the same frame", () => {
  const many = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => [from - index, 1] as const);
  const broken: Record<string, [BookFrame, RegExp]> = {
    "a crossed book": [delta({ bids: [[101, 1]] }), /crossed: bid 101 ticks, ask 101 ticks/],
    "crossed by the ask": [delta({ asks: [[98, 1]] }), /crossed/],
    "a level without a price": [delta({ bids: [[Number.NaN, 1]] }), /malformed/],
    "a negative size": [delta({ asks: [[105, -1]] }), /malformed/],
    "more levels than the topic has": [delta({ bids: many(54, 97) }), /holds 56 levels/],
    "a flood": [delta({ asks: many(120, 300) }), /more than 100 levels/],
    "a snapshot out of order": [
      snapshot({
        bids: [
          [98, 1],
          [99, 1],
        ],
      }),
      /not in order at 99/,
    ],
    "a snapshot with a level twice": [
      snapshot({
        asks: [
          [101, 1],
          [101, 2],
        ],
      }),
      /not in order/,
    ],
    "a snapshot with an empty level": [snapshot({ asks: [[101, 0]] }), /malformed/],
    "a crossed snapshot": [snapshot({ bids: [[103, 1]] }), /crossed/],
    "too long a snapshot": [snapshot({ bids: many(51, 99) }), /51 levels a side, the topic has 50/],
  };
  for (const [name, [frame, fault]] of Object.entries(broken)) {
    test(name, () => {
      const book = liveBook();
      expect(book.apply(frame, 10)).toMatch(fault);
      expect(book.state).toBe("quarantined");
      expect(book.fault).toMatch(fault);
      expect([book.bidCount, book.askCount, book.faults]).toEqual([0, 0, 1]);
      expect(book.bestBidTicks).toBe(0 as never);
    });
  }

  test("some slack above the topic's depth is no fault", () => {
    const book = liveBook();
    const bids = many(48 + levelSlackOf(50), 97);
    expect(book.apply(delta({ bids }), 1)).toBeNull();
    expect(book.bidCount).toBe(55);
  });
});

describe("leaving quarantine", () => {
  function quarantined(): OrderBook {
    const book = liveBook();
    book.apply(delta({ bids: [[101, 1]] }), 10);
    return book;
  }

  test("deltas alone never end it, and are no new fault", () => {
    const book = quarantined();
    for (let atMs = 201; atMs < 230; atMs++) {
      expect(book.apply(delta({}), 10_000 + atMs)).toBeNull();
    }
    expect([book.state, book.faults]).toEqual(["quarantined", 1] as never);
  });

  test("takes a clean snapshot and then a quiet period", () => {
    const book = quarantined();
    expect(book.apply(snapshot(), 1_000)).toBeNull();
    expect([book.state, book.isRecovering]).toEqual(["quarantined", true] as never);
    expect(book.apply(delta({ bids: [[97, 1]] }), 1_000 + QUIET_PERIOD_MS - 1)).toBeNull();
    expect(book.state).toBe("quarantined");
    expect(book.apply(delta({}), 1_000 + QUIET_PERIOD_MS)).toBeNull();
    expect([book.state, book.bidCount]).toEqual(["live", 3] as never);
  });

  test("a quiet symbol is released by time alone", () => {
    const book = quarantined();
    book.apply(snapshot(), 1_000);
    expect(book.settle(1_000 + QUIET_PERIOD_MS - 1)).toBe(false);
    expect(book.settle(1_000 + QUIET_PERIOD_MS)).toBe(true);
    expect(book.state).toBe("live");
  });

  test("a fault in the quiet period starts over", () => {
    const book = quarantined();
    book.apply(snapshot(), 1_000);
    expect(book.quarantine("update id is 305, wanted 301")).toMatch(/wanted 301/);
    expect(book.isRecovering).toBe(false);
    expect(book.settle(9_999)).toBe(false);
    expect(book.apply(snapshot(), 10_000)).toBeNull();
    expect(book.state).toBe("quarantined");
  });

  test("a fault seen from outside works the same, even before the first snapshot", () => {
    const book = fresh();
    book.quarantine("socket is down");
    book.apply(snapshot(), 5);
    expect([book.state, book.fault]).toEqual(["quarantined", "socket is down"] as never);
    book.settle(5 + QUIET_PERIOD_MS);
    expect(book.state).toBe("live");
  });
});

test("random deltas give the same book as a plain map", () => {
  const prng = prngOf("book against map");
  for (let round = 0; round < 50; round++) {
    const book = fresh();
    const plain = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    book.apply(snapshot({ depth: 1_000, bids: [], asks: [] }), 0);
    for (let change = 0; change < 199; change++) {
      const changed = (low: number, side: Map<number, number>) => {
        const level = [low + prng.int(40), prng.int(3)] as const;
        if (level[1] === 0) side.delete(level[0]);
        else side.set(level[0], level[1]);
        return level;
      };
      const bids = [changed(1_000, plain.bids), changed(1_000, plain.bids)];
      const asks = [changed(1_100, plain.asks)];
      expect(book.apply(delta({ depth: 1_000, bids, asks }), round)).toBeNull();
    }
    const sorted = (side: Map<number, number>, order: number) =>
      [...side].sort(([left], [right]) => order * (left - right)).flat();
    expect(levels(book.bids, book.bidCount)).toEqual(sorted(plain.bids, -1));
    expect(levels(book.asks, book.askCount)).toEqual(sorted(plain.asks, 1));
  }
});
