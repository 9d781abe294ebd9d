/**
 * How alike the simulated market is to a recorded one: the same statistics of both, side by side.
 *
 * Sampled ten times a second over the 43 quiet seconds of the recording (a Sunday) and over ten
 * minutes of the simulator, after a minute of warm-up. Statistics: spread and depth, trade rate and
 * size, sign persistence of takers, volatility, its clustering, how often touch and book change,
 * and how long a touch stands. Three quarters of a minute cannot show clustering: judge that column
 * of the recording with care.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SymbolId } from "../../src/domain/units.ts";
import { toNumber } from "../../src/kernel/decimal.ts";
import { MarketState } from "../../src/market/market-state.ts";
import { virtualClock } from "../../src/runtime/clock.ts";
import { SimVenue } from "../../src/simulator/world/world.ts";
import { replayFile } from "../../src/venue/replay/replay-file.ts";
import { instrumentOf } from "../support/instruments.ts";

const RECORDING = join(
  import.meta.dir,
  "../../../shared/bybit/fixtures/ws/_sessions/cryptofeed-20260809-linear.jsonl",
);
/** Tick and step of the recorded contracts: a recording shows decimals, not the grid. */
const GRIDS = [
  { symbol: "BTCUSDT", tick: "0.10", step: "0.001" },
  { symbol: "SOLUSDT", tick: "0.010", step: "0.1" },
  { symbol: "DOGEUSDT", tick: "0.00001", step: "1" },
];
const SYMBOLS = GRIDS.map(({ symbol }) => symbol);
const SAMPLE_MS = 100;
const SIM_WARM_MS = 60_000;
const SIM_MS = 600_000;
const SIM_STEP_MS = 20;

/** What was seen of one symbol. */
class Observation {
  readonly spreadTicks: number[] = [];
  readonly mid: number[] = [];
  readonly touchUsdt: number[] = [];
  readonly depth10Usdt: number[] = [];
  readonly signs: number[] = [];
  readonly tradeUsdt: number[] = [];
  readonly levelsChanged: number[] = [];
  private last = new Map<number, number>();

  sample(levels: { bids: ArrayLike<number>; asks: ArrayLike<number> }, unit: Unit): void {
    const { bids, asks } = levels;
    if (bids.length < 20 || asks.length < 20) return;
    const [bid = 0, bidSteps = 0] = [bids[0], bids[1]];
    const [ask = 0, askSteps = 0] = [asks[0], asks[1]];
    this.spreadTicks.push(ask - bid);
    this.mid.push((bid + ask) / 2);
    const usdt = (ticks: number, steps: number) => ticks * unit.tick * steps * unit.step;
    this.touchUsdt.push((usdt(bid, bidSteps) + usdt(ask, askSteps)) / 2);
    let depth = 0;
    for (let level = 0; level < 20; level += 2) {
      depth += usdt(bids[level] ?? 0, bids[level + 1] ?? 0);
      depth += usdt(asks[level] ?? 0, asks[level + 1] ?? 0);
    }
    this.depth10Usdt.push(depth / 2);
    this.countChanges(bids, asks);
  }

  /** Levels of the best ten a side that are new or have another size than a sample ago. */
  private countChanges(bids: ArrayLike<number>, asks: ArrayLike<number>): void {
    const now = new Map<number, number>();
    for (let level = 0; level < 20; level += 2) {
      now.set(bids[level] ?? 0, bids[level + 1] ?? 0);
      now.set(asks[level] ?? 0, asks[level + 1] ?? 0);
    }
    let changed = 0;
    for (const [price, size] of now) if (this.last.get(price) !== size) changed++;
    this.levelsChanged.push(changed);
    this.last = now;
  }

  trade(isBuy: boolean, usdt: number): void {
    this.signs.push(isBuy ? 1 : -1);
    this.tradeUsdt.push(usdt);
  }
}

interface Unit {
  readonly tick: number;
  readonly step: number;
}

async function recorded(): Promise<Map<string, Observation> | null> {
  if (!existsSync(RECORDING)) return null;
  const seen = new Map(SYMBOLS.map((symbol) => [symbol, new Observation()]));
  const market = new MarketState();
  const clock = virtualClock(0);
  let sampledAtMs = 0;
  await replayFile({
    file: RECORDING,
    clock,
    instruments: GRIDS.map((shape, id) => instrumentOf({ ...shape, id: id as SymbolId })),
    sink(event) {
      if (event.kind === "instruments") market.load(event.instruments);
      else if (event.kind === "book") market.absorb(event, clock.nowMs());
      if (clock.nowMs() - sampledAtMs < SAMPLE_MS) return;
      sampledAtMs = clock.nowMs();
      for (const symbol of SYMBOLS) {
        const id = market.idOf(symbol);
        if (id !== undefined) sampleBook(seen, market, symbol, id);
      }
    },
    onTrades({ symbolId, trades }) {
      const { symbol, price, qty } = market.instrument(symbolId);
      for (const { side, priceTicks, qtySteps } of trades) {
        const usdt = toNumber(price, priceTicks) * toNumber(qty, qtySteps);
        seen.get(symbol)?.trade(side === "buy", usdt);
      }
    },
  });
  return seen;
}

function sampleBook(
  seen: Map<string, Observation>,
  market: MarketState,
  symbol: string,
  id: SymbolId,
): void {
  const book = market.book(id);
  const { price, qty } = market.instrument(id);
  seen.get(symbol)?.sample(
    {
      bids: book.bids.subarray(0, book.bidCount * 2),
      asks: book.asks.subarray(0, book.askCount * 2),
    },
    { tick: toNumber(price, 1), step: toNumber(qty, 1) },
  );
}

function simulated(seconds: number): Map<string, Observation> {
  const startAtMs = Date.UTC(2026, 7, 9);
  const venue = new SimVenue({ seed: "realism", symbols: 50, accounts: [], startAtMs });
  const seen = new Map(SYMBOLS.map((symbol) => [symbol, new Observation()]));
  let isWarm = false;
  venue.listen({
    onTrades(trades) {
      if (!isWarm) return;
      for (const { symbolIndex, side, priceTicks, qtySteps } of trades) {
        const { symbol, price, qty } = venue.instrumentAt(symbolIndex);
        const usdt = toNumber(price, priceTicks) * toNumber(qty, qtySteps);
        seen.get(symbol)?.trade(side === "Buy", usdt);
      }
    },
    onPrivate() {},
  });
  const endMs = startAtMs + SIM_WARM_MS + seconds * 1_000;
  for (let atMs = startAtMs; atMs < endMs; atMs += SIM_STEP_MS) {
    venue.advance(atMs);
    isWarm = atMs - startAtMs >= SIM_WARM_MS;
    if (!isWarm || (atMs - startAtMs) % SAMPLE_MS !== 0) continue;
    for (const symbol of SYMBOLS) {
      const instrument = venue.instrument(symbol);
      if (instrument === undefined) continue;
      const side = (name: "Buy" | "Sell") => venue.core.levels(instrument.index, name, 50);
      seen
        .get(symbol)
        ?.sample(
          { bids: side("Buy"), asks: side("Sell") },
          { tick: toNumber(instrument.price, 1), step: toNumber(instrument.qty, 1) },
        );
    }
  }
  return seen;
}

const STATISTICS: Readonly<Record<string, (seen: Observation, seconds: number) => number>> = {
  "spread, median ticks": ({ spreadTicks }) => median(spreadTicks),
  "spread 1 tick, share": ({ spreadTicks }) => share(spreadTicks, (ticks) => ticks === 1),
  "touch, median USDT": ({ touchUsdt }) => median(touchUsdt),
  "10 levels, median USDT": ({ depth10Usdt }) => median(depth10Usdt),
  "trades a second": ({ signs }, seconds) => signs.length / seconds,
  "trade, median USDT": ({ tradeUsdt }) => median(tradeUsdt),
  "trade, mean USDT": ({ tradeUsdt }) => mean(tradeUsdt),
  "sign autocorrelation": ({ signs }) => autocorrelation(signs, 1),
  "volatility, bps in 1 s": ({ mid }) => deviation(returns(mid, 10)) * 1e4,
  "|return| autocorrelation": ({ mid }) => autocorrelation(returns(mid, 10).map(Math.abs), 1),
  "kurtosis of 1 s returns": ({ mid }) => kurtosis(returns(mid, 10)),
  "touch stands, mean s": ({ mid }, seconds) =>
    seconds / Math.max(1, returns(mid, 1).filter((move) => move !== 0).length),
  "10 levels changed in 100 ms": ({ levelsChanged }) => mean(levelsChanged.slice(1)),
  "queue at touch lasts, s": ({ touchUsdt, tradeUsdt }, seconds) =>
    (2 * median(touchUsdt) * seconds) / tradeUsdt.reduce((sum, usdt) => sum + usdt, 0),
  "touch moved, share of 100 ms": ({ mid }) => share(returns(mid, 1), (move) => move !== 0),
};

const real = await recorded();
const fake = simulated(SIM_MS / 1_000);
if (real === null) console.log("skipped: no recorded payloads; simulated values only");
for (const symbol of SYMBOLS) {
  console.log(`\n${symbol.padEnd(32)} ${"recorded".padStart(12)} ${"simulated".padStart(12)}`);
  const [seenReal, seenFake] = [real?.get(symbol), fake.get(symbol)];
  for (const [name, statistic] of Object.entries(STATISTICS)) {
    const left = seenReal === undefined ? Number.NaN : statistic(seenReal, 43);
    const right = seenFake === undefined ? Number.NaN : statistic(seenFake, SIM_MS / 1_000);
    console.log(`  ${name.padEnd(30)} ${show(left)} ${show(right)}`);
  }
}

function show(value: number): string {
  const decimals = Math.abs(value) >= 100 ? 0 : 3;
  return (Number.isFinite(value) ? value.toFixed(decimals) : "-").padStart(12);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** 3 for a normal distribution; markets show more. */
function kurtosis(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 4)) / deviation(values) ** 4;
}

function share(values: readonly number[], test: (value: number) => boolean): number {
  return values.filter(test).length / values.length;
}

/** Log returns over `lag` samples, not overlapping. */
function returns(mid: readonly number[], lag: number): number[] {
  const moves: number[] = [];
  for (let index = lag; index < mid.length; index += lag) {
    moves.push(Math.log((mid[index] ?? 1) / (mid[index - lag] ?? 1)));
  }
  return moves;
}

function autocorrelation(values: readonly number[], lag: number): number {
  const middle = mean(values);
  let top = 0;
  let bottom = 0;
  for (const [index, value] of values.entries()) {
    bottom += (value - middle) ** 2;
    const later = values[index + lag];
    if (later !== undefined) top += (value - middle) * (later - middle);
  }
  return top / bottom;
}
