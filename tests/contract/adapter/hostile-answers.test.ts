/**
 * Answers that no venue gives and a broken gateway or somebody in between may: bodies without end,
 * bodies that unfold, towers of brackets, names that are none. The adapter refuses them in bounded
 * memory, says so, and goes on with the next answer.
 */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { connect, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, StubExchange, stubInstrument, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const LIST = "/v5/market/instruments-info";
/** Far above what refusing takes, far below what holding the answer would. */
const GROWN_BYTES_MAX = 250_000_000;

let stub: StubExchange;
let tested: UnderTest;
let peakBytes = 0;
let watch: ReturnType<typeof setInterval>;

beforeEach(() => {
  stub = new StubExchange().start();
  peakBytes = 0;
  watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, 5);
});
afterEach(async () => {
  clearInterval(watch);
  await tested.venue.stop();
  await stub.stop();
});

function endless(): Response {
  const chunk = new Uint8Array(1024 * 1024).fill(32);
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(chunk),
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

const folded = gzipSync(Buffer.alloc(600 * 1024 * 1024, 32));
const unfolding = () =>
  new Response(folded, {
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
  });
const tower = () => new Response(`{"retCode":0,"result":${"[".repeat(4_000_000)}`);

for (const [name, answer] of Object.entries({ endless, unfolding, tower })) {
  test(`a body that is ${name} is refused within its memory, and the next one is read`, async () => {
    const before = process.memoryUsage.rss();
    let asked = 0;
    stub.answers.set(LIST, () => (asked++ === 0 ? answer() : undefined));
    tested = connect(stub);
    await until(
      () => tested.of("instruments").some(({ instruments }) => instruments.length === 2),
      "the list is read",
    );
    expect(asked).toBeGreaterThan(1);
    expect(peakBytes - before).toBeLessThan(GROWN_BYTES_MAX);
  });
}

test("names that are none are left out, each with a word of bounded length", async () => {
  const names = ["__proto__", "<script>x", "A\nB\u001b[31m", "X".repeat(10_000), "", "btcusdt"];
  stub.instruments = [...names, "BTCUSDT"].map((symbol) => stubInstrument(symbol));
  tested = connect(stub);
  await until(
    () => tested.of("instruments").some(({ instruments }) => instruments.length > 0),
    "a list is read",
  );
  const listed = tested.of("instruments").flatMap(({ instruments }) => instruments);
  expect(listed.map(({ symbol }) => symbol)).toEqual(["BTCUSDT"]);
});

test("a sentence without end is cut", async () => {
  stub.answers.set(LIST, () => ({ ...ok({}), retCode: 10001, retMsg: "x".repeat(100_000) }));
  tested = connect(stub);
  await until(() => stub.asked(LIST).length > 1, "it was asked again");
  expect(tested.logs.length).toBeGreaterThan(0);
  for (const line of tested.logs) expect(line.length).toBeLessThan(2_000);
});
