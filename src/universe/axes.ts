/**
 * A symbol on seven independent axes, each with the number that it was judged by. The table says of
 * each axis what it measures and by which rule, for pages and for reasons.
 */
import type { Instrument } from "../domain/instrument.ts";
import { DATA_BANDS, DATA_QUALITIES, type DataQuality, dataQualityOf } from "./data-axis.ts";
import {
  FUNDING_BANDS,
  FUNDING_PRESSURES,
  type FundingPressure,
  fundingBps8h,
  fundingPressureOf,
} from "./funding-axis.ts";
import { ageDays, LIFE_CYCLES, type LifeCycle, lifeCycleOf } from "./life-cycle-axis.ts";
import { LIQUIDITIES, type Liquidity, liquidityOf } from "./liquidity-axis.ts";
import { TICK_BANDS, TICK_SIZES, type TickSize, tickSizeOf } from "./tick-axis.ts";
import { TREND_BANDS, TRENDS, type Trend, trendOf } from "./trend-axis.ts";
import type { UniverseParameters } from "./universe-parameters.ts";
import {
  VOLATILITIES,
  VOLATILITY_BANDS,
  type Volatility,
  volatilityOf,
} from "./volatility-axis.ts";

interface Judged<Value extends string> {
  readonly value: Value;
  /** What it was judged by, in the axis's unit. */
  readonly number: number;
}

export interface Axes {
  readonly liquidity: Judged<Liquidity>;
  readonly volatility: Judged<Volatility>;
  readonly trend: Judged<Trend>;
  readonly life: Judged<LifeCycle>;
  readonly tick: Judged<TickSize>;
  readonly fundingPressure: Judged<FundingPressure>;
  readonly data: Judged<DataQuality>;
}
type AxisName = keyof Axes;

interface AxisTerms {
  readonly title: string;
  /** Stands behind the number. */
  readonly unit: string;
  readonly values: readonly string[];
  readonly rule: string;
}

const fromText = (values: readonly string[], from: readonly number[]): string =>
  from.map((begin, index) => `${values[index + 1]} from ${begin}`).join(", ");

/** In the order of pages. */
export const AXES: Readonly<Record<AxisName, AxisTerms>> = {
  liquidity: {
    title: "Liquidity",
    unit: "USDT in 24 h",
    values: LIQUIDITIES,
    rule: "turnover of 24 hours; a class is left 10 % below its border",
  },
  volatility: {
    title: "Volatility",
    unit: "bps in 1 s",
    values: VOLATILITIES,
    rule: `deviation of one-second returns: ${fromText(VOLATILITIES, VOLATILITY_BANDS.from)}; left 20 % below`,
  },
  trend: {
    title: "Trend",
    unit: "deviations",
    values: TRENDS,
    rule: `1 min average against 10 min, in deviations of a trendless price: from ${TREND_BANDS.from[0]}; left 30 % below`,
  },
  life: {
    title: "Life cycle",
    unit: "days listed",
    values: LIFE_CYCLES,
    rule: "the venue's status, the day of listing and the announced end",
  },
  tick: {
    title: "Tick",
    unit: "of the spread",
    values: TICK_SIZES,
    rule: `one tick as a share of the spread: ${fromText(TICK_SIZES, TICK_BANDS.from)}; left 20 % below`,
  },
  fundingPressure: {
    title: "Funding",
    unit: "bps in 8 h",
    values: FUNDING_PRESSURES,
    rule: `predicted rate: ${fromText(FUNDING_PRESSURES, FUNDING_BANDS.from)}; left 20 % below`,
  },
  data: {
    title: "Data",
    unit: "of looks good",
    values: DATA_QUALITIES,
    rule: `looks with a live, undisputed book: ${fromText(DATA_QUALITIES, DATA_BANDS.from)}; left 5 % below`,
  },
};

export const AXIS_NAMES: readonly AxisName[] = [
  "liquidity",
  "volatility",
  "trend",
  "life",
  "tick",
  "fundingPressure",
  "data",
];

/** What the axes are judged by. */
interface AxisFacts {
  readonly turnover24hUsdt: number;
  readonly volatilityBps: number;
  readonly trendDeviations: number;
  readonly tickOfSpread: number;
  /** A fraction, of the contract's own interval. */
  readonly fundingRate: number;
  readonly goodShare: number;
  readonly atMs: number;
}

/** The axes of a symbol now, given where it stood before; null when it stood nowhere yet. */
export function axesOf(
  instrument: Instrument,
  facts: AxisFacts,
  before: Axes | null,
  parameters: UniverseParameters,
): Axes {
  const { turnover24hUsdt, volatilityBps, trendDeviations, tickOfSpread, goodShare, atMs } = facts;
  const bps8h = fundingBps8h(facts.fundingRate, instrument.fundingIntervalMin);
  const was = <Name extends AxisName>(name: Name): Axes[Name]["value"] | null =>
    before === null ? null : before[name].value;
  return {
    liquidity: {
      value: liquidityOf(turnover24hUsdt, was("liquidity"), parameters),
      number: turnover24hUsdt,
    },
    volatility: { value: volatilityOf(volatilityBps, was("volatility")), number: volatilityBps },
    trend: { value: trendOf(trendDeviations, was("trend")), number: trendDeviations },
    life: { value: lifeCycleOf(instrument, atMs, parameters), number: ageDays(instrument, atMs) },
    tick: { value: tickSizeOf(tickOfSpread, was("tick")), number: tickOfSpread },
    fundingPressure: {
      value: fundingPressureOf(bps8h, was("fundingPressure")),
      number: bps8h,
    },
    data: { value: dataQualityOf(goodShare, was("data")), number: goodShare },
  };
}
