/**
 * Looks at the market again after our executions and tells what it found.
 *
 * The mid at the fill is that of our book when the execution is booked, which is the private
 * stream's delay after it was done. A book that is not live, or older than what we would trade on,
 * says nothing, and nothing is told. An execution that reaches us late (listed after a gap, or
 * booked by a start) is not marked at all: the market of now is not that of its fill.
 */
import type { Price, SymbolId } from "../domain/units.ts";
import { toNumber } from "../kernel/decimal.ts";
import { fixedOf, fixedToNumber } from "../kernel/fixed.ts";
import { bookViewOf } from "../market/staleness.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { MarkOut } from "../portfolio/mark-outs.ts";
import type {
  EffectsPart,
  MarketPart,
  MarksPart,
  ReportPart,
  SettingsPart,
  TradingPart,
  UniversePart,
} from "./state-parts.ts";

/** A look that comes later than this after its time (the process stood still) says nothing. */
const LOOK_LATE_MS = 500;
/** Longer than a private stream takes and than two clocks differ; shorter than a listing. */
const LATE_MS = 3_000;
export const MARKS_TIMER = "marks";

type Marking = SettingsPart & MarketPart & UniversePart & MarksPart & EffectsPart & ReportPart;

/** An execution was booked: tells the mid at it, and waits for the later ones. */
export function markFill(state: Marking & TradingPart, fill: LedgerFill, atMs: number): void {
  const { execId, execKind, symbolId, venueAtMs } = fill;
  if (execKind !== "trade" || !state.control.recovered || atMs - venueAtMs > LATE_MS) return;
  const mid = midOf(state, symbolId, atMs);
  if (mid === null) return;
  const price = toNumber(state.market.instrument(symbolId).price, fill.priceTicks);
  state.universe.learnFill({ execId, symbolId, side: fill.side, price, isMaker: fill.isMaker });
  tellMark(state, { execId, horizonMs: 0, mid }, atMs);
  state.markOuts.note(execId, symbolId, atMs);
  setNext(state);
}

/** The timer came: tells the mids that are due. */
export function onMarksTimer(state: Marking, atMs: number): void {
  state.marksDueAtMs = null;
  for (const { execId, symbolId, horizonMs, dueAtMs } of state.markOuts.takeDue(atMs)) {
    const mid = atMs - dueAtMs > LOOK_LATE_MS ? null : midOf(state, symbolId, atMs);
    if (mid !== null) tellMark(state, { execId, horizonMs, mid }, atMs);
  }
  setNext(state);
}

function tellMark({ pending, universe }: Marking, markOut: MarkOut, atMs: number): void {
  const { execId, horizonMs, mid } = markOut;
  universe.learnMid(execId, horizonMs, { mid: fixedToNumber(mid), atMs });
  pending.facts.push({ kind: "mark_out", markOut });
}

function setNext(state: MarksPart & EffectsPart): void {
  const dueAtMs = state.markOuts.nextDueAtMs();
  if (dueAtMs === null || dueAtMs === state.marksDueAtMs) return;
  state.marksDueAtMs = dueAtMs;
  state.outbox.push({ kind: "set_timer", name: MARKS_TIMER, dueAtMs });
}

/** Exact: half a tick has at most one decimal more than the tick. Null when not to be believed. */
function midOf(
  { limits, market }: SettingsPart & MarketPart,
  id: SymbolId,
  atMs: number,
): Price | null {
  const book = market.book(id);
  // Booked as of a time before the book's: what was missed, by a start or after a ban.
  if (book.updatedAtMs > atMs) return null;
  if (bookViewOf(book, atMs, limits.bookAgeMsMax) !== "live") return null;
  const { bestBidTicks, bestAskTicks } = book;
  if (bestBidTicks === 0 || bestAskTicks === 0) return null;
  const { price } = market.instrument(id);
  const twice = BigInt(bestBidTicks + bestAskTicks) * BigInt(price.unitMantissa);
  return fixedOf(twice, price.decimals) / 2n;
}
