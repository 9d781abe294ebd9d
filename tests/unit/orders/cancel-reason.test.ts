/** Why an order is taken back, as the record says it. */
import { expect, test } from "bun:test";
import type { OrderIntent } from "../../../src/domain/order.ts";
import type { PriceTicks, QtySteps, SymbolId } from "../../../src/domain/units.ts";
import { cancelReasonOf } from "../../../src/orders/cancel-reason.ts";

const bid = (change: Partial<OrderIntent> = {}): OrderIntent => ({
  symbolId: 1 as SymbolId,
  side: "buy",
  type: "limit",
  priceTicks: 10_000 as PriceTicks,
  qtySteps: 7 as QtySteps,
  timeInForce: "post_only",
  reduceOnly: false,
  purpose: "entry",
  strategy: "maker",
  stopLossTicks: null,
  reason: "edge 9.8 bps",
  ...change,
});

test.each([
  ["nothing is wanted", bid(), [], "entry not wanted any more"],
  ["only the other side is", bid(), [bid({ side: "sell" })], "entry not wanted any more"],
  ["an exit of a flat position", bid({ purpose: "exit" }), [bid()], "exit not needed any more"],
  [
    "the price went away",
    bid(),
    [bid({ priceTicks: 10_010 as PriceTicks }), bid({ priceTicks: 10_004 as PriceTicks })],
    "price is 4.0 bps from the wanted one",
  ],
  ["the owner changed", bid(), [bid({ strategy: "momentum" })], "momentum owns the symbol now"],
  [
    "it shall take now",
    bid({ purpose: "exit" }),
    [bid({ purpose: "exit", timeInForce: "ioc" })],
    "wanted as limit, ioc now",
  ],
  [
    "less is held",
    bid({ purpose: "exit" }),
    [bid({ purpose: "exit", qtySteps: 3 as QtySteps })],
    "another size is held now",
  ],
] as const)("%s", (_, intent, targets, reason) => {
  expect(cancelReasonOf(intent, targets)).toBe(reason);
});
