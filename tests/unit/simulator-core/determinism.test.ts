import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import {
  CLOSED_ORDERS_MAX,
  EXECUTIONS_MAX,
  TRANSACTIONS_MAX,
} from "../../../src/simulator/core/exchange-state.ts";
import { makeIds } from "../../../src/simulator/core/ids.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { options, play } from "./tape.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const TAPE = `price 100
  house sell 9 @ 101
  a buy 5 @ 100 tp=110 sl=95
  house sell 7 @ 100
  b buy 3 market
  b stop trail=3
  house buy 9 @ 90
  house sell 9 @ 95
  rate 0.0005
  time 40000000
  mark 80
  b cancel-all`;

describe("the same calls", () => {
  test("give the same events, ids included", () => {
    const runs = [createExchange(options()), createExchange(options())].map((exchange) => {
      const events = TAPE.split("\n").flatMap((line) => eventsOf(exchange, line));
      return JSON.stringify(events, bigintAsText);
    });
    expect(runs[0]).toBe(runs[1] ?? "");
    expect(runs[0]?.length).toBeGreaterThan(2_000);
  });

  test("under another seed give other ids and nothing else", () => {
    const withSeed = (idSeed: string) => {
      const exchange = createExchange({ ...options(), idSeed });
      return TAPE.split("\n").flatMap((line) => eventsOf(exchange, line));
    };
    const one = JSON.stringify(withSeed("one"), bigintAsText);
    const two = JSON.stringify(withSeed("two"), bigintAsText);
    expect(one).not.toBe(two);
    const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
    expect(one.replaceAll(uuid, "id")).toBe(two.replaceAll(uuid, "id"));
  });
});

/** The events of one line, taken before the tape's player drains them. */
function eventsOf(exchange: ReturnType<typeof createExchange>, line: string): unknown[] {
  const taken: unknown[] = [];
  const drain = exchange.drain;
  exchange.drain = () => {
    const events = drain();
    taken.push(...events);
    return events;
  };
  play(exchange, line, []);
  exchange.drain = drain;
  return taken;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

describe("ids", () => {
  test("are version 4 UUIDs, unique, and a function of seed and counter", () => {
    const next = makeIds("seed");
    const again = makeIds("seed");
    const seen = new Set<string>();
    for (let count = 0; count < 100_000; count++) {
      const id = next();
      seen.add(id);
      if (count < 1_000) expect(again()).toBe(id);
      if (count < 1_000) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
    }
    expect(seen.size).toBe(100_000);
  });

  test("of another seed do not meet", () => {
    const one = makeIds("one");
    const two = makeIds("two");
    const ids = new Set(Array.from({ length: 10_000 }, () => [one(), two()]).flat());
    expect(ids.size).toBe(20_000);
  });
});

describe("events are copies", () => {
  test("an order told earlier does not change when the order does", () => {
    const exchange = createExchange(options());
    exchange.place("a", {
      symbolIndex: 0,
      side: "Buy",
      type: "Limit",
      qtySteps: 5,
      priceTicks: 100,
      timeInForce: "GTC",
    });
    const [told] = exchange.drain().filter((event) => event.kind === "order");
    const [asked] = exchange.openOrders("a");
    exchange.housePlace(0, { side: "Sell", priceTicks: 100, qtySteps: 3, timeInForce: "GTC" });
    expect(told?.order).toMatchObject({ cumSteps: 0, status: "New" });
    expect(asked).toMatchObject({ cumSteps: 0 });
    expect(exchange.openOrders("a")[0]).toMatchObject({ cumSteps: 3 });
  });

  test("drained events are not told twice", () => {
    const exchange = createExchange(options());
    exchange.housePlace(0, { side: "Sell", priceTicks: 100, qtySteps: 1, timeInForce: "GTC" });
    exchange.housePlace(0, { side: "Buy", priceTicks: 100, qtySteps: 1, timeInForce: "GTC" });
    expect(exchange.drain()).toHaveLength(1);
    expect(exchange.drain()).toEqual([]);
  });
});

test("histories keep the newest and have limits", () => {
  const exchange = createExchange(options());
  const trades = Math.max(CLOSED_ORDERS_MAX, EXECUTIONS_MAX, TRANSACTIONS_MAX) + 10;
  for (let count = 0; count < trades; count++) {
    exchange.housePlace(0, {
      side: count % 2 === 0 ? "Sell" : "Buy",
      priceTicks: 100,
      qtySteps: 1,
      timeInForce: "GTC",
    });
    exchange.place("a", {
      symbolIndex: 0,
      side: count % 2 === 0 ? "Buy" : "Sell",
      type: "Limit",
      qtySteps: 1,
      priceTicks: 100,
      timeInForce: "IOC",
      orderLinkId: `o${count}`,
    });
    exchange.drain();
  }
  expect(exchange.closedOrders("a")).toHaveLength(CLOSED_ORDERS_MAX);
  expect(exchange.executions("a")).toHaveLength(EXECUTIONS_MAX);
  expect(exchange.transactions("a")).toHaveLength(TRANSACTIONS_MAX);
  expect(exchange.closedOrders("a")[0]?.orderLinkId).toBe(`o${trades - 1}`);
  expect(exchange.executions("a")[0]?.orderLinkId).toBe(`o${trades - 1}`);
  expect(exchange.findOrder("a", { orderLinkId: "o0" })).toBeNull();
  expect(exchange.findOrder("a", { orderLinkId: `o${trades - 5}` })?.status).toBe("Filled");
});
