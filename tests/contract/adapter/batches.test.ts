/** Orders of one turn: one request, and an outcome for each. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { asClientOrderId } from "../../../src/domain/units.ts";
import {
  accountReady,
  BTC,
  connect,
  orderOf,
  type UnderTest,
} from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, StubExchange, until } from "../../support/stub-exchange.ts";

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

type Row = readonly [code: number, msg: string];

/** Answers each order of a batch with the next of these; singles with success. */
function answerRows(rows: readonly Row[]): void {
  stub.onTrade = ({ reqId, op, args }) => {
    const orders: { orderLinkId: string }[] | undefined = args[0].request;
    if (orders === undefined) {
      const { orderLinkId } = args[0];
      return { reqId, op, retCode: 0, retMsg: "OK", data: { orderId: `one-${orderLinkId}` } };
    }
    return {
      reqId,
      op,
      retCode: 0,
      retMsg: "OK",
      data: { list: orders.map(({ orderLinkId }) => ({ orderId: `in-${orderLinkId}` })) },
      retExtInfo: { list: rows.slice(0, orders.length).map(([code, msg]) => ({ code, msg })) },
    };
  };
}

const OK: Row = [0, "OK"];
const ops = () =>
  ["order.create", "order.cancel", "order.amend"].flatMap((op) =>
    [op, `${op}-batch`].flatMap((name) => stub.sent("/v5/trade", name).map(() => name)),
  );
const batch = (op: string) => stub.sent("/v5/trade", `${op}-batch`)[0]?.args[0].request ?? [];
const outcomes = () =>
  Object.fromEntries(tested.of("submit_result").map((event) => [event.clientId, event.outcome]));
const cancelled = () =>
  Object.fromEntries(tested.of("cancel_result").map((event) => [event.clientId, event.outcome]));

describe("orders of one turn by socket", () => {
  test("go together, and each has what the venue said of it", async () => {
    await running(true);
    answerRows([OK, [110_007, "not enough"], OK]);
    for (const id of ["b-1", "b-2", "b-3"]) tested.venue.submit(orderOf(id));
    await until(() => tested.of("submit_result").length === 3, "each has an outcome");
    expect(ops()).toEqual(["order.create-batch"]);
    expect(batch("order.create").map(({ orderLinkId }: any) => orderLinkId)).toEqual([
      "b-1",
      "b-2",
      "b-3",
    ]);
    expect(outcomes()).toMatchObject({
      "b-1": { result: "accepted", venueOrderId: "in-b-1" },
      "b-2": { result: "rejected", reason: "margin" },
      "b-3": { result: "accepted" },
    });
  });

  test("one alone goes as ever", async () => {
    await running(true);
    answerRows([]);
    tested.venue.submit(orderOf("b-1"));
    await until(() => tested.of("submit_result").length === 1, "it has an outcome");
    expect(ops()).toEqual(["order.create"]);
  });

  test("cancels leave before what is new, whatever was asked for first", async () => {
    await running(true);
    answerRows([OK, OK, OK]);
    tested.venue.submit(orderOf("b-1"));
    tested.venue.submit(orderOf("b-2"));
    for (const id of ["c-1", "c-2"]) tested.venue.cancel(asClientOrderId(id), BTC, null);
    await until(() => tested.of("submit_result").length === 2, "each has an outcome");
    const sent = stub.texts
      .filter(({ path }) => path === "/v5/trade")
      .map(({ message }) => message.op);
    expect(sent.filter((op: string) => op.startsWith("order."))).toEqual([
      "order.cancel-batch",
      "order.create-batch",
    ]);
  });

  test("a cancel that the batch had no room for goes by itself, one that is gone does not", async () => {
    await running(true);
    answerRows([OK, [110_001, "order not exists"], [10_006, "Too many visits"]]);
    for (const id of ["c-1", "c-2", "c-3"]) tested.venue.cancel(asClientOrderId(id), BTC, null);
    await until(() => tested.of("cancel_result").length === 3, "each has an outcome");
    expect(cancelled()).toMatchObject({
      "c-1": { result: "accepted" },
      "c-2": { result: "gone" },
      "c-3": { result: "accepted" },
    });
    expect(stub.asked("/v5/order/cancel").map(({ body }) => body.orderLinkId)).toEqual(["c-3"]);
  });

  test("what the budget of batches does not take goes singly, on a budget of its own", async () => {
    await running(true);
    answerRows(Array.from({ length: 10 }, () => OK));
    for (let at = 0; at < 13; at++) tested.venue.submit(orderOf(`b-${at}`));
    await until(() => tested.of("submit_result").length === 13, "each has an outcome");
    expect(ops()).toEqual(["order.create", "order.create", "order.create", "order.create-batch"]);
    expect(batch("order.create").length).toBe(10);
  });

  test("an answer that does not name each order leaves all of them in doubt, sent once", async () => {
    await running(true);
    answerRows([OK]);
    for (const id of ["b-1", "b-2"]) tested.venue.submit(orderOf(id));
    await until(() => tested.of("submit_result").length === 2, "each has an outcome");
    expect(outcomes()).toMatchObject({
      "b-1": { result: "unknown" },
      "b-2": { result: "unknown" },
    });
    expect(ops()).toEqual(["order.create-batch"]);
    expect(stub.asked("/v5/order/create")).toEqual([]);
  });

  test("a batch that is refused as a whole is refused for each", async () => {
    await running(true);
    stub.onTrade = ({ reqId, op }) => ({ reqId, op, retCode: 10_006, retMsg: "Too many visits" });
    for (const id of ["b-1", "b-2"]) tested.venue.submit(orderOf(id));
    await until(() => tested.of("submit_result").length === 2, "each has an outcome");
    expect(outcomes()).toMatchObject({
      "b-1": { result: "rejected", reason: "rate" },
      "b-2": { result: "rejected", reason: "rate" },
    });
  });
});

describe("orders of one turn by REST", () => {
  test("cancels go together, new orders each by itself", async () => {
    await running(false);
    stub.answers.set("/v5/order/cancel-batch", ({ body }) => ({
      ...ok({ list: body.request.map(() => ({ orderId: "x" })) }),
      retExtInfo: { list: [OK, [110_001, "gone"]].map(([code, msg]) => ({ code, msg })) },
    }));
    for (const id of ["c-1", "c-2"]) tested.venue.cancel(asClientOrderId(id), BTC, null);
    for (const id of ["b-1", "b-2"]) tested.venue.submit(orderOf(id));
    await until(() => tested.of("cancel_result").length === 2, "each cancel has an outcome");
    await until(() => tested.of("submit_result").length === 2, "each order has an outcome");
    expect(cancelled()).toMatchObject({ "c-1": { result: "accepted" }, "c-2": { result: "gone" } });
    expect(stub.asked("/v5/order/cancel-batch").length).toBe(1);
    expect(stub.asked("/v5/order/cancel")).toEqual([]);
    expect(stub.asked("/v5/order/create").length).toBe(2);
  });
});
