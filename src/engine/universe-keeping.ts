/**
 * The engine's looks at the universe: the whole market in slices, so that no frame waits for more
 * than one of them, then one review, and what it changed.
 */
import type { SymbolId } from "../domain/units.ts";
import { correlationOf } from "../risk/correlation.ts";
import type { Changed } from "../universe/universe.ts";
import {
  UNIVERSE_EVERY_MS,
  UNIVERSE_FIRST_MS,
  UNIVERSE_SLICE,
  UNIVERSE_SLICE_MS,
} from "./schedule.ts";
import { shareSymbols } from "./share.ts";
import type {
  EffectsPart,
  KnowledgePart,
  ReportPart,
  ReturnsPart,
  SettingsPart,
  WatchPart,
} from "./state-parts.ts";
import { askForTerms } from "./terms-keeping.ts";
import { refreshWatch } from "./watching.ts";

/** A look reads everything, and does nothing but watch, ask and tell. */
type LookPart = KnowledgePart & WatchPart & EffectsPart & ReportPart;

export const SLICE_TIMER = "universe_slice";

/** Begins a round; in one go while nobody is quoted, as no order waits for a frame then. */
export function beginRound(state: LookPart, atMs: number): void {
  const isFirst = state.universe.updatedAtMs === 0;
  // The second look comes as soon as the first: a symbol needs two to be believed.
  const dueAtMs = atMs + (isFirst ? UNIVERSE_FIRST_MS : UNIVERSE_EVERY_MS);
  state.outbox.push({ kind: "set_timer", name: "universe", dueAtMs });
  // Symbols without frames fade too, before anybody reads them.
  state.features.sampleAll(atMs);
  const isQuiet = state.universe.active().length === 0;
  lookOn(state, isQuiet ? Math.max(1, state.market.size) : UNIVERSE_SLICE, atMs);
}

/** Looks at the next slice; behind the last one the active set is reviewed. */
export function lookOn(state: LookPart, count: number, atMs: number): void {
  const { market, features, universe, outbox } = state;
  if (universe.lookOn(count, { market, features, atMs })) {
    reviewUniverse(state, atMs);
    return;
  }
  outbox.push({ kind: "set_timer", name: SLICE_TIMER, dueAtMs: atMs + UNIVERSE_SLICE_MS });
}

/** Lets in and out by the scores as they are, and tells each change with its reason. */
export function reviewUniverse(state: LookPart, atMs: number): void {
  const together = (left: SymbolId, right: SymbolId) => moveTogether(state, left, right);
  for (const change of state.universe.review(atMs, together)) takeChange(state, change, atMs);
  shareSymbols(state, atMs);
  askForTerms(state, atMs);
  state.pending.universe = true;
  state.pending.due = true;
}

function takeChange(state: LookPart, { id, verb, reason, score }: Changed, atMs: number): void {
  const { symbol } = state.market.instrument(id);
  const parts = state.universe.scoreParts(id);
  refreshWatch(state, id);
  state.due.add(id);
  state.columns.markDirty(id);
  state.outbox.log("info", `${symbol} ${reason}`);
  const change = { atMs, symbol, verb, score, reason, parts };
  state.pending.facts.push({ kind: "universe_change", change });
}

/** What is not known keeps nobody out: the risk gate takes it for the worse case. */
function moveTogether(
  { returns, options }: ReturnsPart & SettingsPart,
  left: SymbolId,
  right: SymbolId,
): boolean {
  const ours = returns.series.get(left)?.returns ?? [];
  const theirs = returns.series.get(right)?.returns ?? [];
  const correlation = correlationOf(ours, theirs);
  return correlation !== null && correlation >= options.universe.togetherMin;
}
