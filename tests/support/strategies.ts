/** Setups of the registered strategies for tests: who trades, and with which numbers. */

import { STRATEGIES } from "../../src/strategy/registry.ts";
import type { StrategySetup } from "../../src/strategy/strategy.ts";
import {
  defaultsOf,
  type Money,
  type ParameterValues,
} from "../../src/strategy/strategy-parameters.ts";

/** Those named trade with their default numbers and what is said instead; the others are off. */
export function setupsOf(
  enabled: Readonly<Record<string, Partial<ParameterValues>>>,
  money: Money = "real",
): StrategySetup[] {
  return STRATEGIES.map((spec) => ({
    spec,
    isEnabled: spec.name in enabled,
    values: { ...defaultsOf(spec.parameters, money), ...enabled[spec.name] } as ParameterValues,
  }));
}
