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
import { type PathLaw, SECTORS } from "./coin-path.ts";
import { type CoinSeed, inventedNames, namedCoins } from "./coins.ts";

/** Contracts whose price is more ticks than this have a tick of nothing: 0.1 bps. */
const FINE_PRICE_TICKS = 100_000;
/** Mean of the agents' order sizes, in medians, their cut tail considered. Measured. */
const TRADE_MEAN_TO_MEDIAN = 8;

/** What the real list held when it was recorded, plus room: names end before this. */
export const SYMBOLS_MAX = 800;
/** Contracts announced but not trading yet, beyond the asked number of symbols. */
export const UPCOMING_COUNT = 2;

/** How a contract behaves in the market model. Rates are per second, values in USDT. */
export interface Activity extends PathLaw {
  readonly rank: number;
  readonly startPrice: number;
  /** What makers do when nothing excites them: changes of the touch, new orders, cancels. */
  readonly quotesPerSecond: number;
  readonly takesPerSecond: number;
  /** Median size of an order that takes; the mean is several times that. */
  readonly tradeUsdt: number;
  /** What usually waits at the best price, and at each price behind it. */
  readonly touchUsdt: number;
  readonly levelUsdt: number;
  /** Usual spread in ticks before rounding: below one where the tick is wider than makers want. */
  readonly spreadTicks: number;
  /** How far the fair value leaves the middle of the quotes before makers follow it. */
  readonly bandTicks: number;
  readonly levels: number;
  /** Mean distance between neighbouring levels, in ticks. */
  readonly gapTicks: number;
  readonly turnover24hUsdt: number;
  readonly openInterestUsdt: number;
  /** How far informed takers see ahead, and how sure their side is, 0 to 1. */
  readonly foresightS: number;
  readonly informedShare: number;
  /** Part of a foreseeable deviation that one usual trade moves the makers' belief. */
  readonly tellShare: number;
  /** How strongly a trade's side tells the next one's, 0 to 1: orders cut into pieces. */
  readonly signMemory: number;
  /** Distance from the index against an ordinary contract's. */
  readonly premiumSize: number;
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
    tickLot: 1,
    stepLot: 1,
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

/** Turnover a day of the most active contract, in USDT. */
const TURNOVER_TOP_USDT = 1.7e9;
/** Fee that a maker has to earn from the spread. */
const MAKER_FEE_BPS = 2;

/**
 * Calibrated on recordings (tests/bench/realism/bands.ts has them with sources): turnover by
 * rank, spreads log-normal across contracts and only loosely tied to the rank, depth nearly in
 * proportion to turnover, few large orders where turnover is large and many small ones elsewhere.
 * How far takers see ahead follows from the spread: a maker who earns it pays the rest of it to
 * them, and keeps about his fee.
 */
function activityOf(rank: number, startPrice: number, tick: number, prng: Prng): Activity {
  const priceTicks = startPrice / tick;
  const bpsOfTick = 10_000 / priceTicks;
  const busy = rank < BUSY_RANKS;
  const isFine = busy && priceTicks > FINE_PRICE_TICKS;
  const turnover = turnoverOf(rank, prng);
  const scale = turnover / TURNOVER_TOP_USDT;
  const law = lawOf(rank, prng);
  const spreadBps = Math.max(rank < 2 ? 0.3 * bpsOfTick : 0.6 * bpsOfTick, spreadOf(rank, prng));
  const perBpsUsdt = 760_000 * scale ** 1.25 + 150;
  const gapTicks = isFine ? 2.1 : busy ? 1.2 : Math.max(1, (1 + rank * 0.006) / bpsOfTick);
  const levelUsdt = Math.max(150, perBpsUsdt * gapTicks * bpsOfTick);
  const takesPerSecond = 1.64 * scale ** 0.4;
  const tradeMeanUsdt = turnover / 86_400 / takesPerSecond;
  return {
    ...law,
    ...tellingOf(spreadBps, law.sigma, takesPerSecond),
    rank,
    startPrice,
    quotesPerSecond: 65 * (rank + 1) ** -0.78,
    takesPerSecond,
    tradeUsdt: tradeMeanUsdt / TRADE_MEAN_TO_MEDIAN,
    touchUsdt: isFine ? 200_000 * scale ** 0.7 : 0.2 * levelUsdt,
    levelUsdt,
    spreadTicks: spreadBps / bpsOfTick,
    bandTicks: Math.max(0.8, (0.2 * spreadBps) / bpsOfTick, isFine ? 0.4 / bpsOfTick : 0),
    levels: busy ? 140 + prng.int(30) : 36 + prng.int(14),
    gapTicks,
    turnover24hUsdt: turnover,
    openInterestUsdt: turnover * 0.47 * Math.exp(0.75 * prng.normal()),
    premiumSize: rank < 2 ? 0.45 : rank < 12 ? 0.7 : 1,
  };
}

/** Recorded: 1,727 M, 514 M, 311 M; 157 M at rank 10, 17 M at 50, 6.4 M at 100, 1.1 M at 200. */
function turnoverOf(rank: number, prng: Prng): number {
  const place = rank + 1;
  const usual = TURNOVER_TOP_USDT * place ** -1.1 * Math.exp(-(place - 1) / 130) + 60_000;
  return rank === 0 ? usual : usual * Math.exp(0.25 * prng.normal());
}

/** Log-normal around 4.5 bps; the majors are a tick. Normal quantiles by the logistic law. */
function spreadOf(rank: number, prng: Prng): number {
  const draw = prng.normal();
  if (rank < 4) return 0;
  const place = (rank + 0.5) / SPREAD_RANKS;
  const quantile = Math.log(place / Math.max(0.001, 1 - place)) / 1.702;
  return Math.min(52, 4.5 * Math.exp(1.19 * (0.75 * quantile + 0.66 * draw)));
}

/** Ranks that the spreads' law is spread over: as many as the venue lists. */
const SPREAD_RANKS = 612;

function lawOf(rank: number, prng: Prng): PathLaw {
  const annual = rank === 0 ? 0.6 : rank === 1 ? 0.75 : 0.85 + 0.5 * prng.next();
  const market = rank === 0 ? 0.89 : rank === 1 ? 0.85 : 0.75 - 0.3 * Math.min(1, rank / 400);
  const kin = rank === 0 ? 0 : 0.35;
  return {
    sigma: annual / Math.sqrt(365 * 86_400),
    marketWeight: market,
    sectorWeight: kin,
    ownWeight: Math.sqrt(1 - market ** 2 - kin ** 2),
    sector: prng.int(SECTORS),
  };
}

/** See {@link FairValue}: what a trade tells is the half spread less what a maker has to keep. */
function tellingOf(spreadBps: number, sigma: number, takesPerSecond: number) {
  const half = spreadBps / 2;
  const informedShare = Math.min(0.85, 0.35 + half / 8);
  const paidBps = Math.max(0, half - 0.9 * MAKER_FEE_BPS);
  const foreseeableBps = paidBps / (TELL_SHARE * informedShare);
  const neededS = (foreseeableBps / (sigma * 10_000)) ** 2;
  return {
    informedShare,
    tellShare: TELL_SHARE * informedShare,
    foresightS: Math.min(FORESIGHT_S_MAX, Math.max(0.8 / takesPerSecond, neededS, 1)),
    signMemory: half < 1 ? 0.3 : 0.1,
  };
}

/** Mean move in a taker's direction, in foreseeable deviations and per certain taker. Measured. */
const TELL_SHARE = 0.6;
/** Beyond a few minutes it is not order flow that knows. */
const FORESIGHT_S_MAX = 240;
/** Contracts that are watched: deep books, long tapes. */
const BUSY_RANKS = 25;

/** Limits worth a few hundred levels of depth, on the step and rounded to two digits. */
function quantityLimits(price: number, activity: Activity, step: number) {
  const steps = (usdt: number): number => {
    const raw = Math.max(10, usdt / price / step);
    const scale = 10 ** Math.floor(Math.log10(raw) - 1);
    return Math.round(raw / scale) * Math.max(1, Math.round(scale));
  };
  const limitUsdt = Math.max(200_000, activity.touchUsdt * 480);
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
  let limitUsdt = Math.max(30_000, Math.round((activity.touchUsdt * 10) / 10_000) * 10_000);
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
