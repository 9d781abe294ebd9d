/**
 * The simulated market: agents on every contract, prices beside the book, and the venue's calendar.
 *
 * `advance(toMs)` is the only way time passes. The path is a function of the seed, the step times
 * and what clients did to the books. Agents act in order of symbol within a step; their trades
 * carry the instant of the act, not of the step.
 */
import { toNumber } from "../../kernel/decimal.ts";
import { type Prng, prngOf } from "../../kernel/prng.ts";
import type { ExchangeCore, SimLiquidation } from "../core/api.ts";
import { SymbolAgents } from "./agents.ts";
import { Calendar } from "./calendar.ts";
import { keyOf } from "./cascade.ts";
import type { Listing } from "./catalogue.ts";
import { CoinPath, SharedPaths } from "./coin-path.ts";
import { Crowd } from "./crowd.ts";
import { FairValue } from "./fair-value.ts";
import { Premium } from "./index-premium.ts";
import { MarkPrice } from "./mark-price.ts";
import { Scenario } from "./regime.ts";
import type { Tape } from "./trade-tape.ts";

/** A longer silence is a suspended process: the market jumps to now instead of replaying it. */
const JUMP_MS = 2_000;
/** Events of one contract in one step: a burst, not a flood. */
const EVENTS_PER_STEP_MAX = 64;
/** Mark and index were recorded to move every 0.9 to 1.2 s on busy contracts, 1.8 s elsewhere. */
const PRICES_BUSY_MS = 1_000;
const PRICES_MS = 2_000;
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

interface Contract {
  readonly agents: SymbolAgents;
  readonly premium: Premium;
  readonly mark: MarkPrice;
  readonly crowd: Crowd;
}

export class MarketModel {
  /** Weather and planted edges: what operators and benches call up. */
  readonly scenario = new Scenario();
  private readonly seed: string;
  private readonly core: ExchangeCore;
  private readonly listings: readonly Listing[];
  private readonly prng: Prng;
  private readonly live: SharedPaths;
  private readonly ahead: SharedPaths;
  private readonly contracts: Contract[];
  private readonly calendar: Calendar;
  private readonly nextEventMs: Float64Array;
  private readonly nextPricesMs: Float64Array;
  private nextFundingMs: number;
  private liquidations: SimLiquidation[] = [];
  private atMs: number;
  /** Agent events so far: what the simulator's own cost is measured by. */
  events = 0;

  constructor(options: ModelOptions) {
    const { seed, core, listings, startAtMs } = options;
    const root = prngOf(`${seed}/market`);
    this.seed = seed;
    this.core = core;
    this.listings = listings;
    this.prng = root.child("venue");
    this.atMs = startAtMs;
    this.live = new SharedPaths(seed, "live");
    this.ahead = new SharedPaths(seed, "live");
    this.contracts = listings.map((listing) => this.makeContract(listing, root, options.tape));
    this.calendar = new Calendar(root.child("calendar"), listings, startAtMs);
    this.nextEventMs = new Float64Array(listings.length);
    this.nextPricesMs = new Float64Array(listings.length);
    this.nextFundingMs = startAtMs + FUNDING_MS;
    this.open();
  }

  /** Moves the market to `toMs`. Time before the last step is ignored. */
  advance(toMs: number): void {
    if (toMs <= this.atMs) return;
    if (toMs - this.atMs > JUMP_MS) this.jump(toMs);
    this.core.advanceTo(toMs);
    this.atMs = toMs;
    this.scenario.expire(toMs);
    const { nextEventMs, nextPricesMs } = this;
    for (let index = 0; index < nextEventMs.length; index++) {
      const isDue = (nextEventMs[index] ?? 0) <= toMs || (nextPricesMs[index] ?? 0) <= toMs;
      if (isDue) this.step(index, toMs);
    }
    this.core.actAt(0);
    if (toMs >= this.nextFundingMs) this.moveFunding(toMs);
    this.calendar.advance(toMs, this.core, (index) => this.contracts[index]?.agents);
  }

  /** Both sides' open interest of the contract in steps: the crowd's and the accounts'. */
  openInterestSteps(symbolIndex: number): number {
    const crowd = this.contracts[symbolIndex]?.crowd.interestSteps ?? 0;
    return Math.round(crowd) + this.core.openInterestSteps(symbolIndex);
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
    const contract = this.contracts[symbolIndex];
    if (instrument === undefined || contract === undefined) return 0;
    const { fundingIntervalMin: intervalMin, fundingCap: cap } = instrument;
    const fromMs = atMs - 60_000 * intervalMin;
    return contract.premium.fundingOf(fromMs, atMs, { intervalMin, cap });
  }

  /** Distance of the contract from its index at an instant, for bars of other prices. */
  premiumOf(symbolIndex: number): Premium {
    return this.contracts[symbolIndex]?.premium ?? new Premium(0, 0);
  }

  private makeContract(listing: Listing, root: Prng, tape: Tape): Contract {
    const { instrument, activity } = listing;
    const { symbol, index } = instrument;
    const { seed, live, ahead } = this;
    const fair = new FairValue({
      path: new CoinPath(activity, symbol, seed, live),
      live,
      ahead,
      activity,
      index,
      scenario: this.scenario,
      startTicks: tape.of(index).lastTicks,
      startAtMs: this.atMs,
    });
    const stepUsdt = toNumber(instrument.qty, 1) * activity.startPrice;
    const prng = root.child(symbol);
    const premium = new Premium(keyOf(`${seed}/${symbol}/premium`), activity.premiumSize);
    return {
      agents: new SymbolAgents({
        index,
        core: this.core,
        activity,
        prng,
        fair,
        stepUsdt,
        startAtMs: this.atMs,
      }),
      premium,
      mark: new MarkPrice(premium, prng.child("mark"), premium.basisAt(this.atMs)),
      crowd: new Crowd(activity, prng.child("crowd"), stepUsdt),
    };
  }

  private open(): void {
    for (const { instrument } of this.listings) {
      const { index } = instrument;
      const contract = this.contracts[index];
      if (contract === undefined) continue;
      this.nextPricesMs[index] = this.atMs + this.prng.next() * PRICES_MS;
      const isTrading = instrument.status === "Trading";
      if (isTrading) contract.agents.populate();
      this.setPrices(index, contract, this.atMs);
      this.core.setFundingRate(index, this.fundingNow(index, this.atMs));
      if (isTrading) this.nextEventMs[index] = this.atMs + contract.agents.waitMs();
    }
  }

  private step(index: number, toMs: number): void {
    if (!this.calendar.isOpen(index)) return;
    const contract = this.contracts[index];
    if (contract === undefined) return;
    let dueMs = this.nextEventMs[index] ?? toMs;
    for (let count = 0; dueMs <= toMs && count < EVENTS_PER_STEP_MAX; count++) {
      this.core.actAt(Math.floor(dueMs));
      contract.agents.act(dueMs, this.scenario.edgeOf(index));
      this.events++;
      dueMs += contract.agents.waitMs();
    }
    this.nextEventMs[index] = Math.max(dueMs, toMs);
    if ((this.nextPricesMs[index] ?? 0) > toMs) return;
    const everyMs = index < BUSY_RANKS ? PRICES_BUSY_MS : PRICES_MS;
    this.nextPricesMs[index] = toMs + everyMs * (0.9 + 0.2 * this.prng.next());
    this.setPrices(index, contract, toMs);
    this.moveCrowd(index, contract, toMs);
  }

  private setPrices(index: number, { agents, mark }: Contract, atMs: number): void {
    agents.fair.advance(atMs);
    const spotTicks = agents.fair.spotTicks();
    const [bid, ask] = [this.core.bestTicks(index, "Buy"), this.core.bestTicks(index, "Sell")];
    const middleTicks = bid !== 0 && ask !== 0 ? (bid + ask) / 2 : spotTicks;
    const prices = mark.next({ spotTicks, middleTicks, atMs });
    this.core.setPrices(index, {
      markTicks: Math.max(1, Math.round(prices.markTicks)),
      indexTicks: Math.max(1, Math.round(prices.indexTicks)),
    });
  }

  /** The crowd's interest wanders; where the price ran, some of it is closed by force. */
  private moveCrowd(index: number, { agents, crowd }: Contract, atMs: number): void {
    const { markTicks } = this.core.prices(index);
    const forced = crowd.follow(markTicks, agents.fair, atMs);
    if (forced === null) return;
    const side = forced.isLong ? "Sell" : "Buy";
    this.core.actAt(atMs);
    const qtySteps = agents.forced(side, forced.usdt);
    agents.fair.push(forced.push);
    if (forced.isBeyondInsurance) {
      this.core.deleverage({ symbolIndex: index, side: forced.isLong ? "Sell" : "Buy" });
    }
    if (this.liquidations.length >= LIQUIDATIONS_MAX) return;
    this.liquidations.push({
      symbolIndex: index,
      side: forced.isLong ? "Buy" : "Sell",
      qtySteps,
      priceTicks: Math.max(1, Math.round(markTicks * (forced.isLong ? 0.997 : 1.003))),
      atMs,
    });
  }

  private moveFunding(toMs: number): void {
    this.nextFundingMs = toMs + FUNDING_MS;
    for (const { index } of this.core.instruments) {
      this.core.setFundingRate(index, this.fundingNow(index, toMs));
    }
  }

  private fundingNow(index: number, atMs: number): number {
    const instrument = this.core.instruments[index];
    const contract = this.contracts[index];
    if (instrument === undefined || contract === undefined) return 0;
    const { fundingIntervalMin: intervalMin, fundingCap: cap } = instrument;
    const fromMs = Math.floor(atMs / (intervalMin * 60_000)) * intervalMin * 60_000;
    const untilMs = Math.max(atMs, fromMs + FUNDING_MS);
    return contract.premium.fundingOf(fromMs, untilMs, { intervalMin, cap });
  }

  private jump(toMs: number): void {
    for (let index = 0; index < this.contracts.length; index++) {
      const waitMs = this.contracts[index]?.agents.waitMs() ?? 0;
      this.nextEventMs[index] = Math.max(this.nextEventMs[index] ?? 0, toMs + waitMs);
    }
  }
}
