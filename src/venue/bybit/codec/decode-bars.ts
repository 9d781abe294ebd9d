/** Bars of a REST reply to domain values (Bybit v5, "Get Kline"). */
import { type Bar, type BarSpan, barStartOf, SPAN_MS, turnoverOf } from "../../../domain/bar.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import { toUnits } from "../../../kernel/decimal.ts";
import type { JsonRecord } from "../../../kernel/json.ts";
import { listOf } from "./fields.ts";

/** The venue's names of the spans that it keeps. */
const INTERVALS: Partial<Readonly<Record<BarSpan, string>>> = {
  "1m": "1",
  "5m": "5",
  "15m": "15",
  "1h": "60",
};

/** The venue's name of a span, null for one that it does not keep. */
export function intervalOf(span: BarSpan): string | null {
  return INTERVALS[span] ?? null;
}

/**
 * The bars that had ended at `venueAtMs`, oldest first; the running one, which the venue lists too,
 * is left out. A text when a row cannot be used: then none can be trusted.
 */
export function decodeBars(
  result: JsonRecord,
  {
    instrument,
    span,
    venueAtMs,
  }: {
    readonly instrument: Instrument;
    readonly span: BarSpan;
    readonly venueAtMs: number;
  },
): readonly Bar[] | string {
  const bars: Bar[] = [];
  // Newest first at the venue.
  for (const item of listOf(result.list).toReversed()) {
    const bar = barOf(item, instrument);
    if (bar === null || barStartOf(span, bar.startAtMs) !== bar.startAtMs)
      return `the row ${JSON.stringify(item)} cannot be used`;
    const before = bars.at(-1);
    if (before !== undefined && bar.startAtMs !== before.startAtMs + SPAN_MS[span]) {
      return `the bar of ${bar.startAtMs} does not follow that of ${before.startAtMs}`;
    }
    if (bar.startAtMs + SPAN_MS[span] <= venueAtMs) bars.push(bar);
  }
  return bars;
}

/** A row is start, open, high, low, close, volume, turnover, each as text. */
function barOf(item: unknown, instrument: Instrument): Bar | null {
  const row = listOf(item).map((value) => (typeof value === "string" ? value : ""));
  const [start = "", open = "", high = "", low = "", close = "", volume = "", turnover = ""] = row;
  const { price, qty } = instrument;
  const bar = {
    startAtMs: Number(start),
    openTicks: toUnits(price, open),
    highTicks: toUnits(price, high),
    lowTicks: toUnits(price, low),
    closeTicks: toUnits(price, close),
    volumeSteps: toUnits(qty, volume),
    turnover: turnover === "" ? Number.NaN : turnoverOf(instrument, Number(turnover)),
    isComplete: true,
  };
  const { lowTicks, highTicks, openTicks, closeTicks } = bar;
  const isOrdered =
    lowTicks > 0 &&
    lowTicks <= Math.min(openTicks, closeTicks) &&
    highTicks >= Math.max(openTicks, closeTicks);
  const isUsable = isOrdered && bar.startAtMs > 0 && bar.volumeSteps >= 0 && bar.turnover >= 0;
  return isUsable ? bar : null;
}
