/** Why a plan takes an order back, in words for the record: what is wanted in its place, if any. */
import type { OrderIntent } from "../domain/order.ts";
import { assert } from "../kernel/assert.ts";

/** `targets` are those that the plan was made for; none of them keeps the order. */
export function cancelReasonOf(intent: OrderIntent, targets: readonly OrderIntent[]): string {
  const isEntry = intent.purpose === "entry";
  const target = nearestOf(
    intent,
    targets.filter(({ side, purpose }) => {
      return side === intent.side && (purpose === "entry") === isEntry;
    }),
  );
  if (target === null) return isEntry ? "entry not wanted any more" : "exit not needed any more";
  if (target.strategy !== intent.strategy) return `${target.strategy} owns the symbol now`;
  if (target.type !== intent.type || target.timeInForce !== intent.timeInForce) {
    return `wanted as ${target.type}, ${target.timeInForce} now`;
  }
  if (target.qtySteps !== intent.qtySteps && !isEntry) return "another size is held now";
  return `price is ${gapBps(intent, target).toFixed(1)} bps from the wanted one`;
}

function nearestOf(intent: OrderIntent, targets: readonly OrderIntent[]): OrderIntent | null {
  const gaps = targets.map((target) => gapBps(intent, target));
  return targets[gaps.indexOf(Math.min(...gaps))] ?? null;
}

/** Distance of two prices; a market order is as near to everything. */
function gapBps(left: OrderIntent, right: OrderIntent): number {
  if (left.priceTicks === null || right.priceTicks === null) return 0;
  assert(right.priceTicks > 0, "a price is above zero");
  return (Math.abs(left.priceTicks - right.priceTicks) / right.priceTicks) * 10_000;
}
