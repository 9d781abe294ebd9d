/**
 * The simulated market, looked at as the recordings were: history, quotes and trades, one ticker
 * list.
 */
import { toNumber } from "../../../src/kernel/decimal.ts";
import { MINUTE_MS } from "../../../src/simulator/market/bars.ts";
import { TickerTopic } from "../../../src/simulator/shell/stream/market-topic.ts";
import { SimVenue } from "../../../src/simulator/world/world.ts";
import { framePeer } from "../frame-peer.ts";
import {
  barFigures,
  type CrossSection,
  crossFigures,
  type Figures,
  type Print,
  type Quote,
  quoteFigures,
  tickerFigures,
  tradeFigures,
} from "./market-figures.ts";
import { correlation, deviation, quantile, returns } from "./statistics.ts";

const START_AT_MS = Date.UTC(2026, 7, 9, 12);
const SYMBOLS = 611;
const STEP_MS = 10;
const SAMPLE_MS = 100;
const WARM_MS = 60_000;
const DAYS = 31;
const DEPTH_LEVELS = 600;
const PIECE_MS = 120_000;
const PIECE_TRADES_LEAST = 40;

interface Simulated {
  readonly coins: ReadonlyMap<string, Figures>;
  readonly market: Figures;
}

interface Watched {
  readonly index: number;
  readonly quotes: Quote[];
  readonly trades: Print[];
  /** Sends a ticker's deltas; whether each carried the 24 h sums. */
  tick(atMs: number): void;
  readonly hasSums: boolean[];
}

function watch(venue: SimVenue, index: number): Watched {
  const hasSums: boolean[] = [];
  const peer = framePeer(START_AT_MS, (text) => void hasSums.push(text.includes("turnover24h")));
  const topic = new TickerTopic(venue, { name: "tickers", index });
  topic.peers.add(peer);
  const tick = (atMs: number): void => {
    topic.tick(atMs);
    peer.flush();
  };
  return { index, quotes: [], trades: [], tick, hasSums };
}

/** Figures of the contracts at the given ranks after `minutes` of the market. */
export function simulate(seed: string, ranks: readonly number[], minutes: number): Simulated {
  const venue = new SimVenue({ seed, symbols: SYMBOLS, accounts: [], startAtMs: START_AT_MS });
  const watched = ranks.map((index) => watch(venue, index));
  let isWarm = false;
  venue.listen({
    onTrades(trades) {
      if (!isWarm) return;
      for (const { symbolIndex, side, priceTicks, qtySteps, atMs } of trades) {
        const seen = watched.find(({ index }) => index === symbolIndex);
        if (seen === undefined) continue;
        const { price, qty } = venue.instrumentAt(symbolIndex);
        const usdt = toNumber(price, priceTicks) * toNumber(qty, qtySteps);
        seen.trades.push({ atMs, isBuy: side === "Buy", usdt });
      }
    },
    onPrivate() {},
  });
  const history = ranks.map((index) => historyOf(venue, index));
  const endMs = START_AT_MS + WARM_MS + minutes * MINUTE_MS;
  for (let atMs = START_AT_MS; atMs < endMs; atMs += STEP_MS) {
    venue.advance(atMs);
    isWarm = atMs - START_AT_MS >= WARM_MS;
    if (isWarm) for (const { tick } of watched) tick(atMs);
    if (!isWarm || (atMs - START_AT_MS) % SAMPLE_MS !== 0) continue;
    for (const seen of watched) seen.quotes.push(quoteOf(venue, seen.index));
  }
  const coins = new Map<string, Figures>();
  watched.forEach(({ index, quotes, trades, hasSums }, at) => {
    const { symbol, price } = venue.instrumentAt(index);
    const live = returns(
      quotes.map(({ bid, ask }) => (bid + ask) / 2),
      (60_000 / SAMPLE_MS) | 0,
    );
    coins.set(symbol, {
      ...history[at],
      ...piecewise(trades),
      ...tickerFigures(hasSums, minutes * 60),
      ...quoteFigures(quotes, toNumber(price, 1)),
      "live / path volatility, 1 min": deviation(live) / pathDeviation(venue, index, minutes),
    });
  });
  return { coins, market: { ...marketFigures(venue), ...relations(venue, ranks) } };
}

/**
 * The middle of the figures of two-minute pieces, as long as the recording; whole when few trade.
 */
function piecewise(trades: readonly Print[]): Figures {
  const pieces = new Map<number, Print[]>();
  for (const trade of trades) {
    const piece = Math.floor(trade.atMs / PIECE_MS);
    const known = pieces.get(piece);
    if (known === undefined) pieces.set(piece, [trade]);
    else known.push(trade);
  }
  const all = [...pieces.values()].filter(({ length }) => length >= PIECE_TRADES_LEAST);
  const whole = tradeFigures(trades);
  if (all.length < 3) return whole;
  const figures = all.map(tradeFigures);
  return Object.fromEntries(
    Object.keys(whole).map((name) => {
      const values = figures.map((one) => one[name] ?? Number.NaN).filter(Number.isFinite);
      return [name, quantile(values, 0.5)];
    }),
  );
}

/** Of the path that past bars are made of, over the minutes that were watched. */
function pathDeviation(venue: SimVenue, index: number, minutes: number): number {
  const { past } = venue.tape.of(index);
  const prices = Array.from({ length: minutes }, (_, at) =>
    past.priceAt(START_AT_MS + WARM_MS + at * MINUTE_MS),
  );
  return deviation(returns(prices));
}

function historyOf(venue: SimVenue, index: number): Figures {
  const { past } = venue.tape.of(index);
  const count = DAYS * 1_440;
  const closes: number[] = [];
  const volumes: number[] = [];
  for (let at = 0; at <= count; at++) {
    const atMs = START_AT_MS - (count - at) * MINUTE_MS;
    closes.push(past.priceAt(atMs));
    volumes.push(past.volumeOf(atMs - MINUTE_MS, MINUTE_MS));
  }
  return barFigures({ spanMin: 1, closes, volumes });
}

function quoteOf(venue: SimVenue, index: number): Quote {
  const { core } = venue;
  const { price, qty } = venue.instrumentAt(index);
  const [bids, asks] = [
    core.levels(index, "Buy", DEPTH_LEVELS),
    core.levels(index, "Sell", DEPTH_LEVELS),
  ];
  const [tick, step] = [toNumber(price, 1), toNumber(qty, 1)];
  const [bid, ask] = [(bids[0] ?? 0) * tick, (asks[0] ?? 0) * tick];
  const middle = (bid + ask) / 2;
  let depthUsdt = 0;
  for (const side of [bids, asks]) {
    for (let at = 0; at < side.length; at += 2) {
      const value = (side[at] ?? 0) * tick;
      if (Math.abs(value / middle - 1) > 5e-4) break;
      depthUsdt += value * (side[at + 1] ?? 0) * step;
    }
  }
  return { bid, ask, depthUsdt };
}

function marketFigures(venue: SimVenue): Figures {
  const all: { [Name in keyof CrossSection]: number[] } = {
    spreadBps: [],
    turnoverUsdt: [],
    change24h: [],
    fundingRate: [],
    basis: [],
  };
  for (const { index, status } of venue.core.instruments) {
    if (status !== "Trading") continue;
    const { core, tape } = venue;
    const [bid, ask] = [core.bestTicks(index, "Buy"), core.bestTicks(index, "Sell")];
    const day = tape.of(index).day(core.nowMs);
    const { markTicks, indexTicks } = core.prices(index);
    all.spreadBps.push(((ask - bid) / bid) * 10_000);
    all.turnoverUsdt.push(day.turnover);
    all.change24h.push(tape.of(index).lastTicks / day.prev24hTicks - 1);
    all.fundingRate.push(core.fundingRate(index));
    all.basis.push(markTicks / indexTicks - 1);
  }
  return crossFigures(all);
}

/** How contracts move together, and mark bars beside last bars. */
function relations(venue: SimVenue, ranks: readonly number[]): Figures {
  const moves = (index: number, minutes: number, days: number): number[] => {
    const { past } = venue.tape.of(index);
    const count = (days * 1_440) / minutes;
    const prices = Array.from({ length: count }, (_, at) =>
      past.priceAt(START_AT_MS - (count - at) * minutes * MINUTE_MS),
    );
    return returns(prices);
  };
  const [btc = 0, eth = 1, mid = 60, thin = 300] = ranks;
  const base = moves(btc, 60, 20);
  const against = (index: number): number[] =>
    moves(index, 60, 20).map((move, at) => move - (base[at] ?? 0));
  const premium = venue.market.premiumOf(mid);
  const marks = Array.from({ length: 500 }, (_, at) =>
    premium.markRatioAt(START_AT_MS - at * 60 * MINUTE_MS),
  );
  return {
    "ETH with BTC, 60 min": correlation(base, moves(eth, 60, 20)),
    "mid-cap with BTC, 60 min": correlation(base, moves(mid, 60, 20)),
    "ETH/BTC with mid/BTC, 60 min": correlation(against(eth), against(mid)),
    "ETH/BTC with thin/BTC, 60 min": correlation(against(eth), against(thin)),
    "mark bars off last bars, bps": deviation(marks) * 1e4,
  };
}
