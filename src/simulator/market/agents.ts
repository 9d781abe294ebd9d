/**
 * The traders of one contract: makers around a fair value, noise takers in long one-sided runs,
 * informed takers who sweep quotes that the fair value has left behind.
 *
 * They only use the matching engine's house path, so queues, partial fills and client orders in
 * between are real. Nobody here reads a clock; an event at a time is a function of the seed, the
 * events before it and what the book holds.
 */
import { assert } from "../../kernel/assert.ts";
import type { Prng } from "../../kernel/prng.ts";
import type { ExchangeCore, SimSide } from "../core/api.ts";
import type { Activity } from "./catalogue.ts";
import type { MarketFactor } from "./factor.ts";

/** Own volatility reverts in about two minutes. */
const VOL_REVERSION_PER_S = 1 / 120;
/** Excitement after a trade halves in about two seconds. */
const HEAT_DECAY_PER_S = 0.35;
const HEAT_MAX = 3;
/** Orders a side never exceed this many times the wanted levels; the farthest leave first. */
const LEVELS_SLACK = 1.3;
/**
 * Longest gap that moves the fair value: after a suspension the price goes on, it does not leap.
 */
const FAIR_STEP_S_MAX = 60;

/** Shares of the plain actions; the rest are cancels. */
const TAKE_SHARE = 0.12;
const ADD_SHARE = 0.48;
/** How often makers pull stale quotes in time, and how often somebody still sweeps afterwards. */
const PULL_CHANCE = 0.8;
const SWEEP_CHANCE = 0.5;
/** Trades are log-normal with this spread of the logarithm: the mean is about seven medians. */
const TRADE_SIZE_SPREAD = 2;

/** One side's resting house orders, unsorted. Filled ones leave when somebody looks at them. */
interface Quotes {
  readonly handles: number[];
  readonly prices: number[];
}

export class SymbolAgents {
  readonly index: number;
  private readonly core: ExchangeCore;
  private readonly activity: Activity;
  private readonly prng: Prng;
  private readonly factor: MarketFactor;
  private readonly stepUsdt: number;
  private readonly bids: Quotes = { handles: [], prices: [] };
  private readonly asks: Quotes = { handles: [], prices: [] };
  private factorLevel: number;
  private logVol: number;
  private heat = 0;
  private runSide: SimSide = "Buy";
  private runLeft = 0;
  private atMs: number;
  /** What the contract is worth, in ticks: a float, only agents see it. */
  fairTicks: number;

  constructor(options: {
    readonly index: number;
    readonly core: ExchangeCore;
    readonly activity: Activity;
    readonly prng: Prng;
    readonly factor: MarketFactor;
    readonly startTicks: number;
    readonly stepUsdt: number;
    readonly startAtMs: number;
  }) {
    this.index = options.index;
    this.core = options.core;
    this.activity = options.activity;
    this.prng = options.prng;
    this.factor = options.factor;
    this.stepUsdt = options.stepUsdt;
    this.fairTicks = options.startTicks;
    this.factorLevel = options.factor.level;
    this.logVol = 0.4 * options.prng.normal();
    this.atMs = options.startAtMs;
  }

  /** Milliseconds until this contract's next event. */
  waitMs(): number {
    const pace = 0.6 + this.heat + 0.3 * this.factor.heat;
    return (1_000 * this.prng.exponential()) / (this.activity.eventsPerSecond * pace);
  }

  /** Fills an empty book on both sides of the fair value. */
  populate(): void {
    const half = this.activity.spreadTicks / 2;
    let bid = Math.max(2, Math.floor(this.fairTicks - half + 0.5));
    let ask = Math.max(bid + 1, bid + this.activity.spreadTicks);
    for (let level = 0; level < this.activity.levels; level++) {
      this.quote("Sell", ask, this.levelSteps());
      if (bid >= 1) this.quote("Buy", bid, this.levelSteps());
      ask += this.gap();
      bid -= this.gap();
    }
  }

  /**
   * One event of the contract at `atMs`: the fair value moves, somebody acts, makers close the
   * spread.
   */
  act(atMs: number): void {
    this.moveFair(atMs);
    const bid = this.core.bestTicks(this.index, "Buy");
    const ask = this.core.bestTicks(this.index, "Sell");
    if (this.fairTicks > ask && ask > 0) this.reprice("Buy");
    else if (this.fairTicks < bid) this.reprice("Sell");
    else this.plainAction();
    this.closeSpread();
    this.keepDepth();
  }

  /** Takes every house order off, for a contract that ends. */
  withdraw(): void {
    for (const quotes of [this.bids, this.asks]) {
      for (const handle of quotes.handles) this.core.houseCancel(this.index, handle);
      quotes.handles.length = 0;
      quotes.prices.length = 0;
    }
  }

  private moveFair(atMs: number): void {
    const elapsedS = Math.min(FAIR_STEP_S_MAX, Math.max(0, atMs - this.atMs) / 1_000);
    this.atMs = atMs;
    this.heat *= Math.exp(-HEAT_DECAY_PER_S * elapsedS);
    const reversion = Math.min(1, VOL_REVERSION_PER_S * elapsedS);
    this.logVol += -this.logVol * reversion + 0.75 * Math.sqrt(2 * reversion) * this.prng.normal();
    const own = 0.6 * this.activity.sigma * Math.exp(this.logVol - 0.55) * this.factor.vol;
    const common = this.activity.beta * (this.factor.level - this.factorLevel);
    this.factorLevel = this.factor.level;
    const change = own * Math.sqrt(elapsedS) * this.prng.normal() + common;
    this.fairTicks = Math.max(4, this.fairTicks * (1 + Math.max(-0.1, Math.min(0.1, change))));
    assert(Number.isFinite(this.fairTicks), "a fair value is a number");
  }

  /** The fair value left the touch behind: takers sweep the stale quotes or makers pull them. */
  private reprice(side: SimSide): void {
    const stale = side === "Buy" ? this.asks : this.bids;
    const limit = side === "Buy" ? Math.floor(this.fairTicks) : Math.ceil(this.fairTicks);
    if (this.prng.next() < PULL_CHANCE) {
      for (let at = stale.prices.length - 1; at >= 0; at--) {
        const price = stale.prices[at] ?? 0;
        if (side === "Buy" ? price <= limit : price >= limit) this.drop(stale, at);
      }
    }
    if (this.prng.next() >= SWEEP_CHANCE) return;
    const steps = Math.max(1, Math.round(this.levelSteps() * (0.5 + this.prng.next())));
    this.take(side, limit, steps);
  }

  private plainAction(): void {
    const draw = this.prng.next();
    if (draw < TAKE_SHARE) this.noiseTake();
    else if (draw < TAKE_SHARE + ADD_SHARE) this.addQuote(this.prng.next() < 0.5 ? "Buy" : "Sell");
    else this.dropSome(this.prng.next() < 0.5 ? this.bids : this.asks);
  }

  /**
   * Orders cut into pieces: runs on one side with a heavy-tailed length, which makes signs persist.
   */
  private noiseTake(): void {
    if (this.runLeft <= 0) {
      this.runSide = this.prng.next() < 0.5 ? "Buy" : "Sell";
      this.runLeft = Math.min(40, Math.floor((1 - this.prng.next()) ** -0.7));
    }
    this.runLeft--;
    const side = this.prng.next() < 0.88 ? this.runSide : this.runSide === "Buy" ? "Sell" : "Buy";
    const best = this.core.bestTicks(this.index, side === "Buy" ? "Sell" : "Buy");
    if (best === 0) return;
    const reach = Math.ceil(this.activity.spreadTicks + 2 * this.activity.gapTicks);
    const size = Math.exp(TRADE_SIZE_SPREAD * Math.min(2.5, this.prng.normal()));
    const usdt = (this.activity.levelUsdt / 30) * size;
    const steps = Math.max(1, Math.round(usdt / this.valueOfStep()));
    const sign = side === "Buy" ? 1 : -1;
    this.take(side, Math.max(1, best + sign * reach), steps);
    this.fairTicks += sign * Math.min(0.25 * this.activity.spreadTicks, this.fairTicks * 2e-5);
  }

  private take(side: SimSide, limitTicks: number, steps: number): void {
    this.core.housePlace(this.index, side, limitTicks, steps, "IOC");
    this.heat = Math.min(HEAT_MAX, this.heat + 0.12);
    this.forgetFilled(side === "Buy" ? "Sell" : "Buy");
  }

  private addQuote(side: SimSide): void {
    const sign = side === "Buy" ? -1 : 1;
    const near = this.prng.next() < 0.5;
    const half = this.activity.spreadTicks / 2;
    const reach = near ? 0.6 : this.activity.levels / 1.8;
    const away = half + this.activity.gapTicks * reach * this.prng.exponential();
    this.quote(side, this.outside(side, this.fairTicks + sign * away), this.levelSteps());
  }

  /** Makers quote inside until the spread is what this contract usually shows. */
  private closeSpread(): void {
    const bid = this.core.bestTicks(this.index, "Buy");
    const ask = this.core.bestTicks(this.index, "Sell");
    const { spreadTicks } = this.activity;
    if (bid > 0 && ask > 0 && ask - bid <= spreadTicks * 1.4) return;
    if (this.prng.next() < 0.15) return;
    const wantedBid = Math.max(1, Math.round(this.fairTicks - spreadTicks / 2));
    const inside = (side: SimSide, price: number): boolean => {
      const best = side === "Buy" ? bid : ask;
      return best === 0 || (side === "Buy" ? price > best : price < best);
    };
    const wantedAsk = wantedBid + spreadTicks;
    if (inside("Buy", wantedBid)) this.quote("Buy", wantedBid, this.levelSteps());
    if (inside("Sell", wantedAsk)) this.quote("Sell", wantedAsk, this.levelSteps());
  }

  private keepDepth(): void {
    const { levels } = this.activity;
    for (const side of ["Buy", "Sell"] as const) {
      const quotes = side === "Buy" ? this.bids : this.asks;
      if (quotes.handles.length < levels) this.extend(side, quotes);
      if (quotes.handles.length > levels * LEVELS_SLACK) this.dropFarthest(side, quotes);
    }
  }

  /** A new order beyond the farthest one: depth refills at the back, as the touch moves on. */
  private extend(side: SimSide, quotes: Quotes): void {
    const prices = quotes.prices;
    let far = this.fairTicks;
    for (const price of prices) far = side === "Buy" ? Math.min(far, price) : Math.max(far, price);
    const price = Math.round(side === "Buy" ? far - this.gap() : far + this.gap());
    if (price >= 1) this.quote(side, price, this.levelSteps());
  }

  private dropFarthest(side: SimSide, quotes: Quotes): void {
    let farthest = 0;
    for (let at = 1; at < quotes.prices.length; at++) {
      const price = quotes.prices[at] ?? 0;
      const worst = quotes.prices[farthest] ?? 0;
      if (side === "Buy" ? price < worst : price > worst) farthest = at;
    }
    this.drop(quotes, farthest);
  }

  private dropSome(quotes: Quotes): void {
    if (quotes.handles.length <= this.activity.levels / 2) return;
    this.drop(quotes, this.prng.int(quotes.handles.length));
  }

  private quote(side: SimSide, priceTicks: number, steps: number): void {
    const handle = this.core.housePlace(this.index, side, priceTicks, steps, "PostOnly");
    if (handle === 0) return;
    const quotes = side === "Buy" ? this.bids : this.asks;
    quotes.handles.push(handle);
    quotes.prices.push(priceTicks);
  }

  private drop(quotes: Quotes, at: number): void {
    this.core.houseCancel(this.index, quotes.handles[at] ?? 0);
    forget(quotes, at);
  }

  /** After a sweep: orders at or inside the new touch that are gone leave the list. */
  private forgetFilled(side: SimSide): void {
    const quotes = side === "Buy" ? this.bids : this.asks;
    const best = this.core.bestTicks(this.index, side);
    for (let at = quotes.prices.length - 1; at >= 0; at--) {
      const price = quotes.prices[at] ?? 0;
      if (best !== 0 && (side === "Buy" ? price < best : price > best)) continue;
      if (this.core.houseLeft(this.index, quotes.handles[at] ?? 0) === 0) forget(quotes, at);
    }
  }

  /** A whole price of the side that does not cross the other side. */
  private outside(side: SimSide, priceTicks: number): number {
    const other = this.core.bestTicks(this.index, side === "Buy" ? "Sell" : "Buy");
    if (side === "Buy") {
      const price = Math.floor(priceTicks);
      return Math.max(1, other === 0 ? price : Math.min(price, other - 1));
    }
    return Math.max(Math.ceil(priceTicks), other + 1);
  }

  private gap(): number {
    return Math.max(1, Math.round(this.activity.gapTicks * (0.3 + 1.4 * this.prng.next())));
  }

  private levelSteps(): number {
    const usdt = this.activity.levelUsdt * 0.5 * Math.exp(0.9 * this.prng.normal());
    return Math.max(1, Math.round(usdt / this.valueOfStep()));
  }

  /** Value of one quantity step at the start price: sizes keep their scale while prices move. */
  private valueOfStep(): number {
    return this.stepUsdt;
  }
}

/** Removes one entry, order does not matter. */
function forget(quotes: Quotes, at: number): void {
  const last = quotes.handles.length - 1;
  quotes.handles[at] = quotes.handles[last] ?? 0;
  quotes.prices[at] = quotes.prices[last] ?? 0;
  quotes.handles.length = last;
  quotes.prices.length = last;
}
