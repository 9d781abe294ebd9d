/**
 * A cost-aware taker of short moves.
 *
 * It buys where the queues and the takers of the last seconds lean the same way up, and sells where
 * both lean down. The lean times what the price usually does over the horizon is the move to be
 * expected; unless that pays both taker fees and the spread, it wants no trade. It takes at the
 * touch with orders that never rest, once per symbol, and leaves by the common ladder.
 *
 * The assumption is that a lean lasts for seconds (queue imbalance: Gould & Bonart, arXiv
 * 1512.03492). At common fees that pays rarely, so real money meets it only when somebody asks.
 */
import { takerCostBps } from "../domain/fees.ts";
import type { OrderTarget } from "../domain/order.ts";
import type { Side } from "../domain/units.ts";
import { stopBehind } from "../risk/protection.ts";
import { EXIT_PARAMETERS, exitOf, exitWords } from "./exit.ts";
import { stepsWorth, stepUsdtOf } from "./sizing.ts";
import { type Saying, type StrategySpec, type SymbolView, WARMING_UP } from "./strategy.ts";
import type { ParameterSpec, ParameterValues } from "./strategy-parameters.ts";

const PARAMETERS = {
  ...EXIT_PARAMETERS,
  notionalUsdt: {
    unit: "USDT",
    min: 1,
    max: 1_000_000,
    default: 100,
    simulator: 60,
    limitedBy: "orderNotionalUsdtMax",
    reason: "value of one entry: small against the queue that it takes from",
  },
  horizonMs: {
    unit: "ms",
    min: 1_000,
    max: 600_000,
    default: 30_000,
    simulator: 60_000,
    reason: "how long a lean is expected to carry: the price's usual move is taken over this time",
  },
  edgeBpsMin: {
    unit: "bps",
    min: -100,
    max: 1_000,
    default: 2,
    simulator: -12,
    reason:
      "least expected move after two taker fees and the spread; play money pays to be watched",
  },
  leanMin: {
    unit: "share",
    min: 0,
    max: 1,
    default: 0.4,
    simulator: 0.2,
    reason: "both leans must reach this: below it they are noise, whatever the volatility",
  },
  reachMin: {
    unit: "share",
    min: 0,
    max: 10,
    default: 1,
    simulator: 0.1,
    reason: "usual move over the horizon ÷ cost at which a symbol is worth owning",
  },
  entryPauseMs: {
    unit: "ms",
    min: 100,
    max: 600_000,
    default: 5_000,
    reason: "least time between two entries of a side: the same lean is not traded twice",
  },
  exitRetryMs: {
    unit: "ms",
    min: 100,
    max: 60_000,
    default: 500,
    reason: "least time between two exit orders of a symbol",
  },
  takeProfitBps: { ...EXIT_PARAMETERS.takeProfitBps, default: 12 },
  exitAgedMs: { ...EXIT_PARAMETERS.exitAgedMs, default: 15_000 },
  holdingMsMax: { ...EXIT_PARAMETERS.holdingMsMax, default: 30_000 },
  softStopBps: { ...EXIT_PARAMETERS.softStopBps, default: 20 },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

type MomentumValues = ParameterValues<keyof typeof PARAMETERS>;

const FEATURES = ["spreadBps", "imbalance", "tradeFlow", "volatilityBps"] as const;
/** After a refusal: no margin, or a rule that will not bend, is still there a moment later. */
const REJECT_PAUSE_MS = 11_500;
const NO_TARGETS: readonly OrderTarget[] = [];

export const momentum: StrategySpec<keyof typeof PARAMETERS> = {
  name: "momentum",
  title: "Taker of short moves",
  runsByDefault: "simulator",
  parameters: PARAMETERS,
  needs: { features: FEATURES, bars: [], timers: [] },
  create: (values) => ({
    execution: {
      requoteBps: 0,
      placePauseMs: values.entryPauseMs,
      rejectPauseMs: REJECT_PAUSE_MS,
      exitRetryMs: values.exitRetryMs,
      entriesPerSide: 1,
      stopDistanceBps: values.stopDistanceBps,
    },
    interest: (view) => interestOf(view, values),
    targets: (view) => targetsOf(view, values),
    says: (view) => saysOf(view, values),
  }),
};

/** What the price usually does over the horizon, against what a round trip costs. */
function interestOf(view: SymbolView, values: MomentumValues): number {
  const { features } = view;
  const { id } = view.instrument;
  if (!features.isWarm(FEATURES, id)) return 0;
  const usualMoveBps = usualMoveBpsOf(features.at("volatilityBps", id), values);
  const reach = usualMoveBps / takerCostBps(features.at("spreadBps", id), view.takerFeeBps);
  return reach >= values.reachMin ? reach : 0;
}

/** A random walk's standard deviation over the horizon. */
const usualMoveBpsOf = (volatilityBps: number, { horizonMs }: MomentumValues): number =>
  volatilityBps * Math.sqrt(horizonMs / 1_000);

function targetsOf(view: SymbolView, values: MomentumValues): readonly OrderTarget[] {
  if (view.positionSteps !== 0) {
    const exit = exitOf(view, values);
    return exit === null ? NO_TARGETS : [exit];
  }
  const entry = entryOf(view, values);
  return entry === null ? NO_TARGETS : [entry];
}

function entryOf(view: SymbolView, values: MomentumValues): OrderTarget | null {
  const { features, instrument } = view;
  if (!view.mayEnter || !view.bookUsable || !features.isWarm(FEATURES, instrument.id)) return null;
  const { queues, takers, lean, isLeaning, expectedBps, costBps } = numbersOf(view, values);
  if (!isLeaning) return null;
  if (expectedBps - costBps < values.edgeBpsMin) return null;
  const reason = [
    `queues ${queues.toFixed(2)}`,
    `takers ${takers.toFixed(2)}`,
    `expected ${expectedBps.toFixed(1)} bps`,
    `cost ${costBps.toFixed(1)} bps`,
  ].join(", ");
  return take(view, lean > 0 ? "buy" : "sell", { values, reason });
}

/** What decides an entry. */
function numbersOf(view: SymbolView, values: MomentumValues) {
  const { features, instrument } = view;
  const queues = 2 * features.at("imbalance", instrument.id) - 1;
  const takers = features.at("tradeFlow", instrument.id);
  const agrees = Math.sign(queues) === Math.sign(takers);
  const isLeaning = agrees && !(Math.min(Math.abs(queues), Math.abs(takers)) < values.leanMin);
  const lean = (queues + takers) / 2;
  const usualMoveBps = usualMoveBpsOf(features.at("volatilityBps", instrument.id), values);
  const expectedBps = Math.abs(lean) * usualMoveBps;
  const costBps = takerCostBps(features.at("spreadBps", instrument.id), view.takerFeeBps);
  return { queues, takers, lean, isLeaning, expectedBps, costBps };
}

/** In the words of a row: the same conditions, in the same order, as the entry's. */
function saysOf(view: SymbolView, values: MomentumValues): Saying {
  if (view.positionSteps !== 0) return { cause: "", text: exitWords(view, values) };
  const { queues, takers, isLeaning, expectedBps, costBps } = numbersOf(view, values);
  if (!Number.isFinite(expectedBps + costBps)) return WARMING_UP;
  if (!isLeaning) {
    const text = `queues ${queues.toFixed(2)}, takers ${takers.toFixed(2)}, lean of ${values.leanMin} wanted`;
    return { cause: "no lean", text };
  }
  const expected = `expected ${expectedBps.toFixed(1)}, cost ${costBps.toFixed(1)} bps`;
  return {
    cause: expectedBps - costBps < values.edgeBpsMin ? "move too small" : "",
    text: expected,
  };
}

/** All of it at the touch, now: what is not there is not wanted any more. */
function take(
  { book, instrument }: SymbolView,
  side: Side,
  { values, reason }: { readonly values: MomentumValues; readonly reason: string },
): OrderTarget {
  const priceTicks = side === "buy" ? book.bestAskTicks : book.bestBidTicks;
  const stepUsdt = stepUsdtOf(instrument, priceTicks);
  return {
    side,
    type: "limit",
    priceTicks,
    qtySteps: stepsWorth(values.notionalUsdt, stepUsdt, instrument),
    timeInForce: "ioc",
    reduceOnly: false,
    purpose: "entry",
    stopLossTicks: stopBehind(side, priceTicks, values.stopDistanceBps),
    reason,
  };
}
