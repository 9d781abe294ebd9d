import { describe, expect, test } from "bun:test";
import { makerEdgeBps } from "../../../src/domain/fees.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { MarketState } from "../../../src/market/market-state.ts";
import { categoryOf, isTradable } from "../../../src/universe/category.ts";
import { emptyProfile, sampled, withFill } from "../../../src/universe/profile.ts";
import { type ScoreInput, scoreOf } from "../../../src/universe/score.ts";
import { UNIVERSE_FEATURES, Universe } from "../../../src/universe/universe.ts";
import {
  DEFAULT_UNIVERSE,
  type UniverseParameters,
} from "../../../src/universe/universe-parameters.ts";
import { tickerFrame } from "../../support/frames.ts";
import { instrumentOf, START_MS } from "../engine/tape.ts";

describe("categories", () => {
  const cases: readonly [string, Partial<Instrument>, number][] = [
    ["major", {}, 600e6],
    ["liquid", {}, 20e6],
    ["mid", {}, 19.9e6],
    ["thin", {}, 100],
    ["new", { launchAtMs: START_MS - 3_600_000 }, 600e6],
    ["halted", { status: "closed" }, 600e6],
    ["halted", { status: "prelaunch", launchAtMs: START_MS }, 0],
  ];
  test.each(cases)("%s", (category, terms, turnover24hUsdt) => {
    const facts = { turnover24hUsdt, atMs: START_MS };
    const found = categoryOf(instrumentOf(0, terms), facts, DEFAULT_UNIVERSE);
    expect(found as string).toBe(category);
    expect(isTradable(found)).toBe(["major", "liquid", "mid"].includes(category));
  });
});

describe("scores", () => {
  const good: ScoreInput = {
    spreadBps: 8,
    volatilityBps: 1,
    tradesPerMin: 60,
    turnover24hUsdt: 100e6,
    topDepthUsdt: 5_000,
    tickBps: 0.5,
  };
  const score = (terms: Partial<ScoreInput>) =>
    scoreOf({ ...good, ...terms }, DEFAULT_UNIVERSE).points;

  test("stays between 0 and 100", () => {
    expect(score({})).toBeGreaterThan(60);
    expect(
      score({ spreadBps: 39, tradesPerMin: 1e6, turnover24hUsdt: 1e12, topDepthUsdt: 1e9 }),
    ).toBeLessThanOrEqual(100);
    expect(score({ volatilityBps: 1_000, tradesPerMin: 0, turnover24hUsdt: 0 })).toBe(0);
  });

  test.each([
    ["a spread that pays the fees", { spreadBps: 8 }, { spreadBps: 3 }],
    ["activity", { tradesPerMin: 50 }, { tradesPerMin: 5 }],
    ["turnover", { turnover24hUsdt: 200e6 }, { turnover24hUsdt: 2e6 }],
    ["depth", { topDepthUsdt: 9_000 }, { topDepthUsdt: 300 }],
    ["a fine tick", { tickBps: 0.1 }, { tickBps: 8 }],
    ["calm", { volatilityBps: 1 }, { volatilityBps: 9 }],
  ] as const)("prefers %s", (_name, better, worse) => {
    expect(score(better)).toBeGreaterThan(score(worse));
  });

  test.each([
    ["no spread", { spreadBps: 0 }],
    ["a spread that is a missing market", { spreadBps: 41 }],
    ["queues thinner than our quote", { topDepthUsdt: 10 }],
    ["no number", { spreadBps: Number.NaN }],
  ])("is 0 with %s", (_name, terms) => expect(score(terms)).toBe(0));

  test("the cost wall is two maker fees", () => expect(makerEdgeBps(7, 2)).toBe(3));
});

describe("profiles", () => {
  const sample = {
    spreadBps: 4,
    volatilityBps: 1,
    tradesPerMin: 30,
    turnover24hUsdt: 1e6,
    topDepthUsdt: 900,
    category: "mid",
    score: 50,
    atMs: 7,
  };

  test("the first sample is taken whole, later ones are averaged in", () => {
    const first = sampled(emptyProfile("A"), sample);
    expect(first).toMatchObject({ symbol: "A", samples: 1, spreadBps: 4, updatedAtMs: 7 });
    expect(first.volatilityBps1m).toBeCloseTo(Math.sqrt(60), 9);
    expect(sampled(first, { ...sample, spreadBps: 8 }).spreadBps).toBe(6);
    const old = { ...first, samples: 10_000 };
    expect(sampled(old, { ...sample, spreadBps: 8 }).spreadBps).toBeCloseTo(4.08, 9);
  });

  test("own fills are counted by kind", () => {
    const after = withFill(withFill(emptyProfile("A"), { isMaker: true, netUsdt: 0.5 }), {
      isMaker: false,
      netUsdt: -0.2,
    });
    expect(after).toMatchObject({ fills: 2, makerFills: 1 });
    expect(after.netPnlUsdt).toBeCloseTo(0.3, 12);
  });
});

/** A small world: symbols whose spreads (in ticks of 1 bps) can be set, everything else equal. */
class World {
  readonly market = new MarketState();
  readonly features = new FeatureTable(UNIVERSE_FEATURES);
  readonly universe: Universe;
  private atMs = START_MS;
  private looks = 0;

  constructor(size: number, parameters: Partial<UniverseParameters> = {}) {
    const instruments = Array.from({ length: size }, (_, index) => instrumentOf(index));
    this.universe = new Universe({
      ...DEFAULT_UNIVERSE,
      activeMax: 2,
      samplesMin: 1,
      dwellMsMin: 60_000,
      ...parameters,
    });
    this.market.load(instruments);
    this.features.load(instruments);
    this.universe.load(instruments, this.atMs);
  }

  /** Sets spreads, waits, looks: answers the active symbols, best first. */
  look(spreads: readonly number[], afterMs = 5_000): string {
    this.atMs += afterMs;
    this.looks++;
    for (const [index, spread] of spreads.entries()) {
      const symbolId = index as SymbolId;
      const frame = {
        kind: "book",
        symbolId,
        depth: 50,
        isSnapshot: true,
        sequence: this.looks,
        venueAtMs: 1,
        bidCount: 1,
        askCount: 1,
        bids: Float64Array.of(10_000, 900),
        asks: Float64Array.of(10_000 + spread, 900),
      } as const;
      this.market.absorb(frame, this.atMs);
      // A look before this one, so that the averages have begun.
      this.features.onBook(symbolId, this.market.book(symbolId), this.atMs - 2_000);
      this.features.onBook(symbolId, this.market.book(symbolId), this.atMs);
      const ticker = tickerFrame(true, { symbolId, turnover24hUsdt: 50_000_000 });
      this.market.absorb(ticker, this.atMs);
    }
    this.features.sampleAll(this.atMs);
    this.universe.refresh(this.market, this.features, this.atMs);
    return this.universe
      .active()
      .map((id) => this.market.instrument(id).symbol)
      .join("");
  }
}

describe("the active set", () => {
  test("takes the best, up to its size", () => {
    expect(new World(4).look([2, 9, 7, 12])).toBe("DB");
  });

  test("keeps an active symbol against a slightly better or a too early one", () => {
    const world = new World(3, { enterScore: 20, leaveScore: 10 });
    expect(world.look([8, 9, 1])).toBe("BA");
    expect(world.look([8, 9, 30])).toBe("BA");
    expect(world.look([8, 9, 30], 61_000)).toBe("CB");
  });

  test("drops what fell below the leaving score, after its least stay", () => {
    const world = new World(1, { enterScore: 35, leaveScore: 25 });
    expect(world.look([9])).toBe("A");
    expect(world.look([60])).toBe("A");
    expect(world.look([60], 61_000)).toBe("");
  });

  test("drops a symbol that stopped trading at once", () => {
    const world = new World(1);
    expect(world.look([9])).toBe("A");
    const closed = instrumentOf(0, { status: "closed" });
    world.market.load([closed]);
    world.universe.load([closed], START_MS);
    expect(world.look([9])).toBe("");
    expect(world.universe.category(0 as SymbolId)).toBe("halted");
  });

  test("waits for samples, and believes the profile of the last run", () => {
    expect(new World(1, { samplesMin: 3 }).look([9])).toBe("");
    const world = new World(1, { samplesMin: 3 });
    world.look([9]);
    world.look([9]);
    expect(world.look([9])).toBe("A");
    const saved = { ...emptyProfile("A"), samples: 50, score: 44 };
    const universe = new Universe(DEFAULT_UNIVERSE);
    universe.load([instrumentOf(0), instrumentOf(1)], START_MS);
    universe.restore([saved, emptyProfile("GONE")], START_MS);
    expect([universe.profile(0 as SymbolId).samples, universe.score(0 as SymbolId)]).toEqual([
      50, 44,
    ]);
    expect(universe.profile(1 as SymbolId).samples).toBe(0);
  });

  test("a symbol without a live book scores 0", () => {
    const world = new World(1);
    world.look([9]);
    const fault = { kind: "book_fault", symbolId: 0 as SymbolId, fault: "test" } as const;
    world.market.absorb(fault, START_MS);
    world.universe.refresh(world.market, world.features, START_MS + 5_000);
    expect(world.universe.score(0 as SymbolId)).toBe(0);
  });
});
