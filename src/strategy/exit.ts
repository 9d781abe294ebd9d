/**
 * The way out of a position, as a ladder: rest at a profitable price, then at the touch, then take
 * liquidity within a limit, then at market. Age and loss move it up the ladder; a missing book
 * jumps to the top once the holding time is over, as there is no price to rest at.
 *
 * Every order here only reduces, and the exchange-held stop stands behind all of it.
 */

import type { OrderIntent, OrderPurpose } from "../domain/order.ts";
import type { PriceTicks, QtySteps } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { closeAtMarket } from "../risk/protection.ts";
import type { MakerParameters } from "./maker-parameters.ts";
import type { SymbolView } from "./strategy.ts";

/** The exit that should exist now; null when the position is flat or nothing can be priced. */
export function exitOf(
  view: SymbolView,
  parameters: MakerParameters,
  strategy: string,
): OrderIntent | null {
  if (view.positionSteps === 0) return null;
  const ageMs = view.atMs - view.openedAtMs;
  if (!view.bookUsable) {
    return ageMs > parameters.holdingMsMax
      ? marketExit(view, { strategy, purpose: "exit", reason: `no book for ${ageMs} ms` })
      : null;
  }
  const lossBps = lossBpsOf(view);
  const overdueMs = ageMs - parameters.holdingMsMax;
  const reason = `age ${ageMs} ms, loss ${lossBps.toFixed(1)} bps`;
  if (lossBps > parameters.stopDistanceBps || overdueMs > parameters.marketExitAfterMs) {
    return marketExit(view, { strategy, purpose: "exit", reason });
  }
  const base = { ...reducing(view, strategy), purpose: "exit", reason } as const;
  if (lossBps > parameters.softStopBps || overdueMs > 0) {
    return { ...base, timeInForce: "ioc", priceTicks: takingPrice(view, parameters) };
  }
  const isAged = ageMs > parameters.exitAgedMs;
  return { ...base, timeInForce: "post_only", priceTicks: restingPrice(view, parameters, isAged) };
}

/** Closes as much as one market order may carry. */
export function marketExit(
  view: SymbolView,
  what: {
    readonly strategy: string;
    readonly purpose: OrderPurpose;
    readonly reason: string;
  },
): OrderIntent {
  const { strategy, ...why } = what;
  return { ...closeAtMarket(view, why), symbolId: view.instrument.id, strategy };
}

/** Loss of the position at the mid against its average entry; negative when it wins. */
export function lossBpsOf(view: SymbolView): number {
  const midTicks = (view.book.bestBidTicks + view.book.bestAskTicks) / 2;
  const moveBps = (midTicks / view.entryTicks - 1) * 10_000;
  const lossBps = view.positionSteps > 0 ? -moveBps : moveBps;
  return Number.isFinite(lossBps) ? lossBps : 0;
}

function reducing(view: SymbolView, strategy: string) {
  assert(view.positionSteps !== 0, "only a position can be reduced");
  const held = Math.abs(view.positionSteps);
  return {
    symbolId: view.instrument.id,
    side: view.positionSteps > 0 ? "sell" : "buy",
    type: "limit",
    qtySteps: Math.min(held, view.instrument.limitQtyStepsMax) as QtySteps,
    reduceOnly: true,
    strategy,
    stopLossTicks: null,
  } as const;
}

function takingPrice(view: SymbolView, { exitSlipBps }: MakerParameters): PriceTicks {
  const slip = exitSlipBps / 10_000;
  const ticks =
    view.positionSteps > 0
      ? Math.max(1, Math.floor(view.book.bestBidTicks * (1 - slip)))
      : Math.ceil(view.book.bestAskTicks * (1 + slip));
  return ticks as PriceTicks;
}

function restingPrice(view: SymbolView, parameters: MakerParameters, isAged: boolean): PriceTicks {
  const { bestBidTicks, bestAskTicks } = view.book;
  const midTicks = (bestBidTicks + bestAskTicks) / 2;
  const band = parameters.exitBandBps / 10_000;
  const profit = parameters.takeProfitBps / 10_000;
  const entry = Number.isFinite(view.entryTicks) ? view.entryTicks : midTicks;
  if (view.positionSteps > 0) {
    const wanted = isAged ? bestAskTicks : Math.max(bestAskTicks, Math.ceil(entry * (1 + profit)));
    const highest = Math.max(bestAskTicks, Math.floor(midTicks * (1 + band)));
    return Math.min(wanted, highest) as PriceTicks;
  }
  const wanted = isAged ? bestBidTicks : Math.min(bestBidTicks, Math.floor(entry * (1 - profit)));
  const lowest = Math.min(bestBidTicks, Math.ceil(midTicks * (1 - band)));
  return Math.max(wanted, lowest, 1) as PriceTicks;
}
