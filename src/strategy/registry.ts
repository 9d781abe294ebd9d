/**
 * Every strategy there is. A new one is a file beside this one and a line here: client ids,
 * configuration, pages and recovery follow.
 *
 * The order breaks ties when symbols are shared out. A name never changes hands: orders of an
 * earlier run are recognised by it. Before a strategy is taken out of this list, stop the program,
 * which cancels its orders.
 */
import { maker } from "./maker.ts";
import { momentum } from "./momentum.ts";
import type { StrategySpec } from "./strategy.ts";

export const STRATEGIES: readonly StrategySpec[] = [maker, momentum];
