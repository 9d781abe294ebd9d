/**
 * What makers believe a contract is worth now: its path, the weather over it, what the last trades
 * told, and what clients hold.
 *
 * Some takers know the path a little ahead, so a trade tells where the price will go, and makers
 * move with the surprise in it (Glosten and Milgrom 1985; the propagator of Bouchaud, Gefen,
 * Potters and Wyart 2004, with the surprise of Lillo and Farmer 2004). The belief decays as the
 * path brings what the trade foretold. How much a trade tells is set so that a maker's spread just
 * pays for it: half spread and volatility per trade are one thing (Wyart, Bouchaud, Kockelkoren,
 * Potters and Vettorazzo 2008).
 *
 * What clients hold moves the price for good and in proportion (Kyle 1985); with a linear law no
 * round trip gains from its own impact (Huberman and Stanzl 2004). It is a function of the
 * position, so whoever bought and sold again has moved nothing.
 */
import { assert } from "../../kernel/assert.ts";
import type { Activity } from "./catalogue.ts";
import type { CoinPath, SharedPaths } from "./coin-path.ts";
import { type RegimeMemory, type Scenario, type Weather, weatherOf } from "./regime.ts";

/** Longest gap that the overlay is integrated over: after a suspension the price goes on. */
const STEP_S_MAX = 60;
/** Day deviations that holding a whole day's turnover would move the price. */
const PERMANENT_IMPACT = 8;
const DAY_S = 86_400;
/** How fast the public's forecast of the next trade's side follows. */
const SIGN_MEMORY = 0.25;

export class FairValue {
  readonly path: CoinPath;
  private readonly live: SharedPaths;
  private readonly ahead: SharedPaths;
  private readonly activity: Activity;
  private readonly index: number;
  private readonly scenario: Scenario;
  private readonly startTicks: number;
  private readonly atStart: number;
  /** Log return for good per USDT that clients hold. */
  private readonly heldPerUsdt: number;
  private atMs: number;
  private level: number;
  /** What weather, edges and liquidations added to the path's log price. */
  private added = 0;
  private readonly memory: RegimeMemory = { regime: null, atStart: 0 };
  /** Log return that the last trades foretold and that has not come yet. */
  private told = 0;
  private expectedSign = 0;
  weather: Readonly<Weather>;
  private known = 1;
  private knownAtMs = Number.NaN;

  constructor(options: {
    readonly path: CoinPath;
    readonly live: SharedPaths;
    readonly ahead: SharedPaths;
    readonly activity: Activity;
    readonly index: number;
    readonly scenario: Scenario;
    readonly startTicks: number;
    readonly startAtMs: number;
  }) {
    this.path = options.path;
    this.live = options.live;
    this.ahead = options.ahead;
    this.activity = options.activity;
    this.index = options.index;
    this.scenario = options.scenario;
    this.startTicks = options.startTicks;
    this.atMs = options.startAtMs;
    this.atStart = this.path.logAt(options.startAtMs, this.live);
    this.level = 0;
    this.weather = weatherOf(null, this.atMs, { sigma: 1, moved: 0 });
    const { turnover24hUsdt, sigma } = this.activity;
    this.heldPerUsdt = (PERMANENT_IMPACT * sigma * Math.sqrt(DAY_S)) / turnover24hUsdt;
  }

  /** Variance per second against the long mean, weather included. */
  get rate(): number {
    if (this.knownAtMs !== this.atMs) {
      this.knownAtMs = this.atMs;
      this.known = this.path.minuteRate(this.atMs, this.live) * this.weather.vol ** 2;
    }
    return this.known;
  }

  advance(atMs: number): void {
    const elapsedS = Math.min(STEP_S_MAX, Math.max(0, atMs - this.atMs) / 1_000);
    this.atMs = atMs;
    this.knownAtMs = Number.NaN;
    const level = this.path.logAt(atMs, this.live) - this.atStart;
    const { vol, driftPerS } = this.weather;
    if (vol !== 1) this.added += (vol - 1) * (level - this.level);
    this.added += driftPerS * elapsedS;
    this.level = level;
    if (this.told !== 0) this.told *= Math.exp((-2 * elapsedS) / this.activity.foresightS);
    if (this.memory.regime !== null || !this.scenario.isQuiet) this.look(atMs);
  }

  /** A move that no path foretold: an edge's, a liquidation's. Log return. */
  push(logReturn: number): void {
    this.added += logReturn;
  }

  /** Price in ticks without what trades told and clients hold: what other venues would show. */
  spotTicks(): number {
    return this.startTicks * Math.exp(this.level + this.added);
  }

  /** What makers quote around, in ticks, while clients hold `clientUsdt`, long positive. */
  ticks(clientUsdt: number): number {
    const held = this.heldPerUsdt * clientUsdt;
    const ticks = this.startTicks * Math.exp(this.level + this.added + this.told + held);
    assert(Number.isFinite(ticks), "a fair value is a number");
    return Math.max(4, ticks);
  }

  /** One deviation of the move in the time that informed takers see ahead. */
  get foreseeable(): number {
    return this.activity.sigma * Math.sqrt(this.rate * this.activity.foresightS);
  }

  /** What an informed taker knows beyond the quotes, in such deviations. */
  foresight(): number {
    const untilMs = this.atMs + 1_000 * this.activity.foresightS;
    const ahead = this.path.logAt(untilMs, this.ahead) - this.atStart - this.level;
    return (ahead * this.weather.vol - this.told) / this.foreseeable;
  }

  /** Makers see a trade: 1 for a buy, −1 for a sell, of a size against the usual one. */
  tell(sign: 1 | -1, size: number): void {
    const surprise = sign - this.expectedSign;
    this.told += this.activity.tellShare * this.foreseeable * surprise * Math.min(2, size);
    this.expectedSign += SIGN_MEMORY * (sign * this.activity.signMemory - this.expectedSign);
  }

  private look(atMs: number): void {
    const regime = this.scenario.regimeOf(this.index, atMs);
    if (regime !== this.memory.regime) {
      this.memory.regime = regime;
      this.memory.atStart = this.level + this.added;
    }
    const moved = this.level + this.added - this.memory.atStart;
    this.weather = weatherOf(regime, atMs, { sigma: this.activity.sigma, moved });
  }
}
