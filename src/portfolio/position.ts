/**
 * One symbol's position with exact cost.
 *
 * `cost` is the signed value paid for the open part: long 2 at 100 costs 200, short 2 at 100 costs
 * -200. A reducing fill takes its share of the cost out at average price; the share truncates at
 * 18 decimals, but what is taken out and what stays always add up to what was there, so that
 * realised profit minus remaining cost equals the cash that moved, exactly, for ever.
 */

import { type Instrument, notionalOf } from "../domain/instrument.ts";
import {
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
  signOf,
  type Usdt,
} from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import { type Fixed, fixedOf, fixedToNumber } from "../kernel/fixed.ts";

/** Mutable: a row of the ledger. */
export interface Position {
  readonly symbolId: SymbolId;
  /** Signed: positive long, negative short, 0 flat. */
  steps: number;
  /** Signed value paid for the open part; 0 when flat. */
  cost: Usdt;
  realised: Usdt;
  fees: Usdt;
  /** Positive when paid. */
  funding: Usdt;
  /** Our clock when the position last left flat or crossed zero; 0 before the first fill. */
  openedAtMs: number;
  lastFillAtMs: number;
  /** Exchange-held stop as the venue last reported it. */
  stopLossTicks: PriceTicks | null;
  /**
   * Venue time up to which the venue's own size was taken over. Executions of that time or before
   * are inside that size: they are booked, but do not move the position a second time.
   */
  adoptedVenueAtMs: number;
  updatedAtMs: number;
}

export function flatPosition(symbolId: SymbolId): Position {
  return {
    symbolId,
    steps: 0,
    cost: 0n,
    realised: 0n,
    fees: 0n,
    funding: 0n,
    openedAtMs: 0,
    lastFillAtMs: 0,
    stopLossTicks: null,
    adoptedVenueAtMs: 0,
    updatedAtMs: 0,
  };
}

interface PositionFill {
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
  readonly atMs: number;
}

/** Moves the position by one fill and returns the profit it realised, before fees. */
export function moveBy(position: Position, instrument: Instrument, fill: PositionFill): Usdt {
  assert(fill.qtySteps > 0, "a fill moves a positive quantity");
  const sign = signOf(fill.side);
  const held = Math.abs(position.steps);
  const reduces = position.steps !== 0 && Math.sign(position.steps) !== sign;
  const closedSteps = (reduces ? Math.min(held, fill.qtySteps) : 0) as QtySteps;
  const openedSteps = (fill.qtySteps - closedSteps) as QtySteps;
  let realised = 0n;
  if (closedSteps > 0) {
    const share = (position.cost * BigInt(closedSteps)) / BigInt(held);
    realised = -signed(sign, notionalOf(instrument, fill.priceTicks, closedSteps)) - share;
    position.cost -= share;
    position.steps += sign * closedSteps;
  }
  if (openedSteps > 0) {
    if (position.steps === 0) position.openedAtMs = fill.atMs;
    position.cost += signed(sign, notionalOf(instrument, fill.priceTicks, openedSteps));
    position.steps += sign * openedSteps;
  }
  position.realised += realised;
  position.lastFillAtMs = fill.atMs;
  position.updatedAtMs = fill.atMs;
  if (position.steps === 0) {
    assert(position.cost === 0n, "a flat position holds no cost");
    position.stopLossTicks = null;
  }
  return realised;
}

/** Takes over a size and entry price that the venue states; realised profit is not touched. */
export function adopt(
  position: Position,
  instrument: Instrument,
  truth: { readonly steps: number; readonly entryPrice: Fixed; readonly atMs: number },
): void {
  assert(Number.isSafeInteger(truth.steps), "a position is a whole number of steps");
  if (position.steps === 0 || Math.sign(position.steps) !== Math.sign(truth.steps)) {
    position.openedAtMs = truth.atMs;
  }
  position.steps = truth.steps;
  position.cost = valueAt(instrument, truth.steps, truth.entryPrice);
  position.updatedAtMs = truth.atMs;
  if (truth.steps === 0) position.stopLossTicks = null;
}

/** Signed steps × a price given as money per unit, truncated toward zero at 18 decimals. */
export function valueAt(instrument: Instrument, steps: number, price: Fixed): Usdt {
  const { qty } = instrument;
  return (BigInt(steps) * BigInt(qty.unitMantissa) * price) / 10n ** BigInt(qty.decimals);
}

/** Profit of the open part if it were closed at `mark`. */
export function unrealisedAt(position: Position, instrument: Instrument, mark: Fixed): Usdt {
  return position.steps === 0 ? 0n : valueAt(instrument, position.steps, mark) - position.cost;
}

/** Average entry price in (fractional) ticks: a signal for exits, never a price to book. */
export function entryTicksOf(position: Position, instrument: Instrument): number {
  if (position.steps === 0) return Number.NaN;
  const perStep = fixedToNumber(position.cost) / position.steps;
  return perStep / toNumber(instrument.qty, 1) / toNumber(instrument.price, 1);
}

/** Average entry price as money, truncated; 0 when flat. */
export function entryPriceOf(position: Position, instrument: Instrument): Fixed {
  if (position.steps === 0) return 0n;
  const unit = fixedOf(BigInt(instrument.qty.unitMantissa), instrument.qty.decimals);
  return (position.cost * 10n ** 18n) / (BigInt(position.steps) * unit);
}

function signed(sign: 1 | -1, value: Usdt): Usdt {
  return sign === 1 ? value : -value;
}
