/**
 * Every feature there is. A new one is a file beside this one and a line here.
 *
 * The order is the order of columns and of schemas, and a part stands behind what it needs; new
 * parts go to the end, so that recorded schemas keep their order.
 */
import { assert } from "../kernel/assert.ts";
import { atrOn } from "./bar-atr.ts";
import { emaOn } from "./bar-ema.ts";
import { rsiOn } from "./bar-rsi.ts";
import { vwapOn } from "./bar-vwap.ts";
import { basis } from "./basis.ts";
import type { FeaturePart } from "./feature.ts";
import { flowWindows } from "./flow-windows.ts";
import { micropriceEdge } from "./microprice-edge.ts";
import { funding } from "./next-funding.ts";
import { orderFlow } from "./order-flow.ts";
import { realisedVolatility } from "./realised-volatility.ts";
import { returns } from "./returns.ts";
import { sinceTrade } from "./since-trade.ts";
import { topDepth } from "./top-depth.ts";
import { touch } from "./touch.ts";
import { tradeFlow } from "./trade-flow.ts";
import { tradeRate } from "./trade-rate.ts";
import { volatility } from "./volatility.ts";

const FEATURE_PARTS = [
  touch,
  volatility,
  tradeFlow,
  orderFlow,
  tradeRate,
  topDepth,
  micropriceEdge,
  returns,
  realisedVolatility,
  flowWindows,
  sinceTrade,
  funding,
  basis,
  emaOn("1m"),
  emaOn("5m"),
  atrOn("1m"),
  atrOn("5m"),
  rsiOn("1m"),
  rsiOn("5m"),
  vwapOn("1m"),
  vwapOn("5m"),
] as const;

/** The name of a feature, checked where it is written in code. */
export type FeatureName = (typeof FEATURE_PARTS)[number]["gives"][number]["name"];

/** All known names, in registry order. */
export const FEATURE_NAMES: readonly FeatureName[] = FEATURE_PARTS.flatMap((part) =>
  part.gives.map(({ name }) => name),
);

/** A name from outside (a configuration, a recorded schema). Throws with the known ones. */
export function featureNameOf(text: string): FeatureName {
  const name = FEATURE_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const known = FEATURE_NAMES.join(", ");
  throw new Error(`no feature is called "${text}"; the known ones are ${known}`);
}

/** The parts that compute these features, what they need included, in registry order. */
export function partsFor(names: readonly FeatureName[]): readonly FeaturePart<FeatureName>[] {
  const wanted = new Set<string>(names.map(featureNameOf));
  const all: readonly FeaturePart<FeatureName>[] = FEATURE_PARTS;
  const parts: FeaturePart<FeatureName>[] = [];
  // Backwards, as what a part needs stands before it.
  for (const part of [...all].reverse()) {
    if (part !== touch && !part.gives.some(({ name }) => wanted.has(name))) continue;
    parts.unshift(part);
    for (const name of part.needs) wanted.add(name);
  }
  const given = new Set<string>();
  for (const { gives, needs } of parts) {
    assert(
      needs.every((name) => given.has(name)),
      `${gives[0]?.name} stands behind what it needs in the registry`,
    );
    for (const { name } of gives) given.add(name);
  }
  return parts;
}
