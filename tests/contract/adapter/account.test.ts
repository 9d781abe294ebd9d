/** The account on its way in, against a server that misbehaves. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { execution, order } from "../../support/account-rows.ts";
import { accountReady, BTC, connect, ETH, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, refusal, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let stub: StubExchange;
let tested: UnderTest;

beforeEach(() => {
  stub = new StubExchange().start();
});
afterEach(async () => {
  await tested.venue.stop();
  await stub.stop();
});

async function running(tradeSocket: boolean): Promise<void> {
  tested = connect(stub, { tradeSocket });
  await accountReady(tested, tradeSocket);
}

describe("whose account it is", () => {
  test("is told before the first snapshot, and before the next one when it is another", async () => {
    await running(false);
    const ids = () => tested.of("account_identity").map(({ accountId }) => accountId);
    const order = () =>
      tested.events.map(({ kind }) => kind).filter((kind) => kind.startsWith("account_"));
    expect(ids()).toEqual(["7"]);
    expect(order()).toEqual(["account_identity", "account_snapshot"]);
    stub.answers.set("/v5/user/query-api", () => ok({ userID: 8 }));
    tested.venue.reconcile("again");
    await until(() => tested.of("account_snapshot").length === 2, "it was fetched again");
    expect(ids()).toEqual(["7", "8"]);
    expect(order().slice(2)).toEqual(["account_identity", "account_snapshot"]);
  });

  test("is the key's where the venue does not offer the question", async () => {
    stub.answers.set("/v5/user/query-api", () => refusal(10032, "not supported"));
    await running(false);
    const [told] = tested.of("account_identity");
    expect(told?.accountId).toMatch(/^key-[0-9a-f]{16}$/);
    expect(told?.accountId).not.toContain("key-of-the-account");
  });

  test("must be known: an answer without it is no account", async () => {
    stub.answers.set("/v5/user/query-api", () => ok({}));
    tested = connect(stub, { tradeSocket: false });
    const said = () => tested.logs.some((line) => line.includes("does not say whose key it is"));
    await until(said, "it was said");
    expect(tested.of("account_snapshot")).toEqual([]);
    stub.answers.delete("/v5/user/query-api");
    await until(() => tested.of("account_snapshot").length > 0, "it was fetched after all");
  });
});

describe("the account", () => {
  test("is fetched whole: paged orders, positions, executions oldest first, wallet", async () => {
    stub.answers.set("/v5/order/realtime", ({ query }) =>
      query.cursor === undefined
        ? ok({ list: [order("p-1")], nextPageCursor: "page%3D2" })
        : ok({ list: [order("p-2")], nextPageCursor: "" }),
    );
    stub.answers.set("/v5/position/list", ({ query }) =>
      query.settleCoin === "USDT"
        ? ok({
            list: [
              {
                symbol: "BTCUSDT",
                side: "Sell",
                size: "0.003",
                avgPrice: "99.95",
                stopLoss: "101",
              },
              { symbol: "NOPEUSDT", side: "Buy", size: "1" },
            ],
          })
        : undefined,
    );
    stub.answers.set("/v5/execution/list", () =>
      ok({ list: [execution("e-3", 30), execution("e-2", 20), execution("e-1", 20)] }),
    );
    await running(false);
    const [snapshot] = tested.of("account_snapshot");
    expect(snapshot?.cause).toBe("start-up");
    expect(snapshot?.openOrders.map(({ clientId }) => clientId)).toEqual<string[]>(["p-1", "p-2"]);
    expect(snapshot?.positions).toMatchObject([
      { symbolId: BTC, positionSteps: -3, entryPriceText: "99.95", stopLossTicks: 1_010 },
    ]);
    expect(snapshot?.executions.map(({ execId }) => execId)).toEqual<string[]>([
      "e-1",
      "e-2",
      "e-3",
    ]);
    expect(fixedToText(snapshot?.wallet?.available ?? 0n)).toBe("800.5");
    expect(stub.asked("/v5/order/realtime")[1]?.query.cursor).toBe("page=2");
  });

  test("is not delivered in part: it is fetched again until it is whole", async () => {
    let failures = 2;
    stub.answers.set("/v5/position/list", () =>
      failures-- > 0 ? refusal(10_005, "Permission denied") : undefined,
    );
    await running(false);
    expect(tested.of("account_snapshot").length).toBe(1);
    expect(stub.asked("/v5/position/list").length).toBe(3);
  });

  test.each([
    ["wallet", "/v5/account/wallet-balance"],
    ["orders", "/v5/order/realtime"],
    ["executions", "/v5/execution/list"],
  ])("without its %s it is not the account", async (_part, path) => {
    stub.answers.set(path, () => refusal(10_005, "Permission denied"));
    tested = connect(stub, { tradeSocket: false });
    await tested.started;
    await until(() => stub.asked(path).length >= 2, "it was asked for again");
    expect(tested.of("account_snapshot")).toEqual([]);
    stub.answers.delete(path);
    await until(() => tested.of("account_snapshot").length === 1, "it was fetched after all");
    expect(fixedToText(tested.of("account_snapshot")[0]?.wallet?.available ?? 0n)).toBe("800.5");
  });

  test("executions: a day and a minute back at first, then a minute before the last look", async () => {
    const startsMs = () => stub.asked("/v5/execution/list").map(({ query }) => query.startTime);
    const beganMs = Date.now();
    await running(false);
    const firstMs = Number(startsMs()[0]);
    expect(Math.abs(firstMs - (beganMs - 86_460_000))).toBeLessThan(10_000);
    const askedMs = tested.of("account_snapshot")[0]?.requestedVenueAtMs ?? 0;
    expect(firstMs).toBe(Math.round(askedMs - 86_460_000));
    tested.venue.reconcile("again");
    await until(() => tested.of("account_snapshot").length === 2, "it was fetched again");
    expect(startsMs()).toEqual([`${firstMs}`, `${Math.round(askedMs - 60_000)}`]);
  });

  test.each([
    ["a leg of a hedge", { positionIdx: 1 }, "BTCUSDT"],
    ["a size of null", { size: null }, "BTCUSDT"],
    ["no size", { size: undefined }, "BTCUSDT"],
    ["another contract", { symbol: "ETH-25DEC26" }, "ETH-25DEC26"],
  ])(
    "a position with %s is there and unreadable: absence would mean flat",
    async (_what, change, symbol) => {
      const row = { symbol: "BTCUSDT", side: "Buy", size: "0.003", avgPrice: "99.9", ...change };
      const other = { symbol: "ETHUSDT", side: "Buy", size: "0.02", avgPrice: "10" };
      stub.answers.set("/v5/position/list", () => ok({ list: [row, other] }));
      await running(false);
      const [snapshot] = tested.of("account_snapshot");
      expect(snapshot?.unreadable).toMatchObject([
        { what: "position", symbol, symbolId: symbol === "BTCUSDT" ? 0 : null },
      ]);
      expect(snapshot?.positions.map(({ symbolId }) => symbolId)).toEqual([ETH]);
      expect(snapshot?.venueCounts).toEqual({ openPositions: 2, openingOrders: 0 });
      expect(tested.logs.join()).toContain("position that cannot be used");
    },
  );

  test("a stop off the grid costs the stop and not the size", async () => {
    const row = { symbol: "BTCUSDT", side: "Buy", size: "0.003", avgPrice: "1", stopLoss: "9.93" };
    stub.answers.set("/v5/position/list", () => ok({ list: [row] }));
    await running(false);
    const [snapshot] = tested.of("account_snapshot");
    expect(snapshot?.positions).toMatchObject([{ positionSteps: 3, stopLossTicks: null }]);
    expect(snapshot?.unreadable).toEqual([]);
  });

  test("an open order that cannot be read is there; what only closes opens nothing", async () => {
    const rows = [
      order("p-1", { price: "99.93" }),
      order("p-2"),
      order("p-3", { reduceOnly: true }),
      order("p-4", { orderStatus: "Untriggered", triggerPrice: "110" }),
      order("p-5", { symbol: "ETH-25DEC26" }),
      order("p-6", { symbol: "ETH-25DEC26", reduceOnly: true }),
    ];
    stub.answers.set("/v5/order/realtime", () => ok({ list: rows }));
    await running(false);
    const [snapshot] = tested.of("account_snapshot");
    const names = snapshot?.unreadable.map(({ what, symbol }) => `${what} ${symbol}`);
    expect(names).toEqual(["order BTCUSDT", "order ETH-25DEC26"]);
    expect(snapshot?.openOrders.map(({ clientId }) => `${clientId}`)).toEqual([
      "p-2",
      "p-3",
      "p-4",
    ]);
    expect(snapshot?.venueCounts.openingOrders).toBe(4);
  });

  test("a position that settles in another coin counts and is named", async () => {
    const row = { symbol: "ETHPERP", side: "Buy", size: "1", avgPrice: "10" };
    stub.answers.set("/v5/position/list?USDC", () => ok({ list: [row] }));
    await running(false);
    const [snapshot] = tested.of("account_snapshot");
    expect(snapshot?.venueCounts).toEqual({ openPositions: 1, openingOrders: 0 });
    expect(snapshot?.unreadable).toMatchObject([
      { what: "position", symbol: "ETHPERP", symbolId: null },
    ]);
  });

  test("a row of the stream that cannot be used is told, and the account fetched", async () => {
    await running(false);
    const broken = { symbol: "BTCUSDT", side: "Buy", size: null, category: "linear" };
    const foreign = { symbol: "ETHPERP", side: "Buy", size: "1", category: "linear" };
    const closed = { symbol: "SOLPERP", side: "", size: "0", category: "linear" };
    stub.push("/v5/private", { topic: "position", data: [broken, foreign, closed] });
    stub.push("/v5/private", { topic: "order", data: [order("x", { price: "99.93" })] });
    await until(() => tested.of("unreadable_row").length === 3, "they were told");
    const told = tested.of("unreadable_row").map(({ what, symbol }) => `${what} ${symbol}`);
    expect(told).toEqual(["position BTCUSDT", "position ETHPERP", "order BTCUSDT"]);
    await until(() => tested.of("account_snapshot").length >= 2, "the account was fetched");
  });

  test("a list of positions without end is not taken for whole", async () => {
    let page = 0;
    const row = { symbol: "BTCUSDT", side: "Buy", size: "0.003", avgPrice: "99.9" };
    stub.answers.set("/v5/position/list", () =>
      Response.json(ok({ list: [row], nextPageCursor: `${++page}` }), {
        headers: { "X-Bapi-Limit": "1000" },
      }),
    );
    tested = connect(stub, { tradeSocket: false });
    await tested.started;
    const said = () => tested.logs.some((line) => line.includes("a list of open things never"));
    await until(said, "it was given up");
    expect(tested.of("account_snapshot")).toEqual([]);
    stub.answers.delete("/v5/position/list");
    await until(() => tested.of("account_snapshot").length === 1, "it was fetched after all");
    expect(tested.of("account_snapshot")[0]?.positions).toEqual([]);
  });

  test("a history without end still gives an account, and says what is missing", async () => {
    let page = 0;
    stub.answers.set("/v5/execution/list", () =>
      Response.json(
        ok({ list: [execution(`h-${page}`, 1_000 - page)], nextPageCursor: `${++page}` }),
        { headers: { "X-Bapi-Limit": "1000" } },
      ),
    );
    await running(false);
    expect(tested.of("account_snapshot")[0]?.executions.length).toBe(100);
    expect(tested.logs.join()).toContain("more executions than can be listed");
  });

  test("each execution is delivered once, over streams, repeats and reconnects", async () => {
    stub.answers.set("/v5/execution/list", () => ok({ list: [execution("e-1", 10)] }));
    await running(false);
    const message = (...items: object[]) => ({ topic: "execution", creationTime: 5, data: items });
    stub.push("/v5/private", message(execution("e-1", 10), execution("e-2", 20)));
    stub.push("/v5/private", message(execution("e-2", 20), execution("e-3", 30)));
    await until(() => tested.of("execution").length >= 2, "they came");
    expect(tested.of("execution").map(({ execId }) => execId)).toEqual<string[]>(["e-2", "e-3"]);
    expect(tested.venue.health().counters.repeated_executions).toBe(2);
  });

  test("is fetched again after the private stream was away", async () => {
    await running(false);
    stub.drop("/v5/private");
    await until(() => tested.of("account_snapshot").length === 2, "it was fetched again");
    expect(tested.of("account_snapshot")[1]?.cause).toBe("reconnected");
  });

  test("an unusable message about our money makes us fetch the truth", async () => {
    await running(false);
    const broken = execution("e-9", 1, { execPrice: "99.95" });
    stub.push("/v5/private", { topic: "execution", data: [broken, execution("e-10", 2)] });
    await until(() => tested.of("account_snapshot").length === 2, "it was fetched");
    expect(tested.of("execution").map(({ execId }) => execId)).toEqual<string[]>(["e-10"]);
    expect(tested.logs.join()).toContain("an account message is unusable");
  });

  test("a message cut short may have been a fill: the account is fetched", async () => {
    await running(false);
    stub.push("/v5/private", '{"topic":"execution","data":[{"symbol":"BTCUS');
    await until(() => tested.of("account_snapshot").length === 2, "it was fetched");
    expect(tested.of("account_snapshot")[1]?.cause).toBe("unreadable account message");
    expect(tested.venue.health().counters.private_not_json).toBe(1);
  });

  test("what is not ours is counted and does not disturb", async () => {
    await running(false);
    stub.push("/v5/private", {
      topic: "order",
      data: [order("x", { category: "spot" }), order("y", { symbol: "NOPEUSDT" }), order("z")],
    });
    await until(() => tested.of("order_report").length === 1, "ours came");
    expect(tested.venue.health().counters).toMatchObject({
      private_foreign_category: 1,
      private_unknown_symbol: 1,
    });
  });

  test("a clock that runs wrong is measured and the requests are stamped right", async () => {
    const skewMs = -90_000;
    stub.answers.set("/v5/market/time", () =>
      ok({ timeNano: `${Date.now() + skewMs}000000` }, { time: Date.now() + skewMs }),
    );
    await running(false);
    const stamp = Number(stub.asked("/v5/position/list")[0]?.headers.get("X-BAPI-TIMESTAMP"));
    expect(Math.abs(stamp - (Date.now() + skewMs))).toBeLessThan(5_000);
  });

  test("a refused time stamp measures the clock anew and the read succeeds", async () => {
    let refusals = 1;
    stub.answers.set("/v5/order/realtime", () =>
      refusals-- > 0 ? refusal(10_002, "invalid request, please check your timestamp") : undefined,
    );
    await running(false);
    expect(stub.asked("/v5/market/time").length).toBeGreaterThanOrEqual(2);
  });
});
