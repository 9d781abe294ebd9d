/** Bars by REST: what is asked, what is answered, and that a failure is an answer too. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { BTC, connect, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const PATH = "/v5/market/kline";

let stub: StubExchange;
let tested: UnderTest;

beforeEach(async () => {
  stub = new StubExchange().start();
  tested = connect(stub, { apiKey: "", apiSecret: "" });
  await tested.started;
});
afterEach(async () => {
  await tested.venue.stop();
  await stub.stop();
});

async function answered() {
  await until(() => tested.of("bars_loaded").length === 1, "the bars were answered");
  return tested.of("bars_loaded")[0];
}

test("one unsigned request brings the closed bars", async () => {
  const runningAtMs = Math.floor(Date.now() / 300_000) * 300_000;
  const row = (startAtMs: number) => [String(startAtMs), "99.9", "100", "99.9", "100", "1", "100"];
  const list = [row(runningAtMs), row(runningAtMs - 300_000), row(runningAtMs - 600_000)];
  stub.answers.set(PATH, () => ({ ...ok({ list }), time: Date.now() }));
  tested.venue.loadBars(BTC, "5m", 2);
  const { bars, fault, symbolId, span } = (await answered()) ?? expect.unreachable();
  expect([symbolId, span, fault]).toEqual([BTC, "5m", ""]);
  expect(bars.map(({ startAtMs }) => startAtMs)).toEqual([
    runningAtMs - 600_000,
    runningAtMs - 300_000,
  ]);
  const [request] = stub.requests.filter(({ path }) => path === PATH);
  // One more than wanted, as the running bar is in the list.
  expect(request?.query).toEqual({
    category: "linear",
    symbol: "BTCUSDT",
    interval: "5",
    limit: "3",
  });
});

test("a refusal, an unusable row and a span that the venue does not keep are said", async () => {
  stub.answers.set(PATH, () => ({ retCode: 10001, retMsg: "Not supported", result: {} }));
  tested.venue.loadBars(BTC, "1m", 2);
  expect(await answered()).toMatchObject({ bars: [], fault: expect.stringContaining("10001") });
  stub.answers.set(PATH, () => ok({ list: [["x"]] }));
  tested.venue.loadBars(BTC, "1m", 2);
  tested.venue.loadBars(BTC, "1s", 2);
  await until(() => tested.of("bars_loaded").length === 3, "all are answered");
  expect(tested.of("bars_loaded").map(({ fault }) => fault)).toContain(
    "the venue keeps no bars of 1s",
  );
  expect(stub.requests.filter(({ path }) => path === PATH)).toHaveLength(2);
});

test("what charts ask is marked in the answer, and is not tried again", async () => {
  stub.answers.set(PATH, () => ({ retCode: 10006, retMsg: "Too many visits!", result: {} }));
  tested.venue.loadBars(BTC, "1m", 2, true);
  expect(await answered()).toMatchObject({ isForCharts: true, bars: [] });
  expect(stub.requests.filter(({ path }) => path === PATH)).toHaveLength(1);
});
