/** Orders on their way out, against a server that misbehaves. */

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { asClientOrderId, asTicks, asVenueOrderId } from "../../../src/domain/units.ts";
import { signRest, signSocket } from "../../../src/venue/bybit/codec/sign.ts";
import { order } from "../../support/account-rows.ts";
import {
  accountReady,
  BTC,
  connect,
  ETH,
  KEYS,
  orderOf,
  type UnderTest,
} from "../../support/bybit-under-test.ts";
import { given } from "../../support/given.ts";
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

async function running(
  tradeSocket: boolean,
  more: Parameters<typeof connect>[1] = {},
): Promise<void> {
  tested = connect(stub, { tradeSocket, ...more });
  await accountReady(tested, tradeSocket);
}

const outcomeOf = (clientId: string) =>
  tested.of("submit_result").find((event) => event.clientId === clientId)?.outcome;

async function submitted(clientId: string, more: object = {}) {
  tested.venue.submit(orderOf(clientId, more));
  await until(() => outcomeOf(clientId) !== undefined, "the order has an outcome");
  return outcomeOf(clientId);
}

async function cancelled(clientId: string, venueOrderId: string | null = null) {
  tested.venue.cancel(
    asClientOrderId(clientId),
    BTC,
    venueOrderId === null ? null : asVenueOrderId(venueOrderId),
  );
  const find = () => tested.of("cancel_result").find((event) => event.clientId === clientId);
  await until(() => find() !== undefined, "the cancel has an outcome");
  return find()?.outcome;
}

const creates = () => stub.asked("/v5/order/create");

describe("new orders by REST", () => {
  test("carry exact decimals, the stop, the client id, and a signature of these very bytes", async () => {
    await running(false);
    const answer = await submitted("c-1", { priceTicks: 651_142, stopLossTicks: 640_000 });
    expect(answer).toEqual({ result: "accepted", venueOrderId: asVenueOrderId("by-rest-c-1") });
    const [request] = creates();
    expect(request?.body).toEqual({
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Limit",
      qty: "0.005",
      price: "65114.20",
      timeInForce: "PostOnly",
      positionIdx: 0,
      orderLinkId: "c-1",
      reduceOnly: false,
      tpslMode: "Full",
      stopLoss: "64000.00",
      slTriggerBy: "LastPrice",
      smpType: "CancelMaker",
    });
    const header = (name: string) => request?.headers.get(`X-BAPI-${name}`) ?? "";
    expect(header("API-KEY")).toBe(KEYS.apiKey);
    expect(header("SIGN")).toBe(
      signRest({
        ...KEYS,
        timestampMs: Number(header("TIMESTAMP")),
        recvWindowMs: Number(header("RECV-WINDOW")),
        payload: JSON.stringify(request?.body),
      }),
    );
  });

  test("a market order has no price and is immediate", async () => {
    await running(false);
    await submitted("c-2", { type: "market", priceTicks: null, side: "sell", reduceOnly: true });
    const { body } = given(creates()[0]);
    expect(body).toMatchObject({ orderType: "Market", side: "Sell", timeInForce: "IOC" });
    expect("price" in body || "stopLoss" in body).toBe(false);
  });

  const cases: [string, () => object | Response | null, object][] = [
    [
      "no money",
      () => refusal(110_007, "ab not enough for new order"),
      { result: "rejected", reason: "margin" },
    ],
    ["a code nobody knows", () => refusal(987_654, "new"), { result: "rejected", reason: "other" }],
    [
      "a rate limit",
      () => refusal(10_006, "Too many visits"),
      { result: "rejected", reason: "rate" },
    ],
    ["a duplicate id", () => refusal(110_072, "OrderLinkedID is duplicate"), { result: "unknown" }],
    ["a server error", () => refusal(10_016, "Server error"), { result: "unknown" }],
    ["HTTP 502", () => new Response("<html>bad gateway", { status: 502 }), { result: "unknown" }],
    ["half an answer", () => new Response('{"retCode":0,"res'), { result: "unknown" }],
    ["HTTP 404", () => new Response("", { status: 404 }), { result: "rejected", reason: "other" }],
  ];
  for (const [name, answer, outcome] of cases) {
    test(`${name}: ${JSON.stringify(outcome)}, sent exactly once`, async () => {
      await running(false);
      stub.answers.set("/v5/order/create", answer);
      expect(await submitted("c-3")).toMatchObject(outcome);
      expect(creates().length).toBe(1);
    });
  }

  test("a server that is gone: failed, since it never left", async () => {
    await running(false);
    await stub.stop();
    expect(await submitted("c-4")).toMatchObject({ result: "failed" });
  });

  test("a connection that breaks under an order: unknown, as it may have arrived", async () => {
    const broken = Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
    await running(false, {
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (url.includes("/v5/order/create")) throw broken;
        return answer;
      },
    });
    expect(await submitted("c-11")).toMatchObject({ result: "unknown" });
    expect(creates().length).toBe(1);
  });

  test("too many, says the venue: the next order waits here, a cancel of its own budget goes", async () => {
    await running(false);
    stub.answers.set("/v5/order/create", () => refusal(10_006, "Too many visits"));
    expect(await submitted("c-12")).toMatchObject({ result: "rejected", reason: "rate" });
    stub.answers.delete("/v5/order/create");
    expect(await submitted("c-13")).toMatchObject({
      result: "failed",
      text: expect.stringContaining("rate limit"),
    });
    expect(creates().length).toBe(1);
    expect(await cancelled("c-12")).toEqual({ result: "accepted" });
  });

  test("a burst above the budget fails here instead of being refused there", async () => {
    await running(false);
    for (let order = 0; order < 14; order++) tested.venue.submit(orderOf(`b-${order}`));
    await until(() => tested.of("submit_result").length === 14, "all have an outcome");
    const failed = tested.of("submit_result").filter(({ outcome }) => outcome.result === "failed");
    expect([creates().length, failed.length]).toEqual([10, 4]);
    expect(failed[0]?.outcome).toMatchObject({ text: expect.stringContaining("rate limit") });
    expect(await cancelled("b-0")).toEqual({ result: "accepted" });
  });

  test("a larger limit is learned from the headers", async () => {
    await running(false);
    const headers = { "X-Bapi-Limit": "20", "X-Bapi-Limit-Status": "19" };
    stub.answers.set("/v5/order/create", ({ body }) =>
      Response.json(ok({ orderId: "o", orderLinkId: body.orderLinkId }), { headers }),
    );
    await submitted("first");
    for (let order = 0; order < 15; order++) tested.venue.submit(orderOf(`l-${order}`));
    await until(() => tested.of("submit_result").length === 16, "all have an outcome");
    expect(tested.of("submit_result").every(({ outcome }) => outcome.result === "accepted")).toBe(
      true,
    );
  });
});

describe("new orders by socket", () => {
  test("go by socket when it stands, with a stamp and an id of their own", async () => {
    await running(true);
    expect(await submitted("s-1")).toEqual({
      result: "accepted",
      venueOrderId: asVenueOrderId("by-socket-s-1"),
    });
    await submitted("s-2");
    const sent = stub.sent("/v5/trade", "order.create");
    expect(sent[0].args[0]).toMatchObject({ orderLinkId: "s-1", price: "99.90" });
    expect(Number(sent[0].header["X-BAPI-TIMESTAMP"])).toBeGreaterThan(1_600_000_000_000);
    expect(new Set(sent.map(({ reqId }) => reqId)).size).toBe(2);
    expect(sent[0].reqId.length).toBeLessThanOrEqual(36);
    expect(creates()).toEqual([]);
    const [auth] = stub.sent("/v5/trade", "auth");
    expect(auth.args[2]).toBe(signSocket(KEYS.apiSecret, auth.args[1]));
  });

  test("a connection that dies with the order on it: unknown, and never sent again", async () => {
    await running(true);
    stub.onTrade = () => null;
    tested.venue.submit(orderOf("s-3"));
    await until(() => stub.sent("/v5/trade", "order.create").length === 1, "it was sent");
    stub.drop("/v5/trade");
    await until(() => outcomeOf("s-3") !== undefined, "it has an outcome");
    expect(outcomeOf("s-3")).toMatchObject({ result: "unknown" });
    expect(creates()).toEqual([]);
    expect(stub.sent("/v5/trade", "order.create").length).toBe(1);
  });

  test("a connection that says nothing after an order is not used again until it speaks", async () => {
    await running(true);
    stub.silent = true;
    tested.venue.submit(orderOf("s-8"));
    await until(() => tested.logs.join().includes("the trade socket is silent"), "it was noticed");
    expect(outcomeOf("s-8")).toBeUndefined();
    expect(await submitted("s-9")).toMatchObject({ venueOrderId: "by-rest-s-9" });
    stub.silent = false;
    stub.push("/v5/trade", { retCode: 0, retMsg: "OK", op: "pong" });
    await until(() => tested.venue.health().counters.trade_socket === 1, "it is in use again");
    expect(await submitted("s-10")).toMatchObject({ venueOrderId: "by-socket-s-10" });
    expect(stub.sent("/v5/trade", "order.create").length).toBe(2);
  });

  test("without a connection orders go by REST", async () => {
    await running(true);
    stub.authFails = true;
    stub.drop("/v5/trade");
    await until(() => tested.venue.health().counters.trade_socket === 0, "it is down");
    expect(await submitted("s-4")).toMatchObject({ venueOrderId: "by-rest-s-4" });
  });

  test("a connection that is not signed in yet is none: orders go by REST", async () => {
    await running(true);
    stub.silent = true;
    const auths = () => stub.sent("/v5/trade", "auth").length;
    const before = auths();
    stub.drop("/v5/trade");
    await until(() => auths() > before, "it connects again, and nobody answers");
    expect(await submitted("s-8")).toMatchObject({ venueOrderId: "by-rest-s-8" });
    expect(stub.sent("/v5/trade", "order.create")).toEqual([]);
  });

  test("a server that leaves answers what runs and gets nothing new", async () => {
    await running(true);
    const held: any[] = [];
    stub.onTrade = (message) => {
      held.push(message);
      return null;
    };
    tested.venue.submit(orderOf("s-9"));
    await until(() => held.length === 1, "the first was sent");
    tested.venue.submit(orderOf("s-10"));
    await until(() => held.length === 2, "both were sent");
    const [first, second] = held;
    const reply = { op: "order.create", retMsg: "" };
    stub.push("/v5/trade", { ...reply, reqId: first.reqId, retCode: 10_019 });
    await until(() => outcomeOf("s-9") !== undefined, "the first has an outcome");
    expect(await submitted("s-11")).toMatchObject({ venueOrderId: "by-rest-s-11" });
    const data = { orderId: "late", orderLinkId: "s-10" };
    stub.push("/v5/trade", { ...reply, reqId: second.reqId, retCode: 0, data });
    await until(() => outcomeOf("s-10") !== undefined, "the second has an outcome");
    expect(outcomeOf("s-10")).toEqual({
      result: "accepted",
      venueOrderId: asVenueOrderId("late"),
    });
    expect(held.length).toBe(2);
  });

  test("a refusal is a rejection with the venue's words", async () => {
    await running(true);
    stub.onTrade = ({ reqId, op }) => ({ reqId, op, retCode: 110_003, retMsg: "price is invalid" });
    expect(await submitted("s-5")).toEqual({
      result: "rejected",
      reason: "price",
      text: "110003 price outside the allowed range: price is invalid",
    });
  });

  test("a stamp that is refused is corrected by the refusal, also with REST shut", async () => {
    await running(true);
    stub.answers.set("/v5/market/time", () => new Response("", { status: 503 }));
    const aheadMs = 300_000;
    stub.onTrade = ({ reqId, op }) => ({
      ...{ reqId, op, retCode: 10_002, retMsg: "invalid request, please check your timestamp" },
      header: { Timenow: String(Date.now() + aheadMs) },
    });
    await submitted("s-11");
    await submitted("s-12");
    const [first, second] = stub.sent("/v5/trade", "order.create");
    const stampOf = ({ header }: typeof first) => Number(header["X-BAPI-TIMESTAMP"]);
    expect(stampOf(second) - stampOf(first)).toBeGreaterThan(aheadMs - 10_000);
  });

  test("a server that says it leaves gets no further orders", async () => {
    await running(true);
    stub.onTrade = ({ reqId, op }) => ({
      reqId,
      op,
      retCode: 10_019,
      retMsg: "ws trade service is restarting",
    });
    expect(await submitted("s-6")).toMatchObject({
      result: "rejected",
      text: expect.stringContaining("10019"),
    });
    expect(await submitted("s-7")).toMatchObject({ venueOrderId: "by-rest-s-7" });
  });
});

test("an address that is shut out sends nothing more, not even orders", async () => {
  await running(false);
  for (const path of ["/v5/order/create", "/v5/market/time"]) {
    stub.answers.set(path, () => new Response("access too frequent", { status: 403 }));
  }
  expect(await submitted("x-1")).toMatchObject({
    result: "rejected",
    text: expect.stringContaining("403"),
  });
  await until(() => tested.logs.join().includes("address banned until"), "the ban was believed");
  const before = stub.requests.length;
  expect(await submitted("x-2")).toMatchObject({ result: "failed" });
  expect(stub.requests.length).toBe(before);
});

describe("cancels", () => {
  test("name the venue's id when it is known, else ours", async () => {
    await running(false);
    await cancelled("c-5");
    await cancelled("c-6", "venue-6");
    const bodies = stub.asked("/v5/order/cancel").map(({ body }) => body);
    expect(bodies).toEqual([
      { category: "linear", symbol: "BTCUSDT", orderLinkId: "c-5" },
      { category: "linear", symbol: "BTCUSDT", orderId: "venue-6" },
    ]);
  });

  test("an order that is already finished is gone, not an error", async () => {
    await running(false);
    stub.answers.set("/v5/order/cancel", () => refusal(110_001, "order not exists or too late"));
    expect(await cancelled("c-7")).toMatchObject({ result: "gone" });
    expect(stub.asked("/v5/order/cancel").length).toBe(1);
  });

  test("are repeated until the venue answers", async () => {
    await running(false);
    let left = 2;
    stub.answers.set("/v5/order/cancel", () =>
      left-- > 0 ? new Response("", { status: 503 }) : undefined,
    );
    expect(await cancelled("c-8")).toEqual({ result: "accepted" });
    expect(stub.asked("/v5/order/cancel").length).toBe(3);
  });

  test("a cancel lost on the socket is said again by REST", async () => {
    await running(true);
    stub.onTrade = () => null;
    tested.venue.cancel(asClientOrderId("c-9"), BTC, null);
    await until(() => stub.sent("/v5/trade", "order.cancel").length === 1, "it was sent");
    stub.drop("/v5/trade");
    await until(() => tested.of("cancel_result").length === 1, "it has an outcome");
    expect(tested.of("cancel_result")[0]?.outcome).toEqual({ result: "accepted" });
    expect(stub.asked("/v5/order/cancel").length).toBe(1);
  });

  test("a cancel without an answer on the socket is said again by REST after a second", async () => {
    await running(true);
    stub.silent = true;
    tested.venue.cancel(asClientOrderId("c-10"), BTC, null);
    await until(() => tested.of("cancel_result").length === 1, "it has an outcome");
    expect(tested.of("cancel_result")[0]?.outcome).toEqual({ result: "accepted" });
    expect(stub.open("/v5/trade")).toBe(1);
  });

  test("all at once leaves exchange-held stops alone", async () => {
    await running(false);
    tested.venue.cancelAll();
    await until(() => stub.asked("/v5/order/cancel-all").length === 1, "it was sent");
    expect(stub.asked("/v5/order/cancel-all")[0]?.body).toEqual({
      category: "linear",
      settleCoin: "USDT",
      orderFilter: "Order",
    });
  });
});

describe("stops", () => {
  test("are put for the whole position; of several in a row only the newest follows", async () => {
    await running(false);
    for (const ticks of [900, 901, 902, 903]) tested.venue.protect(BTC, asTicks(ticks));
    const stops = () => stub.asked("/v5/position/trading-stop").map(({ body }) => body.stopLoss);
    await until(() => stops().length === 2, "two were put");
    await Bun.sleep(20);
    expect(stops()).toEqual(["90.00", "90.30"]);
    expect(stub.asked("/v5/position/trading-stop")[0]?.body).toMatchObject({
      symbol: "BTCUSDT",
      positionIdx: 0,
      tpslMode: "Full",
    });
  });

  test("one that the venue refuses makes us look at the account", async () => {
    await running(false);
    stub.answers.set("/v5/position/trading-stop", () => refusal(10_001, "StopLoss is not valid"));
    tested.venue.protect(ETH, asTicks(5));
    await until(() => tested.of("account_snapshot").length === 2, "the account was fetched");
    expect(tested.of("account_snapshot")[1]?.cause).toBe("stop of ETHUSDT was not put");
    expect(tested.logs.join()).toContain("could not put the exchange-held stop");
  });

  test("unchanged is as good as done", async () => {
    await running(false);
    stub.answers.set("/v5/position/trading-stop", () => refusal(34_040, "not modified"));
    tested.venue.protect(BTC, asTicks(5));
    await until(() => stub.asked("/v5/position/trading-stop").length === 1, "it was put");
    await Bun.sleep(20);
    expect(tested.logs.join()).not.toContain("could not put");
  });
});

describe("asking about an order", () => {
  const answers = () => tested.of("order_answer");

  test("open orders first, then the history", async () => {
    await running(false);
    stub.answers.set("/v5/order/history", ({ query }) =>
      ok({
        list: [order(query.orderLinkId ?? "", { orderStatus: "Filled", cumExecQty: "0.005" })],
      }),
    );
    tested.venue.askOrder(asClientOrderId("q-1"), BTC);
    await until(() => answers().length === 1, "there is an answer");
    expect(answers()[0]?.report).toMatchObject({
      clientId: "q-1",
      status: "filled",
      filledSteps: 5,
    });
  });

  test("never heard of it: only after the venue said so twice", async () => {
    await running(false);
    tested.venue.askOrder(asClientOrderId("q-2"), BTC);
    tested.venue.askOrder(asClientOrderId("q-2"), BTC);
    await until(() => answers().length === 1, "there is an answer");
    expect(answers()[0]).toEqual({
      kind: "order_answer",
      clientId: asClientOrderId("q-2"),
      report: null,
    });
    expect(stub.asked("/v5/order/history").length).toBe(2);
  });

  test("an order that is listed late is found by the second look", async () => {
    await running(false);
    let looks = 0;
    stub.answers.set("/v5/order/realtime", ({ query }) =>
      query.orderLinkId === "q-3" && ++looks === 2 ? ok({ list: [order("q-3")] }) : undefined,
    );
    tested.venue.askOrder(asClientOrderId("q-3"), BTC);
    await until(() => answers().length === 1, "there is an answer");
    expect(answers()[0]?.report?.venueOrderId).toBe<string | undefined>("v-q-3");
  });

  test("a server that does not answer is no answer", async () => {
    await running(false);
    stub.answers.set("/v5/order/realtime", () => refusal(10_005, "Permission denied"));
    tested.venue.askOrder(asClientOrderId("q-4"), BTC);
    await until(() => tested.logs.join().includes("stays unknown"), "it was logged");
    expect(answers()).toEqual([]);
  });
});
