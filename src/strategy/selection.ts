/**
 * Which strategies a run trades, and with which numbers: the registry's own choice, or what two
 * texts of the configuration say instead.
 *
 * "maker,momentum" names strategies, "none" stands for none, and nothing for the registry's choice.
 * "maker.quoteNotionalUsdt=50,momentum.holdingMsMax=20000" overrides numbers by name. All problems
 * are reported at once.
 */

import type { StrategySetup, StrategySpec } from "./strategy.ts";
import {
  acceptsOf,
  defaultsOf,
  type Money,
  type ParameterValues,
  parameterIn,
} from "./strategy-parameters.ts";

interface SelectionProblem {
  /** Which of the two texts is wrong. */
  readonly text: "names" | "parameters";
  readonly found: string;
  readonly accepts: string;
}

interface Selection {
  /** Every registered strategy, in registry order. */
  readonly setups: readonly StrategySetup[];
  readonly problems: readonly SelectionProblem[];
}

/** Reads both texts against the registry. With problems the setups are not to be used. */
export function selectStrategies(
  registry: readonly StrategySpec[],
  texts: { readonly names: string; readonly parameters: string },
  money: Money,
): Selection {
  const problems: SelectionProblem[] = [];
  const names = namesIn(texts.names, registry, problems);
  const values = new Map(registry.map((spec) => [spec.name, defaultsOf(spec.parameters, money)]));
  for (const part of partsOf(texts.parameters)) override(part, { registry, values, problems });
  const setups = registry.map((spec) => ({
    spec,
    isEnabled: names === null ? runsByDefault(spec, money) : names.has(spec.name),
    values: values.get(spec.name) ?? {},
  }));
  return { setups, problems };
}

const partsOf = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function runsByDefault({ runsByDefault: where }: StrategySpec, money: Money): boolean {
  return where === "everywhere" || (where === "simulator" && money === "simulated");
}

/** Null when the registry is to choose. */
function namesIn(
  text: string,
  registry: readonly StrategySpec[],
  problems: SelectionProblem[],
): ReadonlySet<string> | null {
  const named = partsOf(text);
  if (named.length === 0) return null;
  if (named.length === 1 && named[0] === "none") return new Set();
  const known = registry.map(({ name }) => name);
  for (const name of named) {
    if (known.includes(name)) continue;
    const accepts = `names of strategies, which are ${known.join(", ")}, or none`;
    problems.push({ text: "names", found: `"${name}"`, accepts });
  }
  return new Set(named);
}

interface Overrides {
  readonly registry: readonly StrategySpec[];
  readonly values: Map<string, ParameterValues>;
  readonly problems: SelectionProblem[];
}

function override(part: string, { registry, values, problems }: Overrides): void {
  const refuse = (accepts: string) =>
    problems.push({ text: "parameters", found: `"${part}"`, accepts });
  const [, name = "", parameter = "", text = ""] = /^(\w+)\.(\w+)\s*=\s*(.+)$/.exec(part) ?? [];
  const spec = registry.find((known) => known.name === name);
  if (spec === undefined) {
    const known = registry.map((other) => other.name).join(", ");
    refuse(`strategy.parameter=number, where the strategy is one of ${known}`);
    return;
  }
  const terms = spec.parameters[parameter];
  if (terms === undefined || !Object.hasOwn(spec.parameters, parameter)) {
    refuse(`a parameter of ${name}, which are ${Object.keys(spec.parameters).join(", ")}`);
    return;
  }
  const value = parameterIn(text, terms);
  if (value === null) refuse(`${acceptsOf(terms)}: ${terms.reason}`);
  else values.set(name, { ...values.get(name), [parameter]: value });
}
