/** Charts of the fixture: a walk from each symbol's name, with a gap in it, and a ladder. */
import type { ChartReader } from "../../src/charts/chart-reader.ts";
import { type Bar, SPAN_MS } from "../../src/domain/bar.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { toNumber } from "../../src/kernel/decimal.ts";
import { prngOf } from "../../src/kernel/prng.ts";
import type { MonitorView } from "../../src/monitor/view.ts";

const BARS = 900;
/** Bars that are missing, counted from the oldest. */
const GAP = { from: 600, until: 630 };

/** Deterministic: the same symbol at the same time has the same chart. */
export function fixtureCharts(view: () => MonitorView, nowMs: () => number): ChartReader {
  const midOf = ({ symbol, price }: Instrument): number => {
    const text = view().symbols.get(symbol)?.lastText ?? "";
    return Math.max(100, Math.round(Number(text || "1") / toNumber(price, 1)));
  };
  const reader: ChartReader = {
    instrument: (symbol) => view().instruments.get(symbol) ?? null,
    newest: (symbol, span, count) => reader.bars(symbol, span).slice(-count).reverse(),
    bars(symbol, span) {
      const instrument = view().instruments.get(symbol);
      if (instrument === undefined) return [];
      const spanMs = SPAN_MS[span];
      const lastAtMs = Math.floor(nowMs() / spanMs) * spanMs;
      return walk(symbol, midOf(instrument), BARS)
        .map((bar, at) => ({ ...bar, startAtMs: lastAtMs - (BARS - 1 - at) * spanMs }))
        .filter((_, at) => at < GAP.from || at >= GAP.until);
    },
    trades(symbol) {
      const instrument = view().instruments.get(symbol);
      if (instrument === undefined) return [];
      const mid = midOf(instrument);
      return Array.from({ length: 40 }, (_, at) => ({
        venueAtMs: nowMs() - 700 * at - 90,
        side: at % 3 === 0 ? ("sell" as const) : ("buy" as const),
        priceTicks: mid - (at % 3),
        qtySteps: 3 + ((at * 7) % 41),
      }));
    },
    features: (symbol) =>
      symbol === "BTCUSDT"
        ? [
            { name: "spreadBps", unit: "bps", value: 1.0371 },
            { name: "imbalance", unit: "ratio", value: -0.3812 },
            { name: "rsi14@1m", unit: "percent", value: Number.NaN },
          ]
        : [],
    ladder(symbol, levels) {
      const instrument = view().instruments.get(symbol);
      if (instrument === undefined) return null;
      const mid = midOf(instrument);
      const side = (first: number, step: number) =>
        Array.from({ length: levels }, (_, at) => ({
          priceTicks: Math.max(1, first + step * at),
          qtySteps: 900 + ((at * 577) % 4_000),
        }));
      return { bids: side(mid - 1, -1), asks: side(mid, 1), updatedAtMs: nowMs() - 120 };
    },
    ahead: (clientId) => (clientId.length % 2 === 0 ? 2_100 : null),
  };
  return reader;
}

function walk(seed: string, endTicks: number, count: number): Bar[] {
  const prng = prngOf(seed);
  const step = Math.max(1, Math.round(endTicks / 5_000));
  let close = endTicks;
  const bars: Bar[] = [];
  for (let at = 0; at < count; at++) {
    const open = Math.max(2, close + Math.round(prng.normal() * step));
    const high = Math.max(open, close) + Math.round(prng.next() * step);
    const low = Math.max(1, Math.min(open, close) - Math.round(prng.next() * step));
    const volume = Math.round(prng.next() * 500);
    bars.push({
      startAtMs: 0,
      openTicks: open,
      highTicks: high,
      lowTicks: low,
      closeTicks: close,
      volumeSteps: volume + 1,
      turnover: 0,
      isComplete: true,
    });
    close = open;
  }
  return bars.reverse();
}
