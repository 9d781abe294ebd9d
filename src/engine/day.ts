/** The day's loss: what was realised and what is open, against where 00:00 UTC found us. */

import type { Price, Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToNumber, parseFixed } from "../kernel/fixed.ts";
import { type Position, unrealisedAt } from "../portfolio/position.ts";
import { unrealisedForLoss } from "./loss-marks.ts";
import type { MarketPart, MoneyPart, PositionsPart, SettingsPart } from "./state-parts.ts";

const DAY_MS = 86_400_000;

/**
 * Recomputes the loss since the day began; a new day starts from zero, a new run from what earlier
 * runs of the day made.
 */
export function refreshDayLoss(
  state: SettingsPart & MarketPart & PositionsPart & MoneyPart,
  atMs: number,
): void {
  const net = state.ledger.net() + unrealisedForLoss(state, atMs);
  const day = Math.floor(atMs / DAY_MS);
  if (day !== state.day) {
    const isStart = state.day === 0;
    state.day = day;
    state.dayStartNet = net - (isStart ? state.dayNetBefore : 0n);
  }
  state.dayLossUsdt = fixedToNumber(state.dayStartNet - net);
  assert(Number.isFinite(state.dayLossUsdt), "the day's loss is a number that a limit can meet");
}

/** Profit of all open positions at the mark prices. */
export function unrealisedNow(state: MarketPart & PositionsPart): Usdt {
  return state.ledger.unrealised((position) => {
    const instrument = state.market.instrument(position.symbolId);
    return { instrument, mark: markOf(state, position) };
  });
}

/** Profit of one open position at its mark price, 0 while that is unknown. */
export function unrealisedOf(state: MarketPart, position: Position): Usdt {
  const mark = markOf(state, position);
  const instrument = state.market.instrument(position.symbolId);
  return mark === 0n ? 0n : unrealisedAt(position, instrument, mark);
}

/** The mark price as money, 0 when unknown or malformed. */
export function markOf(state: MarketPart, position: Position): Price {
  return parseFixed(state.market.ticker(position.symbolId).markText) ?? 0n;
}
