/**
 * The price at which an open position counts for losses: the worse of all sources that are fresh.
 *
 * The venue's mark comes with the ticker and the middle comes with the book; each may go silent
 * alone while the other moves on. A loss that only one of them shows is a loss. While neither is
 * fresh, the worse of what was last known counts.
 */
import type { Price, Usdt } from "../domain/units.ts";
import { toText } from "../kernel/decimal.ts";
import { parseFixed } from "../kernel/fixed.ts";
import { bookAgeMs } from "../market/staleness.ts";
import { type Position, unrealisedAt } from "../portfolio/position.ts";
import { LOSS_MARK_FRESH_MS } from "./schedule.ts";
import type { MarketPart, PositionsPart, SettingsPart } from "./state-parts.ts";

/** Profit of all open positions, each at its worse fresh price. */
export function unrealisedForLoss(
  state: SettingsPart & MarketPart & PositionsPart,
  atMs: number,
): Usdt {
  let sum = 0n;
  for (const position of state.ledger.positions.values()) {
    if (position.steps !== 0) sum += worseOf(state, position, atMs);
  }
  return sum;
}

/** Profit of one open position at its worse fresh price; 0 while no price is known. */
export function worseOf(state: SettingsPart & MarketPart, position: Position, atMs: number): Usdt {
  const { market } = state;
  const instrument = market.instrument(position.symbolId);
  const ticker = market.ticker(position.symbolId);
  const book = market.book(position.symbolId);
  const mark = parseFixed(ticker.markText) ?? 0n;
  const sources = [
    { price: mark, isFresh: atMs - ticker.updatedAtMs <= LOSS_MARK_FRESH_MS },
    {
      price: middleOf(state, position),
      isFresh: book.state === "live" && bookAgeMs(book, atMs) <= state.limits.bookAgeMsMax,
    },
  ].filter(({ price }) => price > 0n);
  const fresh = sources.filter(({ isFresh }) => isFresh);
  const counted = fresh.length > 0 ? fresh : sources;
  const results = counted.map(({ price }) => unrealisedAt(position, instrument, price));
  results.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return results[0] ?? 0n;
}

/** The middle of the book as money, 0 while a side is missing. */
function middleOf({ market }: MarketPart, { symbolId }: Position): Price {
  const book = market.book(symbolId);
  if (book.bidCount === 0 || book.askCount === 0) return 0n;
  const { price } = market.instrument(symbolId);
  const both = toText(price, book.bestBidTicks + book.bestAskTicks);
  return (parseFixed(both) ?? 0n) / 2n;
}
