/**
 * What a contract is worth before anybody trades: the market's path, its sector's and its own.
 *
 * One factor model for past bars and the live market: log price = σ · (wF·F + wS·S + wO·O) of
 * independent cascades with weights whose squares add up to one. Two contracts correlate by wF·wF'
 * plus, in one sector, wS·wS'. Activity (trades, volume) follows volatility with a power below one
 * (Clark 1973; Tauchen and Pitts 1983: one arrival of news moves price and volume) and has a slow
 * noise of its own. The day's rhythm is the news': the paths walk in trading time, which runs
 * slower in the night, so that variance and volume rise and fall with the hour together. A month
 * of a recorded BTC perpetual shows both at 0.6 of their mean around 5 h and at 1.5 around 17 h.
 */
import { must } from "../../kernel/assert.ts";
import { Cascade, hashedNormal, keyOf, meanRatePower, RememberedCascade } from "./cascade.ts";

/** Layer ones, platforms, memes, finance, storage and so on: contracts that move together. */
export const SECTORS = 8;
/** How much of a coin's wild and quiet days is the market's. */
const OWN_SHARING = 0.7;
/** Volume goes with volatility to this power. */
const ACTIVITY_POWER = 0.75;
const ACTIVITY_SCALE = 1 / meanRatePower(ACTIVITY_POWER);
/** Part of trading that goes on without any news. */
const ACTIVITY_ALWAYS = 0.4;
/** Slow noise of activity: deviation of its logarithm, and how long it lasts. */
const ACTIVITY_NOISE = 0.2;
const ACTIVITY_NOISE_MS = 600_000;
/** How far a day's wildest hour is above its mean, and the hour (UTC) when it rises through it. */
const RHYTHM = 0.45;
const RHYTHM_HOUR = 11;
const DAY_MS = 86_400_000;

/** How a contract moves. Weights are of deviations; their squares add up to one. */
export interface PathLaw {
  /** Deviation of the log price per √s. */
  readonly sigma: number;
  readonly marketWeight: number;
  readonly sectorWeight: number;
  readonly ownWeight: number;
  readonly sector: number;
}

/**
 * The cascades that contracts share. One set a reader: each remembers where it was asked last.
 * Readers of history ask for the same instants contract by contract: theirs keep some answers.
 */
export class SharedPaths {
  readonly market: Cascade;
  readonly marketKey: number;
  private readonly sectors: readonly Cascade[];

  constructor(seed: string, reader: "live" | "history") {
    const kind = reader === "live" ? Cascade : RememberedCascade;
    this.marketKey = keyOf(`${seed}/market`);
    const { marketKey } = this;
    this.market = new kind({ key: marketKey, marketKey, sharing: 0 });
    this.sectors = Array.from(
      { length: SECTORS },
      (_, sector) =>
        new kind({ key: keyOf(`${seed}/sector/${sector}`), marketKey, sharing: OWN_SHARING }),
    );
  }

  sector(index: number): Cascade {
    return must(this.sectors[index], "a contract belongs to one of the sectors");
  }
}

export class CoinPath {
  readonly law: PathLaw;
  private readonly own: Cascade;
  private readonly key: number;

  constructor(law: PathLaw, symbol: string, seed: string, shared: SharedPaths) {
    this.law = law;
    this.key = keyOf(`${seed}/${symbol}`);
    const { marketKey } = shared;
    this.own = new Cascade({ key: this.key, marketKey, sharing: OWN_SHARING });
  }

  /** Log price at the instant, up to a constant. `shared` is the asker's own set. */
  logAt(calendarMs: number, shared: SharedPaths): number {
    const { sigma, marketWeight, sectorWeight, ownWeight, sector } = this.law;
    const atMs = tradingTime(calendarMs);
    const common = marketWeight * shared.market.at(atMs);
    const kin = sectorWeight === 0 ? 0 : sectorWeight * shared.sector(sector).at(atMs);
    return sigma * (common + kin + ownWeight * this.own.at(atMs));
  }

  /** Variance per second over about a minute against its long mean: 1 on average. */
  minuteRate(calendarMs: number, shared: SharedPaths): number {
    const atMs = tradingTime(calendarMs);
    const kin = this.law.sectorWeight === 0 ? 0 : shared.sector(this.law.sector).minuteRate(atMs);
    const rate = this.mixed(shared.market.minuteRate(atMs), kin, this.own.minuteRate(atMs));
    return rhythmOf(calendarMs) * rate;
  }

  /** The same over about an hour. */
  hourRate(calendarMs: number, shared: SharedPaths): number {
    const atMs = tradingTime(calendarMs);
    const kin = this.law.sectorWeight === 0 ? 0 : shared.sector(this.law.sector).hourRate(atMs);
    const rate = this.mixed(shared.market.hourRate(atMs), kin, this.own.hourRate(atMs));
    return rhythmOf(calendarMs) * rate;
  }

  private mixed(market: number, kin: number, own: number): number {
    const { marketWeight, sectorWeight, ownWeight } = this.law;
    return marketWeight ** 2 * market + sectorWeight ** 2 * kin + ownWeight ** 2 * own;
  }

  /** Trading against its daily mean at a variance rate, the hour's included: 1 on average. */
  activity(atMs: number, rate: number): number {
    const noise = ACTIVITY_NOISE * hashedNormal(this.key ^ 0x61637469, slotOf(atMs));
    const news = ACTIVITY_SCALE * rate ** ACTIVITY_POWER;
    return (
      (ACTIVITY_ALWAYS * rhythmOf(atMs) + (1 - ACTIVITY_ALWAYS) * news) *
      Math.exp(noise - ACTIVITY_NOISE ** 2 / 2)
    );
  }
}

function slotOf(atMs: number): number {
  return Math.floor(atMs / ACTIVITY_NOISE_MS);
}

/** The day of the crypto market: quiet in the European night, busy while New York is open. */
function rhythmOf(atMs: number): number {
  return 1 + RHYTHM * Math.sin(dayAngle(atMs));
}

/** The integral of the rhythm: as much news passes in it as in the calendar, day by day. */
function tradingTime(atMs: number): number {
  return atMs + ((RHYTHM * DAY_MS) / 2 / Math.PI) * (1 - Math.cos(dayAngle(atMs)));
}

function dayAngle(atMs: number): number {
  return ((atMs - RHYTHM_HOUR * 3_600_000) / DAY_MS) * 2 * Math.PI;
}
