/** Amending on its way out: by socket and by REST, sent once, each answer told as what it is. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { asVenueOrderId } from "../../../src/domain/units.ts";
import { accountReady, connect, orderOf, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, refusal, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const AMEND = "/v5/order/amend";

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

async function amended() {
  const order = orderOf("c-1", { priceTicks: 651_142, stopLossTicks: 640_000 });
  tested.venue.amend(order, asVenueOrderId("v-1"));
  await until(() => tested.of("amend_result").length === 1, "it has an outcome");
  return tested.of("amend_result")[0]?.outcome;
}

const BODY = {
  category: "linear",
  symbol: "BTCUSDT",
  orderId: "v-1",
  price: "65114.20",
  stopLoss: "64000.00",
};

describe("an amendment", () => {
  test("goes by the socket where it stands, with price and stop and nothing else", async () => {
    await running(true);
    expect(await amended()).toEqual({ result: "accepted" });
    expect(stub.sent("/v5/trade", "order.amend").map(({ args }) => args)).toEqual([[BODY]]);
    expect(stub.asked(AMEND)).toEqual([]);
  });

  test("goes by REST otherwise", async () => {
    await running(false);
    stub.answers.set(AMEND, () => ok({ orderId: "v-1" }));
    expect(await amended()).toEqual({ result: "accepted" });
    expect(stub.asked(AMEND).map(({ body }) => body)).toEqual([BODY]);
  });

  const ANSWERS: readonly [string, number, string][] = [
    ["too late", 110_001, "gone"],
    ["nothing changed or a wrong field", 10_001, "rejected"],
    ["not enough margin", 110_007, "rejected"],
  ];
  test.each(ANSWERS)("%s is told as what it is, and sent once", async (_name, code, result) => {
    await running(false);
    stub.answers.set(AMEND, () => refusal(code, "no"));
    expect((await amended())?.result).toBe(result as never);
    expect(stub.asked(AMEND)).toHaveLength(1);
  });

  test("without a usable answer is unknown, and sent once", async () => {
    await running(false);
    stub.answers.set(AMEND, () => new Response("bad gateway", { status: 502 }));
    expect((await amended())?.result).toBe("unknown");
    expect(stub.asked(AMEND)).toHaveLength(1);
  });
});
