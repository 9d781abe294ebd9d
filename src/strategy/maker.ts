/**
 * One honest maker.
 *
 * It quotes post-only at or just inside the touch, both sides while the queues are balanced, else
 * only the side that leans against the imbalance (Albers et al., arXiv 2502.18625: what can work at
 * the touch are reversals). Inventory pushes further entries away from the touch and stops them at
 * a limit. Where the spread does not pay two maker fees it wants no trade. Every position has an
 * exit.
 */

import { makerEdgeBps } from "../domain/fees.ts";
import type { OrderIntent } from "../domain/order.ts";
import { type PriceTicks, type QtySteps, type Side, signOf } from "../domain/units.ts";
import type { FeatureName } from "../features/registry.ts";
import { toNumber } from "../kernel/decimal.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { stopBehind } from "../risk/protection.ts";
import { exitOf, lossBpsOf } from "./exit.ts";
import type { MakerParameters } from "./maker-parameters.ts";
import type { Strategy, SymbolView } from "./strategy.ts";

const MAKER_NAME = "maker";
export const MAKER_FEATURES = [
  "spreadBps",
  "imbalance",
  "volatilityBps",
  "tradeFlow",
  "orderFlow",
] as const satisfies readonly FeatureName[];

const NO_TARGETS: readonly OrderIntent[] = [];
/** Room above the venue's smallest order value, so that a price move does not make it too small. */
const NOTIONAL_MARGIN = 1.05;

export function makerOf(parameters: MakerParameters): Strategy {
  return {
    name: MAKER_NAME,
    parameters: { ...parameters },
    features: MAKER_FEATURES,
    targets: (view) => targetsOf(view, parameters),
  };
}

function targetsOf(view: SymbolView, parameters: MakerParameters): readonly OrderIntent[] {
  const exit = exitOf(view, parameters, MAKER_NAME);
  const entries = entriesOf(view, parameters);
  if (exit === null) return entries;
  return entries.length === 0 ? [exit] : [exit, ...entries];
}

function entriesOf(view: SymbolView, parameters: MakerParameters): readonly OrderIntent[] {
  if (!view.mayEnter || !view.bookUsable) return NO_TARGETS;
  const { features, instrument } = view;
  const { id } = instrument;
  if (!features.isWarm(["spreadBps", "imbalance"], id)) return NO_TARGETS;
  const volatilityBps = features.orZero("volatilityBps", id);
  if (volatilityBps > parameters.volatilityBpsMax) return NO_TARGETS;
  const spreadBps = features.at("spreadBps", id);
  const edgeBps = makerEdgeBps(spreadBps, parameters.makerFeeBps);
  if (edgeBps < parameters.edgeBpsMin) return NO_TARGETS;
  const imbalance = features.at("imbalance", id);
  const reason = [
    `edge ${edgeBps.toFixed(1)} bps`,
    `imbalance ${imbalance.toFixed(2)}`,
    `volatility ${volatilityBps.toFixed(2)} bps`,
    `trade flow ${features.orZero("tradeFlow", id).toFixed(2)}`,
    `order flow ${features.orZero("orderFlow", id).toFixed(1)} steps/s`,
  ].join(", ");
  const targets: OrderIntent[] = [];
  for (const side of sidesOf(view, imbalance, parameters)) {
    const target = entryOf(view, side, parameters);
    if (target !== null) targets.push({ ...target, reason });
  }
  return targets;
}

/** The sides to quote: one that adds to a position, else by the imbalance of the queues. */
function sidesOf(
  view: SymbolView,
  imbalance: number,
  parameters: MakerParameters,
): readonly Side[] {
  const lean = parameters.leanImbalance;
  const sides: readonly Side[] =
    imbalance > 0.5 + lean ? ["sell"] : imbalance < 0.5 - lean ? ["buy"] : ["buy", "sell"];
  if (view.positionSteps === 0) return sides;
  // The other side belongs to the exit, and a loser is not made larger.
  if (view.atMs - view.openedAtMs > parameters.exitAgedMs) return [];
  if (lossBpsOf(view) > parameters.softStopBps / 2) return [];
  return sides.filter((side) => signOf(side) === Math.sign(view.positionSteps));
}

function entryOf(view: SymbolView, side: Side, parameters: MakerParameters): OrderIntent | null {
  const { instrument } = view;
  const priceTicks = quotePrice(view, side, parameters);
  if (priceTicks < 1) return null;
  const stepUsdt = toNumber(instrument.price, priceTicks) * toNumber(instrument.qty, 1);
  const qtySteps = quoteSteps(view, stepUsdt, parameters);
  const heldUsdt = Math.abs(view.positionSteps) * stepUsdt;
  if (view.positionSteps !== 0) {
    const afterUsdt = heldUsdt + qtySteps * stepUsdt;
    if (afterUsdt > parameters.inventoryNotionalUsdtMax) return null;
  }
  return {
    symbolId: instrument.id,
    side,
    type: "limit",
    priceTicks,
    qtySteps,
    timeInForce: "post_only",
    reduceOnly: false,
    purpose: "entry",
    strategy: MAKER_NAME,
    stopLossTicks: stopBehind(side, priceTicks, parameters.stopDistanceBps),
    reason: "",
  };
}

/** Joins or betters the touch; inventory steps it back by its share of the spread. */
function quotePrice(view: SymbolView, side: Side, parameters: MakerParameters): PriceTicks {
  const { bestBidTicks, bestAskTicks } = view.book;
  // Being the touch is enough: bettering it again would be a race against ourselves.
  const own = side === "buy" ? view.ownBidTicks : view.ownAskTicks;
  const touch = side === "buy" ? bestBidTicks : bestAskTicks;
  if (own === touch && view.positionSteps === 0) return touch;
  const spreadTicks = bestAskTicks - bestBidTicks;
  const inside = spreadTicks >= parameters.improveSpreadTicksMin ? 1 : 0;
  const { instrument } = view;
  const heldUsdt =
    Math.abs(view.positionSteps) *
    toNumber(instrument.price, bestBidTicks) *
    toNumber(instrument.qty, 1);
  const share = Math.min(1, heldUsdt / parameters.inventoryNotionalUsdtMax);
  const back = view.positionSteps === 0 ? inside : -Math.ceil(share * Math.max(1, spreadTicks));
  const ticks = side === "buy" ? bestBidTicks + back : bestAskTicks - back;
  return ticks as PriceTicks;
}

/** Steps of one quote: its notional, but never below what the venue takes. */
function quoteSteps(view: SymbolView, stepUsdt: number, parameters: MakerParameters): QtySteps {
  const { instrument } = view;
  const least = (fixedToNumber(instrument.notionalMin) * NOTIONAL_MARGIN) / stepUsdt;
  const wanted = Math.floor(parameters.quoteNotionalUsdt / stepUsdt);
  const steps = Math.max(wanted, Math.ceil(least), instrument.qtyStepsMin);
  return Math.min(steps, instrument.limitQtyStepsMax) as QtySteps;
}
