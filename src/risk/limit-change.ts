/**
 * What a change of limits does to orders that rest already: those that would stand above the new
 * limits are taken back, the youngest first, since the older ones have their places in the queues.
 */
import { assert } from "../kernel/assert.ts";
import type { RiskLimits } from "./limits.ts";

/** A working entry. */
interface RestingEntry<Id> {
  readonly id: Id;
  readonly symbol: string;
  /** Value of what it may still fill. */
  readonly valueUsdt: number;
  readonly createdAtMs: number;
}

/** Ids of the entries that stand above the limits, given what is held of each symbol in USDT. */
export function entriesAbove<Id>(
  entries: readonly RestingEntry<Id>[],
  heldUsdt: ReadonlyMap<string, number>,
  limits: Pick<
    RiskLimits,
    "orderNotionalUsdtMax" | "symbolExposureUsdtMax" | "totalExposureUsdtMax" | "openOrdersMax"
  >,
): readonly Id[] {
  const above: Id[] = [];
  const bySymbol = new Map(heldUsdt);
  let total = 0;
  let kept = 0;
  for (const usdt of heldUsdt.values()) total += usdt;
  const oldestFirst = [...entries].sort((left, right) => left.createdAtMs - right.createdAtMs);
  for (const { id, symbol, valueUsdt } of oldestFirst) {
    assert(valueUsdt >= 0, "an entry's value is not negative");
    const symbolUsdt = (bySymbol.get(symbol) ?? 0) + valueUsdt;
    const fits =
      valueUsdt <= limits.orderNotionalUsdtMax &&
      symbolUsdt <= limits.symbolExposureUsdtMax &&
      total + valueUsdt <= limits.totalExposureUsdtMax &&
      kept < limits.openOrdersMax;
    if (!fits) {
      above.push(id);
      continue;
    }
    bySymbol.set(symbol, symbolUsdt);
    total += valueUsdt;
    kept++;
  }
  return above;
}
