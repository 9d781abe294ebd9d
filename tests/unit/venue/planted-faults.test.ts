/**
 * Valid histories with planted faults, from frame text to book: noticed in the frame that shows it.
 */

import { expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { QUIET_PERIOD_MS } from "../../../src/market/book.ts";
import { MarketState } from "../../../src/market/market-state.ts";
import { PublicReader } from "../../../src/venue/bybit/codec/public-reader.ts";
import { SymbolTable } from "../../../src/venue/bybit/codec/symbol-table.ts";
import { BookHistory } from "../../support/book-history.ts";
import { given } from "../../support/given.ts";
import { instrumentOf } from "../../support/instruments.ts";

const BTC = 0 as SymbolId;
const FRAME_MS = 20;

/** Each gives the frame in which the fault shows. */
const FAULTS: Record<string, (history: BookHistory) => string> = {
  gap: (history) => {
    history.delta();
    return history.delta();
  },
  repeat: (history) => {
    history.updateId--;
    return history.delta();
  },
  "falling seq": (history) => history.delta().replace(/"seq":\d+/, '"seq":1'),
  crossed: (history) => {
    history.updateId++;
    return history.frame("delta", [], [{ ticks: given(history.truth("bids")[0]).ticks, steps: 1 }]);
  },
  overflow: (history) => {
    history.updateId++;
    const flood = Array.from({ length: 40 }, (_, at) => ({ ticks: 100 + at, steps: 1 }));
    return history.frame("delta", flood, []);
  },
  "off the tick": (history) => history.delta().replace(/\["(\d+)\.\d+"/, '["$1.055"'),
  "a field gone": (history) => history.delta().replace(/"u":\d+,/, ""),
};

for (const [name, plant] of Object.entries(FAULTS)) {
  test(`${name}: noticed at once, every time, and never released without a snapshot`, () => {
    const prng = prngOf(`planted/${name}`);
    const instrument = instrumentOf({ symbol: "BTCUSDT", tick: "0.10", step: "0.001" });
    const table = new SymbolTable();
    table.load([instrument]);
    const market = new MarketState();
    market.load([instrument]);
    const reader = new PublicReader(table);
    const history = new BookHistory("BTCUSDT", 50, prng);
    const book = market.book(BTC);
    let atMs = 1_700_000_000_000;

    function deliver(text: string): string | null {
      atMs += FRAME_MS;
      const read = reader.read(text);
      if (read.kind === "frame") return market.absorb(read.event, atMs);
      if (read.kind !== "fault" && read.kind !== "gap") return null;
      const { symbolId, fault } = read;
      return market.absorb({ kind: "book_fault", symbolId, fault }, atMs);
    }
    function expectTruth(): void {
      expect(book.state).toBe("live");
      const truth = history.truth("bids").flatMap(({ ticks, steps }) => [ticks, steps]);
      expect([...book.bids.subarray(0, book.bidCount * 2)]).toEqual(truth);
      expect(book.bestAskTicks).toBe(given(history.truth("asks")[0]).ticks as never);
    }

    deliver(history.snapshot());
    for (let round = 0; round < 25; round++) {
      for (let clean = prng.int(30); clean >= 0; clean--) {
        expect(deliver(history.delta())).toBeNull();
        expectTruth();
      }
      expect(deliver(plant(history))).toBeString();
      expect([book.state, book.bidCount]).toEqual(["quarantined", 0] as never);
      for (let late = 0; late < 5; late++) expect(deliver(history.delta())).toBeNull();
      expect([book.state, book.isRecovering]).toEqual(["quarantined", false] as never);
      deliver(history.snapshot());
      for (let waitedMs = 0; waitedMs < QUIET_PERIOD_MS; waitedMs += FRAME_MS) {
        expect(book.state).toBe("quarantined");
        expect(deliver(history.delta())).toBeNull();
      }
      expectTruth();
    }
    expect(book.faults).toBe(25);
  });
}
