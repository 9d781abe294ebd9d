/** @jsxImportSource hono/jsx */
/**
 * Candles of one symbol with what is ours in them: on its own page, and on the desk of the symbol
 * that is in focus. The stream carries the newest bars and what is ours as values, which the script
 * appends; everything older it fetches once.
 */
import { z } from "zod";
import { CHART_SPANS, type ChartSpan } from "../../src/charts/chart-tape.ts";
import type { Bar } from "../../src/domain/bar.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { toNumber } from "../../src/kernel/decimal.ts";
import { newestOurs } from "../../src/monitor/chart-picture.ts";
import { optional, symbolParam } from "../../src/monitor/params.ts";
import type { MonitorView } from "../../src/monitor/view.ts";
import { clockUtc, dateTimeUtc, grouped } from "../format.ts";
import { Empty, type Html } from "../html.tsx";
import type { Model, Sources } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { valueIn } from "../value.tsx";
import { ChartFigure } from "./chart.tsx";

/** Of the table before the script fills it: who has no script sees the newest. */
const TWIN_ROWS = 20;
/** The bars that a stamp carries: of seconds also the one before, as it closed. */
const STAMPED: readonly (readonly [ChartSpan, number])[] = [
  ["1s", 1],
  ["1s", 0],
  ["5s", 0],
  ["1m", 0],
  ["5m", 0],
  ["1h", 0],
];
const LABELS: Readonly<Record<ChartSpan, string>> = {
  "1s": "1 s",
  "5s": "5 s",
  "1m": "1 min",
  "5m": "5 min",
  "1h": "1 h",
};
const CHOICES = CHART_SPANS.map((value) => ({ value, label: LABELS[value] }));

interface CandleData {
  readonly symbol: string;
  readonly charts: Sources["charts"];
}

/** The symbol of the page. */
export const candles = regionOf({
  name: "candles",
  params: z.object({ symbol: symbolParam() }),
  load: ({ charts }, { symbol }): CandleData => ({ symbol, charts }),
  view: Stamps,
  element: ({ id, data, model, children }) => (
    <>
      <Figure data={data} span="1m" model={model} />
      <div id={id} hidden>
        {children}
      </div>
    </>
  ),
});

/** The symbol that the desk looks at. */
export const focus = regionOf({
  name: "focus",
  params: z.object({ focus: optional(symbolParam()) }),
  load: ({ charts }, { focus: symbol }): CandleData => ({ symbol: symbol ?? "", charts }),
  view: Stamps,
  element: ({ id, data, model, children }) => (
    <>
      <FocusChoice view={model.view} symbol={data.symbol} />
      {data.symbol === "" ? null : <Figure data={data} span="1s" model={model} />}
      <div id={id} hidden={data.symbol !== ""}>
        {children}
      </div>
    </>
  ),
});

/** More names than fit two lines belong on the symbols page. */
const CHOICE_MAX = 16;

/** What the desk looks at when nobody says: something held, else something active, by name. */
export function focusOf(view: MonitorView): string | undefined {
  return [...heldOf(view), ...[...view.universe.active].sort()][0];
}

function heldOf({ positions }: MonitorView): string[] {
  const held = [...positions.values()].filter(({ side }) => side !== "flat");
  return held.map(({ symbol }) => symbol).sort();
}

function FocusChoice({ view, symbol }: { view: MonitorView; symbol: string }) {
  const names = [...new Set([...heldOf(view), ...view.universe.active, symbol])]
    .filter((name) => name !== "")
    .sort();
  return (
    <nav class="chart-choice" aria-label="Symbol in focus">
      {names.slice(0, CHOICE_MAX).map((name) => (
        <a
          href={`/?focus=${encodeURIComponent(name)}`}
          aria-current={name === symbol ? "true" : undefined}
        >
          {name.replace(/USDT$/, "")}
        </a>
      ))}
    </nav>
  );
}

/** A page that was opened before anything was traded. */
function NoFocus({ view }: { view: MonitorView }) {
  const first = focusOf(view);
  if (first === undefined) return <Empty>No symbol is active or held yet.</Empty>;
  return (
    <p class="empty">
      <a href={`/?focus=${encodeURIComponent(first)}`}>Show {first}</a>
    </p>
  );
}

/** What the stream keeps true; the script reads it. */
function Stamps({ view }: Model, { symbol, charts }: CandleData): Html {
  if (symbol === "") return <NoFocus view={view} />;
  const instrument = charts.instrument(symbol);
  if (instrument === null) return <Empty>Nothing to follow yet.</Empty>;
  const bars = STAMPED.map(([span, back]) => {
    const bar = charts.newest(symbol, span, back + 1)[back];
    return bar === undefined ? null : rowOf(bar, instrument);
  });
  const ours = newestOurs(view, instrument);
  return (
    <>
      <data {...valueIn(`bars.${symbol}`, "data-stamp", JSON.stringify(bars))} />
      <data {...valueIn(`ours.${symbol}`, "data-stamp", JSON.stringify(ours))} />
    </>
  );
}

function rowOf(bar: Bar, { price, qty }: Instrument): readonly number[] {
  const { openTicks, highTicks, lowTicks, closeTicks } = bar;
  const prices = [openTicks, highTicks, lowTicks, closeTicks].map((each) => toNumber(price, each));
  return [bar.startAtMs, ...prices, toNumber(qty, bar.volumeSteps)];
}

function Figure({ data, span, model }: { data: CandleData; span: ChartSpan; model: Model }): Html {
  const { symbol, charts } = data;
  const instrument = charts.instrument(symbol);
  if (instrument === null) return <Empty>No instrument is called {symbol}.</Empty>;
  const bars = charts.bars(symbol, span);
  return (
    <ChartFigure
      id={`chart-${span === "1s" ? "focus" : "symbol"}-${symbol}`}
      kind="candles"
      {...(span === "1s" ? {} : { size: "tall" as const })}
      symbol={symbol}
      sentence={sentenceOf({ symbol, span, bars, instrument, model })}
      choice={{ name: "interval", label: "Length of a candle", all: CHOICES, now: span }}
      twin={{
        columns: ["Start (UTC)", "Open", "High", "Low", "Close", "Volume"],
        rows: bars
          .slice(-TWIN_ROWS)
          .reverse()
          .map((bar) => {
            const [startAtMs = 0, ...values] = rowOf(bar, instrument);
            const { decimals } = instrument.price;
            const volume = values.pop() ?? 0;
            const prices = values.map((value) => grouped(value.toFixed(decimals)));
            return [dateTimeUtc(startAtMs), ...prices, grouped(String(volume))];
          }),
      }}
    />
  );
}

interface Said {
  readonly symbol: string;
  readonly span: ChartSpan;
  readonly bars: readonly Bar[];
  readonly instrument: Instrument;
  readonly model: Model;
}

/** As the script says it later. */
function sentenceOf({ symbol, span, bars, instrument, model }: Said): string {
  const last = model.view.symbols.get(symbol)?.lastText ?? "";
  const [first] = bars;
  if (first === undefined) return `${symbol}: no candle yet, last ${grouped(last)}`;
  const price = (ticks: number) =>
    grouped(toNumber(instrument.price, ticks).toFixed(instrument.price.decimals));
  const best = (isBetter: (one: Bar, other: Bar) => boolean) =>
    bars.reduce((found, bar) => (isBetter(bar, found) ? bar : found), first);
  const high = best((one, other) => one.highTicks > other.highTicks);
  const low = best((one, other) => one.lowTicks < other.lowTicks);
  return (
    `${symbol}, ${bars.length} candles of ${span}: last ${grouped(last)}, ` +
    `high ${price(high.highTicks)} at ${clockUtc(high.startAtMs)}, ` +
    `low ${price(low.lowTicks)} at ${clockUtc(low.startAtMs)}`
  );
}
