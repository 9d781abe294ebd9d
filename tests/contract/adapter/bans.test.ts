/** What the venue refuses at the door: whom that stops, for how long, and whom never. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { asClientOrderId, asTicks } from "../../../src/domain/units.ts";
import type { RememberedContracts, VenueMemory } from "../../../src/runtime/ports/venue-memory.ts";
import {
  accountReady,
  BTC,
  connect,
  ETH,
  orderOf,
  type UnderTest,
} from "../../support/bybit-under-test.ts";
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

const forbidden = () => new Response("access too frequent", { status: 403 });
const lastRest = () => tested.of("feed_status").findLast(({ feed }) => feed === "rest");
const outcomeOf = (clientId: string) =>
  tested.of("submit_result").find((event) => event.clientId === clientId)?.outcome;

async function submitted(clientId: string, more: object = {}) {
  tested.venue.submit(orderOf(clientId, more));
  await until(() => outcomeOf(clientId) !== undefined, "the order has an outcome");
  return outcomeOf(clientId);
}

/** Every path says 403 from now on, and the adapter has found out by a book audit. */
async function banned(): Promise<void> {
  for (const path of [
    "/v5/market/orderbook",
    "/v5/market/time",
    "/v5/order/realtime",
    "/v5/order/cancel",
    "/v5/order/cancel-all",
    "/v5/order/create",
    "/v5/position/list",
    "/v5/position/trading-stop",
  ]) {
    stub.answers.set(path, forbidden);
  }
  tested.venue.checkBook(BTC);
  await until(() => (lastRest()?.bannedUntilMs ?? 0) > 0, "the ban is told");
}

test("a 403 on a book audit stops that audit for a while and nothing else", async () => {
  await running(false);
  stub.answers.set("/v5/market/orderbook", forbidden);
  const times = stub.asked("/v5/market/time").length;
  tested.venue.checkBook(BTC);
  await until(() => stub.asked("/v5/market/time").length > times, "another path was asked");
  await until(() => lastRest()?.up === true, "REST is well");
  tested.venue.checkBook(ETH);
  expect(await submitted("a-1")).toMatchObject({ result: "accepted" });
  tested.venue.reconcile("test");
  await until(() => tested.of("account_snapshot").length === 2, "the account is still read");
  expect(stub.asked("/v5/market/orderbook").length).toBe(1);
  expect(tested.of("feed_status").some(({ bannedUntilMs = 0 }) => bannedUntilMs > 0)).toBe(false);
});

test("while the address is banned cancels and exits go by socket", async () => {
  await running(true);
  await banned();
  expect(lastRest()).toMatchObject({
    up: false,
    detail: expect.stringContaining("address banned"),
  });
  const before = stub.requests.length;
  expect(await submitted("b-1", { reduceOnly: true })).toMatchObject({ result: "accepted" });
  tested.venue.cancel(asClientOrderId("b-1"), BTC, null);
  await until(() => tested.of("cancel_result").length === 1, "the cancel has an outcome");
  expect(tested.of("cancel_result")[0]?.outcome.result).toBe("accepted");
  expect(stub.requests.length).toBe(before);
});

test("without a socket the ways out try the door once in ten seconds, the rest does not", async () => {
  await running(false);
  await banned();
  const asked = (path: string) => stub.asked(path).length;
  for (const id of ["c-1", "c-2", "c-3"]) {
    expect(await submitted(id)).toMatchObject({
      result: "failed",
      text: expect.stringContaining("address banned until"),
    });
  }
  expect(asked("/v5/order/create")).toBe(0);
  for (const id of ["c-4", "c-5", "c-6"]) await submitted(id, { reduceOnly: true });
  expect(asked("/v5/order/create")).toBe(1);
  tested.venue.protect(BTC, asTicks(900));
  tested.venue.cancelAll();
  const isTried = (path: string) => asked(path) === 1;
  await until(() => isTried("/v5/position/trading-stop"), "the stop tried the door");
  await until(() => isTried("/v5/order/cancel-all"), "cancel-all tried the door");
});

test("a way out that is answered ends the ban, since an answer is proof", async () => {
  await running(false);
  await banned();
  stub.answers.clear();
  expect(await submitted("d-1", { reduceOnly: true })).toMatchObject({ result: "accepted" });
  await until(() => lastRest()?.up === true, "REST is well");
  expect(lastRest()?.bannedUntilMs).toBe(0);
  expect(await submitted("d-2")).toMatchObject({ result: "accepted" });
});

test("the code for too many requests of an address closes reads and entries for seconds", async () => {
  await running(true);
  stub.answers.set("/v5/market/orderbook", () => refusal(10_018, "Exceeded the IP rate limit"));
  tested.venue.checkBook(BTC);
  await until(() => (lastRest()?.bannedUntilMs ?? 0) > 0, "the pause is told");
  expect((lastRest()?.bannedUntilMs ?? 0) - Date.now()).toBeLessThan(11_000);
  stub.answers.set("/v5/market/orderbook", () => ok({ list: [] }));
  expect(await submitted("e-1", { reduceOnly: true })).toMatchObject({ result: "accepted" });
});

/** Keeps what the adapter gives it, as the database does over a restart. */
function keptMemory(): VenueMemory & { readonly lists: RememberedContracts[] } {
  const lists: RememberedContracts[] = [];
  const accounts = new Map<string, string>();
  return {
    lists,
    contracts: () => lists.at(-1) ?? null,
    keepContracts: (contracts) => void lists.push(contracts),
    accountId: (apiKey) => accounts.get(apiKey) ?? null,
    keepAccountId: (apiKey, accountId) => void accounts.set(apiKey, accountId),
  };
}

test("a start during a ban works with the contracts and the account of the run before", async () => {
  const memory = keptMemory();
  tested = connect(stub, { memory });
  await accountReady(tested, true);
  await tested.venue.stop();
  expect(memory.lists.length).toBe(1);
  const paths = ["/v5/market/instruments-info", "/v5/market/time", "/v5/market/tickers"];
  for (const path of [...paths, "/v5/user/query-api"]) stub.answers.set(path, forbidden);
  tested = connect(stub, { memory });
  await until(() => tested.of("account_identity").length === 1, "the account is named");
  const [listed] = tested.of("instruments");
  expect(listed?.rememberedFromMs).toBe(memory.lists[0]?.readAtMs);
  expect(tested.of("account_identity")[0]?.accountId).toBe("7");
  await until(() => tested.venue.health().counters.trade_socket === 1, "the trade socket stands");
  expect(await submitted("f-1", { reduceOnly: true })).toMatchObject({ result: "accepted" });
  tested.venue.cancel(asClientOrderId("f-1"), BTC, null);
  await until(() => tested.of("cancel_result").length === 1, "the cancel has an outcome");
  expect(tested.of("account_snapshot")).toEqual([]);
});
