/**
 * The day's loss: what was realised and what is open, against where the day's border found us.
 *
 * The net result at the border is stored when the border passes, so that a restart counts from the
 * same point, whatever comes first of its snapshot and its timers. Nothing is counted before the
 * account is known.
 */
import { dayOf, type TradingDay } from "../domain/trading-day.ts";
import type { Price, Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToNumber, parseFixed } from "../kernel/fixed.ts";
import { type Position, unrealisedAt } from "../portfolio/position.ts";
import { netOf } from "../portfolio/stored-book.ts";
import { unrealisedForLoss } from "./loss-marks.ts";
import type {
  MarketPart,
  MoneyPart,
  PositionsPart,
  ReportPart,
  SettingsPart,
  TradingPart,
} from "./state-parts.ts";

type Counted = SettingsPart & MarketPart & PositionsPart & MoneyPart & TradingPart & ReportPart;

/** Recomputes the loss since the day began. A new day starts from zero. */
export function refreshDayLoss(state: Counted, atMs: number): void {
  if (!state.control.recovered) return;
  countUnmarked(state);
  const net = bookedNet(state) + unrealisedForLoss(state, atMs);
  if (atMs >= state.dayEndsAtMs) beginDay(state, dayNow(state, atMs), { net, isSeen: true });
  state.dayLossUsdt = fixedToNumber(state.dayStartNet - net);
  state.equity = equityNow(state);
  assert(Number.isFinite(state.dayLossUsdt), "the day's loss is a number that a limit can meet");
}

/** The day of `atMs` in the operator's time zone. */
export function dayNow({ options }: SettingsPart, atMs: number): TradingDay {
  return dayOf(atMs, options.dayTimeZone ?? "UTC");
}

/** Counts from `net` on, and has it stored. */
export function beginDay(
  state: MoneyPart & ReportPart,
  { startsAtMs, endsAtMs }: TradingDay,
  { net, isSeen }: { readonly net: Usdt; readonly isSeen: boolean },
): void {
  assert(startsAtMs < endsAtMs, "a day ends after it began");
  assert(startsAtMs >= state.day, "days follow each other");
  state.day = startsAtMs;
  state.dayEndsAtMs = endsAtMs;
  state.dayStartNet = net;
  state.pending.facts.push({ kind: "day", startsAtMs, net, isSeen });
}

/** Net result of the day so far, exact, open positions at their marks. */
export function todayOf(state: MarketPart & PositionsPart & MoneyPart): Usdt {
  return state.day === 0 ? 0n : netNow(state) - state.dayStartNet;
}

function netNow(state: MarketPart & PositionsPart & MoneyPart): Usdt {
  return bookedNet(state) + unrealisedNow(state);
}

const bookedNet = ({ carried, ledger }: PositionsPart & MoneyPart): Usdt =>
  netOf(carried) + ledger.net();

/**
 * What others had made or lost of a position before it became ours to look after is not today's:
 * the day begins with it, as soon as there is a mark.
 */
function countUnmarked(state: MarketPart & PositionsPart & MoneyPart & ReportPart): void {
  for (const id of state.unmarked) {
    const position = state.ledger.position(id);
    const mark = markOf(state, position);
    if (position.steps !== 0 && mark === 0n) continue;
    state.unmarked.delete(id);
    const net = state.dayStartNet + unrealisedOf(state, position);
    const day = { startsAtMs: state.day, endsAtMs: state.dayEndsAtMs };
    if (position.steps !== 0) beginDay(state, day, { net, isSeen: true });
  }
}

/** Profit of all open positions at the mark prices. */
export function unrealisedNow(state: MarketPart & PositionsPart): Usdt {
  return state.ledger.unrealised((position) => {
    const instrument = state.market.instrument(position.symbolId);
    return { instrument, mark: markOf(state, position) };
  });
}

/**
 * What the account is worth now: the wallet as it was last told, open parts at their marks. The
 * venue tells a wallet when cash moves only, so that its own equity stands still in between. Null
 * before the first; while a mark is unknown the venue's own figure.
 */
export function equityNow(state: MarketPart & PositionsPart & MoneyPart): Usdt | null {
  const { wallet, ledger } = state;
  if (wallet === null) return null;
  for (const position of ledger.positions.values()) {
    if (position.steps !== 0 && markOf(state, position) === 0n) return wallet.equity;
  }
  return wallet.walletBalance + unrealisedNow(state);
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
