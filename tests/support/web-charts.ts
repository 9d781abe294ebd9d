/** Charts of the fixture: waves around the first price of each symbol, with gaps, and a ladder. */
import type { ChartReader } from "../../src/charts/chart-reader.ts";
import { type Bar, SPAN_MS } from "../../src/domain/bar.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { toNumber } from "../../src/kernel/decimal.ts";
import type { MonitorView } from "../../src/monitor/view.ts";

const BARS = 900;
/** Of so many bars in a row the first few are missing. */
const GAP = { every: 400, bars: 20 };

export function fixtureCharts(view: () => MonitorView, nowMs: () => number): ChartReader {
  const midOf = ({ symbol, price }: Instrument): number => {
    const text = view().symbols.get(symbol)?.lastText ?? "";
    return Math.max(100, Math.round(Number(text || "1") / toNumber(price, 1)));
  };
  const firstMids = new Map<string, number>();
  const reader: ChartReader = {
    instrument: (symbol) => view().instruments.get(symbol) ?? null,
    newest: (symbol, span, count) => reader.bars(symbol, span).slice(-count).reverse(),
    bars(symbol, span) {
      const instrument = view().instruments.get(symbol);
      if (instrument === undefined) return [];
      const first = firstMids.get(symbol) ?? midOf(instrument);
      firstMids.set(symbol, first);
      const last = Math.floor(nowMs() / SPAN_MS[span]);
      return Array.from({ length: BARS }, (_, at) => last - (BARS - 1 - at))
        .filter((place) => place % GAP.every >= GAP.bars)
        .map((place) => barAt(place, SPAN_MS[span], first));
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

/** What happened is a function of when: the same bar is the same whenever it is asked for. */
function barAt(place: number, spanMs: number, midTicks: number): Bar {
  const reach = Math.max(2, midTicks * 0.0015);
  const priceAt = (at: number) =>
    Math.max(4, Math.round(midTicks + reach * (Math.sin(at / 17) + 0.4 * Math.sin(at / 2.3))));
  const [openTicks, closeTicks] = [priceAt(place), priceAt(place + 1)];
  const wick = Math.max(1, Math.round(reach / 4));
  return {
    startAtMs: place * spanMs,
    openTicks,
    highTicks: Math.max(openTicks, closeTicks) + ((place * 7) % wick),
    lowTicks: Math.max(1, Math.min(openTicks, closeTicks) - ((place * 11) % wick)),
    closeTicks,
    volumeSteps: 1 + ((place * 577) % 500),
    turnover: 0,
    isComplete: true,
  };
}
