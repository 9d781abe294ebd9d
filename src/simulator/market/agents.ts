/**
 * The traders of one contract: makers who hold a touch until the fair value has clearly left it,
 * takers in bursts, some of whom know where the price will go.
 *
 * The fair value walks all the time; the quotes follow in steps, so that prices stand for a while
 * and queues mean something. Spreads widen with volatility and after sweeps; inside a wide spread
 * makers undercut each other and whoever else improves. Agents only use the matching engine's house
 * path: queues, partial fills and client orders in between are real. Nobody here reads a clock; an
 * event at a time is a function of the seed, the events before it and what the book holds.
 */
import type { Prng } from "../../kernel/prng.ts";
import type { ExchangeCore, SimSide } from "../core/api.ts";
import type { Activity } from "./catalogue.ts";
import type { FairValue } from "./fair-value.ts";
import { Quotes } from "./quotes.ts";
import { type PlantedEdge, Signals } from "./regime.ts";
import { TakerClock } from "./taker-clock.ts";

/** Orders a side never exceed this many times the wanted levels; the farthest leave first. */
const LEVELS_SLACK = 1.3;

/**
 * Of what makers do: changes of the touch, then new orders behind it, then cancels. However busy a
 * book is, its touch was recorded to change three or four times a second.
 */
const TOUCH_SHARE = 0.35;
const TOUCH_CHANGES_PER_S = 3;
const ADD_SHARE = 0.54;
/** How often makers put a touch back at once that was traded away or left open. */
const REPAIR_CHANCE = 0.6;
/** How often a step of the quotes leaves the side behind open for a moment. */
const GAP_CHANCE = 0.35;
/** Where the spread is wider than this, a step rarely leaves one side open on top. */
const TIGHT_TICKS = 3;
/** Such a moment lasts so many of the makers' acts. */
const GAP_ACTS = 8;
/** How often a change of the touch, in a spread with room, is an undercut. */
const UNDERCUT_CHANCE = 0.25;
/** An undercut keeps at least this part of the half spread to the fair value. */
const UNDERCUT_ROOM = 0.55;
/** Orders that make up a fresh touch: a queue that can shrink in parts. */
const TOUCH_ORDERS = 3;
/** Orders are log-normal with this deviation of the logarithm, cut where they would be a crash. */
const TRADE_SIZE_SPREAD = 2.1;
const TRADE_SIZE_TAIL_MAX = 2.8;
/** Takers who send their order as one; the others cut it into a heavy-tailed number of pieces. */
const WHOLE_CHANCE = 0.62;
const PIECES_TAIL = 0.75;
const PIECES_MAX = 300;
/** A sweep that takes this many touches doubles the spread until it has decayed. */
const SHOCK_TOUCHES = 3;
const SHOCK_MAX = 5;
const SHOCK_DECAY_S = 2;
/** Spreads go with volatility to this power, between these multiples of the usual. */
const WIDENING_POWER = 0.32;
const WIDENING_LEAST = 0.75;
const WIDENING_MOST = 6;
/** Activity is slower than this. */
const ACTIVITY_READ_MS = 1_000;
/**
 * Touch of the side that a planted signal points to, against the usual touch or level, whichever is
 * more. Chance alone makes a touch some thirty times its usual size now and then: a signal is more.
 */
const SIGNAL_TOUCH = 100;
/** One of its orders is at least this many times as large; no other order is. */
const SIGNAL_LEAST = 10;

export class SymbolAgents {
  readonly index: number;
  readonly fair: FairValue;
  private readonly core: ExchangeCore;
  private readonly activity: Activity;
  private readonly prng: Prng;
  private readonly stepUsdt: number;
  private readonly bids: Quotes;
  private readonly asks: Quotes;
  private readonly sides: readonly [Quotes, Quotes];
  private readonly takers: TakerClock;
  private readonly signals: Signals;
  private edge: PlantedEdge | null = null;
  private runSide: SimSide = "Buy";
  private runLeft = 0;
  private shock = 0;
  /** Until when the side behind a step stands open. */
  private gapUntilMs = 0;
  private shockAtMs: number;
  /** How busy trading is against its mean; read anew every second. */
  private busy = 1;
  private busyUntilMs = 0;
  /** Bounds of the event rate since the last event: what the thinning is done against. */
  private boundPerS = 1;
  private atMs: number;
  /** Where makers want the touch. */
  private bidTicks = 1;
  private askTicks = 2;
  /** How far the fair value may go this time: drawn anew at every step, as makers differ. */
  private bandTicks: number;

  constructor(options: {
    readonly index: number;
    readonly core: ExchangeCore;
    readonly activity: Activity;
    readonly prng: Prng;
    readonly fair: FairValue;
    readonly stepUsdt: number;
    readonly startAtMs: number;
  }) {
    this.index = options.index;
    this.core = options.core;
    this.activity = options.activity;
    this.prng = options.prng;
    this.fair = options.fair;
    this.stepUsdt = options.stepUsdt;
    this.bandTicks = options.activity.bandTicks;
    this.bids = new Quotes(options.core, options.index, "Buy");
    this.asks = new Quotes(options.core, options.index, "Sell");
    this.sides = [this.bids, this.asks];
    this.takers = new TakerClock(options.activity.takesPerSecond, options.startAtMs);
    this.signals = new Signals(options.prng.child("signals"), options.startAtMs);
    this.shockAtMs = options.startAtMs;
    this.atMs = options.startAtMs;
    this.aim();
  }

  /** Milliseconds until this contract's next event. */
  waitMs(): number {
    const takesPerS = this.takers.rateAt(this.atMs, this.activityNow());
    this.boundPerS = this.quotesPerS() + takesPerS;
    return (1_000 * this.prng.exponential()) / this.boundPerS;
  }

  /** Fills an empty book on both sides of the fair value. */
  populate(): void {
    this.aim();
    for (const quotes of this.sides) {
      this.fillTouch(quotes);
      this.extend(quotes);
    }
  }

  /** One event of the contract at `atMs`: the fair value moves, makers follow or somebody acts. */
  act(atMs: number, edge: PlantedEdge | null): void {
    this.followEdge(edge, atMs);
    this.fair.advance(atMs);
    this.atMs = atMs;
    this.calm(atMs);
    const middle = (this.bidTicks + this.askTicks) / 2;
    const isAway = Math.abs(this.fairTicks() - middle) > this.bandTicks;
    const draw = this.prng.next() * this.boundPerS;
    const quotesPerS = this.quotesPerS();
    if (isAway) this.followFair();
    if (draw >= quotesPerS) {
      if (draw < quotesPerS + this.takers.rateAt(atMs, this.activityNow())) this.takerComes();
    } else if (!isAway) this.makerActs();
    this.hitStrangers();
    for (const quotes of this.sides) {
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

  /** Somebody has to close `usdt` at any price: a liquidation hits the book. Returns its steps. */
  forced(side: SimSide, usdt: number): number {
    const quotes = side === "Buy" ? this.asks : this.bids;
    const steps = this.steps(usdt);
    if (quotes.bestTicks !== 0) this.take(quotes, steps, 12);
    return steps;
  }

  /** What makers quote around, in ticks. */
  fairTicks(): number {
    return this.fair.ticks(this.core.clientNetSteps(this.index) * this.stepUsdt);
  }

  private activityNow(): number {
    if (this.atMs < this.busyUntilMs) return this.busy;
    this.busyUntilMs = this.atMs + ACTIVITY_READ_MS;
    const { path, rate, weather } = this.fair;
    this.busy = path.activity(this.atMs, rate) * weather.activity;
    return this.busy;
  }

  private quotesPerS(): number {
    return this.activity.quotesPerSecond * (0.6 + 0.4 * Math.min(4, this.fair.rate));
  }

  /** Where makers want both touches, for the fair value and the spread of the moment. */
  private aim(): void {
    const { activity, fair } = this;
    const wild = (fair.rate / 0.6) ** WIDENING_POWER * (1 + this.shock) * fair.weather.stress;
    const widening = Math.min(WIDENING_MOST, Math.max(WIDENING_LEAST, wild));
    const spreadTicks = Math.max(1, Math.round(activity.spreadTicks * widening));
    this.bidTicks = Math.max(2, Math.round(this.fairTicks() - spreadTicks / 2));
    this.askTicks = this.bidTicks + spreadTicks;
  }

  private touchOf({ side }: Quotes): number {
    return side === "Buy" ? this.bidTicks : this.askTicks;
  }

  private calm(atMs: number): void {
    if (this.shock === 0) return;
    this.shock *= Math.exp(-(atMs - this.shockAtMs) / 1_000 / SHOCK_DECAY_S);
    this.shockAtMs = atMs;
    if (this.shock < 0.05) this.shock = 0;
  }

  private followEdge(edge: PlantedEdge | null, atMs: number): void {
    this.edge = edge;
    if (edge === null) {
      this.signals.stop();
      return;
    }
    const before = this.signals.side;
    const share = this.signals.advance(edge, atMs);
    const { side } = this.signals;
    if (side !== before && before !== 0) this.withdrawSignal(before === 1 ? this.bids : this.asks);
    if (side !== before && side !== 0) this.showSignal(side === 1 ? this.bids : this.asks);
    this.fair.push(before * share * edge.bps * 1e-4);
  }

  /** A signal is the touch from its first moment: seen late, part of its move would be over. */
  private showSignal(quotes: Quotes): void {
    quotes.dropNearer(this.touchOf(quotes));
    this.fillTouch(quotes);
  }

  /** What stood for a signal goes with it: left behind, it would be a signal without a meaning. */
  private withdrawSignal(quotes: Quotes): void {
    const { touchUsdt, levelUsdt } = this.activity;
    quotes.dropLarger(this.steps(SIGNAL_LEAST * Math.max(touchUsdt, levelUsdt)));
  }

  /**
   * The fair value left the band: the side in the way is pulled, the side behind thins out, and
   * both meet again around the new middle, sometimes only after a moment.
   */
  private followFair(): void {
    this.bandTicks = this.activity.bandTicks * (0.65 + 0.45 * this.prng.exponential());
    const [bidBefore, askBefore] = [this.bidTicks, this.askTicks];
    this.aim();
    if (this.bidTicks === bidBefore && this.askTicks === askBefore) return;
    const rises = this.bidTicks + this.askTicks > bidBefore + askBefore;
    const [ahead, behind] = rises ? [this.asks, this.bids] : [this.bids, this.asks];
    const left = rises ? bidBefore : askBefore;
    ahead.dropNearer(this.touchOf(ahead));
    behind.dropNearer(this.touchOf(behind));
    behind.dropAt(left, TOUCH_ORDERS * 2);
    behind.place(left, this.levelSteps());
    this.fillTouch(ahead);
    const isTight = this.activity.spreadTicks < TIGHT_TICKS;
    if (this.prng.next() < (isTight ? GAP_CHANCE : GAP_CHANCE / 4)) {
      const acts = GAP_ACTS * this.prng.exponential();
      this.gapUntilMs = this.atMs + (1_000 * acts) / this.activity.quotesPerSecond;
      return;
    }
    this.fillTouch(behind);
    this.fillBetween(behind, left);
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

  private makerActs(): void {
    const quotes = this.prng.next() < 0.5 ? this.bids : this.asks;
    const draw = this.prng.next();
    const touchShare = Math.min(TOUCH_SHARE, TOUCH_CHANGES_PER_S / this.activity.quotesPerSecond);
    if (draw < touchShare) this.changeTouch(quotes);
    else if (draw < touchShare + (1 - touchShare) * ADD_SHARE) this.addBehind(quotes);
    else if (quotes.count > this.activity.levels / 2) {
      quotes.dropBehind(this.prng.int(quotes.count), this.touchOf(quotes));
    }
  }

  /** The queue at the touch breathes around its usual size; in a wide spread somebody undercuts. */
  private changeTouch(quotes: Quotes): void {
    if (this.askTicks - this.bidTicks > 2 && this.prng.next() < UNDERCUT_CHANCE) {
      this.undercut(quotes);
      return;
    }
    const usual = this.touchUsdt(quotes) / this.stepUsdt;
    const isThin = quotes.bestSteps < usual * (0.5 + this.prng.next());
    if (isThin) quotes.place(this.touchOf(quotes), this.touchSteps(quotes));
    else quotes.dropAt(quotes.bestTicks, 1);
  }

  /** A tick better than the best, whoever stands there, while that still pays. */
  private undercut(quotes: Quotes): void {
    const sign = quotes.side === "Buy" ? 1 : -1;
    const price = quotes.bestTicks + sign;
    const half = (this.askTicks - this.bidTicks) / 2;
    const room = sign * (this.fairTicks() - price);
    if (room > UNDERCUT_ROOM * half) quotes.place(price, this.touchSteps(quotes));
    else quotes.dropNearer(this.touchOf(quotes));
  }

  private addBehind(quotes: Quotes): void {
    const sign = quotes.side === "Buy" ? -1 : 1;
    const reach = this.prng.next() < 0.5 ? 6 : this.activity.levels / 2;
    const away = 1 + Math.round(this.activity.gapTicks * reach * this.prng.exponential());
    quotes.place(this.touchOf(quotes) + sign * away, this.levelSteps());
  }

  /**
   * A taker: with the price's future where he knows it, else in runs on one side with a
   * heavy-tailed length, as orders are cut into pieces over minutes. Who knows more trades more.
   */
  private takerComes(): void {
    this.takers.excite();
    const foresight = this.fair.foresight();
    const { informedShare } = this.activity;
    const isInformed = this.prng.next() < informedShare;
    const buys = isInformed
      ? this.prng.next() < 0.5 + 0.5 * Math.tanh(2 * foresight)
      : this.noiseSide() === "Buy";
    const keen = isInformed ? Math.min(2.5, 0.5 + Math.abs(foresight)) : 0.8;
    const size = keen * this.logNormal(TRADE_SIZE_SPREAD);
    const quotes = buys ? this.asks : this.bids;
    if (quotes.bestTicks === 0) return;
    this.take(quotes, this.steps(this.activity.tradeUsdt * this.sizeFactor() * size), 4);
    this.fair.tell(buys ? 1 : -1, 0.4 + 0.2 * Math.sqrt(size));
  }

  /** Trades grow in wild times, though less than they multiply. */
  private sizeFactor(): number {
    return Math.min(4, this.fair.rate ** 0.15);
  }

  private noiseSide(): SimSide {
    if (this.runLeft <= 0) {
      this.runSide = this.prng.next() < 0.5 ? "Buy" : "Sell";
      this.runLeft = Math.min(30, Math.floor((1 - this.prng.next()) ** -0.7));
    }
    this.runLeft--;
    return this.runSide;
  }

  /** Sends `steps` in pieces at one instant, as deep as `reach` times the usual gaps. */
  private take(from: Quotes, steps: number, reach: number): void {
    const side = from.side === "Buy" ? "Sell" : "Buy";
    const sign = side === "Buy" ? 1 : -1;
    const { activity } = this;
    const depth = Math.ceil(Math.max(2, activity.spreadTicks * 1.5) + reach * activity.gapTicks);
    const limit = Math.max(1, from.bestTicks + sign * depth);
    const touch = Math.max(1, from.bestSteps);
    const pieces = Math.min(this.pieces(), steps);
    let left = steps;
    for (let piece = pieces; piece > 0 && left > 0; piece--) {
      const even = left / piece;
      const part = piece === 1 ? left : Math.round(even * (0.3 + 1.4 * this.prng.next()));
      const sent = Math.min(left, Math.max(1, part));
      this.core.housePlace(this.index, {
        side,
        priceTicks: limit,
        qtySteps: sent,
        timeInForce: "IOC",
      });
      left -= sent;
    }
    this.shock = Math.min(SHOCK_MAX, this.shock + steps / touch / SHOCK_TOUCHES / 4);
    this.shockAtMs = this.atMs;
    from.forgetFilled();
  }

  private pieces(): number {
    if (this.prng.next() < WHOLE_CHANCE) return 1;
    const tail = (1 - this.prng.next()) ** (-1 / PIECES_TAIL);
    return Math.min(PIECES_MAX, 1 + Math.floor(tail));
  }

  /**
   * What still stands between the makers' touches is a client's order at a bargain: it is taken.
   */
  private hitStrangers(): void {
    const ask = this.asks.bestTicks;
    const bid = this.bids.bestTicks;
    if (ask !== 0 && ask <= this.bidTicks) this.hit(this.asks, this.bidTicks);
    else if (bid >= this.askTicks) this.hit(this.bids, this.askTicks);
  }

  private hit(from: Quotes, limitTicks: number): void {
    const side = from.side === "Buy" ? "Sell" : "Buy";
    const steps = this.steps(this.activity.tradeUsdt * this.logNormal(1));
    this.core.housePlace(this.index, {
      side,
      priceTicks: limitTicks,
      qtySteps: steps,
      timeInForce: "IOC",
    });
    from.forgetFilled();
  }

  private repair(quotes: Quotes): void {
    const wanted = this.touchOf(quotes);
    const best = quotes.bestTicks;
    if (best !== 0 && !quotes.isNearer(wanted, best)) return;
    if (best !== 0 && this.atMs < this.gapUntilMs) return;
    if (best === 0 || this.prng.next() < REPAIR_CHANCE) this.fillTouch(quotes);
  }

  private fillTouch(quotes: Quotes): void {
    const price = this.touchOf(quotes);
    for (let count = 0; count < TOUCH_ORDERS; count++) {
      quotes.place(price, this.touchSteps(quotes));
    }
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

  private touchUsdt({ side }: Quotes): number {
    const points = side === "Buy" ? 1 : -1;
    const { touchUsdt, levelUsdt } = this.activity;
    const isSignal = this.edge !== null && this.signals.side === points;
    const usdt = isSignal ? SIGNAL_TOUCH * Math.max(touchUsdt, levelUsdt) : touchUsdt;
    return usdt / this.fair.weather.stress;
  }

  private touchSteps(quotes: Quotes): number {
    return this.steps((this.touchUsdt(quotes) / TOUCH_ORDERS) * this.logNormal(0.5));
  }

  private levelSteps(): number {
    const usdt = (this.activity.levelUsdt * 0.7) / this.fair.weather.stress;
    return this.steps(usdt * this.logNormal(0.9));
  }

  private logNormal(spread: number): number {
    return Math.exp(spread * Math.min(TRADE_SIZE_TAIL_MAX, this.prng.normal()));
  }

  /** Valued at the start price: sizes keep their scale while prices move. */
  private steps(usdt: number): number {
    return Math.max(1, Math.round(usdt / this.stepUsdt));
  }
}
