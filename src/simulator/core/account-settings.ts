/** Leverage, position mode and margin mode, with the refusals of Bybit's position endpoints. */
import type { SimReply } from "./api.ts";
import {
  type AccountState,
  holdingSide,
  isHedged,
  leverageOf,
  type SymbolState,
} from "./exchange-state.ts";
import { availableOf, isInsideRiskLimit, positionValue } from "./margin.ts";
import { DONE, refused } from "./replies.ts";

/** One-way mode and cross margin need both sides equal. */
export function setLeverage(
  account: AccountState,
  symbol: SymbolState,
  wanted: { buy: number; sell: number },
): SimReply {
  const { index, maxLeverage } = symbol.instrument;
  const isValid = (leverage: number) => leverage >= 1 && leverage <= maxLeverage;
  if (!isValid(wanted.buy) || !isValid(wanted.sell)) {
    return refused(110013, "cannot set leverage: it is outside 1 to the maximum of the risk limit");
  }
  const mayDiffer = account.isolated && isHedged(account, index);
  if (wanted.buy !== wanted.sell && !mayDiffer) {
    return refused(10001, "buy leverage not equal sell leverage");
  }
  const before = {
    buy: leverageOf(account, symbol, "Buy"),
    sell: leverageOf(account, symbol, "Sell"),
  };
  if (before.buy === wanted.buy && before.sell === wanted.sell) {
    return refused(110043, "leverage not modified");
  }
  if (!fitsRiskLimit(account, symbol, wanted)) {
    return refused(110013, "cannot set leverage: the position needs a tier with a lower maximum");
  }
  account.leverage.set(index, { ...wanted });
  const dearer = wanted.buy < before.buy || wanted.sell < before.sell;
  if (!dearer || availableOf(account) >= 0n) return DONE;
  account.leverage.set(index, before);
  return refused(110044, "Available margin is insufficient");
}

/** Open positions of the symbol stay inside their risk limit at the wanted leverage. */
function fitsRiskLimit(
  account: AccountState,
  symbol: SymbolState,
  wanted: { buy: number; sell: number },
): boolean {
  for (const cell of symbol.positions) {
    if (cell.account !== account) continue;
    const leverage = holdingSide(cell) === "Buy" ? wanted.buy : wanted.sell;
    if (!isInsideRiskLimit(symbol, leverage, positionValue(cell))) return false;
  }
  return true;
}

/** Switches one symbol, or with null every symbol and the default of future listings. */
export function switchMode(
  account: AccountState,
  symbolIndex: number | null,
  mode: 0 | 3,
): SimReply {
  const hedged = mode === 3;
  if (symbolIndex === null) return switchAll(account, hedged);
  if (isHedged(account, symbolIndex) === hedged) {
    return refused(110025, "Position mode is not modified");
  }
  if (hasPosition(account, symbolIndex)) {
    return refused(110024, "You have an existing position, so position mode cannot be switched");
  }
  if (hasOrders(account, symbolIndex)) {
    return refused(110028, "You have existing open orders, so position mode cannot be switched");
  }
  account.hedged.set(symbolIndex, hedged);
  return DONE;
}

/** Symbols with a position or orders keep their mode. */
function switchAll(account: AccountState, hedged: boolean): SimReply {
  const kept = new Set<number>();
  for (const cell of account.cells.values()) {
    if (cell.position.sizeSteps !== 0) kept.add(cell.position.symbolIndex);
  }
  for (const live of account.open.values()) kept.add(live.order.symbolIndex);
  const modes = [...kept].map((index) => [index, isHedged(account, index)] as const);
  account.hedgedByDefault = hedged;
  account.hedged.clear();
  for (const [index, mode] of modes) account.hedged.set(index, mode);
  return DONE;
}

function hasPosition(account: AccountState, symbolIndex: number): boolean {
  for (const { position } of account.cells.values()) {
    if (position.symbolIndex === symbolIndex && position.sizeSteps !== 0) return true;
  }
  return false;
}

function hasOrders(account: AccountState, symbolIndex: number): boolean {
  for (const { order } of account.open.values()) {
    if (order.symbolIndex === symbolIndex) return true;
  }
  return false;
}

type MarginMode = "ISOLATED_MARGIN" | "REGULAR_MARGIN";

export function marginModeOf(account: AccountState): MarginMode {
  return account.isolated ? "ISOLATED_MARGIN" : "REGULAR_MARGIN";
}

/** The whole account switches; the simulator wants it without positions and orders. */
export function setMarginMode(account: AccountState, mode: MarginMode): SimReply {
  if (marginModeOf(account) === mode) {
    return refused(110026, "Cross/isolated margin mode is not modified");
  }
  const open = [...account.cells.values()].some((cell) => cell.position.sizeSteps !== 0);
  if (open || account.open.size > 0) {
    return refused(3400045, "There are open positions or orders");
  }
  account.isolated = mode === "ISOLATED_MARGIN";
  return DONE;
}
