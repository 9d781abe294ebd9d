/** The fault "partial fill": somebody trades into every resting client order, up to half of it. */
import type { SimOrder } from "../core/api.ts";
import type { SimVenue } from "../world/world.ts";

/** Deeper than any order that a test waits for. */
const DEPTH_MAX = 1_000;

/** Sweeps each client's book side down to the middle of its order; later arrivals lose too. */
export function fillPartly(venue: SimVenue): void {
  for (const accountId of venue.accountIds()) {
    for (const order of venue.core.openOrders(accountId)) {
      const resting = order.status === "New" || order.status === "PartiallyFilled";
      if (resting && order.type === "Limit") sweepInto(venue, order);
    }
  }
}

function sweepInto(venue: SimVenue, order: SimOrder): void {
  const { core } = venue;
  const levels = core.levels(order.symbolIndex, order.side, DEPTH_MAX);
  let aheadSteps = 0;
  for (let at = 0; at < levels.length; at += 2) {
    const price = levels[at] ?? 0;
    const isAhead = order.side === "Buy" ? price >= order.priceTicks : price <= order.priceTicks;
    if (isAhead) aheadSteps += levels[at + 1] ?? 0;
  }
  const leftSteps = order.qtySteps - order.cumSteps;
  const steps = aheadSteps - Math.floor(leftSteps / 2);
  if (steps <= 0) return;
  const side = order.side === "Buy" ? "Sell" : "Buy";
  core.housePlace(order.symbolIndex, {
    side,
    priceTicks: order.priceTicks,
    qtySteps: steps,
    timeInForce: "IOC",
  });
}
