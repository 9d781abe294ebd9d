/**
 * Exact money that SQLite can add up. Its integers have 64 bits, so an amount with 18 decimals is
 * kept as two: whole billionths of a USDT (nine million USDT are far from the limit of a sum), and
 * the rest in units of 10^-18, from 0 up to a billion, of which nine billion can be added.
 */
import type { Usdt } from "../domain/units.ts";

const REST = 1_000_000_000n;

/** The whole billionths, rounded down, so that the rest is never negative. */
export function nanoOf(amount: Usdt): bigint {
  return (amount - restOf(amount)) / REST;
}

export function restOf(amount: Usdt): bigint {
  return ((amount % REST) + REST) % REST;
}

/** The amount of two sums as SQLite gives them: the first as text, as it may be above 2^53. */
export function exactOf(nano: string, rest: number): Usdt {
  return BigInt(nano) * REST + BigInt(rest);
}
