/**
 * The coarse class of a symbol that a person reads first: its place in life where that forbids
 * trading, else its liquidity. The finer view is on seven axes, see `axes.ts`.
 */
import type { Instrument } from "../domain/instrument.ts";
import { type Liquidity, liquidityOf } from "./liquidity-axis.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

export const CATEGORIES = ["major", "liquid", "mid", "thin", "new", "halted"] as const;
export type Category = (typeof CATEGORIES)[number];

/**
 * The class of an instrument; the first that fits in the order halted, new, then by turnover, with
 * the memory of the liquidity that it had before.
 */
export function categoryOf(
  instrument: Instrument,
  facts: {
    readonly turnover24hUsdt: number;
    readonly atMs: number;
    readonly before?: Liquidity | null;
  },
  parameters: UniverseParameters,
): Category {
  if (instrument.status !== "trading") return "halted";
  if (facts.atMs - instrument.launchAtMs < parameters.newForMs) return "new";
  return liquidityOf(facts.turnover24hUsdt, facts.before ?? null, parameters);
}

/** Classes that may be quoted. Thin, new and halted ones are watched only. */
export function isTradable(category: Category): boolean {
  return category === "major" || category === "liquid" || category === "mid";
}
