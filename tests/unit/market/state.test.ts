import { describe, expect, test } from "bun:test";
import type { TickerFrame } from "../../../src/domain/event.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { QUIET_PERIOD_MS } from "../../../src/market/book.ts";
import { MarketState } from "../../../src/market/market-state.ts";
import { bookAgeMs, bookViewOf } from "../../../src/market/staleness.ts";
import { TICKER_FIELDS_MAX, TickerBoard } from "../../../src/market/ticker-board.ts";
import { delta, snapshot, tickerFrame, tickerOf } from "../../support/frames.ts";
import { instrumentOf } from "../../support/instruments.ts";

const A = 0 as SymbolId;
const B = 1 as SymbolId;

function market(): MarketState {
  const state = new MarketState();
  state.load([
    instrumentOf({ symbol: "BTCUSDT", id: A }),
    instrumentOf({ symbol: "ETHUSDT", id: B, tick: "0.01" }),
  ]);
  return state;
}

describe("instruments", () => {
  test("are found by name and by id; a second list appends and renews", () => {
    const state = market();
    expect(state.idOf("ETHUSDT")).toBe(B);
    expect(state.idOf("NOPEUSDT")).toBeUndefined();
    const renewed = { ...state.instrument(A), status: "closed" as const };
    state.load([renewed, instrumentOf({ symbol: "NEWUSDT", id: 2 as SymbolId })]);
    expect([state.size, state.instrument(A).status]).toEqual([3, "closed"] as never);
    expect(state.idOf("NEWUSDT")).toBe(2 as SymbolId);
  });

  test("an id that changes its symbol is a bug and stops the program", () => {
    expect(() => market().load([instrumentOf({ symbol: "OTHER", id: A })])).toThrow(
      "keeps its symbol",
    );
    expect(() => market().load([instrumentOf({ symbol: "GAP", id: 9 as SymbolId })])).toThrow(
      "dense",
    );
    expect(() => market().book(7 as SymbolId)).toThrow("loaded before");
  });
});

describe("books", () => {
  test("a new fault is handed to the caller once, with the text", () => {
    const state = market();
    expect(state.absorb(snapshot(), 1)).toBeNull();
    const fault = "update id is 150, wanted 101";
    expect(state.absorb({ kind: "book_fault", symbolId: A, fault }, 2)).toMatch(/update id is 150/);
    expect(state.absorb(delta({}), 3)).toBeNull();
    expect(state.book(A).state).toBe("quarantined");
    expect(state.book(B).state).toBe("none");
  });

  test("another symbol's message ends a quiet symbol's quarantine", () => {
    const state = market();
    state.absorb({ kind: "book_fault", symbolId: A, fault: "socket is down" }, 1);
    state.absorb(snapshot(), 10);
    expect(state.book(A).state).toBe("quarantined");
    state.absorb(snapshot({ id: B }), 10 + QUIET_PERIOD_MS);
    expect(state.book(A).state).toBe("live");
  });

  test("a check that differs twice is a fault, one that matches is a record", () => {
    const state = market();
    state.absorb(snapshot(), 1);
    const answer = (steps: number) => {
      expect(state.nextToCheck(4)).toBe(A);
      const picture = { sequence: 1_000, depth: 2, bids: [99, 5, 98, steps], asks: [101, 7] };
      const asks = [...picture.asks, 102, 8];
      return { kind: "book_picture", symbolId: A, picture: { ...picture, asks } } as const;
    };
    expect(state.absorb(answer(6), 5)).toBeNull();
    expect(state.bookAudit(A)).toEqual({
      matched: true,
      atMs: 5,
      detail: "equal to the REST book",
    });
    const detail = "bid 2: ours 9.80 × 0.006, venue 9.80 × 0.007";
    expect(state.absorb(answer(7), 6)).toBeNull();
    expect(state.absorb(answer(7), 6)).toBe(`audit: ${detail}`);
    expect([state.book(A).state, state.bookAudit(A)?.matched]).toEqual([
      "quarantined",
      false,
    ] as never);
    expect(state.bookAudit(B)).toBeNull();
  });

  test("age and staleness count from the last applied frame", () => {
    const state = market();
    const book = state.book(A);
    expect(bookAgeMs(book, 99)).toBe(Number.POSITIVE_INFINITY);
    expect(bookViewOf(book, 99, 1_000)).toBe("none");
    state.absorb(snapshot(), 100);
    expect(bookAgeMs(book, 350)).toBe(250);
    expect(bookViewOf(book, 1_100, 1_000)).toBe("live");
    expect(bookViewOf(book, 1_101, 1_000)).toBe("stale");
    state.absorb(delta({ bids: [[200, 1]] }), 1_102);
    expect(bookViewOf(book, 9_999, 1_000)).toBe("quarantined");
  });

  test("611 symbols without a frame hold no level arrays", () => {
    const state = new MarketState();
    const list = Array.from({ length: 611 }, (_, id) =>
      instrumentOf({ symbol: `S${id}USDT`, id: id as SymbolId }),
    );
    state.load(list);
    expect(list.every(({ id }) => state.book(id).bids.length === 0)).toBe(true);
  });
});

describe("tickers", () => {
  const first = {
    symbol: "BTCUSDT",
    lastPrice: "65114.30",
    markPrice: "65117.44",
    bid1Price: "65114.20",
    bid1Size: "5.954",
    ask1Price: "65114.30",
    ask1Size: "10.470",
    turnover24h: "1142118412.9021",
    price24hPcnt: "-0.001624",
    fundingRate: "0.0001",
    nextFundingTime: "1786320000000",
  };

  /** The numbers and the texts of the same frames. */
  function both() {
    const state = market();
    const board = new TickerBoard();
    board.absorb({ kind: "instruments", instruments: state.instruments() });
    const absorb = (frame: TickerFrame, atMs: number) => {
      board.absorb(frame);
      state.absorb(frame, atMs);
    };
    return { state, board, absorb };
  }

  test("a snapshot fills every number", () => {
    const state = market();
    state.absorb(tickerOf(true, first), 5);
    const ticker = state.ticker(A);
    expect(ticker).toMatchObject({
      lastTicks: 651_143,
      bidTicks: 651_142,
      bidSteps: 5_954,
      askTicks: 651_143,
      askSteps: 10_470,
      turnover24hUsdt: 1_142_118_412.9021,
      change24h: -0.001624,
      fundingRate: 0.0001,
      nextFundingAtMs: 1_786_320_000_000,
      markText: "65117.44",
      lastText: "65114.30",
      updatedAtMs: 5,
    });
    expect(ticker.markPrice).toBe(65_117.44);
  });

  test("a missing field is unchanged, an empty one is cleared, a snapshot forgets the rest", () => {
    const { state, board, absorb } = both();
    absorb(tickerOf(true, first), 5);
    absorb(tickerOf(false, { lastPrice: "65000.00", fundingRate: "" }), 6);
    const ticker = state.ticker(A);
    expect(ticker).toMatchObject({ lastTicks: 650_000, bidTicks: 651_142, fundingRate: 0 });
    expect(ticker.lastText).toBe("65000.00");
    expect(board.tickers().BTCUSDT).toEqual({ ...first, lastPrice: "65000.00", fundingRate: "" });
    absorb(tickerOf(true, { symbol: "BTCUSDT", lastPrice: "1.00" }), 7);
    expect(board.tickers()).toEqual({ BTCUSDT: { symbol: "BTCUSDT", lastPrice: "1.00" } });
    expect(ticker).toMatchObject({ lastTicks: 10, bidTicks: 0, turnover24hUsdt: 0 });
    expect([ticker.lastText, ticker.markText, ticker.fundingRateText]).toEqual(["1.00", "", ""]);
  });

  test("a number that is not said stays, whatever the frame", () => {
    const state = market();
    state.absorb(tickerOf(true, first), 5);
    const before = { ...state.ticker(A) };
    state.absorb(tickerFrame(false), 5);
    expect({ ...state.ticker(A) }).toEqual(before);
  });

  test("texts are the shortest decimals of the numbers, in the decimals of the tick", () => {
    const state = market();
    const texts = () => {
      const { lastText, markText, fundingRateText } = state.ticker(A);
      return [lastText, markText, fundingRateText];
    };
    state.absorb(tickerOf(true, { ...first, markPrice: "65117.4", fundingRate: "-0.00000012" }), 5);
    expect(texts()).toEqual(["65114.30", "65117.40", "-0.00000012"]);
    state.absorb(tickerOf(false, { markPrice: "65117.41234567", fundingRate: "0" }), 6);
    expect(texts()).toEqual(["65114.30", "65117.41234567", "0"]);
  });

  test("nonsense is 0 and the number of fields is bounded", () => {
    const { state, board, absorb } = both();
    const junk = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, "1"]));
    absorb(tickerOf(true, { lastPrice: "1.055", turnover24h: "much", ...junk }), 5);
    expect(state.ticker(A)).toMatchObject({ lastTicks: 0, turnover24hUsdt: 0 });
    expect(Object.keys(board.tickers().BTCUSDT ?? {}).length).toBe(TICKER_FIELDS_MAX);
  });
});
