import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import type { MarketEvent } from "../../../../src/domain/event.ts";
import type { SymbolId } from "../../../../src/domain/units.ts";
import { prngOf } from "../../../../src/kernel/prng.ts";
import {
  type PublicDecoded,
  PublicDecoder,
} from "../../../../src/venue/bybit/codec/decode-public.ts";
import { SymbolTable } from "../../../../src/venue/bybit/codec/symbol-table.ts";
import { BookHistory } from "../../../support/book-history.ts";
import { textsOf } from "../../../support/frames.ts";
import { instrumentOf } from "../../../support/instruments.ts";
import { recordedTable } from "../../../support/listed.ts";
import { PROPERTY_MS_MAX } from "../../../support/patience.ts";
import { hasRecorded, payloadsOf, recordedFiles, SKIPPED } from "../../../support/recorded.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const table = new SymbolTable();
table.load([
  instrumentOf({ symbol: "BTCUSDT", id: 0 as SymbolId }),
  instrumentOf({ symbol: "ETHUSDT", id: 1 as SymbolId, tick: "0.05", step: "0.01" }),
]);

/** A copy that outlives the lent frame and compares by value. */
function frozen(decoded: PublicDecoded): unknown {
  const copy = (event: MarketEvent) =>
    event.kind === "book"
      ? {
          ...event,
          bids: [...event.bids.subarray(0, event.bidCount * 2)],
          asks: [...event.asks.subarray(0, event.askCount * 2)],
        }
      : event.kind === "ticker"
        ? { ...event, texts: textsOf(event) }
        : { ...event };
  if (decoded.kind === "frame") return { kind: "frame", event: copy(decoded.event) };
  return decoded.kind === "frames" ? { kind: "frames", events: decoded.events.map(copy) } : decoded;
}

/** The fast reader and the reference reader must say the same about any text. */
function expectSame(text: string, symbols = table): PublicDecoded {
  const decoder = new PublicDecoder(symbols);
  const fast = frozen(decoder.decode(text));
  const reference = frozen(new PublicDecoder(symbols).decodeJson(text));
  expect(fast).toEqual(reference);
  return fast as PublicDecoded;
}

const book = (more: object = {}, data: object = {}) => ({
  topic: "orderbook.50.BTCUSDT",
  type: "delta",
  ts: 1_700_000_000_003,
  data: { s: "BTCUSDT", b: [["65114.20", "1.5"]], a: [["65114.30", "0"]], u: 7, seq: 99, ...data },
  cts: 1_700_000_000_001,
  ...more,
});
const trade = (more: object = {}) => ({
  topic: "publicTrade.BTCUSDT",
  type: "snapshot",
  ts: 5,
  data: [
    {
      T: 4,
      s: "BTCUSDT",
      S: "Sell",
      v: "0.010",
      p: "65114.30",
      L: "PlusTick",
      i: "x-1",
      BT: false,
      RPI: true,
      seq: 3,
      ...more,
    },
  ],
});

describe("what messages mean", () => {
  test("a delta in whole ticks and steps, with the matching engine's time", () => {
    expect(expectSame(JSON.stringify(book()))).toEqual({
      kind: "frame",
      event: {
        kind: "book",
        symbolId: 0,
        depth: 50,
        isSnapshot: false,
        updateId: 7,
        sequence: 99,
        venueAtMs: 1_700_000_000_001,
        bidCount: 1,
        askCount: 1,
        bids: [651_142, 1_500],
        asks: [651_143, 0],
      },
    } as never);
  });

  test("trades keep the taker's side and own their data", () => {
    const decoder = new PublicDecoder(table);
    const first = decoder.decode(JSON.stringify(trade()));
    if (first.kind !== "frame" || first.event.kind !== "trades") throw new Error(first.kind);
    const [kept] = first.event.trades;
    decoder.decode(JSON.stringify(trade({ i: "x-2", S: "Buy", p: "1.00" })));
    expect(kept).toEqual({
      execId: "x-1",
      side: "sell",
      priceTicks: 651_143,
      qtySteps: 10,
      venueAtMs: 4,
    } as never);
  });

  const faults: [string, object, RegExp][] = [
    [
      "a price off the tick",
      book({}, { b: [["65114.25", "1"]] }),
      /"65114.25" is not on the tick 0.10/,
    ],
    [
      "a size off the step",
      book({}, { a: [["1.00", "0.0005"]] }),
      /"0.0005" is not on the step 0.001/,
    ],
    ["a price of zero", book({}, { b: [["0", "1"]] }), /"0" is not on the tick/],
    ["a negative size", book({}, { b: [["1.00", "-1"]] }), /"-1" is not on the step/],
    ["a level that is no text", book({}, { b: [[1, 2]] }), /level \[1,2\] is not two texts/],
    ["a level cut short", book({}, { b: [["1.00"]] }), /is not two texts/],
    ["no side at all", book({}, { b: null }), /no list/],
    ["no u", book({}, { u: undefined }), /u is missing/],
    ["half a u", book({}, { u: 1.5 }), /u is 1.5/],
    ["no seq", book({}, { seq: "soon" }), /seq is "soon"/],
    ["no type", book({ type: undefined }), /type is neither/],
    ["a trade off the tick", trade({ p: "1.234" }), /"1.234" is not on the tick/],
    ["a trade without a side", trade({ S: "Hold" }), /side "Hold"/],
    ["a trade without a time", trade({ T: undefined }), /without a time/],
    ["a trade of another symbol", trade({ s: "ETHUSDT" }), /trade of "ETHUSDT"/],
  ];
  for (const [name, message, fault] of faults) {
    test(`${name} is a fault that names the symbol and the text`, () => {
      const decoded = expectSame(JSON.stringify(message));
      expect(decoded).toMatchObject({ kind: "fault", symbolId: 0 });
      expect((decoded as { fault: string }).fault).toMatch(fault);
      expect((decoded as { fault: string }).fault).toContain("BTCUSDT");
    });
  }

  const unknowns: [string, unknown, string][] = [
    ["no JSON", "{", "not_json"],
    ["a list", "[]", "not_json"],
    ["nothing", "", "not_json"],
    ["no topic", "{}", "no_topic"],
    ["an unknown topic", book({ topic: "greeks.BTC" }), "unknown_topic"],
    ["a depth that is not sold", book({ topic: "orderbook.25.BTCUSDT" }), "unknown_topic"],
    ["a symbol that is not listed", book({ topic: "orderbook.50.NOPE" }), "unknown_symbol"],
    ["a symbol unlike its topic", book({ topic: "orderbook.50.ETHUSDT" }), "symbol_mismatch"],
    ["a ticker without its symbol", { topic: "tickers.BTCUSDT", data: {} }, "symbol_mismatch"],
    ["bars without bars", { topic: "kline.1.BTCUSDT", data: [] }, "bad_shape"],
  ];
  for (const [name, message, reason] of unknowns) {
    test(`${name} is unknown: ${reason}`, () => {
      const text = typeof message === "string" ? message : JSON.stringify(message);
      expect(expectSame(text)).toEqual({ kind: "unknown", reason } as never);
    });
  }

  test("today's shapes are read without JSON.parse, other spellings are still read", () => {
    const decoder = new PublicDecoder(table);
    decoder.decode(JSON.stringify(book()));
    decoder.decode(JSON.stringify(trade()));
    const ticker = {
      symbol: "BTCUSDT",
      lastPrice: "1.00",
      deliveryTime: "",
      fundingRate: "-0.0001",
    };
    decoder.decode(
      JSON.stringify({ topic: "tickers.BTCUSDT", type: "delta", data: ticker, cs: 1, ts: 2 }),
    );
    expect(decoder.slowCount).toBe(0);
    const variants = [
      JSON.stringify(book(), null, 1),
      JSON.stringify(Object.fromEntries(Object.entries(book()).toReversed())),
      JSON.stringify(book({ brandNew: [1, { a: null }] })),
      JSON.stringify(book()).replace('"u":7', '"u":7e0'),
      JSON.stringify(book()).replace("BTCUSDT", "BTC\\u0055SDT"),
    ];
    for (const text of variants) expect(expectSame(text)).toMatchObject({ kind: "frame" });
    for (const text of variants) decoder.decode(text);
    expect(decoder.slowCount).toBe(variants.length);
  });

  test("both members of a repeated key: the last counts, as JSON.parse has it", () => {
    const text = JSON.stringify(book()).replace('"u":7', '"u":6,"u":7');
    expect(expectSame(text)).toMatchObject({ kind: "frame", event: { updateId: 7 } });
  });
});

// ------------------------------------------------------------------------------- fuzz

/**
 * How many of the texts the fast reader took by itself; a property that never reaches it proves
 * nothing.
 */
function takenFast(text: string): number {
  const decoder = new PublicDecoder(table);
  const decoded = decoder.decode(text);
  return decoded.kind === "frame" && decoder.slowCount === 0 ? 1 : 0;
}

/** Any member order, any numbers near the edges, odd texts in place of decimals. */
/** Mostly something good, now and then something odd. */
const mostly = <Good, Odd>(good: fc.Arbitrary<Good>, odd: fc.Arbitrary<Odd>) =>
  fc.oneof({ weight: 30, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd });
const decimalText = mostly(
  fc.integer({ min: 1, max: 1_000_000 }).map((units) => (units / 10).toFixed(2)),
  fc.oneof(
    fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value.toFixed(3)),
    fc.constantFrom(
      "0",
      "0.0",
      "",
      ".",
      "1.",
      ".5",
      "00.5",
      "-1",
      "+1",
      "1e3",
      " 1",
      "1 ",
      "1.2.3",
    ),
    fc.constantFrom("9007199254740993", "99999999999999999999.9", "0.00000000000000000001"),
  ),
);
const level = mostly(fc.tuple(decimalText, decimalText), fc.anything({ maxDepth: 1 }));
const whole = mostly(
  fc.nat(),
  fc.constantFrom(0, 1, -1, 1.5, 9_007_199_254_740_992, 1e21, null, "7", "x"),
);
/** Mostly all members, sometimes one is missing; the topic mostly first. */
const shuffled = (record: object): fc.Arbitrary<object> => {
  const entries = Object.entries(record);
  const all = fc.shuffledSubarray(entries, { minLength: entries.length });
  const most = fc.shuffledSubarray(entries, { minLength: entries.length - 1 });
  const first = (kept: [string, unknown][]) =>
    kept.toSorted(([left], [right]) => Number(right === "topic") - Number(left === "topic"));
  return fc
    .oneof({ weight: 15, arbitrary: all.map(first) }, { weight: 1, arbitrary: most })
    .map((kept) => Object.fromEntries(kept));
};
const bookMessage = fc
  .record({
    s: mostly(fc.constant("BTCUSDT"), fc.constant("ETHUSDT")),
    b: fc.array(level, { maxLength: 4 }),
    a: fc.array(level, { maxLength: 4 }),
    u: whole,
    seq: whole,
  })
  .chain(shuffled)
  .chain((data) =>
    shuffled({ topic: "orderbook.50.BTCUSDT", type: "delta", ts: 5, data, cts: 4, cs: 9 }),
  );
const tradeMessage = fc
  .array(
    fc
      .record({
        T: whole,
        s: mostly(fc.constant("BTCUSDT"), fc.constant("BTC")),
        S: mostly(fc.constantFrom("Buy", "Sell"), fc.constant("buy")),
        v: decimalText,
        p: decimalText,
        L: mostly(fc.constant("PlusTick"), fc.constant('a"b')),
        i: mostly(fc.uuid(), fc.string()),
        BT: mostly(fc.boolean(), fc.constant(null)),
        seq: whole,
      })
      .chain(shuffled),
    { maxLength: 3 },
  )
  .chain((data) => shuffled({ topic: "publicTrade.BTCUSDT", type: "snapshot", ts: 5, data }));

/** What the engine reads and what it does not, in any order, with texts that are hard to read. */
const floatText = mostly(
  fc.double({ min: -1e6, max: 1e9, noNaN: true }).map((value) => value.toFixed(6)),
  fc.constantFrom("", "0", "-0", "-", ".", "5.", ".5", "1e-7", "+1", "1.2.3", "123456789012345678"),
);
const tickerMessage = fc
  .record({
    symbol: mostly(fc.constant("BTCUSDT"), fc.constantFrom("ETHUSDT", "", null)),
    lastPrice: decimalText,
    bid1Price: decimalText,
    bid1Size: decimalText,
    ask1Price: decimalText,
    ask1Size: decimalText,
    markPrice: floatText,
    indexPrice: floatText,
    turnover24h: floatText,
    price24hPcnt: floatText,
    fundingRate: floatText,
    nextFundingTime: mostly(
      fc.nat().map(String),
      fc.constantFrom("", "0", 5 as unknown as string, null as unknown as string),
    ),
    tickDirection: mostly(fc.constant("PlusTick"), fc.string()),
    deliveryTime: fc.constant(""),
    brandNew: mostly(fc.constant("text"), fc.anything({ maxDepth: 1 })),
  })
  .chain((data) => fc.subarray(Object.entries(data), { minLength: 1 }))
  .map((kept) => ({ symbol: "BTCUSDT", ...Object.fromEntries(kept) }))
  .chain(shuffled)
  .chain((data) =>
    fc
      .constantFrom("delta", "snapshot")
      .chain((type) => shuffled({ topic: "tickers.BTCUSDT", type, ts: 5, data, cs: 9 })),
  );

describe("the fast reader says what the JSON reader says", () => {
  test("on ticker messages with any members in any order and odd values", () => {
    let fast = 0;
    const property = fc.property(tickerMessage, (message) => {
      const text = JSON.stringify(message);
      expectSame(text);
      fast += takenFast(text);
    });
    fc.assert(property, { numRuns: 5_000, seed: 20_260_809 });
    expect(fast).toBeGreaterThan(1_000);
  });

  test("on one ticker after the other through one reader, whatever was remembered of the last", () => {
    const decoder = new PublicDecoder(table);
    const property = fc.property(fc.array(tickerMessage, { maxLength: 8 }), (messages) => {
      for (const message of messages) {
        const text = JSON.stringify(message);
        const fast = frozen(decoder.decode(text));
        expect(fast).toEqual(frozen(new PublicDecoder(table).decodeJson(text)));
      }
    });
    fc.assert(property, { numRuns: 500, seed: 7 });
    expect(decoder.slowCount).toBeGreaterThan(0);
  });

  test("on names that are no names, that come twice, and on more than it remembers", () => {
    const data = (members: string) =>
      `{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT"${members}},"ts":5}`;
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => `,"n${from + at}":"${at}"`).join("");
    const texts = [
      data(',"__proto__":"x"'),
      data(',"a b":"x"'),
      data(',"lastPrice":"1.00","lastPrice":"2.00"'),
      data(',"symbol":"BTCUSDT"'),
      data(',"lastPrice" :"1.00"'),
      data(',"lastPrice":1.00'),
      data(",lastPrice:1"),
      data(many(0, 70)),
      ...Array.from({ length: 12 }, (_, at) => data(many(at * 50, 50))),
      data(',"lastPrice":"65114.30","bid1Price":"65114.20"'),
    ];
    const decoder = new PublicDecoder(table);
    for (const text of texts) {
      expect(frozen(decoder.decode(text))).toEqual(
        frozen(new PublicDecoder(table).decodeJson(text)),
      );
    }
  });

  test("on book messages with any member order and odd values", () => {
    let fast = 0;
    const property = fc.property(bookMessage, (message) => {
      const text = JSON.stringify(message);
      expectSame(text);
      fast += takenFast(text);
    });
    fc.assert(property, { numRuns: 3_000, seed: 20_260_809 });
    expect(fast).toBeGreaterThan(100);
  });

  test("on trade messages with any member order and odd values", () => {
    let fast = 0;
    const property = fc.property(tradeMessage, (message) => {
      const text = JSON.stringify(message);
      expectSame(text);
      fast += takenFast(text);
    });
    fc.assert(property, { numRuns: 3_000, seed: 20_260_809 });
    expect(fast).toBeGreaterThan(100);
  });

  test("on valid messages after one character was dropped, doubled or replaced", () => {
    const prng = prngOf("mutations");
    const ticker = JSON.stringify({
      topic: "tickers.BTCUSDT",
      type: "snapshot",
      data: {
        symbol: "BTCUSDT",
        lastPrice: "65114.30",
        markPrice: "65117.44",
        fundingRate: "-0.1",
      },
      cs: 7,
      ts: 5,
    });
    const kindsOfText = [() => history.delta(), () => JSON.stringify(trade()), () => ticker];
    const history = new BookHistory("BTCUSDT", 50, prng.child("book"));
    const letters = '{}[]",:.0123456789abtsu\\ \n\u0001é';
    for (let round = 0; round < 6_000; round++) {
      const text = kindsOfText[round % 3]?.() ?? "";
      const at = prng.int(text.length);
      const letter = letters[prng.int(letters.length)] ?? "";
      const kinds = ["", text[at]?.repeat(2) ?? "", letter];
      expectSame(text.slice(0, at) + (kinds[prng.int(3)] ?? "") + text.slice(at + 1));
    }
  });

  test("on every prefix of a message", () => {
    const text = JSON.stringify(book());
    for (let length = 0; length < text.length; length++) expectSame(text.slice(0, length));
  });

  test.skipIf(!hasRecorded)(hasRecorded ? "on every recorded public payload" : SKIPPED, () => {
    const listed = recordedTable();
    let fast = 0;
    let fastTickers = 0;
    let tickers = 0;
    for (const folder of [
      "ws/orderbook",
      "ws/publicTrade",
      "ws/kline",
      "ws/tickers",
      "ws/_control",
    ]) {
      for (const file of recordedFiles(folder)) {
        for (const text of payloadsOf(folder, file)) {
          expectSame(text, listed);
          const compact = JSON.stringify(JSON.parse(text));
          expectSame(compact, listed);
          const decoder = new PublicDecoder(listed);
          const decoded = decoder.decode(compact);
          if (decoded.kind !== "frame") continue;
          if (decoded.event.kind !== "ticker") fast += decoder.slowCount === 0 ? 1 : 0;
          else {
            tickers++;
            fastTickers += decoder.slowCount === 0 ? 1 : 0;
          }
        }
      }
    }
    expect(fast).toBeGreaterThan(1_250);
    // The rest have cleared prices or are of markets that have none.
    expect(fastTickers).toBeGreaterThan(tickers * 0.9);
  });
});

test("no garbage gets past the decoder as an exception", () => {
  const decoder = new PublicDecoder(table);
  const prefixes = ["", '{"topic":"orderbook.50.BTCUSDT",', '{"topic":"publicTrade.BTCUSDT",'];
  fc.assert(
    fc.property(fc.constantFrom(...prefixes), fc.json(), fc.string(), (prefix, json, tail) => {
      for (const text of [prefix + json, prefix + tail, json, tail]) {
        expect(decoder.decode(text).kind).toBeString();
      }
    }),
    { numRuns: 2_000, seed: 7 },
  );
  fc.assert(
    fc.property(fc.anything(), (data) => {
      for (const topic of [
        "orderbook.50.BTCUSDT",
        "publicTrade.BTCUSDT",
        "tickers.BTCUSDT",
        "kline.1.BTCUSDT",
      ]) {
        const text = JSON.stringify({ topic, type: "delta", data }) ?? "";
        expect(decoder.decode(text).kind).toBeString();
      }
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
