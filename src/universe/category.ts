/** Puts a symbol into one class by status, age, turnover: the coarse map a person reads first. */
import type { Instrument } from "../domain/instrument.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

export const CATEGORIES = ["major", "liquid", "mid", "thin", "new", "halted"] as const;
export type Category = (typeof CATEGORIES)[number];

/** The class of an instrument; the first that fits in the order halted, new, then by turnover. */
export function categoryOf(
  instrument: Instrument,
  facts: { readonly turnover24hUsdt: number; readonly atMs: number },
  parameters: UniverseParameters,
): Category {
  if (instrument.status !== "trading") return "halted";
  if (facts.atMs - instrument.launchAtMs < parameters.newForMs) return "new";
  if (facts.turnover24hUsdt >= parameters.turnoverUsdtMajor) return "major";
  if (facts.turnover24hUsdt >= parameters.turnoverUsdtLiquid) return "liquid";
  if (facts.turnover24hUsdt >= parameters.turnoverUsdtThin) return "mid";
  return "thin";
}

/** Classes that may be quoted. Thin, new and halted ones are watched only. */
export function isTradable(category: Category): boolean {
  return category === "major" || category === "liquid" || category === "mid";
}
