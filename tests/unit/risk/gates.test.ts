import { describe, expect, test } from "bun:test";
import type { DenyCode } from "../../../src/domain/deny.ts";
import type { OrderIntent } from "../../../src/domain/order.ts";
import {
  asClientOrderId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { failure, success } from "../../../src/kernel/result.ts";
import { OrderBook } from "../../../src/market/book.ts";
import { judge, type RiskContext } from "../../../src/risk/gates.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import type { MarginState } from "../../../src/risk/order-cost.ts";
import { RateWindow } from "../../../src/risk/rate.ts";
import { instrumentOf } from "../engine/tape.ts";
import { intentOf } from "../orders/support.ts";

const AT_MS = 10_000;

/** Bid 1000, ask 1001, both ample, last frame at `AT_MS`. */
function bookOf(): OrderBook {
  const book = new OrderBook(0 as SymbolId);
  book.apply(
    {
      kind: "book",
      symbolId: 0 as SymbolId,
      depth: 50,
      isSnapshot: true,
      sequence: 1,
      venueAtMs: 1,
      bidCount: 1,
      askCount: 1,
      bids: Float64Array.of(1000, 500),
      asks: Float64Array.of(1001, 500),
    },
    AT_MS,
  );
  return book;
}

function quarantined(): OrderBook {
  const book = bookOf();
  book.quarantine("update id is 7, wanted 4");
  return book;
}

const AMPLE: MarginState = { equityUsdt: 1_000, availableUsdt: 1_000, unseenUsdt: 0, usedUsdt: 0 };

function contextOf(terms: Partial<RiskContext> = {}): RiskContext {
  return {
    atMs: AT_MS,
    limits: DEFAULT_LIMITS,
    halted: null,
    missing: "",
    unreadable: "",
    instrument: instrumentOf(0),
    gridChange: null,
    isUntradable: false,
    book: bookOf(),
    markTicks: 1_000,
    positionSteps: 0,
    mayHold: { buy: 0, sell: 0 },
    symbolExposureUsdt: 0,
    totalExposureUsdt: 0,
    openOrders: 0,
    symbolOrders: 0,
    symbolUnknown: 0,
    ordersInWindow: 0,
    terms: { leverage: 10, isOneWay: true },
    margin: AMPLE,
    takerFeeBps: 5.5,
    dayLossUsdt: 0,
    drawdownUsdt: 0,
    symbolLossUsdt: 0,
    strategy: "maker",
    strategyLossUsdt: 0,
    pause: null,
    fundingBps: 0,
    fundingLeftMs: null,
    spreadBps: 10,
    delistingLeftMs: null,
    venueBand: null,
    ownBidTicks: null,
    ownAskTicks: null,
    liquidationTicks: null,
    heldStopTicks: null,
    correlated: { buy: { usdt: 0, symbols: 1 }, sell: { usdt: 0, symbols: 1 } },
    ...terms,
  };
}

const price = (ticks: number) => ticks as PriceTicks;
const steps = (count: number) => count as QtySteps;

const EXIT: Partial<OrderIntent> = {
  side: "sell",
  priceTicks: price(1001),
  purpose: "exit",
  reduceOnly: true,
  stopLossTicks: null,
};
const MARKET_EXIT: Partial<OrderIntent> = {
  ...EXIT,
  type: "market",
  priceTicks: null,
  timeInForce: "ioc",
};

interface Case {
  readonly intent?: Partial<OrderIntent>;
  readonly context?: Partial<RiskContext>;
  /** The numbers that the reason must carry. */
  readonly carries?: Readonly<Record<string, unknown>>;
}

/** One case per reason; the type makes a new reason without a case fail to compile. */
const CASES: Record<DenyCode, Case> = {
  HALTED: { context: { halted: "by ann" }, carries: { reason: "by ann" } },
  POSITION_UNREADABLE: { context: { unreadable: "size=null" }, carries: { fault: "size=null" } },
  NOT_READY: { context: { missing: "private feed" }, carries: { missing: "private feed" } },
  SYMBOL_NOT_TRADING: {
    context: { instrument: instrumentOf(0, { status: "prelaunch" }) },
    carries: { status: "prelaunch" },
  },
  GRID_CHANGED: { context: { gridChange: "0.1 became 1" }, carries: { change: "0.1 became 1" } },
  BOOK_MISSING: { context: { book: new OrderBook(0 as SymbolId) } },
  BOOK_QUARANTINED: {
    context: { book: quarantined() },
    carries: { fault: "update id is 7, wanted 4" },
  },
  BOOK_STALE: {
    context: { atMs: AT_MS + DEFAULT_LIMITS.bookAgeMsMax + 1 },
    carries: { ageMs: 5_001, ageMsMax: 5_000 },
  },
  QTY_BELOW_MIN: {
    context: { instrument: instrumentOf(0, { qtyStepsMin: steps(101) }) },
    carries: { qtySteps: 100, qtyStepsMin: 101 },
  },
  QTY_ABOVE_MAX: {
    context: { instrument: instrumentOf(0, { limitQtyStepsMax: steps(99) }) },
    carries: { qtySteps: 100, qtyStepsMax: 99 },
  },
  NOTIONAL_BELOW_MIN: {
    intent: { qtySteps: steps(4) },
    carries: { notionalUsdt: 4, minUsdt: 5 },
  },
  ORDER_NOTIONAL_ABOVE_MAX: {
    intent: { qtySteps: steps(251) },
    carries: { notionalUsdt: 251, maxUsdt: 250 },
  },
  SYMBOL_EXPOSURE_ABOVE_MAX: {
    context: { symbolExposureUsdt: 400.5 },
    carries: { exposureUsdt: 500.5, maxUsdt: 500 },
  },
  TOTAL_EXPOSURE_ABOVE_MAX: {
    context: { totalExposureUsdt: 1_901 },
    carries: { exposureUsdt: 2_001, maxUsdt: 2_000 },
  },
  OPEN_ORDERS_ABOVE_MAX: { context: { openOrders: 40 }, carries: { count: 40, countMax: 40 } },
  SYMBOL_ORDERS_ABOVE_MAX: { context: { symbolOrders: 4 }, carries: { count: 4, countMax: 4 } },
  ORDER_RATE_ABOVE_MAX: {
    context: { ordersInWindow: 5 },
    carries: { count: 5, countMax: 5, windowMs: 1_000 },
  },
  PRICE_OUTSIDE_BAND: { intent: { priceTicks: price(990) }, carries: { bandBps: 100 } },
  MARK_OUTSIDE_BAND: { context: { markTicks: 1_025 }, carries: { bandBps: 200 } },
  POST_ONLY_WOULD_CROSS: { intent: { priceTicks: price(1001) } },
  REDUCE_ONLY_WOULD_ADD: { intent: EXIT, carries: { positionSteps: 0 } },
  STOP_MISSING: { intent: { stopLossTicks: null } },
  DRAWDOWN_LIMIT: {
    context: { drawdownUsdt: 75 },
    carries: { drawdownUsdt: 75, maxUsdt: 75 },
  },
  SYMBOL_LOSS_LIMIT: { context: { symbolLossUsdt: 20 }, carries: { lossUsdt: 20, maxUsdt: 20 } },
  STRATEGY_LOSS_LIMIT: {
    context: { strategyLossUsdt: 40 },
    carries: { strategy: "maker", lossUsdt: 40, maxUsdt: 40 },
  },
  VENUE_PRICE_LIMIT: {
    context: { venueBand: { lowTicks: 1_000.5, highTicks: 1_100 } },
    carries: { priceTicks: 1_000, lowTicks: 1_000.5, highTicks: 1_100 },
  },
  OWN_ORDER_WOULD_CROSS: {
    context: { ownAskTicks: 1_000 },
    carries: { priceTicks: 1_000, ownTicks: 1_000 },
  },
  LIQUIDATION_TOO_NEAR: {
    context: { positionSteps: 100, liquidationTicks: 951 },
    carries: { distanceBps: 490, minBps: 500 },
  },
  STOP_BEHIND_LIQUIDATION: {
    context: { positionSteps: -100, liquidationTicks: 1_200, heldStopTicks: 1_201 },
    carries: { stopTicks: 1_201, liquidationTicks: 1_200 },
  },
  CORRELATED_EXPOSURE_ABOVE_MAX: {
    context: {
      correlated: { buy: { usdt: 1_401, symbols: 5 }, sell: { usdt: 0, symbols: 5 } },
    },
    carries: { exposureUsdt: 1_501, maxUsdt: 1_500, symbols: 5 },
  },
  FUNDING_TOO_DEAR: {
    context: { fundingBps: 6, fundingLeftMs: 60_000 },
    carries: { costBps: 6, allowedBps: 5, leftMs: 60_000 },
  },
  DELISTING: {
    context: { delistingLeftMs: 172_800_000 },
    carries: { leftMs: 172_800_000, minMs: 172_800_000 },
  },
  PAUSED: {
    context: { pause: { cause: "stopped out", untilMs: AT_MS + 250 } },
    carries: { cause: "stopped out", leftMs: 250 },
  },
  DAILY_LOSS_LIMIT: { context: { dayLossUsdt: 50 }, carries: { lossUsdt: 50, maxUsdt: 50 } },
  TERMS_UNKNOWN: { context: { terms: null }, carries: { missing: "leverage and position mode" } },
  ACCOUNT_MODE: {
    context: { terms: { leverage: 10, isOneWay: false } },
    carries: { found: "hedge mode", wanted: "one-way mode" },
  },
  LEVERAGE_ABOVE_MAX: {
    context: { terms: { leverage: 11, isOneWay: true } },
    carries: { leverage: 11, leverageMax: 10 },
  },
  MARGIN_UNAVAILABLE: {
    // 100 USDT at 10 times, and the taker's fee twice.
    context: { margin: { ...AMPLE, availableUsdt: 30, unseenUsdt: 20 } },
    carries: { needUsdt: 10.11, availableUsdt: 10 },
  },
  UNKNOWN_OUTCOME_PENDING: { context: { symbolUnknown: 2 }, carries: { count: 2 } },
};

function verdictOf(terms: Case) {
  return judge(intentOf(terms.intent), asClientOrderId("t-maker-1"), contextOf(terms.context));
}

function codeOf(terms: Case): DenyCode | "approved" {
  const verdict = verdictOf(terms);
  return verdict.ok ? "approved" : verdict.problem.code;
}

describe("the gate", () => {
  test("passes a plain entry under its client id, unchanged otherwise", () => {
    const verdict = verdictOf({});
    expect(verdict).toEqual(success({ ...intentOf(), clientId: "t-maker-1" }) as typeof verdict);
  });

  for (const [code, terms] of Object.entries(CASES)) {
    test(`denies with ${code} and its numbers`, () => {
      const verdict = verdictOf(terms);
      expect(verdict).toMatchObject(failure({ code, ...terms.carries }));
    });
  }

  const AT_THE_LIMIT: readonly [string, Case][] = [
    [
      "the smallest quantity",
      { context: { instrument: instrumentOf(0, { qtyStepsMin: steps(100) }) } },
    ],
    ["the largest value", { intent: { qtySteps: steps(250) } }],
    ["the full symbol exposure", { context: { symbolExposureUsdt: 400 } }],
    ["the full exposure", { context: { totalExposureUsdt: 1_900 } }],
    ["the last free order", { context: { openOrders: 39, symbolOrders: 3, ordersInWindow: 4 } }],
    ["a book just fresh enough", { context: { atMs: AT_MS + DEFAULT_LIMITS.bookAgeMsMax } }],
    ["a mark that is not known", { context: { markTicks: 0 } }],
    ["a mark at the edge of the band", { context: { markTicks: 1_020 } }],
    ["the last of the margin", { context: { margin: { ...AMPLE, availableUsdt: 10.11 } } }],
    ["the last of our own count", { context: { margin: { ...AMPLE, usedUsdt: 789.89 } } }],
    ["losses just below their limits", { context: { symbolLossUsdt: 19.99, drawdownUsdt: 74.9 } }],
    [
      "a price at the venue's border",
      { context: { venueBand: { lowTicks: 1e3, highTicks: 1e3 } } },
    ],
    ["beside an own order", { context: { ownAskTicks: 1_001, ownBidTicks: 1_000 } }],
    ["far from liquidation", { context: { positionSteps: 100, liquidationTicks: 950 } }],
    [
      "a stop before liquidation",
      {
        context: { positionSteps: 100, liquidationTicks: 900, heldStopTicks: 901 },
      },
    ],
    ["a settlement that pays us", { context: { fundingBps: -30, fundingLeftMs: 1_000 } }],
    ["a settlement that is far", { context: { fundingBps: 30, fundingLeftMs: 300_001 } }],
    ["a cheap settlement", { context: { fundingBps: 5, fundingLeftMs: 1_000 } }],
    ["a contract that ends later", { context: { delistingLeftMs: 172_800_001 } }],
    ["a loss just below the limit", { context: { dayLossUsdt: 49.99 } }],
  ];
  test.each(AT_THE_LIMIT)("lets pass %s", (_name, terms) => expect(codeOf(terms)).toBe("approved"));

  test("a stop on the winning side is no stop", () => {
    expect(codeOf({ intent: { stopLossTicks: price(1000) } })).toBe("STOP_MISSING");
    const short = { side: "sell", priceTicks: price(1001) } as const;
    expect(codeOf({ intent: { ...short, stopLossTicks: price(995) } })).toBe("STOP_MISSING");
    expect(codeOf({ intent: { ...short, stopLossTicks: price(1010) } })).toBe("approved");
  });

  test("a market entry is sized by the far price and needs its stop too", () => {
    const market = { type: "market", priceTicks: null, timeInForce: "ioc" } as const;
    expect(codeOf({ intent: { ...market, qtySteps: steps(251) } })).toBe(
      "ORDER_NOTIONAL_ABOVE_MAX",
    );
    expect(codeOf({ intent: { ...market, stopLossTicks: null } })).toBe("STOP_MISSING");
    expect(codeOf({ intent: market })).toBe("approved");
  });

  test("the far price is the other side's: 250 steps fit at the bid, not at the ask", () => {
    const market = { type: "market", priceTicks: null, timeInForce: "ioc" } as const;
    const full = { ...market, qtySteps: steps(250) };
    expect(verdictOf({ intent: full })).toMatchObject(
      failure({ code: "ORDER_NOTIONAL_ABOVE_MAX", notionalUsdt: 250.25 }),
    );
    const short = { side: "sell", stopLossTicks: price(1010) } as const;
    expect(codeOf({ intent: { ...full, ...short } })).toBe("approved");
  });

  test("a market order has its own, smaller quantity limit, also on the way out", () => {
    const instrument = instrumentOf(0, { marketQtyStepsMax: steps(99) });
    const market = { type: "market", priceTicks: null, timeInForce: "ioc" } as const;
    const above = failure({ code: "QTY_ABOVE_MAX", qtySteps: 100, qtyStepsMax: 99 });
    expect(verdictOf({ intent: market, context: { instrument } })).toMatchObject(above);
    const held = { instrument, positionSteps: 100 };
    expect(verdictOf({ intent: MARKET_EXIT, context: held })).toMatchObject(above);
    expect(codeOf({ context: { instrument } })).toBe("approved");
  });

  test("one order of unknown fate is enough", () => {
    expect(codeOf({ context: { symbolUnknown: 1 } })).toBe("UNKNOWN_OUTCOME_PENDING");
  });
});

describe("the way out", () => {
  const BAD_DAY: Partial<RiskContext> = {
    halted: "by ann",
    missing: "market feed",
    positionSteps: 100,
    dayLossUsdt: 1_000,
    symbolExposureUsdt: 9_000,
    totalExposureUsdt: 9_000,
    openOrders: 400,
    symbolOrders: 40,
    symbolUnknown: 3,
    ordersInWindow: 7,
  };

  test("stays open when halted, not ready, over every limit and at a loss", () => {
    expect(codeOf({ intent: EXIT, context: BAD_DAY })).toBe("approved");
    expect(codeOf({ intent: { ...MARKET_EXIT, purpose: "flatten" }, context: BAD_DAY })).toBe(
      "approved",
    );
  });

  test("a market exit needs no book, a limit exit does", () => {
    const context = { positionSteps: 100, book: quarantined() };
    expect(codeOf({ intent: MARKET_EXIT, context })).toBe("approved");
    expect(codeOf({ intent: EXIT, context })).toBe("BOOK_QUARANTINED");
  });

  const ADDS: readonly [string, Partial<OrderIntent>, number][] = [
    ["unmarked", { ...EXIT, reduceOnly: false }, 100],
    ["on the side of the position", EXIT, -100],
    ["larger than the position", EXIT, 99],
    ["of a flat position", MARKET_EXIT, 0],
  ];
  test.each(ADDS)("denies an exit that is %s", (_name, intent, positionSteps) => {
    expect(codeOf({ intent, context: { positionSteps } })).toBe("REDUCE_ONLY_WOULD_ADD");
  });

  test("may close what entries of unknown outcome may have opened, and no more", () => {
    const sell = { ...MARKET_EXIT, qtySteps: 100 as OrderIntent["qtySteps"] };
    const code = (positionSteps: number, mayHold: { buy: number; sell: number }) =>
      codeOf({ intent: sell, context: { positionSteps, mayHold } });
    expect(code(0, { buy: 100, sell: 0 })).toBe("approved");
    expect(code(60, { buy: 40, sell: 0 })).toBe("approved");
    expect(code(-60, { buy: 100, sell: 0 })).toBe("approved");
    expect(code(0, { buy: 99, sell: 0 })).toBe("REDUCE_ONLY_WOULD_ADD");
    expect(code(60, { buy: 39, sell: 0 })).toBe("REDUCE_ONLY_WOULD_ADD");
    expect(code(0, { buy: 0, sell: 100 })).toBe("REDUCE_ONLY_WOULD_ADD");
  });

  test("has its own, higher rate limit and the same price band", () => {
    const context = { positionSteps: 100 };
    expect(codeOf({ intent: EXIT, context: { ...context, ordersInWindow: 8 } })).toBe(
      "ORDER_RATE_ABOVE_MAX",
    );
    const far = { ...EXIT, priceTicks: price(1_020) };
    expect(codeOf({ intent: far, context })).toBe("PRICE_OUTSIDE_BAND");
  });

  test("a delivering contract may be left, a closed one may not", () => {
    const context = (status: "delivering" | "closed") => ({
      positionSteps: 100,
      instrument: instrumentOf(0, { status }),
    });
    expect(codeOf({ intent: EXIT, context: context("delivering") })).toBe("approved");
    expect(codeOf({ intent: EXIT, context: context("closed") })).toBe("SYMBOL_NOT_TRADING");
  });

  test("a closed contract may be left at market until the venue refuses that too", () => {
    const closed = { positionSteps: 100, instrument: instrumentOf(0, { status: "closed" }) };
    expect(codeOf({ intent: MARKET_EXIT, context: closed })).toBe("approved");
    const refused = { ...closed, isUntradable: true };
    expect(codeOf({ intent: MARKET_EXIT, context: refused })).toBe("SYMBOL_NOT_TRADING");
  });
});

describe("bugs are not denials", () => {
  test.each([
    [{ symbolId: 1 as SymbolId }, "its own symbol"],
    [{ qtySteps: steps(1.5) }, "whole steps"],
    [{ priceTicks: 1000.5 as PriceTicks }, "price is whole ticks"],
    [{ stopLossTicks: 990.5 as PriceTicks }, "stop is whole ticks"],
    [{ priceTicks: null }, "only a limit has a price"],
  ])("%p throws", (terms, fact) => expect(() => verdictOf({ intent: terms })).toThrow(fact));
});

test("the rate window counts exactly the last second", () => {
  const rate = new RateWindow(3, 1_000);
  for (const atMs of [0, 100, 900]) rate.record(atMs);
  expect([rate.count(900), rate.count(1_000), rate.count(1_100), rate.count(1_900)]).toEqual([
    3, 2, 1, 0,
  ]);
});
