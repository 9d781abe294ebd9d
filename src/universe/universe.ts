/**
 * Which symbols exist, what class they are, what they score, and the few that are quoted.
 *
 * Looked at every few seconds from slow profiles, never per frame. The active set changes with
 * hysteresis: a symbol enters at one score, leaves at a lower one, stays a minimum time, and is
 * replaced only by a clearly better one, so that quotes are not thrown away for noise.
 */

import { bpsOfRate, type FeeSchedule } from "../domain/fees.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SymbolId } from "../domain/units.ts";
import type { FeatureReader } from "../features/feature-table.ts";
import type { FeatureName } from "../features/registry.ts";
import { must } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import type { MarketState } from "../market/market-state.ts";
import { type Category, categoryOf, isTradable } from "./category.ts";
import { emptyProfile, type SymbolProfile, sampled, withFill } from "./profile.ts";
import { scoreOf } from "./score.ts";
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
  score: number;
  /** Our clock when it became active, null while it is not. */
  activeSinceMs: number | null;
}

export class Universe {
  readonly parameters: UniverseParameters;
  /** Our clock at the last look; 0 before it. */
  updatedAtMs = 0;
  private readonly entries: Entry[] = [];
  /** What the account itself pays, where that is known. */
  private fees: ReadonlyMap<SymbolId, FeeSchedule> = new Map();

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
      if (known !== undefined) {
        known.instrument = instrument;
        continue;
      }
      const profile = emptyProfile(instrument.symbol);
      const facts = { turnover24hUsdt: profile.turnover24hUsdt, atMs };
      const category = categoryOf(instrument, facts, this.parameters);
      this.entries.push({
        instrument,
        profile,
        category,
        score: profile.score,
        activeSinceMs: null,
      });
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
      entry.score = profile.score;
    }
  }

  profile(id: SymbolId): SymbolProfile {
    return this.entry(id).profile;
  }

  category(id: SymbolId): Category {
    return this.entry(id).category;
  }

  score(id: SymbolId): number {
    return this.entry(id).score;
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
      .sort(better)
      .map((entry) => entry.instrument.id);
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

  /** One look at everything. Returns the symbols that entered or left the active set. */
  refresh(market: MarketState, features: FeatureReader, atMs: number): SymbolId[] {
    this.updatedAtMs = atMs;
    for (const entry of this.entries) this.look(entry, { market, features, atMs });
    const changed = this.dismiss(atMs);
    this.admit(atMs, changed);
    return changed;
  }

  private look(
    entry: Entry,
    now: { readonly market: MarketState; readonly features: FeatureReader; readonly atMs: number },
  ): void {
    const { market, features, atMs } = now;
    const { id, price, priceLotTicks } = entry.instrument;
    const { turnover24hUsdt } = market.ticker(id);
    const facts = { turnover24hUsdt, atMs };
    entry.category = categoryOf(entry.instrument, facts, this.parameters);
    const mid = features.at("midTicks", id);
    if (market.book(id).state !== "live" || !features.isWarm(["midTicks"], id)) {
      entry.score = 0;
      return;
    }
    // A cold average counts as none: a profile is believed by its samples, not by one look.
    const sample = {
      spreadBps: features.at("spreadBps", id),
      volatilityBps: features.orZero("volatilityBps", id),
      tradesPerMin: features.orZero("tradesPerMin", id),
      turnover24hUsdt,
      topDepthUsdt: features.orZero("topDepthUsdt", id),
      category: entry.category,
      score: entry.score,
      atMs,
    };
    const profile = sampled(entry.profile, sample);
    const tickBps = (toNumber(price, priceLotTicks) / toNumber(price, mid)) * 10_000;
    const volatilityBps = profile.volatilityBps1m / Math.sqrt(60);
    const score = isTradable(entry.category)
      ? scoreOf({ ...profile, volatilityBps, tickBps }, this.parametersOf(id))
      : 0;
    entry.score = Math.round(score * 10) / 10;
    entry.profile = { ...profile, score: entry.score };
  }

  private parametersOf(id: SymbolId): UniverseParameters {
    const fees = this.fees.get(id);
    if (fees === undefined) return this.parameters;
    return { ...this.parameters, makerFeeBps: bpsOfRate(fees.maker) };
  }

  /** Ends the term of symbols that fell below the leaving score or stopped trading. */
  private dismiss(atMs: number): SymbolId[] {
    const left: SymbolId[] = [];
    for (const entry of this.entries) {
      if (entry.activeSinceMs === null) continue;
      const dwelt = atMs - entry.activeSinceMs >= this.parameters.dwellMsMin;
      const low = entry.score < this.parameters.leaveScore && dwelt;
      if (!low && isTradable(entry.category)) continue;
      entry.activeSinceMs = null;
      left.push(entry.instrument.id);
    }
    return left;
  }

  private admit(atMs: number, changed: SymbolId[]): void {
    const { activeMax, enterScore, replaceScore, samplesMin, dwellMsMin } = this.parameters;
    const candidates = this.entries
      .filter((entry) => entry.activeSinceMs === null && entry.score >= enterScore)
      .filter(
        (entry) => entry.profile.samples >= samplesMin && !changed.includes(entry.instrument.id),
      )
      .sort(better);
    const active = this.entries.filter((entry) => entry.activeSinceMs !== null).sort(better);
    for (const candidate of candidates) {
      if (active.length >= activeMax) {
        const weakest = active.at(-1);
        if (weakest === undefined || candidate.score < weakest.score + replaceScore) return;
        if (atMs - (weakest.activeSinceMs ?? atMs) < dwellMsMin) return;
        weakest.activeSinceMs = null;
        changed.push(weakest.instrument.id);
        active.pop();
      }
      candidate.activeSinceMs = atMs;
      changed.push(candidate.instrument.id);
      active.push(candidate);
      active.sort(better);
    }
  }

  private entry(id: SymbolId): Entry {
    return must(this.entries[id], "every symbol id in use was loaded before");
  }
}

/** Best score first; ties by id, so that two runs agree. */
function better(left: Entry, right: Entry): number {
  return right.score - left.score || left.instrument.id - right.instrument.id;
}
