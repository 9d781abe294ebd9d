/**
 * The same figures of recordings made by others, read where they lie; null where they are absent.
 * `market-data/INDEX.md` and `bybit/fixtures/INDEX.md` beside them say whose they are.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  barFigures,
  crossFigures,
  type Figures,
  type Print,
  type Quote,
  quoteFigures,
  tickerFigures,
  tradeFigures,
} from "./market-figures.ts";

const SHARED = join(import.meta.dir, "../../../../shared");
const KLINES = join(SHARED, "market-data/klines");
const BINANCE = join(SHARED, "market-data/binance-futures/usdm-btcusdt-20240808-head.txt.gz");
const SESSION = join(SHARED, "bybit/fixtures/ws/_sessions/cryptofeed-20260809-linear.jsonl");
const TICKERS = join(SHARED, "bybit/fixtures/rest/market-tickers/gct-1.json");

export const HAS_RECORDINGS = existsSync(KLINES) && existsSync(BINANCE);

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? Buffer.from(Bun.gunzipSync(bytes)).toString() : bytes.toString();
}

type Row = readonly number[];

/** Rows of [ms, open, high, low, close, volume]. */
function rowsOf(file: string): Row[] {
  return JSON.parse(textOf(join(KLINES, file))) as Row[];
}

function barsOfRows(rows: readonly Row[], spanMin: number): Figures {
  return barFigures({
    spanMin,
    closes: rows.map((row) => row[4] ?? 0),
    volumes: rows.map((row) => row[5] ?? 0),
  });
}

/** BTC of 2022, XRP futures and two altcoins: which recording stands beside which contract. */
export function recordedBars(): ReadonlyMap<string, Figures> {
  const lines = textOf(join(KLINES, "btc-perp-20211231-20220201-1m.csv.gz")).trim().split("\n");
  const rows = lines.slice(1).map((line) => line.split(",").map(Number));
  const btc = barFigures({
    spanMin: 1,
    closes: rows.map((row) => row[4] ?? 0),
    volumes: rows.map((row) => row[5] ?? 0),
  });
  return new Map([
    ["BTC", btc],
    ["ETH", barsOfRows(rowsOf("freqtrade-ETH_BTC-5m.json.gz"), 5)],
    ["mid", barsOfRows(rowsOf("freqtrade-XRP_USDT_USDT-5m-futures.json"), 5)],
    ["thin", barsOfRows(rowsOf("freqtrade-ADA_BTC-5m.json.gz"), 5)],
  ]);
}

interface BinanceFrame {
  readonly e?: string;
  readonly T?: number;
  readonly m?: boolean;
  readonly p?: string;
  readonly q?: string;
  readonly b?: unknown;
  readonly a?: unknown;
  readonly bids?: [string, string][];
  readonly asks?: [string, string][];
}

/** Two minutes of the BTC perpetual of another venue: trades, touch at every change, book. */
export function recordedBinance(): Figures {
  const trades: Print[] = [];
  const quotes: Quote[] = [];
  const book = { b: new Map<number, number>(), a: new Map<number, number>() };
  let depthUsdt = 0;
  let sampledAtMs = 0;
  for (const line of textOf(BINANCE).trim().split("\n")) {
    const parsed = JSON.parse(line.slice(line.indexOf(" ") + 1)) as { data?: BinanceFrame };
    const frame = parsed.data ?? (parsed as BinanceFrame);
    if (frame.bids !== undefined) {
      applyLevels(book.b, frame.bids);
      applyLevels(book.a, frame.asks ?? []);
    } else if (frame.e === "trade" && Number(frame.p) > 0) {
      const usdt = Number(frame.p) * Number(frame.q);
      trades.push({ atMs: frame.T ?? 0, isBuy: frame.m === false, usdt });
    } else if (frame.e === "depthUpdate") {
      applyLevels(book.b, frame.b as [string, string][]);
      applyLevels(book.a, frame.a as [string, string][]);
    } else if (frame.e === "bookTicker") {
      const [bid, ask, atMs] = [Number(frame.b), Number(frame.a), frame.T ?? 0];
      if (atMs - sampledAtMs < 100) continue;
      sampledAtMs = atMs;
      depthUsdt = depthOf(book, (bid + ask) / 2);
      quotes.push({ bid, ask, depthUsdt });
    }
  }
  trades.sort((left, right) => left.atMs - right.atMs);
  return { ...tradeFigures(trades), ...quoteFigures(quotes, 0.1) };
}

function applyLevels(side: Map<number, number>, levels: readonly [string, string][]): void {
  for (const [price, size] of levels) {
    if (Number(size) === 0) side.delete(Number(price));
    else side.set(Number(price), Number(size));
  }
}

function depthOf(
  book: { b: ReadonlyMap<number, number>; a: ReadonlyMap<number, number> },
  middle: number,
): number {
  let usdt = 0;
  for (const side of [book.b, book.a]) {
    for (const [price, size] of side) {
      if (Math.abs(price / middle - 1) <= 5e-4) usdt += price * size;
    }
  }
  return usdt;
}

/** Trades of 43 seconds of Bybit's own socket. */
export function recordedSession(symbol: string): Figures {
  const trades: Print[] = [];
  for (const line of textOf(SESSION).trim().split("\n")) {
    const outer = JSON.parse(line) as { data: string };
    const frame = JSON.parse(outer.data) as {
      topic?: string;
      data: { T: number; S: string; v: string; p: string }[];
    };
    if (frame.topic !== `publicTrade.${symbol}`) continue;
    for (const { T, S, v, p } of frame.data) {
      trades.push({ atMs: T, isBuy: S === "Buy", usdt: Number(v) * Number(p) });
    }
  }
  return tradeFigures(trades);
}

/** Ticker deltas of the same seconds. */
export function recordedTickers(symbol: string): Figures {
  const hasSums: boolean[] = [];
  const times: number[] = [];
  for (const line of textOf(SESSION).trim().split("\n")) {
    const outer = JSON.parse(line) as { data: string };
    const frame = JSON.parse(outer.data) as {
      topic?: string;
      type?: string;
      ts?: number;
      data?: { turnover24h?: string };
    };
    if (frame.topic !== `tickers.${symbol}` || frame.type !== "delta") continue;
    hasSums.push(frame.data?.turnover24h !== undefined);
    times.push(frame.ts ?? 0);
  }
  return tickerFigures(hasSums, ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000);
}

/** One reply of the whole market's tickers. */
export function recordedMarket(): Figures {
  const { result } = JSON.parse(textOf(TICKERS)) as {
    result: { list: Record<string, string>[] };
  };
  const rows = result.list.filter(
    ({ symbol = "", fundingRate, indexPrice }) =>
      symbol.endsWith("USDT") && Boolean(fundingRate) && Boolean(indexPrice),
  );
  const of = (name: string): number[] => rows.map((row) => Number(row[name]));
  const [bid, ask, mark, index] = [
    of("bid1Price"),
    of("ask1Price"),
    of("markPrice"),
    of("indexPrice"),
  ];
  return crossFigures({
    spreadBps: bid.map((price, at) => (((ask[at] ?? 0) - price) / price) * 10_000),
    turnoverUsdt: of("turnover24h"),
    change24h: of("price24hPcnt"),
    fundingRate: of("fundingRate"),
    basis: mark.map((price, at) => price / (index[at] ?? 1) - 1),
  });
}
