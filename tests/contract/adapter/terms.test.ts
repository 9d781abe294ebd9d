/** Margin mode, fee rates and leverage: what is read of them, and what is set. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { bpsOfRate } from "../../../src/domain/fees.ts";
import { BTC, connect, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, refusal, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let stub: StubExchange;
let tested: UnderTest;

beforeEach(async () => {
  stub = new StubExchange().start();
  tested = connect(stub, { tradeSocket: false });
  await tested.started;
});
afterEach(async () => {
  await tested.venue.stop();
  await stub.stop();
});

const LIST = "/v5/position/list";
const SET = "/v5/position/set-leverage";

function held(...rows: readonly object[]): void {
  stub.answers.set(LIST, ({ query }) =>
    query.symbol === undefined ? ok({ list: [] }) : ok({ list: rows }),
  );
}

async function settled() {
  tested.venue.settleTerms(BTC, 10);
  await until(() => tested.of("symbol_terms").length === 1, "the terms were told");
  return tested.of("symbol_terms")[0];
}

describe("a symbol's terms", () => {
  test("a leverage above the limit is lowered to it", async () => {
    held({ symbol: "BTCUSDT", leverage: "25", positionIdx: 0, size: "0" });
    stub.answers.set(SET, () => ok({}));
    expect(await settled()).toMatchObject({ leverage: 10, isOneWay: true, fault: "" });
    const body = { category: "linear", symbol: "BTCUSDT", buyLeverage: "10", sellLeverage: "10" };
    expect(stub.asked(SET).map((request) => request.body)).toEqual([body]);
  });

  test("one at or below it stays as it is", async () => {
    held({ symbol: "BTCUSDT", leverage: "3", positionIdx: 0, size: "0" });
    expect(await settled()).toMatchObject({ leverage: 3, isOneWay: true, fault: "" });
    expect(stub.asked(SET)).toEqual([]);
  });

  test("one that the venue will not lower is told as it is, with both numbers", async () => {
    held({ symbol: "BTCUSDT", leverage: "25", positionIdx: 0, size: "1", side: "Buy" });
    stub.answers.set(SET, () => refusal(110044, "Available margin is insufficient"));
    const terms = await settled();
    expect(terms?.leverage).toBe(25);
    expect(terms?.fault).toContain("leverage 25 stays, wanted 10");
  });

  test("two legs are hedge mode, and no leverage is none", async () => {
    held({ symbol: "BTCUSDT", leverage: "5", positionIdx: 1 }, { leverage: "5", positionIdx: 2 });
    expect(await settled()).toMatchObject({ leverage: 5, isOneWay: false });
  });
});

describe("the account's terms", () => {
  const told = () => tested.of("account_terms").at(-1);

  test.each([
    ["REGULAR_MARGIN", "cross"],
    ["ISOLATED_MARGIN", "isolated"],
    ["PORTFOLIO_MARGIN", "portfolio"],
  ] as const)("%s is %s", async (text, marginMode) => {
    stub.answers.set("/v5/account/info", () => ok({ marginMode: text }));
    tested.venue.loadAccountTerms();
    await until(() => told() !== undefined, "the mode was told");
    expect(told()).toEqual({ kind: "account_terms", marginMode, fault: "" });
  });

  test("a mode that nobody knows is a fault, not a guess", async () => {
    stub.answers.set("/v5/account/info", () => ok({ marginMode: "NEW_MARGIN" }));
    tested.venue.loadAccountTerms();
    await until(() => told() !== undefined, "the fault was told");
    expect(told()?.marginMode).toBeNull();
    expect(told()?.fault).not.toBe("");
  });

  test("fee rates come by symbol, negative ones too, and foreign rows are left out", async () => {
    const rates = { makerFeeRate: "-0.00005", takerFeeRate: "0.0003" };
    const list = [{ symbol: "BTCUSDT", ...rates }, { symbol: "NOBODY", ...rates }, {}];
    stub.answers.set("/v5/account/fee-rate", () => ok({ list }));
    tested.venue.loadAccountTerms();
    await until(() => tested.of("fees_loaded").length === 1, "the fees were told");
    const fees = [...(tested.of("fees_loaded")[0]?.fees ?? [])];
    expect(fees.map(([id, { maker, taker }]) => [id, bpsOfRate(maker), bpsOfRate(taker)])).toEqual([
      [BTC, -0.5, 3],
    ]);
  });
});
