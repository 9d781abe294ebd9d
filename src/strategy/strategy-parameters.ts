/**
 * The numbers that a strategy is steered by, as data: each with unit, bounds and reason.
 *
 * A strategy declares them beside its code; defaults, overrides from the configuration, their
 * checks and the text of a problem follow from the declaration.
 */
import { assert, must } from "../kernel/assert.ts";
import type { RiskLimits } from "../risk/limits.ts";

/** What a parameter counts. Counts, ticks and times are whole numbers. */
type ParameterUnit = "USDT" | "bps" | "ms" | "ticks" | "share" | "count";

export interface ParameterSpec {
  readonly unit: ParameterUnit;
  readonly min: number;
  readonly max: number;
  /** The value for real money. */
  readonly default: number;
  /** The value on the simulator, whose money is there to be watched; the default when absent. */
  readonly simulator?: number;
  /** The risk limit that the value follows down: beyond it the gate would deny every order. */
  readonly limitedBy?: "orderNotionalUsdtMax" | "symbolExposureUsdtMax";
  readonly reason: string;
}

export type ParameterSpecs<Name extends string> = Readonly<Record<Name, ParameterSpec>>;
export type ParameterValues<Name extends string = string> = Readonly<Record<Name, number>>;

/** Whose money the values are for. */
export type Money = "real" | "simulated";

/** The declared values. */
export function defaultsOf<Name extends string>(
  specs: ParameterSpecs<Name>,
  money: Money,
): ParameterValues<Name> {
  return eachOf(specs, (spec) =>
    money === "real" ? spec.default : (spec.simulator ?? spec.default),
  );
}

/** Values as a strategy may use them: no size beyond the risk limit that would deny it. */
export function withinLimits<Name extends string>(
  specs: ParameterSpecs<Name>,
  values: ParameterValues,
  limits: RiskLimits,
): ParameterValues<Name> {
  return eachOf(specs, (spec, name) => {
    const value = must(values[name], `parameter ${name} has a value`);
    assert(value >= spec.min && value <= spec.max, `parameter ${name} is within its bounds`);
    return spec.limitedBy === undefined ? value : Math.min(value, limits[spec.limitedBy]);
  });
}

/** What a value must be, for problems and help: "a whole number of ms from 0 to 60000". */
export function acceptsOf({ unit, min, max }: ParameterSpec): string {
  const kind = isWhole(unit) ? "a whole number" : "a number";
  const counted = unit === "share" || unit === "count" ? "" : ` of ${unit}`;
  return `${kind}${counted} from ${min} to ${max}`;
}

/** The number that a text says; null when it is none that the parameter takes. */
export function parameterIn(text: string, { unit, min, max }: ParameterSpec): number | null {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return null;
  if (isWhole(unit) && !Number.isInteger(value)) return null;
  return value >= min && value <= max ? value : null;
}

const isWhole = (unit: ParameterUnit): boolean =>
  unit === "count" || unit === "ticks" || unit === "ms";

function eachOf<Name extends string>(
  specs: ParameterSpecs<Name>,
  pick: (spec: ParameterSpec, name: string) => number,
): ParameterValues<Name> {
  const values: Record<string, number> = {};
  for (const [name, spec] of Object.entries<ParameterSpec>(specs)) {
    values[name] = pick(spec, name);
  }
  assert(hasAll(values, specs), "every declared parameter has a value");
  return values;
}

function hasAll<Name extends string>(
  values: Readonly<Record<string, number>>,
  specs: ParameterSpecs<Name>,
): values is ParameterValues<Name> {
  return Object.keys(specs).every((name) => Number.isFinite(values[name]));
}
