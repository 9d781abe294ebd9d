/** The venue's life: starting against a dead server, restarts, silence, garbage, stopping. */

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { systemClock, type VirtualClock, virtualClock } from "../../../src/runtime/clocks.ts";
import { BTC, connect, ETH, type UnderTest } from "../../support/bybit-under-test.ts";
import { given } from "../../support/given.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { bookText, ok, StubExchange, stubInstrument, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const PUBLIC = "/v5/public/linear";
const BTC_BOOK = "orderbook.50.BTCUSDT";

let stub: StubExchange;
let tested: UnderTest | null = null;

beforeEach(() => {
  stub = new StubExchange().start();
});
afterEach(async () => {
  await tested?.venue.stop();
  await stub.stop();
  tested = null;
});

/** Time alone ends a quiet period; here nothing else is said that would show that it passed. */
const settle = (clock: { nowMs(): number } = systemClock) =>
  given(tested).market.settle(clock.nowMs());
const isLive = (id = BTC) =>
  given(tested).market.size > 0 && given(tested).market.book(id).state === "live";
const lastStatus = (feed: string) =>
  given(tested)
    .of("feed_status")
    .findLast((event) => event.feed === feed)?.up;

/** Moves a virtual clock in small steps and lets sockets work in between. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  const endMs = clock.nowMs() + ms;
  while (clock.nowMs() < endMs) {
    clock.advanceTo(Math.min(endMs, clock.nowMs() + 100));
    await Bun.sleep(1);
  }
}

describe("starting", () => {
  test("instruments come first, then live books; health is green everywhere", async () => {
    tested = connect(stub);
    await tested.started;
    await until(() => isLive(BTC) && isLive(ETH), "both books are live");
    await until(() => given(tested).of("account_snapshot").length === 1, "the account was fetched");
    expect(tested.events.find((event) => event.kind !== "feed_status")?.kind).toBe("instruments");
    const health = tested.venue.health();
    expect([health.market.up, health.private.up, health.rest.up]).toEqual([true, true, true]);
    expect(tested.market.book(BTC).bestBidTicks).toBe(999 as never);
  });

  test("a server that is not there yet: keeps trying, says so, then works", async () => {
    await stub.stop();
    tested = connect(stub);
    await until(
      () => lastStatus("rest") === undefined && given(tested).logs.length > 0,
      "it warned",
    );
    expect(tested.logs.join()).toContain("cannot load the contracts; trying again");
    expect(tested.venue.health().rest.up).toBe(false);
    expect(tested.of("instruments")).toEqual([]);
    stub.start();
    await tested.started;
    await until(() => isLive(), "the book is live");
    expect(lastStatus("rest")).toBe(true);
  });

  test("without keys only the public side exists, and orders say why they fail", async () => {
    tested = connect(stub, { apiKey: "", apiSecret: "" });
    await tested.started;
    await until(() => isLive(), "the book is live");
    expect([stub.open("/v5/private"), stub.open("/v5/trade")]).toEqual([0, 0]);
    expect(tested.venue.health().private).toMatchObject({
      up: false,
      detail: "no API key: this is public data only",
    });
    expect(stub.requests.every(({ headers }) => !headers.has("X-BAPI-SIGN"))).toBe(true);
  });

  test("the contract list is paged, filtered to USDT perpetuals, ids are dense", async () => {
    const pages: Record<string, object> = {
      "": ok({
        list: [
          stubInstrument("BTCUSDT"),
          stubInstrument("BTCPERP", { settleCoin: "USDC" }),
          stubInstrument("BTCUSDT-26DEC25", { contractType: "LinearFutures" }),
        ],
        nextPageCursor: "first%3DA%26last%3DB",
      }),
      "first=A&last=B": ok({ list: [stubInstrument("ETHUSDT")], nextPageCursor: "" }),
    };
    stub.answers.set("/v5/market/instruments-info", ({ query }) => pages[query.cursor ?? ""]);
    tested = connect(stub, { symbolFilter: (symbol) => symbol !== "XRPUSDT" });
    await tested.started;
    const [loaded] = tested.of("instruments");
    expect(loaded?.instruments.map(({ id, symbol }) => [id, symbol])).toEqual([
      [0, "BTCUSDT"],
      [1, "ETHUSDT"],
    ] as never);
  });

  test("a contract with broken terms is left out and logged, the rest trades", async () => {
    const broken = stubInstrument("BADUSDT", { priceFilter: null });
    stub.instruments = [broken, stubInstrument("BTCUSDT", { brandNew: { field: 1 } })];
    tested = connect(stub);
    await tested.started;
    expect(tested.of("instruments")[0]?.instruments.map(({ symbol }) => symbol)).toEqual([
      "BTCUSDT",
    ]);
    expect(tested.logs.join()).toContain("instrument BADUSDT has no usable tickSize");
  });
});

describe("losing connections", () => {
  test("a dropped socket quarantines its books at once and they recover by themselves", async () => {
    tested = connect(stub);
    await tested.started;
    await until(() => isLive() && isLive(ETH), "live");
    const topics = stub.sent(PUBLIC, "subscribe").flatMap(({ args }) => args);
    stub.drop(PUBLIC);
    await until(
      () => given(tested).of("book_fault").length === 2,
      "both books are declared faulty",
    );
    expect(tested.market.book(BTC).fault).toContain("public-1 is down");
    expect(lastStatus("market")).toBe(false);
    await until(() => lastStatus("market") === true, "the feed is up again");
    const asked = () => stub.sent(PUBLIC, "subscribe").flatMap(({ args }) => args);
    await until(() => asked().length === 2 * topics.length, "everything was asked for again");
    expect(asked().slice(topics.length).toSorted()).toEqual(topics.toSorted());
    await until(() => given(tested).market.book(BTC).isRecovering || isLive(), "a snapshot came");
  });

  test("the whole server away and back: every feed is red, then green, nothing crashes", async () => {
    tested = connect(stub);
    await tested.started;
    await until(() => isLive() && lastStatus("private") === true, "all is well");
    await stub.stop();
    await until(() => lastStatus("market") === false && lastStatus("private") === false, "red");
    tested.venue.reconcile("periodic");
    await until(() => lastStatus("rest") === false, "REST is red");
    expect(tested.venue.health()).toMatchObject({
      market: { up: false },
      private: { up: false },
      rest: { up: false },
    });
    stub.start();
    await until(() => lastStatus("market") === true && lastStatus("private") === true, "green");
    await until(() => lastStatus("rest") === true, "REST is green");
    const causes = () =>
      given(tested)
        .of("account_snapshot")
        .map(({ cause }) => cause);
    await until(() => causes().includes("reconnected"), "the gap was closed by REST");
  });

  test("a half-open socket is pinged after 5 s of silence and cut after 10 s", async () => {
    const clock = virtualClock(1_700_000_000_000);
    tested = connect(stub, { clock, apiKey: "" });
    await pass(clock, 2_000);
    await until(() => stub.open(PUBLIC) === 1 && isLive(), "connected");
    stub.silent = true;
    const pings = stub.sent(PUBLIC, "ping").length;
    await pass(clock, 7_000);
    expect(stub.sent(PUBLIC, "ping").length).toBeGreaterThan(pings);
    expect(tested.of("book_fault")).toEqual([]);
    await pass(clock, 5_000);
    expect(tested.of("book_fault")[0]?.fault).toMatch(/silent for \d+ ms/);
    stub.silent = false;
    await pass(clock, 3_000);
    await until(() => stub.open(PUBLIC) === 1, "connected again");
    await pass(clock, 1_500);
    settle(clock);
    expect(isLive()).toBe(true);
  });

  test("a healthy quiet socket is kept: pongs count as life", async () => {
    const clock = virtualClock(1_700_000_000_000);
    tested = connect(stub, { clock, apiKey: "" });
    await pass(clock, 2_000);
    await until(() => isLive(), "connected");
    await pass(clock, 40_000);
    expect(tested.of("book_fault")).toEqual([]);
    expect(stub.sent(PUBLIC, "subscribe").length).toBe(1);
  });

  test("refused auth is retried with a fresh clock and never shows the key", async () => {
    stub.authFails = true;
    tested = connect(stub);
    await tested.started;
    await until(() => stub.sent("/v5/private", "auth").length >= 2, "it tried again");
    expect(tested.of("account_snapshot")).toEqual([]);
    stub.authFails = false;
    await until(() => given(tested).of("account_snapshot").length > 0, "the account was fetched");
    expect(`${tested.logs}${JSON.stringify(tested.venue.health())}`).not.toContain(
      "-of-the-account",
    );
  });
});

describe("books", () => {
  test("a gap is noticed in the same frame and mended by a new subscription of that topic", async () => {
    tested = connect(stub);
    await tested.started;
    await until(() => isLive() && isLive(ETH), "live");
    stub.push(PUBLIC, bookText(BTC_BOOK, { type: "delta", u: 102 }));
    await until(() => given(tested).market.book(BTC).faults === 1, "the fault was seen");
    await until(() => given(tested).market.book(BTC).isRecovering, "a snapshot came");
    await until(() => {
      settle();
      return isLive();
    }, "live again");
    expect(stub.sent(PUBLIC, "unsubscribe").map(({ args }) => args)).toEqual([[BTC_BOOK]]);
    expect(tested.market.book(ETH).faults).toBe(0);
  });

  test("a frame off the grid is a fault of that book with the text in it", async () => {
    tested = connect(stub);
    await tested.started;
    await until(() => isLive(), "live");
    stub.push(PUBLIC, bookText(BTC_BOOK, { type: "delta", u: 101, b: [["99.95", "1"]] }));
    await until(() => given(tested).of("book_fault").length === 1, "the fault was told");
    expect(tested.of("book_fault")[0]?.fault).toContain('price "99.95" is not on the tick 0.10');
  });

  test("a snapshot that does not come is asked for again", async () => {
    const clock = virtualClock(1_700_000_000_000);
    stub.mutedTopics.add(BTC_BOOK);
    tested = connect(stub, { clock, apiKey: "" });
    await pass(clock, 3_000);
    expect(tested.market.book(BTC).state).toBe("none");
    await pass(clock, 6_000);
    expect(stub.sent(PUBLIC, "unsubscribe").length).toBeGreaterThanOrEqual(1);
    stub.mutedTopics.clear();
    await pass(clock, 20_000);
    expect(tested.market.book(BTC).state).toBe("live");
  });

  test("a book that faults again and again is renewed with growing pauses", async () => {
    const clock = virtualClock(1_700_000_000_000);
    tested = connect(stub, { clock, apiKey: "" });
    await pass(clock, 2_000);
    for (let round = 0; round < 300; round++) {
      stub.push(PUBLIC, bookText(BTC_BOOK, { type: "delta", u: 500 + round * 2 }));
      await pass(clock, 100);
    }
    const renewals = stub.sent(PUBLIC, "unsubscribe").length;
    expect(renewals).toBeGreaterThan(3);
    expect(renewals).toBeLessThan(20);
  });

  test("one topic that the venue refuses does not cost the others", async () => {
    stub.refusedTopics.add("publicTrade.BTCUSDT");
    tested = connect(stub);
    await tested.started;
    await until(() => isLive() && isLive(ETH), "live");
    expect(tested.logs.join()).toContain("publicTrade.BTCUSDT");
    expect(tested.venue.health().counters.refused_topics).toBe(1);
  });

  test("garbage is counted and kills nothing", async () => {
    tested = connect(stub);
    await tested.started;
    await until(() => isLive(), "live");
    for (const junk of [
      "",
      "{",
      "null",
      "[]",
      '{"topic":5}',
      '{"topic":"orderbook.50.NOPEUSDT"}',
    ]) {
      stub.push(PUBLIC, junk);
      stub.push("/v5/private", junk);
    }
    stub.push(PUBLIC, bookText(BTC_BOOK, { type: "delta", u: 101 }));
    await until(() => given(tested).market.book(BTC).sequence === 1_101, "the next frame is taken");
    expect(tested.venue.health().counters).toMatchObject({
      public_not_json: 4,
      public_unknown_symbol: 1,
    });
  });
});

describe("the contract list while running", () => {
  test("new contracts get new ids and the same sockets; gone ones are closed", async () => {
    const clock = virtualClock(1_700_000_000_000);
    tested = connect(stub, { clock, apiKey: "" });
    await pass(clock, 2_000);
    await until(() => isLive(), "live");
    stub.instruments = [stubInstrument("NEWUSDT"), stubInstrument("BTCUSDT")];
    await pass(clock, 5 * 60_000 + 2_000);
    await until(() => given(tested).of("instruments").length === 2, "the list changed");
    const list = tested.of("instruments")[1]?.instruments.map((row) => [row.symbol, row.status]);
    expect(list).toEqual([
      ["BTCUSDT", "trading"],
      ["ETHUSDT", "closed"],
      ["NEWUSDT", "trading"],
    ]);
    expect(tested.market.idOf("NEWUSDT")).toBe(2 as never);
    await until(() => isLive(2 as never), "the new book is live");
    expect(stub.sent(PUBLIC, "unsubscribe").flatMap(({ args }) => args)).toContain(
      "orderbook.50.ETHUSDT",
    );
    expect(tested.market.book(ETH).state).toBe("quarantined");
  }, 30_000);

  test("611 contracts are spread so that no connection asks for too much", async () => {
    stub.instruments = Array.from({ length: 611 }, (_, at) => stubInstrument(`COIN${at}USDT`));
    tested = connect(stub, { apiKey: "" });
    await tested.started;
    await until(() => isLive(610 as never) && isLive(0 as never), "all books are live");
    const requests = stub.sent(PUBLIC, "subscribe");
    const topics = requests.flatMap(({ args }) => args as string[]);
    expect(new Set(topics).size).toBe(611 * 3);
    expect(topics.length).toBe(611 * 3);
    expect(stub.open(PUBLIC)).toBeGreaterThanOrEqual(2);
    expect(topics.join(",").length / stub.open(PUBLIC)).toBeLessThan(21_000);
    expect(Math.max(...requests.map(({ args }) => args.length))).toBeLessThanOrEqual(90);
  });
});

test("stopping closes every socket and leaves nothing that could wake up", async () => {
  const base = virtualClock(1_700_000_000_000);
  let timers = 0;
  const clock: VirtualClock = {
    ...base,
    after(delayMs, callback) {
      timers++;
      let isOver = false;
      const over = () => {
        if (!isOver) timers--;
        isOver = true;
      };
      const cancel = base.after(delayMs, () => {
        over();
        callback();
      });
      return () => {
        over();
        cancel();
      };
    },
  };
  tested = connect(stub, { clock });
  await pass(clock, 3_000);
  await until(() => given(tested).of("account_snapshot").length === 1, "running");
  expect(timers).toBeGreaterThan(0);
  await tested.venue.stop();
  await until(
    () => ["/v5/private", "/v5/trade", PUBLIC].every((path) => stub.open(path) === 0),
    "closed",
  );
  expect(timers).toBe(0);
  const count = tested.events.length;
  await pass(clock, 30_000);
  expect(tested.events.length).toBe(count);
});
