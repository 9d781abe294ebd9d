/**
 * The simulated venue's list of USDT perpetuals.
 *
 * A pure function of the seed: named coins first, then invented ones, with ticks, steps, limits,
 * funding intervals, leverage and risk tiers of the kinds that the real list shows. Text is kept as
 * the venue prints it: some ticks carry a trailing zero ("0.10"), and readers have to live with it.
 * Activity falls with the rank by a power law; everything else about liquidity follows from it.
 */
import { must } from "../../kernel/assert.ts";
import { gridOf, toNumber } from "../../kernel/decimal.ts";
import { type Prng, prngOf } from "../../kernel/prng.ts";
import type { SimInstrument, SimRiskTier } from "../core/api.ts";
import { type CoinSeed, inventedNames, namedCoins } from "./coins.ts";

/** Contracts whose price is more ticks than this have a tick of nothing: 0.1 bps. */
const FINE_PRICE_TICKS = 100_000;
/** Mean of the agents' trade sizes, in medians. */
const TRADE_MEAN_TO_MEDIAN = 9;

/** What the real list held when it was recorded, plus room: names end before this. */
export const SYMBOLS_MAX = 800;
/** Contracts announced but not trading yet, beyond the asked number of symbols. */
export const UPCOMING_COUNT = 2;

/** How a contract behaves in the market model. Rates are per second, values in USDT. */
export interface Activity {
  readonly rank: number;
  readonly startPrice: number;
  /** Standard deviation of the log price per √s. */
  readonly sigma: number;
  /** Loading on the common market factor. */
  readonly beta: number;
  /** Everything that agents do when nothing excites them, orders that take included. */
  readonly eventsPerSecond: number;
  readonly takesPerSecond: number;
  /** Median size of an order that takes. */
  readonly tradeUsdt: number;
  /** What usually waits at the best price, and at each price behind it. */
  readonly touchUsdt: number;
  readonly levelUsdt: number;
  readonly spreadTicks: number;
  /** How far the fair value leaves the middle of the quotes before makers follow it. */
  readonly bandTicks: number;
  readonly levels: number;
  /** Mean distance between neighbouring levels, in ticks. */
  readonly gapTicks: number;
  readonly turnover24hUsdt: number;
  readonly openInterestUsdt: number;
}

export interface Listing {
  readonly instrument: SimInstrument;
  readonly activity: Activity;
  readonly symbolId: number;
  readonly symbolType: "" | "innovation";
  readonly copyTrading: "both" | "none";
}

interface CatalogueOptions {
  readonly seed: string;
  readonly symbols: number;
  readonly nowMs: number;
}

/**
 * Lists `symbols` trading contracts and a few upcoming ones. Throws RangeError outside
 * 1…SYMBOLS_MAX.
 */
export function makeCatalogue(options: CatalogueOptions): Listing[] {
  const { seed, symbols } = options;
  if (!Number.isInteger(symbols) || symbols < 1 || symbols > SYMBOLS_MAX) {
    const wanted = `a whole number from 1 to ${SYMBOLS_MAX}`;
    throw new RangeError(`cannot list ${symbols} symbols: wanted ${wanted}`);
  }
  const root = prngOf(`${seed}/catalogue`);
  return coinsOf(symbols + UPCOMING_COUNT, root).map((coin, index) =>
    makeListing(coin, index, { ...options, prng: root.child(coin.base) }),
  );
}

function coinsOf(count: number, root: Prng): CoinSeed[] {
  const coins = namedCoins();
  const taken = new Set(coins.map((coin) => coin.base));
  for (const base of inventedNames()) {
    if (coins.length >= count) break;
    if (taken.has(base)) continue;
    taken.add(base);
    const price = 10 ** (root.child(`price/${base}`).next() * 4.2 - 3.4);
    coins.push({ base, price, tickText: null, stepText: null, launchYear: null });
  }
  return coins.slice(0, count);
}

interface ListingContext extends CatalogueOptions {
  readonly prng: Prng;
}

function makeListing(coin: CoinSeed, index: number, context: ListingContext): Listing {
  const { prng } = context;
  const tickText = coin.tickText ?? tickTextOf(coin.price, prng);
  const stepText = coin.stepText ?? stepTextOf(coin.price);
  const grids = { price: gridOf(tickText), qty: gridOf(stepText) };
  const startPrice = coin.price * (1 + (prng.next() - 0.5) * 0.04);
  const activity = activityOf(index, startPrice, toNumber(grids.price, 1), prng);
  const upcoming = index >= context.symbols;
  const leverage = leverageOf(index, prng);
  const [ratioX, ratioY] = priceLimitRatios(index);
  const limits = quantityLimits(startPrice, activity, toNumber(grids.qty, 1));
  const instrument: SimInstrument = {
    index,
    symbol: `${coin.base}USDT`,
    baseCoin: coin.base,
    quoteCoin: "USDT",
    settleCoin: "USDT",
    status: upcoming ? "PreLaunch" : "Trading",
    launchAtMs: launchAt(coin, upcoming, context),
    deliveryAtMs: 0,
    ...grids,
    minPriceTicks: 1,
    maxPriceTicks: 2 * 10 ** Math.ceil(Math.log10(startPrice / toNumber(grids.price, 1)) + 1) - 2,
    ...limits,
    minNotional: 5,
    maxLeverage: leverage,
    fundingIntervalMin: fundingIntervalOf(index, prng),
    fundingCap: index < 12 ? 0.005 : index < 60 ? 0.01 : prng.next() < 0.55 ? 0.02 : 0.025,
    priceLimitRatioX: ratioX,
    priceLimitRatioY: ratioY,
    riskTiers: riskTiers(leverage, activity),
  };
  return {
    instrument,
    activity,
    symbolId: index * 3 + 5,
    symbolType: index > 120 && prng.next() < 0.25 ? "innovation" : "",
    copyTrading: index < 300 || prng.next() < 0.3 ? "both" : "none",
  };
}

/**
 * A tick between 0.1 and 1 basis points of the price, every third one written with a trailing zero.
 */
function tickTextOf(price: number, prng: Prng): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(price) + 4));
  const text = decimals === 0 ? "1" : `0.${"0".repeat(decimals - 1)}1`;
  if (decimals === 0 || decimals > 9) return text;
  return prng.next() < 0.33 ? `${text}0` : text;
}

/** A step worth 0.2 to 2 USDT, as a power of ten. */
function stepTextOf(price: number): string {
  const exponent = Math.min(6, Math.max(-3, Math.floor(Math.log10(2 / price))));
  return exponent >= 0 ? `1${"0".repeat(exponent)}` : `0.${"0".repeat(-exponent - 1)}1`;
}

/**
 * Calibrated on a recorded quiet session: a touch of hundreds of thousands of USDT with almost
 * nothing behind it where the tick is fine (BTC), even levels where it is coarse (SOL, DOGE), small
 * trades with a heavy tail, prices that stand for seconds and then step.
 */
function activityOf(rank: number, startPrice: number, tick: number, prng: Prng): Activity {
  const quotesPerSecond = 40 * (rank + 1) ** -0.75;
  const takesPerSecond = 7.5 * (rank + 1) ** -0.6;
  const tradeUsdt = Math.max(100, 420 * (rank + 1) ** -0.5);
  const priceTicks = startPrice / tick;
  const spreadBps = rank < 12 ? 0 : Math.min(20, 1 + rank * 0.02) * (0.7 + prng.next() * 0.6);
  const spreadTicks = Math.max(1, Math.round((priceTicks * spreadBps) / 10_000));
  const busy = rank < 25;
  const isFine = busy && priceTicks > FINE_PRICE_TICKS;
  const touchUsdt = isFine ? 420_000 / (rank + 1) : Math.max(500, 190_000 * (rank + 1) ** -1.1);
  const annualVol = rank === 0 ? 0.32 : rank < 12 ? 0.5 : 0.6 + prng.next() * 0.5;
  const turnover24hUsdt = 86_400 * takesPerSecond * tradeUsdt * TRADE_MEAN_TO_MEDIAN;
  return {
    rank,
    startPrice,
    sigma: annualVol / Math.sqrt(365 * 86_400),
    beta: rank === 0 ? 1 : 0.8 + prng.next() * 0.7,
    eventsPerSecond: quotesPerSecond + takesPerSecond,
    takesPerSecond,
    tradeUsdt,
    touchUsdt,
    levelUsdt: isFine ? 3_000 : 0.5 * touchUsdt,
    spreadTicks,
    bandTicks: Math.max(0.8, 0.35 * spreadTicks, (priceTicks * (isFine ? 0.6 : 0)) / 10_000),
    levels: busy ? 140 + prng.int(30) : 36 + prng.int(14),
    gapTicks: busy ? 1.2 : Math.max(1, (priceTicks * (1 + rank * 0.006)) / 10_000),
    turnover24hUsdt,
    openInterestUsdt: turnover24hUsdt * (0.5 + 2 * prng.next()),
  };
}

/** Limits worth a few hundred levels of depth, on the step and rounded to two digits. */
function quantityLimits(price: number, activity: Activity, step: number) {
  const steps = (usdt: number): number => {
    const raw = Math.max(10, usdt / price / step);
    const scale = 10 ** Math.floor(Math.log10(raw) - 1);
    return Math.round(raw / scale) * Math.max(1, Math.round(scale));
  };
  const limitUsdt = Math.max(200_000, activity.touchUsdt * 240);
  return {
    minQtySteps: 1,
    maxLimitQtySteps: steps(limitUsdt),
    maxMarketQtySteps: steps(limitUsdt / 8),
  };
}

function launchAt(coin: CoinSeed, upcoming: boolean, { prng, nowMs }: ListingContext): number {
  if (upcoming) return Math.ceil(nowMs / 3_600_000) * 3_600_000 + (1 + prng.int(20)) * 3_600_000;
  const fromMs = Date.UTC(coin.launchYear ?? 2021, 2, 15);
  const untilMs = coin.launchYear === null ? Math.max(fromMs, nowMs - 30 * 86_400_000) : fromMs;
  const spreadMs = coin.launchYear === null ? untilMs - fromMs : 200 * 86_400_000;
  return Math.floor((fromMs + prng.next() * spreadMs) / 60_000) * 60_000;
}

function leverageOf(rank: number, prng: Prng): number {
  if (rank < 2) return 100;
  if (rank < 25) return 75;
  if (rank < 150) return 50;
  return must([25, 25, 20, 12.5][prng.int(4)], "a draw below four picks one of four");
}

function priceLimitRatios(rank: number): [number, number] {
  if (rank < 2) return [0.01, 0.02];
  if (rank < 60) return [0.05, 0.1];
  return rank < 250 ? [0.1, 0.2] : [0.15, 0.3];
}

function fundingIntervalOf(rank: number, prng: Prng): number {
  if (rank < 20) return 480;
  const draw = prng.next();
  return draw < 0.5 ? 240 : draw < 0.98 ? 480 : 60;
}

/**
 * Six tiers: each doubles the position cap and lowers the leverage. Deductions make the maintenance
 * margin continuous at the borders: d(k) = d(k-1) + cap(k-1) × (rate(k) - rate(k-1)).
 */
function riskTiers(maxLeverage: number, activity: Activity): SimRiskTier[] {
  const tiers: SimRiskTier[] = [];
  let limitUsdt = Math.max(20_000, Math.round((activity.touchUsdt * 5) / 10_000) * 10_000);
  let previous: SimRiskTier | null = null;
  for (let id = 1; id <= 6; id++) {
    const leverage: number =
      id === 1 ? maxLeverage : Math.max(1, Math.floor(maxLeverage / (1.6 * id)));
    const maintenanceRate = round6(0.5 / leverage);
    const deduction: number =
      previous === null
        ? 0
        : previous.mmDeductionUsdt +
          previous.limitUsdt * (maintenanceRate - previous.maintenanceRate);
    const tier: SimRiskTier = {
      id,
      limitUsdt,
      maintenanceRate,
      initialRate: round6(1 / leverage),
      maxLeverage: leverage,
      mmDeductionUsdt: round6(deduction),
    };
    tiers.push(tier);
    previous = tier;
    limitUsdt *= 2;
  }
  return tiers;
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
