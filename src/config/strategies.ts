/** What the settings say about strategies, read against the registry. */
import { assert } from "../kernel/assert.ts";
import { STRATEGIES } from "../strategy/registry.ts";
import { selectStrategies } from "../strategy/selection.ts";
import type { StrategySetup } from "../strategy/strategy.ts";
import type { Money } from "../strategy/strategy-parameters.ts";
import type { Config } from "./settings.ts";

type StrategyConfig = Pick<Config, "strategies" | "strategyParameters">;

/** Every registered strategy as this configuration wants it. The texts were checked before. */
export function strategiesOf(config: StrategyConfig, money: Money): readonly StrategySetup[] {
  const { setups, problems } = selectStrategies(STRATEGIES, textsOf(config), money);
  assert(problems.length === 0, "strategy settings are used only after they were checked");
  return setups;
}

/** All that is wrong with the two settings; `names` say how the operator wrote each. */
export function strategyProblems(
  config: StrategyConfig,
  names: Readonly<Record<keyof StrategyConfig, string>>,
) {
  const { problems } = selectStrategies(STRATEGIES, textsOf(config), "real");
  return problems.map(({ text, found, accepts }) => {
    const name = text === "names" ? names.strategies : names.strategyParameters;
    return { name, found, accepts };
  });
}

const textsOf = ({ strategies, strategyParameters }: StrategyConfig) => ({
  names: strategies,
  parameters: strategyParameters,
});
