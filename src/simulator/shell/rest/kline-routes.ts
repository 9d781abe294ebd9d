/** Bars over REST: trades, mark, index and premium. */
import { toNumber } from "../../../kernel/decimal.ts";
import { failure, type Result, success } from "../../../kernel/result.ts";
import type { SimInstrument } from "../../core/api.ts";
import { type Bar, barStart, INTERVAL_MS, MINUTE_MS, nextBarStart } from "../../market/bars.ts";
import type { Premium } from "../../market/index-premium.ts";
import type { SimVenue } from "../../world/world.ts";
import { type Outcome, ok, parameterError } from "../wire/reply.ts";
import { floatText, priceText, qtyText } from "../wire/text.ts";
import { contractOf, type Query } from "./market-routes.ts";
import { parseLimit } from "./paging.ts";

type Row = (bar: Bar, instrument: SimInstrument, premium: Premium) => string[];

export function kline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar, instrument) => [
    ...priceRow(bar, instrument, () => 1),
    volumeText(instrument, bar.volume),
    floatText(bar.turnover, 4),
  ]);
}

/** Another price than the last one: near it, and not the same. */
export function markKline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar, instrument, premium) =>
    priceRow(bar, instrument, (atMs) => premium.markRatioAt(atMs)),
  );
}

export function indexKline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar, instrument, premium) =>
    priceRow(bar, instrument, (atMs) => 1 / (1 + premium.basisAt(atMs))),
  );
}

export function premiumKline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar, _instrument, premium) => {
    const endMs = Math.min(nowMs, nextBarStart(query.interval ?? "", bar.startMs));
    const middleMs = (bar.startMs + endMs) / 2;
    const [open = 0, middle = 0, close = 0] = [bar.startMs, middleMs, endMs].map((atMs) =>
      premium.premiumAt(atMs),
    );
    const all = [open, middle, close];
    const values = [open, Math.max(...all), Math.min(...all), close];
    return [String(bar.startMs), ...values.map((value) => floatText(value, 6))];
  });
}

const PATHS: ReadonlySet<string> = new Set([
  "/v5/market/kline",
  "/v5/market/mark-price-kline",
  "/v5/market/index-price-kline",
]);

/** Bars between two looks at the clock: less than a millisecond's work. */
const SLICE_BARS = 8;

/**
 * Works out what a request for bars will be answered with, a few at a time: the answer then comes
 * from what is remembered. Nothing for other requests.
 */
export function* barsAhead(
  venue: SimVenue,
  { path, rawQuery }: { readonly path: string; readonly rawQuery: string },
  nowMs: number,
): Generator<void> {
  if (!PATHS.has(path)) return;
  const wanted = wantedOf(venue, Object.fromEntries(new URLSearchParams(rawQuery)), nowMs);
  if (!wanted.ok) return;
  let count = 0;
  for (const atMs of wanted.value.starts) {
    barAt(venue, wanted.value, atMs, nowMs);
    if (++count % SLICE_BARS === 0) yield;
  }
}

interface Wanted {
  readonly instrument: SimInstrument;
  readonly interval: string;
  /** Newest first; with both bounds and too many bars the newest stay. */
  readonly starts: readonly number[];
}

function wantedOf(venue: SimVenue, query: Query, nowMs: number): Result<Wanted, Outcome> {
  const found = contractOf(venue, query);
  if (!found.ok) return failure(found.problem);
  const interval = query.interval ?? "";
  if (INTERVAL_MS[interval] === undefined) return failure(parameterError("interval"));
  const limit = parseLimit(query.limit, 200, 1_000);
  if (limit === null) return failure(parameterError("limit"));
  const instrument = found.value;
  const startMs = query.start ? Number(query.start) : null;
  const endMs = query.end ? Number(query.end) : null;
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) return failure(parameterError("start"));
  const launchMs = barStart(interval, instrument.launchAtMs);
  const oldestMs = Math.max(launchMs, startMs ?? launchMs);
  const newestMs = barStart(interval, newestAt(interval, limit, { startMs, endMs, nowMs }));
  const starts: number[] = [];
  for (let atMs = newestMs; atMs >= oldestMs && starts.length < limit; ) {
    starts.push(atMs);
    atMs = barStart(interval, atMs - 1);
  }
  return success({ instrument, interval, starts });
}

function barAt(venue: SimVenue, wanted: Wanted, atMs: number, nowMs: number): Bar {
  const { instrument, interval } = wanted;
  const { bars: store } = venue.tape.of(instrument.index);
  const make = () => store.bar(interval, atMs, nowMs);
  if (nextBarStart(interval, atMs) > venue.startAtMs) return make();
  return venue.pastBars.of(`${instrument.index}/${interval}/${atMs}`, make);
}

function bars(venue: SimVenue, query: Query, nowMs: number, row: Row): Outcome {
  const found = wantedOf(venue, query, nowMs);
  if (!found.ok) return found.problem;
  const { instrument, starts } = found.value;
  venue.tape.of(instrument.index).bars.roll(nowMs);
  const premium = venue.market.premiumOf(instrument.index);
  const list = starts.map((atMs) =>
    row(barAt(venue, found.value, atMs, nowMs), instrument, premium),
  );
  return ok({ symbol: instrument.symbol, category: query.category ?? "linear", list });
}

/** Where the newest bar lies: at the end, or `limit` bars after a start without an end. */
function newestAt(
  interval: string,
  limit: number,
  asked: { readonly startMs: number | null; readonly endMs: number | null; readonly nowMs: number },
): number {
  const { startMs, endMs, nowMs } = asked;
  if (endMs !== null) return Math.min(endMs, nowMs);
  if (startMs === null) return nowMs;
  let atMs = barStart(interval, startMs);
  if (atMs < startMs) atMs = nextBarStart(interval, atMs);
  return Math.min(nowMs, atMs + (limit - 1) * (nextBarStart(interval, atMs) - atMs));
}

/** Ratios at the bar's ends carry over to open and close; wicks follow the nearer end. */
function priceRow(
  bar: Bar,
  instrument: SimInstrument,
  ratioAt: (atMs: number) => number,
): string[] {
  const price = (value: number): string =>
    priceText(instrument, Math.max(1, Math.round(value / toNumber(instrument.price, 1))));
  const [first, last] = [ratioAt(bar.startMs), ratioAt(bar.startMs + MINUTE_MS)];
  const [open, close] = [bar.open * first, bar.close * last];
  const high = Math.max(open, close, bar.high * Math.min(first, last));
  const low = Math.min(open, close, bar.low * Math.max(first, last));
  return [String(bar.startMs), price(open), price(high), price(low), price(close)];
}

export function volumeText(instrument: SimInstrument, volume: number): string {
  return qtyText(instrument, Math.round(volume / toNumber(instrument.qty, 1)));
}
