/**
 * The simulated market: agents on every contract, prices beside the book, and the venue's calendar.
 *
 * `advance(toMs)` is the only way time passes. The path is a function of the seed, the step times
 * and what clients did to the books. Agents act in order of symbol within a step.
 */
import { toNumber } from "../../kernel/decimal.ts";
import { type Prng, prngOf } from "../../kernel/prng.ts";
import type { ExchangeCore, SimLiquidation } from "../core/api.ts";
import { SymbolAgents } from "./agents.ts";
import { Calendar } from "./calendar.ts";
import type { Listing } from "./catalogue.ts";
import { MarketFactor } from "./factor.ts";
import type { Tape } from "./trade-tape.ts";

/** A longer silence is a suspended process: the market jumps to now instead of replaying it. */
const JUMP_MS = 2_000;
/** Events of one contract in one step: a burst, not a flood. */
const EVENTS_PER_STEP_MAX = 64;
/** Mark and index of contracts that move all the time, and of the others. */
const PRICES_BUSY_MS = 300;
const PRICES_MS = 1_000;
const BUSY_RANKS = 25;
const FUNDING_MS = 60_000;
/** Public liquidations come in bursts when the market runs; kept until the shell asks. */
const LIQUIDATIONS_MAX = 1_000;

interface ModelOptions {
  readonly seed: string;
  readonly core: ExchangeCore;
  readonly listings: readonly Listing[];
  readonly tape: Tape;
  readonly startAtMs: number;
}

export class MarketModel {
  private readonly core: ExchangeCore;
  private readonly listings: readonly Listing[];
  private readonly tape: Tape;
  private readonly prng: Prng;
  private readonly factor: MarketFactor;
  private readonly agents: SymbolAgents[];
  private readonly calendar: Calendar;
  private readonly nextEventMs: Float64Array;
  private readonly nextPricesMs: Float64Array;
  private readonly premium: Float64Array;
  private readonly openInterest: Float64Array;
  private nextFundingMs: number;
  private liquidations: SimLiquidation[] = [];
  private atMs: number;
  /** Agent events so far: what the simulator's own cost is measured by. */
  events = 0;

  constructor(options: ModelOptions) {
    const { core, listings, startAtMs } = options;
    const root = prngOf(`${options.seed}/market`);
    this.core = core;
    this.listings = listings;
    this.tape = options.tape;
    this.prng = root.child("venue");
    this.atMs = startAtMs;
    const sigma = 0.8 * (listings[0]?.activity.sigma ?? 1e-4);
    this.factor = new MarketFactor(root.child("factor"), sigma, startAtMs);
    this.agents = listings.map((listing) => this.makeAgents(listing, root));
    this.calendar = new Calendar(root.child("calendar"), listings, startAtMs);
    this.nextEventMs = new Float64Array(listings.length);
    this.nextPricesMs = new Float64Array(listings.length);
    this.premium = new Float64Array(listings.length);
    this.openInterest = new Float64Array(listings.length);
    this.nextFundingMs = startAtMs + FUNDING_MS;
    this.open();
  }

  /** Moves the market to `toMs`. Time before the last step is ignored. */
  advance(toMs: number): void {
    if (toMs <= this.atMs) return;
    if (toMs - this.atMs > JUMP_MS) this.jump(toMs);
    this.core.advanceTo(toMs);
    this.factor.advance(toMs);
    this.atMs = toMs;
    for (let index = 0; index < this.agents.length; index++) this.step(index, toMs);
    if (toMs >= this.nextFundingMs) this.moveFunding(toMs);
    this.calendar.advance(toMs, this.core, (index) => this.agents[index]);
  }

  /** Both sides' open interest of the contract in steps: the crowd's and the accounts'. */
  openInterestSteps(symbolIndex: number): number {
    return (
      Math.round(this.openInterest[symbolIndex] ?? 0) + this.core.openInterestSteps(symbolIndex)
    );
  }

  /** Liquidations of the crowd since the last call. */
  drainLiquidations(): SimLiquidation[] {
    const drained = this.liquidations;
    this.liquidations = [];
    return drained;
  }

  /** Funding rate of a past settlement: a function of the seed, so that history needs no store. */
  pastFundingRate(symbolIndex: number, atMs: number): number {
    const instrument = this.core.instruments[symbolIndex];
    if (instrument === undefined) return 0;
    const tape = this.tape.of(symbolIndex);
    const before = tape.past.priceAt(atMs - 60_000 * instrument.fundingIntervalMin);
    const trend = Math.log(tape.past.priceAt(atMs) / before);
    return fundingOf(trend * 0.004, instrument.fundingIntervalMin, instrument.fundingCap);
  }

  private makeAgents(listing: Listing, root: Prng): SymbolAgents {
    const { instrument, activity } = listing;
    return new SymbolAgents({
      index: instrument.index,
      core: this.core,
      activity,
      prng: root.child(instrument.symbol),
      factor: this.factor,
      startTicks: this.tape.of(instrument.index).lastTicks,
      stepUsdt: toNumber(instrument.qty, 1) * activity.startPrice,
      startAtMs: this.atMs,
    });
  }

  private open(): void {
    for (const { instrument, activity } of this.listings) {
      const { index } = instrument;
      this.openInterest[index] =
        activity.openInterestUsdt / activity.startPrice / toNumber(instrument.qty, 1);
      this.premium[index] = 2e-4 * this.prng.normal();
      this.nextPricesMs[index] = this.atMs + this.prng.next() * PRICES_MS;
      this.setPrices(index);
      this.core.setFundingRate(index, this.fundingNow(index));
      const agents = this.agents[index];
      if (agents === undefined || instrument.status !== "Trading") continue;
      agents.populate();
      this.nextEventMs[index] = this.atMs + agents.waitMs();
    }
  }

  private step(index: number, toMs: number): void {
    if (!this.calendar.isOpen(index)) return;
    const agents = this.agents[index];
    if (agents === undefined) return;
    let dueMs = this.nextEventMs[index] ?? toMs;
    for (let count = 0; dueMs <= toMs && count < EVENTS_PER_STEP_MAX; count++) {
      agents.act(dueMs);
      this.events++;
      dueMs += agents.waitMs();
    }
    this.nextEventMs[index] = Math.max(dueMs, toMs);
    if ((this.nextPricesMs[index] ?? 0) > toMs) return;
    this.nextPricesMs[index] = toMs + (index < BUSY_RANKS ? PRICES_BUSY_MS : PRICES_MS);
    this.setPrices(index);
    this.driftInterest(index, toMs);
  }

  private setPrices(index: number): void {
    const fair = this.agents[index]?.fairTicks ?? 1;
    const premium = (this.premium[index] ?? 0) * 0.995 + 1.5e-5 * this.prng.normal();
    this.premium[index] = premium;
    this.core.setPrices(index, {
      markTicks: Math.max(1, Math.round(fair)),
      indexTicks: Math.max(1, Math.round(fair / (1 + premium))),
    });
  }

  /** Interest wanders by basis points; a hot market now and then liquidates somebody. */
  private driftInterest(index: number, atMs: number): void {
    const before = this.openInterest[index] ?? 0;
    this.openInterest[index] = Math.max(100, before * (1 + 2e-5 * this.prng.normal()));
    if (this.factor.heat < 0.5 || this.prng.next() > 0.004 * this.factor.heat) return;
    if (this.liquidations.length >= LIQUIDATIONS_MAX) return;
    const { markTicks } = this.core.prices(index);
    const activity = this.listings[index]?.activity;
    const instrument = this.listings[index]?.instrument;
    if (activity === undefined || instrument === undefined) return;
    const steps = (20 * activity.tradeUsdt) / activity.startPrice / toNumber(instrument.qty, 1);
    const side = this.prng.next() < 0.5 ? "Buy" : "Sell";
    this.liquidations.push({
      symbolIndex: index,
      side,
      qtySteps: Math.max(1, Math.round(steps * this.prng.exponential())),
      priceTicks: Math.max(1, Math.round(markTicks * (side === "Buy" ? 0.997 : 1.003))),
      atMs,
    });
  }

  private moveFunding(toMs: number): void {
    this.nextFundingMs = toMs + FUNDING_MS;
    for (const { index } of this.core.instruments) {
      this.core.setFundingRate(index, this.fundingNow(index));
    }
  }

  private fundingNow(index: number): number {
    const instrument = this.core.instruments[index];
    if (instrument === undefined) return 0;
    const premium = this.premium[index] ?? 0;
    return fundingOf(premium, instrument.fundingIntervalMin, instrument.fundingCap);
  }

  private jump(toMs: number): void {
    for (let index = 0; index < this.agents.length; index++) {
      const waitMs = this.agents[index]?.waitMs() ?? 0;
      this.nextEventMs[index] = Math.max(this.nextEventMs[index] ?? 0, toMs + waitMs);
    }
  }
}

/**
 * The venue's rule: premium plus the interest rate's pull of at most 0.05 %, capped (help pages).
 */
function fundingOf(premium: number, intervalMin: number, cap: number): number {
  const interest = 0.0003 * (intervalMin / 1_440);
  const pull = Math.max(-0.0005, Math.min(0.0005, interest - premium));
  const rate = Math.max(-cap, Math.min(cap, premium + pull));
  return Math.round(rate * 1e8) / 1e8;
}
