import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import type { SymbolId } from "../../../../src/domain/units.ts";
import {
  type Decoded,
  decodeExecution,
  decodeOrder,
  decodePosition,
  decodeWallet,
} from "../../../../src/venue/bybit/codec/decode-account.ts";
import { decodePrivate } from "../../../../src/venue/bybit/codec/decode-private.ts";
import {
  decodeEnvelope,
  decodeInstrument,
  decodePage,
  decodeRestBook,
  decodeServerTime,
} from "../../../../src/venue/bybit/codec/decode-rest.ts";
import { SymbolTable } from "../../../../src/venue/bybit/codec/symbol-table.ts";
import { given } from "../../../support/given.ts";
import { instrumentOf } from "../../../support/instruments.ts";
import { PROPERTY_MS_MAX } from "../../../support/patience.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const BTC = instrumentOf({ symbol: "BTCUSDT", id: 0 as SymbolId });
const table = new SymbolTable();
table.load([BTC]);

const order = {
  category: "linear",
  symbol: "BTCUSDT",
  orderId: "v-1",
  orderLinkId: "c-1",
  side: "Buy",
  orderType: "Limit",
  orderStatus: "Cancelled",
  price: "100.10",
  qty: "0.005",
  cumExecQty: "0.002",
  cancelType: "CancelByUser",
  rejectReason: "EC_PerCancelRequest",
  triggerPrice: "",
  reduceOnly: false,
  updatedTime: "1700000000123",
};
const execution = {
  symbol: "BTCUSDT",
  orderId: "v-1",
  orderLinkId: "c-1",
  execId: "e-1",
  side: "Sell",
  execPrice: "100.10",
  execQty: "0.005",
  execFee: "-0.000012345678901234",
  execType: "Trade",
  execTime: "1700000000123",
  isMaker: true,
};
const position = {
  symbol: "BTCUSDT",
  side: "Sell",
  size: "0.005",
  entryPrice: "100.1234",
  stopLoss: "101.00",
};

const okOf = <Value>(decoded: Decoded<Value>): Value => {
  if (decoded.kind !== "ok") throw new Error(`wanted a value, found ${decoded.kind}`);
  return decoded.value;
};
const faultOf = (decoded: Decoded<unknown>): string => {
  if (decoded.kind !== "fault") throw new Error(`wanted a fault, found ${decoded.kind}`);
  return decoded.fault;
};

describe("orders", () => {
  test("the reason tells most: a refusal first, then how it was cancelled", () => {
    const detail = (more: object) => okOf(decodeOrder({ ...order, ...more }, table)).detail;
    expect(detail({})).toBe("CancelByUser");
    expect(detail({ rejectReason: "EC_PostOnlyWillTakeLiquidity" })).toBe(
      "EC_PostOnlyWillTakeLiquidity",
    );
    expect(detail({ rejectReason: "EC_NoError", cancelType: "UNKNOWN" })).toBe("");
    expect(detail({ rejectReason: undefined, cancelType: undefined })).toBe("");
  });

  test("a market order's protective price is no price; a trigger of zero is none", () => {
    const more = { orderType: "Market", price: "123.456", triggerPrice: "0.00" };
    expect(okOf(decodeOrder({ ...order, ...more }, table))).toMatchObject({
      priceTicks: null,
      triggerTicks: null,
    });
  });

  test("new fields, missing extras and null do no harm", () => {
    const bare = {
      ...order,
      cumExecQty: "",
      cancelType: null,
      orderLinkId: null,
      reduceOnly: null,
      brandNew: {},
    };
    expect(okOf(decodeOrder(bare, table))).toMatchObject({
      filledSteps: 0,
      clientId: "",
      reduceOnly: false,
    });
  });

  test.each([
    [{ reduceOnly: true }, true],
    [{ closeOnTrigger: true }, true],
    [{ reduceOnly: "true", closeOnTrigger: 1 }, false],
    [{}, false],
  ])("what only closes is reducing: %j", (more, reduceOnly) => {
    expect(okOf(decodeOrder({ ...order, ...more }, table)).reduceOnly).toBe(reduceOnly);
  });

  const unusable: [object, RegExp][] = [
    [{ orderStatus: "Reincarnated" }, /cannot use order v-1: orderStatus="Reincarnated"/],
    [{ price: "100.15" }, /price="100.15"/],
    [{ qty: undefined }, /qty=missing/],
    [{ side: "" }, /side=""/],
    [{ orderId: "" }, /orderId=""/],
    [{ triggerPrice: "abc" }, /triggerPrice="abc"/],
  ];
  for (const [more, fault] of unusable) {
    test(`unusable: ${JSON.stringify(more)}`, () => {
      expect(faultOf(decodeOrder({ ...order, ...more }, table))).toMatch(fault);
    });
  }

  test("another category or symbol is skipped, with the reason", () => {
    expect(decodeOrder({ ...order, category: "spot" }, table)).toEqual({
      kind: "skip",
      reason: "foreign_category",
    });
    expect(decodeOrder({ ...order, symbol: "NOPE" }, table)).toEqual({
      kind: "skip",
      reason: "unknown_symbol",
    });
  });
});

describe("executions", () => {
  test("fees keep all their decimals, rebates are negative", () => {
    expect(okOf(decodeExecution(execution, table)).fee).toBe(-12_345_678_901_234n);
    const long = { ...execution, execFee: "0.1234567890123456789999" };
    expect(okOf(decodeExecution(long, table)).fee).toBe(123_456_789_012_345_678n);
  });

  test("funding at a mark price off the grid is rounded, a trade off the grid is refused", () => {
    const funding = { ...execution, execType: "Funding", execPrice: "100.1678" };
    expect(okOf(decodeExecution(funding, table))).toMatchObject({
      execKind: "funding",
      priceTicks: 1_002,
    });
    expect(faultOf(decodeExecution({ ...execution, execPrice: "100.15" }, table))).toMatch(
      /execPrice/,
    );
  });

  test("kinds that we do not know are other, not an error", () => {
    const kinds = {
      BustTrade: "liquidation",
      AdlTrade: "adl",
      Settle: "settle",
      Delivery: "delivery",
      BlockTrade: "block_trade",
      MovePosition: "move_position",
      CorporateAction: "corporate_action",
      Surprise: "other",
      Trade: "trade",
    };
    for (const [execType, execKind] of Object.entries(kinds)) {
      expect(okOf(decodeExecution({ ...execution, execType }, table)).execKind).toBe<string>(
        execKind,
      );
    }
  });

  test("the fast stream has no fee, no kind and no client id on maker fills", () => {
    const { execFee, execType, ...fast } = { ...execution, orderLinkId: "" };
    expect(okOf(decodeExecution(fast, table))).toMatchObject({
      fee: 0n,
      execKind: "trade",
      clientId: "",
    });
  });

  test("we were the maker only where the venue says so", () => {
    const isMaker = (value: unknown) =>
      okOf(decodeExecution({ ...execution, isMaker: value }, table)).isMaker;
    expect([true, false, undefined, null, "true"].map(isMaker)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test("without an id it cannot be applied once", () => {
    expect(faultOf(decodeExecution({ ...execution, execId: undefined }, table))).toMatch(
      /execId=missing/,
    );
  });
});

describe("positions", () => {
  test("short is negative, flat has no entry price, the stop may be none", () => {
    expect(okOf(decodePosition(position, table))).toMatchObject({
      positionSteps: -5,
      entryPriceText: "100.1234",
      stopLossTicks: 1_010,
    });
    const flat = { symbol: "BTCUSDT", side: "None", size: "0", avgPrice: "0", stopLoss: "0.00" };
    const decoded = okOf(decodePosition(flat, table));
    expect(decoded).toMatchObject({ positionSteps: 0, entryPriceText: "", stopLossTicks: null });
    expect(Object.is(decoded.positionSteps, 0)).toBe(true);
  });

  test("a stop that is missing or off the grid does not cost the size", () => {
    const { stopLoss, ...bare } = position;
    for (const row of [
      bare,
      { ...position, stopLoss: "100.123" },
      { ...position, stopLoss: null },
    ]) {
      expect(okOf(decodePosition(row, table))).toMatchObject({
        positionSteps: -5,
        stopLossTicks: null,
      });
    }
  });

  test("a size that is missing is a fault, not flat", () => {
    const { size, ...bare } = position;
    for (const row of [bare, { ...position, size: null }, { ...position, size: "" }]) {
      expect(faultOf(decodePosition(row, table))).toMatch(/cannot use position .*size=/);
    }
  });

  test("a leg of hedge mode that is not flat is refused loudly", () => {
    expect(faultOf(decodePosition({ ...position, positionIdx: 2 }, table))).toMatch(/hedge mode/);
    expect(decodePosition({ ...position, positionIdx: 2, size: "0" }, table)).toEqual({
      kind: "skip",
      reason: "hedge_mode",
    });
    expect(faultOf(decodePosition({ ...position, side: "" }, table))).toMatch(/side=""/);
  });
});

describe("wallets", () => {
  test("isolated margin leaves the sums empty: the settle coin stands in", () => {
    const wallet = {
      totalEquity: "",
      totalWalletBalance: "",
      totalAvailableBalance: "",
      coin: [
        { coin: "BTC", equity: "1" },
        { coin: "USDT", equity: "50.5", walletBalance: "40" },
      ],
    };
    expect(okOf(decodeWallet(wallet, 7))).toEqual({
      kind: "wallet_report",
      equity: 50_500_000_000_000_000_000n,
      walletBalance: 40n * 10n ** 18n,
      available: 40n * 10n ** 18n,
      venueAtMs: 7,
    });
  });

  test("other collateral is no equity of ours: its price must not move a limit", () => {
    const wallet = {
      totalEquity: "90040.5",
      totalWalletBalance: "90000",
      totalAvailableBalance: "80000",
      coin: [
        { coin: "BTC", equity: "1", walletBalance: "1", usdValue: "90000" },
        { coin: "USDT", equity: "40.5", walletBalance: "40" },
      ],
    };
    expect(okOf(decodeWallet(wallet, 7))).toMatchObject({
      equity: 40_500_000_000_000_000_000n,
      walletBalance: 40n * 10n ** 18n,
      available: 80_000n * 10n ** 18n,
    });
    const [btc] = wallet.coin;
    expect(decodeWallet({ ...wallet, coin: [btc] }, 7)).toEqual({ kind: "skip", reason: "empty" });
  });

  test("nothing about us is no wallet of zero", () => {
    expect(decodeWallet({}, 7)).toEqual({ kind: "skip", reason: "empty" });
    expect(decodeWallet({ coin: [{ coin: "BTC", walletBalance: "1" }] }, 7).kind).toBe("skip");
    expect(decodeWallet({ totalWalletBalance: "1e9" }, 7).kind).toBe("fault");
  });
});

describe("private messages", () => {
  test("topics come bare or with their category; good items survive bad neighbours", () => {
    const data = [order, { ...order, qty: "x" }, { ...order, category: "option" }];
    for (const topic of ["order", "order.linear"]) {
      const decoded = decodePrivate(JSON.stringify({ topic, creationTime: 5, data }), table);
      if (decoded.kind !== "events") throw new Error(`wanted events, found ${decoded.kind}`);
      expect(decoded.events.length).toBe(1);
      expect(decoded.skipped).toEqual(["foreign_category"]);
      expect(decoded.faults[0]).toMatch(/qty="x"/);
    }
  });

  test("an unknown topic is unknown, and no inherited name is a topic", () => {
    for (const topic of ["greeks", "constructor", "toString", "order.linear.x"]) {
      expect(decodePrivate(JSON.stringify({ topic, data: [order] }), table)).toEqual({
        kind: "unknown",
        reason: "unknown_topic",
      });
    }
  });

  test("no garbage throws", () => {
    const garbage = fc.oneof(
      fc.anything(),
      fc.record({
        topic: fc.constantFrom("order", "execution", "position", "wallet"),
        data: fc.anything(),
      }),
      fc.record({
        topic: fc.constantFrom("order", "execution", "position", "wallet"),
        data: fc.array(
          fc.dictionary(
            fc.constantFrom(...Object.keys({ ...order, ...execution, ...position })),
            fc.anything(),
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(garbage, (value) => {
        expect(decodePrivate(JSON.stringify(value) ?? "", table).kind).toBeString();
      }),
      { numRuns: 3_000, seed: 5 },
    );
  });
});

describe("REST bodies", () => {
  test("an envelope needs its code and nothing else", () => {
    expect(decodeEnvelope('{"retCode":0}')).toEqual({
      retCode: 0,
      retMsg: "",
      result: {},
      venueAtMs: 0,
    });
    expect(decodeEnvelope('{"retCode":10001,"result":null,"time":5}')).toMatchObject({
      result: {},
      venueAtMs: 5,
    });
    for (const text of ["", "<html>", "[]", "{}", '{"retCode":null}', "null"]) {
      expect(decodeEnvelope(text)).toBeNull();
    }
  });

  test("time comes in nanoseconds, from the envelope, or in seconds", () => {
    const at = (text: string) => decodeServerTime(given(decodeEnvelope(text)));
    expect(at('{"retCode":0,"result":{"timeNano":"1688639403423213947"},"time":1}')).toBe(
      1_688_639_403_423,
    );
    expect(at('{"retCode":0,"result":{},"time":1688639403423}')).toBe(1_688_639_403_423);
    expect(at('{"retCode":0,"result":{"timeSecond":"1688639403"}}')).toBe(1_688_639_403_000);
    expect(at('{"retCode":0,"result":{}}')).toBeNaN();
  });

  test("a limit off the step is cut down, an unknown status is closed", () => {
    const item = {
      symbol: "XUSDT",
      settleCoin: "USDT",
      contractType: "LinearPerpetual",
      status: "Haunted",
      priceFilter: { tickSize: "0.10" },
      lotSizeFilter: {
        qtyStep: "0.5",
        minOrderQty: "0.5",
        maxOrderQty: "10.7",
        minNotionalValue: "5",
      },
    };
    expect(okOf(decodeInstrument(item))).toMatchObject({
      status: "closed",
      limitQtyStepsMax: 21,
      marketQtyStepsMax: 0,
      qtyStepsMin: 1,
      notionalMin: 5n * 10n ** 18n,
    });
    expect(faultOf(decodeInstrument({ ...item, priceFilter: { tickSize: "0" } }))).toMatch(
      /no usable tickSize/,
    );
    expect(decodeInstrument({ ...item, settleCoin: "USDC" }).kind).toBe("skip");
    expect(decodeInstrument(null).kind).toBe("skip");
  });

  test("a REST book off the grid or of another symbol is no book", () => {
    const body = { s: "BTCUSDT", b: [["1.00", "1"]], a: [], u: 1, seq: 2, ts: 3 };
    expect(decodeRestBook(body, BTC)).toMatchObject({
      bids: [[10, 1_000]],
      asks: [],
      venueAtMs: 3,
    });
    expect(decodeRestBook({ ...body, s: "ETHUSDT" }, BTC)).toBeNull();
    expect(decodeRestBook({ ...body, b: [["1.01", "1"]] }, BTC)).toBeNull();
    expect(decodeRestBook({ ...body, b: [["1.00", "0"]] }, BTC)).toBeNull();
  });

  test("a page without a cursor is the last one", () => {
    expect(decodePage({ list: [1], nextPageCursor: null })).toEqual({ items: [1], cursor: "" });
    expect(decodePage({})).toEqual({ items: [], cursor: "" });
  });
});
