import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { SymbolId } from "../../../src/domain/units.ts";
import { DISAGREE_MS, MarketState } from "../../../src/market/market-state.ts";
import { PublicReader } from "../../../src/venue/bybit/codec/public-reader.ts";
import { SymbolTable } from "../../../src/venue/bybit/codec/symbol-table.ts";
import { delta, snapshot, tickerOf } from "../../support/frames.ts";
import { instrumentOf } from "../../support/instruments.ts";
import { hasRecorded, recordedPath, SKIPPED } from "../../support/recorded.ts";

const ID = 0 as SymbolId;
const VENUE_MS = 1_700_000_000_000;
const ON_WHOLE_TICKS = instrumentOf({ symbol: "BTCUSDT", id: ID, tick: "1", step: "1" });

function marketWithBook(): MarketState {
  const market = new MarketState();
  market.load([ON_WHOLE_TICKS]);
  market.absorb(snapshot(), 1_000);
  market.absorb({ ...touch("99", "101"), isSnapshot: true }, 1_000);
  return market;
}

/** A ticker a little newer than every book frame here. */
const touch = (bid1Price: string, ask1Price: string) => ({
  ...tickerOf(false, { bid1Price, ask1Price }, ON_WHOLE_TICKS),
  venueAtMs: VENUE_MS + 10,
});

describe("a ticker that leaves the book behind", () => {
  test("quarantines a book that stays silent for a second while the touch moves", () => {
    const market = marketWithBook();
    expect(market.absorb(touch("103", "105"), 2_000)).toBeNull();
    expect(market.absorb(touch("103", "105"), 2_000 + DISAGREE_MS - 1)).toBeNull();
    expect(market.book(ID).state).toBe("live");
    const fault = market.absorb(touch("104", "105"), 2_000 + DISAGREE_MS);
    expect(fault).toBe("ticker says 104/105 ticks for 1000 ms, book 99/101");
    expect(market.book(ID).state).toBe("quarantined");
  });

  test("one side is enough", () => {
    const market = marketWithBook();
    market.absorb(touch("99", "100"), 2_000);
    expect(market.absorb(touch("99", "100"), 3_000)).toContain("ticker says 99/100");
  });

  test("a book that still speaks is believed: the two streams only cross", () => {
    const market = marketWithBook();
    for (let atMs = 2_000; atMs < 10_000; atMs += 500) {
      market.absorb(touch(String(atMs / 10), String(atMs / 10 + 1)), atMs);
      expect(market.absorb(delta({ bids: [[98, atMs]] }), atMs + 1)).toBeNull();
    }
    expect(market.book(ID).state).toBe("live");
  });

  test("agreement in between starts the time anew", () => {
    const market = marketWithBook();
    market.absorb(touch("98", "101"), 2_000);
    market.absorb(touch("99", "101"), 2_500);
    market.absorb(touch("98", "101"), 2_900);
    expect(market.absorb(touch("98", "101"), 3_800)).toBeNull();
    expect(market.absorb(touch("98", "101"), 3_900)).not.toBeNull();
  });

  test("a ticker that is older than the book, or has no touch, proves nothing", () => {
    const market = marketWithBook();
    for (let atMs = 2_000; atMs < 8_000; atMs += 500) {
      const bid = String(90 + (atMs % 7));
      const old = { ...touch(bid, "101"), venueAtMs: VENUE_MS - 1 };
      expect(market.absorb(old, atMs)).toBeNull();
      expect(market.absorb(touch("", ""), atMs)).toBeNull();
    }
    expect(market.book(ID).state).toBe("live");
  });

  test("a ticker that differs and does not move is not a moving market", () => {
    const market = marketWithBook();
    market.absorb(touch("98", "101"), 2_000);
    market.absorb(delta({ bids: [[97, 1]] }), 2_010);
    for (let atMs = 2_100; atMs < 20_000; atMs += 100) {
      expect(market.absorb(touch("98", "101"), atMs)).toBeNull();
    }
  });
});

describe("recorded sessions raise no alarm", () => {
  const cases = [
    {
      file: "cryptofeed-20260809-linear.jsonl",
      symbols: { BTCUSDT: "0.10", SOLUSDT: "0.01", DOGEUSDT: "0.00001" },
    },
    {
      file: "cryptofeed-20260809-spot.jsonl",
      symbols: { BTCUSDT: "0.1", SOLUSDT: "0.01", DOGEUSDT: "0.00001" },
    },
  ];
  for (const { file, symbols } of cases) {
    test.skipIf(!hasRecorded)(hasRecorded ? file : `${file} ${SKIPPED}`, () => {
      const instruments = Object.entries(symbols).map(([symbol, tick], id) =>
        instrumentOf({ symbol, id: id as SymbolId, tick, step: "0.00000001" }),
      );
      const table = new SymbolTable();
      table.load(instruments);
      const market = new MarketState();
      market.load(instruments);
      const reader = new PublicReader(table);
      const seen = { book: 0, ticker: 0 };
      const faults: string[] = [];
      for (const line of readFileSync(recordedPath("ws/_sessions", file), "utf8").split("\n")) {
        const { ts, dir, data } = line === "" ? { ts: 0, dir: "", data: "" } : JSON.parse(line);
        if (dir !== "recv") continue;
        const read = reader.read(data);
        if (read.kind === "gap" || read.kind === "fault") faults.push(read.fault);
        if (read.kind !== "frame") continue;
        if (read.event.kind === "book" || read.event.kind === "ticker") seen[read.event.kind]++;
        const fault = market.absorb(read.event, ts * 1_000);
        if (fault !== null) faults.push(fault);
      }
      expect(faults).toEqual([]);
      expect(seen.book).toBeGreaterThan(50);
      expect(seen.ticker).toBeGreaterThan(40);
    });
  }
});
