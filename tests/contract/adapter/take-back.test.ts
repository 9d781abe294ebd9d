/** Taking everything back that could open a position, and leaving the stops where they are. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { order } from "../../support/account-rows.ts";
import { connect, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let stub: StubExchange;
let tested: UnderTest;

beforeEach(async () => {
  stub = new StubExchange().start();
  tested = connect(stub, { tradeSocket: false });
  await tested.started;
  await until(() => tested.of("account_snapshot").length === 1, "the account was fetched");
});
afterEach(async () => {
  await tested.venue.stop();
  await stub.stop();
});

test("cancel-all goes for active orders, and for conditional ones that could open", async () => {
  const untriggered = { orderStatus: "Untriggered", triggerPrice: "110" };
  const rows = [
    order("entry", untriggered),
    order("stop", { ...untriggered, reduceOnly: true, closeOnTrigger: true }),
  ];
  stub.answers.set("/v5/order/realtime", () => ok({ list: rows }));
  const foreign = order("perp", { ...untriggered, symbol: "ETHPERP" });
  stub.answers.set("/v5/order/realtime?USDC", () => ok({ list: [foreign] }));
  tested.venue.cancelAll();
  await until(() => tested.logs.join().includes("cancelled all orders"), "it is done");
  expect(stub.asked("/v5/order/cancel-all").map(({ body }) => body)).toEqual([
    { category: "linear", settleCoin: "USDT", orderFilter: "Order" },
  ]);
  expect(stub.asked("/v5/order/cancel-all?USDC")).toHaveLength(1);
  const cancelled = stub.asked("/v5/order/cancel").map(({ body }) => body);
  expect(cancelled.map(({ symbol, orderId }) => `${symbol} ${orderId}`).sort()).toEqual([
    "BTCUSDT v-entry",
    "ETHPERP v-perp",
  ]);
});

test("a list that cannot be had is said, and the active orders go all the same", async () => {
  stub.answers.set("/v5/order/realtime", () => ({ retCode: 10_005, retMsg: "no", result: {} }));
  tested.venue.cancelAll();
  await until(() => tested.logs.join().includes("could not cancel all orders"), "it is said");
  expect(stub.asked("/v5/order/cancel-all")).toHaveLength(1);
});
