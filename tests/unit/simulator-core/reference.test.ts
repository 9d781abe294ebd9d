/** Random operations on the core and on the reference model must end in the same place. */
import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { FIXED_ONE } from "../../../src/kernel/fixed.ts";
import type { ExchangeCore, SimEvent } from "../../../src/simulator/core/api.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { Reference, type RefOrder } from "./reference.ts";
import { options } from "./tape.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const MARK_TICKS = 100;
const RICH_USDT = "1000000000";

const side = fc.constantFrom("Buy" as const, "Sell" as const);
const price = fc.integer({ min: 95, max: 105 });
const qty = fc.integer({ min: 1, max: 12 });
const tif = fc.constantFrom("GTC", "GTC", "GTC", "IOC", "FOK", "PostOnly" as const);
const smp = fc.constantFrom("None", "None", "CancelMaker", "CancelTaker", "CancelBoth" as const);
const pick = fc.nat(1000);

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("place" as const),
      owner: fc.constantFrom("a" as const, "b" as const),
      side,
      price,
      qty,
      tif,
      smp,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("house" as const), side, price, qty, tif }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("amend" as const), pick, price, qty }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

/** Both worlds, and how to find one order in each. */
interface Worlds {
  readonly exchange: ExchangeCore;
  readonly reference: Reference;
  readonly handles: Map<RefOrder, number>;
  readonly events: SimEvent[];
}

function worlds(): Worlds {
  const base = options({ priceLimitRatioX: 0.9, priceLimitRatioY: 0.9, minNotional: 0 });
  const accounts = base.accounts.map((account) => ({ ...account, walletUsdt: RICH_USDT }));
  const exchange = createExchange({ ...base, accounts });
  exchange.setPrices(0, { markTicks: MARK_TICKS, indexTicks: MARK_TICKS });
  return { exchange, reference: new Reference(), handles: new Map(), events: [] };
}

function perform({ exchange, reference, handles }: Worlds, op: Operation): void {
  const name = `o${reference.orders.length}`;
  const chosen = "pick" in op ? reference.orders[op.pick % reference.orders.length] : undefined;
  switch (op.kind) {
    case "place":
      reference.place({ ...op, name });
      exchange.place(op.owner, {
        symbolIndex: 0,
        side: op.side,
        type: "Limit",
        qtySteps: op.qty,
        priceTicks: op.price,
        timeInForce: op.tif,
        smpType: op.smp,
        orderLinkId: name,
      });
      break;
    case "house": {
      const order = reference.place({ ...op, name, owner: "house", smp: "None" });
      handles.set(
        order,
        exchange.housePlace(0, {
          side: op.side,
          priceTicks: op.price,
          qtySteps: op.qty,
          timeInForce: op.tif,
        }),
      );
      break;
    }
    case "cancel":
      if (chosen === undefined) return;
      reference.cancel(chosen);
      if (chosen.owner === "house") exchange.houseCancel(0, handles.get(chosen) ?? 0);
      else exchange.cancel(chosen.owner, 0, { orderLinkId: chosen.name });
      break;
    case "amend":
      if (chosen === undefined || chosen.owner === "house") return;
      reference.amend(chosen, op.qty, op.price);
      exchange.amend(chosen.owner, {
        symbolIndex: 0,
        orderLinkId: chosen.name,
        qtySteps: op.qty,
        priceTicks: op.price,
      });
      break;
  }
}

function expectSameBook({ exchange, reference }: Worlds): void {
  const bids = exchange.levels(0, "Buy", 1000);
  const asks = exchange.levels(0, "Sell", 1000);
  expect(bids).toEqual(reference.levels("Buy"));
  expect(asks).toEqual(reference.levels("Sell"));
  if (bids[0] !== undefined && asks[0] !== undefined) expect(bids[0]).toBeLessThan(asks[0]);
}

function expectSameTrades({ reference, events }: Worlds): void {
  const trades = events.flatMap((event) => (event.kind === "trade" ? [event.trade] : []));
  const plain = trades.map((trade) => ({
    side: trade.side,
    price: trade.priceTicks,
    qty: trade.qtySteps,
  }));
  expect(plain).toEqual(reference.trades);
}

function expectSameOrders({ exchange, reference, handles }: Worlds): void {
  const states = { open: ["New", "PartiallyFilled"], filled: ["Filled"], cancelled: ["Cancelled"] };
  for (const order of reference.orders) {
    if (order.owner === "house") {
      const left = order.state === "open" ? order.qty - order.filled : 0;
      expect(exchange.houseLeft(0, handles.get(order) ?? 0)).toBe(left);
      continue;
    }
    const found = exchange.findOrder(order.owner, { orderLinkId: order.name });
    expect(found?.cumSteps).toBe(order.filled);
    expect(states[order.state]).toContain(found?.status ?? "missing");
  }
}

/** Sizes, exact fees, and money: equity is what was put in, less what was bought, plus worth. */
function expectSameMoney({ exchange, reference }: Worlds): void {
  for (const owner of ["a", "b"] as const) {
    const maker = BigInt(reference.makerValue[owner]) * (FIXED_ONE / 5_000n); // 0.0002
    const taker = BigInt(reference.takerValue[owner]) * (FIXED_ONE / 2_000n); // 0.0005
    const fees = exchange.executions(owner).reduce((sum, { fee }) => sum + fee, 0n);
    expect(fees).toBe(maker + taker);
    const size = exchange.positions(owner).reduce((sum, { sizeSteps }) => sum + sizeSteps, 0);
    expect(size).toBe(reference.size[owner]);
    const worth = BigInt(size * MARK_TICKS - reference.bought[owner]) * FIXED_ONE;
    const { walletBalance, unrealised } = exchange.wallet(owner);
    expect(walletBalance + unrealised).toBe(BigInt(RICH_USDT) * FIXED_ONE + worth - fees);
    const changes = exchange.transactions(owner).reduce((sum, { change }) => sum + change, 0n);
    expect(walletBalance).toBe(BigInt(RICH_USDT) * FIXED_ONE + changes);
  }
  const { size, bought } = reference;
  expect(size.a + size.b + size.house).toBe(0);
  expect(bought.a + bought.b + bought.house).toBe(0);
}

test("the core matches like the reference: books, trades, priority, orders, fees, money", () => {
  fc.assert(
    fc.property(
      fc.array(operation, { minLength: 10, maxLength: 90, size: "max" }),
      (operations) => {
        const both = worlds();
        for (const op of operations) {
          perform(both, op);
          both.events.push(...both.exchange.drain());
          expectSameBook(both);
        }
        expectSameTrades(both);
        expectSameOrders(both);
        expectSameMoney(both);
      },
    ),
    { numRuns: 400, seed: 20_250_101 },
  );
});
