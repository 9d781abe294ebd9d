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
import type { OrderTarget } from "../domain/order.ts";
import { type Side, signOf, wholeTicks } from "../domain/units.ts";
import { stopBehind } from "../risk/protection.ts";
import { EXIT_PARAMETERS, exitOf, exitWords, lossBpsOf } from "./exit.ts";
import { stepsWorth, stepUsdtOf } from "./sizing.ts";
import {
  type ExecutionStyle,
  type Saying,
  type StrategySpec,
  type SymbolView,
  WARMING_UP,
} from "./strategy.ts";
import type { ParameterSpec, ParameterValues } from "./strategy-parameters.ts";

const PARAMETERS = {
  quoteNotionalUsdt: {
    unit: "USDT",
    min: 1,
    max: 1_000_000,
    default: 100,
    simulator: 60,
    limitedBy: "orderNotionalUsdtMax",
    reason: "value of one quote: small against the queues it joins",
  },
  inventoryNotionalUsdtMax: {
    unit: "USDT",
    min: 1,
    max: 10_000_000,
    default: 200,
    simulator: 120,
    limitedBy: "symbolExposureUsdtMax",
    reason: "no quote adds to a position beyond this value",
  },
  edgeBpsMin: {
    unit: "bps",
    min: -100,
    max: 1_000,
    default: 1,
    simulator: 0,
    reason: "least spread minus two maker fees: below it a round trip loses by design",
  },
  amendQuotes: {
    unit: "count",
    min: 0,
    max: 1,
    default: 0,
    reason: "1 moves a quote by amending it: one request instead of two, and no gap between",
  },
  improveSpreadTicksMin: {
    unit: "ticks",
    min: 2,
    max: 1_000,
    default: 3,
    reason: "spread at which to step one tick inside the touch instead of joining it",
  },
  leanImbalance: {
    unit: "share",
    min: 0,
    max: 0.5,
    default: 0.3,
    reason: "queue imbalance beyond 0.5 ± this: quote only the side that leans against it",
  },
  volatilityBpsMax: {
    unit: "bps",
    min: 0,
    max: 1_000,
    default: 8,
    simulator: 30,
    reason: "one-second volatility above which no entry is quoted: the touch is run over",
  },
  requoteBps: {
    unit: "bps",
    min: 0,
    max: 100,
    default: 1,
    reason: "a resting quote stays while its price is this close to the wanted one",
  },
  requoteCooldownMs: {
    unit: "ms",
    min: 100,
    max: 600_000,
    default: 1_500,
    reason: "a quote rests this long before it is moved: queue place and rate limit are costly",
  },
  exitRetryMs: {
    unit: "ms",
    min: 100,
    max: 60_000,
    default: 500,
    reason: "least time between two exit orders of a symbol",
  },
  ...EXIT_PARAMETERS,
} as const satisfies Readonly<Record<string, ParameterSpec>>;

type MakerValues = ParameterValues<keyof typeof PARAMETERS>;

/** After a refusal: no margin, or a rule that will not bend, is still there a moment later. */
const REJECT_PAUSE_MS = 11_500;
const NO_TARGETS: readonly OrderTarget[] = [];

export const maker: StrategySpec<keyof typeof PARAMETERS> = {
  name: "maker",
  title: "Maker at the touch",
  runsByDefault: "everywhere",
  parameters: PARAMETERS,
  needs: {
    features: ["spreadBps", "imbalance", "volatilityBps", "tradeFlow", "orderFlow"],
    bars: [],
    timers: [],
  },
  create: (values) => ({
    execution: executionOf(values),
    interest: interestOf,
    targets: (view) => targetsOf(view, values),
    says: (view) => saysOf(view, values),
  }),
};

function executionOf(values: MakerValues): ExecutionStyle {
  return {
    requoteBps: values.requoteBps,
    placePauseMs: values.requoteCooldownMs,
    rejectPauseMs: REJECT_PAUSE_MS,
    exitRetryMs: values.exitRetryMs,
    entriesPerSide: 1,
    amends: values.amendQuotes === 1,
    stopDistanceBps: values.stopDistanceBps,
  };
}

/** It takes whatever the universe admits, which already asked for spread and activity. */
function interestOf({ features, instrument }: SymbolView): number {
  return 1 + features.orZero("spreadBps", instrument.id);
}

function targetsOf(view: SymbolView, values: MakerValues): readonly OrderTarget[] {
  const exit = exitOf(view, values);
  const entries = entriesOf(view, values);
  if (exit === null) return entries;
  return entries.length === 0 ? [exit] : [exit, ...entries];
}

function entriesOf(view: SymbolView, values: MakerValues): readonly OrderTarget[] {
  if (!view.mayEnter || !view.bookUsable) return NO_TARGETS;
  const { features, instrument } = view;
  const { id } = instrument;
  const { volatilityBps, edgeBps } = numbersOf(view);
  if (volatilityBps > values.volatilityBpsMax) return NO_TARGETS;
  if (edgeBps < values.edgeBpsMin) return NO_TARGETS;
  const imbalance = features.at("imbalance", id);
  const reason = [
    `edge ${edgeBps.toFixed(1)} bps`,
    `imbalance ${imbalance.toFixed(2)}`,
    `volatility ${volatilityBps.toFixed(2)} bps`,
    `trade flow ${features.at("tradeFlow", id).toFixed(2)}`,
    `order flow ${features.at("orderFlow", id).toFixed(1)} steps/s`,
  ].join(", ");
  const targets: OrderTarget[] = [];
  for (const side of sidesOf(view, imbalance, values)) {
    const target = entryOf(view, side, { values, reason });
    if (target !== null) targets.push(target);
  }
  return targets;
}

/** What decides whether it quotes at all. */
function numbersOf({ features, instrument: { id }, makerFeeBps }: SymbolView) {
  const spreadBps = features.at("spreadBps", id);
  const volatilityBps = features.at("volatilityBps", id);
  return { volatilityBps, spreadBps, edgeBps: makerEdgeBps(spreadBps, makerFeeBps) };
}

/** In the words of a row: the same conditions, in the same order, as the entries'. */
function saysOf(view: SymbolView, values: MakerValues): Saying {
  if (view.positionSteps !== 0) return { cause: "", text: exitWords(view, values) };
  const { volatilityBps, spreadBps, edgeBps } = numbersOf(view);
  if (!Number.isFinite(volatilityBps + edgeBps)) return WARMING_UP;
  if (volatilityBps > values.volatilityBpsMax) {
    const text = `volatility ${volatilityBps.toFixed(1)} > ${values.volatilityBpsMax} bps`;
    return { cause: "too volatile", text };
  }
  if (edgeBps < values.edgeBpsMin) {
    const text = `edge ${edgeBps.toFixed(1)} < ${values.edgeBpsMin} bps at a spread of ${spreadBps.toFixed(1)}`;
    return { cause: "spread too small", text };
  }
  const imbalance = view.features.at("imbalance", view.instrument.id);
  const sides = sidesOf(view, imbalance, values);
  const leans = sides.length === 2 ? "" : "leans: ";
  return {
    cause: "",
    text: `${leans}imbalance ${imbalance.toFixed(2)}, edge ${edgeBps.toFixed(1)}`,
  };
}

/** The sides to quote: one that adds to a position, else by the imbalance of the queues. */
function sidesOf(view: SymbolView, imbalance: number, values: MakerValues): readonly Side[] {
  const lean = values.leanImbalance;
  const sides: readonly Side[] =
    imbalance > 0.5 + lean ? ["sell"] : imbalance < 0.5 - lean ? ["buy"] : ["buy", "sell"];
  if (view.positionSteps === 0) return sides;
  // The other side belongs to the exit, and a loser is not made larger.
  if (view.atMs - view.openedAtMs > values.exitAgedMs) return [];
  if (lossBpsOf(view) > values.softStopBps / 2) return [];
  return sides.filter((side) => signOf(side) === Math.sign(view.positionSteps));
}

function entryOf(
  view: SymbolView,
  side: Side,
  { values, reason }: { readonly values: MakerValues; readonly reason: string },
): OrderTarget | null {
  const { instrument } = view;
  const ticks = quoteTicks(view, side, values);
  if (ticks < 1) return null;
  const priceTicks = wholeTicks(ticks);
  const stepUsdt = stepUsdtOf(instrument, priceTicks);
  const qtySteps = stepsWorth(values.quoteNotionalUsdt, stepUsdt, instrument);
  if (view.positionSteps !== 0) {
    const afterUsdt = (Math.abs(view.positionSteps) + qtySteps) * stepUsdt;
    if (afterUsdt > values.inventoryNotionalUsdtMax) return null;
  }
  return {
    side,
    type: "limit",
    priceTicks,
    qtySteps,
    timeInForce: "post_only",
    reduceOnly: false,
    purpose: "entry",
    stopLossTicks: stopBehind(side, priceTicks, values.stopDistanceBps),
    reason,
  };
}

/** Joins or betters the touch; inventory steps it back by its share of the spread. */
function quoteTicks(view: SymbolView, side: Side, values: MakerValues): number {
  const { bestBidTicks, bestAskTicks } = view.book;
  // Being the touch is enough: bettering it again would be a race against ourselves.
  const own = side === "buy" ? view.ownBidTicks : view.ownAskTicks;
  const touch = side === "buy" ? bestBidTicks : bestAskTicks;
  if (own === touch && view.positionSteps === 0) return touch;
  const spreadTicks = bestAskTicks - bestBidTicks;
  const inside = spreadTicks >= values.improveSpreadTicksMin ? 1 : 0;
  const heldUsdt = Math.abs(view.positionSteps) * stepUsdtOf(view.instrument, bestBidTicks);
  const share = Math.min(1, heldUsdt / values.inventoryNotionalUsdtMax);
  const back = view.positionSteps === 0 ? inside : -Math.ceil(share * Math.max(1, spreadTicks));
  return side === "buy" ? bestBidTicks + back : bestAskTicks - back;
}
