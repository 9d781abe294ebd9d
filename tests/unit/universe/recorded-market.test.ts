/**
 * The rule on a whole market as it was recorded: 259 linear contracts of one moment. A ticker has
 * no one-second volatility and no trade rate: the first is estimated from the day's high and low
 * (Parkinson 1980), the second is taken for unknown. Skipped where the recording is not there.
 */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import type { SymbolId } from "../../../src/domain/units.ts";
import { review } from "../../../src/universe/admission.ts";
import { scoreOf } from "../../../src/universe/score.ts";
import { DEFAULT_UNIVERSE } from "../../../src/universe/universe-parameters.ts";
import { recordedPath, SKIPPED } from "../../support/recorded.ts";

const FILE = recordedPath("rest", "market-tickers", "gct-1.json");
const MAJOR_USDT = 500e6;

interface Row {
  readonly symbol: string;
  readonly bid1Price: string;
  readonly ask1Price: string;
  readonly bid1Size: string;
  readonly ask1Size: string;
  readonly highPrice24h: string;
  readonly lowPrice24h: string;
  readonly turnover24h: string;
  readonly fundingRate: string;
}

/** One unit of the last decimal that any of its prices has: the tick or a multiple of it. */
function tickOf(...texts: readonly string[]): number {
  return 10 ** -Math.max(...texts.map((text) => (text.split(".")[1] ?? "").length));
}

/** Deviation of one-second returns in bps from the day's range. */
function volatilityBps(high: number, low: number): number {
  const dayShare = Math.log(high / low) / (2 * Math.sqrt(Math.LN2));
  return (dayShare * 10_000) / Math.sqrt(86_400);
}

function scored(rows: readonly Row[]) {
  return rows.map((row, index) => {
    const [bid, ask] = [Number(row.bid1Price), Number(row.ask1Price)];
    const mid = (bid + ask) / 2;
    const turnover24hUsdt = Number(row.turnover24h);
    const score = scoreOf(
      {
        spreadBps: ((ask - bid) / mid) * 10_000,
        volatilityBps: volatilityBps(Number(row.highPrice24h), Number(row.lowPrice24h)),
        tradesPerMin: 0,
        turnover24hUsdt,
        topDepthUsdt: ((Number(row.bid1Size) + Number(row.ask1Size)) / 2) * mid,
        tickBps: (tickOf(row.bid1Price, row.ask1Price, row.highPrice24h) / mid) * 10_000,
        fundingBps: Math.abs(Number(row.fundingRate)) * 10_000 * (60 / 28_800),
      },
      DEFAULT_UNIVERSE,
    );
    const isThin = turnover24hUsdt < DEFAULT_UNIVERSE.turnoverUsdtThin;
    return { id: index as SymbolId, symbol: row.symbol, score, turnover24hUsdt, isThin };
  });
}

describe.if(existsSync(FILE))("a recorded market", () => {
  const rows: Row[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")).result.list : [];
  const market = scored(rows.filter(({ symbol }) => symbol.endsWith("USDT")));
  const ranked = market.toSorted((left, right) => right.score.points - left.score.points);

  test("every contract has its score and its reason", () => {
    expect(market.length).toBeGreaterThan(200);
    for (const { score } of market) {
      expect(Number.isFinite(score.points)).toBe(true);
      expect(score.points > 0 || score.veto !== "" || score.ratio < 0.1).toBe(true);
    }
  });

  test("who is at the top catches more than it costs; who is at the bottom does not", () => {
    for (const { score } of ranked.slice(0, 10)) expect(score.ratio).toBeGreaterThan(1);
    for (const { score } of ranked.slice(-10)) expect(score.ratio).toBeLessThan(1);
  });

  test("the largest markets have spreads that do not pay two fees", () => {
    const majors = market.filter(({ turnover24hUsdt }) => turnover24hUsdt > MAJOR_USDT);
    expect(majors.length).toBeGreaterThan(0);
    for (const { score } of majors) {
      expect(score.points).toBeLessThan(DEFAULT_UNIVERSE.enterScore);
      expect(score.bounceBps).toBeLessThan(score.costs.feesBps);
    }
  });

  test("the same market gives the same active set, none of it thin", () => {
    const contenders = market.map(({ id, symbol, score, isThin }) => ({
      id,
      symbol,
      score: score.points,
      activeSinceMs: null,
      leftAtMs: 0,
      samples: 2,
      barred: isThin ? "thin" : "",
      veto: score.veto,
      pinnedBy: "",
      enterScore: DEFAULT_UNIVERSE.enterScore,
      classes: [],
    }));
    const now = { atMs: 1, together: () => false };
    const { moves } = review(contenders, DEFAULT_UNIVERSE, now);
    expect(moves).toEqual(review(contenders, DEFAULT_UNIVERSE, now).moves);
    const thin = new Set(market.filter(({ isThin }) => isThin).map(({ id }) => id));
    for (const { id } of moves) expect(thin.has(id)).toBe(false);
    if (process.env.SHOW_RANKING === "1")
      show(
        ranked,
        moves.map(({ reason }) => reason),
      );
  });
});

function show(ranked: ReturnType<typeof scored>, moves: readonly string[]): void {
  for (const { symbol, score, isThin } of [...ranked.slice(0, 10), ...ranked.slice(-10)]) {
    const { points, ratio, catchBps, costBps, veto, depthShare } = score;
    const why = `catch ${catchBps.toFixed(1)} / cost ${costBps.toFixed(1)} = ${ratio.toFixed(2)}`;
    const text = veto === "" ? `${why}, depth × ${depthShare.toFixed(2)}` : veto;
    console.info(`${symbol} ${points.toFixed(1)} ${text}${isThin ? ", thin" : ""}`);
  }
  for (const move of moves) console.info(move);
}

test.skipIf(existsSync(FILE))(SKIPPED, () => {});
