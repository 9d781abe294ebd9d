/**
 * A way out of a position that strategies may share, as a ladder: rest at a profitable price, then
 * at the touch, then take liquidity within a limit, then at market. Age and loss move it up the
 * ladder; a missing book jumps to the top once the holding time is over, as there is no price to
 * rest at.
 *
 * Every order here only reduces; the exchange-held stop and risk's protection stand behind all of
 * it.
 */

import type { OrderTarget } from "../domain/order.ts";
import { type PriceTicks, wholeSteps, wholeTicks } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { closeAtMarket } from "../risk/protection.ts";
import type { SymbolView } from "./strategy.ts";
import type { ParameterSpec, ParameterValues } from "./strategy-parameters.ts";

/** The ladder's own numbers: a strategy that uses it takes them over, some with other defaults. */
export const EXIT_PARAMETERS = {
  takeProfitBps: {
    unit: "bps",
    min: -100,
    max: 1_000,
    default: 5,
    reason: "profit at which the exit rests first: both maker fees and a little more",
  },
  exitAgedMs: {
    unit: "ms",
    min: 0,
    max: 3_600_000,
    default: 20_000,
    reason: "after this the exit rests at the touch, profitable or not",
  },
  holdingMsMax: {
    unit: "ms",
    min: 0,
    max: 3_600_000,
    default: 90_000,
    reason: "after this it takes liquidity, as a limit that may not slip far",
  },
  marketExitAfterMs: {
    unit: "ms",
    min: 0,
    max: 600_000,
    default: 10_000,
    reason: "after so much more it becomes a market order",
  },
  exitSlipBps: {
    unit: "bps",
    min: 0,
    max: 100,
    default: 10,
    reason: "how far an exit that takes liquidity may slip beyond the touch",
  },
  exitBandBps: {
    unit: "bps",
    min: 1,
    max: 95,
    default: 60,
    reason: "a resting exit is never further from the mid: inside the gate's band",
  },
  softStopBps: {
    unit: "bps",
    min: 1,
    max: 1_000,
    default: 40,
    reason: "loss at which it exits at once",
  },
  stopDistanceBps: {
    unit: "bps",
    min: 5,
    max: 2_000,
    default: 80,
    reason: "distance of the exchange-held stop: behind the soft stop, for when we are not there",
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

type ExitValues = ParameterValues<keyof typeof EXIT_PARAMETERS>;

/** The exit that should exist now; null when the position is flat or nothing can be priced. */
export function exitOf(view: SymbolView, values: ExitValues): OrderTarget | null {
  if (view.positionSteps === 0) return null;
  const ageMs = view.atMs - view.openedAtMs;
  if (!view.bookUsable) {
    if (ageMs <= values.holdingMsMax) return null;
    return closeAtMarket(view, { purpose: "exit", reason: `no book for ${ageMs} ms` });
  }
  const lossBps = lossBpsOf(view);
  const overdueMs = ageMs - values.holdingMsMax;
  const why = {
    purpose: "exit",
    reason: `held ${(ageMs / 1_000).toFixed(1)} s, ${gainText(lossBps)}`,
  } as const;
  if (lossBps > values.stopDistanceBps || overdueMs > values.marketExitAfterMs) {
    return closeAtMarket(view, why);
  }
  const base = { ...reducing(view), ...why };
  if (lossBps > values.softStopBps || overdueMs > 0) {
    return { ...base, timeInForce: "ioc", priceTicks: takingPrice(view, values) };
  }
  const isAged = ageMs > values.exitAgedMs;
  return { ...base, timeInForce: "post_only", priceTicks: restingPrice(view, values, isAged) };
}

/** How far the position is on the ladder, for people: "aged 41/90 s, +1.2 bps". */
export function exitWords(view: SymbolView, { holdingMsMax }: ExitValues): string {
  assert(view.positionSteps !== 0, "only a position ages");
  const agedSec = Math.floor((view.atMs - view.openedAtMs) / 1_000);
  const aged = `aged ${agedSec}/${Math.round(holdingMsMax / 1_000)} s`;
  if (!view.bookUsable) return aged;
  const gainBps = 0 - lossBpsOf(view);
  return `${aged}, ${gainBps > 0 ? "+" : ""}${gainBps.toFixed(1)} bps`;
}

/** "gains 1.9 bps", "loses 4.0 bps". */
function gainText(lossBps: number): string {
  return `${lossBps > 0 ? "loses" : "gains"} ${Math.abs(lossBps).toFixed(1)} bps`;
}

/** Loss of the position at the mid against its average entry; negative when it wins. */
export function lossBpsOf(view: SymbolView): number {
  const midTicks = (view.book.bestBidTicks + view.book.bestAskTicks) / 2;
  const moveBps = (midTicks / view.entryTicks - 1) * 10_000;
  const lossBps = view.positionSteps > 0 ? -moveBps : moveBps;
  return Number.isFinite(lossBps) ? lossBps : 0;
}

function reducing(view: SymbolView) {
  assert(view.positionSteps !== 0, "only a position can be reduced");
  const held = Math.abs(view.positionSteps);
  return {
    side: view.positionSteps > 0 ? "sell" : "buy",
    type: "limit",
    qtySteps: wholeSteps(Math.min(held, view.instrument.limitQtyStepsMax)),
    reduceOnly: true,
    stopLossTicks: null,
  } as const;
}

function takingPrice(view: SymbolView, { exitSlipBps }: ExitValues): PriceTicks {
  const slip = exitSlipBps / 10_000;
  const ticks =
    view.positionSteps > 0
      ? Math.max(1, Math.floor(view.book.bestBidTicks * (1 - slip)))
      : Math.ceil(view.book.bestAskTicks * (1 + slip));
  return wholeTicks(ticks);
}

function restingPrice(view: SymbolView, values: ExitValues, isAged: boolean): PriceTicks {
  const { bestBidTicks, bestAskTicks } = view.book;
  const midTicks = (bestBidTicks + bestAskTicks) / 2;
  const band = values.exitBandBps / 10_000;
  const profit = values.takeProfitBps / 10_000;
  const entry = Number.isFinite(view.entryTicks) ? view.entryTicks : midTicks;
  if (view.positionSteps > 0) {
    const wanted = isAged ? bestAskTicks : Math.max(bestAskTicks, Math.ceil(entry * (1 + profit)));
    const highest = Math.max(bestAskTicks, Math.floor(midTicks * (1 + band)));
    return wholeTicks(Math.min(wanted, highest));
  }
  const wanted = isAged ? bestBidTicks : Math.min(bestBidTicks, Math.floor(entry * (1 - profit)));
  const lowest = Math.min(bestBidTicks, Math.ceil(midTicks * (1 - band)));
  return wholeTicks(Math.max(wanted, lowest, 1));
}
