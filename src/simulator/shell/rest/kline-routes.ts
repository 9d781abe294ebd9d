/** Bars over REST: trades, mark, index and premium. */
import { toNumber } from "../../../kernel/decimal.ts";
import type { SimInstrument } from "../../core/api.ts";
import { type Bar, barStart, INTERVAL_MS, nextBarStart } from "../../market/bars.ts";
import type { SimVenue } from "../../world/world.ts";
import { type Outcome, ok, parameterError } from "../wire/reply.ts";
import { floatText, priceText, qtyText } from "../wire/text.ts";
import { contractOf, type Query } from "./market-routes.ts";
import { parseLimit } from "./paging.ts";

type Row = (bar: Bar, instrument: SimInstrument, indexRatio: number) => string[];

export function kline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar, instrument) => [
    ...priceRow(bar, instrument, 1),
    volumeText(instrument, bar.volume),
    floatText(bar.turnover, 4),
  ]);
}

export function markKline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar, instrument) => priceRow(bar, instrument, 1));
}

export function indexKline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, priceRow);
}

export function premiumKline(venue: SimVenue, query: Query, nowMs: number): Outcome {
  return bars(venue, query, nowMs, (bar) => {
    const move = Math.max(-0.001, Math.min(0.001, (bar.close / bar.open - 1) * 0.05));
    const values = [move / 2, Math.max(move, 0.00005), Math.min(move, -0.00005), move];
    return [String(bar.startMs), ...values.map((value) => floatText(value, 6))];
  });
}

/** Newest first; with both bounds and too many bars the newest stay. */
function bars(venue: SimVenue, query: Query, nowMs: number, row: Row): Outcome {
  const found = contractOf(venue, query);
  if ("refusal" in found) return found.refusal;
  const interval = query.interval ?? "";
  if (INTERVAL_MS[interval] === undefined) return parameterError("interval");
  const limit = parseLimit(query.limit, 200, 1_000);
  if (limit === null) return parameterError("limit");
  const { instrument } = found;
  const startMs = query.start ? Number(query.start) : null;
  const endMs = query.end ? Number(query.end) : null;
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) return parameterError("start");
  const launchMs = barStart(interval, instrument.launchAtMs);
  const oldestMs = Math.max(launchMs, startMs ?? launchMs);
  const newestMs = barStart(interval, newestAt(interval, startMs, endMs, nowMs, limit));
  const { bars: store } = venue.tape.of(instrument.index);
  store.roll(nowMs);
  const prices = venue.core.prices(instrument.index);
  const indexRatio = prices.indexTicks / Math.max(1, prices.markTicks);
  const list: string[][] = [];
  for (let atMs = newestMs; atMs >= oldestMs && list.length < limit; ) {
    list.push(row(store.bar(interval, atMs, nowMs), instrument, indexRatio));
    atMs = barStart(interval, atMs - 1);
  }
  return ok({ symbol: instrument.symbol, category: query.category ?? "linear", list });
}

/** Where the newest bar lies: at the end, or `limit` bars after a start without an end. */
function newestAt(
  interval: string,
  startMs: number | null,
  endMs: number | null,
  nowMs: number,
  limit: number,
): number {
  if (endMs !== null) return Math.min(endMs, nowMs);
  if (startMs === null) return nowMs;
  let atMs = barStart(interval, startMs);
  if (atMs < startMs) atMs = nextBarStart(interval, atMs);
  return Math.min(nowMs, atMs + (limit - 1) * (nextBarStart(interval, atMs) - atMs));
}

function priceRow(bar: Bar, instrument: SimInstrument, ratio: number): string[] {
  const price = (value: number): string =>
    priceText(instrument, Math.max(1, Math.round((value * ratio) / toNumber(instrument.price, 1))));
  return [String(bar.startMs), price(bar.open), price(bar.high), price(bar.low), price(bar.close)];
}

export function volumeText(instrument: SimInstrument, volume: number): string {
  return qtyText(instrument, Math.round(volume / toNumber(instrument.qty, 1)));
}
