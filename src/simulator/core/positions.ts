/**
 * Position arithmetic: average entry by quantity on adds, unchanged on reduces, and
 * through zero closes first and opens the rest at the fill's price. Entry is kept as a value, so a
 * position's cash flows add up exactly whatever its average price looks like.
 */
import { assert } from "../../kernel/assert.ts";
import type { Fixed } from "../../kernel/fixed.ts";
import { type PositionCell, tradeValue } from "./exchange-state.ts";

export interface PositionChange {
  readonly closedSteps: number;
  /** Entry value and exit value of the closed part. */
  readonly entryValue: Fixed;
  readonly exitValue: Fixed;
  /** Profit of the closed part without fees: what moves the wallet. */
  readonly cashFlow: Fixed;
  /** Fees of the closed part: those paid when it was opened, and its share of this fill's. */
  readonly openFee: Fixed;
  readonly closeFee: Fixed;
}

const NOTHING_CLOSED: PositionChange = {
  closedSteps: 0,
  entryValue: 0n,
  exitValue: 0n,
  cashFlow: 0n,
  openFee: 0n,
  closeFee: 0n,
};

/** Moves a position by a fill: `signedSteps` positive for a buy, `fee` the fill's whole fee. */
export function movePosition(
  cell: PositionCell,
  fill: { signedSteps: number; priceTicks: number; fee: Fixed },
): PositionChange {
  const before = cell.position.sizeSteps;
  const { signedSteps, priceTicks, fee } = fill;
  assert(signedSteps !== 0, "a fill moves a position");
  const closes = before !== 0 && before > 0 !== signedSteps > 0;
  const closedSteps = closes ? Math.min(Math.abs(before), Math.abs(signedSteps)) : 0;
  const change = closes ? closePart(cell, closedSteps, fill) : NOTHING_CLOSED;
  const openedSteps = Math.abs(signedSteps) - closedSteps;
  cell.position.sizeSteps = before + signedSteps;
  if (openedSteps > 0) {
    cell.position.entryValue += tradeValue(cell.symbol, priceTicks, openedSteps);
    cell.openFee += fee - change.closeFee;
  }
  keepSums(cell, before);
  return change;
}

function closePart(
  cell: PositionCell,
  closedSteps: number,
  fill: { signedSteps: number; priceTicks: number; fee: Fixed },
): PositionChange {
  const { position, symbol } = cell;
  const size = Math.abs(position.sizeSteps);
  const entryValue = shareOf(position.entryValue, closedSteps, size);
  const openFee = shareOf(cell.openFee, closedSteps, size);
  const exitValue = tradeValue(symbol, fill.priceTicks, closedSteps);
  position.entryValue -= entryValue;
  cell.openFee -= openFee;
  return {
    closedSteps,
    entryValue,
    exitValue,
    cashFlow: position.sizeSteps > 0 ? exitValue - entryValue : entryValue - exitValue,
    openFee,
    closeFee: shareOf(fill.fee, closedSteps, Math.abs(fill.signedSteps)),
  };
}

/** A part of a sum, truncated at 18 decimals; the whole of it exactly when part is whole. */
function shareOf(sum: Fixed, part: number, whole: number): Fixed {
  return part === whole ? sum : (sum * BigInt(part)) / BigInt(whole);
}

/** Keeps the symbol's sums and its set of open positions in step with one position's change. */
function keepSums(cell: PositionCell, before: number): void {
  const after = cell.position.sizeSteps;
  cell.symbol.clientAbsSteps += Math.abs(after) - Math.abs(before);
  cell.symbol.clientNetSteps += after - before;
  if (after === 0) cell.symbol.positions.delete(cell);
  else cell.symbol.positions.add(cell);
  if (after === 0) cell.position.extraMargin = 0n;
  if (after === 0) assert(cell.position.entryValue === 0n, "a flat position has no entry value");
}

/** Steps that an order of this side may close. */
export function closableSteps(cell: PositionCell, side: "Buy" | "Sell"): number {
  const size = cell.position.sizeSteps;
  return side === "Sell" ? Math.max(0, size) : Math.max(0, -size);
}
