/**
 * What an account can afford: margins by Bybit's help centre, computed from its positions and
 * orders when somebody asks, so that there is no running total to go wrong.
 *
 * An order's cost is value ÷ leverage plus the fees to open and to close it. Of a position's two
 * directions only the dearer one is held: the larger of (long and buys) and (short and sells).
 * Reduce-only and conditional orders hold nothing. The house is never asked.
 */
import { FIXED_ONE, type Fixed, mulFixed } from "../../kernel/fixed.ts";
import type { SimPosition, SimSide, SimWallet } from "./api.ts";
import {
  type AccountState,
  holdingSide,
  leverageOf,
  type PositionCell,
  type SymbolState,
  tiersOf,
  tradeValue,
} from "./exchange-state.ts";

/** Leverage has at most two decimals on the venue. */
const LEVERAGE_SCALE = 100;

/** Order cost per unit of value: 1/lev + taker + taker × (1 ∓ 1/lev). */
function costRate(account: AccountState, symbol: SymbolState, side: SimSide): Fixed {
  const share = inverseLeverage(leverageOf(account, symbol, side));
  const closing = side === "Buy" ? FIXED_ONE - share : FIXED_ONE + share;
  return share + account.takerRate + mulFixed(account.takerRate, closing);
}

function inverseLeverage(leverage: number): Fixed {
  const scaled = BigInt(Math.round(leverage * LEVERAGE_SCALE));
  return (FIXED_ONE * BigInt(LEVERAGE_SCALE)) / scaled;
}

/** Profit of an open position at the mark price. */
export function unrealisedOf(cell: PositionCell): Fixed {
  const { sizeSteps, entryValue } = cell.position;
  if (sizeSteps === 0) return 0n;
  const markValue = positionValue(cell);
  return sizeSteps > 0 ? markValue - entryValue : entryValue - markValue;
}

/** Value at the mark price, at the entry price while there is no mark. */
export function positionValue(cell: PositionCell): Fixed {
  const { sizeSteps, entryValue } = cell.position;
  if (cell.symbol.markTicks === 0) return entryValue;
  return tradeValue(cell.symbol, cell.symbol.markTicks, Math.abs(sizeSteps));
}

export function positionIm(cell: PositionCell): Fixed {
  if (cell.position.sizeSteps === 0) return 0n;
  const value = cell.account.isolated ? cell.position.entryValue : positionValue(cell);
  const own = mulFixed(value, costRate(cell.account, cell.symbol, holdingSide(cell)));
  return own + cell.position.extraMargin;
}

/** Maintenance margin: value × tier rate − deduction + fee to close. */
export function positionMm(cell: PositionCell): Fixed {
  if (cell.position.sizeSteps === 0) return 0n;
  const value = positionValue(cell);
  const tiers = tiersOf(cell.symbol);
  const tier = tiers.find((candidate) => value <= candidate.limit) ?? tiers[tiers.length - 1];
  const fee = mulFixed(value, cell.account.takerRate);
  if (tier === undefined) return fee;
  const margin = mulFixed(value, tier.maintenanceRate) - tier.deduction;
  return (margin > 0n ? margin : 0n) + fee;
}

/**
 * Value of the tier below the position's own, null in the lowest: what a partial liquidation keeps.
 */
export function lowerTierLimit(cell: PositionCell): Fixed | null {
  const value = positionValue(cell);
  const lower = tiersOf(cell.symbol).filter(({ limit }) => limit < value);
  return lower.at(-1)?.limit ?? null;
}

/** Margin that a position's orders hold on top of the position, with `extra` value on one side. */
function orderImOf(cell: PositionCell, side: SimSide, extra: Fixed): Fixed {
  const buys = cell.buyValue + (side === "Buy" ? extra : 0n);
  const sells = cell.sellValue + (side === "Sell" ? extra : 0n);
  if (buys === 0n && sells === 0n) return 0n;
  const { account, symbol, position } = cell;
  const held = position.sizeSteps === 0 ? 0n : positionValue(cell);
  const signed = position.sizeSteps < 0 ? -held : held;
  const long = mulFixed(notNegative(buys + signed), costRate(account, symbol, "Buy"));
  const short = mulFixed(notNegative(sells - signed), costRate(account, symbol, "Sell"));
  const already = mulFixed(held, costRate(account, symbol, holdingSide(cell)));
  const dearer = long < short ? short - already : long - already;
  return notNegative(dearer);
}

function notNegative(value: Fixed): Fixed {
  return value > 0n ? value : 0n;
}

/** The account's money as of now. */
export function walletOf(account: AccountState): SimWallet {
  const wallet: SimWallet = {
    accountId: account.options.id,
    walletBalance: account.walletBalance,
    unrealised: 0n,
    orderIm: 0n,
    positionIm: 0n,
    positionMm: 0n,
    cumRealised: account.cumRealised,
  };
  for (const cell of account.cells.values()) {
    if (cell.buyValue !== 0n || cell.sellValue !== 0n) wallet.orderIm += orderImOf(cell, "Buy", 0n);
    if (cell.position.sizeSteps === 0) continue;
    wallet.unrealised += unrealisedOf(cell);
    wallet.positionIm += positionIm(cell);
    wallet.positionMm += positionMm(cell);
  }
  return wallet;
}

/** What new orders may still cost; isolated positions do not lend their profit. */
export function availableOf(account: AccountState): Fixed {
  const wallet = walletOf(account);
  const equity = wallet.walletBalance + (account.isolated ? 0n : wallet.unrealised);
  return equity - wallet.positionIm - wallet.orderIm;
}

/** Whether the account can hold another order of this value. The house always can. */
export function canAfford(cell: PositionCell, side: SimSide, value: Fixed): boolean {
  if (cell.account.options.house) return true;
  const increase = orderImOf(cell, side, value) - orderImOf(cell, side, 0n);
  return increase <= 0n || increase <= availableOf(cell.account);
}

/**
 * Whether a position of this value is inside the risk limit at a leverage (market/risk-limit):
 * larger tiers lower the largest leverage. A leverage that no tier names is the contract's own
 * matter.
 */
export function isInsideRiskLimit(symbol: SymbolState, leverage: number, value: Fixed): boolean {
  const allowed = tiersOf(symbol).filter((tier) => tier.maxLeverage >= leverage);
  return allowed.length === 0 || allowed.some((tier) => value <= tier.limit);
}

/**
 * A copy of the position with its estimated liquidation and bankruptcy prices, 0
 * for none. Estimates are floats: they are shown, and liquidation itself compares exact margins.
 */
export function positionCopy(cell: PositionCell): SimPosition {
  const copy = { ...cell.position };
  copy.leverage = leverageOf(cell.account, cell.symbol, holdingSide(cell));
  if (copy.sizeSteps === 0) return copy;
  const sign = copy.sizeSteps > 0 ? 1 : -1;
  const perStep = Number(cell.symbol.tickStepValue) * Math.abs(copy.sizeSteps);
  const entryTicks = Number(copy.entryValue) / perStep;
  const maintenanceTicks = Number(positionMm(cell)) / perStep;
  const extraTicks = Number(copy.extraMargin) / perStep;
  const bust = entryTicks * (1 - sign / copy.leverage) - sign * extraTicks;
  copy.bustTicks = inside(cell, bust, sign);
  if (cell.account.isolated) {
    const liquidation = bust + sign * maintenanceTicks;
    copy.liqTicks = inside(cell, liquidation, sign);
    return copy;
  }
  const wallet = walletOf(cell.account);
  const equity = wallet.walletBalance + wallet.unrealised;
  const slackTicks = Number(equity - wallet.positionMm) / perStep;
  const markTicks = Number(positionValue(cell)) / perStep;
  copy.liqTicks = inside(cell, markTicks - sign * slackTicks, sign);
  copy.bustTicks = inside(cell, markTicks - (sign * Number(equity)) / perStep, sign);
  return copy;
}

/** A price of the contract's range as whole ticks, else 0: rounded towards the position. */
function inside(cell: PositionCell, ticks: number, sign: number): number {
  const whole = sign > 0 ? Math.ceil(ticks) : Math.floor(ticks);
  const { minPriceTicks, maxPriceTicks } = cell.symbol.instrument;
  return whole >= minPriceTicks && whole <= maxPriceTicks ? whole : 0;
}

/** What stands behind an isolated position: its entry's initial margin and its profit. */
export function isolatedEquity(cell: PositionCell): Fixed {
  const leverage = leverageOf(cell.account, cell.symbol, holdingSide(cell));
  const own = mulFixed(cell.position.entryValue, inverseLeverage(leverage));
  return own + cell.position.extraMargin + unrealisedOf(cell);
}
