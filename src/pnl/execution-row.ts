/** One execution as the record has it, with what is known of the market around it. */
import type { Price, Usdt } from "../domain/units.ts";
import { mulFixed, parseFixed } from "../kernel/fixed.ts";
import type { LedgerFill } from "../portfolio/fill.ts";

/**
 * Middle of the best bid and ask when the execution was booked, and 1, 5 and 30 s later, by our
 * clock. Null where it is not known: no live book, or the program ended before.
 */
export interface Mids {
  readonly atFill: Price;
  readonly after1s: Price | null;
  readonly after5s: Price | null;
  readonly after30s: Price | null;
}

/** A row of `trades` in the order of booking. */
export interface ExecutionRow {
  /** Row number: rises with the booking. */
  readonly id: number;
  readonly fill: LedgerFill;
  /** False for what strangers did: it moves the position and is none of our money. */
  readonly isOurs: boolean;
  readonly mids: Mids | null;
}

/** A quantity with 18 decimals; signed where it is a position. */
export type Qty = bigint;

const qtyOf = (fill: LedgerFill): Qty => parseFixed(fill.qtyText) ?? 0n;

/** Signed position after the execution; null when its row cannot say in which unit. */
export function positionAfter(fill: LedgerFill): Qty | null {
  if (fill.positionSteps === 0) return 0n;
  if (fill.qtySteps === 0) return null;
  return (qtyOf(fill) * BigInt(fill.positionSteps)) / BigInt(fill.qtySteps);
}

/** How far the execution moves a position that it moves at all. */
export const signedQtyOf = (fill: LedgerFill): Qty =>
  fill.side === "buy" ? qtyOf(fill) : -qtyOf(fill);

/**
 * What the execution was better than the middle of the market: (mid − price) × quantity when
 * bought, the other way round when sold. Positive for a maker who was paid the half spread,
 * negative for a taker who paid it. Exact.
 */
export function edgeOf({ fill, mids }: ExecutionRow): Usdt | null {
  const price = parseFixed(fill.priceText);
  if (mids === null || price === null) return null;
  return mulFixed(signedQtyOf(fill), mids.atFill - price);
}

/**
 * What the middle moved after the execution, in its favour: (mid later − mid at fill) × quantity
 * when bought, the other way round when sold. Negative is the adverse move. Exact.
 */
export function moveOf({ fill, mids }: ExecutionRow, later: Price | null): Usdt | null {
  if (mids === null || later === null) return null;
  return mulFixed(signedQtyOf(fill), later - mids.atFill);
}
