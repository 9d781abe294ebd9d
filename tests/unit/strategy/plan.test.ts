import { describe, expect, test } from "bun:test";
import type { OrderIntent, OrderState } from "../../../src/domain/order.ts";
import {
  asClientOrderId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
} from "../../../src/domain/units.ts";
import type { OrderRow } from "../../../src/orders/table.ts";
import { planOf } from "../../../src/strategy/plan.ts";
import { intentOf } from "../orders/support.ts";

const RULES = { atMs: 10_000, requoteBps: 5, requoteCooldownMs: 1_500, keepsExits: false };

function target(
  side: "buy" | "sell",
  ticks: number,
  terms: Partial<OrderIntent> = {},
): OrderIntent {
  return intentOf({ side, priceTicks: ticks as PriceTicks, ...terms });
}

function row(intent: OrderIntent, terms: Partial<OrderRow> = {}): OrderRow {
  return {
    clientId: asClientOrderId("t-maker-1"),
    intent,
    state: "open",
    venueOrderId: asVenueOrderId("v1"),
    filledSteps: 0 as QtySteps,
    detail: "",
    createdAtMs: 0,
    updatedAtMs: 0,
    executedSteps: 0,
    cancelAtMs: 0,
    askedAtMs: 0,
    awaitingSinceMs: 0,
    ...terms,
  };
}

function check(
  targets: OrderIntent[],
  live: OrderRow[],
  expected: [place: number, cancel: number],
) {
  const plan = planOf(targets, live, RULES);
  expect([plan.place.length, plan.cancel.length]).toEqual(expected);
}

const EXIT = { purpose: "exit", reduceOnly: true } as const;

describe("the plan", () => {
  test("places what is missing", () =>
    check([target("buy", 1000), target("sell", 1001)], [], [2, 0]));

  test("keeps what is there, and near enough", () => {
    check([target("buy", 10_000)], [row(target("buy", 10_000))], [0, 0]);
    check([target("buy", 10_004)], [row(target("buy", 10_000))], [0, 0]);
  });

  test("moves a quote by cancelling first and placing only when it is gone", () => {
    check([target("buy", 10_006)], [row(target("buy", 10_000))], [0, 1]);
  });

  test("a quote that has not rested yet stays", () => {
    check([target("buy", 10_100)], [row(target("buy", 10_000), { createdAtMs: 9_000 })], [0, 0]);
  });

  test("cancels what nobody wants", () => check([], [row(target("buy", 10_000))], [0, 1]));

  test.each(["submitting", "cancelling", "unknown"] as OrderState[])(
    "an order that is %s holds its place and is left alone",
    (state) => {
      check([target("buy", 10_100)], [row(target("buy", 10_000), { state })], [0, 0]);
      check([], [row(target("buy", 10_000), { state })], [0, 0]);
    },
  );

  test("of two orders in one place the second goes", () => {
    const twice = [
      row(target("buy", 10_000)),
      row(target("buy", 10_000), { clientId: asClientOrderId("t-maker-2") }),
    ];
    check([target("buy", 10_000)], twice, [0, 1]);
  });

  test("an exit and an entry of the same side do not share a place", () => {
    check([target("sell", 1001, EXIT)], [row(target("sell", 1001))], [1, 1]);
  });

  test("without a usable price exits stay where they are, entries do not", () => {
    const rules = { ...RULES, keepsExits: true };
    const live = [row(target("sell", 1001, EXIT)), row(target("buy", 1000))];
    expect(planOf([], live, rules).cancel).toEqual(live.slice(1));
    expect(planOf([], live, RULES).cancel).toEqual(live);
  });

  test("an exit that must take now replaces the resting one at once", () => {
    const urgent = target("sell", 990, { ...EXIT, timeInForce: "ioc" });
    check([urgent], [row(target("sell", 1001, EXIT), { createdAtMs: 9_900 })], [0, 1]);
  });

  test("an exit of the wrong size is replaced, a part-filled one of the right rest is kept", () => {
    const bigger = target("sell", 1001, { ...EXIT, qtySteps: 120 as QtySteps });
    check([bigger], [row(target("sell", 1001, EXIT))], [0, 1]);
    const rest = target("sell", 1001, { ...EXIT, qtySteps: 60 as QtySteps });
    check([rest], [row(target("sell", 1001, EXIT), { filledSteps: 40 as QtySteps })], [0, 0]);
  });
});
