import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import type { ExecutionReport, OrderReport } from "../../../src/domain/event.ts";
import { asClientOrderId, type PriceTicks, type QtySteps } from "../../../src/domain/units.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { FINISHED_KEPT_MAX } from "../../../src/paper/paper-orders.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { ID, money, tradeOf, world } from "./world.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const ticks = (n: number) => n as PriceTicks;
const steps = (n: number) => n as QtySteps;

/** Bid 999 × 8, ask 1001 × 4 and 1002 × 6. */
function market(options: Parameters<typeof world>[0] = {}) {
  const made = world(options);
  made.book("999x8 998x20", "1001x4 1002x6");
  made.ticker({ lastPrice: "100.0", markPrice: "100.0" }, true);
  made.tape();
  return made;
}

describe("resting orders", () => {
  test("fill only when a trade reaches their place behind the displayed size", () => {
    const { submit, trade, tape, exchange } = market();
    expect(submit("a", "buy", { priceTicks: ticks(999) })).toEqual(["a accepted", "a new 0/5"]);
    expect(exchange.aheadOf(asClientOrderId("a"))).toBe(8);
    trade("sell", 999, 6);
    expect(tape()).toEqual([]);
    trade("sell", 999, 4);
    expect(tape()).toEqual([
      "a buy 2 @ 999 maker fee 0.00003996",
      "a partially_filled 2/5",
      "position 2 @ 99.9",
    ]);
    trade("sell", 999, 10);
    expect(tape()).toEqual([
      "a buy 3 @ 999 maker fee 0.00005994",
      "a filled 5/5",
      "position 5 @ 99.9",
    ]);
    trade("sell", 999, 10);
    expect(tape()).toEqual([]);
  });

  test("are first where nothing is displayed", () => {
    const { submit, trade, tape } = market();
    submit("a", "sell", { priceTicks: ticks(1000) });
    trade("buy", 1000, 2);
    expect(tape()[0]).toBe("a sell 2 @ 1000 maker fee 0.00004");
  });

  test("fill when the market trades through them, for no more than was traded", () => {
    const { submit, trade, tape } = market();
    submit("a", "buy", { priceTicks: ticks(999) });
    trade("sell", 998, 3);
    expect(tape()).toContain("a partially_filled 3/5");
    trade("sell", 998, 30);
    expect(tape()).toContain("a filled 5/5");
  });

  test("fill at their own price when the other side is displayed beyond it, once", () => {
    const { submit, book, tape } = market();
    submit("a", "buy", { priceTicks: ticks(1000) });
    book("990x5", "1000x3 1001x4");
    expect(tape()).toContain("a partially_filled 3/5");
    book("990x5", "1000x3 1001x4");
    expect(tape()).toEqual([]);
    book("990x5", "999x5 1001x4");
    expect(tape()[0]).toStartWith("a buy 2 @ 1000 maker");
  });

  test("are not reached by trades on their own side or at worse prices", () => {
    const { submit, trade, tape } = market();
    submit("a", "buy", { priceTicks: ticks(999) });
    trade("buy", 999, 100);
    trade("sell", 1000, 100);
    trade("buy", 1001, 100);
    expect(tape()).toEqual([]);
  });

  test("share one trade in order of price and time, and never fill for more than it", () => {
    const { submit, trade, events } = market();
    submit("worse", "buy", { priceTicks: ticks(999) });
    submit("first", "buy", { priceTicks: ticks(1000) });
    submit("second", "buy", { priceTicks: ticks(1000) });
    trade("sell", 1000, 7);
    const fills = events.filter((event): event is ExecutionReport => event.kind === "execution");
    expect(fills.map((fill) => [fill.clientId, fill.qtySteps])).toEqual([
      [asClientOrderId("first"), steps(5)],
      [asClientOrderId("second"), steps(2)],
    ]);
  });

  test("leave when cancelled; a second cancel finds nothing", () => {
    const { submit, cancel, trade, tape } = market();
    submit("a", "buy", { priceTicks: ticks(999) });
    expect(cancel("a")).toEqual(["a cancel accepted", "a cancelled 0/5 cancelled by request"]);
    expect(cancel("a")).toEqual(["a cancel gone"]);
    trade("sell", 998, 100);
    expect(tape()).toEqual([]);
  });
});

describe("taking orders", () => {
  test("walk the visible book up to their limit and rest with what is left", () => {
    const { submit, exchange } = market();
    expect(submit("a", "buy", { priceTicks: ticks(1001), qtySteps: steps(7) })).toEqual([
      "a accepted",
      "a buy 4 @ 1001 taker fee 0.00022022",
      "a partially_filled 4/7",
      "position 4 @ 100.1",
    ]);
    expect(exchange.aheadOf(asClientOrderId("a"))).toBe(0);
  });

  test("pay the average of the levels they take", () => {
    const { submit } = market();
    const tape = submit("a", "buy", { type: "market", priceTicks: null, timeInForce: "ioc" });
    expect(tape).toEqual([
      "a accepted",
      "a buy 4 @ 1001 taker fee 0.00022022",
      "a partially_filled 4/5",
      "position 4 @ 100.1",
      "a buy 1 @ 1002 taker fee 0.00005511",
      "a filled 5/5",
      "position 5 @ 100.12",
    ]);
  });

  test("do not find what they have just taken until the next frame", () => {
    const { submit, book } = market();
    const all = {
      type: "market",
      priceTicks: null,
      timeInForce: "ioc",
      qtySteps: steps(10),
    } as const;
    expect(submit("a", "buy", all).at(-2)).toBe("a filled 10/10");
    expect(submit("b", "buy", all)).toEqual([
      "b accepted",
      "b cancelled 0/10 nothing more can be had at once",
    ]);
    book("999x8", "1001x4");
    expect(submit("c", "buy", all)).toContain("c cancelled 4/10 nothing more can be had at once");
  });

  test("of the kind all-or-nothing take nothing when it is not all there", () => {
    const { submit } = market();
    const fok = { priceTicks: ticks(1002), timeInForce: "fok" } as const;
    expect(submit("a", "buy", { ...fok, qtySteps: steps(11) })).toEqual([
      "a accepted",
      "a cancelled 0/11 not all of it can be had at once",
    ]);
    expect(submit("b", "buy", { ...fok, qtySteps: steps(10) })).toContain("b filled 10/10");
  });

  test("of the kind post-only are accepted, then cancelled when they would take", () => {
    const { submit } = market();
    const post = { timeInForce: "post_only" } as const;
    expect(submit("a", "buy", { ...post, priceTicks: ticks(1001) })).toEqual([
      "a accepted",
      "a cancelled 0/5 post-only would take liquidity",
    ]);
    expect(submit("b", "buy", { ...post, priceTicks: ticks(1000) })).toEqual([
      "b accepted",
      "b new 0/5",
    ]);
  });
});

describe("refusals", () => {
  test.each([
    ["a duplicate client id", "known", {}, "duplicate_id"],
    ["reducing nothing", "x", { reduceOnly: true }, "reduce_only"],
    ["a value below the minimum", "x", { priceTicks: ticks(1), qtySteps: steps(1) }, "value"],
    ["a quantity above the maximum", "x", { qtySteps: steps(1_000_001) }, "quantity"],
    [
      "a market quantity above the maximum",
      "x",
      { type: "market", qtySteps: steps(100_001) },
      "quantity",
    ],
    ["more than the wallet carries", "x", { qtySteps: steps(100_001) }, "margin"],
  ] as const)("%s", (_, clientId, change, reason) => {
    const { submit } = market();
    submit("known", "buy", { priceTicks: ticks(990) });
    expect(submit(clientId, "buy", change)).toEqual([`${clientId} rejected ${reason}`]);
  });

  test("a symbol that is not trading", () => {
    const { submit } = market({ instrument: { status: "closed" } });
    expect(submit("a", "buy")).toEqual(["a rejected instrument"]);
  });

  test("no book to match against, none or one in quarantine", () => {
    expect(world().submit("a", "buy")).toEqual(["a rejected no_market"]);
    const { submit, exchange } = market();
    exchange.distrustBook(ID, "audit differs");
    expect(submit("a", "buy")).toEqual(["a rejected no_market"]);
  });

  test("reducing in the wrong direction", () => {
    const { submit } = market();
    submit("a", "buy", { priceTicks: ticks(1001) });
    expect(submit("b", "buy", { reduceOnly: true })).toEqual(["b rejected reduce_only"]);
  });

  test("resting orders bind margin, cancelled ones give it back", () => {
    const { submit, cancel } = market();
    const most = { priceTicks: ticks(999), qtySteps: steps(60_000) };
    expect(submit("a", "buy", most)).toContain("a accepted");
    expect(submit("b", "buy", most)).toEqual(["b rejected margin"]);
    cancel("a");
    expect(submit("c", "buy", most)).toContain("c accepted");
  });
});

describe("reduce-only orders", () => {
  function long() {
    const made = market();
    made.submit("entry", "buy", { priceTicks: ticks(1001), qtySteps: steps(4) });
    return made;
  }

  test("are cut to the position", () => {
    const { submit } = long();
    const exit = { priceTicks: ticks(1005), qtySteps: steps(9), reduceOnly: true };
    expect(submit("exit", "sell", exit)).toEqual(["exit accepted", "exit new 0/4"]);
  });

  test("shrink with the position and end with it", () => {
    const { submit } = long();
    submit("exit", "sell", { priceTicks: ticks(1005), qtySteps: steps(4), reduceOnly: true });
    const some = submit("some", "sell", { priceTicks: ticks(999), qtySteps: steps(3) });
    expect(some.slice(-2)).toEqual(["position 1 @ 100.1", "exit new 0/1"]);
    const rest = submit("rest", "sell", { priceTicks: ticks(999), qtySteps: steps(1) });
    expect(rest.slice(-2)).toEqual([
      "position 0 @ -",
      "exit cancelled 0/1 nothing is left to reduce",
    ]);
  });

  test("never turn the position, even when one trade could fill several", () => {
    const { submit, trade, exchange } = long();
    const exit = { priceTicks: ticks(1001), qtySteps: steps(4), reduceOnly: true };
    submit("one", "sell", { ...exit, priceTicks: ticks(1000) });
    submit("two", "sell", exit);
    trade("buy", 1010, 100);
    expect(exchange.account.stepsOf(ID)).toBe(0);
    expect(exchange.snapshot("test", 0, 0).openOrders).toEqual([]);
  });
});

describe("stops held by the exchange", () => {
  function long() {
    const made = market();
    const tape = made.submit("a", "buy", {
      priceTicks: ticks(1001),
      qtySteps: steps(4),
      stopLossTicks: ticks(980),
    });
    expect(tape.at(-1)).toBe("position 4 @ 100.1 stop 980");
    return made;
  }

  test("come with the entry and close the position at market", () => {
    const { trade, tape } = long();
    trade("sell", 981, 1);
    expect(tape()).toEqual([]);
    trade("sell", 980, 1);
    expect(tape()).toEqual([
      "trade sell 4 @ 999 taker fee 0.00021978",
      "stop filled 4/4",
      "position 0 @ -",
    ]);
  });

  test("fire on a price in the middle of one message", () => {
    const { exchange, tape, now } = long();
    const trades = [990, 979, 999].map((price) => tradeOf("sell", price, 1, 900));
    exchange.market({ kind: "trades", symbolId: ID, trades }, now());
    expect(tape()).toContain("position 0 @ -");
  });

  test("fire on the ticker's last price too", () => {
    const { ticker, tape } = long();
    ticker({ lastPrice: "97.9" });
    expect(tape()).toContain("position 0 @ -");
  });

  test("go on with the next frame when the book is too thin", () => {
    const { book, trade, tape } = long();
    book("980x3", "981x5");
    trade("sell", 980, 1);
    expect(tape()).toEqual([
      "trade sell 3 @ 980 taker fee 0.0001617",
      "stop partially_filled 3/4",
      "position 1 @ 100.1 stop 980",
      "stop cancelled 3/4 nothing more can be had at once",
    ]);
    book("985x50", "990x5");
    expect(tape()).toContain("position 0 @ -");
  });

  test("can be moved, but not to where they would fire, nor put on nothing", () => {
    const { exchange, tape, now } = long();
    expect(exchange.protect(ID, ticks(990), now())).toBe(true);
    expect(tape()).toEqual(["position 4 @ 100.1 stop 990"]);
    expect(exchange.protect(ID, ticks(1000), now())).toBe(false);
    expect(market().exchange.protect(ID, ticks(990), 0)).toBe(false);
  });

  test("do not outlive the position", () => {
    const { submit, exchange } = long();
    submit("exit", "sell", { priceTicks: ticks(999), qtySteps: steps(4) });
    expect(submit("again", "buy", { priceTicks: ticks(1002), qtySteps: steps(2) }).at(-1)).toBe(
      "position 2 @ 100.2",
    );
    expect(exchange.account.position(ID)?.stopLossTicks).toBeNull();
  });
});

describe("funding", () => {
  const DUE_MS = 100_000;
  const rates = { fundingRate: "0.0001", nextFundingTime: String(DUE_MS) };

  function long() {
    const made = market();
    made.ticker({ ...rates, markPrice: "100.05" });
    made.submit("a", "buy", { priceTicks: ticks(1001), qtySteps: steps(4) });
    return made;
  }

  test("is paid once, at the mark, when it falls due", () => {
    const { exchange, tape } = long();
    const before = exchange.account.balance;
    exchange.tick(DUE_MS - 1);
    expect(tape()).toEqual([]);
    exchange.tick(DUE_MS);
    exchange.tick(DUE_MS + 1_000);
    expect(tape()).toEqual(["funding buy 4 @ 1000 taker fee 0.00004002"]);
    expect(before - exchange.account.balance).toBe(money("0.00004002"));
  });

  test("is received by the other side", () => {
    const made = market();
    made.ticker(rates);
    made.submit("a", "sell", { priceTicks: ticks(999), qtySteps: steps(4) });
    made.exchange.tick(DUE_MS);
    expect(made.tape()).toEqual(["funding sell 4 @ 1000 taker fee -0.00004"]);
  });

  test("is paid at the old rate when the ticker moves on before the clock does", () => {
    const { ticker, tape, exchange } = long();
    ticker({ fundingRate: "0.9", nextFundingTime: String(DUE_MS + 28_800_000) });
    expect(tape()).toEqual(["funding buy 4 @ 1000 taker fee 0.00004002"]);
    exchange.tick(DUE_MS + 1);
    expect(tape()).toEqual([]);
  });

  test("is not owed by a position opened after it", () => {
    const made = market();
    made.ticker(rates);
    made.at(DUE_MS + 5);
    made.submit("a", "buy", { priceTicks: ticks(1001), qtySteps: steps(4) });
    made.exchange.tick(DUE_MS + 1_000);
    expect(made.tape()).toEqual([]);
  });
});

describe("the account", () => {
  test("answers what became of an order, also after its end, within a bound", () => {
    const { submit, cancel, exchange, events } = market();
    submit("a", "buy", { priceTicks: ticks(999) });
    cancel("a");
    exchange.ask(asClientOrderId("a"));
    exchange.ask(asClientOrderId("never heard of"));
    expect(events.splice(0)).toMatchObject([
      { kind: "order_answer", clientId: "a", report: { status: "cancelled" } },
      { kind: "order_answer", clientId: "never heard of", report: null },
    ]);
    for (let n = 0; n <= FINISHED_KEPT_MAX; n++) {
      submit(`n${n}`, "buy", { priceTicks: ticks(999) });
      cancel(`n${n}`);
    }
    exchange.ask(asClientOrderId("a"));
    expect(events.at(-1)).toMatchObject({ clientId: "a", report: null });
  });

  test("is shown whole in a snapshot", () => {
    const { submit, exchange } = market();
    submit("a", "buy", { priceTicks: ticks(1001), qtySteps: steps(4) });
    submit("b", "sell", { priceTicks: ticks(1010) });
    const snapshot = exchange.snapshot("start-up", 5, 9);
    expect(snapshot).toMatchObject({ cause: "start-up", requestedAtMs: 5 });
    expect(snapshot.openOrders.map((order: OrderReport) => order.clientId)).toEqual<string[]>([
      "b",
    ]);
    expect(snapshot.positions).toMatchObject([{ positionSteps: 4, entryPriceText: "100.1" }]);
    expect(snapshot.executions).toMatchObject([{ clientId: "a", qtySteps: 4 }]);
    expect(fixedToText(snapshot.wallet?.walletBalance ?? 0n)).toBe("999.99977978");
    expect(fixedToText(snapshot.wallet?.equity ?? 0n)).toBe("999.99937978");
  });

  test("cancels everything at once", () => {
    const { submit, exchange, tape, now } = market();
    submit("a", "buy", { priceTicks: ticks(990) });
    submit("b", "sell", { priceTicks: ticks(1010) });
    exchange.cancelAll(now());
    expect(tape()).toEqual([
      "a cancelled 0/5 cancelled with all others",
      "b cancelled 0/5 cancelled with all others",
    ]);
  });

  test("keeps money and quantity exactly, whatever is traded", () => {
    const side = fc.constantFrom("buy", "sell");
    const step = fc.oneof(
      fc.record({
        order: side,
        price: fc.integer({ min: 990, max: 1010 }),
        qty: fc.integer({ min: 1, max: 30 }),
        reduceOnly: fc.boolean(),
      }),
      fc.record({
        trade: side,
        price: fc.integer({ min: 985, max: 1015 }),
        qty: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({
        mid: fc.integer({ min: 990, max: 1010 }),
        size: fc.integer({ min: 1, max: 30 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (script) => {
        const { trade, book, exchange, events } = market();
        let cash = money("1000");
        let held = 0;
        const filled = new Map<string, number>();
        const settle = () => {
          for (const event of events.splice(0)) {
            if (event.kind === "position_report") expect(event.positionSteps).toBe(held);
            if (event.kind !== "execution") continue;
            const sign = event.side === "buy" ? 1 : -1;
            // A tick times a step is 0.0001 USDT.
            const value = BigInt(event.priceTicks) * BigInt(event.qtySteps) * 10n ** 14n;
            cash -= BigInt(sign) * value + event.fee;
            held += sign * event.qtySteps;
            filled.set(event.clientId, (filled.get(event.clientId) ?? 0) + event.qtySteps);
          }
        };
        const observe = exchange.account;
        script.forEach((now, n) => {
          const before = held;
          if ("order" in now) {
            const change = {
              priceTicks: ticks(now.price),
              qtySteps: steps(now.qty),
              reduceOnly: now.reduceOnly,
            };
            exchange.submit({ ...intentFor(`o${n}`, now.order), ...change }, 1_000_000 + n);
          } else if ("trade" in now) trade(now.trade, now.price, now.qty);
          else book(`${now.mid - 1}x${now.size}`, `${now.mid + 1}x${now.size}`);
          settle();
          expect(observe.stepsOf(ID)).toBe(held);
          if ("order" in now && now.reduceOnly)
            expect(Math.abs(held)).toBeLessThanOrEqual(Math.abs(before));
        });
        // Balance less what the open position cost is all the cash that ever moved.
        const cost = observe.position(ID)?.cost ?? 0n;
        expect(observe.balance - cost).toBe(cash);
        for (const order of exchange.snapshot("end", 0, 0).openOrders) {
          expect(filled.get(order.clientId) ?? 0).toBe(order.filledSteps);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function intentFor(clientId: string, side: "buy" | "sell") {
  return {
    clientId: asClientOrderId(clientId),
    symbolId: ID,
    side,
    type: "limit",
    timeInForce: "gtc",
    purpose: "entry",
    strategy: "test",
    stopLossTicks: null,
    reason: "",
  } as const;
}
