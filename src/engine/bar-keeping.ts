/**
 * Bars in the engine: closing them by the clock, keeping the history of watched symbols, and having
 * the venue fill what we did not see. Without anybody who wants bars nothing here does anything.
 */
import { type BarSpan, type BarsLoaded, SPAN_MS, turnoverOf } from "../domain/bar.ts";
import type { BarFrame } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert, must } from "../kernel/assert.ts";
import { BAR_LOADS_MAX, BARS_AGAIN_MS, BARS_SILENCE_MS } from "./schedule.ts";
import type { EffectsPart, MarketPart, TradingPart, WatchPart } from "./state-parts.ts";

/** No venue keeps shorter bars: what is missing of those stays missing. */
const LOADED_SPAN_MS_MIN = 60_000;

/** The clock moved on: silence closes bars and seconds too. */
export function onClock(state: MarketPart, atMs: number): void {
  state.bars.closeByTime(atMs);
  state.features.tick(atMs);
}

/**
 * Keeps the history of a watched symbol from now on. It stays when the symbol is no longer watched,
 * which may be for a moment only, until another one needs the room.
 */
export function keepBars(
  { bars, columns, barsAskAfterMs }: MarketPart & WatchPart,
  id: SymbolId,
): void {
  if (bars.spans.length === 0 || bars.keep(id)) return;
  const idle = bars.keptIds().find((kept) => columns.watched[kept] !== 1);
  if (idle === undefined) return;
  bars.release(idle);
  forgetAsked({ bars, barsAskAfterMs }, idle);
  assert(bars.keep(id), "a history let go makes room for one");
}

/** The history of a symbol may be asked for at once. */
export function forgetAsked(
  { bars, barsAskAfterMs }: Pick<MarketPart, "bars" | "barsAskAfterMs">,
  id: SymbolId,
): void {
  for (const span of bars.spans) barsAskAfterMs.delete(keyOf(span, id));
}

/** Asks the venue for the history that is missing, a few symbols and spans at a time. */
export function askForBars(
  state: MarketPart & TradingPart & WatchPart & EffectsPart,
  atMs: number,
): void {
  const { bars, barsAskAfterMs, columns, control, outbox } = state;
  if (control.feeds.rest?.up !== true) return;
  let room = BAR_LOADS_MAX;
  for (const span of bars.spans) {
    if (SPAN_MS[span] < LOADED_SPAN_MS_MIN) continue;
    for (const id of bars.keptIds()) {
      if (room === 0) return;
      if (columns.watched[id] !== 1) continue;
      if (atMs < (barsAskAfterMs.get(keyOf(span, id)) ?? 0)) continue;
      const count = bars.missing(span, id, atMs);
      if (count === 0) continue;
      barsAskAfterMs.set(keyOf(span, id), atMs + BARS_SILENCE_MS);
      outbox.push({ kind: "load_bars", symbolId: id, span, count });
      room--;
    }
  }
}

export function absorbLoadedBars(
  state: MarketPart & WatchPart & EffectsPart,
  event: BarsLoaded,
  atMs: number,
): void {
  const { symbolId, span, bars, fault } = event;
  if (fault !== "") {
    const { symbol } = state.market.instrument(symbolId);
    state.outbox.log("warn", `no ${span} bars of ${symbol}: ${fault}; asking again`);
    return;
  }
  state.barsAskAfterMs.set(keyOf(span, symbolId), atMs + BARS_AGAIN_MS);
  take(state, { id: symbolId, span, bars });
}

/** A bar that the venue streams says, when it is closed, what an answer would say. */
export function absorbBarFrame(state: MarketPart & WatchPart, frame: BarFrame): void {
  const span = state.bars.spans.find((each) => SPAN_MS[each] === frame.intervalMin * 60_000);
  if (span === undefined || !frame.isClosed) return;
  const { symbolId: id, turnoverUsdt } = frame;
  const turnover = turnoverOf(state.market.instrument(id), turnoverUsdt);
  take(state, { id, span, bars: [{ ...frame, turnover, isComplete: true }] });
}

function take(
  state: MarketPart & WatchPart,
  theirs: Pick<BarsLoaded, "span" | "bars"> & { readonly id: SymbolId },
): void {
  const { id, span, bars } = theirs;
  if (!state.bars.take(span, id, bars)) return;
  const kept = must(state.bars.closed(span, id), "only a kept history takes bars in");
  state.features.replayBars(id, span, kept.toArray());
  if (state.columns.watched[id] === 1) state.due.add(id);
}

const keyOf = (span: BarSpan, id: SymbolId): string => `${span} ${id}`;
