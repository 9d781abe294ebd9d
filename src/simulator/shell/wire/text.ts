/**
 * Numbers as the venue prints them: its own writer, so that a reader's mistake cannot hide here.
 */
import { toNumber, toText, trimZeros } from "../../../kernel/decimal.ts";
import {
  FIXED_DECIMALS,
  FIXED_ONE,
  type Fixed,
  fixedOf,
  fixedToText,
} from "../../../kernel/fixed.ts";
import type { SimInstrument } from "../../core/api.ts";

export function priceText(instrument: SimInstrument, ticks: number): string {
  return toText(instrument.price, ticks);
}

export function qtyText(instrument: SimInstrument, steps: number): string {
  return toText(instrument.qty, steps);
}

/** A price that may be absent: zero ticks print as the empty text. */
export function optionalPrice(instrument: SimInstrument, ticks: number): string {
  return ticks === 0 ? "" : toText(instrument.price, ticks);
}

/** Signed money with at most `decimals` decimals, cut toward zero. */
export function moneyText(value: Fixed, decimals = 8): string {
  const unit = 10n ** BigInt(FIXED_DECIMALS - decimals);
  return fixedToText((value / unit) * unit);
}

export function qtyFixed(instrument: SimInstrument, steps: number): Fixed {
  return fixedOf(BigInt(Math.abs(steps) * instrument.qty.unitMantissa), instrument.qty.decimals);
}

export function priceFixed(instrument: SimInstrument, ticks: number): Fixed {
  return fixedOf(BigInt(ticks * instrument.price.unitMantissa), instrument.price.decimals);
}

/** value ÷ quantity as a price, "" without quantity. */
export function averageText(instrument: SimInstrument, value: Fixed, steps: number): string {
  if (steps === 0) return "";
  return moneyText((value * FIXED_ONE) / qtyFixed(instrument, steps), 8);
}

/** A ratio of money, "0" when there is nothing to divide by. */
export function ratioText(part: Fixed, whole: Fixed, decimals = 4): string {
  return whole <= 0n ? "0" : moneyText((part * FIXED_ONE) / whole, decimals);
}

/** A float of the market model with a fixed number of decimals. */
export function floatText(value: number, decimals: number): string {
  return value.toFixed(decimals);
}

/** A small rate without exponent and trailing zeros. */
export function rateText(rate: number): string {
  return trimZeros(rate.toFixed(8));
}

export function priceNumber(instrument: SimInstrument, ticks: number): number {
  return toNumber(instrument.price, ticks);
}

export function qtyNumber(instrument: SimInstrument, steps: number): number {
  return toNumber(instrument.qty, steps);
}
