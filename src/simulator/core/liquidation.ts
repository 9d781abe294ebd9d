/**
 * Liquidation, in steps. Cross: when the account's equity no longer exceeds its maintenance margin
 * its orders are cancelled; if that is not enough the dearest position above its lowest risk tier
 * is cut to the tier below, whose rate is lower; when none is left every position is taken over.
 * Isolated: the same per position with its own margin, after margin was added where that was asked.
 *
 * The house takes over at the bankruptcy price of the part, where the share of the margin behind it
 * and the fee to close are just used up, so no wallet goes below zero by more than a tick; the book
 * is not touched. Tiers and steps are the help centre's ("Liquidation process", "Risk limit").
 */
import { assert } from "../../kernel/assert.ts";
import { FIXED_ONE, type Fixed } from "../../kernel/fixed.ts";
import { rescueByMargin } from "./added-margin.ts";
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
import { isolatedEquity, lowerTierLimit, positionMm, positionValue, walletOf } from "./margin.ts";

/** Liquidates what the account can no longer hold. */
export function checkLiquidation(state: ExchangeState, account: AccountState): void {
  if (account.options.house) return;
  const open = [...account.cells.values()].filter(({ position }) => position.sizeSteps !== 0);
  if (open.length === 0) return;
  if (account.isolated) {
    for (const cell of open) checkIsolated(state, cell);
    return;
  }
  if (isHealthy(account)) return;
  for (const live of [...account.open.values()]) {
    finish(state, live, cancelled(live, "CancelAllBeforeLiq", "EC_NoError"));
  }
  while (!isHealthy(account)) {
    const wallet = walletOf(account);
    const equity = wallet.walletBalance + wallet.unrealised;
    const shares = open
      .filter(({ position }) => position.sizeSteps !== 0)
      .map((cell) => ({ cell, margin: positionMm(cell) }))
      .sort((a, b) => (a.margin === b.margin ? 0 : a.margin > b.margin ? -1 : 1));
    const large = shares.find(({ cell }) => lowerTierLimit(cell) !== null);
    for (const { cell, margin } of large === undefined ? shares : [large]) {
      takeOver(state, cell, (equity * margin) / wallet.positionMm);
    }
  }
}

/** Equity above maintenance margin, or nothing left to liquidate. */
function isHealthy(account: AccountState): boolean {
  const wallet = walletOf(account);
  return wallet.positionMm === 0n || wallet.walletBalance + wallet.unrealised > wallet.positionMm;
}

function checkIsolated(state: ExchangeState, cell: PositionCell): void {
  if (isolatedEquity(cell) > positionMm(cell) || rescueByMargin(state, cell)) return;
  for (const live of [...cell.account.open.values()]) {
    if (live.cell !== cell) continue;
    finish(state, live, cancelled(live, "CancelByPrepareLiq", "EC_NoError"));
  }
  while (cell.position.sizeSteps !== 0 && isolatedEquity(cell) <= positionMm(cell)) {
    takeOver(state, cell, isolatedEquity(cell));
  }
}

/** Takes over what is above the next lower tier, or all of it; `equity` stands behind the whole. */
function takeOver(state: ExchangeState, cell: PositionCell, equity: Fixed): void {
  const size = Math.abs(cell.position.sizeSteps);
  const qtySteps = excessSteps(cell, size);
  const priceTicks = bankruptcyTicks(cell, equity);
  const side = holdingSide(cell);
  const kept = cell.position.extraMargin;
  closeByForce(state, cell, {
    priceTicks,
    execType: "BustTrade",
    createType: "CreateByLiq",
    qtySteps,
  });
  cell.position.extraMargin = (kept * BigInt(size - qtySteps)) / BigInt(size);
  emitLiquidation(state, {
    symbolIndex: cell.position.symbolIndex,
    side,
    qtySteps,
    priceTicks,
    atMs: state.nowMs,
  });
}

function excessSteps(cell: PositionCell, size: number): number {
  const limit = lowerTierLimit(cell);
  if (limit === null) return size;
  assert(limit < positionValue(cell), "the tier below holds less than the position is worth");
  const keptSteps = Number((limit * BigInt(size)) / positionValue(cell));
  return Math.max(1, size - keptSteps);
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
