/**
 * A contract whose tick or step the venue changed while we trade it.
 *
 * Everything that is held of a contract is a whole number of its units, so units that grew could
 * not carry it any more: 1.05 is no number of steps of 0.1, and on this venue an order given at
 * the old tick keeps its price and fills there. So units never grow while the program runs: we go
 * on counting in the finest unit that the old and the new grid both lie on, and orders are placed
 * on lots of it. Whatever is held is then multiplied by a whole number, and stays what it is in
 * decimals, whichever two grids they are. The next start counts in the venue's units again.
 */
import { assert } from "../kernel/assert.ts";
import { type Grid, gridOf } from "../kernel/decimal.ts";
import type { Instrument } from "./instrument.ts";
import { type PriceTicks, type QtySteps, type Side, wholeSteps, wholeTicks } from "./units.ts";

/**
 * What one unit may at most become: a thousandfold more than any change of a tick or step was.
 * Beyond it quantities would leave what a double holds exactly.
 */
const RATIO_MAX = 1_000_000;

/** A contract before and after its grid changed; both ratios are whole and at least 1. */
export interface GridChange {
  readonly before: Instrument;
  readonly after: Instrument;
  /** New ticks in an old one. */
  readonly tickRatio: number;
  readonly stepRatio: number;
}

/**
 * The venue's new terms of a contract, in units that hold whatever was counted in the known ones.
 * `listed` is in the venue's own grid. Null when no sensible unit holds both.
 */
export function recounted(known: Instrument, listed: Instrument): Instrument | null {
  assert(known.symbol === listed.symbol, "a contract is recounted as itself");
  const price = commonOf(known.price, listed.price);
  const qty = commonOf(known.qty, listed.qty);
  if (price === null || qty === null) return null;
  const steps = (count: QtySteps) => wholeSteps(count * qty.lot);
  return {
    ...listed,
    price: price.grid,
    qty: qty.grid,
    priceLotTicks: wholeTicks(price.lot),
    qtyLotSteps: wholeSteps(qty.lot),
    qtyStepsMin: steps(listed.qtyStepsMin),
    limitQtyStepsMax: steps(listed.limitQtyStepsMax),
    marketQtyStepsMax: steps(listed.marketQtyStepsMax),
  };
}

/** What changed of the grid between two lists, null when nothing did. */
export function gridChangeOf(before: Instrument, after: Instrument): GridChange | null {
  const tickRatio = ratioOf(before.price, after.price);
  const stepRatio = ratioOf(before.qty, after.qty);
  assert(Number.isInteger(tickRatio), "units of price never grow while the program runs");
  assert(Number.isInteger(stepRatio), "units of quantity never grow while the program runs");
  const isSame =
    tickRatio === 1 &&
    stepRatio === 1 &&
    before.priceLotTicks === after.priceLotTicks &&
    before.qtyLotSteps === after.qtyLotSteps;
  return isSame ? null : { before, after, tickRatio, stepRatio };
}

/** The same price in the new units. */
export const ticksAfter = ({ tickRatio }: GridChange, ticks: PriceTicks): PriceTicks =>
  wholeTicks(ticks * tickRatio);

/** The same quantity in the new units. */
export const stepsAfter = ({ stepRatio }: GridChange, steps: QtySteps): QtySteps =>
  wholeSteps(steps * stepRatio);

/** The same signed quantity in the new units. */
export function signedStepsAfter({ stepRatio }: GridChange, steps: number): number {
  const after = steps * stepRatio;
  assert(Number.isSafeInteger(after), "a position is a whole number of steps");
  return after;
}

/** A price that the venue takes, never better for the other side than the one wanted. */
export function ticksOnLot({ priceLotTicks: lot }: Instrument, side: Side, ticks: PriceTicks) {
  const rest = ticks % lot;
  return rest === 0 || side === "buy" ? wholeTicks(ticks - rest) : wholeTicks(ticks - rest + lot);
}

interface Common {
  readonly grid: Grid;
  /** The venue's unit in units of `grid`. */
  readonly lot: number;
}

/** The coarsest unit that both lie on; the venue's own where that is it. */
function commonOf(known: Grid, listed: Grid): Common | null {
  const decimals = Math.max(known.decimals, listed.decimals);
  const ours = known.unitMantissa * 10 ** (decimals - known.decimals);
  const theirs = listed.unitMantissa * 10 ** (decimals - listed.decimals);
  if (!Number.isSafeInteger(ours) || !Number.isSafeInteger(theirs)) return null;
  const unit = divisorOf(ours, theirs);
  const lot = theirs / unit;
  if (lot > RATIO_MAX || ours / unit > RATIO_MAX) return null;
  if (lot === 1) return { grid: listed, lot };
  if (unit === ours) return { grid: { ...known, style: "trimmed" }, lot };
  const digits = String(unit).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? digits : `${whole}.${digits.slice(digits.length - decimals)}`;
  return { grid: gridOf(text, "trimmed"), lot };
}

/** How many units of `after` one of `before` is. */
function ratioOf(before: Grid, after: Grid): number {
  const decimals = Math.max(before.decimals, after.decimals);
  const old = before.unitMantissa * 10 ** (decimals - before.decimals);
  return old / (after.unitMantissa * 10 ** (decimals - after.decimals));
}

function divisorOf(one: number, other: number): number {
  let [large, small] = [one, other];
  while (small > 0) [large, small] = [small, large % small];
  return large;
}
