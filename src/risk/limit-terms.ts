/**
 * What a person may write for each risk limit: title, unit, bounds, and which way it tightens. One
 * table for the settings, the API and the page; the reasons of the values stand in limits.ts.
 */
import { assert } from "../kernel/assert.ts";
import { DEFAULT_LIMITS, type RiskLimits } from "./limits.ts";

export type LimitName = keyof RiskLimits;

interface LimitTerms {
  readonly title: string;
  readonly unit: "USDT" | "%" | "bps" | "ms" | "count" | "times";
  readonly min: number;
  readonly max: number;
  /** What makes it stricter. A change the other way is loosening and wants a confirmation. */
  readonly tighter: "smaller" | "larger";
  /** Part of the engine's build: a change at run time is refused. */
  readonly isFixed?: true;
}

const usdt = (title: string, max: number): LimitTerms => ({
  title,
  unit: "USDT",
  min: 0,
  max,
  tighter: "smaller",
});
const pct = (title: string, max: number): LimitTerms => ({
  title,
  unit: "%",
  min: 0,
  max,
  tighter: "smaller",
});
const count = (title: string, max: number): LimitTerms => ({
  title,
  unit: "count",
  min: 1,
  max,
  tighter: "smaller",
});
const time = (title: string, tighter: LimitTerms["tighter"], min = 0): LimitTerms => ({
  title,
  unit: "ms",
  min,
  max: 86_400_000,
  tighter,
});
const bps = (title: string): LimitTerms => ({
  title,
  unit: "bps",
  min: 1,
  max: 10_000,
  tighter: "smaller",
});

/** Every limit, in the order in which it is shown. */
export const LIMIT_TERMS: Readonly<Record<LimitName, LimitTerms>> = {
  orderNotionalUsdtMax: usdt("One order", 1_000_000),
  orderEquityPctMax: pct("One order, share of equity", 1_000),
  symbolExposureUsdtMax: usdt("One symbol", 10_000_000),
  symbolEquityPctMax: pct("One symbol, share of equity", 1_000),
  totalExposureUsdtMax: usdt("All symbols", 100_000_000),
  totalEquityPctMax: pct("All symbols, share of equity", 10_000),
  leverageMax: { title: "Leverage", unit: "times", min: 1, max: 125, tighter: "smaller" },
  marginUsePctMax: pct("Initial margin, share of equity", 100),
  dailyLossUsdtMax: usdt("Loss of the day", 10_000_000),
  dailyLossEquityPctMax: pct("Loss of the day, share of equity", 100),
  drawdownUsdtMax: usdt("Fall from the day's best", 10_000_000),
  symbolLossUsdtMax: usdt("Loss of the day in one symbol", 10_000_000),
  strategyLossUsdtMax: usdt("Loss of the day of one strategy", 10_000_000),
  stopCooldownMs: time("Rest of a symbol after a stop-out", "larger"),
  stopOutsMax: count("Stop-outs within the window that rest the account", 1_000),
  stopOutWindowMs: time("Window of stop-outs", "larger", 1),
  stopOutPauseMs: time("Rest of the account after stop-outs", "larger"),
  symbolStreakMax: count("Losses in a row that rest a symbol", 1_000),
  accountStreakMax: count("Losses in a row that rest the account", 10_000),
  streakPauseMs: time("Rest after losses in a row", "larger"),
  liquidationBandBps: { ...bps("Mark price from a position's liquidation"), tighter: "larger" },
  correlatedExposureUsdtMax: usdt("Symbols that move together, one side", 100_000_000),
  correlationPctMin: pct("Correlation that counts as moving together", 100),
  fundingGuardMs: time("Time before a settlement in which it counts", "larger"),
  fundingSpreadPctMax: pct("Cost of a settlement, share of the spread", 1_000),
  delistingEntryMs: { ...time("No entry before a delisting", "larger"), max: 2_592_000_000 },
  delistingExitMs: { ...time("Closed before a delisting", "larger"), max: 2_592_000_000 },
  openOrdersMax: count("Live orders", 400),
  symbolOrdersMax: count("Live orders of one symbol", 20),
  priceBandBps: bps("Order price from the middle of the book"),
  markBandBps: bps("Middle of the book from the mark price"),
  bookAgeMsMax: time("Age of a book", "smaller", 1),
  orderRateMax: { ...count("Entries a second", 50), isFixed: true },
  exitRateMax: { ...count("Orders a second, exits included", 50), isFixed: true },
  orderRateWindowMs: { ...time("Window of the rates", "larger", 1), isFixed: true },
};

/** In the order in which they are shown. */
export const LIMIT_NAMES: readonly LimitName[] = Object.keys(LIMIT_TERMS).filter(isLimitName);

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

/** What a value of this limit must be: "a number of USDT from 0 to 1000000". */
export function limitAccepts(name: LimitName): string {
  const { unit, min, max } = LIMIT_TERMS[name];
  const counted = unit === "count" ? "" : ` of ${unit === "%" ? "percent" : unit}`;
  return `${isWhole(name) ? "a whole number" : "a number"}${counted} from ${min} to ${max}`;
}

/** Whether a limit may have that value. */
export function isLimitValue(name: LimitName, value: number): boolean {
  const { min, max } = LIMIT_TERMS[name];
  if (!Number.isFinite(value) || value < min || value > max) return false;
  return !isWhole(name) || Number.isSafeInteger(value);
}

const isWhole = (name: LimitName): boolean =>
  LIMIT_TERMS[name].unit === "count" || LIMIT_TERMS[name].unit === "ms";

/** A pair of limits that contradict each other; null when none do. */
export function contradictionIn(limits: RiskLimits): { name: LimitName; accepts: string } | null {
  const { orderNotionalUsdtMax, symbolExposureUsdtMax } = limits;
  if (orderNotionalUsdtMax <= symbolExposureUsdtMax) return null;
  const accepts = `at most the limit of one symbol, ${symbolExposureUsdtMax} USDT`;
  return { name: "orderNotionalUsdtMax", accepts };
}

/** Limits that differ, and which way each goes. */
export function differencesOf(
  before: RiskLimits,
  after: RiskLimits,
): readonly { readonly name: LimitName; readonly loosens: boolean }[] {
  return LIMIT_NAMES.filter((name) => before[name] !== after[name]).map((name) => {
    const isSmaller = after[name] < before[name];
    assert(isSmaller || after[name] > before[name], "limits are numbers that compare");
    return { name, loosens: isSmaller === (LIMIT_TERMS[name].tighter === "larger") };
  });
}

/** Limits with some of them replaced. Names, values and their harmony were checked before. */
export function withChanges(
  limits: RiskLimits,
  changes: Readonly<Record<string, number>>,
): RiskLimits {
  const next: Record<LimitName, number> = { ...limits };
  for (const [name, value] of Object.entries(changes)) {
    assert(isLimitName(name), "a change is of a limit that there is");
    assert(isLimitValue(name, value), "a limit is within its bounds");
    assert(LIMIT_TERMS[name].isFixed !== true, "what the engine is built on stays");
    next[name] = value;
  }
  assert(contradictionIn(next) === null, "no two limits contradict each other");
  return next;
}
