/** Answers that were asked for on one grid and come on another: none is read in the wrong units. */
import { expect, test } from "bun:test";
import type { EngineEvent } from "../../../src/domain/event.ts";
import { recounted } from "../../../src/domain/recount.ts";
import type { PriceTicks, SymbolId } from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { BarReader } from "../../../src/venue/bybit/bar-reader.ts";
import { BookPictures } from "../../../src/venue/bybit/book-pictures.ts";
import { RequestLimits } from "../../../src/venue/bybit/budgets.ts";
import { SymbolTable } from "../../../src/venue/bybit/codec/symbol-table.ts";
import { OrderDesk } from "../../../src/venue/bybit/order-entry.ts";
import type { RestRequest, RestResult } from "../../../src/venue/bybit/rest-client.ts";
import { Waits } from "../../../src/venue/common/waits.ts";
import { instrumentOf } from "../../support/instruments.ts";

const ID = 0 as SymbolId;
const BEFORE = instrumentOf({ symbol: "BTCUSDT", tick: "0.1", step: "0.01" });
const LISTED = instrumentOf({ symbol: "BTCUSDT", tick: "0.01", step: "0.001" });
const AFTER = must(recounted(BEFORE, LISTED), "grids with a common unit");
const LOG = { info: () => {}, warn: () => {}, error: () => {} };

/** A venue that answers when it is told to. */
function setUp() {
  const table = new SymbolTable();
  table.load([BEFORE]);
  const events: EngineEvent[] = [];
  const asked: { request: RestRequest; answer: (result: object) => void }[] = [];
  const rest = {
    call: (request: RestRequest) =>
      new Promise<RestResult>((resolve) => {
        const answer = (result: object) =>
          resolve({
            kind: "ok",
            envelope: { retCode: 0, retMsg: "", result: { ...result }, venueAtMs: 1_000 },
          });
        asked.push({ request, answer });
      }),
  };
  const sink = (event: EngineEvent) => void events.push(event);
  return { table, events, asked, rest, sink };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("a book that was asked for before the change is no picture after it", async () => {
  const { table, events, asked, rest, sink } = setUp();
  new BookPictures({ rest, table, log: LOG, sink }).fetch(ID);
  table.load([AFTER]);
  asked[0]?.answer({ s: "BTCUSDT", b: [["100.0", "1.00"]], a: [["100.1", "1.00"]], seq: 7, u: 7 });
  await settled();
  expect(events).toEqual([{ kind: "book_picture", symbolId: ID, picture: null }]);
});

test("bars that were asked for before it are not taken", async () => {
  const { table, events, asked, rest, sink } = setUp();
  const waits = new Waits(virtualClock(0));
  const reader = new BarReader({ rest, table, waits, sink });
  reader.load(ID, "1m", 1);
  table.load([AFTER]);
  asked[0]?.answer({ symbol: "BTCUSDT", list: [["0", "100", "101", "99", "100", "5", "500"]] });
  await settled();
  expect(events).toMatchObject([
    { kind: "bars_loaded", bars: [], fault: "a grid changed meanwhile" },
  ]);
});

test("a stop that waits behind another keeps its price, and its answer is in the new units", async () => {
  const { table, events, asked, rest, sink } = setUp();
  const limits = new RequestLimits(virtualClock(0));
  const onMismatch = () => {};
  const desk = new OrderDesk({ log: LOG, rest, limits, table, sink, trade: null, onMismatch });
  desk.protect(ID, 990 as PriceTicks);
  desk.protect(ID, 992 as PriceTicks);
  table.load([AFTER]);
  asked[0]?.answer({});
  await settled();
  expect(asked[1]?.request.body).toMatchObject({ stopLoss: "99.2" });
  asked[1]?.answer({});
  await settled();
  const told = events.flatMap((event) =>
    event.kind === "stop_result" ? [Number(event.stopLossTicks)] : [],
  );
  expect(told).toEqual([9_900, 9_920]);
});
