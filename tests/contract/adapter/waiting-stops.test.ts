/** A stop whose budget is used up: what protects the position until it can be put. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { asClientOrderId, asTicks } from "../../../src/domain/units.ts";
import { accountReady, BTC, connect, ETH, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let stub: StubExchange;
let tested: UnderTest;

beforeEach(async () => {
  stub = new StubExchange().start();
  tested = connect(stub, { tradeSocket: true });
  await accountReady(tested, true);
});
afterEach(async () => {
  await tested.venue.stop();
  await stub.stop();
});

describe("stops that have to wait for their budget", () => {
  const standIn = (at: number) => ({
    clientId: asClientOrderId(`stand-in-${at}`),
    positionSteps: -5,
  });

  test("have an order that stands in for them at once, by socket, and follow all the same", async () => {
    const limits = { "X-Bapi-Limit": "1", "X-Bapi-Limit-Status": "1" };
    stub.answers.set("/v5/position/trading-stop", () => Response.json(ok({}), { headers: limits }));
    tested.venue.protect(ETH, asTicks(1_000), standIn(0));
    await until(() => tested.of("stop_result").length === 1, "the first stop stands");
    // Its window of one a second is used up now.
    tested.venue.protect(BTC, asTicks(1_200), standIn(1));
    await until(() => tested.of("stop_result").length === 2, "an order stands in");
    expect(tested.of("stop_result").map(({ outcome }) => outcome.result)).toEqual([
      "accepted",
      "stands_in",
    ]);
    const [sent] = stub.sent("/v5/trade", "order.create");
    expect(sent?.args[0]).toMatchObject({
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Market",
      qty: "0.005",
      triggerPrice: "120.00",
      triggerDirection: 1,
      reduceOnly: true,
      closeOnTrigger: true,
      orderLinkId: "stand-in-1",
    });
    await until(() => tested.of("stop_result").length === 3, "the stop itself follows");
    expect(tested.of("stop_result")[2]?.outcome.result).toBe("accepted");
    expect(stub.sent("/v5/trade", "order.create").length).toBe(1);
  });
});
