import { describe, expect, test } from "bun:test";
import type { OrderIntent, OrderState } from "../../../src/domain/order.ts";
import {
  asClientOrderId,
  asSteps,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { planOf } from "../../../src/orders/plan.ts";
import type { OrderRow } from "../../../src/orders/table.ts";
import { intentOf } from "./support.ts";

const RULES = {
  atMs: 10_000,
  requoteBps: 5,
  restMs: 1_500,
  entriesPerSide: 1,
  keepsExits: false,
};

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
    executedSteps: asSteps(0),
    cancelAtMs: 0,
    askedAtMs: 0,
    awaitingSinceMs: 0,
    amendment: null,
    termsAtMs: terms.createdAtMs ?? 0,
    isRigid: false,
    overfillSteps: 0,
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

  test("an order of another strategy is not kept for the owner of now", () => {
    const foreign = row(target("buy", 10_000, { strategy: "momentum" }));
    check([target("buy", 10_000)], [foreign], [0, 1]);
  });

  test("targets of two symbols in one plan are a bug", () => {
    const stray = target("buy", 1000, { symbolId: 1 as SymbolId });
    expect(() => planOf([target("sell", 1001), stray], [], RULES)).toThrow("symbol by symbol");
  });
});

describe("several entries a side", () => {
  const rules = { ...RULES, entriesPerSide: 2 };
  const ladder = [target("buy", 10_000), target("buy", 9_900)];

  test("each target has a place, up to the strategy's number", () => {
    expect(planOf(ladder, [], rules).place).toEqual(ladder);
    expect(planOf([...ladder, target("buy", 9_800)], [], rules).place).toEqual(ladder);
  });

  test("an order answers the target that it is nearest to", () => {
    const live = [row(target("buy", 9_901))];
    expect(planOf(ladder, live, rules)).toEqual({
      place: [target("buy", 10_000)],
      cancel: [],
      amend: [],
    });
  });

  test("one that must move frees its place before another is placed", () => {
    const [near, far] = [row(target("buy", 10_000)), row(target("buy", 9_500))];
    expect(planOf(ladder, [near, far], rules)).toEqual({ place: [], cancel: [far], amend: [] });
    const leaving = { ...far, state: "cancelling" } as OrderRow;
    expect(planOf(ladder, [near, leaving], rules)).toEqual({ place: [], cancel: [], amend: [] });
    expect(planOf(ladder, [near], rules).place).toEqual([target("buy", 9_900)]);
  });

  test("a reducing order stays alone on its side", () => {
    const exits = [target("sell", 1001, EXIT), target("sell", 1002, EXIT)];
    expect(planOf(exits, [], rules).place).toEqual(exits.slice(0, 1));
  });
});
