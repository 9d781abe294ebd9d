/**
 * The traders of one contract: makers who hold a touch until the fair value has clearly left it,
 * noise takers in long one-sided runs, informed takers who sweep quotes that are about to be
 * pulled.
 *
 * The fair value walks all the time; the quotes follow in steps, so that prices stand for seconds
 * and queues mean something. Agents only use the matching engine's house path: queues, partial
 * fills and client orders in between are real. Nobody here reads a clock; an event at a time is a
 * function of the seed, the events before it and what the book holds.
 */
import { assert } from "../../kernel/assert.ts";
import type { Prng } from "../../kernel/prng.ts";
import type { ExchangeCore, SimSide } from "../core/api.ts";
import type { Activity } from "./catalogue.ts";
import type { MarketFactor } from "./factor.ts";
import { Quotes } from "./quotes.ts";

/** Own volatility reverts in about a minute: bursts of steps, then standing prices. */
const VOL_REVERSION_PER_S = 1 / 60;
/** Deviation of its logarithm; minus its square keeps the mean variance at one. */
const LOG_VOL_SPREAD = 1.1;
/** Excitement after a trade halves in about two seconds. */
const HEAT_DECAY_PER_S = 0.35;
const HEAT_MAX = 3;
/** Excitement that the usual number of trades sustains. */
const HEAT_USUAL = 0.3;
/** Orders a side never exceed this many times the wanted levels; the farthest leave first. */
const LEVELS_SLACK = 1.3;
/**
 * Longest gap that moves the fair value: after a suspension the price goes on, it does not leap.
 */
const FAIR_STEP_S_MAX = 60;

/**
 * Of the events that do not take: changes of the touch, then new orders behind it, then cancels.
 */
const TOUCH_SHARE = 0.35;
const ADD_SHARE = 0.35;
/** How often somebody sweeps a touch that makers are about to leave. */
const SWEEP_CHANCE = 0.4;
/** How often makers put a touch back that was traded away, instead of letting it go. */
const REPAIR_CHANCE = 0.85;
/** Orders that make up a fresh touch: a queue that can shrink in parts. */
const TOUCH_ORDERS = 3;
/** Trades are log-normal with this spread of the logarithm: the mean is about nine medians. */
const TRADE_SIZE_SPREAD = 2.2;
/** A taker who eats the whole touch moves the fair value by this share of the band. */
const IMPACT = 0.5;

export class SymbolAgents {
  readonly index: number;
  private readonly core: ExchangeCore;
  private readonly activity: Activity;
  private readonly prng: Prng;
  private readonly factor: MarketFactor;
  private readonly stepUsdt: number;
  private readonly bids: Quotes;
  private readonly asks: Quotes;
  private factorLevel: number;
  private logVol: number;
  private heat = 0;
  private runSide: SimSide = "Buy";
  private runLeft = 0;
  private atMs: number;
  /** Where makers want the best bid; the best ask follows at the usual spread. */
  private bidTicks: number;
  /** How far the fair value may go this time: drawn anew at every step, as makers differ. */
  private bandTicks: number;
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
    this.bidTicks = this.wantedBid();
    this.bandTicks = options.activity.bandTicks;
    this.bids = new Quotes(options.core, options.index, "Buy");
    this.asks = new Quotes(options.core, options.index, "Sell");
    this.factorLevel = options.factor.level;
    this.logVol = 0.4 * options.prng.normal();
    this.atMs = options.startAtMs;
  }

  /** Milliseconds until this contract's next event. */
  waitMs(): number {
    const pace = 0.75 + this.heat + 0.3 * this.factor.heat;
    return (1_000 * this.prng.exponential()) / (this.activity.eventsPerSecond * pace);
  }

  /** Fills an empty book on both sides of the fair value. */
  populate(): void {
    this.bidTicks = this.wantedBid();
    for (const quotes of [this.bids, this.asks]) {
      this.fillTouch(quotes);
      this.extend(quotes);
    }
  }

  /** One event of the contract at `atMs`: the fair value moves, makers follow or somebody acts. */
  act(atMs: number): void {
    this.moveFair(atMs);
    const middle = this.bidTicks + this.activity.spreadTicks / 2;
    if (Math.abs(this.fairTicks - middle) > this.bandTicks) this.followFair();
    else if (this.prng.next() < this.activity.takesPerSecond / this.activity.eventsPerSecond) {
      this.noiseTake();
    } else this.plainAction();
    this.hitStrangers();
    for (const quotes of [this.bids, this.asks]) {
      this.repair(quotes);
      if (quotes.count < this.activity.levels) this.extend(quotes);
      if (quotes.count > this.activity.levels * LEVELS_SLACK) quotes.dropFarthest();
    }
  }

  /** Takes every house order off, for a contract that ends. */
  withdraw(): void {
    this.bids.dropAll();
    this.asks.dropAll();
  }

  private get askTicks(): number {
    return this.bidTicks + this.activity.spreadTicks;
  }

  private wantedBid(): number {
    return Math.max(2, Math.round(this.fairTicks - this.activity.spreadTicks / 2));
  }

  private touchOf({ side }: Quotes): number {
    return side === "Buy" ? this.bidTicks : this.askTicks;
  }

  private moveFair(atMs: number): void {
    const elapsedS = Math.min(FAIR_STEP_S_MAX, Math.max(0, atMs - this.atMs) / 1_000);
    this.atMs = atMs;
    this.heat *= Math.exp(-HEAT_DECAY_PER_S * elapsedS);
    const reversion = Math.min(1, VOL_REVERSION_PER_S * elapsedS);
    const shock = LOG_VOL_SPREAD * Math.sqrt(2 * reversion) * this.prng.normal();
    this.logVol += shock - this.logVol * reversion;
    const vol = Math.exp(this.logVol - LOG_VOL_SPREAD ** 2) * this.factor.vol;
    const own = 0.6 * this.activity.sigma * vol;
    const common = this.activity.beta * (this.factor.level - this.factorLevel);
    this.factorLevel = this.factor.level;
    const change = own * Math.sqrt(elapsedS) * this.prng.normal() + common;
    this.fairTicks = Math.max(4, this.fairTicks * (1 + Math.max(-0.1, Math.min(0.1, change))));
    assert(Number.isFinite(this.fairTicks), "a fair value is a number");
  }

  /**
   * The fair value left the band: a taker may be faster than the makers, then the side in the way
   * is pulled, the side behind thins out, and both meet again around the new middle.
   */
  private followFair(): void {
    this.bandTicks = this.activity.bandTicks * (0.65 + 0.45 * this.prng.exponential());
    const before = this.bidTicks;
    const wanted = this.wantedBid();
    if (wanted === before) return;
    const [ahead, behind] = wanted > before ? [this.asks, this.bids] : [this.bids, this.asks];
    if (this.prng.next() < SWEEP_CHANCE) this.sweep(ahead);
    const left = this.touchOf(behind);
    this.bidTicks = wanted;
    ahead.dropNearer(this.touchOf(ahead));
    behind.dropAt(left, TOUCH_ORDERS * 2);
    behind.place(left, this.levelSteps());
    this.fillTouch(ahead);
    this.fillTouch(behind);
    this.fillBetween(behind, left);
  }

  /** Informed: takes a heavy-tailed part of a touch that will be gone in a moment. */
  private sweep(quotes: Quotes): void {
    const share = Math.min(1, 0.05 * Math.exp(this.prng.normal()));
    const steps = Math.max(1, Math.round(quotes.bestSteps * share), this.tradeSteps());
    const limit = quotes.side === "Buy" ? Math.ceil(this.fairTicks) : Math.floor(this.fairTicks);
    this.take(quotes, Math.max(1, limit), steps);
  }

  /** Levels between the new touch and the one that was left. */
  private fillBetween(quotes: Quotes, untilTicks: number): void {
    const sign = quotes.side === "Buy" ? -1 : 1;
    let price = this.touchOf(quotes) + sign * this.gap();
    for (let count = 0; count < this.activity.levels; count++) {
      if (!quotes.isNearer(price, untilTicks)) return;
      quotes.place(price, this.levelSteps());
      price += sign * this.gap();
    }
  }

  private plainAction(): void {
    const quotes = this.prng.next() < 0.5 ? this.bids : this.asks;
    const draw = this.prng.next();
    if (draw < TOUCH_SHARE) this.changeTouch(quotes);
    else if (draw < TOUCH_SHARE + ADD_SHARE) this.addBehind(quotes);
    else if (quotes.count > this.activity.levels / 2) {
      quotes.dropBehind(this.prng.int(quotes.count), this.touchOf(quotes));
    }
  }

  /** The queue at the touch breathes around its usual size. */
  private changeTouch(quotes: Quotes): void {
    const usual = this.activity.touchUsdt / this.stepUsdt;
    const isThin = quotes.bestSteps < usual * (0.5 + this.prng.next());
    if (isThin) quotes.place(this.touchOf(quotes), this.touchSteps());
    else quotes.dropAt(quotes.bestTicks, 1);
  }

  private addBehind(quotes: Quotes): void {
    const sign = quotes.side === "Buy" ? -1 : 1;
    const reach = this.prng.next() < 0.5 ? 6 : this.activity.levels / 2;
    const away = 1 + Math.round(this.activity.gapTicks * reach * this.prng.exponential());
    quotes.place(this.touchOf(quotes) + sign * away, this.levelSteps());
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
    const quotes = side === "Buy" ? this.asks : this.bids;
    const best = quotes.bestTicks;
    if (best === 0) return;
    const sign = side === "Buy" ? 1 : -1;
    const reach = Math.ceil(this.activity.spreadTicks + 2 * this.activity.gapTicks);
    const steps = this.tradeSteps();
    const eaten = Math.min(1, steps / Math.max(1, quotes.bestSteps));
    this.take(quotes, Math.max(1, best + sign * reach), steps);
    this.fairTicks += sign * IMPACT * eaten * this.activity.bandTicks;
  }

  private take(from: Quotes, limitTicks: number, steps: number): void {
    const side = from.side === "Buy" ? "Sell" : "Buy";
    this.core.housePlace(this.index, side, limitTicks, steps, "IOC");
    const usual = (HEAT_USUAL * HEAT_DECAY_PER_S) / this.activity.takesPerSecond;
    this.heat = Math.min(HEAT_MAX, this.heat + Math.min(HEAT_USUAL, usual));
    from.forgetFilled();
  }

  /**
   * What still stands between the makers' touches is a client's order at a bargain: it is taken.
   */
  private hitStrangers(): void {
    if (this.asks.bestTicks !== 0 && this.asks.bestTicks <= this.bidTicks) {
      this.take(this.asks, this.bidTicks, this.tradeSteps());
    } else if (this.bids.bestTicks >= this.askTicks) {
      this.take(this.bids, this.askTicks, this.tradeSteps());
    }
  }

  private repair(quotes: Quotes): void {
    const wanted = this.touchOf(quotes);
    const best = quotes.bestTicks;
    if (best !== 0 && !quotes.isNearer(wanted, best)) return;
    if (best === 0 || this.prng.next() < REPAIR_CHANCE) this.fillTouch(quotes);
  }

  private fillTouch(quotes: Quotes): void {
    const price = this.touchOf(quotes);
    for (let count = 0; count < TOUCH_ORDERS; count++) quotes.place(price, this.touchSteps());
  }

  /** New orders beyond the farthest one until there are as many as usual. */
  private extend(quotes: Quotes): void {
    const sign = quotes.side === "Buy" ? -1 : 1;
    let price = quotes.farthestTicks(this.touchOf(quotes));
    for (let missing = this.activity.levels - quotes.count; missing > 0; missing--) {
      price += sign * this.gap();
      quotes.place(price, this.levelSteps());
    }
  }

  private gap(): number {
    return Math.max(1, Math.round(this.activity.gapTicks * (0.3 + 1.4 * this.prng.next())));
  }

  private touchSteps(): number {
    return this.steps((this.activity.touchUsdt / TOUCH_ORDERS) * this.logNormal(0.5));
  }

  private levelSteps(): number {
    return this.steps(this.activity.levelUsdt * 0.7 * this.logNormal(0.9));
  }

  private tradeSteps(): number {
    return this.steps(this.activity.tradeUsdt * this.logNormal(TRADE_SIZE_SPREAD));
  }

  private logNormal(spread: number): number {
    return Math.exp(spread * Math.min(2.8, this.prng.normal()));
  }

  /** Valued at the start price: sizes keep their scale while prices move. */
  private steps(usdt: number): number {
    return Math.max(1, Math.round(usdt / this.stepUsdt));
  }
}
