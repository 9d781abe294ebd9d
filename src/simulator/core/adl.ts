/**
 * Auto-deleveraging: when the insurance fund does not cover a bankrupt position, profitable
 * positions of the other side are closed against it, most profitable for its margin first.
 *
 * The house is the bankrupt side here. Orders of the contract are cancelled first; half of the
 * position goes at the mark price, without leave to refuse.
 */
import { assert } from "../../kernel/assert.ts";
import type { SimSide } from "./api.ts";
import { cancelled, finish } from "./close.ts";
import { type ExchangeState, holdingSide, type PositionCell } from "./exchange-state.ts";
import { closeByForce } from "./forced.ts";
import { positionIm, unrealisedOf } from "./margin.ts";

/** Share of a position that one deleveraging takes. */
const SHARE = 0.5;

/** Deleverages the named contract's side, else the best position of every account. */
export function deleverage(
  state: ExchangeState,
  of?: { symbolIndex: number; side: SimSide },
): number {
  let count = 0;
  for (const account of state.accounts.values()) {
    if (account.options.house) continue;
    const open = [...account.cells.values()]
      .filter((cell) => cell.position.sizeSteps !== 0 && cell.symbol.markTicks > 0)
      .filter((cell) => of === undefined || isOf(cell, of))
      .sort((left, right) => gainOf(right) - gainOf(left));
    const [first] = open;
    if (first === undefined) continue;
    shrink(state, first);
    count++;
  }
  return count;
}

function isOf(cell: PositionCell, of: { symbolIndex: number; side: SimSide }): boolean {
  const isThere = cell.position.symbolIndex === of.symbolIndex && holdingSide(cell) === of.side;
  return isThere && unrealisedOf(cell) > 0n;
}

function gainOf(cell: PositionCell): number {
  return Number(unrealisedOf(cell)) / Math.max(1, Number(positionIm(cell)));
}

function shrink(state: ExchangeState, cell: PositionCell): void {
  assert(cell.symbol.markTicks > 0, "a position is deleveraged at a mark price");
  for (const live of [...cell.account.open.values()]) {
    if (live.cell !== cell || live.bracket !== "") continue;
    finish(state, live, cancelled(live, "CancelByPrepareAdl", "EC_NoError"));
  }
  closeByForce(state, cell, {
    priceTicks: cell.symbol.markTicks,
    execType: "AdlTrade",
    createType: "CreateByAdl_PassThrough",
    qtySteps: Math.max(1, Math.ceil(Math.abs(cell.position.sizeSteps) * SHARE)),
  });
}
