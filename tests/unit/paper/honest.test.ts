/** Where a simulated venue would give more than a real one: dead books, bottomless wallets. */
import { describe, expect, test } from "bun:test";
import { recounted } from "../../../src/domain/recount.ts";
import type { PriceTicks, QtySteps } from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { gridOf } from "../../../src/kernel/decimal.ts";
import { BOOK_AGE_MS_MAX } from "../../../src/paper/belief.ts";
import { contestedQueue } from "../../../src/paper/models/queue.ts";
import { ID, INSTRUMENT, money, world } from "./world.ts";

const ticks = (count: number) => count as PriceTicks;
const steps = (count: number) => count as QtySteps;

/** Long 4 at 100.1 with a stop at 99.2. */
function long(options: Parameters<typeof world>[0] = {}) {
  const made = world(options);
  made.book("1000x50", "1001x50");
  made.submit("in", "buy", {
    priceTicks: ticks(1001),
    qtySteps: steps(4),
    stopLossTicks: ticks(992),
  });
  made.tape();
  return made;
}

describe("a dead book", () => {
  test("fills no stop: it waits for a book that is believed", () => {
    const { at, now, ticker, tape, book, exchange } = long();
    at(now() + 300_000);
    ticker({ lastPrice: "80.0", markPrice: "80.0" }, true);
    expect(tape()).toEqual([]);
    expect(exchange.account.stepsOf(ID)).toBe(4);
    book("799x50", "800x50");
    expect(tape()[0]).toStartWith("trade sell 4 @ 799 taker");
    expect(exchange.account.stepsOf(ID)).toBe(0);
  });

  test("takes no market order, and does again when a later ticker agrees with it", () => {
    const { at, now, ticker, submit } = long();
    const out = { type: "market", priceTicks: null, timeInForce: "ioc", reduceOnly: true } as const;
    at(now() + BOOK_AGE_MS_MAX + 1);
    expect(submit("a", "sell", { ...out, qtySteps: steps(2) })).toEqual([
      "a accepted",
      "a cancelled 0/2 nothing more can be had at once",
    ]);
    ticker({ bid1Price: "100.0", ask1Price: "100.1", lastPrice: "100.0" }, true);
    expect(submit("b", "sell", { ...out, qtySteps: steps(2) })).toContain("b filled 2/2");
  });

  test("that a later ticker contradicts is none, however young", () => {
    const { at, now, ticker, submit } = long();
    at(now() + 1_500);
    ticker({ bid1Price: "99.0", ask1Price: "99.1", lastPrice: "99.5" }, true);
    expect(submit("a", "buy", { priceTicks: ticks(1001) })).toEqual(["a accepted", "a new 0/5"]);
  });
});

describe("a wallet that no longer backs its positions", () => {
  const rich = { walletUsdt: "0.05", instrument: { leverageMax: 100 } };

  test("loses them at the mark, once, before it is owed anything", () => {
    const { ticker, tape, exchange, events } = long(rich);
    ticker({ lastPrice: "100.0", markPrice: "95.0" }, true);
    expect(tape()).toEqual([]);
    events.length = 0;
    ticker({ markPrice: "88.0" });
    const kinds = events.flatMap((event) => (event.kind === "execution" ? [event.execKind] : []));
    expect(kinds).toEqual(["liquidation"]);
    expect(exchange.account.stepsOf(ID)).toBe(0);
    ticker({ markPrice: "50.0" });
    expect(exchange.account.balance).toBeGreaterThanOrEqual(0n);
  });

  test("keeps them above the maintenance margin", () => {
    const { ticker, exchange } = long({ walletUsdt: "0.10" });
    ticker({ lastPrice: "100.0", markPrice: "88.0" }, true);
    expect(exchange.account.stepsOf(ID)).toBe(4);
  });
});

describe("a better price than anybody's", () => {
  const market = (share: number) =>
    world({ models: { queue: contestedQueue({ reactMs: 200, share }) } });

  test("is alone for a moment, then others are met first", () => {
    const early = market(0.5);
    early.book("990x20", "1001x20");
    early.submit("a", "buy", { priceTicks: ticks(995) });
    early.trade("sell", 990, 3);
    expect(early.tape()).toContain("a partially_filled 3/5");

    const late = market(0.5);
    late.book("990x20", "1001x20");
    late.submit("a", "buy", { priceTicks: ticks(995) });
    late.at(late.now() + 300);
    late.trade("sell", 990, 8);
    expect(late.tape()).toEqual([]);
    late.trade("sell", 990, 4);
    expect(late.tape()).toContain("a partially_filled 2/5");
  });

  test("is uncontested where nobody reacts", () => {
    const { book, submit, trade, tape, at, now } = market(0);
    book("990x20", "1001x20");
    submit("a", "buy", { priceTicks: ticks(995) });
    at(now() + 300);
    trade("sell", 990, 3);
    expect(tape()).toContain("a partially_filled 3/5");
  });
});

test("a changed grid moves no money and keeps orders, stop and queue where they are", () => {
  const { exchange, submit, tape, book, trade } = long();
  submit("rest", "buy", { priceTicks: ticks(1000), qtySteps: steps(7) });
  tape();
  const before = exchange.account.balance;
  const equity = exchange.account.equity(() => money("99"));
  const listed = { ...INSTRUMENT, price: gridOf("0.01"), qty: gridOf("0.0001") };
  exchange.load([must(recounted(INSTRUMENT, listed), "grids with a common unit")]);
  expect(exchange.account.balance).toBe(before);
  expect(exchange.account.equity(() => money("99"))).toBe(equity);
  const snapshot = exchange.snapshot("test", 0, 0);
  expect(snapshot.positions).toMatchObject([{ positionSteps: 40, stopLossTicks: 9_920 }]);
  expect(snapshot.openOrders).toMatchObject([{ priceTicks: 10_000, qtySteps: 70 }]);
  book("10000x500", "10010x500");
  trade("sell", 10_000, 500);
  trade("sell", 10_000, 70);
  expect(tape()).toContain("rest filled 70/70");
  expect(exchange.account.stepsOf(ID)).toBe(110);
});
