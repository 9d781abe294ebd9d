/**
 * What other risk limits would do at this moment, from the view alone: which working entries would
 * be taken back, and what would stop new ones.
 */
import { entriesAbove } from "../risk/limit-change.ts";
import { limitsAt, type RiskLimits } from "../risk/limits.ts";
import type { MonitorView } from "./view.ts";

interface Effect {
  /** Client ids of working entries. */
  readonly cancels: readonly string[];
  readonly denies: readonly string[];
}

/** The effect of `limits` on the account as the view has it. */
export function effectOf(view: MonitorView, limits: RiskLimits): Effect {
  const { equityText, dayLossUsdt, exposureUsdt } = view.account;
  const equityUsdt = equityText === "" ? null : Number(equityText) + Math.max(0, dayLossUsdt);
  const holds = limitsAt(limits, equityUsdt);
  const heldUsdt = new Map<string, number>();
  for (const { symbol, side, notionalText } of view.positions.values()) {
    if (side !== "flat") heldUsdt.set(symbol, Math.abs(Number(notionalText)));
  }
  const entries = [...view.openOrders.values()]
    .filter(({ purpose }) => purpose === "entry")
    .map(({ clientId: id, symbol, priceText, qtyText, filledText, createdAtMs }) => {
      const valueUsdt = Number(priceText) * Math.max(0, Number(qtyText) - Number(filledText));
      return { id, symbol, valueUsdt, createdAtMs };
    });
  const denies: string[] = [];
  const say = (used: number, max: number, what: string) => {
    if (used >= max) denies.push(`${what}: ${used.toFixed(2)} of ${max.toFixed(2)} USDT`);
  };
  say(dayLossUsdt, holds.dailyLossUsdtMax, "trading halts, loss of the day");
  say(
    view.risk?.drawdownUsdt ?? 0,
    holds.drawdownUsdtMax,
    "trading halts, fall from the day's best",
  );
  say(exposureUsdt, holds.totalExposureUsdtMax, "no entry, exposure of all symbols");
  return { cancels: entriesAbove(entries, heldUsdt, holds), denies };
}
