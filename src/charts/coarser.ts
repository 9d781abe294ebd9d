/** Bars of a longer span from bars of a shorter one. */
import { type Bar, type BarSpan, barStartOf, SPAN_MS } from "../domain/bar.ts";
import { assert } from "../kernel/assert.ts";

/**
 * Joins bars, oldest first and `from` long each, into bars of `to`. A joined bar is complete when
 * all its parts are there and complete, so that the first and the last one seldom are.
 */
export function coarser(bars: readonly Bar[], from: BarSpan, to: BarSpan): Bar[] {
  const parts = SPAN_MS[to] / SPAN_MS[from];
  assert(Number.isInteger(parts), "a longer span is made of whole shorter ones");
  const byStart = new Map<number, Bar[]>();
  for (const bar of bars) {
    const startAtMs = barStartOf(to, bar.startAtMs);
    const group = byStart.get(startAtMs);
    if (group === undefined) byStart.set(startAtMs, [bar]);
    else group.push(bar);
  }
  return [...byStart].map(([startAtMs, group]) => joined(startAtMs, group, parts));
}

function joined(startAtMs: number, group: readonly Bar[], parts: number): Bar {
  assert(group.length > 0 && group.length <= parts, "a bar is joined from its own parts");
  return {
    startAtMs,
    openTicks: group[0]?.openTicks ?? 0,
    highTicks: Math.max(...group.map(({ highTicks }) => highTicks)),
    lowTicks: Math.min(...group.map(({ lowTicks }) => lowTicks)),
    closeTicks: group.at(-1)?.closeTicks ?? 0,
    volumeSteps: group.reduce((sum, { volumeSteps }) => sum + volumeSteps, 0),
    turnover: group.reduce((sum, { turnover }) => sum + turnover, 0),
    isComplete: group.length === parts && group.every(({ isComplete }) => isComplete),
  };
}
