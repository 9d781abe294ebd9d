/**
 * A handful of contracts that are worth quoting and cost little to simulate: wide spreads, some
 * trades, few quotes. What a ledger must hold does not depend on how often a book moves.
 */
import { toNumber } from "../../../src/kernel/decimal.ts";
import { type Listing, makeCatalogue } from "../../../src/simulator/market/catalogue.ts";

/** Contracts whose ticks, steps and prices differ in size. */
const CONTRACTS = 3;
/** Those before have books of many levels. */
const SKIPPED = 26;
/** A book that moves less often than every few seconds counts as stale now and then. */
const QUOTES_PER_SEC = 0.5;
const TAKES_PER_SEC = 0.2;
/** Enough over two maker fees that quotes are worth placing. */
const SPREAD_BPS = 9;
/** Of a major: the score asks for it. */
const TURNOVER_USDT = 600_000_000;
const QUEUE_USDT = 1_000;
const TRADE_USDT = 300;
const LEVELS = 12;

/** The contracts of a seed, in the order of their indexes. */
export function smallMarket(seed: string, nowMs: number): Listing[] {
  const symbols = SKIPPED + CONTRACTS;
  const trading = makeCatalogue({ seed, symbols, nowMs }).slice(SKIPPED, symbols);
  return trading.map(quiet);
}

function quiet({ instrument, activity, ...rest }: Listing, index: number): Listing {
  const tick = toNumber(instrument.price, 1);
  const spreadTicks = Math.max(2, (activity.startPrice / tick) * (SPREAD_BPS / 10_000));
  return {
    ...rest,
    instrument: { ...instrument, index },
    activity: {
      ...activity,
      spreadTicks,
      bandTicks: spreadTicks / 4,
      quotesPerSecond: QUOTES_PER_SEC,
      takesPerSecond: TAKES_PER_SEC,
      turnover24hUsdt: TURNOVER_USDT,
      tradeUsdt: TRADE_USDT,
      touchUsdt: QUEUE_USDT,
      levelUsdt: QUEUE_USDT,
      levels: LEVELS,
    },
  };
}
