/**
 * Liquidation. Cross: when the account's equity no longer exceeds its maintenance
 * margin, its orders are cancelled and every position is taken over, dearest first. Isolated: the
 * same per position with its own margin. The house takes a position over at its bankruptcy price,
 * where the margin behind it and the fee to close are just used up, so no wallet goes below zero by
 * more than a tick; the book is not touched.
 */
import { FIXED_ONE, type Fixed } from "../../kernel/fixed.ts";
import { cancelled, finish } from "./close.ts";
import { emitLiquidation } from "./emit.ts";
import {
  type AccountState,
  type ExchangeState,
  holdingSide,
  type PositionCell,
  tradeValue,
} from "./exchange-state.ts";
import { closeByForce } from "./forced.ts";
import { isolatedEquity, positionMm, positionValue, walletOf } from "./margin.ts";

/** Liquidates what the account can no longer hold. */
export function checkLiquidation(state: ExchangeState, account: AccountState): void {
  if (account.options.house) return;
  const open = [...account.cells.values()].filter(({ position }) => position.sizeSteps !== 0);
  if (open.length === 0) return;
  if (account.isolated) {
    for (const cell of open) checkIsolated(state, cell);
    return;
  }
  const wallet = walletOf(account);
  const equity = wallet.walletBalance + wallet.unrealised;
  if (equity > wallet.positionMm) return;
  for (const live of [...account.open.values()]) {
    finish(state, live, cancelled(live, "CancelAllBeforeLiq", "EC_NoError"));
  }
  const shares = open
    .map((cell) => ({ cell, margin: positionMm(cell) }))
    .sort((a, b) => (a.margin === b.margin ? 0 : a.margin > b.margin ? -1 : 1));
  for (const { cell, margin } of shares) {
    takeOver(state, cell, (equity * margin) / wallet.positionMm);
  }
}

function checkIsolated(state: ExchangeState, cell: PositionCell): void {
  const equity = isolatedEquity(cell);
  if (equity > positionMm(cell)) return;
  for (const live of [...cell.account.open.values()]) {
    if (live.cell !== cell) continue;
    finish(state, live, cancelled(live, "CancelByPrepareLiq", "EC_NoError"));
  }
  takeOver(state, cell, equity);
}

function takeOver(state: ExchangeState, cell: PositionCell, equity: Fixed): void {
  const priceTicks = bankruptcyTicks(cell, equity);
  const side = holdingSide(cell);
  const qtySteps = Math.abs(cell.position.sizeSteps);
  closeByForce(state, cell, { priceTicks, execType: "BustTrade", createType: "CreateByLiq" });
  emitLiquidation(state, {
    symbolIndex: cell.position.symbolIndex,
    side,
    qtySteps,
    priceTicks,
    atMs: state.nowMs,
  });
}

/**
 * The price at which closing costs exactly `equity`, fee included, rounded in the account's favour:
 * long (value − equity) ÷ (1 − fee), short (value + equity) ÷ (1 + fee), per step.
 */
function bankruptcyTicks(cell: PositionCell, equity: Fixed): number {
  const isLong = cell.position.sizeSteps > 0;
  const fee = cell.account.takerRate;
  const perTick = tradeValue(cell.symbol, 1, Math.abs(cell.position.sizeSteps));
  const target = positionValue(cell) + (isLong ? -equity : equity);
  const scaled = perTick * (isLong ? FIXED_ONE - fee : FIXED_ONE + fee);
  const floor = (target * FIXED_ONE) / scaled;
  const exact = floor * scaled === target * FIXED_ONE;
  const ticks = Number(isLong && !exact ? floor + 1n : floor);
  return Math.max(1, ticks);
}
