/**
 * Which symbols exist, where they stand on every axis, what they score, and the few that are
 * quoted.
 *
 * Looked at every few seconds from slow profiles, never per frame, and the whole market in slices,
 * so that no look stalls a frame. Who is quoted is decided by `admission.ts`; every change of it is
 * told with its reason.
 */
import { bpsOfRate, type FeeSchedule } from "../domain/fees.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { ExecId, SymbolId } from "../domain/units.ts";
import type { FeatureReader } from "../features/feature-table.ts";
import type { FeatureName } from "../features/registry.ts";
import { must } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import type { MarketState } from "../market/market-state.ts";
import { type Contender, type Move, review, type Together } from "./admission.ts";
import { type Axes, axesOf } from "./axes.ts";
import { barOf, classesOf } from "./barring.ts";
import { type Category, categoryOf, isTradable } from "./category.ts";
import { goodShareAfter } from "./data-axis.ts";
import { adverseOf, expectedOf, FILLS_TRUSTED, isStale } from "./expectation.ts";
import { type FillFacts, FillMarks } from "./fill-marks.ts";
import { type HourRow, HoursOfWeek } from "./hours-of-week.ts";
import { noWords, type SymbolWords } from "./operator-words.ts";
import { emptyProfile, type SymbolProfile, sampled, withFill } from "./profile.ts";
import { noScore, type Score, scoreOf } from "./score.ts";
import { NO_STANDING, type Standing } from "./standing.ts";
import { NO_AVERAGES, type TrendAverages, trendAfter, trendDeviations } from "./trend-axis.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

/** What a look at a symbol reads. */
export const UNIVERSE_FEATURES = [
  "midTicks",
  "spreadBps",
  "volatilityBps",
  "tradesPerMin",
  "topDepthUsdt",
] as const satisfies readonly FeatureName[];

interface Entry {
  instrument: Instrument;
  profile: SymbolProfile;
  category: Category;
  axes: Axes | null;
  score: Score;
  /** The score's points; of the last run until the first look. */
  points: number;
  averages: TrendAverages;
  goodShare: number;
  lookedAtMs: number;
  /** Our clock when it became active, null while it is not. */
  activeSinceMs: number | null;
  leftAtMs: number;
  standing: Standing;
  words: SymbolWords;
}

/** What a look reads the market from. */
interface Look {
  readonly market: MarketState;
  readonly features: FeatureReader;
  readonly atMs: number;
}

/** A symbol that entered or left the active set. */
export interface Changed extends Move {
  readonly score: number;
}

const APART: Together = () => false;
const HORIZON_MS_PER_SEC = 1_000;
const MINUTE_MS = 60_000;

export class Universe {
  readonly parameters: UniverseParameters;
  /** Our clock at the last review; 0 before it. */
  updatedAtMs = 0;
  private readonly entries: Entry[] = [];
  /** What the account itself pays, where that is known. */
  private fees: ReadonlyMap<SymbolId, FeeSchedule> = new Map();
  private line: readonly SymbolId[] = [];
  private readonly hours = new HoursOfWeek();
  private readonly fills = new FillMarks();
  /** Where the next slice of a round begins. */
  private cursor = 0;

  constructor(parameters: UniverseParameters) {
    this.parameters = parameters;
  }

  /** Scores are of what a round trip leaves to this account. */
  useFees(fees: ReadonlyMap<SymbolId, FeeSchedule>): void {
    this.fees = fees;
  }

  /**
   * Takes the instrument list; known symbols keep their profile, new ones get an empty one.
   */
  load(instruments: readonly Instrument[], atMs: number): void {
    for (const instrument of instruments) {
      const known = this.entries[instrument.id];
      if (known === undefined) this.entries.push(newEntry(instrument, atMs, this.parameters));
      else known.instrument = instrument;
    }
  }

  /** Takes what earlier runs measured in place of the little that this one has. */
  restore(profiles: readonly SymbolProfile[], atMs: number): void {
    const saved = new Map(profiles.map((profile) => [profile.symbol, profile]));
    for (const entry of this.entries) {
      const profile = saved.get(entry.instrument.symbol);
      if (profile === undefined) continue;
      const facts = { turnover24hUsdt: profile.turnover24hUsdt, atMs };
      entry.profile = profile;
      entry.category = categoryOf(entry.instrument, facts, this.parameters);
      entry.points = profile.score;
    }
  }

  /** Takes what people said of a symbol in place of what was known. */
  take(id: SymbolId, words: SymbolWords, atMs: number): void {
    const entry = this.entry(id);
    entry.words = words;
    this.tellOut(entry, atMs);
  }

  /** Takes what people said in earlier runs. */
  restoreWords(all: readonly SymbolWords[]): void {
    const said = new Map(all.map((words) => [words.symbol, words]));
    for (const entry of this.entries)
      entry.words = said.get(entry.instrument.symbol) ?? entry.words;
  }

  words(id: SymbolId): SymbolWords {
    return this.entry(id).words;
  }

  /** Symbols of which people have said something, by id. */
  allWords(): SymbolWords[] {
    return this.entries.map(({ words }) => words).filter(({ updatedAtMs }) => updatedAtMs > 0);
  }

  /** Takes what earlier runs learned of the hours of the week. */
  restoreHours(rows: readonly HourRow[]): void {
    const bySymbol = Map.groupBy(rows, ({ symbol }) => symbol);
    for (const { instrument } of this.entries) {
      this.hours.restore(instrument.id, bySymbol.get(instrument.symbol) ?? []);
    }
  }

  /** The next part of what was learned of this hour, for whoever keeps it. */
  takeHours(atMs: number): readonly HourRow[] {
    return this.hours.take(atMs);
  }

  /** An entry of ours was placed, or filled for the first time. */
  countEntry(id: SymbolId, name: "entries" | "entriesFilled", atMs: number): void {
    this.hours.count(this.ofHour(id, atMs), name, 1);
  }

  /** An execution of ours; what the market does after it is told by {@link learnMid}. */
  learnFill(fill: FillFacts): void {
    this.fills.note(fill);
  }

  learnMid(execId: ExecId, horizonMs: number, { mid, atMs }: { mid: number; atMs: number }): void {
    const lesson = this.fills.mid(execId, horizonMs, mid);
    if (lesson === null) return;
    const { symbolId, kind, bps } = lesson;
    const hour = this.ofHour(symbolId, atMs);
    this.hours.count(hour, kind === "adverse" ? "adverseBpsSum" : "slippageBpsSum", bps);
    this.hours.count(hour, kind === "adverse" ? "adverseFills" : "slippageFills", 1);
  }

  private ofHour(id: SymbolId, atMs: number) {
    return { id, symbol: this.entry(id).instrument.symbol, atMs };
  }

  profile(id: SymbolId): SymbolProfile {
    return this.entry(id).profile;
  }

  category(id: SymbolId): Category {
    return this.entry(id).category;
  }

  score(id: SymbolId): number {
    return this.entry(id).points;
  }

  /** With every part that it is made of. */
  scoreParts(id: SymbolId): Score {
    return this.entry(id).score;
  }

  /** Null before the first look at a live book. */
  axes(id: SymbolId): Axes | null {
    return this.entry(id).axes;
  }

  standing(id: SymbolId): Standing {
    return this.entry(id).standing;
  }

  isActive(id: SymbolId): boolean {
    return this.entry(id).activeSinceMs !== null;
  }

  activeSinceMs(id: SymbolId): number | null {
    return this.entry(id).activeSinceMs;
  }

  profiles(): SymbolProfile[] {
    return this.entries.map((entry) => entry.profile);
  }

  /** Active symbols, best first. */
  active(): SymbolId[] {
    return this.entries
      .filter((entry) => entry.activeSinceMs !== null)
      .sort((left, right) => right.points - left.points || left.instrument.id - right.instrument.id)
      .map((entry) => entry.instrument.id);
  }

  /** Who scores enough and waits, best first. */
  next(): readonly SymbolId[] {
    return this.line;
  }

  counts(): Partial<Record<Category, number>> {
    const counts: Partial<Record<Category, number>> = {};
    for (const { category } of this.entries) counts[category] = (counts[category] ?? 0) + 1;
    return counts;
  }

  countFill(id: SymbolId, fill: { readonly isMaker: boolean; readonly netUsdt: number }): void {
    const entry = this.entry(id);
    entry.profile = withFill(entry.profile, fill);
  }

  /** One look at everything, and the review. Returns who entered or left the active set. */
  refresh(market: MarketState, features: FeatureReader, atMs: number): readonly Changed[] {
    this.cursor = 0;
    this.lookOn(this.entries.length, { market, features, atMs });
    return this.review(atMs);
  }

  /** Looks at the next `count` symbols; true when that ended a round over all of them. */
  lookOn(count: number, look: Look): boolean {
    const until = this.cursor + count;
    for (const entry of this.entries.slice(this.cursor, until)) {
      this.look(entry, look);
      this.tellOut(entry, look.atMs);
    }
    const isWhole = until >= this.entries.length;
    this.cursor = isWhole ? 0 : until;
    return isWhole;
  }

  /** Lets in and out by the scores of the last look. */
  review(atMs: number, together: Together = APART): readonly Changed[] {
    this.updatedAtMs = atMs;
    const contenders = this.entries
      .filter((entry) => this.matters(entry))
      .map((entry) => this.contenderOf(entry, atMs));
    const { moves, line } = review(contenders, this.parameters, { atMs, together });
    for (const { id, verb, reason } of moves) {
      const entry = this.entry(id);
      entry.activeSinceMs = verb === "in" ? atMs : null;
      if (verb === "out") entry.leftAtMs = atMs;
      entry.standing = this.moved(verb, reason, atMs);
    }
    const before = this.line;
    this.line = line.map(({ id }) => id);
    const isMoved = new Set(moves.map(({ id }) => id));
    const waiting = new Map(line.map(({ id, why }, index) => [id, { place: index + 1, why }]));
    // Who is in no line was told why at its look: only who joined or left one is told now.
    for (const id of new Set([...before, ...waiting.keys()])) {
      const entry = this.entry(id);
      if (entry.activeSinceMs !== null || isMoved.has(id)) continue;
      const { place, why } = waiting.get(id) ?? { place: 0, why: this.whyOut(entry, atMs) };
      entry.standing = { ...entry.standing, place, why };
    }
    return moves.map((move) => ({ ...move, score: this.entry(move.id).points }));
  }

  private look(entry: Entry, { market, features, atMs }: Look): void {
    const { instrument, profile: before } = entry;
    const { id, price, priceLotTicks } = instrument;
    const { turnover24hUsdt, fundingRate } = market.ticker(id);
    const seconds = entry.lookedAtMs === 0 ? 0 : (atMs - entry.lookedAtMs) / HORIZON_MS_PER_SEC;
    entry.lookedAtMs = atMs;
    const was = entry.axes?.liquidity.value ?? null;
    const facts = { turnover24hUsdt, atMs, before: was };
    entry.category = categoryOf(instrument, facts, this.parameters);
    const mid = features.at("midTicks", id);
    const isLive = market.book(id).state === "live" && features.isWarm(["midTicks"], id);
    const isGood = isLive && market.bookAudit(id)?.matched !== false;
    // Before its first live book a symbol is new to us, not faulty.
    if (isGood || !Number.isNaN(entry.goodShare)) {
      entry.goodShare = goodShareAfter(entry.goodShare, isGood);
    }
    if (!isLive) {
      this.rate(entry, noScore("no live book"));
      return;
    }
    // A cold average counts as none: a profile is believed by its samples, not by one look.
    const seen = {
      spreadBps: features.at("spreadBps", id),
      volatilityBps: features.orZero("volatilityBps", id),
      tradesPerMin: features.orZero("tradesPerMin", id),
    };
    const topDepthUsdt = features.orZero("topDepthUsdt", id);
    const { category, points: score } = entry;
    const expected = isStale(before, atMs) ? expectedOf(before, this.hours.at(id, atMs)) : before;
    const sample = { ...seen, turnover24hUsdt, topDepthUsdt, category, score, atMs };
    const profile = sampled(expected, sample);
    const tickBps = (toNumber(price, priceLotTicks) / toNumber(price, mid)) * 10_000;
    const volatilityBps = profile.volatilityBps1m / Math.sqrt(60);
    entry.averages = trendAfter(entry.averages, mid, seconds);
    entry.axes = axesOf(
      instrument,
      {
        turnover24hUsdt,
        volatilityBps,
        trendDeviations: trendDeviations(entry.averages, volatilityBps),
        tickOfSpread: tickBps / profile.spreadBps,
        fundingRate,
        goodShare: entry.goodShare,
        atMs,
      },
      entry.axes,
      this.parameters,
    );
    entry.profile = profile;
    this.rate(entry, this.scoreNow(entry, { tickBps, fundingRate }));
    entry.profile = { ...profile, score: entry.points };
    const look = { ...seen, depthUsdt: topDepthUsdt, score: entry.points };
    this.hours.look(this.ofHour(id, atMs), look);
  }

  private rate(entry: Entry, score: Score): void {
    entry.score = score;
    entry.points = score.points;
  }

  private scoreNow(
    { instrument, profile, category, words }: Entry,
    now: { readonly tickBps: number; readonly fundingRate: number },
  ): Score {
    if (!isTradable(category)) return noScore(`${category}: watched only`);
    const { makerFills, fills } = profile;
    const parameters = this.parametersOf(instrument.id, words);
    const assumed = parameters.makerShare * FILLS_TRUSTED;
    const heldShare = (parameters.horizonSec * 1_000) / (instrument.fundingIntervalMin * MINUTE_MS);
    const volatilityBps = profile.volatilityBps1m / Math.sqrt(60);
    const learned = this.hours.adverse(instrument.id);
    const { adverseBps = null } = words.overrides;
    return scoreOf(
      {
        ...profile,
        volatilityBps,
        tickBps: now.tickBps,
        makerShare: (makerFills + assumed) / (fills + FILLS_TRUSTED),
        adverseBps: adverseBps ?? adverseOf(volatilityBps, learned),
        fundingBps: Math.abs(now.fundingRate) * 10_000 * Math.min(1, heldShare),
      },
      parameters,
    );
  }

  private parametersOf(id: SymbolId, { overrides }: SymbolWords): UniverseParameters {
    const { parameters } = this;
    const fees = this.fees.get(id);
    const { spreadBpsMax, topDepthUsdtMin } = overrides;
    if (fees === undefined && spreadBpsMax === null && topDepthUsdtMin === null) return parameters;
    return {
      ...parameters,
      ...(fees !== undefined && {
        makerFeeBps: bpsOfRate(fees.maker),
        takerFeeBps: bpsOfRate(fees.taker),
      }),
      spreadBpsMax: spreadBpsMax ?? parameters.spreadBpsMax,
      topDepthUsdtMin: topDepthUsdtMin ?? parameters.topDepthUsdtMin,
    };
  }

  /** Whether a review can have anything to say of it. */
  private matters({ activeSinceMs, points, words }: Entry): boolean {
    const enter = words.overrides.enterScore ?? this.parameters.enterScore;
    return activeSinceMs !== null || points >= enter || words.pin !== null;
  }

  private contenderOf(entry: Entry, atMs: number): Contender {
    const { instrument, points, activeSinceMs, leftAtMs, words, axes, profile } = entry;
    return {
      id: instrument.id,
      symbol: instrument.symbol,
      score: points,
      activeSinceMs,
      leftAtMs,
      samples: profile.samples,
      barred: barOf(entry, atMs, this.parameters),
      veto: entry.score.veto,
      pinnedBy: words.pin?.by ?? "",
      enterScore: words.overrides.enterScore ?? this.parameters.enterScore,
      classes: axes === null ? [] : classesOf(axes),
    };
  }

  private moved(verb: Move["verb"], why: string, atMs: number): Standing {
    const isIn = verb === "in";
    const until = atMs + this.parameters.dwellMsMin;
    return { place: 0, why, sinceMs: atMs, stayUntilMs: isIn ? until : 0 };
  }

  /** Says of who is neither in nor in line why it is out. */
  private tellOut(entry: Entry, atMs: number): void {
    const { activeSinceMs, standing } = entry;
    if (activeSinceMs !== null || standing.place > 0) return;
    const why = this.whyOut(entry, atMs);
    if (why !== standing.why) entry.standing = { ...standing, why };
  }

  /** Why somebody who is not even in line is out. */
  private whyOut(entry: Entry, atMs: number): string {
    const barred = barOf(entry, atMs, this.parameters);
    if (barred !== "") return barred;
    if (entry.score.veto !== "") return entry.score.veto;
    const enter = entry.words.overrides.enterScore ?? this.parameters.enterScore;
    if (entry.points < enter) return `score ${entry.points.toFixed(1)} < ${enter}`;
    return "waits in line";
  }

  private entry(id: SymbolId): Entry {
    return must(this.entries[id], "every symbol id in use was loaded before");
  }
}

function newEntry(instrument: Instrument, atMs: number, parameters: UniverseParameters): Entry {
  const profile = emptyProfile(instrument.symbol);
  const facts = { turnover24hUsdt: profile.turnover24hUsdt, atMs };
  return {
    instrument,
    profile,
    category: categoryOf(instrument, facts, parameters),
    axes: null,
    score: noScore("not looked at yet"),
    points: profile.score,
    averages: NO_AVERAGES,
    goodShare: Number.NaN,
    lookedAtMs: 0,
    activeSinceMs: null,
    leftAtMs: 0,
    standing: NO_STANDING,
    words: noWords(instrument.symbol),
  };
}
