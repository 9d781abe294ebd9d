import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { EngineEvent, FeedStatus } from "../../../src/domain/event.ts";
import {
  asClientOrderId,
  asTicks,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
} from "../../../src/domain/units.ts";
import { fixedLatency } from "../../../src/paper/models/latency.ts";
import { approve } from "../../../src/risk/approved.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import type { EventSink, Venue } from "../../../src/runtime/ports/venue.ts";
import { createPaperVenue, REQUESTS_MAX } from "../../../src/venue/paper/paper-venue.ts";
import { tickerOf } from "../../support/frames.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { bookFrame, ID, INSTRUMENT, intentOf, tradeOf } from "../paper/world.ts";
import { memoryLog } from "../record/samples.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const LATENCY_MS = 20;

/** A market that the test drives, and that notes whether anybody tries to trade on it. */
function fakeMarket() {
  let sink: EventSink = () => {};
  const calls: string[] = [];
  const note = (name: string) => () => {
    calls.push(name);
  };
  const part = { up: true, detail: "", lastFrameAtMs: 1 };
  const venue: Venue = {
    name: "mainnet",
    start: async (to) => {
      sink = to;
      sink({ kind: "instruments", instruments: [INSTRUMENT] });
    },
    submit: note("submit"),
    amend: note("amend"),
    cancel: note("cancel"),
    cancelOrphan: note("cancelOrphan"),
    cancelAll: note("cancelAll"),
    askOrder: note("askOrder"),
    protect: note("protect"),
    reconcile: note("reconcile"),
    lookBack: note("lookBack"),
    loadCashLog: note("loadCashLog"),
    resubscribeBook: note("resubscribeBook"),
    checkBook: note("checkBook"),
    loadAccountTerms: note("loadAccountTerms"),
    settleTerms: note("settleTerms"),
    loadBars: note("loadBars"),
    health: () => ({
      market: part,
      private: { up: false, detail: "no keys", lastFrameAtMs: null },
      rest: { up: true, detail: "", lastOkAtMs: 1 },
      counters: { frames: 5 },
    }),
    stop: async () => {
      calls.push("stop");
    },
  };
  return { venue, calls, send: (event: EngineEvent) => sink(event) };
}

async function started() {
  const clock = virtualClock(1_000_000);
  const market = fakeMarket();
  const log = memoryLog();
  const venue = createPaperVenue({
    market: market.venue,
    clock,
    log,
    walletUsdt: "1000",
    models: { latency: fixedLatency(LATENCY_MS) },
  });
  const events: EngineEvent[] = [];
  await venue.start((event) => events.push(event));
  market.send(bookFrame("999x8", "1001x4", 11));
  const pass = (ms: number) => clock.advanceTo(clock.nowMs() + ms);
  const kinds = () => events.splice(0).map((event) => event.kind);
  pass(LATENCY_MS);
  const buy = (clientId: string, change: Parameters<typeof intentOf>[2] = {}) =>
    venue.submit(approve(intentOf(clientId, "buy", change), asClientOrderId(clientId)));
  return { clock, market, log, venue, events, pass, kinds, buy };
}

describe("the market side", () => {
  test("is passed on as it comes, instruments first, with a private feed of its own", async () => {
    const { kinds, events, market } = await started();
    expect(events.find((event): event is FeedStatus => event.kind === "feed_status")).toEqual({
      kind: "feed_status",
      feed: "private",
      up: true,
      detail: "paper account",
    });
    expect(kinds()).toEqual(["instruments", "book", "feed_status"]);
    market.send({ kind: "feed_status", feed: "private", up: false, detail: "no keys" });
    market.send({ kind: "feed_status", feed: "market", up: false, detail: "gone" });
    market.send({
      kind: "wallet_report",
      equity: 1n,
      walletBalance: 1n,
      available: 1n,
      venueAtMs: 1,
    });
    expect(events.splice(0)).toEqual([
      { kind: "feed_status", feed: "market", up: false, detail: "gone" },
    ]);
  });

  test("is asked for bars, and its answer reaches the engine", async () => {
    const { venue, market, events } = await started();
    venue.loadBars(ID, "5m", 3);
    expect(market.calls).toEqual(["loadBars"]);
    const answer = { kind: "bars_loaded", symbolId: ID, span: "5m", bars: [], fault: "" } as const;
    market.send(answer);
    expect(events.at(-1)).toEqual(answer);
  });

  test("never gets an order", async () => {
    const { venue, market, buy, pass } = await started();
    buy("a");
    venue.cancel(asClientOrderId("a"), ID, null);
    venue.cancelOrphan(ID, asVenueOrderId("x"));
    venue.cancelAll();
    venue.askOrder(asClientOrderId("a"), ID);
    venue.protect(ID, asTicks(990));
    venue.reconcile("test");
    pass(1_000);
    expect(market.calls).toEqual([]);
    venue.resubscribeBook(ID);
    await venue.stop();
    expect(market.calls).toEqual(["resubscribeBook", "stop"]);
  });
});

describe("orders", () => {
  test("travel there and back", async () => {
    const { buy, pass, kinds } = await started();
    kinds();
    buy("a", { priceTicks: 1001 as PriceTicks, qtySteps: 4 as QtySteps });
    pass(2 * LATENCY_MS - 1);
    expect(kinds()).toEqual([]);
    pass(1);
    expect(kinds()).toEqual([
      "submit_result",
      "execution",
      "order_report",
      "position_report",
      "wallet_report",
    ]);
  });

  test("meet the book as it is when they arrive, not as it was when they left", async () => {
    const { buy, pass, events, market } = await started();
    buy("a", { priceTicks: 1001 as PriceTicks, timeInForce: "post_only" });
    buy("b", { priceTicks: 1000 as PriceTicks, timeInForce: "post_only" });
    market.send(bookFrame("1001x5", "1002x5", 12));
    pass(2 * LATENCY_MS);
    market.send(bookFrame("999x5", "1000x1", 13));
    pass(LATENCY_MS);
    const fills = events.filter((event) => event.kind === "execution");
    expect(fills).toMatchObject([{ clientId: "a", qtySteps: 1, isMaker: true }]);
  });

  test("can be filled while their cancel is under way", async () => {
    const { buy, venue, pass, kinds, market } = await started();
    buy("a", { priceTicks: 1000 as PriceTicks });
    pass(2 * LATENCY_MS);
    kinds();
    venue.cancel(asClientOrderId("a"), ID, null);
    const trades = [tradeOf("sell", 1000, 9, 999_999)];
    market.send({ kind: "trades", symbolId: ID, trades });
    pass(2 * LATENCY_MS);
    expect(kinds()).toEqual([
      "trades",
      "execution",
      "order_report",
      "position_report",
      "wallet_report",
      "cancel_result",
    ]);
  });

  test("beyond the limit fail as an event and are not sent", async () => {
    const { buy, pass, events } = await started();
    for (let n = 0; n < REQUESTS_MAX + 2; n++) buy(`o${n}`, { priceTicks: 999 as PriceTicks });
    pass(2 * LATENCY_MS);
    const results = events.filter((event) => event.kind === "submit_result");
    const failed = results.filter((event) => event.outcome.result === "failed");
    expect(results).toHaveLength(REQUESTS_MAX + 2);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThanOrEqual(2);
  });

  test("are not matched on a book that the engine distrusts", async () => {
    const { buy, pass, events, venue } = await started();
    venue.resubscribeBook(ID);
    buy("a");
    pass(2 * LATENCY_MS);
    expect(events.at(-1)).toMatchObject({
      kind: "submit_result",
      outcome: { reason: "no_market" },
    });
  });
});

describe("the account", () => {
  test("is answered after the way there and back", async () => {
    const { venue, clock, pass, events } = await started();
    events.splice(0);
    const requestedAtMs = clock.nowMs();
    venue.reconcile("start-up");
    pass(2 * LATENCY_MS - 1);
    expect(events).toEqual([]);
    pass(1);
    expect(events).toMatchObject([
      { kind: "account_identity" },
      { kind: "account_snapshot", cause: "start-up", requestedAtMs, openOrders: [], positions: [] },
    ]);
  });

  test("pays funding by the clock", async () => {
    const { buy, pass, events, market, clock } = await started();
    const nextFundingTime = String(clock.nowMs() + 5_000);
    const fields = { lastPrice: "100", markPrice: "100", fundingRate: "0.0001", nextFundingTime };
    market.send(tickerOf(true, fields, INSTRUMENT));
    buy("a", { priceTicks: 1001 as PriceTicks, qtySteps: 4 as QtySteps });
    pass(10_000);
    const funding = events.filter(
      (event) => event.kind === "execution" && event.execKind === "funding",
    );
    expect(funding).toMatchObject([{ fee: 40_000_000_000_000n, qtySteps: 4 }]);
  });

  test("refuses a stop that would fire, and says so in the log", async () => {
    const { venue, pass, log } = await started();
    venue.protect(ID, asTicks(990));
    pass(2 * LATENCY_MS);
    expect(log.lines).toMatchObject([{ level: "warn", data: { stopLossTicks: 990 } }]);
  });

  test("shows as a healthy private feed", async () => {
    const { venue } = await started();
    const health = venue.health();
    expect(health.private).toMatchObject({ up: true, detail: "paper account" });
    expect(health.market.up).toBe(true);
    expect(health.counters).toMatchObject({ frames: 5, paperExecutions: 0 });
  });

  test("is silent once stopped", async () => {
    const { venue, buy, pass, events } = await started();
    buy("a");
    await venue.stop();
    events.splice(0);
    pass(10_000);
    expect(events).toEqual([]);
    expect(venue.health().private.up).toBe(false);
  });
});

test.each([[""], ["1,000"], ["two"]])("a wallet of %p is refused at once", (walletUsdt) => {
  const create = () =>
    createPaperVenue({
      market: fakeMarket().venue,
      clock: virtualClock(0),
      log: memoryLog(),
      walletUsdt,
    });
  expect(create).toThrow(/must be a decimal, found/);
});
