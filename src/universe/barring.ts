/** Why a symbol may not be quoted whatever it scores, and the classes whose seats are counted. */
import type { Instrument } from "../domain/instrument.ts";
import type { Axes } from "./axes.ts";
import type { Category } from "./category.ts";
import type { Mark, SymbolWords } from "./operator-words.ts";
import type { SymbolProfile } from "./profile.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

interface Barred {
  readonly instrument: Instrument;
  readonly profile: SymbolProfile;
  readonly category: Category;
  readonly axes: Axes | null;
  readonly words: SymbolWords;
}

/** Why a symbol may not be quoted whatever its score; empty when it may. */
export function barOf(
  { words, category, instrument, axes, profile }: Barred,
  atMs: number,
  { turnoverUsdtThin, newForMs }: UniverseParameters,
): string {
  if (words.block !== null) return blockText(words.block);
  if (category === "halted") return `not trading, ${instrument.status}`;
  if (category === "new") {
    const days = (newForMs - (atMs - instrument.launchAtMs)) / 86_400_000;
    return `newly listed, for ${days.toFixed(1)} days more`;
  }
  if (category === "thin") {
    const millions = (usdt: number): string => (usdt / 1e6).toFixed(1);
    const { turnover24hUsdt } = profile;
    return `thin, ${millions(turnover24hUsdt)} M USDT in 24 h < ${millions(turnoverUsdtThin)}`;
  }
  if (axes?.life.value === "ending") return "the contract ends soon";
  if (axes?.data.value === "poor")
    return `data poor, ${(axes.data.number * 100).toFixed(0)} % good`;
  return "";
}

const blockText = ({ by, reason }: Mark): string => `blocked by ${by}: ${reason}`;

/** As in `classShareMax`. */
export const classesOf = ({ liquidity, volatility, trend, life, tick, data, ...axes }: Axes) => [
  `liquidity ${liquidity.value}`,
  `volatility ${volatility.value}`,
  `trend ${trend.value}`,
  `life ${life.value}`,
  `tick ${tick.value}`,
  `funding ${axes.fundingPressure.value}`,
  `data ${data.value}`,
];
