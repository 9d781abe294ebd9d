/**
 * What stands behind every position, whatever strategy runs and whether any does.
 *
 * First, every position has a stop held by the exchange: attached at entry, and put again when it
 * does not show. Second, a position that no strategy owns, or that is older than any strategy may
 * hold one, is closed at market. Both hold for adopted positions too. Nothing here adds risk.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { OrderPurpose, OrderTarget } from "../domain/order.ts";
import { type PriceTicks, type Side, wholeSteps, wholeTicks } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

export interface ProtectionParameters {
  /** Distance of a stop that we put ourselves: behind the soft stops of strategies. */
  readonly stopDistanceBps: number;
  /** The venue attaches an entry's stop within a second of its fill; then we put one ourselves. */
  readonly stopGraceMs: number;
  /** Pause between two attempts to put a stop: an answer and a position report fit between. */
  readonly stopRetryMs: number;
  /**
   * A position that no strategy owns is closed at market when it was held this long: its stop is
   * there, and a person has time to look, but nobody works it.
   */
  readonly ownerlessHoldMsMax: number;
  /** Far beyond what any scalping strategy means to hold: its own exits have failed. */
  readonly holdMsMax: number;
}

export const DEFAULT_PROTECTION: ProtectionParameters = {
  stopDistanceBps: 80,
  stopGraceMs: 2_000,
  stopRetryMs: 5_000,
  ownerlessHoldMsMax: 60_000,
  holdMsMax: 3_600_000,
};

/** The exchange-held stop of a fill at that price, at least two ticks away and above zero. */
export function stopBehind(side: Side, priceTicks: number, distanceBps: number): PriceTicks {
  assert(priceTicks > 0, "a stop stands behind a price");
  const distanceTicks = distanceTicksOf(priceTicks, distanceBps);
  const ticks = side === "buy" ? priceTicks - distanceTicks : priceTicks + distanceTicks;
  return wholeTicks(Math.max(1, ticks));
}

const distanceTicksOf = (priceTicks: number, distanceBps: number): number =>
  Math.max(2, Math.round((priceTicks * distanceBps) / 10_000));

/** A position without a stop. Prices in (fractional) ticks; 0 or NaN when unknown. */
interface Unprotected {
  readonly steps: number;
  readonly entryTicks: number;
  readonly marketTicks: number;
}

/**
 * The stop to put: behind the entry, or behind the market when that is already worse. Null when
 * neither price is known.
 */
export function stopOf(held: Unprotected, stopDistanceBps: number): PriceTicks | null {
  assert(held.steps !== 0, "only a position needs a stop");
  const side = held.steps > 0 ? "buy" : "sell";
  const { entryTicks } = held;
  const marketTicks = held.marketTicks > 0 ? held.marketTicks : entryTicks;
  const worse = side === "buy" ? Math.min : Math.max;
  const from = Math.round(entryTicks > 0 ? worse(entryTicks, marketTicks) : marketTicks);
  return from > 0 ? stopBehind(side, from, stopDistanceBps) : null;
}

/** A stop this many times further away than its owner wants it was put for something else. */
const STOP_DISTANCE_MULTIPLE = 2;

/**
 * What is wrong with the stop that the venue holds, null when it protects: it must stand on the
 * losing side of entry or market, and not much further behind the worse of them than the distance
 * that is wanted. Without any price only its presence can be judged.
 */
export function stopFaultOf(
  held: Unprotected & { readonly stopLossTicks: number | null },
  distanceBps: number,
): string | null {
  const { stopLossTicks, entryTicks, marketTicks, steps } = held;
  assert(steps !== 0, "only a position needs a stop");
  if (stopLossTicks === null) return "no exchange-held stop";
  const prices = [entryTicks, marketTicks].filter((ticks) => ticks > 0);
  if (prices.length === 0) return null;
  const sign = Math.sign(steps);
  const gaps = prices.map((ticks) => (ticks - stopLossTicks) * sign);
  if (Math.max(...gaps) <= 0) return `a stop at ${stopLossTicks} ticks on the wrong side`;
  const worse = steps > 0 ? Math.min(...prices) : Math.max(...prices);
  const gapTicksMax = STOP_DISTANCE_MULTIPLE * distanceTicksOf(worse, distanceBps);
  if (Math.min(...gaps) <= gapTicksMax) return null;
  return `a stop at ${stopLossTicks} ticks, too far from ${worse}`;
}

/** Why a position must be closed at market whatever its owner wants; null while it need not. */
export function overdueReason(
  held: { readonly ageMs: number; readonly isOwned: boolean },
  { ownerlessHoldMsMax, holdMsMax }: ProtectionParameters,
): string | null {
  const { ageMs, isOwned } = held;
  if (!isOwned && ageMs >= ownerlessHoldMsMax) return `owned by no strategy, held ${ageMs} ms`;
  return ageMs >= holdMsMax ? `held ${ageMs} ms, longer than any position may be` : null;
}

/** Closes as much of a position as one market order may carry, reduce-only and at once. */
export function closeAtMarket(
  held: { readonly instrument: Instrument; readonly positionSteps: number },
  why: { readonly purpose: OrderPurpose; readonly reason: string },
): OrderTarget {
  assert(held.positionSteps !== 0, "only a position can be closed");
  const steps = Math.abs(held.positionSteps);
  return {
    side: held.positionSteps > 0 ? "sell" : "buy",
    type: "market",
    priceTicks: null,
    qtySteps: wholeSteps(Math.min(steps, held.instrument.marketQtyStepsMax)),
    timeInForce: "ioc",
    reduceOnly: true,
    stopLossTicks: null,
    ...why,
  };
}
