/**
 * Margin added to an isolated position (position/add-margin, position/set-auto-add-margin).
 *
 * What was added stands behind that position alone and moves its liquidation price; only what was
 * added can be taken back, and not so much that the position would be liquidated at once.
 */
import { assert } from "../../kernel/assert.ts";
import type { Fixed } from "../../kernel/fixed.ts";
import type { SimReply } from "./api.ts";
import type { ExchangeState, PositionCell } from "./exchange-state.ts";
import { availableOf, isolatedEquity, positionIm, positionMm } from "./margin.ts";
import { DONE, refused } from "./replies.ts";

export function addMargin(state: ExchangeState, cell: PositionCell, amount: Fixed): SimReply {
  const { account, position } = cell;
  if (!account.isolated) return refused(110073, "Set autoAddMargin error: cross margin mode");
  if (position.sizeSteps === 0) return refused(10001, "position is zero, cannot add margin");
  if (amount === 0n) return refused(10001, "params error: margin invalid");
  if (amount > availableOf(account)) return refused(110007, "ab not enough for new margin");
  const isTooMuch = position.extraMargin + amount < 0n;
  if (isTooMuch || isolatedEquity(cell) + amount <= positionMm(cell)) {
    return refused(110044, "Available margin is insufficient");
  }
  position.extraMargin += amount;
  assert(position.extraMargin >= 0n, "only what was added is taken back");
  state.dirty.add(cell);
  return DONE;
}

export function setAutoAddMargin({ account, position }: PositionCell, isOn: boolean): SimReply {
  if (!account.isolated) return refused(110073, "Set autoAddMargin error: cross margin mode");
  if (position.autoAddMargin === isOn) return refused(34040, "not modified");
  position.autoAddMargin = isOn;
  return DONE;
}

/**
 * Before a liquidation: one more initial margin, or what is left of it. Whether that was enough.
 */
export function rescueByMargin(state: ExchangeState, cell: PositionCell): boolean {
  if (!cell.position.autoAddMargin) return false;
  const initial = positionIm(cell) - cell.position.extraMargin;
  const amount = smaller(availableOf(cell.account), initial);
  if (amount <= 0n || isolatedEquity(cell) + amount <= positionMm(cell)) return false;
  cell.position.extraMargin += amount;
  state.dirty.add(cell);
  return true;
}

function smaller(left: Fixed, right: Fixed): Fixed {
  if (left < right) return left;
  return right;
}
