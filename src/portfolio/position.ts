/**
 * One symbol's position: its open part at exact average cost (domain/cost.ts), what it realised,
 * paid and received, and its clocks.
 */

import { assertSound, moveOpenPart, type OpenPart, type Trade, valueAt } from "../domain/cost.ts";
import type { Instrument } from "../domain/instrument.ts";
import { type GridChange, signedStepsAfter, ticksAfter } from "../domain/recount.ts";
import type { Price, PriceTicks, SymbolId, Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import { FIXED_ONE, fixedToNumber } from "../kernel/fixed.ts";

/** Mutable: a row of the ledger. */
export interface Position extends OpenPart {
  readonly symbolId: SymbolId;
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
  /** Made by strangers alone while we were away: what they do to it is not our result. */
  isForeign: boolean;
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
    isForeign: false,
    updatedAtMs: 0,
  };
}

interface PositionFill extends Trade {
  readonly atMs: number;
}

/** Moves the position by one fill and returns the profit it realised, before fees. */
export function moveBy(position: Position, instrument: Instrument, fill: PositionFill): Usdt {
  assert(instrument.id === position.symbolId, "a fill moves the position of its own symbol");
  const { openedSteps, realised } = moveOpenPart(position, instrument, fill);
  const isNew = openedSteps > 0 && Math.abs(position.steps) === openedSteps;
  if (isNew) position.openedAtMs = fill.atMs;
  position.realised += realised;
  position.lastFillAtMs = fill.atMs;
  position.updatedAtMs = fill.atMs;
  if (position.steps === 0) position.stopLossTicks = null;
  return realised;
}

/** Takes over a size and entry price that the venue states; realised profit is not touched. */
export function adopt(
  position: Position,
  instrument: Instrument,
  truth: { readonly steps: number; readonly entryPrice: Price; readonly atMs: number },
): void {
  assert(instrument.id === position.symbolId, "a size is taken over for its own symbol");
  assert(truth.entryPrice >= 0n, "an entry price is not negative");
  if (position.steps === 0 || Math.sign(position.steps) !== Math.sign(truth.steps)) {
    position.openedAtMs = truth.atMs;
  }
  position.steps = truth.steps;
  position.cost = valueAt(instrument, truth.steps, truth.entryPrice);
  position.updatedAtMs = truth.atMs;
  assertSound(position);
  if (truth.steps === 0) position.stopLossTicks = null;
}

/** The same size and stop in the new units of the contract: its cost and its value stay. */
export function recountPosition(position: Position, change: GridChange): void {
  assert(change.after.id === position.symbolId, "a grid changes for its own symbol");
  const { steps, stopLossTicks } = position;
  const value = valueAt(change.before, steps, FIXED_ONE);
  position.steps = signedStepsAfter(change, steps);
  position.stopLossTicks = stopLossTicks === null ? null : ticksAfter(change, stopLossTicks);
  assert(valueAt(change.after, position.steps, FIXED_ONE) === value, "a position keeps its size");
  assertSound(position);
}

/** Profit of the open part if it were closed at `mark`. */
export function unrealisedAt(position: Position, instrument: Instrument, mark: Price): Usdt {
  assert(instrument.id === position.symbolId, "a position is valued by its own symbol's grid");
  return position.steps === 0 ? 0n : valueAt(instrument, position.steps, mark) - position.cost;
}

/** Average entry price in (fractional) ticks: a signal for exits, never a price to book. */
export function entryTicksOf(position: Position, instrument: Instrument): number {
  if (position.steps === 0) return Number.NaN;
  const perStep = fixedToNumber(position.cost) / position.steps;
  assert(perStep >= 0, "cost and size of a position have one sign");
  return perStep / toNumber(instrument.qty, 1) / toNumber(instrument.price, 1);
}
