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
const SESSION_SYMBOLS = ["BTCUSDT", "SOLUSDT", "DOGEUSDT"];
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

interface BarRecording {
  readonly spanMin: number;
  readonly rows: readonly Row[];
}

const FT_FILES: Readonly<Record<string, string>> = {
  ETH: "freqtrade-ETH_BTC-5m.json.gz",
  mid: "freqtrade-XRP_USDT_USDT-5m-futures.json",
  thin: "freqtrade-ADA_BTC-5m.json.gz",
  LTC: "freqtrade-LTC_BTC-5m.json.gz",
  ETC: "freqtrade-ETC_BTC-5m.json.gz",
};

/** Rows of [time, open, high, low, close, volume]. */
function barRecordings(): ReadonlyMap<string, BarRecording> {
  const lines = textOf(join(KLINES, "btc-perp-20211231-20220201-1m.csv.gz")).trim().split("\n");
  const rows = lines.slice(1).map((line) => line.split(",").map(Number));
  const recordings = new Map<string, BarRecording>([["BTC", { spanMin: 1, rows }]]);
  for (const [name, file] of Object.entries(FT_FILES)) {
    recordings.set(name, { spanMin: 5, rows: rowsOf(file) });
  }
  return recordings;
}

/** BTC of 2022, XRP futures and altcoins: which recording stands beside which contract. */
export function recordedBars(): ReadonlyMap<string, Figures> {
  return new Map(
    [...barRecordings()].map(([name, { rows, spanMin }]) => [name, barsOfRows(rows, spanMin)]),
  );
}

const WEEK_MIN = 7 * 1_440;
/** A gap of a few bars does not make a week less of one. */
const WEEK_LEAST = 0.98;
/** A half of a session is told by so many trades. */
const HALF_TRADES_LEAST = 40;

/** Figures of whole recordings and of their parts; BTC's apart. */
export function recordedBlocks(): Readonly<Record<"BTC" | "all", readonly Figures[]>> {
  const blocks: Record<"BTC" | "all", Figures[]> = { BTC: [], all: [] };
  const add = (isBtc: boolean, ...figures: Figures[]): void => {
    blocks.all.push(...figures);
    if (isBtc) blocks.BTC.push(...figures);
  };
  for (const [name, { rows, spanMin }] of barRecordings()) {
    add(name === "BTC", barsOfRows(rows, spanMin));
    const size = WEEK_MIN / spanMin;
    for (let from = 0; from + WEEK_LEAST * size <= rows.length; from += size) {
      add(name === "BTC", barsOfRows(rows.slice(from, from + size), spanMin));
    }
  }
  const sessions = SESSION_SYMBOLS.map((symbol) => ({ symbol, trades: sessionTrades(symbol) }));
  for (const { symbol, trades } of [{ symbol: "BTCUSDT", trades: binanceTrades() }, ...sessions]) {
    const isBtc = symbol === "BTCUSDT";
    add(isBtc, tradeFigures(trades));
    const [first, last] = [trades[0]?.atMs ?? 0, trades.at(-1)?.atMs ?? 0];
    for (const half of [0, 1]) {
      const isOwn = ({ atMs }: Print) => (atMs - first < (last + 1 - first) / 2 ? 0 : 1) === half;
      const part = trades.filter(isOwn);
      if (part.length >= HALF_TRADES_LEAST) add(isBtc, tradeFigures(part));
    }
  }
  for (const symbol of SESSION_SYMBOLS) add(symbol === "BTCUSDT", ...tickerBlocks(symbol));
  return blocks;
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
  const quotes: Quote[] = [];
  const book = { b: new Map<number, number>(), a: new Map<number, number>() };
  let depthUsdt = 0;
  let sampledAtMs = 0;
  for (const frame of binanceFrames()) {
    if (frame.bids !== undefined) {
      applyLevels(book.b, frame.bids);
      applyLevels(book.a, frame.asks ?? []);
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
  return { ...tradeFigures(binanceTrades()), ...quoteFigures(quotes, 0.1) };
}

function binanceFrames(): BinanceFrame[] {
  return textOf(BINANCE)
    .trim()
    .split("\n")
    .map((line) => {
      const parsed = JSON.parse(line.slice(line.indexOf(" ") + 1)) as { data?: BinanceFrame };
      return parsed.data ?? (parsed as BinanceFrame);
    });
}

function binanceTrades(): Print[] {
  const trades = binanceFrames().filter(({ e, p }) => e === "trade" && Number(p) > 0);
  return trades
    .map(({ T = 0, m, p, q }) => ({ atMs: T, isBuy: m === false, usdt: Number(p) * Number(q) }))
    .sort((left, right) => left.atMs - right.atMs);
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

interface SessionFrame {
  readonly topic?: string;
  readonly type?: string;
  readonly ts?: number;
  readonly data?: unknown;
}

function sessionFrames(topic: string): SessionFrame[] {
  return textOf(SESSION)
    .trim()
    .split("\n")
    .map((line) => JSON.parse((JSON.parse(line) as { data: string }).data) as SessionFrame)
    .filter((frame) => frame.topic === topic);
}

function sessionTrades(symbol: string): Print[] {
  return sessionFrames(`publicTrade.${symbol}`)
    .flatMap(({ data }) => data as { T: number; S: string; v: string; p: string }[])
    .map(({ T, S, v, p }) => ({ atMs: T, isBuy: S === "Buy", usdt: Number(v) * Number(p) }))
    .sort((left, right) => left.atMs - right.atMs);
}

/** Ticker deltas: whole, and both halves. */
function tickerBlocks(symbol: string): Figures[] {
  const deltas = sessionFrames(`tickers.${symbol}`)
    .filter(({ type }) => type === "delta")
    .map(({ ts = 0, data }) => ({
      atMs: ts,
      hasSums: Object.hasOwn(data as object, "turnover24h"),
    }));
  const [first, last] = [deltas[0]?.atMs ?? 0, deltas.at(-1)?.atMs ?? 0];
  const middle = (first + last) / 2;
  const figuresOf = (fromMs: number, untilMs: number): Figures => {
    const part = deltas.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
    const flags = part.map(({ hasSums }) => hasSums);
    return tickerFigures(flags, (untilMs - fromMs) / 1_000);
  };
  return [figuresOf(first, last), figuresOf(first, middle), figuresOf(middle, last)];
}

/** Trades and ticker deltas of 43 seconds of Bybit's own socket. */
export function recordedSession(symbol: string): Figures {
  return { ...tradeFigures(sessionTrades(symbol)), ...tickerBlocks(symbol)[0] };
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
