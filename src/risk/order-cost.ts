/**
 * Initial margin: what the venue sets aside for an order, and what an account of some size has.
 *
 * Both are counted on our side, because the venue's "available" is a report of a moment ago and
 * knows nothing of orders that are on their way. The order's cost is the usual formula of
 * perpetual venues: value / leverage, and the taker's fee to open and to close.
 */
import { assert } from "../kernel/assert.ts";

/** Margin of a value at a leverage, with the fees of opening and closing it as a taker, in USDT. */
export function orderCostUsdtOf(valueUsdt: number, leverage: number, takerFeeBps: number): number {
  assert(leverage >= 1, "a position is paid at most in full");
  assert(valueUsdt >= 0, "a value is not negative");
  return valueUsdt / leverage + (2 * valueUsdt * Math.max(0, takerFeeBps)) / 10_000;
}

/** What an account has and what of it is spoken for, in USDT. */
export interface MarginState {
  /** Equity in the settlement coin. */
  readonly equityUsdt: number;
  /** What the venue says may still be used, as of its last report. */
  readonly availableUsdt: number;
  /** Cost of our entries that are younger than that report. */
  readonly unseenUsdt: number;
  /** Margin of everything held and worked, as we count it. */
  readonly usedUsdt: number;
}

/** What one more order may cost: the smaller of the venue's word and our own count, in USDT. */
export function freeMarginUsdtOf(margin: MarginState, marginUsePctMax: number): number {
  const byVenue = margin.availableUsdt - margin.unseenUsdt;
  const byCount = (margin.equityUsdt * marginUsePctMax) / 100 - margin.usedUsdt;
  return Math.min(byVenue, byCount);
}
